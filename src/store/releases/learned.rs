//! Releases that learners make by themselves: one section is theirs, the others are those of what was live.

use super::lessons::{LearnedCut, LearnerKind};
use crate::domain::{ConversationId, DecisionId, LearnedReport, ReleaseId, Timestamp, Verdict};
use crate::learn::release::artefact::{self, LearnedSections};
use crate::store::{AnswersNote, DoingWhat, NotedOrigin, ReleaseRow, Result, Store, StoreError, TakenBack};
use rusqlite::{OptionalExtension, Row, params};
use std::collections::BTreeSet;

/// A release that a learner makes by itself.
#[derive(Clone, Debug)]
pub struct LearnedRelease {
    /// What is live, whose other sections it carries.
    pub parent: Option<ReleaseId>,
    /// How it is called.
    pub recipe: &'static str,
    /// Seed of the run.
    pub seed: u64,
    /// Examples learnt from.
    pub trained_on: u64,
    /// Seconds of training.
    pub train_seconds: f64,
    /// The artefact.
    pub artefact: Vec<u8>,
    /// The how many-th look of its recipe this is: what it was judged by follows from that.
    pub look: u64,
    /// What was concluded of it at that look.
    pub verdict: Verdict,
    /// A digest of what it learnt from and was judged by: the next look at the same is none.
    pub read: String,
    /// How its section was learnt.
    pub noted: HowLearned,
    /// What a person had taken back of this learner when it was decided whether it goes live.
    pub taken_back: Option<TakenBack>,
    /// Who makes it live as it is stored, and why; `None`: it stays a candidate.
    pub go_live: Option<(&'static str, String)>,
}

/// A release that was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddedRelease {
    /// Its number.
    pub id: ReleaseId,
    /// It went live.
    pub is_live: bool,
}

/// How the section of a release was learnt, so that it can be made again (rule 49).
#[derive(Clone, Debug)]
pub enum HowLearned {
    /// From what customers show.
    Signals(Box<LearnedNote>),
    /// Answers, from what people corrected and what the AI said.
    Answers(Box<AnswersNote>),
}

/// How a section of a release was learnt.
#[derive(Clone, Debug)]
pub struct LearnedNote {
    /// By which learner.
    pub learner: LearnerKind,
    /// Up to where it read.
    pub cut: LearnedCut,
    /// A digest of what it read.
    pub inputs: String,
    /// Signals that there were.
    pub signals: u64,
    /// What was found.
    pub report: LearnedReport,
}

/// How a release was learnt.
#[derive(Clone, Debug, PartialEq)]
pub struct LearnedRow {
    /// Which.
    pub release: ReleaseId,
    /// When.
    pub at: Timestamp,
    /// Up to where it read.
    pub cut: LearnedCut,
    /// A digest of what it read.
    pub inputs: String,
    /// Signals that there were.
    pub signals: u64,
    /// What was found.
    pub report: LearnedReport,
}

const ROW: &str =
    "SELECT l.release, r.at, l.import, l.decision, l.conversation, l.inputs, l.signals, l.report, l.learner
    FROM learned l JOIN release r ON r.id = l.release";

impl Store {
    /// The sections of a release that were learnt without anybody's labels.
    ///
    /// # Errors
    /// No such release; its bytes are damaged.
    pub fn learned_sections(&self, id: ReleaseId) -> Result<LearnedSections> {
        let bytes: Option<Vec<u8>> = self
            .conn
            .query_row("SELECT data FROM artefact WHERE release = ?", [id.0], |r| r.get(0))
            .optional()
            .doing("reading an artefact")?;
        let damaged = |e| StoreError::Damaged(format!("the artefact of release v{} cannot be read ({e})", id.0));
        bytes.map_or(Ok(LearnedSections::default()), |bytes| artefact::learned(&bytes).map_err(damaged))
    }

