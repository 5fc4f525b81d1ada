//! What Fine-tune opens above itself: reasons for a promotion, a rejection or a roll-back, and what is asked before work begins.

use super::state::TuneScreen;
use crate::domain::{Comparison, Gate, ReleaseId, Verdict};
use crate::store::ReleaseRow;
use crate::theme::Role;
use crate::tui::state::choice::{ListChoice, TextQuestion, TuneChoice, TuneQuestion};
use crate::tui::state::float::{ListEntry, MenuSpec, PromptSpec};
use crate::tui::state::shared::SharedState;
use crate::tui::state::work::{CandidateMethod, TuneJob};
use crate::tui::widgets::{numbers, words};

/// A half of a gold version holds at most so many turns (rule 11).
const MOST_GOLD: u64 = 2_000;

/// A release that may be promoted, and what was found out about it.
#[derive(Clone, Debug)]
pub struct PromotionCandidate {
    release: ReleaseId,
    verdict: Option<Verdict>,
    /// Why the gate refuses; `None`: it does not.
    refused: Option<Vec<String>>,
    /// What its answers take from customers, in words; empty where that is nothing, or where only its comparison knows.
    lost: Vec<String>,
}

impl PromotionCandidate {
    /// The candidate of a comparison.
    pub fn of(c: &Comparison) -> Self {
        let refused = (c.gate == Gate::Refuse).then(|| c.gate_reasons.clone());
        let of = |what: String| format!("{what}, of {} test turns", numbers::count(c.responses.asked));
        let lost = c.responses.losses.words().into_iter().map(of).collect();
        Self { release: c.release, verdict: Some(c.verdict), refused, lost }
    }

    /// A release of the registry.
    pub fn of_row(row: &ReleaseRow) -> Self {
        let refused = (row.gate == Some(Gate::Refuse))
            .then(|| vec!["its comparison says why: open it before you override".to_owned()]);
        // What a learner made is judged by what it learnt.
        let verdict = row.learned.as_ref().map(|(_, judged)| *judged).or(row.verdict);
        Self { release: row.release, verdict, refused, lost: Vec::new() }
    }
}

fn prompt(question: TuneQuestion, title: String, notes: Vec<(String, Role)>, text: impl Into<String>) -> PromptSpec {
    PromptSpec { question: TextQuestion::Tune(question), title, notes, text: text.into() }
}

/// Asks why a candidate is to be promoted; past a refusing gate it says what is overridden. `live`: what is live now.
pub fn promote(c: &PromotionCandidate, live: Option<ReleaseId>) -> PromptSpec {
    let mut notes: Vec<(String, Role)> = c.lost.iter().map(|what| (format!("▾ {what}"), Role::Focus)).collect();
    let unsure = c.verdict != Some(Verdict::Better);
    if let Some(reasons) = &c.refused {
        notes.push(("✗ The gate refuses this candidate:".to_owned(), Role::Bad));
        notes.extend(reasons.iter().map(|r| (format!("  {}", words::line(r)), Role::Text)));
        notes.push(("To promote it all the same, say why. The reason stays in the record.".to_owned(), Role::Muted));
    } else if unsure {
        notes.push(("It cannot be told whether it is better. Why promote it?".to_owned(), Role::Text));
    } else {
        notes.push((TuneQuestion::why_promote(live).to_owned(), Role::Text));
    }
    let over = c.refused.is_some();
    let text = if over || unsure { "" } else { "better on sealed gold" };
    let title = format!("{} v{}", if over { "Override the gate for" } else { "Promote" }, c.release.0);
    prompt(TuneQuestion::Promote(c.release, over), title, notes, text)
}

/// Asks why a candidate is to be rejected.
pub fn reject(release: ReleaseId) -> PromptSpec {
    let notes = vec![("It is kept, but will not be offered again. Why?".to_owned(), Role::Text)];
    prompt(TuneQuestion::Reject(release), format!("Reject v{}", release.0), notes, "")
}

