//! The packed columns against plain SQL, and in step with what others do.

use super::chunk::ColumnRow;
use super::pack::{sealed, unsealed};
use super::refresh::columns_sql;
use super::*;
use crate::base::rng::Rng;
use crate::domain::{
    Cause, Conversation, ConversationId, Csat, DecisionChange, Outcome, Query, QueueOrder, Role, StepId, Timestamp,
    Turn, TurnKey,
};
use crate::store::{Access, Founding, OnDuplicate, PageStart, Result, Store};
use proptest::prelude::*;

const NOW: Timestamp = Timestamp(1_790_000_000_000);
const DAY: i64 = 86_400_000;

fn founding() -> Founding {
    Founding { seed: 1, test_share: 0.2, now: NOW }
}

/// A conversation with a bit of everything, and of nothing.
fn said(i: usize) -> Conversation {
    let mut rng = Rng::part(11, i as u64);
    let mut user = Turn::new(Role::User, ["where is my parcel", "refund please", "it broke again"][rng.below(3)]);
    user.intent = [None, Some("refund"), Some("Track order"), Some("other")][rng.below(4)].map(str::to_owned);
    user.confidence = (rng.below(3) > 0).then(|| rng.below(20) as f64 / 20.0);
    let bot = Turn { fallback: rng.below(6) == 0, ..Turn::new(Role::Bot, "I see.") };
    let mut c = Conversation::new("shop", format!("c{i}"), vec![user, bot]);
    c.outcome = Some(Outcome::ALL[rng.below(Outcome::ALL.len())]);
    c.csat = (rng.below(2) > 0).then(|| Csat { score: 1.0 + rng.below(5) as f64, max: 5.0, comment: None, at: None });
    c.sentiment = (rng.below(2) > 0).then(|| rng.below(21) as f64 / 10.0 - 1.0);
    c.channel = (rng.below(3) > 0).then(|| ["Web", "email"][rng.below(2)].to_owned());
    c.customer_id = (rng.below(2) > 0).then(|| format!("u{}", rng.below(9)));
    c.ended_at = (rng.below(8) > 0).then(|| Timestamp(NOW.0 - rng.below(20) as i64 * DAY));
    c
}

fn put(store: &mut Store, c: &Conversation) {
    let mut step: Option<StepId> = None;
    let hash = format!("{c:?}").into_bytes();
    store.immediate("test", |s| s.put(c, &hash, NOW, OnDuplicate::Update, &mut step)).unwrap();
}

fn decide(store: &mut Store, change: DecisionChange) {
    store.decide("ann", NOW, &[change]).unwrap();
}

/// 300 conversations, some of them decided on: three chunks and a bit.
fn fill(store: &mut Store) {
    (0..300).for_each(|i| put(store, &said(i)));
    let refund = store.find_intent("refund").unwrap().unwrap();
    for i in (1..300).step_by(7) {
        let id = ConversationId(i);
        decide(store, DecisionChange::intents(id, TurnKey(0), &[refund]));
        decide(store, DecisionChange::cause(id, Some(Cause::ALL[i as usize % Cause::ALL.len()])));
    }
    for i in (1..300).step_by(11) {
        decide(store, DecisionChange::sentiment(ConversationId(i), Some(-1.0)));
    }
    crate::store::tests::search_all(store);
}

fn filled() -> Store {
    let mut store = Store::in_memory(founding()).unwrap();
    fill(&mut store);
    store
}

