//! `learn responses`: which answer is given, from what people corrected and what the AI said.

use super::judged::{Judged, JudgedGain, judge};
use super::report::{
    Became, LearnReport, LearnRequest, READING_STAGE, ResponsesRun, Run, Use, keep_with, last_look, more_needed,
    nothing_new, together, too_little,
};
use crate::base::counted::counted;
use crate::domain::measure::responses::same_words;
use crate::domain::{
    AnswerScore, BeforeIs, ConversationId, FailureScore, IntentId, LearnedAnswers, OpenAnswers, Outcome, ReleaseId,
    Reporter, Responses, Role, TurnKey, Verdict,
};
use crate::jobs::JobError;
use crate::jobs::judge::answers::compare;
use crate::jobs::judge::response_source::ResponseSource;
use crate::jobs::judge::sides::{BaselineSide, CandidateSide, JudgedSides};
use crate::jobs::predict::predictor::{Predictor, turns_of};
use crate::jobs::train::answer_table::{fit_without, non_answers, repeating};
use crate::jobs::train::inputs::{answers_read, made_with};
use crate::learn::contract::{Fitted, Predict, Section};
use crate::learn::responses::{
    AnswerPattern, NonAnswers, ResponseQuestion, ResponseRules, ResponseTable, Saying, answer_patterns, drop_thanked,
};
use crate::learn::signals::knows_nothing;
use crate::store::{
    AnsweredRow, AnswersNote, CorrectionState, HowLearned, Inputs, LearnerKind, NotedOrigin, ReleaseOrigin, Store,
};
use crate::text::is_thanks_or_bye;
use crate::text::language::asked_in;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// Answered turns of test groups below which nothing is judged, and customers among them.
const TURNS: usize = 100;
const CUSTOMERS: usize = 30;
/// Conversations of test groups that are read at most: the newest.
const MOST: usize = 20_000;
/// The registry's name for such releases.
const RECIPE: &str = LearnerKind::Responses.recipe();
/// New corrections after which learning again is worth it, at least.
const AGAIN: u64 = 10;

/// A customer's turn of a test group, and what answers it well: what a person wrote, else what the AI said where the conversation
/// was resolved.
#[derive(Clone, Debug)]
struct ExamTurn {
    intent: IntentId,
    lang: String,
    asked: String,
    good: String,
    group: i64,
}

impl ExamTurn {
    fn answer_of<'t>(&self, table: &'t ResponseTable) -> Option<&'t str> {
        let question = ResponseQuestion { intent: self.intent, language: &self.lang, asked: &self.asked };
        table.predict(question).map(|given| given.response.text.as_str())
    }
}

