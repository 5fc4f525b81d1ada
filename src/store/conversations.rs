//! Writing conversations and reading them back.

use super::intents::IntentNames;
use super::standing::{Decided, Facts, standing};
use super::stored::{extra_of_conversation, extra_of_turn, five_scale, searchable, text_key};
use super::{Doing, Result, Store, turn_id};
use crate::domain::{Conversation, ConversationId, Outcome, OutcomeSource, Role, StepId, Timestamp, Turn};
use crate::learn::signals::signals;
use crate::text;
use rusqlite::{OptionalExtension, params};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// What to do with a conversation whose key is known and whose content differs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnDuplicate {
    /// Keep what is stored.
    Skip,
    /// Take the file's, unless it has fewer turns or is older.
    #[default]
    Update,
    /// Reject the line.
    Error,
}

/// What became of a conversation that was put into the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It was not there.
    New(ConversationId),
    /// It was there, and the file knows more.
    Updated(ConversationId),
    /// It was there already.
    Same(ConversationId),
    /// It was there with other content, and [`OnDuplicate::Error`] was asked for.
    Conflict(ConversationId),
}

/// Kinds of [`Store::term`].
pub(super) const SOURCE: i64 = 1;
pub(super) const CHANNEL: i64 = 2;
pub(super) const LANGUAGE: i64 = 3;

/// What is known of a stored conversation before it is overwritten.
struct Known {
    id: ConversationId,
    hash: Vec<u8>,
    outcome: i64,
    n_turns: i64,
    last_at: i64,
}

