use super::*;
use crate::domain::{
    Cause, Conversation, DecisionChange, Outcome, PatternView, Query, QueueOrder, Role, SilentReporter, Turn,
};
use crate::learn::vectors::table::VectorTable;
use crate::store::{Founding, OnDuplicate, PageStart, PatternLine, PatternPage};

const NOW: Timestamp = Timestamp(1_790_000_000_000);
const DAY: i64 = 24 * 3_600_000;

struct Made {
    store: Store,
    n: i64,
    /// Whether conversations have no times.
    timeless: bool,
}

impl Made {
    fn new() -> Self {
        Self::founded(1, 0.2)
    }

    fn founded(seed: u64, test_share: f64) -> Self {
        Self { store: Store::in_memory(Founding { seed, test_share, now: NOW }).unwrap(), n: 0, timeless: false }
    }

    /// A conversation that ended so many days ago, with an intent of the log for each of the customer's turns.
    fn add(&mut self, days: i64, outcome: Outcome, turns: &[(Role, &str)], intent: Option<&str>) {
        self.n += 1;
        let made = turns.iter().map(|(role, text)| {
            let mut turn = Turn::new(*role, *text);
            turn.intent = intent.filter(|_| *role == Role::User).map(str::to_owned);
            turn.confidence = turn.intent.as_ref().map(|_| 0.9);
            if *role == Role::System {
                turn.event = Some("handoff".to_owned());
            }
            if *role == Role::Tool {
                turn.name = Some(format!("get_{}", intent.unwrap_or("it")));
            }
            turn
        });
        let mut c = Conversation::new("shop", self.n.to_string(), made.collect());
        c.outcome = Some(outcome);
        c.customer_id = Some(format!("u{}", self.n));
        c.started_at = (!self.timeless).then(|| NOW.plus(-days * DAY - self.n * 1_000));
        let hash = self.n.to_le_bytes();
        self.store.immediate("test", |s| s.put(&c, &hash, NOW, OnDuplicate::Update, &mut None)).unwrap();
    }

    fn find(&self) -> PatternPage {
        let table = VectorTable::built_in();
        find_patterns(&self.store, Some(&*table), NOW, 1, &SilentReporter).unwrap();
        self.page(PatternView::Failed)
    }

    fn page(&self, view: PatternView) -> PatternPage {
        self.store.figures().patterns(view, 28, NOW).unwrap()
    }
}

use Role::{Bot, System, Tool, User};

const NOTHING: &str = "I am sorry, I have no information about that.";

fn made() -> Made {
    filled(Made::new())
}

fn filled(mut made: Made) -> Made {
    for i in 0..12 {
        let intent = ["pets", "groups", "lost"][i % 3];
        made.add(3, Outcome::Failed, &[(User, &format!("what about {intent} {i}")), (Bot, NOTHING)], Some(intent));
        let failed = "Error: 503 from the system";
        let turns = [(User, "where is my parcel"), (Tool, failed), (Bot, "Sorry, I cannot look it up at the moment")];
        made.add(3, Outcome::Failed, &turns, Some(["parcel", "booking"][i % 2]));
        let turns = [(User, "I want to talk to a human"), (Bot, "I connect you with a colleague now"), (System, "")];
        made.add(40, Outcome::Escalated, &turns, Some("person"));
        made.add(3, Outcome::Escalated, &turns, Some("person"));
        made.add(
            2,
            Outcome::Resolved,
            &[(User, "opening hours please"), (Bot, "We open at nine, until five.")],
            Some("hours"),
        );
    }
    for i in 0..6 {
        let turns = [
            (User, format!("my invoice number {i} is wrong")),
            (Bot, format!("Thank you for invoice {}, all is well", i * i)),
        ];
        made.add(1, Outcome::Failed, &[(turns[0].0, &turns[0].1), (turns[1].0, &turns[1].1)], Some("invoice"));
    }
    made
}

fn named<'a>(page: &'a PatternPage, name: &str) -> &'a PatternLine {
    page.lines.iter().find(|l| l.name.starts_with(name)).unwrap_or_else(|| panic!("no {name} in {:#?}", page.lines))
}

#[test]
fn failures_that_have_something_in_common_are_told_apart_by_what_it_is() {
    let made = made();
    let page = made.find();
    assert_eq!(page.whole.1, 42);
    let answer = named(&page, "“I am sorry, I have no information");
    assert_eq!(
        (answer.n, answer.kind, answer.repaired_by),
        (12, Some(PatternKind::NonAnswer), Some("content writers"))
    );
    let tool = named(&page, "“Error: 503");
    assert_eq!((tool.n, tool.kind, tool.repaired_by), (12, Some(PatternKind::Tool), Some("engineering")));
    let person = named(&page, "asked for a person at once");
    assert_eq!((person.n, person.before, person.new), (12, Some(12), false));
    assert!(answer.new && answer.before == Some(0));
    assert_eq!(named(&page, "“Thank you for invoice").n, 6);
    assert_eq!(page.lines.iter().map(|l| l.n).sum::<u64>(), page.whole.1);
}