/// Makes the answers anew from the accepted corrections and what the AI said in training groups, judges them beside the live ones on
/// test groups, and promotes them where they are better (rule 48) and the gate refuses none of them (rule 39).
///
/// # Errors
/// Cancelled; the store cannot be read or written.
pub fn learn_responses(
    store: &mut Store,
    request: &LearnRequest<'_>,
    reporter: &dyn Reporter,
) -> Result<LearnReport, JobError> {
    let clock = Instant::now();
    reporter.step(READING_STAGE, 0, 0)?;
    let (moment, rules) = (store.moment()?, ResponseRules::default());
    let rows = store.answers(&moment, rules)?;
    let not = non_answers(&rows, rules);
    let exam = exam(store, &not, reporter)?;
    let few = few_turns(store, &exam);
    let live = match goes_on_with(store)? {
        Ok(live) => live,
        // All that is missing at once.
        Err(says) => return Ok(too_little(std::iter::once(says).chain(few).collect::<Vec<_>>().join(" "))),
    };
    let asked: Vec<&str> = exam.iter().map(|t| t.asked.as_str()).collect();
    let held_out = repeating(&rows, &asked, rules);
    let table = fit_without(&rows, &held_out, rules, reporter)?.into_model();
    let names = store.intent_names()?;
    let before = store.responses_of(live)?.under(|i| names.today(i));
    if table == before {
        return Ok(too_little("The live release answers so already: there is nothing new to learn.".to_owned()));
    }
    if let Some(says) = few {
        return Ok(too_little(says));
    }
    let read = digest(&table, &exam)?;
    let section = |store: &Store, id| Ok(store.responses_of(id)?.under(|i| names.today(i)));
    if let Some(says) = nothing_new(store, RECIPE, &read, section)? {
        return Ok(says);
    }
    let gate = beside_gold(store, live, &table, &rows, request.seed, reporter)?;
    if gate.differ == 0 && exam.iter().all(|t| is_same(t.answer_of(&before), t.answer_of(&table))) {
        return Ok(too_little(says_the_same(live, exam.len(), gate.asked)));
    }
    let (was, is) = (hits(&before, &exam), hits(&table, &exam));
    let judged = judged_beside(&exam, [&was, &is], request.seed);
    let corrections = rows.iter().filter(|r| r.corrected.is_some()).count() as u64;
    let answers = rows.len() as u64;
    let seconds = clock.elapsed().as_secs_f64();
    let refused = gate.faults.reasons();
    let origin = NotedOrigin {
        known: moment.known,
        conversations: moment.conversations,
        // Labels are the live release's, and so is what was left out of them.
        without: store.origin(live)?.moment.without,
        made_with: made_with(),
        inputs: answers_read(&rows, &held_out, rules),
        held_out,
    };
    let learned_from = [("answers", answers), ("corrections", corrections)].map(|(what, n)| (what.to_owned(), n));
    let report = LearnedAnswers {
        before: AnswerScore::of(&was),
        after: AnswerScore::of(&is),
        delta: judged.delta,
        ci95: judged.ci95,
        p_cluster: judged.p,
        // Of which look it is follows when it is kept.
        verdict: Verdict::CannotTell,
        looks: 0,
        open: OpenAnswers { n: gate.asked, differ: gate.differ },
        refused: refused.clone(),
        learned_from: BTreeMap::from(learned_from),
        again_after: (corrections / 5).max(AGAIN),
    };
    let noted = HowLearned::Answers(Box::new(AnswersNote { origin, report: report.clone() }));
    let run = Run { recipe: RECIPE, beside: Some(live), judged, refused, read, trained_on: answers, seconds, noted };
    let kept = match keep_with(store, request, run, section, |artefact| artefact.responses = table)? {
        Became::Kept(kept) => kept,
        Became::NothingNew(says) => return Ok(says),
    };
    Ok(LearnReport::Answers(Box::new(ResponsesRun {
        release: kept.release,
        learner: "responses",
        report: LearnedAnswers { verdict: kept.verdict, looks: kept.looks, ..report },
        promoted: kept.held_back.is_none(),
        held_back: kept.held_back,
    })))
}

/// Judges by how often two tables give the good answer.
fn judged_beside(exam: &[ExamTurn], [was, is]: [&[u8]; 2], seed: u64) -> Judged {
    let gain = |(t, (was, is)): (&ExamTurn, (&u8, &u8))| JudgedGain {
        customer: t.group,
        gain: f64::from(*is) - f64::from(*was),
        weight: 1.0,
    };
    judge(&exam.iter().zip(was.iter().zip(is)).map(gain).collect::<Vec<_>>(), seed)
}

/// Judges the answers of two releases on turns of test groups, which taught neither. It is no look. `on_gold`: what both answer on the open
/// half of the gold set, where that is known. In a sentence why not, where there is too little to judge by, or something outside answers.
///
/// # Errors
/// Cancelled; no such release; the store cannot be read.
pub(in crate::jobs) fn compare_responses(
    store: &Store,
    releases: [ReleaseId; 2],
    on_gold: &Responses,
    seed: u64,
    reporter: &dyn Reporter,
) -> Result<Result<LearnedAnswers, String>, JobError> {
    for id in releases {
        if let Some(by) = store.made_by(id)? {
            return Ok(Err(format!("{by} answers for v{}: what it says to test groups is not known here.", id.0)));
        }
    }
    let rules = ResponseRules::default();
    let not = non_answers(&store.answers(&store.moment()?, rules)?, rules);
    let exam = exam(store, &not, reporter)?;
    if let Some(says) = few_turns(store, &exam) {
        return Ok(Err(says));
    }
    let names = store.intent_names()?;
    let hits_of = |id| Ok::<_, JobError>(hits(&store.responses_of(id)?.under(|i| names.today(i)), &exam));
    let [was, is] = [hits_of(releases[0])?, hits_of(releases[1])?];
    let judged = judged_beside(&exam, [&was, &is], seed);
    let looks = last_look(store, LearnerKind::Responses)?;
    Ok(Ok(LearnedAnswers {
        before: AnswerScore::of(&was),
        after: AnswerScore::of(&is),
        delta: judged.delta,
        ci95: judged.ci95,
        p_cluster: judged.p,
        verdict: judged.at_look(looks),
        looks,
        open: OpenAnswers { n: on_gold.asked, differ: on_gold.differ },
        refused: on_gold.faults.reasons(),
        learned_from: BTreeMap::new(),
        again_after: AGAIN,
    }))
}

