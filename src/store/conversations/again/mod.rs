//! What comes again (rule 34): a stored conversation that a log tells once more, perhaps under another name.

mod changed;
mod ends;
mod rated;

use super::arriving::{ArrivalResult, ArrivingConversation, OnDuplicate};
use super::write::{ConversationWriter, KnownConversation};
use crate::domain::join::{self, JoinResult};
use crate::domain::{Conversation, ConversationId, Kind, Outcome, OutcomeSource, StepId, TurnKey};
use crate::store::codes::{AI, ANSWER_STATE, ANSWER_TEXT, CUSTOMER, LABEL, PIN, SOURCE};
use crate::store::{DoingWhat, MOST_TURNS, Result, Store, turn_id, turn_range};
use rusqlite::{OptionalExtension, ToSql, params};
use std::sync::LazyLock;

/// A turn for which somebody decided something that cannot be about it: the answer of nobody, the intent of an answer.
pub(in crate::store) static ORPHANED: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT k.subject, k.kind, k.turn, k.value, k.decision, k.reviewer FROM current k
    LEFT JOIN turn t ON t.id = (k.subject << 20 | k.turn)
    WHERE k.turn >= 0 AND (k.kind IN ({LABEL}, {PIN}) AND coalesce(t.role, 0) <> {CUSTOMER} OR k.kind IN ({ANSWER_TEXT}, {ANSWER_STATE}) AND coalesce(t.role, 0) <> {AI})")
});

/// Decisions on turns whose words have changed since, which nobody has confirmed.
pub(in crate::store) const REWORDED: &str =
    "SELECT k.subject, k.kind, k.turn, k.value, k.decision, k.reviewer FROM reworded w
    JOIN current k ON k.subject = w.turn >> 20 AND k.turn = w.turn & 1048575 AND k.decision <= w.decision";

/// SQL that says whether a decision of the log, with its kind, was about other words than its turn has had since, at a moment. Who
/// first said what an undo gave back said it of the words of that time; what was taken back itself, which an odd number of undos and
/// redos did, was said of none.
pub(in crate::store) fn is_stale(subject: &str, kind: &str, turn: &str, after: &str, id: &str, moment: &str) -> String {
    format!(
        "EXISTS(SELECT 1 FROM reworded w WHERE w.turn = ({subject} << 20 | {turn}) AND w.decision <= {moment} AND w.decision >= (
            SELECT max(o.id) FROM decision o WHERE o.subject = {subject} AND o.kind = {kind} AND o.turn = {turn}
              AND o.undoes IS NULL AND o.after IS {after} AND o.id <= {id}
              AND (SELECT count(*) FROM decision u WHERE u.subject = o.subject AND u.kind = o.kind AND u.turn = o.turn
                AND u.undoes = o.id AND u.id <= {id}) % 2 = 0))"
    )
}