#[test]
fn what_was_rightly_handed_over_stands_below_the_failures_and_hand_overs_add_up() {
    let mut made = made();
    let page = made.find();
    let right: Vec<bool> = page.lines.iter().map(|l| l.is_right()).collect();
    assert_eq!(right.iter().filter(|r| **r).count(), 1, "{:#?}", page.lines);
    assert!(page.lines.iter().skip_while(|l| !l.is_right()).skip(1).all(|l| l.kind.is_none()), "{:#?}", page.lines);
    let handed = Query::parse(&named(&page, "asked for a person at once").query).unwrap();
    let rows = made.store.queue_page(&handed, QueueOrder::NEWEST, PageStart::Start, 3, NOW).unwrap().rows;
    for (row, cause) in rows.iter().zip([Cause::RightHandover, Cause::RightHandover, Cause::Policy]) {
        made.store.decide("maria", NOW, &[DecisionChange::cause(row.n, Some(cause))]).unwrap();
    }
    let handovers = made.page(PatternView::Handovers);
    let told: Vec<(&str, u64)> = handovers.lines.iter().map(|l| (l.name.as_str(), l.n)).collect();
    let expected = [
        ("right: reviewers say so", 2),
        ("avoidable by others: policy", 1),
        ("not reviewed: a person was asked for at once", 9),
    ];
    assert_eq!(told, expected);
    assert_eq!(told.iter().map(|t| t.1).sum::<u64>(), handovers.whole.1);
    // It failed for no cause, and the list of causes says where it went.
    let causes = made.page(PatternView::Causes);
    assert_eq!((causes.whole.1, causes.lines.len()), (1, 1), "{causes:#?}");
    assert!(causes.note.unwrap().starts_with("2 more were rightly handed over"));
}

#[test]
fn a_log_without_times_is_one_period_and_tells_nothing_over_time() {
    let made = filled(Made { timeless: true, ..Made::new() });
    let page = made.find();
    // Those of forty days ago count, too.
    assert_eq!((page.days, page.whole.1), (None, 54));
    assert_eq!(named(&page, "asked for a person at once").n, 24);
    assert!(page.lines.iter().all(|l| l.before.is_none() && !l.new && l.trend.is_empty()), "{:#?}", page.lines);
    assert_eq!(page.lines.iter().map(|l| l.n).sum::<u64>(), page.whole.1);
    for view in PatternView::ALL {
        let page = made.page(view);
        for line in &page.lines {
            let query = Query::parse(&line.query).unwrap();
            assert_eq!(made.store.queue_count(&query, NOW).unwrap(), line.n, "{view:?}: {}", line.query);
        }
    }
    let parts = made.page(PatternView::Segments).lines;
    assert!(!parts.iter().any(|l| l.query.contains("hour:") || l.query.contains("day:")), "{parts:#?}");
    assert!(!made.page(PatternView::Intents).lines.is_empty());
}

#[test]
fn every_line_of_every_list_is_a_query_that_finds_what_it_counts() {
    let made = made();
    made.find();
    let mut lines = 0;
    for view in PatternView::ALL {
        let page = made.page(view);
        for line in &page.lines {
            let query = Query::parse(&line.query).unwrap();
            assert_eq!(made.store.queue_count(&query, NOW).unwrap(), line.n, "{view:?}: {}", line.query);
            lines += 1;
        }
    }
    assert!(lines > 12, "{lines}");
}

#[test]
fn patterns_keep_their_numbers_when_more_comes_in_and_examples_come_from_training_groups() {
    let mut made = made();
    let before = made.find();
    made.add(1, Outcome::Failed, &[(User, "what about bicycles"), (Bot, NOTHING)], Some("bicycles"));
    let after = made.find();
    let query = |page: &PatternPage| named(page, "“I am sorry, I have no").query.clone();
    assert_eq!(query(&before), query(&after));
    assert_eq!(named(&after, "“I am sorry, I have no").n, 13);
    let again = made.find();
    assert_eq!(after, again);
    for pattern in after.lines.iter().filter(|l| l.kind.is_some()) {
        let text = pattern.example.as_ref().unwrap_or_else(|| panic!("{} shows no example", pattern.name));
        let hidden = Query::parse(&pattern.query).unwrap().whatever_group().for_review();
        let rows = made.store.queue_page(&hidden, QueueOrder::NEWEST, PageStart::Start, 99, NOW).unwrap().rows;
        assert!(rows.iter().any(|r| r.text == *text), "{text} is of no training group");
    }
}

