//! Drawing Fine-tune: what there is to learn from, the run, the result.

use super::state::front::TuneFront;
use super::state::work::TuneWork;
use super::state::{LearnReadiness, TuneScreen, ready};
use super::{blame, curve, how, registry, replay, result};
use crate::action::Action;
use crate::base::progress::READING;
use crate::domain::stage_words;
use crate::jobs::encoders::{NONE, STATIC};
use crate::store::Overview;
use crate::theme::Role;
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::{SharedState, StoreRead};
use crate::tui::state::tab::ScreenTab;
use crate::tui::state::work::{CandidateMethod, JobProgress};
use crate::tui::widgets::gauge::Gauge;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Below so many sealed turns nothing can be told (rule 16).
const ENOUGH_SEALED: u64 = 100;
/// A half of a gold version holds at most so many turns (rule 11).
const MOST_SEALED: u64 = 2_000;

/// Draws the screen.
pub fn draw(tune: &TuneScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let overview = match &shared.overview {
        StoreRead::Waiting => return canvas.notice(area, &[("Reading the releases …", Role::Muted)]),
        StoreRead::Failed(why) => return failed(why, canvas, area),
        StoreRead::Ready(o) => o,
    };
    let mut below = area;
    if let Some(work) = &tune.work {
        let used = working(tune, shared, work, canvas, area);
        below = Rect { y: area.y + used, height: area.height.saturating_sub(used), ..area };
    }
    match tune.views.front {
        TuneFront::Registry => registry::view::draw(tune, shared, canvas, below),
        TuneFront::Replay => replay::draw(tune, shared, canvas, below),
        TuneFront::Blame => blame::draw(tune, shared, canvas, below),
        TuneFront::Result | TuneFront::Curve => result(tune, shared, overview, canvas, below),
    }
}

/// A comparison or the learning curve, and above it what the next run would learn.
fn result(tune: &TuneScreen, shared: &SharedState, overview: &Overview, canvas: &mut Canvas, area: Rect) {
    let (working, curve) = (tune.work.is_some(), tune.views.front == TuneFront::Curve);
    if let StoreRead::Failed(why) = &tune.comparison
        && !working
    {
        return failed(why, canvas, area);
    }
    match tune.shown() {
        Some(c) => {
            let stands = !working && (curve || !result::is_brief(tune, area));
            let used = if stands { standing(tune, shared, overview, canvas, area) } else { 0 };
            let below = Rect { y: area.y + used, height: area.height.saturating_sub(used), ..area };
            match curve {
                true => curve::draw(tune, shared, canvas, below),
                false => result::draw(tune, shared, c, canvas, below),
            }
        }
        None if curve => curve::draw(tune, shared, canvas, area),
        None if working => {
            let lines = facts(overview);
            let lines: Vec<(&str, Role)> = lines.iter().map(|(t, r)| (t.as_str(), *r)).collect();
            canvas.notice(area, &lines);
        }
        None if matches!(tune.comparison, StoreRead::Waiting) => {
            canvas.notice(area, &[("Reading the releases …", Role::Muted)]);
        }
        None => first(tune, shared, overview, canvas, area),
    }
}

fn failed(why: &str, canvas: &mut Canvas, area: Rect) {
    canvas.notice(
        area,
        &[
            ("✗ The releases could not be read.", Role::Bad),
            ("", Role::Text),
            (&words::line(why), Role::Muted),
            ("", Role::Text),
            ("F5 tries again.", Role::Text),
        ],
    );
}