impl Store {
    /// Puts one conversation into the store, within a transaction of the caller's. `hash` is over its content: equal
    /// hashes mean that nothing changed. Labels of people are never touched. `step` collects the decisions that come
    /// with the log; give one variable to a whole import.
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
    ) -> Result<Added> {
        let source = self.term(SOURCE, &c.source)?;
        let known = self.known(source, &c.id)?;
        let last_at = last_activity(c);
        match known {
            // A derived outcome may change with time alone: a question left unanswered becomes an abandonment.
            Some(k) if k.hash == hash && c.outcome.is_none_or(|o| o.code() == k.outcome) => Ok(Added::Same(k.id)),
            Some(k) if on_duplicate == OnDuplicate::Error && k.hash != hash => Ok(Added::Conflict(k.id)),
            Some(k)
                if on_duplicate == OnDuplicate::Skip || (c.turns.len() as i64) < k.n_turns || last_at < k.last_at =>
            {
                Ok(Added::Same(k.id))
            }
            Some(k) => {
                self.remove_content(k.id)?;
                self.write(c, Some(k.id), source, hash, now, step)?;
                Ok(Added::Updated(k.id))
            }
            None => self.write(c, None, source, hash, now, step).map(Added::New),
        }
    }

    fn known(&self, source: i64, id: &str) -> Result<Option<Known>> {
        self.conn
            .prepare_cached("SELECT id, hash, logged_outcome, n_turns, last_at FROM conversation WHERE source = ? AND external_id = ?")
            .and_then(|mut s| {
                s.query_row(params![source, id], |r| {
                    Ok(Known {
                        id: ConversationId(r.get(0)?),
                        hash: r.get(1)?,
                        outcome: r.get(2)?,
                        n_turns: r.get(3)?,
                        last_at: r.get(4)?,
                    })
                })
                .optional()
            })
            .doing("looking for a conversation")
    }

    fn remove_content(&self, c: ConversationId) -> Result<()> {
        let (first, end) = (turn_id(c, 0), turn_id(ConversationId(c.0 + 1), 0));
        let run = |sql: &str, p: &[&dyn rusqlite::ToSql]| self.conn.prepare_cached(sql).and_then(|mut s| s.execute(p));
        run("DELETE FROM turn WHERE id >= ? AND id < ?", &[&first, &end])
            .and_then(|_| run("DELETE FROM prediction WHERE turn >= ? AND turn < ?", &[&first, &end]))
            .and_then(|_| run("DELETE FROM offer WHERE conversation = ?", &[&c.0]))
            .and_then(|_| run("DELETE FROM feedback WHERE conversation = ?", &[&c.0]))
            .and_then(|_| run("DELETE FROM search WHERE rowid = ?", &[&c.0]))
            .map(drop)
            .doing("replacing a conversation")
    }

    fn write(
        &self,
        c: &Conversation,
        id: Option<ConversationId>,
        source: i64,
        hash: &[u8],
        now: Timestamp,
        step: &mut Option<StepId>,
    ) -> Result<ConversationId> {
        let facts = self.write_row(c, id, source, hash, now)?;
        let id = facts.0;
        self.write_turns(c, id, now)?;
        self.write_offers(c, id)?;
        self.write_feedback(c, id)?;
        self.conn
            .prepare_cached("INSERT INTO search(rowid, text) VALUES (?, ?)")
            .and_then(|mut s| s.execute(params![id.0, searchable(c)]))
            .doing("indexing a conversation for search")?;
        let labelled = self.write_labels(c, id, now, step)?;
        if labelled || facts.1 {
            self.refresh(id)?;
        }
        Ok(id)
    }

    /// Writes the row; says whether it was there before.
    fn write_row(
        &self,
        c: &Conversation,
        id: Option<ConversationId>,
        source: i64,
        hash: &[u8],
        now: Timestamp,
    ) -> Result<(ConversationId, bool)> {
        let (group, part) = self.group_of(c);
        let failing = c.failing_turn();
        let failing_turn = failing.map(|i| &c.turns[i as usize]);
        let logged = |t: &Turn| t.intent.as_deref().map(|n| self.intent_id(n, "log", now)).transpose();
        let intent = failing_turn.map(logged).transpose()?.flatten();
        let first = first_matter(c);
        let first_intent = first.map(|i| logged(&c.turns[i as usize])).transpose()?.flatten();
        let outcome = c.outcome.unwrap_or(Outcome::Unknown);
        let text_key = failing_turn.map_or(0, |t| text_key(&t.text, outcome, part > 0));
        let outcome = outcome.code();
        let outcome_source = c.outcome_source.unwrap_or(OutcomeSource::Derived).code();
        let facts = Facts {
            outcome,
            outcome_source,
            fallback: failing.is_some_and(|i| c.fell_back(i)),
            intent: intent.map(|i| i.0),
            confidence: failing_turn.and_then(|t| t.confidence),
            repeats: self.repeats(text_key)?,
            signals: signals(c),
            has_failing_turn: failing.is_some(),
            ..Facts::default()
        };
        let s = standing(&facts, &Decided::default(), &IntentNames::default());
        let channel = c.channel.as_deref().map(|t| self.term(CHANNEL, t)).transpose()?;
        let language = c.lang.as_deref().map(|t| self.term(LANGUAGE, t)).transpose()?;
        self.conn
            .prepare_cached(
                "INSERT INTO conversation(id, source, external_id, hash, grp, part, customer, started_at, ended_at, last_at,
                    channel, language, logged_outcome, logged_source, resolution, outcome_reason, csat, sentiment, n_turns,
                    has_ai, failing_turn, intent, fallback, confidence, first_turn, first_intent, text_key, repeats,
                    outcome, outcome_source, priority, doubt, extra, mismatch, signals)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
                    ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35)
                 ON CONFLICT(id) DO UPDATE SET hash = ?4, grp = ?5, part = ?6, customer = ?7, started_at = ?8, ended_at = ?9,
                    last_at = ?10, channel = ?11, language = ?12, logged_outcome = ?13, logged_source = ?14, resolution = ?15,
                    outcome_reason = ?16, csat = ?17, sentiment = ?18, n_turns = ?19, has_ai = ?20, failing_turn = ?21,
                    intent = ?22, fallback = ?23, confidence = ?24, first_turn = ?25, first_intent = ?26, text_key = ?27,
                    repeats = CASE text_key WHEN ?27 THEN repeats ELSE ?28 END, suggested = NULL, suggested_confidence = NULL, margin = NULL, predicted_by = NULL, extra = ?33, signals = ?35",
            )
            .and_then(|mut q| {
                q.execute(params![
                    id.map(|i| i.0),
                    source,
                    c.id,
                    hash,
                    group,
                    part,
                    c.customer_id,
                    c.started_at.map(|t| t.0),
                    c.ended_at.map(|t| t.0),
                    last_activity(c),
                    channel,
                    language,
                    outcome,
                    outcome_source,
                    c.resolution.map(|r| r.code()),
                    c.outcome_reason,
                    c.csat.as_ref().map(five_scale),
                    c.sentiment,
                    c.turns.len() as i64,
                    c.turns.iter().any(|t| t.role == Role::Bot) || c.turns.iter().any(|t| t.intent.is_some()),
                    failing,
                    facts.intent,
                    facts.fallback,
                    facts.confidence,
                    first,
                    first_intent.map(|i| i.0),
                    text_key,
                    facts.repeats,
                    s.outcome,
                    s.outcome_source,
                    s.priority,
                    s.doubt,
                    extra_of_conversation(c),
                    s.mismatch,
                    facts.signals.bits(),
                ])
            })
            .doing("writing a conversation")?;
        Ok((id.unwrap_or_else(|| ConversationId(self.conn.last_insert_rowid())), id.is_some()))
    }

    fn write_turns(&self, c: &Conversation, id: ConversationId, now: Timestamp) -> Result<()> {
        let mut s = self
            .conn
            .prepare_cached(
                "INSERT INTO turn(id, role, at, intent, confidence, fallback, payload, text, extra) VALUES (?,?,?,?,?,?,?,?,?)",
            )
            .doing("writing turns")?;
        for (seq, t) in c.turns.iter().enumerate() {
            let intent = t.intent.as_deref().map(|n| self.intent_id(n, "log", now)).transpose()?;
            s.execute(params![
                turn_id(id, seq as u32),
                t.role.code(),
                t.at.map(|a| a.0),
                intent.map(|i| i.0),
                t.confidence,
                t.fallback,
                t.payload,
                t.text,
                extra_of_turn(t),
            ])
            .doing("writing a turn")?;
        }
        Ok(())
    }

    fn write_offers(&self, c: &Conversation, id: ConversationId) -> Result<()> {
        for (place, o) in c.offers.iter().enumerate() {
            let extra = (!o.meta.is_empty()).then(|| Value::Object(o.meta.clone()).to_string());
            self.conn
                .prepare_cached("INSERT INTO offer VALUES (?,?,?,?,?,?,?,?,?,?)")
                .and_then(|mut s| {
                    s.execute(params![
                        id.0,
                        place as i64,
                        o.id,
                        o.name,
                        o.turn,
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

    fn write_feedback(&self, c: &Conversation, id: ConversationId) -> Result<()> {
        let write = |turn: i64, score: f64, max: f64, comment: &Option<String>, at: Option<Timestamp>| {
            self.conn
                .prepare_cached("INSERT INTO feedback VALUES (?,?,?,?,?,?)")
                .and_then(|mut s| s.execute(params![id.0, turn, score, max, comment, at.map(|t| t.0)]))
                .doing("writing feedback")
        };
        if let Some(s) = &c.csat {
            write(-1, s.score, s.max, &s.comment, s.at)?;
        }
        for (seq, t) in c.turns.iter().enumerate() {
            if let Some(f) = &t.feedback {
                write(seq as i64, f64::from(f.score), 1.0, &f.comment, t.at)?;
            }
        }
        Ok(())
    }

    /// How many near duplicates were stored before the next one. Counted by the last one's number, so that words said a
    /// hundred thousand times cost no more than words said once.
    fn repeats(&self, text_key: i64) -> Result<i64> {
        if text_key == 0 {
            return Ok(0);
        }
        self.conn
            .prepare_cached("SELECT coalesce(max(repeats) + 1, 0) FROM conversation WHERE text_key = ?")
            .and_then(|mut s| s.query_row([text_key], |r| r.get(0)))
            .doing("looking for near duplicates")
    }

    /// The group (customer, else conversation) and its part (rule 11).
    fn group_of(&self, c: &Conversation) -> (i64, i64) {
        match c.customer_id.as_deref().filter(|s| !s.is_empty()) {
            Some(customer) => self.group_of_key(&["customer\0", customer]),
            None => self.group_of_key(&["conversation\0", &c.source, "\0", &c.id]),
        }
    }

    /// The group and part of whatever a group is made of.
    pub(super) fn group_of_key(&self, key: &[&str]) -> (i64, i64) {
        let mut hash = Sha256::new();
        hash.update(self.group_seed.to_le_bytes());
        hash.update(key.concat());
        let digest = hash.finalize();
        let word = |at: usize| u64::from_le_bytes(std::array::from_fn(|i| digest[at + i]));
        // 53 bits make an even fraction of 0..1.
        let fraction = |w: u64| (w >> 11) as f64 / (1u64 << 53) as f64;
        let part = match (fraction(word(8)) < self.test_share, word(16) & 1) {
            (false, _) => 0,
            (true, 0) => 1,
            (true, _) => 2,
        };
        ((word(0) >> 1) as i64, part)
    }

    /// The row of a dictionary term, made if needed.
    pub(super) fn term(&self, kind: i64, text: &str) -> Result<i64> {
        let key = (kind, text.to_owned());
        if let Some(&id) = self.caches.terms.borrow().get(&key) {
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
        self.caches.terms.borrow_mut().insert(key, id);
        Ok(id)
    }
}

/// The last moment known, 0 where the log has no times.
fn last_activity(c: &Conversation) -> i64 {
    let turns = c.turns.iter().filter_map(|t| t.at).max();
    turns.max(c.ended_at).max(c.started_at).map_or(0, |t| t.0)
}

/// The turn that says what the conversation is about (rule 2): the first user turn that is no payload, greeting or thanks.
fn first_matter(c: &Conversation) -> Option<u32> {
    let small = |t: &Turn| {
        text::smalltalk::is_smalltalk(&t.text) || t.intent.as_deref().is_some_and(text::smalltalk::is_smalltalk_intent)
    };
    c.turns.iter().position(|t| t.role == Role::User && !t.payload && !small(t)).map(|i| i as u32)
}