/// Terms of queries, and what they mean in SQL over `conversation AS c`.
const TERMS: &[(&str, &str)] = &[
    ("outcome:failed,escalated", "c.outcome IN (2, 3)"),
    ("status:open", "c.review = 0"),
    ("cause:wrong_intent,policy", "c.cause IN (SELECT code FROM wanted_causes)"),
    ("logged:refund", "c.intent = (SELECT id FROM intent WHERE name = 'refund')"),
    ("logged:fallback,none", "(c.fallback = 1 OR c.intent IS NULL)"),
    (
        "intent:refund",
        "(SELECT id FROM intent WHERE name = 'refund') IS coalesce((SELECT CAST(value AS INTEGER) FROM current WHERE
        subject = c.id AND kind = 1 AND turn = c.first_turn), c.first_intent)",
    ),
    ("is:counted", "(c.traffic = 1 AND c.has_ai = 1 AND c.outcome BETWEEN 1 AND 4)"),
    ("label:refund", "c.label = (SELECT id FROM intent WHERE name = 'refund')"),
    ("suggested:none", "c.suggested IS NULL"),
    ("conf<0.6", "coalesce(c.suggested_confidence, c.confidence) < 0.6"),
    ("conf>=0.25", "coalesce(c.suggested_confidence, c.confidence) >= 0.25"),
    ("csat<=2", "c.csat <= 2"),
    ("csat=3", "c.csat = 3"),
    (
        "sentiment<0",
        "coalesce((SELECT CAST(value AS REAL) FROM current WHERE subject = c.id AND kind = 5 AND turn = -1), c.sentiment) < 0",
    ),
    ("felt<0", "c.sentiment < 0"),
    ("felt>=-0.5", "c.sentiment >= -0.5"),
    // Calendar days, the last of them that of the newest conversation, which is of now.
    ("since:5d", "c.last_at >= (20717 - 4) * 86400000"),
    ("before:3d", "(c.last_at > 0 AND c.last_at < (20717 - 2) * 86400000)"),
    ("since:100h", "c.last_at >= 1790000000000 - 100 * 3600000"),
    ("test:hidden", "c.part = 0"),
    ("test:only", "c.part > 0"),
    ("test:shown", "1"),
    ("channel:web", "c.channel IN (SELECT id FROM term WHERE kind = 2 AND text = 'Web')"),
    ("customer:u3,u4", "c.customer IN ('u3', 'u4')"),
    (
        "reviewer:ann",
        "c.id IN (SELECT subject FROM current WHERE kind < 20 AND reviewer = (SELECT id FROM reviewer WHERE name = 'ann'))",
    ),
    ("is:mismatch", "c.mismatch = 1"),
    ("parc", "c.id IN (SELECT rowid FROM search WHERE search MATCH 'parc*')"),
    ("\"refund please\"", "c.id IN (SELECT rowid FROM search WHERE search MATCH '\"refund please\"')"),
];

/// Keys of orders in SQL.
const KEYS: &[(&str, &str)] = &[
    ("value", "c.priority DESC"),
    ("newest", "c.last_at DESC"),
    ("oldest", "c.last_at ASC"),
    (
        "confidence",
        "coalesce(CASE WHEN c.suggested IS NULL AND c.fallback THEN 0 END, c.suggested_confidence, c.confidence, 9) ASC",
    ),
    ("outcome", "CASE c.outcome WHEN 3 THEN 0 WHEN 2 THEN 1 WHEN 4 THEN 2 WHEN 1 THEN 3 ELSE c.outcome END ASC"),
    ("-csat", "coalesce(c.csat, 9) DESC"),
    ("csat", "coalesce(c.csat, 9) ASC"),
    (
        "intent",
        "coalesce((SELECT name FROM intent WHERE id = coalesce((SELECT CAST(value AS INTEGER) FROM current WHERE
        subject = c.id AND kind = 1 AND turn = c.first_turn), c.first_intent)), 'zzz') ASC",
    ),
    ("status", "c.review ASC"),
];

fn by_sql(store: &Store, terms: &[(usize, bool)], keys: &[usize]) -> Vec<i64> {
    let mut clause = vec!["1".to_owned()];
    clause.extend(terms.iter().map(|&(t, no)| {
        let sql = TERMS[t].1;
        if no { format!("NOT coalesce({sql}, 0)") } else { sql.to_owned() }
    }));
    let last = if KEYS[keys[0]].1.ends_with("DESC") { "DESC" } else { "ASC" };
    let order: Vec<&str> = keys.iter().map(|&k| KEYS[k].1).collect();
    let causes = [Cause::WrongIntent, Cause::Policy].map(|c| format!("({})", c.code())).join(", ");
    let sql = format!(
        "WITH wanted_causes(code) AS (VALUES {causes}) SELECT c.id FROM conversation c WHERE {} ORDER BY {}, c.id {last}",
        clause.join(" AND "),
        order.join(", ")
    );
    store.ids(&sql, &[]).unwrap()
}

fn by_pages(store: &Store, query: &Query, sort: QueueOrder, size: usize) -> Vec<i64> {
    let (mut out, mut place) = (Vec::new(), PageStart::Start);
    loop {
        let page = store.queue_page(query, sort, place, size, NOW).unwrap();
        out.extend(page.rows.iter().map(|r| r.n.0));
        match page.rows.last() {
            Some(last) if page.after => place = PageStart::After(last.cursor),
            _ => return out,
        }
    }
}

fn by_pages_from_the_end(store: &Store, query: &Query, sort: QueueOrder, size: usize) -> Vec<i64> {
    let (mut out, mut place) = (Vec::new(), PageStart::End);
    loop {
        let page = store.queue_page(query, sort, place, size, NOW).unwrap();
        out.splice(0..0, page.rows.iter().map(|r| r.n.0));
        match page.rows.first() {
            Some(first) if page.before => place = PageStart::Before(first.cursor),
            _ => return out,
        }
    }
}

