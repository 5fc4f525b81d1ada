//! Labels that look wrong to the newest run's model: those on conversations are reviewed in the queue; base examples, which belong to
//! none, are settled in a list.

use crate::domain::DecisionId;
use crate::store::DisputeRow;
use crate::tui::state::choice::{ListChoice, TuneChoice};
use crate::tui::state::effect::{Effect, GoTo, ask, go, open, say};
use crate::tui::state::float::{ListEntry, MenuSpec};
use crate::tui::state::request::tune::TuneRequest;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::{numbers, words};

/// Opens them; asks which, where there are both.
pub fn begin(shared: &SharedState) -> Vec<Effect> {
    match shared.counts().disputed {
        Some((0, examples)) if examples > 0 => vec![ask(TuneRequest::DisputedExamples)],
        Some((turns, examples)) if examples > 0 => {
            let labels = numbers::plural(turns, "label", "labels");
            let examples = numbers::plural(examples, "base example", "base examples");
            let entries = vec![
                ListEntry::new(labels, "on conversations, in the queue", TuneChoice::DisputedTurns).key('1'),
                ListEntry::new(examples, "of label files, in a list", TuneChoice::DisputedExamples).key('2'),
            ];
            open(MenuSpec::new("Which labels that look wrong?", "", entries))
        }
        _ => turns(),
    }
}

/// Those on conversations.
pub fn turns() -> Vec<Effect> {
    go(GoTo::Queue("is:disputed".to_owned()))
}

/// Lists base examples, the most doubtful first.
pub fn examples(rows: &[DisputeRow]) -> Vec<Effect> {
    if rows.is_empty() {
        return say("no base example looks wrong any more");
    }
    let entry = |r: &DisputeRow| {
        let (given, says) = (words::line(&r.given), words::line(&r.says));
        let text = format!("“{}”", words::fit(&words::line(&r.text), 40));
        ListEntry::new(text, format!("{given} → {says} {:.2}", r.confidence), TuneChoice::Disputed(r.clone().into()))
    };
    let note = "Label → what the model reads, which never saw it. What you choose is asked about first.";
    open(MenuSpec::new("Base examples that look wrong", note, rows.iter().map(entry).collect()))
}

/// Asks which label is right.
pub fn settle(row: &DisputeRow) -> Vec<Effect> {
    let settled = |as_said| TuneChoice::Settle(row.dispute, as_said);
    let entries = vec![
        ListEntry::new(words::line(&row.says), "as the model says", settled(true)).key('1'),
        ListEntry::new(words::line(&row.given), "as it is; it looks wrong no more", settled(false)).key('2'),
        ListEntry::new("leave it", "", ListChoice::Nothing).key('3'),
    ];
    open(MenuSpec::new("Which label is right?", words::paragraph(&format!("“{}”", row.text)), entries))
}

/// Stores it.
pub fn settled(dispute: DecisionId, as_said: bool) -> Vec<Effect> {
    vec![ask(TuneRequest::Settle(dispute, as_said))]
}
