//! What Patterns opens above itself: handing out, labelling all of a line, intents and modes made of a line, topics.

use super::state::{LineMatter, PatternsScreen};
use crate::domain::zone::shifted;
use crate::domain::{
    ActionTerms, Cause, ConversationId, DecisionId, Judgement, Outcome, PatternKind, Query, is_repairer,
};
use crate::store::OthersWord;
use crate::theme::Role;
use crate::tui::state::choice::{JudgedAs, JudgedOn, ListChoice, PatternsChoice, PatternsQuestion};
use crate::tui::state::float::{Float, HandOutSpec, ListEntry, MenuSpec, PromptSpec};
use crate::tui::state::request::patterns::{FIRST_EXAMPLES, LabelPreview};
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::{lists, numbers, others, words};

/// Days until what is handed out is due, unless somebody says another day.
const UNTIL_DUE: i64 = 14;
/// Columns of a customer's words in a preview.
const SAMPLE: usize = 62;

/// Asks to whom the selected line goes.
pub fn hand_out(screen: &PatternsScreen, shared: &SharedState) -> Option<HandOutSpec> {
    let line = screen.line()?;
    let about = match &line.effect {
        Some(effect) => effect.action.about.clone(),
        None => Query::parse(&line.query).ok()?.matter().to_string(),
    };
    let open = line.action.as_ref().filter(|a| a.done_at.is_none());
    let today = shared.zone().day(shared.now);
    let terms = match open {
        Some(a) => ActionTerms { owner: a.owner.clone(), note: a.note.clone(), due: a.due.clone() },
        None => {
            let proposed = line.repaired_by.filter(|by| is_repairer(by));
            let due = shifted(today, UNTIL_DUE).to_string();
            ActionTerms { owner: proposed.unwrap_or_default().to_owned(), note: None, due: Some(due) }
        }
    };
    Some(HandOutSpec { about, name: line.name.clone(), terms, with: open.map(|a| a.owner.clone()), today })
}

/// Says why nothing of a line can be labelled.
pub fn nothing_left(preview: &LabelPreview) -> String {
    let mut why = Vec::new();
    if preview.judged > 0 {
        why.push(format!("{} judged already", numbers::count(preview.judged)));
    }
    if preview.in_test_groups > 0 {
        why.push(format!("{} in test groups", numbers::count(preview.in_test_groups)));
    }
    format!(
        "nothing is left to label: {}",
        if why.is_empty() { "it is empty by now".to_owned() } else { why.join(", ") }
    )
}

/// What all of a line can be labelled, with what that would be about.
pub fn label_all(preview: &LabelPreview, shared: &SharedState) -> MenuSpec {
    let n = preview.ids.len() as u64;
    let outcome = |o| ListChoice::Judged(JudgedOn::Pattern, JudgedAs::Outcome(o));
    // Said of a part, the part comes first: there is not room for all of it.
    let get = |all: &str, part: &str| match preview.failing {
        failing if failing == n => all.to_owned(),
        failing => format!("the {} that failed get {part}", numbers::count(failing)),
    };
    // The keys and the order of what is marked in the queue.
    let mut entries = Vec::new();
    if !shared.intents.is_empty() {
        let hint = "one intent for each turn to judge";
        entries.push(ListEntry::new("the customer wanted …", hint, PatternsChoice::Intents).key('i'));
    }
    if preview.failing > 0 {
        let cause = get("one cause; the intent stays open", "one cause");
        let both = get("its intents and one cause: done", "both");
        entries.push(ListEntry::new("the AI had understood, and …", both, PatternsChoice::Understood).key('a'));
        entries.push(ListEntry::new("it failed because …", cause, PatternsChoice::Causes).key('w'));
    }
    if preview.failing > 0 && !shared.vocabulary.modes.in_use().is_empty() {
        let hint = get("one failure mode, and its cause", "one mode");
        entries.push(ListEntry::new("what went wrong first …", hint, PatternsChoice::Modes).key('m'));
    }
    entries.extend([
        ListEntry::new("resolved after all", "the AI solved them", outcome(Outcome::Resolved)).key('r'),
        ListEntry::new(
            "spam or tests",
            "they leave all rates",
            ListChoice::Judged(JudgedOn::Pattern, JudgedAs::Traffic(false)),
        )
        .key('x'),
    ]);
    let first = if preview.more { "the first " } else { "" };
    let title = format!("Label {first}{}", numbers::plural(n, "conversation", "conversations"));
    let mut out = Vec::new();
    if preview.in_test_groups > 0 {
        out.push(format!("{} in test groups", numbers::count(preview.in_test_groups)));
    }
    if preview.judged > 0 {
        out.push(format!("{} that somebody judged", numbers::count(preview.judged)));
    }
    let left = if out.is_empty() { String::new() } else { format!("{} stay out. ", out.join(" and ")) };
    let none_failed = if preview.failing == 0 { "Nothing says that any of them failed. " } else { "" };
    let note = format!("{left}{none_failed}It is one step: u takes all of it back.");
    let samples = preview.samples.iter().map(|s| format!("“{}”", words::fit(&words::line(s), SAMPLE))).collect();
    MenuSpec { samples, ..MenuSpec::new(title, note, entries) }
}