impl ConversationWriter<'_> {
    /// Takes a conversation that is stored already.
    pub(in crate::store) fn again(
        &mut self,
        new: ArrivingConversation<'_>,
        id: ConversationId,
        step: &mut Option<StepId>,
    ) -> Result<ArrivalResult> {
        let store = self.store;
        let stored = store.conversation_as_logged(id)?;
        let told = store.with_names_of_today(new.conversation)?;
        let has_fewer = told.turns.len() < stored.turns.len();
        let JoinResult { mut conversation, reworded, added, met, beside } =
            self.join(&stored, &told, self.taking.take_older);
        if conversation == stored {
            // An earlier part fills in nothing; whether it says anything else shows where its word is taken.
            let is_older = added == 0 && has_fewer && self.join(&stored, &told, true).conversation != stored;
            return Ok(if is_older { ArrivalResult::Older(id) } else { ArrivalResult::Same(id) });
        }
        match self.taking.on_duplicate {
            OnDuplicate::Error => return Ok(ArrivalResult::Conflict(id)),
            OnDuplicate::Skip => return Ok(ArrivalResult::Kept(id)),
            OnDuplicate::Update => {}
        }
        if added == 0 && has_fewer && !self.taking.take_older {
            return Ok(ArrivalResult::Older(id));
        }
        // The other half of a chat has none, and was not stored under that name.
        if met == 0 && stored.id == new.conversation.id {
            self.notes.strangers.add(format!("{}:{}", stored.source, stored.id));
        }
        if beside > 0 {
            self.notes.beside.add(format!("{}:{}", stored.source, stored.id));
        }
        let first_new = stored.turns.iter().map(|t| t.key.0 + 1).max().unwrap_or(0);
        if first_new as usize + added > MOST_TURNS {
            return Ok(ArrivalResult::Full(id));
        }
        for (key, turn) in (first_new..).zip(conversation.turns.iter_mut().filter(|t| t.key == join::NEW)) {
            turn.key = TurnKey(key);
        }
        let mut derived = store.deriver().derive(&conversation);
        let (group, part) = store.group_of_stored(id)?;
        if derived.group != group && store.is_decided_on(id)? {
            (derived.group, derived.part) = (group, part);
            if stored.customer_id != conversation.customer_id {
                self.notes.bound.add(format!("{}:{}", conversation.source, conversation.id));
            }
        }
        self.note_moved(id, &stored, &conversation, &reworded)?;
        store.note_changed_signals(&stored, &conversation)?;
        store.note_revision(id)?;
        store.remove_rest(id)?;
        let joined = ArrivingConversation { conversation: &conversation, derived: &derived, ..new };
        self.write(joined, Some(id), step)?;
        Ok(ArrivalResult::Updated(id))
    }

    /// Joins both under the stored one's name, with an outcome.
    fn join(&self, stored: &Conversation, told: &Conversation, as_later: bool) -> JoinResult {
        let mut joined = join::join(stored, told, as_later);
        let c = &mut joined.conversation;
        (c.source, c.id) = (stored.source.clone(), stored.id.clone());
        if c.outcome.is_none() {
            (self.taking.settle)(c);
        }
        joined
    }

    /// Counts what becomes of the decisions on turns, and notes from when on they are about other words.
    fn note_moved(
        &mut self,
        id: ConversationId,
        stored: &Conversation,
        joined: &Conversation,
        reworded: &[TurnKey],
    ) -> Result<()> {
        for (kind, key) in self.store.decided_turns(id)? {
            let (before, after) = (stored.place_of(key), joined.place_of(key));
            let role = |c: &Conversation| c.turn(key).map(|t| t.role);
            match () {
                () if kind == Kind::ResponseState => {}
                () if role(stored) != role(joined) => self.notes.orphaned += 1,
                () if reworded.contains(&key) && kind != Kind::Pin => self.notes.reworded += 1,
                () if before != after => self.notes.carried += 1,
                () => {}
            }
        }
        let last = self.store.last_decision()?;
        for &key in reworded {
            self.store
                .conn
                .prepare_cached("INSERT OR REPLACE INTO reworded(turn, decision, at) VALUES (?, ?, ?)")
                .and_then(|mut s| s.execute(params![turn_id(id, key), last.0, self.taking.now.0]))
                .doing("noting that words have changed")?;
        }
        Ok(())
    }

    /// The row of a conversation that is stored under another name: a number that a spreadsheet made a fraction of, or
    /// the same talk in the export of another week, where the file's name is all that tells a source; of a log that names no
    /// conversation, what has messages of it.
    pub(in crate::store) fn under_another_name(
        &mut self,
        new: ArrivingConversation<'_>,
    ) -> Result<Option<ConversationId>> {
        let found = if self.store.is_first_load() { None } else { self.under_its_names(new)? };
        if found.is_some() || !new.is_id_made {
            return Ok(found);
        }
        self.by_its_ends(new)
    }

    fn under_its_names(&mut self, new: ArrivingConversation<'_>) -> Result<Option<ConversationId>> {
        let c = new.conversation;
        let mut names: Vec<(i64, String)> = Vec::new();
        names.extend(other_numbers(&c.id).into_iter().map(|id| (new.source, id)));
        if new.is_source_guessed {
            for (source, name) in self.store.sources()?.into_iter().filter(|(s, _)| *s != new.source) {
                // What was called like its file was called like another file there.
                names.extend(other_numbers(&c.id).into_iter().map(|id| (source, id)));
                names.push((source, if c.id == c.source { name } else { c.id.clone() }));
            }
        }
        if !new.is_source_guessed {
            self.note_copies(new)?;
        }
        for (source, id) in names {
            let newest_before = self.taking.newest_before;
            let came_before = |known: &KnownConversation| source != new.source || known.id.0 <= newest_before;
            let Some(known) = self.known(source, &id)?.filter(came_before) else { continue };
            let stored = Conversation { id: c.id.clone(), ..self.store.conversation_as_logged(known.id)? };
            let is_copy = self.taking.copy_of == Some(source) && join::is_word_for_word(&stored, c);
            if is_copy || join::is_same_talk(&stored, c) {
                self.notes.elsewhere.add(self.store.conversation_key(known.id)?);
                return Ok(Some(known.id));
            }
            if source != new.source && id == c.id {
                self.notes.namesakes.add(self.store.conversation_key(known.id)?);
            }
        }
        Ok(None)
    }

    /// Notes a conversation that is stored under another source although it says the same.
    fn note_copies(&mut self, new: ArrivingConversation<'_>) -> Result<()> {
        let c = new.conversation;
        for (source, _) in self.store.sources()?.into_iter().filter(|(s, _)| *s != new.source) {
            let Some(known) = self.known(source, &c.id)? else { continue };
            // An id that is made of what is said is the same for the same.
            if new.is_id_made || join::is_same_talk(&self.store.conversation_as_logged(known.id)?, c) {
                self.notes.copies.add(self.store.conversation_key(known.id)?);
                break;
            }
        }
        Ok(())
    }
}

