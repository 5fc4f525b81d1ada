//! Which release was live when: the live pointer is a decision like any other, so its history is in the log.

use crate::domain::{Kind, ReleaseId, Timestamp};
use crate::store::{DoingWhat, LearnerKind, ReleaseRow, Result, Store};
use rusqlite::Row;
use serde::Serialize;
use std::collections::BTreeMap;

/// The part that answers customers, by name.
pub(in crate::store) const INTENTS: &str = "intents";

/// The part that says what customers get, by name: it comes with intents, unless a learner made it.
pub(in crate::store) const RESPONSES: &str = LearnerKind::Responses.name();

/// Who promotes what learns by itself (rule 19).
pub const BY_ITSELF: &str = "appraise";

/// What a release is called whose answers customers get while another is live.
pub const ANSWERS: &str = "answers";

/// What a release is called of which another that is live carries these parts on; `None`: it carries none.
pub fn in_use_as(parts: &[&str]) -> Option<&'static str> {
    match parts {
        [] => None,
        _ if parts.contains(&RESPONSES) => Some(ANSWERS),
        _ => Some("in use"),
    }
}

impl ReleaseRow {
    /// What it is, in a word: its state, or what it is while another release is live that carries parts of it.
    pub fn standing(&self) -> &str {
        in_use_as(&self.in_use_for).unwrap_or(&self.state)
    }

    /// Its name where its intents are spoken of: `v13`, and `v13 (answers)` where another is live that carries them and its answers.
    pub fn named(&self) -> String {
        match self.standing() {
            ANSWERS => format!("v{} ({ANSWERS})", self.release.0),
            _ => format!("v{}", self.release.0),
        }
    }

    /// The release whose intents it was compared with last, as people know it; `None`: no release of this store.
    pub fn against(&self) -> Option<ReleaseId> {
        self.compared_intents.or(self.compared_with)
    }
}

/// How a release became live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LiveOrigin {
    /// It was promoted.
    Promoted,
    /// What came after it was taken back.
    RolledBack,
}

/// A time for which one release was live.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LiveSpan {
    /// Which.
    pub release: ReleaseId,
    /// From then on.
    pub from: Timestamp,
    /// Until then; `None`: it is live.
    pub until: Option<Timestamp>,
    /// How it became live.
    pub how: LiveOrigin,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: Option<String>,
    /// Of the newest time of a release: parts of it that the live release carries on, as in `ReleaseRow::in_use_for`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub in_use_for: Vec<&'static str>,
}

/// A roll-back as somebody was shown it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShownRollback {
    /// What is live.
    pub from: ReleaseId,
    /// What was live before; `None`: nothing.
    pub to: Option<ReleaseId>,
}

/// What a person took back of a learner's work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// The release whose section it was.
    pub release: ReleaseId,
    /// Who took it back.
    pub by: String,
}

impl TakenBack {
    /// What follows for what the learner makes from then on, in a clause.
    pub fn waits(&self, learner: LearnerKind) -> String {
        let (by, v, what) = (&self.by, self.release.0, learner.name());
        format!("{by} took back v{v}'s {what}: none of it goes live by itself until a person promotes some of it")
    }

    /// Why what the learner makes then stays a candidate although it is better, in a clause.
    pub fn holds_back(&self, learner: LearnerKind) -> String {
        format!("it is better, but {}", self.waits(learner))
    }
}