#[test]
fn any_query_in_any_order_is_what_sql_says() {
    let mut store = filled();
    store.pack(|| true).unwrap();
    // Changes of packed rows and new ones, for the columns that are read later.
    for i in [3, 140, 141, 299] {
        decide(&mut store, DecisionChange::sentiment(ConversationId(i), Some(0.5)));
        decide(&mut store, DecisionChange::cause(ConversationId(i), Some(Cause::Policy)));
    }
    (300..320).for_each(|i| put(&mut store, &said(i)));
    crate::store::tests::search_all(&store);
    let strategy = (
        proptest::collection::vec((0..TERMS.len(), any::<bool>()), 0..4),
        proptest::sample::subsequence((0..KEYS.len()).collect::<Vec<_>>(), 1..4).prop_shuffle(),
        1usize..400,
        any::<bool>(),
    );
    let by = |k: usize| KEYS[k].0.parse::<QueueOrder>().unwrap().first().by;
    proptest!(ProptestConfig::with_cases(300), |((terms, keys, size, afresh) in strategy)| {
        if afresh {
            // Only what this query reads comes into memory.
            store.forget_columns();
        }
        let mut kept: Vec<usize> = Vec::new();
        keys.into_iter().for_each(|k| if !kept.iter().any(|&have| by(have) == by(k)) { kept.push(k) });
        let sort: QueueOrder = kept.iter().map(|&k| KEYS[k].0).collect::<Vec<_>>().join(",").parse().unwrap();
        let text: Vec<String> = terms.iter().map(|&(t, no)| format!("{}{}", if no { "-" } else { "" }, TERMS[t].0)).collect();
        // Words side by side would be one term.
        let parse = |t: &String| Query::parse(t).unwrap().terms;
        let query = Query { terms: text.iter().flat_map(parse).collect() };
        let expected = by_sql(&store, &terms, &kept);
        prop_assert_eq!(store.queue_count(&query, NOW).unwrap() as usize, expected.len(), "{:?}", text);
        prop_assert_eq!(&by_pages(&store, &query, sort, size), &expected, "{:?} {}", text, sort);
        prop_assert_eq!(&by_pages_from_the_end(&store, &query, sort, size), &expected, "{:?} {}", text, sort);
    });
}

#[test]
fn relevance_puts_the_best_match_first_and_pages() {
    let mut store = Store::in_memory(founding()).unwrap();
    for i in 0..150 {
        let text = "parcel ".repeat(1 + i % 5) + &"word ".repeat(20);
        put(&mut store, &Conversation::new("shop", format!("c{i}"), vec![Turn::new(Role::User, text)]));
    }
    crate::store::tests::search_all(&store);
    let query = Query::parse("parcel").unwrap();
    let ids = by_pages(&store, &query, QueueOrder::RELEVANCE, 40);
    assert_eq!(ids.len(), 150);
    let said = |id: &i64| (id - 1) % 5 + 1;
    assert!(ids.iter().map(said).is_sorted_by(|a, b| a >= b), "{ids:?}");
    assert_eq!(
        by_pages(&store, &Query::default(), QueueOrder::RELEVANCE, 40).len(),
        150,
        "without words it is an order too"
    );
}

/// The columns as they are kept in step, and as they are read afresh.
fn agree(store: &Store) {
    let kept: Vec<ColumnRow> = rows(&store.columns(ColumnSet::ALL).unwrap());
    let mut fresh = PackedColumns::from_rows(store.last_change().unwrap());
    store.bring_up(&mut fresh, ColumnSet::ALL).unwrap();
    let bits = |rows: Vec<ColumnRow>| format!("{rows:?}");
    assert_eq!(bits(kept), bits(rows(&fresh)));
}

fn rows(columns: &PackedColumns) -> Vec<ColumnRow> {
    (1..=columns.len() as i64).filter_map(|id| columns.at(id).map(|(c, at)| c.row(at))).collect()
}

#[test]
fn what_others_do_is_taken_in() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let mut one = Store::open(&path, Access::Bulk, founding()).unwrap();
    let mut two = Store::open(&path, Access::ReadWrite, founding()).unwrap();
    assert!(one.catch_up().unwrap().is_empty());
    fill(&mut two);
    assert_eq!(one.catch_up().unwrap().new, 300);
    agree(&one);
    decide(&mut two, DecisionChange::cause(ConversationId(5), Some(Cause::Policy)));
    assert_eq!(one.catch_up().unwrap(), Changes { new: 0, changed: 1 });
    assert!(one.catch_up().unwrap().is_empty());
    two.columns(ColumnSet::ALL).unwrap();
    put(&mut one, &said(300));
    assert_eq!(two.catch_up().unwrap().new, 1);
    agree(&one);
    agree(&two);
}