/// The number of what spreadsheets made of it (`4711.0`, `4711,0`, `04711`, `4,711`, `'4711`, `="4711"`), and of a number the commonest of
/// these alone: each is looked up for every conversation that comes.
fn other_numbers(id: &str) -> Vec<String> {
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let bare = id.strip_prefix('\'').or_else(|| id.strip_prefix("=\"")?.strip_suffix('"')).unwrap_or(id);
    let (whole, rest) = bare.split_once(['.', ',']).unwrap_or((bare, ""));
    let is_fraction = !rest.is_empty() && rest.bytes().all(|b| b == b'0') && rest.len() < 3;
    let thousands = || {
        let groups: Vec<&str> = bare.split([',', '.', '\u{a0}', ' ']).collect();
        let fits = groups.len() > 1 && groups[0].len() < 4 && groups[1..].iter().all(|g| g.len() == 3);
        (fits && groups.iter().all(|g| digits(g))).then(|| groups.concat())
    };
    let number = if digits(bare) || is_fraction && digits(whole) { Some(whole.to_owned()) } else { thousands() };
    let Some(number) = number else { return Vec::new() };
    if number == id && !number.starts_with('0') {
        return vec![format!("{number}.0")];
    }
    let short = number.trim_start_matches('0').to_owned();
    let mut all = vec![number, short];
    all.retain(|other| other != id && !other.is_empty());
    all
}

/// Of so many conversations one may be missing in the log of which another is a copy.
const ONE_MISSING_OF: usize = 10;
/// Conversations that are looked up to tell a copy.
const LOOKED_UP: usize = 200;

impl Store {
    /// The numbers of all sources and their names.
    fn sources(&self) -> Result<Vec<(i64, String)>> {
        self.conn
            .prepare_cached("SELECT id, text FROM term WHERE kind = ?")
            .and_then(|mut s| s.query_map([SOURCE], |r| Ok((r.get(0)?, r.get(1)?))).and_then(Iterator::collect))
            .doing("reading the sources")
    }

