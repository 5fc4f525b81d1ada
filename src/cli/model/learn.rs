//! `appraise learn`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::figures::count;
use crate::cli::output::progress::Progress;
use crate::cli::output::table::WordTable;
use crate::domain::{LearnedFigures, LearnedReport, ReadPart, p_of_look};
use crate::jobs;
use crate::jobs::learners::{
    LearnReport, LearnRequest, LearnerRun, ResponsesRun, learn_offers, learn_responses, learn_sentiment,
};
use crate::store::OfferChances;
use anyhow::{Result, bail};

const HELP: &str = "\
Learns from what customers do, without anybody's labels: how they feel (sentiment), whether they take an offer (offers), which answer is given (responses). What is \
learnt becomes a part of a new release beside what is live. It is judged on customers that it has not seen (offers: on \
all that came since what is live was learnt, each part told by what has heard all before it; where nothing is live on the last fifth of time, too) and goes live alone only where it is better, whether or not anything is live; else the release stays a candidate and it says why. Better is a loss that surely fell of \
what surely tells one customer from another (offers: and whose calibration error did not surely rise by more than .05, or is not surely above it where nothing is live; answers: and of which the gate refuses none). `appraise rollback` takes it back, and then nothing \
of that learner goes live alone until a person promotes some of it. Each \
look by itself asks for more than the one before.

Answers come from accepted corrections, else from what the AI said to most of those who were helped; they are judged on turns of test groups by how often they are what a \
person wrote there, or what the AI said where the conversation was resolved (whatever names fill it in). What the gate refuses of them on the open half of the \
gold set (another language than the customer's, a non-answer in the place of an answer, a person's data) does not go live by itself.

Examples:
  appraise learn offers
  appraise learn responses
  appraise learn sentiment --json

JSON: {\"release\",\"learner\",\"before\":{\"auc\",\"auc_error\" (its standard error, by customer),\"log_loss\",\"macro_f1\",\"ece\",\"n\",\"positives\"},\"after\":{…},\"delta\",\"ci95\",\"p_cluster\",\"verdict\",\"looks\",\
\"promoted\",\"held_back\",\"learned_from\":{…} (with drawn_conversations and drawn_of_conversations where a draw from all with a signal was read),\"again_after\"}; positives: accepted offers, or let-down customers, of n; delta: by how much the log loss fell; again_after: new answers or ratings after \
which it is worth it again; sentiment: by_labels [[labels,AUC],…] with the oldest so many labels, label_days the day of the last of each. responses: before and after have \"accuracy\" (the share of good \
answers) instead, delta is its difference, the other figures are null, and \"open\":{\"n\",\"differ\"} counts gold turns of the open half and those answered otherwise; \"refused\":[…] says why the gate refuses them, where it does. With too little to learn from: {\"enough\":false,\"says\"}. Exit 0 in either case.";

/// Learn from what customers do: how they feel, which offers they take
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// What is learnt
    #[arg(value_enum, value_name = "WHAT")]
    what: Learner,
}

/// What learns by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Learner {
    /// How customers feel
    Sentiment,
    /// Whether customers take an offer
    Offers,
    /// Which answer is given
    Responses,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let mut store = cx.store()?;
    if store.is_read_only() {
        bail!(
            "the store is open for reading only (--read-only, --as-of, or a full disk); what is learnt cannot be kept in it"
        );
    }
    let request = LearnRequest { reviewer: cx.reviewer(), now: cx.now, seed: cx.settings.seed };
    let progress = Progress::new(cx);
    let report = match args.what {
        Learner::Sentiment => learn_sentiment(&mut store, &request, &progress)?,
        Learner::Offers => learn_offers(&mut store, &request, &progress)?,
        Learner::Responses => learn_responses(&mut store, &request, &progress)?,
    };
    let promoted = match &report {
        LearnReport::TooLittle { .. } => false,
        LearnReport::Made(run) => run.promoted,
        LearnReport::Answers(run) => run.promoted,
    };
    // It is live whatever becomes of this: the screen goes on where it stopped.
    let renewed = if promoted { jobs::renew(&mut store, &progress).map(drop) } else { Ok(()) };
    drop(progress);
    if let Err(e) = renewed {
        cx.note(&format!("what the queue shows of the live release is renewed when the screen is open: {e}"));
    }
    if cx.json {
        cx.out.json(&report)?;
        return Ok(Exit::Done);
    }
    match &report {
        LearnReport::TooLittle { says, .. } => cx.out.line(says.as_str())?,
        LearnReport::Made(run) => print(cx, run)?,
        LearnReport::Answers(run) => print_answers(cx, run)?,
    }
    if let (Learner::Offers, Some(chances)) = (args.what, store.live_learned()?.offers) {
        no_chance(chances)
            .map_or(Ok(()), |why| cx.out.line(format!("no single offer's chance is told by what is live: {why}")))?;
    }
    Ok(Exit::Done)
}

