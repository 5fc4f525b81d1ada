//! A conversation comes again and again, in any order, while two people decide on it: held to a plain model.

use crate::domain::{
    Conversation, ConversationId, DecisionChange, Kind, Outcome, OutcomeSource, Query, Role, Timestamp, Turn,
};
use crate::store::{ArrivalResult, Founding, OnDuplicate, PageStart, Store};
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const NOW: Timestamp = Timestamp(1_790_000_000_000);
const PEOPLE: [&str; 2] = ["maria", "tom"];

/// One message of the talk as it really was.
#[derive(Clone, Debug)]
struct Message {
    role: Role,
    words: String,
    at: i64,
}

/// What happens.
#[derive(Clone, Debug)]
enum Act {
    /// The log tells messages from one to another.
    Tell {
        from: usize,
        to: usize,
    },
    /// The exporter puts a greeting in front from now on.
    Greet,
    /// A message gets other words (only where messages have ids, else it would be another one).
    Correct(usize),
    /// Another zone is named: all times move by hours.
    Zone(i64),
    /// The log's word on how it ended.
    End(Outcome),
    /// A person labels a customer's message, or corrects an answer.
    Decide {
        who: usize,
        which: usize,
        what: u32,
    },
    Undo(usize),
    Redo(usize),
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (0..8usize, 1..8usize).prop_map(|(from, n)| Act::Tell { from, to: from + n }),
        1 => Just(Act::Greet),
        1 => (0..8usize).prop_map(Act::Correct),
        1 => (-3..4i64).prop_map(Act::Zone),
        1 => prop::sample::select(vec![Outcome::Failed, Outcome::Resolved, Outcome::Escalated, Outcome::Pending]).prop_map(Act::End),
        5 => (0..2usize, 0..8usize, 0..4u32).prop_map(|(who, which, what)| Act::Decide { who, which, what }),
        1 => (0..2usize).prop_map(Act::Undo),
        1 => (0..2usize).prop_map(Act::Redo),
    ]
}

/// What is known of the talk outside the store.
struct Model {
    messages: Vec<Message>,
    has_ids: bool,
    greets: bool,
    zone: i64,
    /// The zone in which the stored times were told.
    told_zone: i64,
    outcome: Option<Outcome>,
    /// Messages that the store has been told, with the words it was told last.
    told: BTreeMap<usize, String>,
    /// What stands on a message: its kind, value and the words that it was said of.
    said: BTreeMap<usize, (Kind, String, String)>,
    /// Steps that can be taken back, by person: the message, what stood before, what came.
    steps: [Vec<usize>; 2],
}

const GREETING: usize = 1_000;

impl Model {
    fn new(has_ids: bool) -> Self {
        let role = |i: usize| if i.is_multiple_of(2) { Role::User } else { Role::Bot };
        let message = |i: usize| Message { role: role(i), words: format!("words {i}"), at: NOW.0 + i as i64 * 60_000 };
        Self {
            messages: (0..8).map(message).collect(),
            has_ids,
            greets: false,
            zone: 0,
            told_zone: 0,
            outcome: None,
            told: BTreeMap::new(),
            said: BTreeMap::new(),
            steps: [Vec::new(), Vec::new()],
        }
    }

    fn line(&self, from: usize, to: usize) -> Conversation {
        let turn = |name: usize, role, words: &str, at: i64| {
            let mut turn = Turn::new(role, words);
            turn.id = self.has_ids.then(|| format!("m{name}"));
            turn.at = Some(Timestamp(at + self.zone * 3_600_000));
            turn
        };
        let mut turns = Vec::new();
        if self.greets && from == 0 {
            turns.push(turn(GREETING, Role::Bot, "Welcome!", NOW.0 - 60_000));
        }
        let to = to.min(self.messages.len());
        turns.extend((from..to).map(|i| {
            let m = &self.messages[i];
            turn(i, m.role, &m.words, m.at)
        }));
        let mut c = Conversation::new("shop", "1", turns);
        c.customer_id = Some("anna".into());
        (c.outcome, c.outcome_source) = match self.outcome {
            Some(o) => (Some(o), Some(OutcomeSource::Explicit)),
            None => (Some(Outcome::Unknown), Some(OutcomeSource::Derived)),
        };
        c
    }

    /// The message that a stored turn is.
    fn message(&self, turn: &Turn) -> usize {
        match &turn.id {
            Some(id) => id[1..].parse().unwrap(),
            None if turn.text == "Welcome!" => GREETING,
            None => turn.text.split(' ').nth(1).unwrap().parse().unwrap(),
        }
    }
}