fn is_same(before: Option<&str>, after: Option<&str>) -> bool {
    match (before, after) {
        (Some(before), Some(after)) => same_words(before, after),
        (before, after) => before.is_none() && after.is_none(),
    }
}

/// What a look at answers that nobody who is asked would hear otherwise comes to.
fn says_the_same(live: ReleaseId, exam: usize, gold: u64) -> String {
    let of_gold = match gold {
        0 => String::new(),
        n => format!(" and to all {} of the gold set's open half that have one", counted(n, "turn", "turns")),
    };
    format!(
        "What could be learnt gives the same answer as v{} to all {} of test groups that have a good one{of_gold}: there is nothing new to judge. No release is made and no look is spent; the next one of `appraise finetune` brings the answers that nobody among them asked for.",
        live.0,
        counted(exam as u64, "turn", "turns")
    )
}

/// The live release, whose intents answers are given to; or why there is none, and what makes one.
fn goes_on_with(store: &Store) -> Result<Result<ReleaseId, String>, JobError> {
    let Some(live) = store.live()? else {
        let first = match store.figures().frame()?.examples {
            0 => ", once something is labelled (`appraise label`) or `appraise intents import FILE` brings examples",
            _ => "",
        };
        return Ok(Err(format!(
            "No release is live that answers could go on with; `appraise finetune` makes one{first}, and `appraise promote` puts it live."
        )));
    };
    if store.made_by(live)?.is_none() && store.artefact(live)?.intents.is_none() {
        return Ok(Err(format!(
            "v{} is live and tells no intents that answers could be given to; `appraise finetune` makes a release that does.",
            live.0
        )));
    }
    Ok(Ok(live))
}

/// How many turns to judge by are missing, in a sentence; `None`: there are enough.
fn few_turns(store: &Store, exam: &[ExamTurn]) -> Option<String> {
    let customers = exam.iter().map(|t| t.group).collect::<BTreeSet<_>>().len();
    // A customer has a turn at least.
    let lack = TURNS.saturating_sub(exam.len()).max(CUSTOMERS.saturating_sub(customers));
    (lack > 0).then(|| {
        format!(
            "{} of {} of test groups have a good answer to judge by; it takes {TURNS} turns, and {CUSTOMERS} customers: {}.",
            counted(exam.len() as u64, "turn", "turns"),
            counted(customers as u64, "customer", "customers"),
            more_needed(
                lack,
                store.test_share(),
                together(exam.iter().map(|t| t.group)),
                Use::Judge,
                ["more turn", "more turns"]
            )
            .1
        )
    })
}

/// What the gate finds of answers beside the live ones on the open half of the gold set (rule 39): the intents are the same on both sides.
/// Nothing where no gold was frozen yet.
pub(super) fn beside_gold(
    store: &mut Store,
    live: ReleaseId,
    table: &ResponseTable,
    rows: &[AnsweredRow],
    seed: u64,
    reporter: &dyn Reporter,
) -> Result<Responses, JobError> {
    let Some(version) = store.gold_version()? else { return Ok(Responses::default()) };
    let (gold, names) = (store.gold_items(version)?, store.intent_names()?);
    let predictor = Predictor::of(store, live)?.ok_or_else(|| JobError::no_model(live))?;
    let says = predictor.say(store, &turns_of(&gold), reporter)?;
    let responses = ResponseSource::of(store, live, &names, &gold)?;
    let known = store.moment()?.known;
    let answers = ResponseSource::new(table, &names, store.kept_responses(live)?, known);
    let before = BaselineSide {
        is: BeforeIs::Model,
        release: Some(live),
        says: says.clone(),
        responses: Some(responses),
        coverage: None,
    };
    let after = CandidateSide {
        parent: Some(live),
        former: None,
        says,
        responses: answers.silent_on(predictor.model(), &names, &gold),
        // Corrections have their own exam.
        is_fresh: false,
        trained_elsewhere: false,
        trained_on: 0,
        train_seconds: 0.0,
        repeats_gold: 0,
        coverage: None,
        failures: FailureScore::default(),
    };
    let sides = JudgedSides { before, after, gold: &gold, names: &names, examples: &[], answers: rows, seed };
    compare(store, &sides)
}