    /// The release whose training made the intents of one: where a learner made that, the one whose intents it goes on with.
    ///
    /// # Errors
    /// No such release; the store cannot be read.
    pub fn trained_for(&self, id: ReleaseId) -> Result<ReleaseRow> {
        let (mut row, mut met) = (self.release(id)?, BTreeSet::from([id]));
        while let (Some(_), Some(parent)) = (LearnerKind::of_recipe(&row.recipe), row.parent)
            && met.insert(parent)
        {
            row = self.release(parent)?;
        }
        Ok(row)
    }

    /// How many releases a learner has made.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn learned_looks(&self, recipe: &str) -> Result<u64> {
        let n: i64 = self
            .conn
            .query_row("SELECT count(*) FROM release WHERE recipe = ?", [recipe], |r| r.get(0))
            .doing("counting releases")?;
        Ok(n.max(0) as u64)
    }

    /// How a release was learnt; `None` where people's labels made it, or before this was noted.
    ///
    /// # Errors
    /// What is noted cannot be read.
    pub fn learned(&self, id: ReleaseId) -> Result<Option<(LearnerKind, LearnedRow)>> {
        let row = self
            .conn
            .prepare_cached(&format!("{ROW} WHERE l.release = ?"))
            .and_then(|mut s| s.query_row([id.0], row_of).optional())
            .doing("reading how a release was learnt")?;
        row.map(|row| self.as_it_stands(read(row)?)).transpose()
    }

    /// The newest release of a learner.
    ///
    /// # Errors
    /// What is noted cannot be read.
    pub fn newest_learned(&self, learner: LearnerKind) -> Result<Option<LearnedRow>> {
        Ok(self.newest_of(learner, 1)?.pop())
    }

    /// The releases of a learner, the newest first.
    ///
    /// # Errors
    /// What is noted cannot be read.
    pub fn learned_by(&self, learner: LearnerKind) -> Result<Vec<LearnedRow>> {
        self.newest_of(learner, i64::MAX)
    }

    fn newest_of(&self, learner: LearnerKind, most: i64) -> Result<Vec<LearnedRow>> {
        let rows: Vec<Read> = self
            .conn
            .prepare_cached(&format!("{ROW} WHERE l.learner = ? ORDER BY l.release DESC LIMIT ?"))
            .and_then(|mut s| s.query_map(params![learner.name(), most], row_of).and_then(Iterator::collect))
            .doing("reading how a release was learnt")?;
        rows.into_iter().map(|row| Ok(self.as_it_stands(read(row)?)?.1)).collect()
    }

    /// What is better waits only while a person has taken back what its learner made.
    fn as_it_stands(&self, (learner, mut row): (LearnerKind, LearnedRow)) -> Result<(LearnerKind, LearnedRow)> {
        if row.report.verdict == Verdict::Better && row.report.held_back.is_some() {
            let back = if self.was_live(row.release)? { None } else { self.taken_back(learner)? };
            row.report.held_back = back.map(|back| back.holds_back(learner));
        }
        Ok((learner, row))
    }

    /// Stores a release that a learner made. Its intents and answers are its parent's: it stands on the same labels, so that what was
    /// labelled since is still new, and whatever made them outside made these too, with what that answered. Where it is to go live it does
    /// so with the same commit, unless something else is live by now than its parent: then what it read is not noted, so that a look at the
    /// same is one again. `None`: another look was counted meanwhile, or a person took back or promoted something of this learner, and nothing is
    /// stored.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn add_learned(
        &mut self,
        reviewer: &str,
        now: Timestamp,
        new: &LearnedRelease,
    ) -> Result<Option<AddedRelease>> {
        self.immediate("storing a release", |store| {
            let learner = LearnerKind::of_recipe(new.recipe);
            let taken_back = learner.map_or(Ok(None), |learner| store.taken_back(learner))?;
            if store.learned_looks(new.recipe)? + 1 != new.look || taken_back != new.taken_back {
                return Ok(None);
            }
            let now = store.dated(now)?;
            let who = store.reviewer_id(reviewer, now)?;
            let sql = "INSERT INTO release(parent, at, reviewer, recipe, seed, decision, gold_version, trained_on, intents, sha256,
                    train_seconds) VALUES (?1, ?2, ?3, ?4, ?5, 0, NULL, ?6, 0, ?7, ?8)";
            let digest = artefact::sha256(&new.artefact);
            let parent = new.parent.map(|p| p.0);
            let (seed, trained_on) = (new.seed as i64, new.trained_on as i64);
            store
                .conn
                .execute(sql, params![parent, now.0, who, new.recipe, seed, trained_on, digest, new.train_seconds])
                .doing("storing a release")?;
            let id = ReleaseId(store.conn.last_insert_rowid());
            store
                .conn
                .execute("INSERT INTO artefact(release, data) VALUES (?, ?)", params![id.0, new.artefact])
                .doing("storing an artefact")?;
            match &new.noted {
                HowLearned::Signals(noted) => store.note_learned(id, noted)?,
                HowLearned::Answers(noted) => {
                    store.note_origin(id, &noted.origin)?;
                    store.note_verdict(id, new.verdict)?;
                    store.note_answers(id, &noted.report)?;
                }
            }
            store.carry(id, new.parent)?;
            let Some((by, why)) = &new.go_live else {
                store.note_judged(new.recipe, id, &new.read)?;
                return Ok(Some(AddedRelease { id, is_live: false }));
            };
            let is_live = store.live()? == new.parent;
            match is_live {
                true => {
                    store.note_judged(new.recipe, id, &new.read)?;
                    store.go_live_within(by, now, id, why)?;
                }
                false => store.forget_judged(new.recipe)?,
            }
            Ok(Some(AddedRelease { id, is_live }))
        })
    }

    fn note_origin(&self, id: ReleaseId, origin: &NotedOrigin) -> Result<()> {
        let text = serde_json::to_string(origin).map_err(|e| StoreError::Damaged(e.to_string()))?;
        self.conn
            .execute("UPDATE release SET origin = ? WHERE id = ?", params![text, id.0])
            .map(drop)
            .doing("storing how a release was learnt")
    }

    /// What was concluded of a release with other answers.
    fn note_verdict(&self, id: ReleaseId, verdict: Verdict) -> Result<()> {
        let word = serde_json::to_string(&verdict).map_err(|e| StoreError::Damaged(e.to_string()))?;
        self.conn
            .execute(
                "INSERT OR REPLACE INTO setting(key, value) VALUES (?, ?)",
                params![format!("verdict:{}", id.0), word],
            )
            .map(drop)
            .doing("noting what was concluded of a release")
    }

    fn note_judged(&self, recipe: &str, id: ReleaseId, read: &str) -> Result<()> {
        let (key, value) = (format!("judged:{recipe}"), format!("{} {read}", id.0));
        self.conn
            .execute("INSERT OR REPLACE INTO setting(key, value) VALUES (?, ?)", params![key, value])
            .map(drop)
            .doing("noting what a release was learnt from")
    }

    /// Forgets what the last release of a recipe learnt from.
    fn forget_judged(&self, recipe: &str) -> Result<()> {
        let key = format!("judged:{recipe}");
        self.conn
            .execute("DELETE FROM setting WHERE key = ?", [key])
            .map(drop)
            .doing("forgetting what a release was learnt from")
    }

    /// The release that learnt from exactly this and was judged by it, if that was the last of its recipe.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn judged_by(&self, recipe: &str, read: &str) -> Result<Option<ReleaseId>> {
        let noted = self.setting(&format!("judged:{recipe}"))?;
        let last = noted.as_deref().and_then(|n| n.split_once(' ')).filter(|(_, was)| *was == read);
        Ok(last.and_then(|(id, _)| id.parse().ok()).map(ReleaseId))
    }

    fn note_learned(&self, id: ReleaseId, noted: &LearnedNote) -> Result<()> {
        let report = serde_json::to_string(&noted.report).map_err(|e| StoreError::Damaged(e.to_string()))?;
        let LearnedNote { learner, cut, inputs, signals, .. } = noted;
        let (import, decision, conversation) = (cut.import, cut.decision.0, cut.conversation.0);
        self.conn
            .execute(
                "INSERT INTO learned(release, learner, import, decision, conversation, inputs, signals, report)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                params![id.0, learner.name(), import, decision, conversation, inputs, *signals as i64, report],
            )
            .map(drop)
            .doing("storing how a release was learnt")
    }

    /// Gives a release that a learner made the marks of what its other sections come from.
    fn carry(&self, id: ReleaseId, from: Option<ReleaseId>) -> Result<()> {
        let from = from.map(|p| p.0);
        self.conn
            .execute(
                // Where it comes from nothing this is still a row.
                "UPDATE release SET parent = ?2, (decision, gold_version, intents, outside) =
                    (SELECT coalesce(max(decision), 0), max(gold_version), coalesce(max(intents), 0), max(outside)
                        FROM release WHERE id = ?2) WHERE id = ?1",
                params![id.0, from],
            )
            .and_then(|_| self.conn.execute("DELETE FROM answer WHERE release = ?", [id.0]))
            .and_then(|_| {
                self.conn.execute(
                    "INSERT INTO answer(release, turn, intent, confidence, response)
                        SELECT ?1, turn, intent, confidence, response FROM answer WHERE release = ?2",
                    params![id.0, from],
                )
            })
            .map(drop)
            .doing("carrying what made the intents")
    }

    /// Gives a candidate that was never live the sections that are not its own as they are live now (rule 48); `live`: `None` where nothing
    /// is. `learner`: of a release
    /// that a learner made, everything but its section comes from what is live.
    ///
    /// # Errors
    /// It has been live; the store cannot be written.
    pub fn complete_candidate(
        &mut self,
        id: ReleaseId,
        live: Option<ReleaseId>,
        artefact: &[u8],
        learner: Option<LearnerKind>,
    ) -> Result<()> {
        self.immediate("completing a candidate", |store| {
            if store.was_live(id)? {
                return Err(StoreError::refused(format!("v{} has been live: it goes live again as it was", id.0)));
            }
            store
                .conn
                .execute("UPDATE artefact SET data = ? WHERE release = ?", params![artefact, id.0])
                .and_then(|_| {
                    let digest = artefact::sha256(artefact);
                    store.conn.execute("UPDATE release SET sha256 = ? WHERE id = ?", params![digest, id.0])
                })
                .doing("completing a candidate")?;
            if learner.is_some() { store.carry(id, live) } else { Ok(()) }
        })
    }

    /// Whether a release has ever been live.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn was_live(&self, id: ReleaseId) -> Result<bool> {
        Ok(self.live_history()?.iter().any(|span| span.release == id))
    }
}

