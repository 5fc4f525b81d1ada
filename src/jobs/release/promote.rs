//! Making a release live, taking it back, and renewing what the queue shows of the live release.

use crate::base::counted::count;
use crate::base::progress::READING;
use crate::domain::{Gate, IntentId, LearnedReport, ReleaseId, Reporter, SilentReporter, Timestamp, Verdict};
use crate::jobs::JobError;
use crate::jobs::external::{ServedAnswer, Serving, why_not};
use crate::jobs::learners::feel;
use crate::jobs::predict::predictor::Predictor;
use crate::jobs::predict::responder::Responder;
use crate::learn::intent::IntentPrediction;
use crate::learn::release::artefact::Artefact;
use crate::store::{LearnerKind, ReleaseRow, ShownRollback, Store};

/// Promotes a release (rule 17): the gate must have passed against what is live now; `cannot_tell` needs a reason; a
/// refusal needs a reason and `override_gate`. It must answer a text before anything is decided. A candidate names its own sections; the
/// others are taken from what is live (rule 48): says so, where they were not there already.
///
/// # Errors
/// [`JobError::Gate`] when a rule says no; the release cannot be loaded or does not answer; the store cannot be written. Then
/// nothing has changed.
pub fn promote(
    store: &mut Store,
    reviewer: &str,
    now: Timestamp,
    id: ReleaseId,
    reason: &str,
    override_gate: bool,
) -> Result<Option<String>, JobError> {
    let release = store.release(id)?;
    let live = store.live()?;
    if let Some((learner, found)) = found_of(store, &release)? {
        if !override_gate {
            learned_gate(store, &release, (learner, &found), live, reason)?;
        } else if reason.trim().is_empty() {
            return Err(JobError::Gate("an override needs a reason".to_owned()));
        }
        let words = if reason.trim().is_empty() { "better on what it has not seen" } else { reason.trim() };
        return go_live(store, reviewer, now, (id, live), words);
    }
    // Another comparison since then takes nothing from the one with what is live.
    let comparison = match store.comparison_with(id, live)? {
        Some(c) => Some(c),
        None => store.comparison_of(id)?,
    };
    let reason = reason.trim();
    if !override_gate {
        let Some(c) = comparison else {
            return Err(JobError::Gate(format!(
                "v{0} has not been compared with anything; run `appraise compare live v{0}` first",
                id.0
            )));
        };
        // Where what is live tells no intents, the log is what answers today.
        let is_beside_today =
            c.before_release == live || c.before_release.is_none() && Predictor::live(store)?.is_none();
        if live.is_some() && live != Some(id) && !is_beside_today {
            let now_live = live.map_or(0, |r| r.0);
            return Err(JobError::Gate(format!(
                "v{0} was compared with {1}, but v{now_live} is live now; run `appraise compare v{now_live} v{0}` first",
                id.0,
                c.before_release.map_or("the log".to_owned(), |r| format!("v{}", r.0)),
            )));
        }
        if release.state == "rejected" {
            return Err(JobError::Gate(format!("v{} was rejected; promote it with --override if you mean it", id.0)));
        }
        if c.gate == Gate::Refuse {
            return Err(JobError::Gate(format!(
                "the gate refuses v{}: {}; `--override` with a reason passes it",
                id.0,
                c.gate_reasons.join("; ")
            )));
        }
        if c.verdict == Verdict::CannotTell && reason.is_empty() {
            return Err(JobError::Gate(format!(
                "nobody can tell whether v{} is better; give a reason to promote it all the same",
                id.0
            )));
        }
    }
    if override_gate && reason.is_empty() {
        return Err(JobError::Gate("an override needs a reason".to_owned()));
    }
    let reason = if reason.is_empty() { "better, gate passed" } else { reason };
    go_live(store, reviewer, now, (id, live), reason)
}

/// Completes a candidate, tries it out and makes it live, beside what was live when that was decided.
fn go_live(
    store: &mut Store,
    reviewer: &str,
    now: Timestamp,
    (id, live): (ReleaseId, Option<ReleaseId>),
    reason: &str,
) -> Result<Option<String>, JobError> {
    let taken = complete(store, id, live)?;
    try_out(store, id)?;
    store.set_live_beside(reviewer, now, id, live, reason)?;
    Ok(taken)
}

/// What a learner's own judgement of a release was.
struct LearnerFinding {
    verdict: Verdict,
    /// Why no reason makes it better.
    refused: Option<String>,
}