impl Store {
    /// What was live, oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn live_history(&self) -> Result<Vec<LiveSpan>> {
        let moves = self.live_moves()?;
        let (mut spans, _) = walked(&moves);
        let live = moves.last().and_then(|m| m.release);
        let parts = parts_over(&moves, &self.made_by_learners()?).pop().unwrap_or_default();
        for (part, by) in parts.into_iter().filter(|(_, by)| Some(*by) != live) {
            if let Some(span) = spans.iter_mut().rev().find(|s| s.release == by) {
                span.in_use_for.push(part);
            }
        }
        Ok(spans)
    }

    /// What was live at some time from `from` on and before `to`, oldest first; none before the first promotion.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn live_between(&self, from: Timestamp, to: Timestamp) -> Result<Vec<LiveSpan>> {
        let mut spans = self.live_history()?;
        spans.retain(|s| s.from < to && s.until.is_none_or(|until| until > from));
        Ok(spans)
    }

    /// The roll-back that is possible now: to the release that was live before the live one was promoted. Roll-backs are followed
    /// through, so that two in a row go two promotions back. Before the first there is nothing to go back to, unless a learner made that:
    /// then nothing is live any more, since it answered nobody.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn possible_rollback(&self) -> Result<Option<ShownRollback>> {
        let (_, mut stack) = walked(&self.live_moves()?);
        let Some(from) = stack.pop() else { return Ok(None) };
        let to = stack.pop();
        let is_possible = to.is_some() || self.made_by_learners()?.contains_key(&from);
        Ok(is_possible.then_some(ShownRollback { from, to }))
    }

    /// Where a person took back what a learner had made, and no person has promoted anything of that learner since: its release, and who
    /// took it back. While that stands nothing of the learner goes live by itself.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn taken_back(&self, learner: LearnerKind) -> Result<Option<TakenBack>> {
        let made = self.made_by_learners()?;
        let part = learner.name();
        let moves = self.live_moves()?;
        let (mut out, mut before) = (None, None);
        for (m, parts) in moves.iter().zip(parts_over(&moves, &made)) {
            let now = parts.get(part).copied().filter(|by| made.contains_key(by));
            if m.by != BY_ITSELF {
                out = match (before, now) {
                    (Some(was), now) if now < Some(was) => Some(TakenBack { release: was, by: m.by.clone() }),
                    (was, Some(_)) if now != was => None,
                    _ => out,
                };
            }
            before = now;
        }
        Ok(out)
    }

    /// The parts of what is live, by name, and the release that each was learnt for. A release takes the learners' parts from what was
    /// live before it, where they are not its own, when it goes live for the first time; it keeps them from then on (rule 48).
    pub(in crate::store) fn live_parts(&self) -> Result<Vec<(&'static str, ReleaseId)>> {
        let made = self.made_by_learners()?;
        if made.is_empty() {
            return Ok(Vec::new());
        }
        Ok(parts_over(&self.live_moves()?, &made).pop().unwrap_or_default().into_iter().collect())
    }

    /// Releases that a learner made and that were live, each with the one whose intents it carries.
    pub(in crate::store) fn carried_intents(&self) -> Result<BTreeMap<ReleaseId, ReleaseId>> {
        let made = self.made_by_learners()?;
        if made.is_empty() {
            return Ok(BTreeMap::new());
        }
        let moves = self.live_moves()?;
        let carried = |(m, parts): (&LiveMove, BTreeMap<_, ReleaseId>)| {
            let release = m.release?;
            Some((release, *parts.get(INTENTS).filter(|by| **by != release)?))
        };
        Ok(moves.iter().zip(parts_over(&moves, &made)).filter_map(carried).collect())
    }

    /// The release whose intents one carries, where they are another's.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn intents_of(&self, release: ReleaseId) -> Result<Option<ReleaseId>> {
        Ok(self.carried_intents()?.get(&release).copied())
    }

    /// From when on which release's intents or answers customers met, oldest first: what learnt feelings or offers answers nobody.
    pub(in crate::store) fn answering_history(&self) -> Result<Vec<(Timestamp, ReleaseId)>> {
        let moves = self.live_moves()?;
        let parts = parts_over(&moves, &self.made_by_learners()?);
        let (mut out, mut before) = (Vec::new(), [None; 2]);
        for (m, parts) in moves.iter().zip(parts) {
            let met = [INTENTS, RESPONSES].map(|part| parts.get(part).copied());
            if let Some((now, _)) = met.iter().zip(before).find(|(now, then)| **now != *then) {
                out.extend(now.or(m.release).map(|by| (m.at, by)));
            }
            before = met;
        }
        Ok(out)
    }

    /// The releases that learners made, each with the name of its part.
    fn made_by_learners(&self) -> Result<LearnedParts> {
        let mut made = LearnedParts::new();
        for kind in LearnerKind::ALL {
            let ids = self.ids("SELECT id FROM release WHERE recipe = ?", &[&kind.recipe()])?;
            made.extend(ids.into_iter().map(|id| (ReleaseId(id), kind.name())));
        }
        Ok(made)
    }

    /// What went live, oldest first.
    fn live_moves(&self) -> Result<Vec<LiveMove>> {
        let read = |r: &Row<'_>| -> rusqlite::Result<LiveMove> {
            let release = r.get::<_, Option<i64>>(0)?.map(ReleaseId);
            Ok(LiveMove { release, at: Timestamp(r.get(1)?), by: r.get(2)?, reason: r.get(3)? })
        };
        self.conn
            .prepare_cached(
                "SELECT CAST(d.after AS INTEGER), d.at, r.name, d.reason FROM decision d JOIN reviewer r ON r.id = d.reviewer
                 WHERE d.kind = ? ORDER BY d.id",
            )
            .and_then(|mut s| s.query_map([Kind::Live.code()], read).and_then(Iterator::collect))
            .doing("reading the promotions")
    }
}

