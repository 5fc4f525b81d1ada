//! What two releases answer: on the open half, and where reviewers corrected the AI (rules 12, 18 and 19).

use crate::base::rng::mix;
use crate::domain::measure::responses::same_words;
use crate::domain::{
    AnswerLosses, AnsweredTurn, ChangeFaults, CorrectedScore, CorrectedTurn, RecentAnswers, ResponseChange, Responses,
    SilentReporter,
};
use crate::jobs::JobError;
use crate::jobs::judge::answer_gate::{AnswerFault, faults};
use crate::jobs::judge::sides::JudgedSides;
use crate::jobs::train::answer_table::{fit_responses, texts_of};
use crate::learn::contract::Fitted;
use crate::store::{AnsweredRow, GoldHalf, GoldItem, Store, split_turn, turn_id};
use std::collections::BTreeMap;

/// Requests of training groups that are asked of both sides: the last.
const RECENT: usize = 500;
/// Turns of each that are kept.
const TURNS: usize = 8;

/// Gold turns, and what is wrong with their answers after.
type FaultyItems<'a> = Vec<(&'a GoldItem, AnswerFault)>;

/// Compares what both sides answer.
///
/// # Errors
/// The store cannot be read.
pub(in crate::jobs) fn compare(store: &Store, sides: &JudgedSides<'_>) -> Result<Responses, JobError> {
    let (faults, losses, each) = faults(sides)?;
    let mut out = Responses { faults, losses, recent: recent(store, sides)?, ..Responses::default() };
    changes(sides, &each, &mut out);
    let mut turns = corrections(sides)?;
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

/// Which of the last requests lose their answer, and which get another.
fn recent(store: &Store, sides: &JudgedSides<'_>) -> Result<RecentAnswers, JobError> {
    let mut out = RecentAnswers::default();
    // The AI at the time answered all of them.
    let Some(before) = sides.before.responses.as_ref().filter(|_| sides.before.release.is_some()) else {
        return Ok(out);
    };
    let mut rows: Vec<&AnsweredRow> = sides.answers.iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.asked_turn));
    rows.dedup_by_key(|row| row.asked_turn);
    for row in rows.into_iter().take(RECENT) {
        let asked = store.words_of(row.asked_turn)?.unwrap_or_default();
        out.asked += 1;
        match (before.answer_to(row, &asked), sides.after.responses.answer_to(row, &asked)) {
            (Some(old), Some(new)) => out.otherwise += u64::from(!same_words(&old, &new)),
            (Some(_), None) => out.lost += 1,
            _ => {}
        }
    }
    Ok(out)
}

fn changes(sides: &JudgedSides<'_>, faults: &[AnswerFault], out: &mut Responses) {
    let (before, after) = (sides.before.responses.as_ref(), &sides.after);
    let mut found: BTreeMap<(Option<&str>, Option<&str>), FaultyItems<'_>> = BTreeMap::new();
    for (at, item) in sides.gold.iter().enumerate().filter(|(_, g)| g.half == GoldHalf::Open) {
        let old = before.and_then(|b| b.says(item, &sides.before.said(at))).map(|s| s.text);
        let new = after.responses.says(item, &after.says[at]).map(|s| s.text);
        if old.is_none() && new.is_none() {
            continue;
        }
        out.asked += 1;
        let same = old.zip(new).is_some_and(|(a, b)| same_words(a, b));
        // Without a side before there is nothing that could have changed.
        if !same && before.is_some() {
            out.differ += 1;
            found.entry((old, new)).or_default().push((item, faults[at]));
        }
    }
    let rank = |item: &GoldItem| mix(sides.seed ^ mix(turn_id(item.conversation, item.turn) as u64));
    for ((old, new), mut items) in found {
        let n = items.len() as u64;
        let count = |is: fn(&AnswerFault) -> bool| items.iter().filter(|(_, fault)| is(fault)).count() as u64;
        let faults = ChangeFaults {
            other_language: count(|f| f.other_language),
            non_answer: count(|f| f.non_answer),
            personal: count(|f| f.personal),
        };
        let losses = AnswerLosses {
            language: count(|f| f.loses_language),
            answer: count(|f| f.loses_answer),
            non_answer: count(|f| f.gets_non_answer),
        };
        // What is wrong is shown first; otherwise they are drawn.
        items.sort_by_cached_key(|(i, fault)| (*fault == AnswerFault::default(), rank(i)));
        let turns = items.into_iter().take(TURNS).map(|(i, _)| AnsweredTurn {
            id: i.id.clone(),
            conversation: i.conversation,
            turn: i.turn,
            text: i.text.clone(),
        });
        let owned = |said: Option<&str>| said.map(str::to_owned);
        let (before, after, turns) = (owned(old), owned(new), turns.collect());
        out.changes.push(ResponseChange { before, after, n, faults, losses, turns });
    }
    out.changes.sort_by_key(|c| (!c.faults.any(), !c.losses.any(), std::cmp::Reverse(c.n)));
    out.changes.truncate(Responses::LISTED);
}

/// What both sides answer to the intents of corrected turns. Corrections that a side has learned from are left out, unless
/// other conversations tell what it would answer without. The name of the conversation is left for the caller.
fn corrections<'a>(sides: &JudgedSides<'a>) -> Result<Vec<(&'a AnsweredRow, CorrectedTurn)>, JobError> {
    // The AI at the time is what was corrected.
    let before = sides.before.responses.as_ref().filter(|_| sides.before.release.is_some());
    let after = &sides.after;
    let rules = after.responses.rules();
    let fresh = after
        .is_fresh
        .then(|| fit_responses(sides.answers, &texts_of(sides.gold), rules, &SilentReporter))
        .transpose()?;
    let judged = |(at, row): (usize, &'a AnsweredRow)| {
        let (wanted, asked) = row.corrected.clone().zip(row.asked.clone())?;
        let old = match before {
            Some(b) if b.knew(row) => return None,
            Some(b) => b.answer_to(row, &asked),
            None => Some(row.response.clone()),
        };
        let new = match &fresh {
            Some(fitted) => fitted.unseen(at).map(|r| r.text),
            None if after.responses.knew(row) => return None,
            None => after.responses.answer_to(row, &asked),
        };
        let (conversation, turn) = split_turn(row.asked_turn);
        let asked = AnsweredTurn { id: String::new(), conversation, turn, text: asked };
        Some((row, CorrectedTurn { asked, wanted, before: old, after: new }))
    };
    Ok(sides.answers.iter().enumerate().filter_map(judged).collect())
}