fn put(store: &mut Store, c: &Conversation) -> ArrivalResult {
    let hash = Sha256::digest(serde_json::to_vec(c).unwrap());
    store.immediate("test", |s| s.put(c, &hash[..16], NOW, OnDuplicate::Update, &mut None)).unwrap()
}

fn log_rows(store: &Store) -> Vec<String> {
    let sql =
        "SELECT json_array(d.id, d.step, d.at, d.reviewer, kind, subject, turn, before, after, reason, undoes, t.store,
        t.sequence, hex(t.digest), t.target) FROM decision d JOIN travel t ON t.decision = d.id ORDER BY d.id";
    let mut s = store.conn.prepare(sql).unwrap();
    let rows = s.query_map([], |r| r.get(0)).unwrap();
    rows.collect::<rusqlite::Result<_>>().unwrap()
}

fn number(store: &Store, sql: &str) -> i64 {
    store.conn.query_row(sql, [], |r| r.get(0)).unwrap()
}

fn found(store: &Store, query: &str) -> usize {
    let query = Query::parse(query).unwrap();
    store.queue_page(&query, crate::domain::QueueOrder::NEWEST, PageStart::Start, 10, NOW).unwrap().rows.len()
}

fn check(store: &Store, model: &Model, id: ConversationId) -> Result<(), TestCaseError> {
    let c = store.conversation(id).unwrap();
    // Nothing told is lost, nothing stands twice, everything is in its place.
    let stored: Vec<usize> = c.turns.iter().map(|t| model.message(t)).collect();
    let mut wanted: Vec<usize> = model.told.keys().copied().collect();
    wanted.sort_by_key(|&i| if i == GREETING { -1 } else { i as i64 });
    prop_assert_eq!(&stored, &wanted);
    for turn in &c.turns {
        prop_assert_eq!(&turn.text, &model.told[&model.message(turn)]);
    }
    // What a person said stands on the message that it was said of.
    let mut current = store.decided_turns(id).unwrap();
    // What follows from a correction stands beside it.
    current.retain(|(kind, _)| *kind != Kind::ResponseState);
    prop_assert_eq!(current.len(), model.said.len());
    let mut stale = 0;
    for (&message, (kind, value, of)) in &model.said {
        let turn = c.turns.iter().find(|t| model.message(t) == message).unwrap();
        let (stands, decision, _) = store
            .current_value(*kind, crate::domain::DecisionTarget { subject: id.0, turn: Some(turn.key) })
            .unwrap()
            .expect("what was said stands");
        prop_assert_eq!(&stands, value);
        let reworded = store.is_reworded(id, turn.key, decision).unwrap();
        prop_assert_eq!(reworded, *of != turn.text, "{:?} {:?}", of, &turn.text);
        stale += usize::from(reworded);
    }
    prop_assert_eq!(found(store, "is:reworded") > 0, stale > 0);
    prop_assert_eq!(found(store, "is:orphaned"), 0);
    let trains = store.training_examples(store.last_decision().unwrap()).unwrap();
    let labels =
        model.said.values().filter(|(kind, _, of)| *kind == Kind::Intent && model.told.values().any(|w| w == of));
    prop_assert_eq!(trains.iter().filter(|e| e.by_person).count(), labels.count());
    Ok(())
}