/// The failure modes, to give one of them to all of a line.
pub fn modes(shared: &SharedState) -> MenuSpec {
    let entry = |(i, m): (usize, &crate::store::ModeRow)| {
        let choice = ListChoice::Judged(JudgedOn::Pattern, JudgedAs::Mode(m.id, m.cause));
        let entry = ListEntry::new(words::line(&m.name), m.cause.label(), choice);
        if i < 9 { entry.key((b'1' + i as u8) as char) } else { entry }
    };
    let none = ListEntry::unchosen("choose a mode", "Esc leaves them as they are");
    let modes = shared.vocabulary.modes.in_use().into_iter().enumerate().map(entry);
    let entries = std::iter::once(none).chain(modes).collect();
    MenuSpec::new("What went wrong first?", "A mode sets the cause that it belongs to.", entries)
}

/// Asks for the name of an intent for the line; of notes, for that of a failure mode.
pub fn make(screen: &PatternsScreen, shared: &SharedState) -> Option<Float> {
    let line = screen.line()?;
    if line.kind == Some(PatternKind::Noted) {
        return Some(match line.causes.first() {
            Some((cause, _)) if cause.is_failure() => name_mode(screen, line.query.clone(), *cause).into(),
            _ => mode_causes(line.query.clone()).into(),
        });
    }
    let said = words::fit(&words::line(line.example.as_deref().unwrap_or(&line.name)), 200);
    let mut prompt = lists::new_intent(PatternsQuestion::Intent(line.query.clone()).into(), &said, &shared.intents);
    let quoted = |said: &String| (format!("“{}”", words::fit(&words::line(said), 200)), Role::Text);
    prompt.notes.splice(1..1, line.more_examples.iter().map(quoted));
    let follows = format!(
        "Of its {}, up to {FIRST_EXAMPLES} that nobody has judged, of training groups, are labelled so: its first examples.",
        numbers::plural(line.n, "conversation", "conversations")
    );
    prompt.notes.push((follows, Role::Muted));
    if let [(first, _), others @ ..] = line.intents.as_slice()
        && !others.is_empty()
    {
        let says = format!("The log gives them {} intents, {} most often.", line.intents.len(), words::line(first));
        prompt.notes.push((says, Role::Bad));
    }
    Some(prompt.into())
}

/// Asks under which cause a mode comes.
fn mode_causes(query: String) -> MenuSpec {
    let entry =
        |c: &Cause| ListEntry::new(c.label(), c.meaning(), PatternsChoice::ModeUnder(query.clone(), *c)).key(c.key());
    let none = ListEntry::unchosen("choose a cause", "Esc makes no mode");
    let entries = std::iter::once(none).chain(Cause::ALL.iter().filter(|c| c.is_failure()).map(entry)).collect();
    MenuSpec::new("Under which cause does it come?", "A failure mode belongs to one root cause.", entries)
}

/// Asks for the name of a mode.
pub fn name_mode(screen: &PatternsScreen, query: String, cause: Cause) -> PromptSpec {
    let said = screen.line().and_then(|l| l.example.clone()).unwrap_or_default();
    let notes = vec![
        (format!("“{}”", words::fit(&words::line(&said), 200)), Role::Text),
        (format!("What went wrong first, in a few words; it belongs to: {}.", cause.label()), Role::Muted),
    ];
    let question = PatternsQuestion::Mode(query, cause).into();
    PromptSpec { question, title: "A new failure mode".to_owned(), notes, text: String::new() }
}