/// A row as it is stored: the report and the learner are still text.
type Read = (ReleaseId, Timestamp, LearnedCut, String, u64, String, String);

fn row_of(r: &Row<'_>) -> rusqlite::Result<Read> {
    let cut =
        LearnedCut { import: r.get(2)?, decision: DecisionId(r.get(3)?), conversation: ConversationId(r.get(4)?) };
    Ok((ReleaseId(r.get(0)?), Timestamp(r.get(1)?), cut, r.get(5)?, r.get(6)?, r.get(7)?, r.get(8)?))
}

fn read((release, at, cut, inputs, signals, report, learner): Read) -> Result<(LearnerKind, LearnedRow)> {
    let damaged = |what: String| StoreError::Damaged(format!("how v{} was learnt cannot be read ({what})", release.0));
    let report = serde_json::from_str(&report).map_err(|e| damaged(e.to_string()))?;
    let kind = LearnerKind::ALL.into_iter().find(|k| k.name() == learner).ok_or_else(|| damaged(learner))?;
    Ok((kind, LearnedRow { release, at, cut, inputs, signals, report }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{LearnedAnswers, LearnedFigures};
    use crate::store::Founding;
    use std::collections::BTreeMap;

    #[test]
    fn what_made_the_intents_outside_is_carried_with_its_answers() {
        let now = Timestamp(1_790_000_000_000);
        let mut store = Store::in_memory(Founding { seed: 7, test_share: 0.3, now }).unwrap();
        store
            .conn
            .execute_batch(
                "INSERT INTO reviewer(id, name, role, added_at) VALUES (90, 'maria', 1, 1);
                 INSERT INTO release(id, parent, at, reviewer, recipe, seed, decision, trained_on, intents, sha256, train_seconds, outside)
                    VALUES (1, NULL, 1, 90, 'x', 1, 3, 0, 4, 'x', 0.0, 'ai:theirs');
                 INSERT INTO answer(release, turn, intent, confidence, response) VALUES (1, 77, NULL, 0.5, 'yes');",
            )
            .unwrap();
        let figures = LearnedFigures::default();
        let report = LearnedReport {
            before: figures.clone(),
            after: figures,
            delta: 0.1,
            ci95: [0.0, 0.2],
            p_cluster: 0.5,
            verdict: Verdict::CannotTell,
            looks: 1,
            learned_from: BTreeMap::new(),
            again_after: 200,
            by_labels: Vec::new(),
            label_days: Vec::new(),
            expected: None,
            ends: None,
            held_back: None,
        };
        let cut = store.learning_cut().unwrap();
        let new = LearnedRelease {
            parent: Some(ReleaseId(1)),
            recipe: LearnerKind::Offers.recipe(),
            seed: 7,
            trained_on: 300,
            train_seconds: 0.1,
            artefact: artefact::Artefact::empty().to_bytes().unwrap(),
            look: 1,
            verdict: Verdict::CannotTell,
            read: "what it read".to_owned(),
            noted: HowLearned::Signals(Box::new(LearnedNote {
                learner: LearnerKind::Offers,
                cut,
                inputs: "abc".to_owned(),
                signals: 300,
                report: report.clone(),
            })),
            taken_back: None,
            go_live: None,
        };
        let id = store.add_learned("maria", now, &new).unwrap().unwrap().id;
        assert_eq!(store.add_learned("maria", now, &new).unwrap(), None, "the first look is taken");
        assert_eq!(store.made_by(id).unwrap().as_deref(), Some("ai:theirs"));
        assert_eq!(store.kept_answers(id).unwrap().len(), 1);
        let row = store.release(id).unwrap();
        assert_eq!((row.intents, row.decision, row.parent), (4, DecisionId(3), Some(ReleaseId(1))));
        let read = store.newest_learned(LearnerKind::Offers).unwrap().unwrap();
        assert_eq!((read.release, read.cut, read.signals, read.report), (id, cut, 300, report));
        assert_eq!(store.learned(ReleaseId(1)).unwrap(), None);
        // Of answers it is noted what they were made from, and the verdict.
        let origin = NotedOrigin {
            known: DecisionId(3),
            conversations: ConversationId(9),
            without: Vec::new(),
            made_with: "this".to_owned(),
            inputs: BTreeMap::from([("answers".to_owned(), "abc".to_owned())]),
            held_out: vec![1 << 20, 5 << 20 | 2],
        };
        let found = LearnedAnswers::found(0.5, 0.75, Verdict::Better);
        let answers = LearnedRelease {
            recipe: LearnerKind::Responses.recipe(),
            verdict: Verdict::Better,
            noted: HowLearned::Answers(Box::new(AnswersNote { origin: origin.clone(), report: found.clone() })),
            ..new.clone()
        };
        let id = store.add_learned("maria", now, &answers).unwrap().unwrap().id;
        assert_eq!(store.release(id).unwrap().learned, Some(("responses".to_owned(), Verdict::Better)));
        assert_eq!(store.learned_answers(ReleaseId(1)).unwrap(), None);
        assert_eq!(store.newest_answers().unwrap(), Some((id, found)));
        let read = store.origin(id).unwrap();
        assert_eq!((read.noted, read.moment.known, read.inputs), (true, origin.known, origin.inputs));
        assert_eq!((read.moment.conversations, read.held_out), (origin.conversations, origin.held_out));
        store.set_live("maria", now, id, "a test").unwrap();
        assert_eq!(store.predicting().unwrap(), Some(ReleaseId(1)), "its intents are its parent's");
    }
}