/// A promotion or a roll-back.
struct LiveMove {
    /// What is live from then on; `None`: nothing.
    release: Option<ReleaseId>,
    at: Timestamp,
    by: String,
    reason: Option<String>,
}

/// Spans, and the promotions that no roll-back has taken back.
fn walked(moves: &[LiveMove]) -> (Vec<LiveSpan>, Vec<ReleaseId>) {
    let (mut spans, mut stack): (Vec<LiveSpan>, Vec<ReleaseId>) = (Vec::new(), Vec::new());
    for (i, m) in moves.iter().enumerate() {
        let Some(release) = m.release else {
            stack.clear();
            continue;
        };
        let is_back = stack.iter().rposition(|&x| x == release).is_some_and(|at| at + 2 == stack.len());
        match is_back {
            true => drop(stack.pop()),
            false => stack.push(release),
        }
        spans.push(LiveSpan {
            release,
            from: m.at,
            until: moves.get(i + 1).map(|next| next.at),
            how: if is_back { LiveOrigin::RolledBack } else { LiveOrigin::Promoted },
            by: m.by.clone(),
            reason: m.reason.clone(),
            in_use_for: Vec::new(),
        });
    }
    (spans, stack)
}

/// The part that each release of a learner brings.
type LearnedParts = BTreeMap<ReleaseId, &'static str>;

