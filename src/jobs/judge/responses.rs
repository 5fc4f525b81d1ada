//! What two releases answer: on the open half, and where reviewers corrected the AI (rules 12, 18 and 19).

use super::answer_gate::faults;
use super::compare::Sides;
use crate::base::rng::mix;
use crate::domain::measure::responses::same_words;
use crate::domain::{
    AnsweredTurn, CorrectedScore, CorrectedTurn, DecisionId, IntentId, ReleaseId, ResponseChange, Responses,
};
use crate::jobs::JobError;
use crate::jobs::judge::predictor::Measured;
use crate::learn::responses::{Answered, NonAnswers, Response, ResponseTable, Rules, build};
use crate::store::{AnsweredRow, GoldItem, Half, IntentNames, Store, split_turn, turn_id};
use crate::text::language::asked_in;
use std::collections::{BTreeMap, HashMap};

/// Turns of each that are kept.
const TURNS: usize = 8;

/// What the AI answers to each intent.
pub(in crate::jobs) fn table(rows: &[AnsweredRow], rules: Rules) -> ResponseTable {
    build(rows.iter().map(answered), rules, &non_answers(rows))
}

/// What the AI says to everything, and helps nobody with.
pub(in crate::jobs) fn non_answers(rows: &[AnsweredRow]) -> NonAnswers {
    NonAnswers::among(rows.iter().map(|r| (r.intent, split_turn(r.turn).0.0, r.response.as_str(), r.resolved)))
}

fn answered(row: &AnsweredRow) -> Answered<'_> {
    Answered {
        intent: row.intent,
        response: &row.response,
        corrected: row.corrected.as_deref(),
        language: &row.language,
        corrected_language: &row.corrected_language,
    }
}

/// What a side answers.
pub(in crate::jobs) struct Voice {
    /// By today's intents.
    table: ResponseTable,
    /// What was said to single turns: by something outside, or by the AI at the time.
    turns: HashMap<i64, String>,
    /// Corrections up to here were known to it.
    knew: DecisionId,
}

impl Voice {
    /// A stored release.
    pub fn of(store: &Store, id: ReleaseId, names: &IntentNames) -> Result<Self, JobError> {
        let table = store.artefact(id)?.responses.under(|i| names.today(i));
        let turns = store.kept_responses(id)?;
        Ok(Self { table, turns, knew: store.origin(id)?.moment.known })
    }

    /// A release that is about to be stored; what it says to single turns is given.
    pub fn new(table: &ResponseTable, names: &IntentNames, turns: HashMap<i64, String>, knew: DecisionId) -> Self {
        Self { table: table.under(|i| names.today(i)), turns, knew }
    }

    /// The AI at the time.
    pub fn logged(store: &Store, gold: &[GoldItem]) -> Result<Self, JobError> {
        let mut turns = HashMap::new();
        for item in gold.iter().filter(|g| g.half == Half::Open) {
            let turn = turn_id(item.conversation, item.turn);
            turns.extend(store.answered(turn)?.map(|text| (turn, text)));
        }
        Ok(Self { table: ResponseTable::default(), turns, knew: DecisionId(0) })
    }

    /// What it says to a gold turn.
    pub(in crate::jobs) fn says(&self, item: &GoldItem, guess: &Measured) -> Option<Said<'_>> {
        if let Some(text) = self.turns.get(&turn_id(item.conversation, item.turn)) {
            return Some(Said { text, from_table: None });
        }
        let response = self.table.get((*guess)??.0, &asked_in(&item.text, item.lang.as_deref()))?;
        Some(Said { text: &response.text, from_table: Some(response) })
    }

    fn answer_to(&self, row: &AnsweredRow) -> Option<String> {
        self.table.get(row.intent, &row.asked_language).map(|r| r.text.clone())
    }
}

/// One answer.
pub(in crate::jobs) struct Said<'a> {
    pub text: &'a str,
    /// The same as it stands in the release's table; `None` where something outside said it, or the AI at the time.
    pub from_table: Option<&'a Response>,
}

