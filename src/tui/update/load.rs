//! Filling the store in the background: an import, the demo.

use super::floats;
use super::place::init;
use crate::domain::OutcomeSource;
use crate::jobs::ImportReport;
use crate::jobs::demo::DemoReport;
use crate::theme::Role;
use crate::tui::state::app::App;
use crate::tui::state::effect::{
    Effect, FootMessage, GoTo, Job, LongWork, ProgramEffect, StoreEffect, WorldEffect, ask, cheer, complain, open, say,
    start, stop,
};
use crate::tui::state::files::LogReading;
use crate::tui::state::float::{Float, SheetContent};
use crate::tui::state::request::tune::TuneRequest;
use crate::tui::state::tab::ScreenTab;
use crate::tui::state::work::{FilledBy, FillingWork, JobEnd, JobRun, LoadJob};
use crate::tui::widgets::{numbers, words};
use std::path::PathBuf;

/// Tells the loading to stop.
pub fn cancel(app: &mut App) -> Vec<Effect> {
    match &mut app.shared.loading {
        Some(loading) if !loading.run.cancelling => {
            loading.run.cancelling = true;
            vec![stop(LongWork::Load)]
        }
        _ => Vec::new(),
    }
}

/// Begins the import of a log; how far it is stands on the Overview.
pub fn import(app: &mut App, path: PathBuf, reading: LogReading) -> Vec<Effect> {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    app.shared.loading = Some(FillingWork { what: words::line(&name), run: JobRun::default() });
    vec![Effect::Go(GoTo::Tab(ScreenTab::Overview)), start(Job::Load(LoadJob::Import(path, reading)))]
}

/// Begins the demo.
pub fn demo(app: &mut App) -> Vec<Effect> {
    app.shared.loading = Some(FillingWork { what: FillingWork::DEMO.to_owned(), run: JobRun::default() });
    vec![start(Job::Load(LoadJob::Demo))]
}

/// The loading ended.
pub fn finished(app: &mut App, end: Result<Box<FilledBy>, JobEnd>) -> Vec<Effect> {
    let Some(loading) = app.shared.loading.take() else { return Vec::new() };
    // What fails may be another after this: patterns are looked for anew when somebody comes to see them.
    app.patterns.looked = false;
    app.shared.looked_for_signals = false;
    let mut effects = vec![Effect::Program(ProgramEffect::Refresh), ask(TuneRequest::Releases)];
    match end {
        Ok(loaded) => match *loaded {
            FilledBy::Demo(path, report) => effects.extend(opened_demo(app, path, &report)),
            FilledBy::Import(report, rejects) => effects.extend(imported(app, &loading.what, &report, &rejects)),
        },
        Err(JobEnd::Cancelled) => {
            effects.extend(say(match loading.is_demo() {
                true => "the demo was not built; nothing is left of it",
                false => "stopped; what was stored so far stays, and importing again goes on from there",
            }));
        }
        Err(JobEnd::Failed(why)) => {
            let what = if loading.is_demo() { "the demo could not be built" } else { "not imported" };
            effects.extend(app.shared.notify(what));
            effects.extend(complain(what, why));
        }
    }
    effects
}

/// Leaves the empty store for the demo that was built.
fn opened_demo(app: &mut App, path: PathBuf, report: &DemoReport) -> Vec<Effect> {
    let text = format!(
        "the demo is ready: {} in {}",
        numbers::plural(report.conversations, "conversation", "conversations"),
        numbers::plural(report.weeks.into(), "week", "weeks")
    );
    app.forget_store();
    app.shared.named(&path);
    app.shared.new_demo = true;
    let switch = std::iter::once(WorldEffect::Store(StoreEffect::Switch(path)));
    let mut effects: Vec<Effect> = switch.chain(init()).map(Effect::World).collect();
    effects.extend(app.shared.notify(&text));
    effects.extend(cheer(text));
    effects.extend(floats::offer_tour());
    effects
}

/// Says what an import did; more of it for whoever was waiting, and for whoever asks.
fn imported(app: &App, file: &str, report: &ImportReport, rejects: &[String]) -> Vec<Effect> {
    let n = |n| numbers::count(n);
    let mut text = format!("{file}: {} new, {} updated, {} the same", n(report.new), n(report.updated), n(report.same));
    for (count, what) in [(report.older, "older"), (report.rejected, "rejected")] {
        if count > 0 {
            text.push_str(&format!(", {} {what}", n(count)));
        }
    }
    let lines = lines(report, rejects);
    let detail = lines.iter().map(|(t, _)| t.as_str()).collect::<Vec<_>>().join("\n");
    let mut effects = vec![Effect::Say(FootMessage::Detail(text.clone(), detail))];
    effects.extend(app.shared.notify(&text));
    if app.overlays.is_empty() && app.tab == ScreenTab::Overview {
        let title = format!("Imported {file}   Esc closes");
        effects.extend(open(Float::Sheet(SheetContent::Text(title, lines))));
    } else {
        effects.extend(cheer(format!("{text}   D tells more")));
    }
    effects
}

fn lines(r: &ImportReport, rejects: &[String]) -> Vec<(String, Role)> {
    let n = |n| numbers::count(n);
    let mut out = vec![
        (
            format!("{} new, {} updated, {} the same, {} rejected", n(r.new), n(r.updated), n(r.same), n(r.rejected)),
            Role::Heading,
        ),
        (
            format!(
                "{} with {}, format {}",
                numbers::plural(r.conversations, "conversation", "conversations"),
                numbers::plural(r.turns, "turn", "turns"),
                words::line(&r.format)
            ),
            Role::Text,
        ),
        (
            match r.ratings_of_none {
                _ if r.ratings + r.ratings_of_none == 0 => String::new(),
                none => format!(
                    "{} given to stored conversations, {} of none that is stored",
                    numbers::plural(r.ratings, "rating", "ratings"),
                    n(none)
                ),
            },
            Role::Text,
        ),
        ("How they ended:".to_owned(), Role::Muted),
    ];
    for (name, count) in r.outcomes.by_name().into_iter().filter(|(_, n)| *n > 0) {
        out.push((format!("  {} {}", words::pad(name, 10), words::pad_left(&n(count), 9)), Role::Text));
    }
    if r.derived > 0 {
        let source = OutcomeSource::Derived.name();
        out.push((format!("  {} of these are {source} from how the conversation went", n(r.derived)), Role::Muted));
    }
    if r.labelled_turns > 0 {
        let labels = numbers::plural(r.labelled_turns, "turn", "turns");
        out.push((format!("{labels} came with a label or a corrected answer."), Role::Text));
    }
    let asked: Vec<String> = r.questions.iter().map(ToString::to_string).collect();
    section(&mut out, "Not understood, and left out until somebody says it:", &asked, Role::Bad);
    section(&mut out, "Read all the same, though something was odd:", &r.warnings, Role::Text);
    section(&mut out, "Rejected, the first of them:", rejects, Role::Bad);
    out
}

fn section(out: &mut Vec<(String, Role)>, title: &str, lines: &[String], role: Role) {
    if lines.is_empty() {
        return;
    }
    out.push((String::new(), Role::Text));
    out.push((title.to_owned(), Role::Muted));
    out.extend(lines.iter().map(|l| (format!("  {}", words::line(l)), role)));
}
