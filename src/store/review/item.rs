//! What Review shows of one conversation, and which one comes next.

use crate::domain::review::decision::split_ids;
use crate::domain::{
    Cause, Conversation, ConversationId, CycleId, Flag, IntentId, Kind, ModeId, OUT_OF_SCOPE_ID, Outcome, Query,
    QueueOrder, Review, Timestamp, Turn, TurnKey,
};
use crate::learn::contract::Predict;
use crate::learn::sentiment::heard::{heard, number};
use crate::learn::signals;
use crate::store::decisions::log::turn_of;
use crate::store::decisions::projection_rules::needs_cause;
use crate::store::decisions::reviewers::IMPORT;
use crate::store::intents::names::IntentNames;
use crate::store::queue::columns::{IdSet, StateField, Test};
use crate::store::{DoingWhat, LabelUse, PageStart, Result, ReviewItem, Store, StoreError, Suggestion, TurnRanking};
use rusqlite::params;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Digits 1-9.
pub(in crate::store::review) const DIGITS: usize = 9;
/// Digits that are offered where the live model is at least [`SURE`] of its best guess: more would be noise.
const DIGITS_SURE: usize = 5;
/// Digits that are offered however sure the model is.
const DIGITS_ALWAYS: usize = 3;
/// Confidence from which on a best guess is taken for sure.
const SURE: f64 = 0.5;
/// Confidence below which another guess beside a sure one is only a digit to be hit by mistake.
const NOTHING: f64 = 0.01;

/// What a reviewer works through.
#[derive(Clone, Debug, PartialEq)]
pub enum ReviewScope {
    /// The frozen items of a cycle.
    Cycle(CycleId),
    /// What a query finds, in queue order.
    Query(Query, QueueOrder),
}

/// Columns of one conversation.
struct ItemRow {
    failing: Option<TurnKey>,
    request: Option<TurnKey>,
    part: i64,
    review: Review,
    traffic: bool,
    at: Option<Timestamp>,
}

/// Latest decisions on one conversation.
#[derive(Default)]
struct LatestDecisions {
    labels: Vec<(TurnKey, Vec<IntentId>, String)>,
    responses: Vec<(TurnKey, String)>,
    cause: Option<Cause>,
    note: Option<String>,
    mode: Option<ModeId>,
    sentiment: Option<f64>,
}

impl Store {
    /// Everything that Review shows of a conversation.
    ///
    /// # Errors
    /// No such conversation; the store cannot be read.
    pub fn review_item(&self, id: ConversationId) -> Result<ReviewItem> {
        let conversation = self.conversation(id)?;
        let names = self.intent_names()?;
        let row = self.row_of(id)?;
        let audit = self.audit_turn(id)?;
        // Where the log names no intents it is the request that is judged, wherever it went wrong after that.
        let asked =
            if crate::store::log_names_intents(&conversation) { row.failing } else { row.request.or(row.failing) };
        let turn = audit.or(asked);
        let latest = self.latest(id)?;
        let counts = self.counts_as(id, row.part, audit.is_some(), turn)?;
        let blind = counts == LabelUse::Audit;
        let reworded = self.reworded_turns(id)?;
        let logged = turn.map(|t| self.logged_on(&conversation, t, &names)).transpose()?.flatten();
        let TurnRanking { suggestions, confirmable } = match turn {
            None => TurnRanking::default(),
            Some(_) if blind => TurnRanking { suggestions: self.blind_digits(&names)?, confirmable: None },
            Some(t) => self.rank(&conversation, t, &names)?,
        };
        let named = |ids: &[IntentId]| ids.iter().map(|&i| names.name(names.today(i))).collect::<Vec<_>>();
        let label = latest.labels.iter().find(|(t, _, _)| Some(*t) == turn);
        let outcome = conversation.outcome.unwrap_or(Outcome::Unknown);
        Ok(ReviewItem {
            n: id,
            at: row.at,
            turn,
            logged,
            confirmable,
            label: label.map(|(_, ids, by)| (named(ids), by.clone())),
            judged: latest.labels.iter().any(|(t, ids, by)| {
                let counts = if blind { Some(*t) == turn } else { !reworded.contains(t) };
                counts && !by.starts_with(IMPORT) && ids.first().is_some_and(|&i| names.is_active(names.today(i)))
            }),
            needs_intent: names.has_intents(),
            needs_cause: needs_cause(outcome, row.traffic),
            cause: latest.cause,
            corrections: if latest.responses.is_empty() { Vec::new() } else { self.corrections_of(id)? },
            responses: latest.responses,
            drafts: Vec::new(),
            may_answer: true,
            mode: latest.mode.map(|m| self.standing_mode(m, latest.cause)).transpose()?.flatten(),
            note: latest.note,
            status: row.review,
            traffic: row.traffic,
            sentiment: latest.sentiment,
            counts,
            labels: latest.labels.iter().map(|(t, ids, by)| (*t, named(ids), by.clone())).collect(),
            disputes: self.disputed_turns(id)?,
            reworded,
            history: self.history(id)?,
            suggestions,
            signs: signals::found(&conversation),
            felt: if blind { Vec::new() } else { self.read_turns(&conversation)? },
            conversation,
        })
    }