/// The parts of what is live after each move, by name, and the release that each was learnt for.
fn parts_over(moves: &[LiveMove], made: &LearnedParts) -> Vec<BTreeMap<&'static str, ReleaseId>> {
    let mut kept: BTreeMap<ReleaseId, BTreeMap<&'static str, ReleaseId>> = BTreeMap::new();
    let mut now = BTreeMap::new();
    let of = |m: &LiveMove| {
        let Some(release) = m.release else {
            now.clear();
            return now.clone();
        };
        if let Some(as_it_was) = kept.get(&release) {
            now.clone_from(as_it_was);
        } else {
            match made.get(&release) {
                Some(part) => now.extend([(*part, release)]),
                None => now.extend([INTENTS, RESPONSES].map(|part| (part, release))),
            }
            kept.insert(release, now.clone());
        }
        now.clone()
    };
    moves.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::DecisionChange;
    use crate::store::Founding;

    #[test]
    fn what_is_live_carries_parts_of_releases_that_were_live() {
        let at = |minute: i64| Timestamp(1_790_000_000_000 + minute * 60_000);
        let mut store = Store::in_memory(Founding { seed: 1, test_share: 0.2, now: at(0) }).unwrap();
        let recipes = ["n-grams", "learns sentiment", "learns offers", "n-grams", "learns sentiment"];
        store.conn.execute("INSERT INTO reviewer(id, name, role, added_at) VALUES (90, 'zoe', 1, 1)", []).unwrap();
        for recipe in recipes {
            let sql = "INSERT INTO release(parent, at, reviewer, recipe, seed, decision, trained_on, intents, sha256, train_seconds)
                VALUES (NULL, 1, 90, ?, 1, 0, 9, 4, 'x', 0.0)";
            store.conn.execute(sql, [recipe]).unwrap();
        }
        let mut parts = |minute: i64, release: i64| {
            store.decide("maria", at(minute), &[DecisionChange::live(ReleaseId(release))]).unwrap();
            let used = store.releases().unwrap().into_iter().map(|r| (r.release.0, r.in_use_for)).rev();
            used.filter(|(_, parts)| !parts.is_empty()).collect::<Vec<_>>()
        };
        assert_eq!(parts(1, 1), []);
        let whole = ["intents", "responses"].to_vec();
        assert_eq!(parts(2, 2), [(1, whole.clone())]);
        assert_eq!(parts(3, 3), [(1, whole.clone()), (2, vec!["sentiment"])]);
        assert_eq!(parts(4, 4), [(2, vec!["sentiment"]), (3, vec!["offers"])], "its intents are its own");
        assert_eq!(parts(5, 5), [(3, vec!["offers"]), (4, whole.clone())]);
        assert_eq!(parts(6, 3), [(1, whole.clone()), (2, vec!["sentiment"])], "it goes live again as it was");
        let frame = store.figures().frame().unwrap();
        assert_eq!((frame.live, frame.answering), (Some(ReleaseId(3)), Some(ReleaseId(1))), "offers alone were added");
        assert_eq!(frame.live_adds, Some("offers"));
        let carried: Vec<_> = store.carried_intents().unwrap().into_iter().map(|(r, by)| (r.0, by.0)).collect();
        assert_eq!(carried, [(2, 1), (3, 1), (5, 4)], "whose intents the learners' releases carry");
        let names = [1, 2, 4].map(|r| store.release(ReleaseId(r)).unwrap().named());
        assert_eq!(names, ["v1 (answers)", "v2", "v4"]);
        let compared = "INSERT INTO comparison(at, reviewer, release, before_release, verdict, gate, report) VALUES (1, 90, 4, 3, 3, 1, '{}')";
        store.conn.execute(compared, []).unwrap();
        assert_eq!(store.release(ReleaseId(4)).unwrap().against(), Some(ReleaseId(1)), "by the one that answers");
        assert_eq!(store.comparisons().unwrap()[0].before_intents, Some(ReleaseId(1)));
        store.conn.execute("DELETE FROM comparison", []).unwrap();
        let ends: Vec<_> = store.live_history().unwrap().into_iter().map(|s| (s.release.0, s.in_use_for)).collect();
        let [answers, feels] = [whole, vec!["sentiment"]];
        assert_eq!(ends[..3], [(1, answers), (2, feels), (3, vec![])], "of the newest time of each");
        let answered: Vec<i64> = store.answering_history().unwrap().iter().map(|(_, by)| by.0).collect();
        assert_eq!(answered, [1, 4, 1], "what learnt feelings or offers answered nobody");
        let page = store.figures().overview(at(8)).unwrap();
        assert_eq!(page.promotions.iter().map(|p| p.release.0).collect::<Vec<_>>(), answered, "nor has it a mark");
        for (release, says) in [(1, "v1 answers customers"), (2, "v2 is in use for sentiment"), (3, "v3 is live")] {
            let why = store.reject("maria", at(7), ReleaseId(release), "test").unwrap_err().to_string();
            assert!(why.starts_with(says), "{why}");
            assert!(store.release(ReleaseId(release)).unwrap().state != "rejected", "v{release}");
        }
        store.reject("maria", at(7), ReleaseId(5), "nothing of it is in use").unwrap();
        store.decide("maria", at(7), &[DecisionChange::live(ReleaseId(4))]).unwrap();
        assert_eq!(store.figures().frame().unwrap().answering, None, "what is live answers");
        let why = |store: &Store| {
            let reasons = store.release(ReleaseId(5)).unwrap().reasons;
            reasons.into_iter().map(|r| (r.words, r.at, r.is_rejection)).collect::<Vec<_>>()
        };
        let rejected = ("nothing of it is in use".to_owned(), at(7), true);
        assert_eq!(why(&store), [rejected]);
        store.decide("maria", at(8), &[DecisionChange::live(ReleaseId(5)).because("we need it")]).unwrap();
        assert_eq!(why(&store), [("we need it".to_owned(), at(8), false)], "no rejection that was taken back");
    }

    #[test]
    fn who_gives_the_answers_is_the_release_that_learnt_them_also_after_it_was_taken_back_and_promoted_again() {
        let at = |minute: i64| Timestamp(1_790_000_000_000 + minute * 60_000);
        let mut store = Store::in_memory(Founding { seed: 1, test_share: 0.2, now: at(0) }).unwrap();
        store.conn.execute("INSERT INTO reviewer(id, name, role, added_at) VALUES (90, 'zoe', 1, 1)", []).unwrap();
        for recipe in ["n-grams", LearnerKind::Responses.recipe(), "learns sentiment"] {
            let sql = "INSERT INTO release(parent, at, reviewer, recipe, seed, decision, trained_on, intents, sha256, train_seconds)
                VALUES (NULL, 1, 90, ?, 1, 0, 9, 4, 'x', 0.0)";
            store.conn.execute(sql, [recipe]).unwrap();
        }
        for (minute, release) in [(1, 1), (2, 2), (3, 1), (4, 2)] {
            store.decide("maria", at(minute), &[DecisionChange::live(ReleaseId(release))]).unwrap();
            let frame = store.figures().frame().unwrap();
            assert_eq!((frame.live, frame.answering), (Some(ReleaseId(release)), None), "what is live answers");
        }
        let standing = |store: &Store, id| store.release(ReleaseId(id)).unwrap().standing().to_owned();
        assert_eq!(
            (standing(&store, 1).as_str(), store.release(ReleaseId(1)).unwrap().in_use_for),
            ("in use", vec!["intents"])
        );
        store.decide("maria", at(5), &[DecisionChange::live(ReleaseId(3))]).unwrap();
        let frame = store.figures().frame().unwrap();
        assert_eq!((frame.answering, frame.live_adds), (Some(ReleaseId(2)), Some("sentiment")));
        assert_eq!((standing(&store, 1), standing(&store, 2)), ("in use".to_owned(), ANSWERS.to_owned()));
    }

    #[test]
    fn what_a_person_took_back_of_a_learner_waits_for_a_person_and_the_first_leaves_nothing_live() {
        let at = |minute: i64| Timestamp(1_790_000_000_000 + minute * 60_000);
        let mut store = Store::in_memory(Founding { seed: 1, test_share: 0.2, now: at(0) }).unwrap();
        store.conn.execute("INSERT INTO reviewer(id, name, role, added_at) VALUES (90, 'zoe', 1, 1)", []).unwrap();
        for recipe in ["learns offers", "n-grams", "learns offers", "learns sentiment"] {
            let sql = "INSERT INTO release(parent, at, reviewer, recipe, seed, decision, trained_on, intents, sha256, train_seconds)
                VALUES (NULL, 1, 90, ?, 1, 0, 9, 4, 'x', 0.0)";
            store.conn.execute(sql, [recipe]).unwrap();
        }
        let mut moves = |minute: i64, by: &str, release: Option<i64>| {
            let change = release.map_or_else(DecisionChange::nothing_live, |r| DecisionChange::live(ReleaseId(r)));
            store.decide(by, at(minute), &[change]).unwrap();
            let back = store.possible_rollback().unwrap().map(|b| (b.from.0, b.to.map(|to| to.0)));
            let taken = [LearnerKind::Offers, LearnerKind::Sentiment]
                .map(|l| store.taken_back(l).unwrap().map(|t| (t.release.0, t.by)));
            (back, taken)
        };
        let by = |v: i64, who: &str| Some((v, who.to_owned()));
        assert_eq!(moves(1, BY_ITSELF, Some(1)), (Some((1, None)), [None, None]));
        assert_eq!(moves(2, "maria", None), (None, [by(1, "maria"), None]), "nothing is live");
        assert_eq!(moves(3, "zoe", Some(2)), (None, [by(1, "maria"), None]), "people made it, and nothing was before");
        assert_eq!(moves(4, "zoe", Some(3)), (Some((3, Some(2))), [None, None]), "offers that a person promoted");
        assert_eq!(moves(5, BY_ITSELF, Some(4)), (Some((4, Some(3))), [None, None]));
        assert_eq!(moves(6, "maria", Some(3)), (Some((3, Some(2))), [None, by(4, "maria")]), "offers stay");
        assert_eq!(moves(7, "zoe", Some(2)), (None, [by(3, "zoe"), by(4, "maria")]));
        // Of two at once the second is told what is live now.
        let late =
            store.roll_back("maria", at(8), ShownRollback { from: ReleaseId(3), to: Some(ReleaseId(2)) }, "late");
        assert!(late.unwrap_err().to_string().contains("v2 went live meanwhile"));
        let late = store.set_live_beside("maria", at(8), ReleaseId(4), Some(ReleaseId(3)), "late");
        assert!(late.unwrap_err().to_string().contains("v2 went live meanwhile"));
        let spans = store.live_history().unwrap();
        assert_eq!((spans[0].until, spans[1].from, spans.len()), (Some(at(2)), at(3), 6), "a minute without any");
        assert_eq!(store.live_between(at(2), at(3)).unwrap(), []);
        assert_eq!((store.live_at(at(3)).unwrap(), store.live_at(at(4)).unwrap()), (None, Some(ReleaseId(2))));
        assert_eq!(store.live_parts().unwrap(), [("intents", ReleaseId(2)), ("responses", ReleaseId(2))]);
        let answered: Vec<i64> = store.answering_history().unwrap().iter().map(|(_, by)| by.0).collect();
        assert_eq!(answered, [2]);
    }

    #[test]
    fn the_live_pointer_has_a_history_and_every_moment_an_answer() {
        let at = |minute: i64| Timestamp(1_790_000_000_000 + minute * 60_000);
        let mut store = Store::in_memory(Founding { seed: 1, test_share: 0.2, now: at(0) }).unwrap();
        assert_eq!((store.live_history().unwrap(), store.possible_rollback().unwrap()), (vec![], None));
        for (minute, release, why) in
            [(10, 1, "first"), (20, 2, "better"), (30, 3, "hope"), (40, 2, "no"), (50, 1, "no")]
        {
            store.decide("maria", at(minute), &[DecisionChange::live(ReleaseId(release)).because(why)]).unwrap();
        }
        let spans = store.live_history().unwrap();
        let told: Vec<_> = spans.iter().map(|s| (s.release.0, s.how)).collect();
        let (up, back) = (LiveOrigin::Promoted, LiveOrigin::RolledBack);
        assert_eq!(told, [(1, up), (2, up), (3, up), (2, back), (1, back)]);
        assert_eq!((spans[0].until, spans[4].until, spans[3].reason.as_deref()), (Some(at(20)), None, Some("no")));
        assert_eq!(store.possible_rollback().unwrap(), None, "two roll-backs went back to the first");
        let at_once = |minute| {
            let spans = store.live_between(at(minute), at(minute).plus(1)).unwrap();
            spans.iter().map(|s| s.release.0).collect::<Vec<_>>()
        };
        assert_eq!((at_once(9), at_once(10), at_once(35), at_once(60)), (vec![], vec![1], vec![3], vec![1]));
        assert_eq!(store.live_between(at(15), at(25)).unwrap().len(), 2, "two within the time");
    }
}