    /// The source that a log is a copy of, perhaps with more at its end, by its first conversations.
    /// One of them alone may be said twice by chance; nearly all of them are not.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn copied_source(&self, first: &[&Conversation]) -> Result<Option<i64>> {
        let first = &first[..first.len().min(LOOKED_UP)];
        let Some(own) = first.first().map(|c| c.source.as_str()) else { return Ok(None) };
        for (source, _) in self.sources()?.into_iter().filter(|(_, name)| name != own) {
            let holds: i64 = self
                .conn
                .prepare_cached("SELECT count(*) FROM (SELECT 1 FROM conversation WHERE source = ? LIMIT ?)")
                .and_then(|mut s| s.query_row(params![source, LOOKED_UP as i64], |r| r.get(0)))
                .doing("counting a source's conversations")?;
            let (mut found, mut words) = (0, 0);
            for c in first {
                let Some(id) = self.row_under(source, &c.id)? else { continue };
                if join::is_word_for_word(&self.conversation_as_logged(id)?, c) {
                    found += 1;
                    words += c.turns.iter().map(|t| t.text.split_whitespace().count()).sum::<usize>();
                }
            }
            let could = first.len().min(holds as usize);
            if words >= join::NO_CHANCE && (could - found.min(could)) * ONE_MISSING_OF <= could {
                return Ok(Some(source));
            }
        }
        Ok(None)
    }

    fn row_under(&self, source: i64, id: &str) -> Result<Option<ConversationId>> {
        self.conn
            .prepare_cached("SELECT id FROM conversation WHERE source = ? AND external_id = ?")
            .and_then(|mut s| s.query_row(params![source, id], |r| r.get(0).map(ConversationId)).optional())
            .doing("looking for a conversation")
    }

    /// A conversation as the log told it: without what reviewers said of its outcome.
    fn conversation_as_logged(&self, id: ConversationId) -> Result<Conversation> {
        let mut c = self.conversation(id)?;
        let (outcome, source) = self
            .conn
            .prepare_cached("SELECT logged_outcome, logged_source FROM conversation WHERE id = ?")
            .and_then(|mut s| s.query_row([id.0], |r| Ok((r.get(0)?, r.get(1)?))))
            .doing("reading a conversation's outcome")?;
        c.outcome = Outcome::from_code(outcome);
        c.outcome_source = OutcomeSource::from_code(source);
        Ok(c)
    }

    /// A conversation with the AI's intents under the names that they have today: what is stored is read back so.
    fn with_names_of_today(&self, c: &Conversation) -> Result<Conversation> {
        let names = self.intent_names()?;
        let mut c = c.clone();
        for turn in &mut c.turns {
            if let Some(id) = turn.intent.as_deref().map(|n| self.find_intent(n)).transpose()?.flatten() {
                turn.intent = Some(names.name(id));
            }
        }
        Ok(c)
    }

    /// Takes away what is written anew: turns stay, they are replaced one by one.
    fn remove_rest(&self, c: ConversationId) -> Result<()> {
        let (first, end) = turn_range(c);
        let conn = &self.conn;
        let run = |sql: &str, p: &[&dyn ToSql]| conn.prepare_cached(sql).and_then(|mut s| s.execute(p));
        run("DELETE FROM prediction WHERE turn >= ? AND turn < ?", &[&first, &end])
            .and_then(|_| run("DELETE FROM offer WHERE conversation = ?", &[&c.0]))
            .and_then(|_| run("DELETE FROM feedback WHERE conversation = ?", &[&c.0]))
            .map(drop)
            .doing("replacing a conversation")?;
        self.unsearch(c)
    }

    fn group_of_stored(&self, id: ConversationId) -> Result<(i64, i64)> {
        self.conn
            .prepare_cached("SELECT grp, part FROM conversation WHERE id = ?")
            .and_then(|mut s| s.query_row([id.0], |r| Ok((r.get(0)?, r.get(1)?))))
            .doing("reading a conversation's group")
    }

    /// Whether anything hangs on the group of a conversation.
    fn is_decided_on(&self, id: ConversationId) -> Result<bool> {
        let (first, end) = turn_range(id);
        self.conn
            .prepare_cached(
                "SELECT EXISTS(SELECT 1 FROM decision WHERE subject = ?1 AND kind < ?2)
                    OR EXISTS(SELECT 1 FROM cycle_item WHERE conversation = ?1)
                    OR EXISTS(SELECT 1 FROM gold_version v JOIN gold_item g ON g.version = v.version AND g.turn >= ?3 AND g.turn < ?4)",
            )
            .and_then(|mut s| s.query_row(params![id.0, Kind::IntentName.code(), first, end], |r| r.get(0)))
            .doing("looking for decisions on a conversation")
    }

    /// What stands on turns of a conversation: the kinds and the turns.
    fn decided_turns(&self, id: ConversationId) -> Result<Vec<(Kind, TurnKey)>> {
        let rows: Vec<(i64, TurnKey)> = self
            .conn
            .prepare_cached("SELECT kind, turn FROM current WHERE subject = ? AND kind < ? AND turn >= 0")
            .and_then(|mut s| {
                s.query_map(params![id.0, Kind::IntentName.code()], |r| Ok((r.get(0)?, r.get(1)?)))
                    .and_then(Iterator::collect)
            })
            .doing("reading what stands on turns")?;
        Ok(rows.into_iter().filter_map(|(kind, turn)| Some((Kind::from_code(kind)?, turn))).collect())
    }

    /// Turns of a conversation on which something stands that was said of other words than they have now.
    pub(in crate::store) fn reworded_turns(&self, id: ConversationId) -> Result<Vec<TurnKey>> {
        self.conn
            .prepare_cached(&format!("{REWORDED} WHERE w.turn >= ? AND w.turn < ? ORDER BY w.turn"))
            .and_then(|mut s| s.query_map(turn_range(id), |r| r.get(2)).and_then(Iterator::collect))
            .doing("looking whether words have changed")
    }

    /// Whether what was decided on a turn was said of other words than it has now.
    pub(in crate::store) fn is_reworded(&self, id: ConversationId, turn: TurnKey, decision: i64) -> Result<bool> {
        self.conn
            .prepare_cached("SELECT decision FROM reworded WHERE turn = ?")
            .and_then(|mut s| s.query_row([turn_id(id, turn)], |r| r.get::<_, i64>(0)).optional())
            .map(|until| until.is_some_and(|until| decision <= until))
            .doing("looking whether words have changed")
    }
}

#[cfg(test)]
mod tests;
