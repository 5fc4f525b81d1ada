//! Writing conversations.

use super::arriving::{ArrivalNotes, ArrivalResult, ArrivalRules, ArrivingConversation, OnDuplicate};
use super::derived::Deriver;
use super::first_load::FillingLoad;
use super::travel::RecentTurns;
use crate::domain::{Conversation, ConversationId, Outcome, OutcomeSource, StepId, Timestamp, TurnKey};
use crate::learn::sentiment::heard::rated_end;
use crate::learn::signals::{Signal, Signals};
use crate::store::codes::{CHANNEL, LANGUAGE, SOURCE};
use crate::store::decisions::projection_rules::{LogFacts, PeoplesWord, standing};
use crate::store::intents::names::IntentNames;
use crate::store::{DoingWhat, Result, Store, turn_id};
use rusqlite::{CachedStatement, OptionalExtension, params};
use rustc_hash::FxHashMap;
use serde_json::Value;
use std::cell::RefCell;

/// Rows of dictionary terms, by kind.
#[derive(Default)]
struct TermRows(RefCell<FxHashMap<i64, FxHashMap<String, i64>>>);

/// The number of the language of `conversation AS c`: what is written, where that tells, else the log's (rule 50).
pub(in crate::store) const LANGUAGE_SQL: &str = "coalesce(nullif(c.written, 0), c.language)";

/// What is known of a stored conversation before it is told again.
pub(in crate::store) struct KnownConversation {
    pub id: ConversationId,
    pub hash: Vec<u8>,
    outcome: i64,
}

/// Puts conversations into the store within one transaction of the caller's. It holds the statements: looking them up by
/// their text for each conversation took a tenth of the time.
pub struct ConversationWriter<'s> {
    pub(in crate::store) store: &'s Store,
    pub(in crate::store) taking: ArrivalRules<'s>,
    pub(in crate::store) notes: ArrivalNotes,
    find: CachedStatement<'s>,
    for_new: RowStatements<'s>,
    /// A new turn that has nothing rare: to bind values costs as much as to store them.
    for_plain_turn: CachedStatement<'s>,
    for_known: RowStatements<'s>,
    /// What search does not cover yet: runs of new rows, and single ones.
    fresh: Vec<(i64, i64)>,
    /// The number of what reads how customers feel, where the live release does: what they rate is known without it, at once.
    reading: Option<i64>,
}

/// What writes a conversation's row and its turns'.
struct RowStatements<'s> {
    row: CachedStatement<'s>,
    turn: CachedStatement<'s>,
}

const FIND: &str = "SELECT id, hash, logged_outcome FROM conversation WHERE source = ? AND external_id = ?";
const NEW_ROW: &str =
    "INSERT INTO conversation(id, source, external_id, hash, grp, part, customer, started_at, ended_at, last_at,
        channel, language, logged_outcome, logged_source, resolution, outcome_reason, csat, sentiment, n_turns,
        has_ai, failing_turn, intent, fallback, confidence, first_turn, first_intent, text_key, repeats,
        outcome, outcome_source, priority, doubt, extra, mismatch, signals, written, felt, felt_by)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
        ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38)";
/// Added to it for one that is stored. Kept apart, and so with turns: a statement that may replace something copies each page that it
/// touches, to be able to take it back alone.
const OR_UPDATED_ROW: &str = "
     ON CONFLICT(id) DO UPDATE SET hash = ?4, grp = ?5, part = ?6, customer = ?7, started_at = ?8, ended_at = ?9,
        last_at = ?10, channel = ?11, language = ?12, logged_outcome = ?13, logged_source = ?14, resolution = ?15,
        outcome_reason = ?16, csat = ?17, sentiment = ?18, n_turns = ?19, has_ai = ?20, failing_turn = ?21,
        intent = ?22, fallback = ?23, confidence = ?24, first_turn = ?25, first_intent = ?26, text_key = ?27,
        repeats = CASE text_key WHEN ?27 THEN repeats ELSE ?28 END, suggested = NULL, suggested_confidence = NULL,
        margin = NULL, predicted_by = NULL, extra = ?33, signals = ?35, written = ?36, felt = ?37, felt_by = ?38,
        felt_chance = NULL";
const TURN: &str =
    "INTO turn(id, role, at, intent, confidence, fallback, payload, text, extra, moved) VALUES (?,?,?,?,?,?,?,?,?,?)";
/// A new turn that has the rest by default.
const PLAIN_TURN: &str = "INSERT INTO turn(id, role, at, intent, confidence, text) VALUES (?,?,?,?,?,?)";

impl Store {
    /// What works out what follows from conversations alone, for [`ConversationWriter::put`].
    pub fn deriver(&self) -> Deriver {
        Deriver { group_seed: self.group_seed, test_share: self.test_share }
    }

