//! The simulated reviewers: they work a cycle through the same calls as a person, and are wrong in one of twenty labels.

use super::company::CustomerMatter;
use super::dice::Dice;
use super::people::DemoWeek;
use super::talk::SimulatedTruth;
use super::{ANDREAS, Demo, LEAD};
use crate::domain::time::HOUR;
use crate::domain::{
    Cause, ConversationId, CycleId, DecisionChange, Filter, Outcome, Query, Review, TestGroups, Timestamp, TurnKey,
};
use crate::jobs::JobError;
use crate::store::{CorrectionState, NewCycle, ReviewItem, ReviewScope, Store};
use std::collections::BTreeSet;

/// Conversations a cycle, audit items included.
const GOAL: u64 = 40;
/// How often a reviewer names the wrong intent.
const MISTAKEN: f64 = 0.05;
/// How often somebody writes the better answer when they see a faulty one.
const CORRECTS: f64 = 0.4;
/// How often a note is left.
const NOTES: f64 = 0.06;
/// How often a reviewer cannot tell.
const SKIPS: f64 = 0.015;
/// What the reviewers look at: what went wrong in the week behind them.
const SCOPE: &str = "outcome:failed,escalated,abandoned since:7d";

/// One reviewer at work.
struct DemoReviewer {
    name: &'static str,
    clock: Timestamp,
}