#[test]
fn packed_columns_open_as_they_were_and_follow_what_came_after() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let mut one = Store::open(&path, Access::Bulk, founding()).unwrap();
    fill(&mut one);
    let watching = Store::open(&path, Access::ReadWrite, founding()).unwrap();
    watching.columns(ColumnSet::ALL).unwrap();
    decide(&mut one, DecisionChange::cause(ConversationId(8), Some(Cause::Tone)));
    one.pack(|| true).unwrap();
    assert_eq!(one.ids("SELECT count(*) FROM packed", &[]).unwrap(), [3]);
    assert_eq!(one.ids("SELECT count(*) FROM changed", &[]).unwrap(), [0]);
    // The log no longer holds what this one has not seen.
    agree(&watching);
    // Changes in two chunks, and new rows in the last one.
    decide(&mut one, DecisionChange::cause(ConversationId(9), Some(Cause::Tone)));
    decide(&mut one, DecisionChange::cause(ConversationId(200), Some(Cause::Tone)));
    (300..420).for_each(|i| put(&mut one, &said(i)));
    let two = Store::open(&path, Access::ReadWrite, founding()).unwrap();
    let from_segments = two.read_segments().unwrap();
    assert_eq!((from_segments.len, from_segments.unpacked), (300, 0));
    agree(&two);
    agree(&watching);
    one.pack(|| true).unwrap();
    assert_eq!(one.ids("SELECT count(*) FROM packed", &[]).unwrap(), [4]);
    agree(&Store::open(&path, Access::ReadOnly, founding()).unwrap());
    agree(&watching);
}

#[test]
fn who_packs_late_does_not_overwrite_who_packed_first() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let mut one = Store::open(&path, Access::Bulk, founding()).unwrap();
    fill(&mut one);
    let held = one.columns(ColumnSet::ALL).unwrap().seen;
    let mut two = Store::open(&path, Access::ReadWrite, founding()).unwrap();
    decide(&mut two, DecisionChange::cause(ConversationId(9), Some(Cause::Tone)));
    two.pack(|| true).unwrap();
    assert!(one.packed_later(held).unwrap(), "what `one` holds is older than what is stored");
    one.pack(|| true).unwrap();
    agree(&Store::open(&path, Access::ReadOnly, founding()).unwrap());
}

#[test]
fn columns_that_are_read_late_are_those_of_the_same_moment() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let mut one = Store::open(&path, Access::Bulk, founding()).unwrap();
    fill(&mut one);
    one.pack(|| true).unwrap();
    let two = Store::open(&path, Access::ReadWrite, founding()).unwrap();
    assert_eq!(
        two.columns(ColumnSet::of(&[PackedColumn::State])).unwrap().loaded,
        ColumnSet::of(&[PackedColumn::State])
    );
    decide(&mut one, DecisionChange::sentiment(ConversationId(7), Some(-0.5)));
    (300..400).for_each(|i| put(&mut one, &said(i)));
    two.catch_up().unwrap();
    agree(&two);
    // The segments are written anew between one column and the next.
    two.forget_columns();
    two.columns(ColumnSet::of(&[PackedColumn::Priority])).unwrap();
    decide(&mut one, DecisionChange::sentiment(ConversationId(8), Some(-0.5)));
    one.pack(|| true).unwrap();
    agree(&two);
    // New rows alone are in no log.
    two.forget_columns();
    two.columns(ColumnSet::of(&[PackedColumn::Priority])).unwrap();
    (400..410).for_each(|i| put(&mut one, &said(i)));
    one.pack(|| true).unwrap();
    agree(&two);
}

#[test]
fn damaged_segments_are_read_from_the_rows() {
    let mut store = filled();
    store.pack(|| true).unwrap();
    for damage in [
        "UPDATE segment SET data = x'00ff' WHERE id & 0xffffffff = 1",
        "DELETE FROM segment WHERE id & 0xffffffff = 2",
        "UPDATE packed SET rows = 77 WHERE segment = 0",
        "UPDATE packed SET rows = -1",
    ] {
        store.conn.execute(damage, []).unwrap();
        store.forget_columns();
        agree(&store);
    }
}