/// What a learner found of a release that it made; `None`: none made it, or what it found was not noted.
fn found_of(store: &Store, release: &ReleaseRow) -> Result<Option<(LearnerKind, LearnerFinding)>, JobError> {
    if let Some((learner, row)) = store.learned(release.release)? {
        // No chance that it gives means anything: a reason makes it no better.
        let leaks = || {
            let too_good = LearnedReport::TOO_GOOD;
            let says = format!("stays a candidate: {too_good}; live it would tell no single offer's chance");
            row.report.is_too_good().then_some(says)
        };
        let refused = row.report.nothing(count).or_else(leaks);
        return Ok(Some((learner, LearnerFinding { verdict: row.report.verdict, refused })));
    }
    let found = store.learned_answers(release.release)?.map(|found| {
        let reasons = (!found.refused.is_empty()).then(|| found.refused.join("; "));
        let refused = reasons.map(|why| format!("is refused by the gate: {why}"));
        (LearnerKind::Responses, LearnerFinding { verdict: found.verdict, refused })
    });
    Ok(found)
}

/// Whether a release that a learner made may go live: by what it was judged to be beside the section that is live.
fn learned_gate(
    store: &Store,
    release: &ReleaseRow,
    (learner, found): (LearnerKind, &LearnerFinding),
    live: Option<ReleaseId>,
    reason: &str,
) -> Result<(), JobError> {
    let (id, v, name) = (release.release, release.release.0, learner.name());
    let rejected = release.state == "rejected";
    let refuse = |why: String| Err(JobError::Gate(why));
    let parent = release.parent;
    let section = |of: Option<ReleaseId>| -> Result<Artefact, JobError> {
        let mut alone = Artefact::empty();
        if let Some(id) = of {
            take_section(learner, &store.artefact(id)?, &mut alone);
        }
        Ok(alone)
    };
    if live == Some(id) {
        return Ok(());
    }
    if live != parent && section(live)? != section(parent)? {
        return refuse(format!(
            "v{v} was judged beside what was live then; run `appraise learn {name}` again, or pass `--override` with a reason"
        ));
    }
    if let Some(says) = found.refused.as_ref().filter(|_| !rejected) {
        return refuse(format!("v{v} {says}; `--override` with a reason passes it"));
    }
    match found.verdict {
        _ if rejected => refuse(format!("v{v} was rejected; promote it with --override if you mean it")),
        Verdict::Worse => refuse(format!("v{v} tells worse than what is live; `--override` with a reason passes it")),
        Verdict::CannotTell if reason.trim().is_empty() => {
            refuse(format!("nobody can tell whether v{v} is better; give a reason to promote it all the same"))
        }
        Verdict::CannotTell | Verdict::Better => Ok(()),
    }
}

/// Gives a candidate that was never live the sections that are not its own as they are live now; says what was taken from where. What has
/// been live goes live again whole, as it was.
fn complete(store: &mut Store, id: ReleaseId, live: Option<ReleaseId>) -> Result<Option<String>, JobError> {
    if live == Some(id) || store.was_live(id)? {
        return Ok(None);
    }
    let learner = LearnerKind::of_recipe(&store.release(id)?.recipe);
    let mine = store.artefact(id)?;
    // What was live when it was learnt may have been taken back, with nothing before it.
    let theirs = live.map_or_else(|| Ok(Artefact::empty()), |live| store.artefact(live))?;
    let mut whole = match learner {
        Some(_) => theirs.clone(),
        None => Artefact { learned: theirs.learned.clone(), ..mine.clone() },
    };
    if let Some(learner) = learner {
        take_section(learner, &mine, &mut whole);
    }
    let changed = [
        ("intents", whole.intents != mine.intents || whole.external != mine.external),
        ("answers", whole.responses != mine.responses),
        ("sentiment", whole.learned.sentiment != mine.learned.sentiment),
        ("offers", whole.learned.offers != mine.learned.offers),
    ];
    let taken: Vec<&str> = changed.iter().filter(|(_, changed)| *changed).map(|(part, _)| *part).collect();
    if taken.is_empty() {
        return Ok(None);
    }
    let bytes = whole.to_bytes().map_err(JobError::CannotPack)?;
    store.complete_candidate(id, live, &bytes, learner)?;
    let (what, are) = (taken.join(" and "), if taken == ["sentiment"] { "is" } else { "are" });
    Ok(Some(match live {
        Some(live) => format!("its {what} {are} v{}'s, which was live", live.0),
        None => format!("its {what} {are} left out: nothing was live any more that they came from"),
    }))
}

/// Puts what a learner makes of one release into another.
fn take_section(learner: LearnerKind, from: &Artefact, into: &mut Artefact) {
    match learner {
        LearnerKind::Sentiment => into.learned.sentiment = from.learned.sentiment.clone(),
        LearnerKind::Offers => into.learned.offers = from.learned.offers.clone(),
        LearnerKind::Responses => into.responses = from.responses.clone(),
    }
}

/// What a release is asked before it goes live.
const SENTENCE: &str = "Where is my order?";

/// Loads a release and has it answer a text: what cannot do that must not go live. One that something outside made and that
/// cannot be asked here only has to be whole.
fn try_out(store: &Store, id: ReleaseId) -> Result<(), JobError> {
    let refuse = |e: JobError| {
        let stays = match store.live() {
            Ok(Some(live)) => format!("v{} stays live", live.0),
            _ => "nothing was changed".to_owned(),
        };
        JobError::CannotGoLive { release: id, stays, source: Box::new(e) }
    };
    let artefact = store.artefact(id).map_err(|e| refuse(e.into()))?;
    if artefact.intents.is_none() && why_not(id, &artefact, store.outside()).is_some() {
        return Ok(());
    }
    drop(artefact);
    Responder::new(store, Some(id)).answer(SENTENCE, 1).map(drop).map_err(refuse)
}