/// Asks for another name of the selected topic or mode.
pub fn rename(screen: &PatternsScreen) -> Option<PromptSpec> {
    let (question, title, note, name) = match screen.matter()? {
        LineMatter::Topic(name) => (
            PatternsQuestion::RenameTopic(name.clone()),
            "Another name for this topic",
            "What stands before a slash is its first level: booking/change_date.",
            name,
        ),
        LineMatter::Mode(name) => (
            PatternsQuestion::RenameMode(name.clone()),
            "Another name for this failure mode",
            "What is in it stays in it, under the new name.",
            name,
        ),
    };
    let notes = vec![(note.to_owned(), Role::Muted)];
    Some(PromptSpec { question: question.into(), title: title.to_owned(), notes, text: words::line(&name) })
}

/// Asks which other one the selected topic or mode is to count as.
pub fn merge(screen: &PatternsScreen, shared: &SharedState) -> Option<MenuSpec> {
    let (from, entries): (String, Vec<ListEntry>) = match screen.matter()? {
        LineMatter::Topic(from) => {
            let topics = screen.page.ready()?.lines.iter().filter(|l| l.says.is_some() || l.example.is_some());
            let entry = |l: &crate::store::PatternLine| {
                let choice = PatternsChoice::MergeTopic(from.clone(), l.name.clone());
                ListEntry::new(words::line(&l.name), numbers::count(l.n), choice)
            };
            let entries = topics.filter(|l| l.name != from).map(entry).collect();
            (from, entries)
        }
        LineMatter::Mode(from) => {
            let modes = &shared.vocabulary.modes;
            let cause = modes.find(&from)?.cause;
            let others = modes.in_use().into_iter().filter(|m| m.cause == cause && m.name != from);
            let entry = |m: &crate::store::ModeRow| {
                let choice = PatternsChoice::MergeMode(from.clone(), m.name.clone());
                ListEntry::new(words::line(&m.name), numbers::count(m.n), choice)
            };
            let entries = others.map(entry).collect();
            (from, entries)
        }
    };
    let title = format!("{} counts as …", words::line(&from));
    (!entries.is_empty()).then(|| MenuSpec::new(title, "Both stay in the log; u takes it back.", entries))
}

/// Asks for the finer modes that take the place of the selected one.
pub fn split(screen: &PatternsScreen) -> Option<PromptSpec> {
    let Some(LineMatter::Mode(name)) = screen.matter() else { return None };
    let notes = vec![
        ("The names of two or more finer modes, with commas between, under the same cause.".to_owned(), Role::Muted),
        ("What it holds keeps its cause and waits for one of them.".to_owned(), Role::Muted),
    ];
    let title = format!("{} is split into …", words::line(&name));
    Some(PromptSpec { question: PatternsQuestion::SplitMode(name).into(), title, notes, text: String::new() })
}

/// Asks whether the selected mode is to be taken out of use.
pub fn retire(screen: &PatternsScreen) -> Option<MenuSpec> {
    let Some(LineMatter::Mode(name)) = screen.matter() else { return None };
    let title = format!("Take {} out of use?", words::line(&name));
    let entries = vec![
        ListEntry::new("retire it", "nobody can give it any more", PatternsChoice::RetireMode(name)).key('y'),
        ListEntry::new("leave it", "", ListChoice::Nothing).key('n'),
    ];
    Some(MenuSpec::new(title, "What is in it stays in it; u takes it back.", entries))
}

/// Asks what is to stand on conversations of which others judged some.
pub fn overtaken(said: &[OthersWord], ids: Vec<ConversationId>, judgement: Judgement, seen: DecisionId) -> MenuSpec {
    let theirs: Vec<ConversationId> = said.iter().map(|w| w.n).collect();
    let rest: Vec<ConversationId> = ids.iter().copied().filter(|id| !theirs.contains(id)).collect();
    let mut entries = vec![ListEntry::new("leave all as it is", "nothing is saved yet", ListChoice::Nothing).key('l')];
    if !rest.is_empty() {
        let text = format!("keep theirs, label the other {}", numbers::count(rest.len() as u64));
        entries.push(ListEntry::new(text, "", PatternsChoice::LabelOthers(rest, judgement.clone(), seen)).key('y'));
    }
    let all = PatternsChoice::LabelAll(ids, judgement);
    entries.push(ListEntry::new("set mine on all", "theirs stays in the history", all).key('m'));
    let title = format!("Some were judged meanwhile: {}", others::names(said));
    MenuSpec::new(title, others::told(said, false, true), entries)
}