/// The answers that a learner makes of the store as a release noted it, by the rules of then, and digests of what it read.
///
/// # Errors
/// Cancelled; the store cannot be read.
pub fn responses_at(
    store: &Store,
    origin: &ReleaseOrigin,
    rules: ResponseRules,
    reporter: &dyn Reporter,
) -> Result<(ResponseTable, Inputs), JobError> {
    let rows = store.answers(&origin.moment, rules)?;
    let table = fit_without(&rows, &origin.held_out, rules, reporter)?.into_model();
    Ok((table, answers_read(&rows, &origin.held_out, rules)))
}

/// A digest of the answers that were made, and of what they are judged by.
fn digest(table: &ResponseTable, exam: &[ExamTurn]) -> Result<String, JobError> {
    let mut hash = Sha256::new();
    hash.update(table.to_bytes().map_err(JobError::CannotPack)?);
    for t in exam {
        hash.update(t.intent.0.to_le_bytes());
        for text in [&t.lang, &t.asked, &t.good] {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        }
    }
    Ok(hash.finalize()[..8].iter().map(|b| format!("{b:02x}")).collect())
}

/// Turns of test groups that were answered well.
fn exam(store: &Store, not: &NonAnswers, reporter: &dyn Reporter) -> Result<Vec<ExamTurn>, JobError> {
    let names = store.intent_names()?;
    let corrected: BTreeMap<(ConversationId, TurnKey), String> = store
        .corrections()?
        .into_iter()
        .filter(|c| c.state != CorrectionState::Returned && c.holds.is_none())
        .map(|c| ((c.n, c.turn), c.text))
        .collect();
    let rows: Vec<_> =
        store.lessons(false, &store.learning_cut()?)?.into_iter().rev().filter(|l| l.is_test).take(MOST).collect();
    let mut out = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        reporter.step(READING_STAGE, at as u64, rows.len() as u64)?;
        let c = store.conversation(row.conversation)?;
        let resolved = c.outcome == Some(Outcome::Resolved);
        let turns: Vec<(ConversationId, TurnKey)> =
            c.turns.iter().filter(|t| t.role == Role::User).map(|t| (row.conversation, t.key)).collect();
        let labels: BTreeMap<TurnKey, Option<String>> =
            turns.iter().map(|t| t.1).zip(store.labels_of(&turns)?).collect();
        let mut asked: Option<(IntentId, String, String, bool)> = None;
        for turn in c.turns.iter().take_while(|t| !t.is_human_or_handoff()) {
            match turn.role {
                Role::User => {
                    let label = labels.get(&turn.key).cloned().flatten();
                    let is_thanks = label.is_none() && is_thanks_or_bye(&turn.text);
                    let intent = label.or_else(|| turn.intent.clone()).and_then(|name| names.find(&name));
                    let lang = || asked_in(&turn.text, c.lang.as_deref());
                    asked = intent
                        .filter(|_| !turn.payload)
                        .map(|i| (names.today(i), lang(), turn.text.clone(), is_thanks));
                }
                Role::Bot => {
                    // What comes after the first answer to a turn answers something else.
                    let Some((intent, lang, words, is_thanks)) = asked.take() else { continue };
                    let written = corrected.get(&(row.conversation, turn.key)).cloned();
                    let is_thanked = is_thanks && written.is_none();
                    let is_none = |t: &str| turn.fallback || not.has(t) || knows_nothing(t);
                    let said = || Some(turn.text.clone()).filter(|t| resolved && !is_none(t));
                    if let Some(good) = written.or_else(said) {
                        out.push((is_thanked, ExamTurn { intent, lang, asked: words, good, group: row.group }));
                    }
                }
                _ => {}
            }
        }
    }
    drop_thanked(&mut out, |(is_thanked, turn)| (turn.intent, *is_thanked));
    Ok(out.into_iter().map(|(_, turn)| turn).collect())
}

/// Whether a table gives each turn its good answer, whatever values fill it in.
fn hits(table: &ResponseTable, exam: &[ExamTurn]) -> Vec<u8> {
    let sayings: Vec<Saying<'_>> =
        exam.iter().map(|turn| Saying { text: &turn.good, times: 1, lang: &turn.lang }).collect();
    let good = answer_patterns(&sayings);
    let is_hit = |(turn, good): (&ExamTurn, AnswerPattern)| {
        turn.answer_of(table).is_some_and(|given| {
            let given = AnswerPattern::of(given);
            good.fits(&given) || given.fits(&AnswerPattern::of(&turn.good))
        })
    };
    exam.iter().zip(good).map(is_hit).map(u8::from).collect()
}