/// Makes the release live again that was live before; returns it, or `None` where what was live first is taken back and nothing is live any
/// more. Where `shown` says which ones, no others.
///
/// # Errors
/// There was none before, and people made what is live; another release went live since it was shown; the one before cannot be loaded or
/// does not answer; the store cannot be written. Then nothing has changed.
pub fn rollback(
    store: &mut Store,
    reviewer: &str,
    now: Timestamp,
    reason: &str,
    shown: Option<ShownRollback>,
) -> Result<Option<ReleaseId>, JobError> {
    if reason.trim().is_empty() {
        return Err(JobError::Usage("a roll-back needs a reason; the next person will want to know".to_owned()));
    }
    let Some(back) = store.possible_rollback()? else {
        let says = match store.live()? {
            Some(_) => "no release was live before; `appraise models` lists what can be promoted",
            None => "nothing is live that could be taken back; `appraise models` lists what can be promoted",
        };
        return Err(JobError::NotFound(says.to_owned()));
    };
    if shown.is_some_and(|shown| shown != back) {
        return Err(JobError::Gate(format!("v{} went live meanwhile; look again before you roll back", back.from.0)));
    }
    back.to.map_or(Ok(()), |previous| try_out(store, previous))?;
    store.roll_back(reviewer, now, back, reason)?;
    Ok(back.to)
}

/// Brings the queue up to date: reads the signs of conversations that were stored before there were any, then renews the
/// predictions that are not the live release's, newest and open first. May be stopped at any time and goes on where it
/// stopped. Returns how many predictions were renewed.
///
/// # Errors
/// Cancelled; the store cannot be written.
pub fn renew(store: &mut Store, reporter: &dyn Reporter) -> Result<u64, JobError> {
    let total = store.unread()?;
    let mut done = 0;
    while done < total {
        reporter.step(READING, done, total)?;
        match store.read_signals_batch()? {
            0 => break,
            n => done += n,
        }
        let_others_in();
    }
    let (mut live, mut total) = (store.live()?, store.stale()?);
    let mut answering = Live::default();
    let mut done = 0;
    loop {
        if store.live()? != live {
            // Promoted or rolled back in the middle: what was renewed may have to be renewed again.
            (live, total) = (store.live()?, done + store.stale()?);
        }
        reporter.step("renew predictions", done, total.max(done))?;
        match answering.renew_batch(store)? {
            0 => break,
            n => done += n,
        }
        let_others_in();
    }
    feel(store, reporter)?;
    store.trim_changes()?;
    Ok(done)
}

/// Lets a reviewer's write in between two batches.
fn let_others_in() {
    std::thread::sleep(std::time::Duration::from_millis(2));
}

/// What renews: the program of a live release that something outside made stays up between two batches.
#[derive(Default)]
struct Live(Option<(ReleaseId, Option<Serving>)>);

impl Live {
    fn renew_batch(&mut self, store: &mut Store) -> Result<u64, JobError> {
        let Some(live) = store.predicting()? else { return Ok(0) };
        if store.made_by(live)?.is_none() {
            return Ok(store.renew_batch()?);
        }
        if self.0.as_ref().is_none_or(|(id, _)| *id != live) {
            let artefact = store.artefact(live)?;
            // Where it cannot be asked the queue shows the log's own predictions, as it does without a live release.
            let can = why_not(live, &artefact, store.outside()).is_none();
            let serving = can.then(|| Serving::start(live, &artefact, store.outside())).transpose()?;
            self.0 = Some((live, serving));
        }
        let batch = store.stale_batch()?;
        let texts: Vec<&str> = batch.iter().map(|stale| stale.text.as_str()).collect();
        let predictions = match self.0.as_mut().and_then(|(_, serving)| serving.as_mut()) {
            Some(serving) => serving.ask(&texts, &SilentReporter)?.iter().map(prediction).collect(),
            None => vec![None; batch.len()],
        };
        Ok(store.keep_renewed(live, &batch, &predictions)?)
    }
}

/// What an external trainer's model says, as the queue keeps it; `None` without a guess or a confidence to sort by.
fn prediction(said: &ServedAnswer) -> Option<IntentPrediction> {
    let ranking: Vec<(IntentId, f32)> = said.ranking.iter().filter_map(|&(i, c)| Some((i, c? as f32))).collect();
    let confidence = |at: usize| ranking.get(at).map_or(0.0, |r| r.1);
    let margin = confidence(0) - confidence(1);
    (!ranking.is_empty()).then_some(IntentPrediction { ranking, margin, score: 0.0, out_of_scope: false })
}