    /// The same for one person: with what they have begun to write, and whether they may answer what is asked.
    ///
    /// # Errors
    /// No such conversation; the store cannot be read.
    pub fn review_item_for(&self, reviewer: &str, id: ConversationId) -> Result<ReviewItem> {
        let mut item = self.review_item(id)?;
        item.drafts = self.drafts(reviewer, id)?;
        if item.question().is_some_and(|q| q.answer.is_none() && q.by == reviewer) {
            item.may_answer = self.settles_corrections(reviewer)?;
        }
        Ok(item)
    }

    /// What is offered for a turn other than the one to judge. Not for blind items.
    ///
    /// # Errors
    /// No such conversation; the store cannot be read.
    pub fn turn_ranking(&self, id: ConversationId, turn: TurnKey) -> Result<TurnRanking> {
        let names = self.intent_names()?;
        self.rank(&self.conversation(id)?, turn, &names)
    }

    fn rank(&self, conversation: &Conversation, turn: TurnKey, names: &IntentNames) -> Result<TurnRanking> {
        let Some(place) = conversation.place_of(turn) else { return Ok(TurnRanking::default()) };
        let (logged, fell_back) = (self.logged_on(conversation, turn, names)?, conversation.fell_back(place));
        let suggestions = self.suggest(&conversation.turns[place], logged, fell_back, names)?;
        let suggestions = if suggestions.is_empty() { self.newest_intents(names)? } else { suggestions };
        let confirmable = logged.filter(|_| !fell_back).map(|i| (i, names.name(i)));
        Ok(TurnRanking { suggestions, confirmable })
    }

    /// The log's intent on a turn, merges followed.
    fn logged_on(&self, conversation: &Conversation, turn: TurnKey, names: &IntentNames) -> Result<Option<IntentId>> {
        let said = conversation.turn(turn).and_then(|t| t.intent.as_deref());
        let logged = said.map(|name| self.find_intent(name)).transpose()?.flatten();
        Ok(logged.map(|i| names.today(i)))
    }

    /// How the customer seems to feel at each turn, where the live release tells.
    fn read_turns(&self, conversation: &Conversation) -> Result<Vec<(u32, f64)>> {
        let Some((_, model)) = self.live_reading()? else { return Ok(Vec::new()) };
        let (turns, _) = heard(conversation, None);
        Ok(turns.iter().map(|t| (t.at, number(&model, t))).collect())
    }

    fn row_of(&self, id: ConversationId) -> Result<ItemRow> {
        self.conn
            .prepare_cached(
                "SELECT failing_turn, part, review, traffic, last_at, first_turn FROM conversation WHERE id = ?",
            )
            .and_then(|mut s| {
                s.query_row([id.0], |r| {
                    let review = Review::from_code(r.get(2)?).unwrap_or(Review::Open);
                    let at: i64 = r.get(4)?;
                    Ok(ItemRow {
                        failing: r.get(0)?,
                        request: r.get(5)?,
                        part: r.get(1)?,
                        review,
                        traffic: r.get(3)?,
                        at: (at != 0).then_some(Timestamp(at)),
                    })
                })
            })
            .doing("reading where a conversation stands")
    }

    fn counts_as(&self, id: ConversationId, part: i64, audit: bool, turn: Option<TurnKey>) -> Result<LabelUse> {
        Ok(match turn {
            _ if audit => LabelUse::Audit,
            _ if part == 0 => LabelUse::Training,
            Some(t) if self.is_gold_label(id, t)? => LabelUse::Gold,
            _ => LabelUse::Nothing,
        })
    }