fn play(has_ids: bool, acts: Vec<Act>) -> Result<(), TestCaseError> {
    let mut store = Store::in_memory(Founding { seed: 1, test_share: 0.0, now: NOW }).unwrap();
    let intents: Vec<_> =
        ["refund", "cancel", "invoice", "hours"].iter().map(|n| store.add_intent("lead", NOW, n).unwrap()).collect();
    let mut model = Model::new(has_ids);
    // Both begin with an overlap: without one, and without times, nothing tells which part came first.
    let first = model.line(2, 5);
    let ArrivalResult::New(id) = put(&mut store, &first) else { panic!("it is new") };
    (2..5).for_each(|i| drop(model.told.insert(i, model.messages[i].words.clone())));
    let floor = store.last_decision().unwrap();
    for act in acts {
        let before = log_rows(&store);
        match act {
            Act::Tell { from, to } if from < model.messages.len() => {
                // Times of two zones in one talk put nothing in order: a new zone is told of all of it.
                let all = model.zone != model.told_zone;
                let line = if all { model.line(0, 8) } else { model.line(from, to) };
                model.told_zone = model.zone;
                let writes = number(&store, "SELECT total_changes()");
                let has_all = line.turns.iter().all(|t| model.told.contains_key(&model.message(t)));
                let added = put(&mut store, &line);
                match added {
                    ArrivalResult::Same(_) => {
                        prop_assert!(has_all, "the same means that all of it is there");
                        prop_assert_eq!(number(&store, "SELECT total_changes()"), writes, "nothing is written");
                    }
                    ArrivalResult::Older(_) => prop_assert!(has_all && line.turns.len() < model.told.len()),
                    ArrivalResult::Updated(_) => {
                        let last = line.turns.last().map(|t| model.message(t)).unwrap();
                        // An earlier part that comes late does not take words back.
                        let later = model.told.keys().all(|&i| i == GREETING || i <= last);
                        for turn in &line.turns {
                            let message = model.message(turn);
                            if later || !model.told.contains_key(&message) {
                                model.told.insert(message, turn.text.clone());
                            }
                        }
                    }
                    other => prop_assert!(false, "{:?}", other),
                }
                prop_assert!(
                    matches!(put(&mut store, &line), ArrivalResult::Same(_) | ArrivalResult::Older(_)),
                    "once is enough"
                );
            }
            Act::Greet => model.greets = true,
            Act::Correct(which) if model.has_ids => {
                let message = &mut model.messages[which % 8];
                message.words.push_str(" corrected");
            }
            Act::Zone(hours) => model.zone = hours,
            Act::End(outcome) => model.outcome = Some(outcome),
            Act::Decide { who, which, what } => {
                let c = store.conversation(id).unwrap();
                let turn = &c.turns[which % c.turns.len()];
                let message = model.message(turn);
                let change = match turn.role {
                    Role::User => DecisionChange::intents(id, turn.key, &[intents[what as usize % 4]]),
                    _ => DecisionChange::response(id, turn.key, Some(format!("better {what}"))),
                };
                store.decide(PEOPLE[who], NOW, std::slice::from_ref(&change)).unwrap();
                model.said.insert(message, (change.kind, change.to.unwrap(), turn.text.clone()));
                model.steps[who].push(message);
            }
            Act::Undo(who) | Act::Redo(who) => {
                let done = if matches!(act, Act::Undo(_)) {
                    store.undo(PEOPLE[who], NOW)
                } else {
                    store.redo(PEOPLE[who], NOW)
                };
                // What stands after an undo is the log's matter (its own property test); that it stands on the same message
                // is this one's.
                if done.is_ok() {
                    resync(&store, &mut model, id);
                }
            }
            Act::Tell { .. } | Act::Correct(_) => {}
        }
        let after = log_rows(&store);
        prop_assert_eq!(&after[..before.len()], &before[..], "the log is only added to");
        check(&store, &model, id)?;
    }
    prop_assert!(store.last_decision().unwrap() >= floor);
    Ok(())
}

/// Takes over what an undo or a redo left standing.
fn resync(store: &Store, model: &mut Model, id: ConversationId) {
    let c = store.conversation(id).unwrap();
    let mut said = BTreeMap::new();
    let stands = store.decided_turns(id).unwrap().into_iter();
    for (kind, key) in stands.filter(|(kind, _)| *kind != Kind::ResponseState) {
        let turn = c.turn(key).unwrap();
        let target = crate::domain::DecisionTarget { subject: id.0, turn: Some(key) };
        let (value, decision, _) = store.current_value(kind, target).unwrap().unwrap();
        let of = match store.is_reworded(id, key, decision).unwrap() {
            true => String::new(),
            false => turn.text.clone(),
        };
        said.insert(model.message(turn), (kind, value, of));
    }
    model.said = said;
}

fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    // PROPTEST_CASES asks for more; the default would take a quarter of a minute.
    let cases = if usual.cases == 256 { 48 } else { usual.cases };
    ProptestConfig { cases, ..usual }
}

#[test]
fn a_label_given_again_of_new_words_and_taken_back_teaches_nothing() {
    let label = |which| Act::Decide { who: 0, which, what: 3 };
    let first = Act::Tell { from: 0, to: 1 };
    let told_again = [Act::Correct(4), Act::Zone(1), Act::Tell { from: 0, to: 1 }];
    for end in [vec![Act::Undo(0)], vec![Act::Undo(0), Act::Redo(0)], vec![Act::Undo(0), Act::Redo(0), Act::Undo(0)]] {
        let acts = [label(2), first.clone()].into_iter().chain(told_again.clone()).chain([label(4)]).chain(end);
        play(true, acts.collect()).unwrap();
    }
}

proptest! {
    #![proptest_config(config())]
    #[test]
    fn what_was_said_stays_where_it_was_said(has_ids: bool, acts in prop::collection::vec(any_act(), 1..30)) {
        play(has_ids, acts)?;
    }
}