/// What a run would learn from, and on what it would be measured.
fn facts(o: &Overview) -> Vec<(String, Role)> {
    let mut out = Vec::new();
    let new = numbers::plural(o.new_labels, "label is new", "labels are new");
    out.push(match (o.live, o.new_labels) {
        (Some(_), 0) => ("No label is new since the newest release.".to_owned(), Role::Muted),
        (Some(_), _) => (format!("{new} since the newest release."), Role::Good),
        (None, _) => ("No model is live yet: this run makes the first.".to_owned(), Role::Text),
    });
    let examples = numbers::plural(o.examples, "example", "examples");
    out.push((
        format!("It learns from {examples} of {}.", numbers::plural(o.intents, "intent", "intents")),
        Role::Text,
    ));
    out.extend(corrections_words(o).map(|text| (format!("Corrected answers: {text}."), Role::Text)));
    if o.encoder.is_some() {
        out.push((format!("{}.", encoder_words(o).replacen("encoder", "Encoder", 1)), Role::Muted));
    }
    let (_, sealed) = o.gold;
    out.push(match sealed {
        0 => (
            "There is no test set yet: it can train, but not tell whether it is better. Open a review cycle (c in the \
             queue): part of it becomes the test set."
                .to_owned(),
            Role::Bad,
        ),
        n if n < ENOUGH_SEALED => (
            format!(
                "It is measured on {} sealed turns; below {ENOUGH_SEALED} the verdict is always “cannot tell”.",
                numbers::count(n)
            ),
            Role::Muted,
        ),
        n if n > MOST_SEALED => (
            format!(
                "It is measured on {} of the {} sealed turns, which no model has seen.",
                numbers::count(MOST_SEALED),
                numbers::count(n)
            ),
            Role::Text,
        ),
        n => (format!("It is measured on {} sealed turns that no model has seen.", numbers::count(n)), Role::Text),
    });
    out
}

/// The screen before there is anything to compare.
fn first(tune: &TuneScreen, shared: &SharedState, o: &Overview, canvas: &mut Canvas, area: Rect) {
    let mut lines: Vec<(String, Role)> = Vec::new();
    let mut add = |text: &str, role| lines.push((text.to_owned(), role));
    if ready(o) == LearnReadiness::NothingToLearn {
        add("Nothing to learn from yet.", Role::Heading);
        add("", Role::Text);
        match (o.intents, o.conversations) {
            (_, 0) => add("The store is empty. 1 goes to the overview, where it can be filled.", Role::Text),
            (0, _) => add(
                "There are no intents. Review conversations and make intents with n, or import examples: appraise intents import FILE",
                Role::Text,
            ),
            _ => add(
                "A model needs labels of at least two intents. Review a few conversations: every digit you press is one.",
                Role::Text,
            ),
        }
        add("", Role::Text);
        add(&format!("{} goes to Review.", tune.key(shared, Action::Tab(ScreenTab::Review.number()))), Role::Muted);
    } else {
        add("Ready to fine-tune.", Role::Heading);
        add("", Role::Text);
        lines.extend(facts(o));
        let key = tune.key(shared, Action::StartTuning);
        lines.push((String::new(), Role::Text));
        lines.push((
            match o.live {
                Some(_) => format!(
                    "{key} starts. The rest of the program goes on working, and the intent model that is live stays until you promote."
                ),
                None => format!("{key} starts. The rest of the program goes on working; nothing is live until you promote."),
            },
            Role::Accent,
        ));
    }
    let lines: Vec<(&str, Role)> = lines.iter().map(|(t, r)| (t.as_str(), *r)).collect();
    canvas.notice(area, &lines);
}