/// Asks why the live release is to be taken back; `None` where that is not possible.
pub fn rollback(tune: &TuneScreen) -> Option<PromptSpec> {
    let back = tune.views.registry.back()?;
    let from = back.from.0;
    let rows = &tune.views.registry.facts.ready()?.releases;
    let learned = rows.iter().find(|r| r.release == back.from).and_then(|r| r.learned.as_ref());
    let waits = learned.map(|(what, _)| {
        (format!("Nothing learnt of {what} goes live by itself then, until a person promotes some of it."), Role::Muted)
    });
    let Some(to) = back.to else {
        let note = format!(
            "Nothing was live before v{from}: what it learnt is not used any more, on no screen and by no command. Why?"
        );
        let title = format!("Take v{from} back");
        let notes = std::iter::once((note, Role::Text)).chain(waits).collect();
        return Some(prompt(TuneQuestion::RollBack(back), title, notes, ""));
    };
    let mut notes = vec![(
        format!("v{} answers again as it did before v{from} was promoted, at once and exactly. Why?", to.0),
        Role::Text,
    )];
    notes.extend(waits);
    let row = rows.iter().find(|r| r.release == to);
    if let Some(row) = row.filter(|r| r.state == "rejected") {
        let why = row.reasons.first().map(|r| format!(": “{}”", words::line(&r.words))).unwrap_or_default();
        notes.insert(0, (format!("✗ v{} was rejected{why}", to.0), Role::Bad));
    }
    let title = format!("Roll back from v{from} to v{}", to.0);
    Some(prompt(TuneQuestion::RollBack(back), title, notes, ""))
}

/// Asks where a release is to be written.
pub fn export(release: ReleaseId) -> PromptSpec {
    let notes = vec![
        ("A new directory: arrays, answers as JSON, the format's description and a reader.".to_owned(), Role::Text),
        ("Addresses and numbers in answers are masked.".to_owned(), Role::Muted),
    ];
    let title = format!("Write v{} as files", release.0);
    prompt(TuneQuestion::Export(release), title, notes, format!("appraise-v{}", release.0))
}

/// Asks whether work is to begin.
fn confirm(title: impl Into<String>, note: String, yes: (&str, &str), job: TuneJob) -> MenuSpec {
    let entries = vec![
        ListEntry::new(yes.0, yes.1, TuneChoice::Work(job)).key('1'),
        ListEntry::new("leave it", "", ListChoice::Nothing).key('2'),
    ];
    MenuSpec::new(title, note, entries)
}

/// Asks before two releases are compared: it is a look at the sealed half.
pub fn compare(tune: &TuneScreen, before: Option<ReleaseId>, after: ReleaseId) -> MenuSpec {
    let facts = tune.views.registry.facts.ready();
    let mut note = match facts.and_then(|f| f.gold.first()) {
        Some(gold) => format!(
            "This is look {} at the sealed half of gold version {}, unless both have the same intents. The more looks, the less a narrow verdict is worth.",
            numbers::count(gold.looks + 1),
            gold.version.0
        ),
        None => "There is no gold set yet: it cannot be told which is better.".to_owned(),
    };
    if let Some(learned) = facts.and_then(|f| f.learned.iter().find(|row| row.release == after)) {
        let measured = learned.report.measured(numbers::count);
        note += &format!(
            " Intents and answers alone: what v{} learnt by itself was judged when it was learnt ({measured}); `appraise compare` judges it beside the other's.",
            after.0
        );
    }
    let name = before.map_or("the log's own predictions".to_owned(), |r| format!("v{}", r.0));
    let title = format!("{name} before, v{} after?", after.0);
    confirm(title, note, ("compare them", ""), TuneJob::Compare(before, after))
}

/// Asks before an AI is asked: it may cost, and takes its time.
pub fn asking(tune: &TuneScreen, shared: &SharedState, name: &str) -> MenuSpec {
    let (open, sealed) = shared.counts().gold;
    let texts = open.min(MOST_GOLD) + sealed.min(MOST_GOLD);
    let mut note = format!("It is asked {}", numbers::plural(texts, "gold text", "gold texts"));
    if let Some(way) = tune.ways.ai(name) {
        let seconds = (texts as f64 / way.rate).ceil() as u64;
        note.push_str(&format!(", {} a second at most: about {}", way.rate, numbers::seconds(seconds)));
        if way.request > 0.0 {
            note.push_str(&format!(", {:.2} by the configured price of a question", texts as f64 * way.request));
        }
        if way.by_tokens {
            note.push_str(", and what its tokens cost");
        }
    }
    note.push_str(". What it has answered is kept when you stop, and not asked again. The comparison is a look at the sealed half.");
    let job = TuneJob::Train(CandidateMethod::Ask(name.to_owned()), None);
    confirm(format!("Ask {}?", words::line(name)), note, ("ask it", ""), job)
}

/// Asks before a release is trained again without labels.
pub fn drop_labels(what: &str, job: TuneJob) -> MenuSpec {
    let note = format!(
        "Trains the release again without {what}, everything else as it was, and compares that with what is live. The labels \
         themselves stay, and the run after this one learns them again unless whoever gave them takes them back."
    );
    let yes = ("train without", "a new candidate, and a look at the sealed half");
    confirm("Leave these labels out?", note, yes, job)
}
