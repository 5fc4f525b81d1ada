//! Two people change the intent list at random; afterwards every figure is what a simple model says.

use crate::domain::{ConversationId, DecisionChange, IntentId, OUT_OF_SCOPE, Query, ReleaseId, Timestamp, TurnKey};
use crate::store::tests::{failed, put, store};
use crate::store::*;
use crate::text::name_key;
use proptest::prelude::*;
use std::collections::BTreeMap;

const NOW: Timestamp = Timestamp(1_790_000_000_000);
const PEOPLE: [&str; 2] = ["maria", "kostas"];
const NAMES: [&str; 9] = ["a", "A", " b ", "b", "c", "γάτα", "ΓΆΤΑ\u{200b}", "d", "out_of_scope"];

/// What somebody does; numbers are places in [`NAMES`] or among the conversations.
#[derive(Clone, Copy, Debug)]
enum Act {
    Add(usize, bool),
    Rename(usize, usize),
    Merge(usize, usize),
    Split(usize, usize, usize),
    Retire(usize),
    Log(usize, bool),
    Example(usize, u8),
    Label(usize, usize),
    Undo,
    Redo,
    Promote,
}

fn acts() -> impl Strategy<Value = Vec<(usize, Act)>> {
    let n = || 0..NAMES.len();
    let act = prop_oneof![
        2 => (n(), any::<bool>()).prop_map(|(a, apart)| Act::Add(a, apart)),
        3 => (n(), n()).prop_map(|(a, b)| Act::Rename(a, b)),
        3 => (n(), n()).prop_map(|(a, b)| Act::Merge(a, b)),
        1 => (n(), n(), n()).prop_map(|(a, b, c)| Act::Split(a, b, c)),
        2 => n().prop_map(Act::Retire),
        4 => (n(), any::<bool>()).prop_map(|(a, gold)| Act::Log(a, gold)),
        2 => (n(), 0u8..3).prop_map(|(a, t)| Act::Example(a, t)),
        3 => (0usize..8, n()).prop_map(|(c, a)| Act::Label(c, a)),
        4 => Just(Act::Undo),
        2 => Just(Act::Redo),
        1 => Just(Act::Promote),
    ];
    proptest::collection::vec((0..2usize, act), 1..30)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Name(i64),
    State(i64),
    Label(i64),
    Example(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Done,
    Undone,
    Overtaken,
}

struct Step {
    who: usize,
    set: Vec<(Target, String)>,
    standing: Standing,
    reachable: bool,
}

/// Steps, and what was before the first: nothing else is remembered.
#[derive(Default)]
struct Model {
    first: BTreeMap<Target, String>,
    steps: Vec<Step>,
    /// What the log said of each conversation, and whether it brought a label.
    log: BTreeMap<i64, (Option<i64>, bool)>,
    examples: Vec<String>,
    served: BTreeMap<i64, String>,
}

impl Model {
    fn new() -> Self {
        let mut model = Self::default();
        model.first.insert(Target::Name(1), OUT_OF_SCOPE.to_owned());
        model.first.insert(Target::State(1), "active".to_owned());
        model
    }

    fn ids(&self) -> Vec<i64> {
        self.first.keys().filter_map(|t| if let Target::Name(id) = t { Some(*id) } else { None }).collect()
    }

    fn said(&self, target: Target) -> impl DoubleEndedIterator<Item = &String> {
        let steps = self.steps.iter().filter(|s| s.standing == Standing::Done).flat_map(|s| &s.set);
        self.first.get(&target).into_iter().chain(steps.filter(move |(t, _)| *t == target).map(|(_, v)| v))
    }

    fn value(&self, target: Target) -> Option<String> {
        self.said(target).next_back().cloned()
    }

    fn name(&self, id: i64) -> String {
        self.value(Target::Name(id)).unwrap()
    }

    fn is_active(&self, id: i64) -> bool {
        self.value(Target::State(id)).as_deref() == Some("active")
    }

    fn into(&self, id: i64) -> Option<i64> {
        self.value(Target::State(id))?.strip_prefix("merged:")?.parse().ok()
    }

    fn today(&self, mut id: i64) -> i64 {
        for _ in 0..1_000 {
            match self.into(id) {
                Some(into) => id = into,
                None => return id,
            }
        }
        panic!("a circle")
    }

    fn find(&self, name: &str) -> Option<i64> {
        let had = |id: &i64| self.said(Target::Name(*id)).any(|n| name_key(n) == name_key(name));
        let all: Vec<i64> = self.ids().into_iter().filter(had).collect();
        assert!(all.len() < 2, "{name} is or was the name of {all:?}");
        all.first().copied()
    }

    fn make(&mut self, name: &str, state: &str) -> i64 {
        let id = self.ids().len() as i64 + 1;
        self.first.insert(Target::Name(id), crate::text::trim_name(name).to_owned());
        self.first.insert(Target::State(id), state.to_owned());
        id
    }

    fn did(&mut self, who: usize, set: Vec<(Target, String)>) {
        for s in self.steps.iter_mut().filter(|s| s.who == who && s.standing == Standing::Undone) {
            s.standing = Standing::Overtaken;
        }
        self.steps.push(Step { who, set, standing: Standing::Done, reachable: true });
    }

    /// Where the step that undo or redo is about stands, and whether somebody else decided later on the same.
    fn about(&self, who: usize, standing: Standing) -> Option<(usize, bool)> {
        let mut own = (0..self.steps.len()).filter(|&i| {
            let s = &self.steps[i];
            s.who == who && s.standing == standing && (standing == Standing::Undone || s.reachable)
        });
        let at = if standing == Standing::Done { own.next_back() } else { own.next() }?;
        let targets: Vec<Target> = self.steps[at].set.iter().map(|(t, _)| *t).collect();
        let overtaken = self.steps[at + 1..]
            .iter()
            .any(|s| s.who != who && s.standing == Standing::Done && s.set.iter().any(|(t, _)| targets.contains(t)));
        Some((at, overtaken))
    }

    fn by_name(&self, ids: impl Iterator<Item = i64>) -> BTreeMap<String, u64> {
        let mut out = BTreeMap::new();
        ids.for_each(|i| *out.entry(self.name(self.today(i))).or_default() += 1);
        out
    }

    fn label(&self, conversation: i64) -> Option<i64> {
        self.value(Target::Label(conversation)).and_then(|v| v.parse().ok())
    }
}

fn run(store: &mut Store, model: &mut Model, who: usize, act: Act) -> std::result::Result<(), StoreError> {
    let by = PEOPLE[who];
    let active = |id: i64| (Target::State(id), "active".to_owned());
    match act {
        Act::Add(n, apart) => {
            let (id, _) = store.list_intent(by, NOW, NAMES[n], apart)?;
            let known = model.find(NAMES[n]).unwrap_or_else(|| model.make(NAMES[n], "retired"));
            assert_eq!(known, id.0);
            model.did(who, vec![active(id.0)]);
        }
        Act::Rename(a, b) => {
            let id = store.rename_intent(by, NOW, NAMES[a], NAMES[b])?;
            assert_eq!(model.find(NAMES[a]), Some(id.0));
            assert!(model.find(NAMES[b]).is_none_or(|i| i == id.0), "taken");
            model.did(who, vec![(Target::Name(id.0), crate::text::trim_name(NAMES[b]).to_owned())]);
        }
        Act::Merge(a, b) => {
            let (from, into) = store.merge_intents(by, NOW, NAMES[a], NAMES[b])?;
            assert_eq!(
                (model.find(NAMES[a]), model.find(NAMES[b]).map(|i| model.today(i))),
                (Some(from.0), Some(into.0))
            );
            model.did(who, vec![(Target::State(from.0), format!("merged:{}", into.0))]);
        }
        Act::Split(a, b, c) => {
            let split = store.split_intent(by, NOW, NAMES[a], &[NAMES[b].to_owned(), NAMES[c].to_owned()])?;
            let mut set = vec![(Target::State(split.from.0), "retired".to_owned())];
            for n in [b, c] {
                let id = model.find(NAMES[n]).unwrap_or_else(|| model.make(NAMES[n], "retired"));
                if !model.is_active(id) {
                    set.push(active(id));
                }
            }
            model.did(who, set);
        }
        Act::Retire(n) => {
            let id = store.retire_intent(by, NOW, NAMES[n])?;
            model.did(who, vec![(Target::State(id.0), "retired".to_owned())]);
        }
        Act::Log(n, gold) => {
            let at = model.log.len();
            let mut c = failed(&at.to_string(), &format!("text {at}"), Some(NAMES[n]));
            if gold {
                c.turns[0].gold = vec![NAMES[n].to_owned(), NAMES[n].trim().to_uppercase()];
            }
            let ArrivalResult::New(row) = put(store, &c) else { panic!("it is new") };
            let id = model.find(NAMES[n]).unwrap_or_else(|| model.make(NAMES[n], "active"));
            model.log.insert(row.0, (Some(id), gold));
            if gold {
                model.first.insert(Target::Label(row.0), id.to_string());
            }
        }
        Act::Example(n, text) => {
            let text = format!("example {text}");
            let added = store.add_examples(by, NOW, "file", &[(text.clone(), NAMES[n].to_owned())])?;
            let known = model.find(NAMES[n]).map(|i| model.today(i));
            let id = known.unwrap_or_else(|| model.make(NAMES[n], "retired"));
            let mut set = Vec::new();
            if added.intents == 1 {
                assert!(!model.is_active(id), "only what is not on the list is new");
                set.push(active(id));
            }
            assert_eq!(added.retired.is_empty(), model.is_active(id) || added.intents == 1);
            if added.examples == 1 {
                set.push((Target::Example(model.examples.len()), id.to_string()));
                model.examples.push(text);
            }
            if !set.is_empty() {
                model.did(who, set);
            }
        }
        Act::Label(c, n) => {
            let row = c as i64 + 1;
            let id = store.intent(NAMES[n])?;
            store.decide(by, NOW, &[DecisionChange::intents(ConversationId(row), TurnKey(0), &[id])])?;
            model.did(who, vec![(Target::Label(row), id.0.to_string())]);
        }
        Act::Undo | Act::Redo => {
            let undo = matches!(act, Act::Undo);
            let (from, to) = if undo { (Standing::Done, Standing::Undone) } else { (Standing::Undone, Standing::Done) };
            let about = model.about(who, from);
            let done = if undo { store.undo(by, NOW) } else { store.redo(by, NOW) };
            match (about, done) {
                (Some((at, false)), Ok(_)) => model.steps[at].standing = to,
                (Some((at, false)), Err(e)) => {
                    assert!(e.to_string().contains("it stays "), "{e}");
                    if undo {
                        model.steps[at].reachable = false;
                    } else {
                        model.steps[at].standing = Standing::Overtaken;
                    }
                    return Err(e);
                }
                (Some((_, true)) | None, done) => done.map(|u| panic!("{u:?} was overtaken"))?,
            }
        }
        Act::Promote => {
            let live = store.live()?.map_or(0, |r| r.0);
            store.set_live(by, NOW, ReleaseId(1 + live % 2), "test")?;
            model.served = model.ids().into_iter().map(|i| (i, model.name(model.today(i)))).collect();
        }
    }
    Ok(())
}

fn figures(store: &Store, model: &Model) {
    let matter = |c: &i64| model.label(*c).or(model.log[c].0);
    let by_matter = model.by_name(model.log.keys().filter_map(matter));
    let stats = store.figures().stats(None, SegmentBy::Intent, None, NOW).unwrap().segments;
    assert_eq!(stats.into_iter().map(|s| (s.name, s.n)).collect::<BTreeMap<_, _>>(), by_matter, "stats --by intent");
    let failing = store.figures().overview(NOW).unwrap().repair.failing;
    for f in &failing {
        assert_eq!(by_matter.get(f.intent.as_ref().unwrap()), Some(&f.n), "Overview");
    }
    assert!(failing.len() == by_matter.len() || failing.len() >= 5);

    let count = |ids: Vec<i64>| model.by_name(ids.into_iter());
    let logged = count(model.log.values().filter_map(|l| l.0).collect());
    let labels = count(model.log.keys().filter_map(|c| model.label(*c)).collect());
    let examples: Vec<(String, i64)> = (0..model.examples.len())
        .filter_map(|e| Some((model.examples[e].clone(), model.value(Target::Example(e))?.parse().ok()?)))
        .collect();
    let of_examples = count(examples.iter().map(|(_, i)| *i).collect());
    for row in store.intents().unwrap() {
        let of = |counts: &BTreeMap<String, u64>| {
            if row.merged_into.is_none() { counts.get(&row.name).copied().unwrap_or(0) } else { 0 }
        };
        assert_eq!((row.logged, row.labels, row.examples), (of(&logged), of(&labels), of(&of_examples)), "{row:?}");
        let meant = model.find(&row.name).unwrap();
        assert_eq!(row.merged_into, model.into(meant).map(|_| model.name(model.today(meant))));
    }
    for name in NAMES {
        assert_eq!(store.find_intent(name).unwrap().map(|i| i.0), model.find(name), "{name}");
        let Some(id) = model.find(name) else { continue };
        let today = model.name(model.today(id));
        let found = |key: &str| {
            let query = Query::parse(&format!("{key}:\"{name}\"")).unwrap();
            store.queue_count(&query, NOW).unwrap()
        };
        assert_eq!(found("logged"), logged.get(&today).copied().unwrap_or(0), "intent:{name}");
        assert_eq!(found("label"), labels.get(&today).copied().unwrap_or(0), "label:{name}");
    }
    let part = |c: i64| store.ids("SELECT part FROM conversation WHERE id = ?", &[&c]).unwrap()[0];
    let mut learned: Vec<(String, i64)> = examples;
    learned.extend(
        model
            .log
            .keys()
            .enumerate()
            .filter(|(_, c)| part(**c) == 0)
            .filter_map(|(at, c)| Some((format!("text {at}"), model.label(*c)?))),
    );
    let mut learned: Vec<(String, i64)> =
        learned.into_iter().map(|(t, i)| (t, model.today(i))).filter(|(_, i)| model.is_active(*i)).collect();
    let examples = store.training_examples(store.last_decision().unwrap()).unwrap();
    let mut trained: Vec<(String, i64)> = examples.into_iter().map(|e| (e.text, e.intent.0)).collect();
    learned.sort();
    trained.sort();
    assert_eq!(trained, learned, "training");
    let is_gold =
        |c: &i64| model.log[c].1 && part(*c) > 0 && model.label(*c).is_some_and(|i| model.is_active(model.today(i)));
    let (open, sealed) = store.gold_at_hand().unwrap();
    assert_eq!(open + sealed, model.log.keys().filter(|c| is_gold(c)).count() as u64, "gold");
    if let Some(live) = store.live().unwrap() {
        let names = store.served_names(live, None).unwrap();
        for (&id, name) in &model.served {
            assert_eq!(&names.name(IntentId(id)), name, "served");
        }
    }
}

/// Few where every build runs them; `PROPTEST_CASES=10000` for the long run.
fn cases() -> ProptestConfig {
    let asked_for = std::env::var_os("PROPTEST_CASES").is_some();
    if asked_for { ProptestConfig::default() } else { ProptestConfig::with_cases(64) }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn whatever_two_people_do_to_the_intents_every_figure_is_the_models(acts in acts()) {
        let mut store = store();
        for _ in 0..2 {
            store.reviewer_id(PEOPLE[0], NOW).unwrap();
            store.conn.execute(
                "INSERT INTO release(at, reviewer, recipe, seed, decision, trained_on, intents, sha256, train_seconds)
                 VALUES (0, 1, '', 0, 0, 0, 0, '', 0)", []).unwrap();
        }
        let mut model = Model::new();
        for (who, act) in acts {
            if let Err(e) = run(&mut store, &mut model, who, act) {
                prop_assert!(matches!(e, StoreError::Refused(_) | StoreError::NotFound { .. }), "{act:?}: {e}");
            }
            for name in NAMES {
                prop_assert_eq!(store.find_intent(name).unwrap().map(|i| i.0), model.find(name), "{} after {:?}", name, act);
            }
        }
        figures(&store, &model);
    }
}