/// One line above a result: what the next run would learn. Gives the rows used.
fn standing(tune: &TuneScreen, shared: &SharedState, o: &Overview, canvas: &mut Canvas, area: Rect) -> u16 {
    let key = tune.key(shared, Action::StartTuning);
    let how = how::words_of(&tune.how);
    let new = numbers::plural(o.new_labels, "new label", "new labels");
    let text = match (&tune.how, o.new_labels) {
        // Of an earlier day nothing can be trained.
        (_, 1..) if !shared.may_write() => format!("{new} since the newest release"),
        (_, 0) if !shared.may_write() => "no new labels since the newest release".to_owned(),
        // What an AI elsewhere answers has nothing to do with labels here.
        (CandidateMethod::Ask(_), _) => format!("{key} {how}"),
        (CandidateMethod::Live, 0) => "no new labels since the newest release".to_owned(),
        (_, 0) => format!("no new labels: {key} {how}"),
        // Where it is narrow, the test labels beside it need the room.
        _ if area.width < 110 && o.gold_new > 0 => format!("{new}: {key} {how}"),
        _ => format!("{new} since the newest release: {key} {how}"),
    };
    let role = if o.new_labels > 0 { Role::Accent } else { Role::Muted };
    let right = canvas.right(area, area.y, &text, role);
    let freeze = tune.key(shared, Action::FreezeGold);
    let left = match (shared.renewal.progress(), o.gold_new) {
        (Some(p), _) => renewing_words(p),
        (None, 0) => String::new(),
        (None, n) if !shared.may_write() => numbers::plural(n, "new test label", "new test labels"),
        (None, n) => {
            format!("{}: {freeze} puts them into the test", numbers::plural(n, "new test label", "new test labels"))
        }
    };
    canvas.text(area.x, area.y, right.saturating_sub(area.x + 2), &left, Role::Muted);
    let line = Rect { y: area.y + 1, height: 1, ..area };
    let right = canvas.right(line, line.y, &encoder_words(o), Role::Muted);
    let disputed = disputed_words(tune, shared, o);
    if let Some(text) = corrections_words(o).filter(|_| disputed.is_none()) {
        let text = format!("answers: {text}");
        canvas.text(line.x, line.y, right.saturating_sub(line.x + 2), &text, Role::Muted);
    }
    if let Some(text) = disputed {
        let end = canvas.text(line.x, line.y, right.saturating_sub(line.x + 2), &text, Role::Accent);
        canvas.hit(Rect { width: end.saturating_sub(line.x), ..line }, ScreenHit::Act(Action::OpenDisputed));
    }
    // Where it is low, air goes first.
    if area.height < result::LOW + 3 { 2 } else { 3 }
}

/// How many corrected answers wait for a lead, are accepted, will be in the next release, and are live; `None` without any.
fn corrections_words(o: &Overview) -> Option<String> {
    // An accepted one that the next release says, or the live one, is accepted all the same.
    let [proposed, returned, unused, next, live] = o.corrections;
    let back = if returned > 0 { format!(", {returned} returned") } else { String::new() };
    let accepted = unused + next + live;
    let any = proposed + returned + accepted > 0;
    any.then(|| format!("{proposed} proposed{back}, {accepted} accepted, {next} in the next release, {live} live"))
}

/// What the next run reads meanings with.
fn encoder_words(o: &Overview) -> String {
    match o.encoder.as_deref() {
        None => String::new(),
        Some(STATIC) => "encoder: built-in table".to_owned(),
        Some(NONE) => "encoder: none, n-grams only".to_owned(),
        Some(name) => format!("encoder: {}", words::fit(&words::line(name), 28)),
    }
}

/// Labels that look wrong, and how to see them.
fn disputed_words(tune: &TuneScreen, shared: &SharedState, o: &Overview) -> Option<String> {
    let key = tune.key(shared, Action::OpenDisputed);
    let turns = |n| format!("{} wrong: {key} shows them", numbers::plural(n, "label looks", "labels look"));
    match o.disputed? {
        (0, 0) => None,
        (n, 0) => Some(turns(n)),
        (0, e) => {
            let examples = numbers::plural(e, "base example looks", "base examples look");
            Some(format!("{examples} wrong: {key} shows them"))
        }
        (n, e) => Some(format!("{} · {} too", turns(n), numbers::plural(e, "base example", "base examples"))),
    }
}

/// Where the renewal of predictions is, in words.
pub fn renewing_words(p: &JobProgress) -> String {
    let what = if p.stage == READING { stage_words(READING) } else { "renewing guesses" };
    match p.fraction() {
        Some(f) => format!("{what} {:.0} %", f * 100.0),
        None => what.to_owned(),
    }
}

/// The work that goes on. Gives the rows used.
fn working(tune: &TuneScreen, shared: &SharedState, work: &TuneWork, canvas: &mut Canvas, area: Rect) -> u16 {
    // Its key is that of the view in front.
    let gauge = Gauge {
        title: &work.title(),
        progress: &work.run.progress,
        stopping: work.run.cancelling,
        cancel: (Action::CancelTuning, tune.key(shared, Action::CancelTuning)),
        count: work.counts().then_some(numbers::count),
        one_stage: false,
    };
    gauge.draw(canvas, area)
}