/// A bit of a column's bytes, of a mark, of a mark's sum: nothing counts wrong, and the next writing mends it.
#[test]
fn a_flipped_bit_is_noticed_and_mended() {
    let mut store = filled();
    store.pack(|| true).unwrap();
    let data: Vec<u8> =
        store.conn.query_row("SELECT data FROM segment WHERE id & 0xffffffff = 1", [], |r| r.get(0)).unwrap();
    for bit in (0..data.len() * 8).step_by(11) {
        let mut flipped = data.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(unsealed(1, &sealed(1, data.clone())).is_some() && unsealed(1, &flipped).is_none(), "bit {bit}");
    }
    for damage in [
        "UPDATE segment SET data = CAST(replace(substr(data, 1, 40), x'00', x'01') || substr(data, 41) AS BLOB) WHERE id & 0xffffffff = 0",
        "UPDATE segment SET data = (SELECT data FROM segment s WHERE s.id = segment.id + 1) WHERE id & 0xffffffff = 0",
        "UPDATE packed SET seq = seq | 1 << 40",
        "UPDATE packed SET rows = rows - 1 WHERE segment = 2",
        "UPDATE packed SET sum = sum + 1 WHERE segment = 1",
        "INSERT INTO packed VALUES (9, 1, 1, 1)",
    ] {
        assert!(store.conn.execute(damage, []).unwrap() > 0);
        store.forget_columns();
        agree(&store);
        store.forget_columns();
        store.columns(ColumnSet::ALL).unwrap();
        store.pack(|| true).unwrap();
        let mut mended = store.read_segments().unwrap();
        assert!(mended.from.segments > 0 && store.load(&mut mended, ColumnSet::ALL).unwrap(), "{damage}");
        agree(&store);
    }
}

/// Below the size of a segment nothing is packed; the log of changes stays short all the same (and nobody misses a change).
#[test]
fn the_log_of_changes_stays_short_in_a_small_store() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let mut one = Store::open(&path, Access::Bulk, founding()).unwrap();
    fill(&mut one);
    let watching = Store::open(&path, Access::ReadWrite, founding()).unwrap();
    watching.columns(ColumnSet::ALL).unwrap();
    let change = |sql: &str, times: usize| (0..times).for_each(|_| assert!(one.conn.execute(sql, []).unwrap() > 0));
    change("UPDATE conversation SET cause = 3", 120);
    assert_eq!(one.trim_changes().unwrap(), 0, "36,000 may stay");
    change("UPDATE conversation SET cause = cause + 1", 100);
    assert!(one.trim_changes().unwrap() > 40_000);
    let left = one.ids("SELECT count(*) FROM changed", &[]).unwrap()[0];
    assert!((20_000..21_000).contains(&left), "{left}");
    agree(&watching);
    agree(&one);
}

#[test]
fn what_a_roll_back_takes_away_is_not_kept() {
    let store = filled();
    let before = format!("{:?}", rows(&store.columns(ColumnSet::ALL).unwrap()));
    let failed: Result<()> = store.immediate("test", |s| {
        s.conn.execute("UPDATE conversation SET cause = 3", []).unwrap();
        s.columns(ColumnSet::ALL).unwrap();
        Err(crate::store::StoreError::refused("no"))
    });
    assert!(failed.is_err());
    assert_eq!(format!("{:?}", rows(&store.columns(ColumnSet::ALL).unwrap())), before);
}

#[test]
fn no_hot_statement_scans_the_store() {
    let store = filled();
    let statements = [
        columns_sql("c.id = ?"),
        columns_sql("c.id > ? ORDER BY c.id"),
        "SELECT DISTINCT conversation FROM changed WHERE seq > ? AND seq <= ?".to_owned(),
        crate::store::queue::page::ROWS_SQL.to_owned(),
        crate::store::queue::filter::CUSTOMER_SQL.to_owned(),
        crate::store::queue::filter::REVIEWER_SQL.to_owned(),
        crate::store::queue::filter::CYCLE_SQL.to_owned(),
        crate::store::queue::filter::GOLD_SQL.to_owned(),
        "SELECT subject FROM current WHERE kind = ?".to_owned(),
    ];
    for sql in statements {
        let mut s = store.conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let none = vec![rusqlite::types::Null; s.parameter_count()];
        let steps: Vec<String> =
            s.query_map(rusqlite::params_from_iter(none), |r| r.get(3)).unwrap().map(|s| s.unwrap()).collect();
        let scans =
            |step: &&String| step.starts_with("SCAN") && !step.contains("VIRTUAL TABLE") && !step.contains("CONSTANT");
        assert_eq!(steps.iter().find(scans), None, "{sql}\n{steps:#?}");
    }
}