#[test]
fn a_store_without_failures_or_intents_has_no_patterns_and_says_so() {
    let empty = Made::new();
    assert_eq!((empty.find().whole.1, empty.find().lines.len()), (0, 0));
    let mut agents = Made::new();
    for i in 0..8 {
        let asked = format!("please book a table number {i} for dinner tonight");
        agents.add(
            1,
            Outcome::Failed,
            &[(User, &asked), (Bot, &format!("Which restaurant number {i}{i} do you mean, then?"))],
            None,
        );
    }
    let page = agents.find();
    assert_eq!(page.lines.iter().map(|l| l.n).sum::<u64>(), 8, "{page:#?}");
}

/// Failures of every kind, requests and notes. Those whose number is in `test` say words and numbers that the others never say.
fn telling(seed: u64, test: &[i64]) -> Made {
    let mut made = Made::founded(seed, 0.5);
    for i in 1..=160 {
        let is_test = test.contains(&i);
        let (word, number) = if is_test { ("zqtest", 7_777) } else { ("summer", 1_111) };
        let matter = ["pets", "groups", "lost luggage"][i as usize % 3];
        let tails = ["soon", "tonight", "by train", "for two", "with my aunt", "next week", "again", "quickly"];
        let tail = tails[i as usize / 4 % 8];
        let asked = format!("what about {matter} in {word} number {number} {tail}");
        let error = format!("Error: 503 for ticket {number} from the system");
        let answer = format!("I am sorry, ticket {number} holds no information about that");
        let own =
            format!("Thank you for {word} letter {}", ["a", "b", "c", "d", "e"][i as usize % 5].repeat(i as usize));
        let invoice = format!("my invoice of {word} is wrong {tail} and I was charged {number} too much");
        match i % 4 {
            0 => made.add(3, Outcome::Failed, &[(User, &asked), (Bot, &answer)], Some(matter)),
            1 => {
                let turns = [(User, &*asked), (Tool, &*error), (Bot, "Sorry, I cannot look it up at the moment")];
                made.add(3, Outcome::Failed, &turns, Some(matter));
            }
            2 => made.add(3, Outcome::Failed, &[(User, &invoice), (Bot, &own)], None),
            _ => made.add(3, Outcome::Resolved, &[(User, &invoice), (Bot, &own)], None),
        }
        if i % 2 == 0 {
            let note = format!("it named {word} the wrong harbour {}", ["", "again", "as before"][i as usize % 3]);
            let note = DecisionChange::note(ConversationId(i), Some(note));
            made.store.decide("maria", NOW, &[note]).unwrap();
        }
    }
    made
}

#[test]
fn a_test_groups_words_stand_on_no_pattern_note_or_topic() {
    let table = VectorTable::built_in();
    let mut shown = String::new();
    for seed in 1..=5 {
        let rows = |made: &Made, query: &str| -> Vec<i64> {
            let query = Query::parse(query).unwrap();
            let page = made.store.queue_page(&query, QueueOrder::NEWEST, PageStart::Start, 200, NOW).unwrap();
            page.rows.iter().map(|r| r.n.0).collect()
        };
        // Who is in a test group hangs on the customer and the seed alone.
        let test = rows(&telling(seed, &[]), "test:only");
        let mut made = telling(seed, &test);
        assert_eq!(rows(&made, "test:only"), test);
        assert!((40..120).contains(&test.len()), "{}", test.len());
        let mut all = serde_json::to_string(&made.find().lines).unwrap();
        assert_eq!(made.page(PatternView::Failed).whole.1, 120, "all groups are counted");
        let proposed = topics::propose_topics(&made.store, &*table, 1, &SilentReporter).unwrap();
        all += &serde_json::to_string(&proposed).unwrap();
        all += &serde_json::to_string(&made.page(PatternView::Topics).lines).unwrap();
        topics::accept_proposed(&mut made.store, &*table, ("maria", NOW), &SilentReporter).unwrap();
        for view in PatternView::ALL {
            all += &serde_json::to_string(&made.page(view).lines).unwrap();
        }
        assert!(!all.contains("zqtest") && !all.contains("7777"), "seed {seed}: {all}");
        shown += &all;
    }
    // It is not that nothing is shown.
    for words in ["“Error: 503 for ticket 1111", "“I am sorry, ticket 1111", "notes: ", "invoice", "summer"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
}