    fn latest(&self, id: ConversationId) -> Result<LatestDecisions> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT c.kind, c.turn, c.value, r.name FROM current c JOIN reviewer r ON r.id = c.reviewer
                 WHERE c.subject = ? AND (c.kind < ? OR c.kind = ?) ORDER BY c.kind, c.turn",
            )
            .doing("reading the latest decisions")?;
        let mut rows =
            s.query(params![id.0, Kind::IntentName.code(), Kind::Mode.code()]).doing("reading the latest decisions")?;
        let mut out = LatestDecisions::default();
        while let Some(r) = rows.next().doing("reading the latest decisions")? {
            let read =
                || -> rusqlite::Result<(i64, i64, String, String)> { Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)) };
            let (kind, turn, value, by) = read().doing("reading a decision")?;
            let turn = turn_of(turn).unwrap_or_default();
            match Kind::from_code(kind) {
                Some(Kind::Intent) => out.labels.push((turn, split_ids(&value), by)),
                Some(Kind::Response) => out.responses.push((turn, value)),
                Some(Kind::Cause) => out.cause = Cause::from_name(&value),
                Some(Kind::Note) => out.note = Some(value),
                Some(Kind::Mode) => out.mode = value.parse().ok().map(ModeId),
                Some(Kind::Sentiment) => out.sentiment = value.parse().ok(),
                _ => {}
            }
        }
        Ok(out)
    }

    /// Intents for the digits: the live model's ranking, else the log's. What the AI predicted at the time is always
    /// among them.
    fn suggest(
        &self,
        turn: &Turn,
        logged: Option<IntentId>,
        fell_back: bool,
        names: &IntentNames,
    ) -> Result<Vec<Suggestion>> {
        let mut ranked: Vec<(IntentId, Option<f64>)> = Vec::new();
        let live = match self.live_model() {
            // People go on reviewing with what the log says.
            Err(StoreError::Encoder(_)) => None,
            found => found?,
        };
        if let Some(model) = live {
            let prediction = model.predict(&turn.text);
            ranked.extend(prediction.ranking.iter().map(|&(i, c)| (names.today(i), Some(f64::from(c)))));
        } else {
            for r in &turn.ranking {
                if let Some(i) = self.find_intent(&r.intent)? {
                    ranked.push((names.today(i), Some(r.confidence)));
                }
            }
        }
        ranked.retain(|&(i, _)| names.is_active(i));
        let mut seen = std::collections::HashSet::new();
        ranked.retain(|&(i, _)| seen.insert(i));
        let sure = ranked.first().is_some_and(|(_, c)| c.is_some_and(|c| c >= SURE));
        let digits = if sure { DIGITS_SURE } else { DIGITS };
        if let Some(now) = logged.filter(|&l| names.is_active(l))
            && !ranked.iter().take(digits).any(|&(i, _)| i == now)
        {
            ranked.truncate(digits - 1);
            ranked.push((now, turn.confidence));
        }
        ranked.truncate(digits);
        if sure {
            let mut place = 0;
            ranked.retain(|&(i, c)| {
                place += 1;
                place <= DIGITS_ALWAYS || Some(i) == logged || c.is_none_or(|c| c >= NOTHING)
            });
        }
        Ok(ranked
            .into_iter()
            .map(|(intent, confidence)| Suggestion {
                intent,
                name: names.name(intent),
                confidence,
                now: Some(intent) == logged && !fell_back,
            })
            .collect())
    }

    /// The intents that people gave last, then those that are newest on the list, each always behind the same digit: in the order in
    /// which they came to the list.
    fn newest_intents(&self, names: &IntentNames) -> Result<Vec<Suggestion>> {
        let given = self
            .conn
            .prepare_cached(
                "SELECT after FROM decision WHERE kind = ? AND after IS NOT NULL ORDER BY id DESC LIMIT 300",
            )
            .and_then(|mut s| {
                s.query_map([Kind::Intent.code()], |r| r.get(0))?.collect::<rusqlite::Result<Vec<String>>>()
            })
            .doing("reading the latest labels")?;
        let mut listed: Vec<IntentId> = names.all().filter(|&i| i != OUT_OF_SCOPE_ID).collect();
        listed.sort_by_key(|i| std::cmp::Reverse(i.0));
        let given = given.iter().filter_map(|ids| split_ids(ids).first().copied());
        let mut seen = std::collections::HashSet::from([OUT_OF_SCOPE_ID]);
        let newest = given.chain(listed).map(|i| names.today(i)).filter(|&i| names.is_active(i) && seen.insert(i));
        let mut newest: Vec<IntentId> = newest.take(DIGITS).collect();
        newest.sort_by_key(|i| i.0);
        Ok(newest
            .into_iter()
            .map(|intent| Suggestion { intent, name: names.name(intent), confidence: None, now: false })
            .collect())
    }

    /// The next conversation of a scope that is still open, after one (wrapping round once); `None` when all is done. What others than
    /// `who` have open comes last.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn next_item(
        &self,
        scope: &ReviewScope,
        after: Option<ConversationId>,
        who: &str,
        now: Timestamp,
    ) -> Result<Option<ConversationId>> {
        let taken = self.claimed_by_others(who, now)?;
        let (query, sort) = match scope {
            ReviewScope::Cycle(id) => return self.next_in_cycle(*id, after, &taken),
            ReviewScope::Query(query, sort) => (query, *sort),
        };
        let most = self.most()?;
        let free = Test::Among(Arc::new(taken.iter().map(|&id| most.row(id)).collect::<Result<IdSet>>()?));
        let open = |place, free: Option<&Test>| -> Result<Option<ConversationId>> {
            let mut wanted = self.wanted(query, now)?;
            // What has a disputed label was reviewed before; it is open as long as the dispute stands. Who asks for what was put off or
            // waits for an answer goes through that.
            if !query.asks_for(Flag::Disputed) && !query.asks_for_reviewed() {
                wanted.and(Test::codes(StateField::REVIEW, [Review::Open.code()]), false);
            }
            if let Some(taken) = free {
                wanted.and(taken.clone(), true);
            }
            // One more than asked for: the one on the screen does not count.
            let found = self.first_of(&wanted, query, sort, place, 2)?;
            Ok(found.into_iter().find(|&id| Some(id) != after))
        };
        let cursor = after.map(|id| self.cursor_of(id, query, sort)).transpose()?.flatten();
        let from = cursor.map(PageStart::After).into_iter().chain([PageStart::Start]);
        let steps = from.clone().map(|p| (p, Some(&free).filter(|_| !taken.is_empty())));
        let rest = from.map(|p| (p, None)).filter(|_| !taken.is_empty());
        for (place, free) in steps.chain(rest) {
            if let Some(found) = open(place, free)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Which of some conversations are not in a scope.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn not_in_scope(
        &self,
        scope: &ReviewScope,
        ids: impl Iterator<Item = ConversationId>,
        now: Timestamp,
    ) -> Result<BTreeSet<ConversationId>> {
        let mut outside: BTreeSet<ConversationId> = ids.collect();
        let inside = match scope {
            ReviewScope::Cycle(id) => {
                let items = self.ids("SELECT conversation FROM cycle_item WHERE cycle = ?", &[&id.0])?;
                items.into_iter().map(ConversationId).collect()
            }
            ReviewScope::Query(query, sort) => {
                let most = self.most()?;
                let among = outside.iter().map(|id| most.row(id.0)).collect::<Result<IdSet>>()?;
                let mut wanted = self.wanted(query, now)?;
                wanted.and(Test::Among(Arc::new(among)), false);
                self.first_of(&wanted, query, *sort, PageStart::Start, outside.len())?
            }
        };
        outside.retain(|id| !inside.contains(id));
        Ok(outside)
    }

    /// How many of a scope are decided on or put away, of how many. For a query that asks for open items the total counts what was done
    /// of it too.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn scope_progress(&self, scope: &ReviewScope, now: Timestamp) -> Result<(u64, u64)> {
        match scope {
            ReviewScope::Cycle(id) => {
                let row = self.cycle_row(*id)?;
                Ok((row.done, row.goal))
            }
            ReviewScope::Query(query, _) if query.asks_for(Flag::Disputed) => self.settled_disputes(),
            ReviewScope::Query(query, _) if query.asks_for_reviewed() => Ok((0, self.queue_count(query, now)?)),
            ReviewScope::Query(query, _) => {
                let mut all = query.clone();
                all.terms.retain(|t| !matches!(t.filter, crate::domain::Filter::Status(_)));
                let total = self.queue_count(&all, now)?;
                // What is put off or waits for an answer is not left either.
                let open = all.with(crate::domain::Filter::Status(vec![Review::Open]));
                Ok((total - self.queue_count(&open, now)?, total))
            }
        }
    }
}