/// Compares what both sides answer. `rows` are the AI's answers with their corrections; `trained_now`: the candidate has
/// just been built from them, so that an answer from other conversations can be had.
pub(in crate::jobs) fn compare(
    store: &Store,
    sides: &Sides<'_>,
    before: Option<&Voice>,
    after: &Voice,
    rows: &[AnsweredRow],
    trained_now: bool,
) -> Result<Responses, JobError> {
    let mut out = Responses { faults: faults(sides, before, after, rows), ..Responses::default() };
    changes(sides, before, after, &mut out);
    let before = before.filter(|_| sides.before.is_some());
    let mut turns = corrections(before, after, rows, trained_now);
    for (_, turn) in &turns {
        let (was, is) = turn.rights();
        let CorrectedScore { before, after, n } = &mut out.corrected;
        (*before, *after, *n) = (*before + u64::from(was), *after + u64::from(is), *n + 1);
    }
    turns.retain(|(_, turn)| turn.rights() != (true, true));
    turns.sort_by_key(|(_, turn)| match turn.rights() {
        (false, true) => 0,
        (true, false) => 1,
        _ => 2,
    });
    for (row, mut turn) in turns.into_iter().take(Responses::LISTED) {
        turn.asked.id = store.conversation_key(split_turn(row.turn).0)?;
        out.corrections.push(turn);
    }
    Ok(out)
}

fn changes(sides: &Sides<'_>, before: Option<&Voice>, after: &Voice, out: &mut Responses) {
    let mut found: BTreeMap<(Option<&str>, Option<&str>), Vec<&GoldItem>> = BTreeMap::new();
    for (at, item) in sides.gold.iter().enumerate().filter(|(_, g)| g.half == Half::Open) {
        let guessed = sides.before.as_ref().and_then(|(_, said)| said[at]);
        let old = before.and_then(|b| b.says(item, &guessed)).map(|s| s.text);
        let new = after.says(item, &sides.after.1[at]).map(|s| s.text);
        if old.is_none() && new.is_none() {
            continue;
        }
        out.asked += 1;
        let same = old.zip(new).is_some_and(|(a, b)| same_words(a, b));
        // Without a side before there is nothing that could have changed.
        if !same && before.is_some() {
            out.differ += 1;
            found.entry((old, new)).or_default().push(item);
        }
    }
    let rank = |item: &GoldItem| mix(sides.seed ^ mix(turn_id(item.conversation, item.turn) as u64));
    for ((old, new), mut items) in found {
        let n = items.len() as u64;
        items.sort_by_cached_key(|i| rank(i));
        let turns = items.into_iter().take(TURNS).map(|i| AnsweredTurn {
            id: i.id.clone(),
            conversation: i.conversation,
            turn: i.turn,
            text: i.text.clone(),
        });
        let owned = |said: Option<&str>| said.map(str::to_owned);
        out.changes.push(ResponseChange { before: owned(old), after: owned(new), n, turns: turns.collect() });
    }
    out.changes.sort_by_key(|c| std::cmp::Reverse(c.n));
    out.changes.truncate(Responses::LISTED);
}

/// What both sides answer to the intents of corrected turns. Corrections that a side has learned from are left out, unless
/// other conversations tell what it would answer without. The name of the conversation is left for the caller.
fn corrections<'a>(
    before: Option<&Voice>,
    after: &Voice,
    rows: &'a [AnsweredRow],
    trained_now: bool,
) -> Vec<(&'a AnsweredRow, CorrectedTurn)> {
    let useless = non_answers(rows);
    let mut by_intent: HashMap<IntentId, Vec<&AnsweredRow>> = HashMap::new();
    rows.iter().for_each(|row| by_intent.entry(row.intent).or_default().push(row));
    let judged = |row: &'a AnsweredRow| {
        let (wanted, asked) = row.corrected.clone().zip(row.asked.clone())?;
        let old = match before {
            Some(b) if row.decision <= b.knew => return None,
            Some(b) => b.answer_to(row),
            // The AI at the time is what was corrected.
            None => Some(row.response.clone()),
        };
        let new = match trained_now {
            true => elsewhere(by_intent.get(&row.intent)?, row, after.table.rules(), &useless),
            false if row.decision <= after.knew => return None,
            false => after.answer_to(row),
        };
        let (conversation, turn) = split_turn(row.asked_turn);
        let asked = AnsweredTurn { id: String::new(), conversation, turn, text: asked };
        Some((row, CorrectedTurn { asked, wanted, before: old, after: new }))
    };
    rows.iter().filter_map(judged).collect()
}

/// What would be answered to a row's intent without its conversation.
fn elsewhere(rows: &[&AnsweredRow], row: &AnsweredRow, rules: Rules, useless: &NonAnswers) -> Option<String> {
    let here = split_turn(row.turn).0;
    let others = rows.iter().filter(|r| split_turn(r.turn).0 != here).map(|r| answered(r));
    build(others, rules, useless).get(row.intent, &row.asked_language).map(|r| r.text.clone())
}