/// Why what is live tells no chance; `None`: it tells them.
const fn no_chance(chances: OfferChances) -> Option<&'static str> {
    match chances {
        OfferChances::Told(_) => None,
        OfferChances::Unsure => Some("it did not surely do better than the rate of all offers on what it had not seen"),
        OfferChances::TooGood => Some(LearnedReport::TOO_GOOD),
    }
}

fn print_answers(cx: &mut Cx, run: &ResponsesRun) -> Result<()> {
    cx.out.line(format!("{}: {}", run.report.verdict.words(), run.report.measured()))?;
    cx.out.line(became(run.release.0, run.held_back.as_deref()))?;
    if let Some(says) = run.report.of_gold() {
        cx.out.line(says)?;
    }
    cx.out.line(format!("learnt from {}; {}", run.report.taught_by(), run.report.again()))
}

fn became(release: i64, held_back: Option<&str>) -> String {
    match held_back {
        None => format!("v{release} is live"),
        Some(why) => format!("v{release} stays a candidate: {why}"),
    }
}

fn print(cx: &mut Cx, run: &LearnerRun) -> Result<()> {
    if let Some(says) = run.report.nothing(count) {
        return cx.out.line(format!("v{} {says}; it stays a candidate", run.release.0));
    }
    let mut table = WordTable::new(&["", ">before", ">after"]);
    let both = |of: &dyn Fn(&LearnedFigures) -> Option<f64>| {
        let said = |f: &LearnedFigures| of(f).map_or("–".to_owned(), |x| format!("{x:.3}"));
        [said(&run.report.before), said(&run.report.after)]
    };
    let mut row = |name: &str, of: &dyn Fn(&LearnedFigures) -> Option<f64>| {
        let [before, after] = both(of);
        if before != "–" || after != "–" {
            table.row([name, &before, &after]);
        }
    };
    row("log loss", &|f| Some(f.log_loss));
    row("AUC", &|f| Some(f.auc));
    row("macro F1", &|f| f.macro_f1);
    row("calibration error", &|f| f.ece);
    table.print(&mut cx.out)?;
    let moved = run.report.moved(4);
    cx.out.line(format!(
        "{}: the loss {moved} on {} that neither has seen ({}, look {})",
        run.report.word(),
        count(run.report.after.n),
        p_of_look(run.report.p_cluster),
        run.report.looks
    ))?;
    cx.out.line(became(run.release.0, run.report.held_back.as_deref()))?;
    let again = count(run.report.again_after);
    let again = format!(
        "looks again after {again} new ones: by itself when the screen starts or imports, else with this command"
    );
    let part = match run.report.part() {
        Some(ReadPart::Drawn { drawn, all }) => {
            format!(" (drawn: {} of {} conversations)", count(drawn), count(all))
        }
        Some(ReadPart::Newest { all }) => format!(" (the newest of {} signals)", count(all)),
        None => String::new(),
    };
    cx.out.line(format!("learnt from {}{part}; {again}", run.report.taught_by(count)))?;
    run.report.unheard(count).map_or(Ok(()), |says| cx.out.line(says))
}