impl Demo<'_> {
    /// Opens a cycle on a week, works it and closes it. Nothing where nothing went wrong.
    pub(super) fn review(&mut self, store: &mut Store, week: DemoWeek) -> Result<Option<CycleId>, JobError> {
        let mut dice = Dice::part(self.options.seed ^ 0x4E71E3, u64::from(week.number));
        let opened = week.end.plus(4 * HOUR);
        let scope = Query::parse(SCOPE).map_err(|e| JobError::Usage(e.to_string()))?;
        if store.queue_count(&scope.with(Filter::Test(TestGroups::Hidden)), opened)? == 0 {
            return Ok(None);
        }
        let new = NewCycle { scope: SCOPE, goal: GOAL, seed: self.options.seed, ..NewCycle::default() };
        let cycle = store.open_cycle(LEAD, opened, &new)?.id;
        let mut hands = [LEAD, ANDREAS].map(|name| DemoReviewer { name, clock: opened.plus(HOUR / 6) });
        let mut seen = BTreeSet::new();
        let mut after = None;
        while let Some(id) = store.next_item(&ReviewScope::Cycle(cycle), after, hands[0].name, hands[0].clock)? {
            if !seen.insert(id) {
                break;
            }
            let who = &mut hands[usize::from(dice.chance(0.6))];
            who.clock = who.clock.plus(1_000 * dice.between(6, 34));
            self.judge(store, id, who, &mut dice)?;
            after = Some(id);
        }
        let closed = hands.iter().map(|h| h.clock).max().unwrap_or(opened);
        self.new_products(store, closed)?;
        Self::accept_answers(store, closed)?;
        store.close_cycle(LEAD, closed.plus(HOUR / 20), cycle, None)?;
        Ok(Some(cycle))
    }

    /// The lead reads what others have written and accepts it.
    fn accept_answers(store: &mut Store, at: Timestamp) -> Result<(), JobError> {
        for row in
            store.corrections()?.into_iter().filter(|r| r.state == CorrectionState::Proposed && r.holds.is_none())
        {
            let place = store.place(row.n, row.turn)?;
            store.accept_response(LEAD, at, row.n, Some(place), None)?;
        }
        Ok(())
    }

    /// One item: intent, cause, sometimes a better answer or a note, as one step.
    fn judge(
        &mut self,
        store: &mut Store,
        id: ConversationId,
        who: &DemoReviewer,
        dice: &mut Dice,
    ) -> Result<(), JobError> {
        let item = store.review_item(id)?;
        let Some(truth) = self.truths.get(&id).cloned() else { return Ok(()) };
        let asked = item.turn.and_then(|t| Some((t, truth.matters.get(t.0 as usize).copied().flatten()?)));
        let Some((turn, matter)) = asked.filter(|_| !dice.chance(SKIPS)) else {
            store.decide(who.name, who.clock, &[DecisionChange::status(id, Some(Review::Skipped))])?;
            return Ok(());
        };
        let Some(intent) = self.intent_of(store, matter)? else {
            return self.flag(store, id, turn, matter, who);
        };
        self.labelled.given += 1;
        let slip = if dice.chance(MISTAKEN) { item.suggestions.iter().find(|s| s.intent != intent) } else { None };
        self.labelled.wrong += u64::from(slip.is_some());
        let label = slip.map_or(intent, |s| s.intent);
        let cause = cause_of(&item, &truth, slip.is_some());
        let mut changes = vec![DecisionChange::intents(id, turn, &[label])];
        changes.extend(self.upstream(store, &item, &truth, turn)?);
        changes.extend(cause.map(|c| DecisionChange::cause(id, Some(c))));
        if item.needs_cause && cause.is_none() {
            // The answer was right; the customer only left without a word.
            changes.push(DecisionChange::outcome(id, Some(Outcome::Resolved)));
        }
        if let Some((bot_turn, better)) = &truth.correction
            && slip.is_none()
            && dice.chance(CORRECTS)
        {
            changes.push(DecisionChange::response(id, TurnKey(*bot_turn), Some(better.clone())));
        }
        if let Some(notes) = cause.and_then(|c| self.company.notes.get(&c))
            && dice.chance(NOTES)
        {
            changes.push(DecisionChange::note(id, Some(dice.pick(notes).clone())));
        }
        store.decide(who.name, who.clock, &changes)?;
        Ok(())
    }

    /// Where the turn to judge only shows the consequence (the wish for a person, say), the misunderstood request before it
    /// gets its label too.
    fn upstream(
        &self,
        store: &Store,
        item: &ReviewItem,
        truth: &SimulatedTruth,
        turn: TurnKey,
    ) -> Result<Option<DecisionChange>, JobError> {
        let Some(first) = truth.misheard.map(TurnKey).filter(|&t| t != turn && item.needs_cause) else {
            return Ok(None);
        };
        let Some(matter) = truth.matters.get(first.0 as usize).copied().flatten() else { return Ok(None) };
        Ok(self.intent_of(store, matter)?.map(|intent| DecisionChange::intents(item.n, first, &[intent])))
    }

    /// There is no intent for it yet: the reviewer asks the lead.
    fn flag(
        &mut self,
        store: &mut Store,
        id: ConversationId,
        turn: TurnKey,
        matter: usize,
        who: &DemoReviewer,
    ) -> Result<(), JobError> {
        let mut changes = vec![DecisionChange::question(id, "No intent fits this one. Is it to be one of its own?")];
        if let Some(notes) = self.company.notes.get(&Cause::NewIntent).filter(|_| self.waiting.is_empty()) {
            changes.extend(notes.first().map(|n| DecisionChange::note(id, Some(n.clone()))));
        }
        store.decide(who.name, who.clock, &changes)?;
        self.waiting.push((id, turn, matter));
        Ok(())
    }

    /// The lead adds an intent that was missed twice, and labels what waited for it.
    fn new_products(&mut self, store: &mut Store, at: Timestamp) -> Result<(), JobError> {
        let mut matters: Vec<usize> = self.waiting.iter().map(|w| w.2).collect();
        matters.sort_unstable();
        matters.dedup();
        for matter in matters {
            let found: Vec<_> = self.waiting.iter().copied().filter(|w| w.2 == matter).collect();
            if found.len() < 2 {
                continue;
            }
            let CustomerMatter { name, means, .. } = &self.company.matters[matter];
            let intent = store.add_intent(LEAD, at, name)?;
            store.define_intent(LEAD, at, name, Some(means))?;
            for (i, (id, turn, _)) in found.into_iter().enumerate() {
                let changes = [
                    DecisionChange::intents(id, turn, &[intent]),
                    DecisionChange::cause(id, Some(Cause::NewIntent)),
                    DecisionChange::answer(id, &format!("Yes, {name} is on the list now.")),
                ];
                store.decide(LEAD, at.plus(7_000 * (i as i64 + 1)), &changes)?;
            }
            self.waiting.retain(|w| w.2 != matter);
        }
        Ok(())
    }

    /// The intent of a matter, once it is on the list.
    fn intent_of(&self, store: &Store, matter: usize) -> Result<Option<crate::domain::IntentId>, JobError> {
        let found = store.find_intent(&self.company.matters[matter].name)?;
        Ok(found.filter(|&i| store.intent_names().is_ok_and(|names| names.is_active(i))))
    }
}

/// The cause that the reviewer codes: the true one; after a slip what the key would set.
fn cause_of(item: &ReviewItem, truth: &SimulatedTruth, slip: bool) -> Option<Cause> {
    if slip { Some(Cause::WrongIntent) } else { truth.cause }.filter(|_| item.needs_cause)
}