    /// Runs `f` with a writer of conversations in one transaction; with `dry_run` everything it wrote is taken back. Gives
    /// what became of the decisions on those that came again.
    ///
    /// # Errors
    /// What `f` says, or the store cannot be written. Then nothing has changed.
    pub fn write<T>(
        &mut self,
        taking: ArrivalRules<'_>,
        dry_run: bool,
        f: impl FnOnce(&mut ConversationWriter<'_>) -> Result<T>,
    ) -> Result<(T, ArrivalNotes)> {
        self.batch(dry_run, |store| {
            let mut writer = store.writer(taking)?;
            let result = f(&mut writer)?;
            Ok((result, writer.finish()?))
        })
    }

    fn writer<'s>(&'s self, taking: ArrivalRules<'s>) -> Result<ConversationWriter<'s>> {
        let statement = |sql: &str| self.conn.prepare_cached(sql).doing("preparing to write conversations");
        Ok(ConversationWriter {
            store: self,
            taking,
            notes: ArrivalNotes::default(),
            find: statement(FIND)?,
            for_new: RowStatements { row: statement(NEW_ROW)?, turn: statement(&format!("INSERT {TURN}"))? },
            for_plain_turn: statement(PLAIN_TURN)?,
            for_known: RowStatements {
                row: statement(&format!("{NEW_ROW}{OR_UPDATED_ROW}"))?,
                turn: statement(&format!("INSERT OR REPLACE {TURN}"))?,
            },
            fresh: Vec::new(),
            // A release that cannot be read is told where it is used; what comes in is stored all the same.
            reading: self.live_reading().ok().flatten().map(|(by, _)| by),
        })
    }

    /// Puts one conversation into the store, within a transaction of the caller's; for more of them at once there is
    /// [`Store::write`].
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn put(
        &self,
        c: &Conversation,
        hash: &[u8],
        now: Timestamp,
        on_duplicate: OnDuplicate,
        step: &mut Option<StepId>,
    ) -> Result<ArrivalResult> {
        let mut writer = self.writer(ArrivalRules { on_duplicate, ..ArrivalRules::new(now) })?;
        let added = writer.put(ArrivingConversation::new(c, &self.deriver().derive(c), hash), step)?;
        writer.finish().map(|_| added)
    }

    /// The number of a language that was told by what is written; 0 where nothing tells.
    pub(in crate::store) fn written_term(&self, tag: Option<&str>) -> Result<i64> {
        Ok(tag.map(|t| self.term(LANGUAGE, t)).transpose()?.unwrap_or_default())
    }

    /// How many near duplicates were stored before the next one. Counted by the last one's number, so that words said a
    /// hundred thousand times cost no more than words said once.
    fn repeats(&self, text_key: i64) -> Result<i64> {
        if text_key == 0 {
            return Ok(0);
        }
        if let Some(first_load) = &mut *self.kept.of::<FillingLoad>().0.borrow_mut() {
            return Ok(first_load.number(text_key));
        }
        self.conn
            .prepare_cached("SELECT coalesce(max(repeats) + 1, 0) FROM conversation WHERE text_key = ?")
            .and_then(|mut s| s.query_row([text_key], |r| r.get(0)))
            .doing("looking for near duplicates")
    }

    /// The row of a dictionary term, made if needed.
    pub(in crate::store) fn term(&self, kind: i64, text: &str) -> Result<i64> {
        if let Some(&id) = self.names.of::<TermRows>().0.borrow().get(&kind).and_then(|of_kind| of_kind.get(text)) {
            return Ok(id);
        }
        self.conn
            .prepare_cached("INSERT OR IGNORE INTO term(kind, text) VALUES (?, ?)")
            .and_then(|mut s| s.execute(params![kind, text]))
            .doing("adding a name")?;
        let id = self
            .conn
            .prepare_cached("SELECT id FROM term WHERE kind = ? AND text = ?")
            .and_then(|mut s| s.query_row(params![kind, text], |r| r.get(0)))
            .doing("looking up a name")?;
        self.names.of::<TermRows>().0.borrow_mut().entry(kind).or_default().insert(text.to_owned(), id);
        Ok(id)
    }
}

impl ConversationWriter<'_> {
    /// Puts one conversation into the store. Decisions of people are never touched: they stay on their turns. `step` collects
    /// the decisions that come with the log; give one variable to a whole import.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn put(&mut self, new: ArrivingConversation<'_>, step: &mut Option<StepId>) -> Result<ArrivalResult> {
        let c = new.conversation;
        let new = ArrivingConversation { source: self.store.term(SOURCE, &c.source)?, ..new };
        let added = match self.known(new.source, &c.id)? {
            // A derived outcome may change with time alone: a question left unanswered becomes an abandonment.
            Some(k) if k.hash == new.hash && c.outcome.is_none_or(|o| o.code() == k.outcome) => {
                Ok(ArrivalResult::Same(k.id))
            }
            Some(k) => self.again(new, k.id, step),
            None => match self.under_another_name(new)? {
                Some(id) => self.again(new, id, step),
                None => self.write(new, None, step).map(ArrivalResult::New),
            },
        }?;
        self.note_ends(new, added.id());
        Ok(added)
    }

    /// Notes what search does not cover yet.
    ///
    /// # Errors
    /// The store cannot be written.
    fn finish(self) -> Result<ArrivalNotes> {
        self.fresh.iter().try_for_each(|&(first, last)| self.store.mark_unsearched(first, last))?;
        Ok(self.notes)
    }

    pub(in crate::store) fn known(&mut self, source: i64, id: &str) -> Result<Option<KnownConversation>> {
        self.find
            .query_row(params![source, id], |r| {
                Ok(KnownConversation { id: ConversationId(r.get(0)?), hash: r.get(1)?, outcome: r.get(2)? })
            })
            .optional()
            .doing("looking for a conversation")
    }

    pub(in crate::store) fn write(
        &mut self,
        new: ArrivingConversation<'_>,
        known: Option<ConversationId>,
        step: &mut Option<StepId>,
    ) -> Result<ConversationId> {
        let turns = &new.conversation.turns;
        let keys: Vec<TurnKey> = match known {
            Some(_) => turns.iter().map(|t| t.key).collect(),
            None => (0..turns.len() as u32).map(TurnKey).collect(),
        };
        *self.store.names.of::<RecentTurns>().0.borrow_mut() = None;
        let id = self.write_row(new, known, &keys)?;
        self.write_turns(new, id, &keys, known.is_some())?;
        self.write_offers(new.conversation, id, &keys)?;
        self.write_sampling(new.conversation, id, known.is_some())?;
        self.write_feedback(new.conversation, id, &keys)?;
        match self.fresh.last_mut() {
            Some((_, last)) if known.is_none() && *last + 1 == id.0 => *last = id.0,
            _ => self.fresh.push((id.0, id.0)),
        }
        let labelled = self.store.write_labels(new.conversation, id, &keys, self.taking.now, step)?;
        if labelled || known.is_some() {
            self.store.refresh(id)?;
        }
        Ok(id)
    }

    fn write_row(
        &mut self,
        new: ArrivingConversation<'_>,
        known: Option<ConversationId>,
        keys: &[TurnKey],
    ) -> Result<ConversationId> {
        let ArrivingConversation { conversation: c, derived: d, hash, source, .. } = new;
        let failing_turn = d.failing.map(|i| &c.turns[i]);
        let store = self.store;
        let logged = |i: usize| {
            let name = c.turns[i].intent.as_deref();
            name.map(|n| store.intent_id(n, "log", self.taking.now)).transpose().map(|id| id.flatten().map(|id| id.0))
        };
        let rated = self.reading.and_then(|by| Some((rated_end(c)?.felt, by)));
        let let_down = rated.filter(|(felt, _)| *felt < 0.0).map_or(0, |_| Signal::SeemsLetDown as i64);
        // An outcome without a word on whose it is, is the log's own, as in a log that is read.
        let unsaid = if c.outcome.is_some() { OutcomeSource::Explicit } else { OutcomeSource::Derived };
        let facts = LogFacts {
            outcome: c.outcome.unwrap_or(Outcome::Unknown).code(),
            outcome_source: c.outcome_source.unwrap_or(unsaid).code(),
            fallback: d.fell_back,
            intent: d.failing.map(logged).transpose()?.flatten(),
            confidence: failing_turn.and_then(|t| t.confidence),
            repeats: store.repeats(d.text_key)?,
            signals: Signals::from_bits(d.signals.bits() | let_down),
            has_failing_turn: d.failing.is_some(),
            ..LogFacts::default()
        };
        let first_intent = d.first.map(logged).transpose()?.flatten();
        let s = standing(&facts, &PeoplesWord::default(), &IntentNames::default());
        let channel = c.channel.as_deref().map(|t| store.term(CHANNEL, t)).transpose()?;
        let language = c.lang.as_deref().map(|t| store.term(LANGUAGE, t)).transpose()?;
        let written = store.written_term(d.written.as_deref())?;
        let row = if known.is_some() { &mut self.for_known.row } else { &mut self.for_new.row };
        row.execute(params![
            known.map(|i| i.0),
            source,
            c.id,
            hash,
            d.group,
            d.part,
            c.customer_id,
            c.started_at.map(|t| t.0),
            c.ended_at.map(|t| t.0),
            d.last_at,
            channel,
            language,
            facts.outcome,
            facts.outcome_source,
            c.resolution.map(|r| r.code()),
            c.outcome_reason,
            d.csat,
            c.sentiment,
            c.turns.len() as i64,
            d.has_ai,
            d.failing.map(|place| keys[place]),
            facts.intent,
            facts.fallback,
            facts.confidence,
            d.first.map(|place| keys[place]),
            first_intent,
            d.text_key,
            facts.repeats,
            s.outcome,
            s.outcome_source,
            s.priority,
            s.doubt,
            d.extra,
            s.mismatch,
            d.signals.bits(),
            written,
            rated.map(|(felt, _)| felt),
            rated.map(|(_, by)| by),
        ])
        .doing("writing a conversation")?;
        Ok(known.unwrap_or_else(|| ConversationId(store.conn.last_insert_rowid())))
    }

    fn write_turns(
        &mut self,
        new: ArrivingConversation<'_>,
        id: ConversationId,
        keys: &[TurnKey],
        is_known: bool,
    ) -> Result<()> {
        let statements = if is_known { &mut self.for_known } else { &mut self.for_new };
        let mut extras = new.derived.turn_extras.iter().peekable();
        for (place, (t, key)) in new.conversation.turns.iter().zip(keys).enumerate() {
            let intent =
                t.intent.as_deref().map(|n| self.store.intent_id(n, "log", self.taking.now)).transpose()?.flatten();
            let extra = extras.next_if(|(of, _)| *of == place).map(|(_, extra)| extra);
            let place = place as u32;
            let (id, at, intent) = (turn_id(id, *key), t.at.map(|a| a.0), intent.map(|i| i.0));
            let is_plain = !is_known && !t.fallback && !t.payload && extra.is_none() && key.0 == place;
            let written = if is_plain {
                self.for_plain_turn.execute(params![id, t.role.code(), at, intent, t.confidence, t.text])
            } else {
                let moved = (key.0 != place).then_some(place);
                statements.turn.execute(params![
                    id,
                    t.role.code(),
                    at,
                    intent,
                    t.confidence,
                    t.fallback,
                    t.payload,
                    t.text,
                    extra,
                    moved
                ])
            };
            written.doing("writing a turn")?;
        }
        Ok(())
    }

    fn write_offers(&self, c: &Conversation, id: ConversationId, keys: &[TurnKey]) -> Result<()> {
        for (place, o) in c.offers.iter().enumerate() {
            let extra = (!o.meta.is_empty()).then(|| Value::Object(o.meta.clone()).to_string());
            let name = self.store.spelt_as_known(&o.name)?;
            self.store
                .conn
                .prepare_cached("INSERT INTO offer VALUES (?,?,?,?,?,?,?,?,?,?)")
                .and_then(|mut s| {
                    s.execute(params![
                        id.0,
                        place as i64,
                        o.id,
                        name,
                        o.turn.map(|t| keys.get(t as usize).copied().unwrap_or(TurnKey(t))),
                        o.status.code(),
                        o.shown_at.map(|t| t.0),
                        o.value,
                        o.currency,
                        extra
                    ])
                })
                .doing("writing an offer")?;
        }
        Ok(())
    }

    /// What came with a whole log stands for itself alone, whatever an earlier sample said.
    fn write_sampling(&self, c: &Conversation, id: ConversationId, is_known: bool) -> Result<()> {
        let run = |sql: &str, p: &[&dyn rusqlite::ToSql]| {
            let done = self.store.conn.prepare_cached(sql).and_then(|mut s| s.execute(p));
            done.map(drop).doing("writing how a conversation was drawn")
        };
        match &c.sampling {
            Some(s) => run("INSERT OR REPLACE INTO sampled VALUES (?, ?, ?)", &[&id.0, &s.stratum, &s.probability]),
            None if is_known => run("DELETE FROM sampled WHERE conversation = ?", &[&id.0]),
            None => Ok(()),
        }
    }

    fn write_feedback(&self, c: &Conversation, id: ConversationId, keys: &[TurnKey]) -> Result<()> {
        let write = |turn: i64, score: f64, max: f64, comment: &Option<String>, at: Option<Timestamp>| {
            self.store
                .conn
                .prepare_cached("INSERT INTO feedback VALUES (?,?,?,?,?,?)")
                .and_then(|mut s| s.execute(params![id.0, turn, score, max, comment, at.map(|t| t.0)]))
                .doing("writing feedback")
        };
        if let Some(s) = &c.csat {
            write(-1, s.score, s.max, &s.comment, s.at)?;
        }
        for (key, t) in keys.iter().zip(&c.turns) {
            if let Some(f) = &t.feedback {
                write(key.0.into(), f64::from(f.score), 1.0, &f.comment, t.at)?;
            }
        }
        Ok(())
    }
}
