//! Conversations of logs that name none, found by when they begin and end: an export begins later than another, tells times by the minute
//! alone, or is the other half of a chat.

use crate::domain::join;
use crate::domain::{Conversation, ConversationId, Timestamp};
use crate::store::conversations::arriving::{ArrivingConversation, ConversationEnds, EndSet};
use crate::store::conversations::write::ConversationWriter;
use crate::store::{DoingWhat, Result, Store};
use rusqlite::params;
use std::collections::BTreeSet;

/// Conversations that begin or end with a message of another and are compared with it: more of them are of a log with times that say little.
const COMPARED: usize = 200;
/// The same where another was said in one moment: where more begin or end in it, it is a day, or they came all at once.
const AT_ONE_MOMENT: usize = 10;

/// When those of several turns begin and end, and when those of one were said.
const OF_SEVERAL: &str = "SELECT started_at, id FROM conversation WHERE n_turns > 1 AND started_at IS NOT NULL
    UNION ALL SELECT last_at, id FROM conversation WHERE n_turns > 1 AND last_at <> 0";
const OF_ONE: &str = "SELECT last_at, id FROM conversation WHERE n_turns = 1 AND last_at <> 0";

impl ConversationWriter<'_> {
    /// The row of a conversation that has messages of this one, or that this one goes on with.
    pub(super) fn by_its_ends(&mut self, new: ArrivingConversation<'_>) -> Result<Option<ConversationId>> {
        let c = new.conversation;
        // One message of nobody in particular is many people's.
        let says_whose = c.turns.len() > 1 || c.customer_id.is_some();
        let Some(ends) = self.taking.ends.filter(|_| says_whose) else { return Ok(None) };
        for id in self.store.met_at_an_end(ends, c, new.silence.is_some())? {
            let stored = self.store.conversation_as_logged(id)?;
            if !new.is_source_guessed && stored.source != c.source {
                continue;
            }
            let goes_on = join::goes_on(&stored, c);
            // Within one log who says the same at the same time is another, but not a customer of the same name in a folder of chats.
            let is_other_log = id.0 <= self.taking.newest_before || new.silence.is_some() && c.customer_id.is_some();
            if goes_on || is_other_log && join::is_told_again(&stored, c) {
                if goes_on {
                    self.notes.continued.add(self.store.conversation_key(id)?);
                }
                return Ok(Some(id));
            }
        }
        self.other_half(new)
    }

    /// The row of the other half of a chat that was cut into two logs. Within one log it is cut where it has to be.
    fn other_half(&mut self, new: ArrivingConversation<'_>) -> Result<Option<ConversationId>> {
        let c = new.conversation;
        let mut times = c.turns.iter().filter_map(|t| t.at.map(|at| at.0));
        let (Some(silence), Some(customer), Some(first)) = (new.silence, &c.customer_id, times.next()) else {
            return Ok(None);
        };
        let last = times.next_back().unwrap_or(first);
        let near: Vec<ConversationId> = self
            .store
            .conn
            .prepare_cached(
                "SELECT id FROM conversation WHERE customer = ?1 AND source = ?2 AND id <= ?3 AND started_at <= ?4 AND last_at >= ?5
                ORDER BY id LIMIT ?6",
            )
            .and_then(|mut s| {
                let (until, from) = (last.saturating_add(silence), first.saturating_sub(silence));
                let newest_before = self.taking.newest_before;
                s.query_map(params![customer, new.source, newest_before, until, from, COMPARED as i64], |r| r.get(0).map(ConversationId))
                    .and_then(Iterator::collect)
            })
            .doing("looking for the other half of a chat")?;
        for id in near {
            if join::follows(&self.store.conversation_as_logged(id)?, c, silence) {
                self.notes.halves.add(self.store.conversation_key(id)?);
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// Adds when a conversation of a log that names none begins and ends.
    pub(in crate::store) fn note_ends(&self, new: ArrivingConversation<'_>, id: ConversationId) {
        let turns = &new.conversation.turns;
        let mut times = turns.iter().filter_map(|t| t.at);
        let ends = self.taking.ends.filter(|_| new.is_id_made);
        if let (Some(ends), Some(first)) = (ends, times.next()) {
            let mut known = ends.0.borrow_mut();
            let known = if turns.len() > 1 { &mut known.of_several } else { &mut known.of_one };
            known.iter_mut().for_each(|set| set.extend([(first, id), (times.next_back().unwrap_or(first), id)]));
        }
    }
}

impl Store {
    /// Conversations that begin or end at the moment of a message of another: an export that begins later or ends earlier shares one of the two.
    /// What is one message alone is found in others only, and in a chat as itself.
    fn met_at_an_end(&self, ends: &ConversationEnds, c: &Conversation, is_chat: bool) -> Result<Vec<ConversationId>> {
        let moments = join::moments(&c.turns);
        if moments.is_empty() {
            return Ok(Vec::new());
        }
        let mut times = c.turns.iter().filter_map(|t| t.at);
        let first = times.next();
        let is_one_moment = times.all(|at| Some(at) == first);
        let mut known = ends.0.borrow_mut();
        if known.of_several.is_none() {
            known.of_several = Some(self.ends(OF_SEVERAL)?);
        }
        let may_be_one = is_chat || c.turns.len() > 1;
        if known.of_one.is_none() && may_be_one {
            known.of_one = Some(self.ends(OF_ONE)?);
        }
        let others = known.of_one.iter().filter(|_| may_be_one);
        let sets: Vec<&EndSet> = known.of_several.iter().chain(others).collect();
        let within = |&(from, to): &(Timestamp, Timestamp)| {
            let all = (from, ConversationId(i64::MIN))..=(to, ConversationId(i64::MAX));
            sets.iter().flat_map(move |set| set.range(all.clone())).map(|&(_, id)| id)
        };
        // Each may begin and end there.
        let most = if is_one_moment { 2 * AT_ONE_MOMENT + 1 } else { usize::MAX };
        let met: BTreeSet<ConversationId> = moments.iter().flat_map(within).take(most).collect();
        Ok(match is_one_moment && met.len() > AT_ONE_MOMENT {
            true => Vec::new(),
            false => met.into_iter().take(COMPARED).collect(),
        })
    }

    fn ends(&self, sql: &str) -> Result<EndSet> {
        self.conn
            .prepare(sql)
            .and_then(|mut s| {
                s.query_map([], |r| Ok((Timestamp(r.get(0)?), ConversationId(r.get(1)?)))).and_then(Iterator::collect)
            })
            .doing("reading when conversations begin and end")
    }
}
