//! Opening a review cycle: how many, what is to be found out, by whom, and of which conversations.

use super::reply::OverlayReply;
use crate::action::Action;
use crate::domain::Query;
use crate::theme::Role;
use crate::tui::state::choice::QueueChoice;
use crate::tui::state::float::CycleSpec;
use crate::tui::state::request::queue::CycleTerms;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::canvas::centred;
use crate::tui::widgets::{Canvas, TextField, words};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::{Position, Rect};

/// Columns of the words before a field.
const LABEL: u16 = 12;
/// What is written in the fields, and what an empty one says.
const FIELDS: [(&str, &str); 4] = [
    ("at most", "conversations, a random tenth of them included"),
    ("a question", "to be answered by these, or nothing"),
    ("reviewers", "names, with commas; or whoever comes"),
    ("of these", "everything"),
];

/// The form.
#[derive(Debug)]
pub struct CycleForm {
    /// How many it is about, of which conversations.
    found: String,
    proposed: String,
    fields: [TextField; 4],
    at: usize,
    /// The size is the proposed one: the first character that is typed takes its place.
    is_proposed: bool,
    problem: Option<&'static str>,
}

impl CycleForm {
    /// Opens it with what is proposed.
    pub fn new(spec: CycleSpec) -> Self {
        let proposed = words::line(&spec.scope);
        let fields = [spec.goal.to_string(), String::new(), String::new(), proposed.clone()];
        let fields = fields.map(TextField::new);
        Self { found: spec.found, proposed, fields, at: 0, is_proposed: true, problem: None }
    }

    /// Takes how many it is about.
    pub fn counted(&mut self, found: String) {
        self.found = found;
    }

    /// Takes a key as text.
    pub fn key(&mut self, key: KeyEvent) {
        let types = matches!(key.code, KeyCode::Char(_))
            && !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        self.replace_proposal(types);
        self.fields[self.at].key(key);
    }

    /// Whatever is done in the field of the size makes it the person's own.
    fn replace_proposal(&mut self, by_text: bool) {
        if self.at == 0 && std::mem::take(&mut self.is_proposed) && by_text {
            self.fields[0] = TextField::new("");
        }
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        self.replace_proposal(true);
        self.fields[self.at].insert(text);
    }

    /// Take it, the next field, Esc.
    pub fn act(&mut self, action: Action) -> OverlayReply {
        match action {
            Action::Cancel => return OverlayReply::Close,
            Action::Save | Action::Accept => return self.save(),
            Action::Toggle => self.at = (self.at + 1) % FIELDS.len(),
            _ => {}
        }
        OverlayReply::nothing()
    }

    fn save(&mut self) -> OverlayReply {
        let [goal, aim, reviewers, scope] = &self.fields;
        let text = |field: &TextField| field.text().trim().to_owned();
        let goal = match text(goal).parse::<u64>() {
            Ok(goal) if goal > 0 => goal,
            _ => return self.refuse(0, "a number above 0, please"),
        };
        if Query::parse(&text(scope)).is_err() {
            return self.refuse(3, "this cannot be read as a filter");
        }
        let reviewers = text(reviewers).split(',').map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()).collect();
        let aim = Some(text(aim)).filter(|aim| !aim.is_empty());
        let terms = CycleTerms { scope: text(scope), goal, aim, reviewers };
        OverlayReply::Chosen(QueueChoice::OpenCycle(terms).into())
    }

    fn refuse(&mut self, field: usize, why: &'static str) -> OverlayReply {
        (self.at, self.problem) = (field, Some(why));
        OverlayReply::nothing()
    }

    /// Draws it.
    pub fn draw(&self, shared: &SharedState, canvas: &mut Canvas) {
        let screen = canvas.frame.area();
        let wide = 76.min(screen.width.saturating_sub(4));
        let says = "It takes the most valuable of these and a random sample beside them. What is in it is fixed when it opens; later \
            conversations go to the next cycle.";
        let hides = Query::parse(self.fields[3].text()).is_ok_and(|scope| scope.hides_test_groups());
        let sample =
            if hides { "" } else { " Of test groups the random sample alone is in it, whatever the list shows." };
        let inner_width = usize::from(wide.saturating_sub(4));
        let lines = words::wrap(&format!("{says}{sample}"), inner_width);
        let tall = (lines.len() as u16 + 10).min(screen.height.saturating_sub(2));
        let inner = canvas.float(centred(screen, wide, tall), "Open a review cycle", Role::Accent);
        for (line, y) in lines.iter().zip(inner.top()..inner.bottom()) {
            canvas.text(inner.x, y, inner.width, line, Role::Muted);
        }
        let top = inner.y + lines.len() as u16 + 1;
        for (i, y) in (0..FIELDS.len()).zip(top..inner.bottom()) {
            self.field(i, canvas, Rect { y, height: 1, ..inner });
        }
        let below = top + FIELDS.len() as u16;
        canvas.text(inner.x + LABEL, below, inner.width.saturating_sub(LABEL), self.found(), Role::Muted);
        let foot = inner.bottom().saturating_sub(1);
        match self.problem {
            Some(problem) => drop(canvas.text(inner.x, foot, inner.width, problem, Role::Bad)),
            None => {
                let next = shared.keys.map.first_key_named("form-next");
                let hint = format!("⏎ opens it   {next} next field   Esc closes");
                canvas.text(inner.x, foot, inner.width, &hint, Role::Muted);
            }
        }
    }

    /// How many it is about: told of what is proposed, not of what somebody writes in its place.
    fn found(&self) -> &str {
        if self.fields[3].text() == self.proposed { &self.found } else { "as many as it finds, up to that number" }
    }

    fn field(&self, i: usize, canvas: &mut Canvas, line: Rect) {
        let (here, field, (label, hint)) = (self.at == i, &self.fields[i], FIELDS[i]);
        canvas.text(line.x, line.y, LABEL, label, if here { Role::Focus } else { Role::Muted });
        let x = line.x + LABEL;
        let room = line.width.saturating_sub(LABEL);
        let before = words::width(&field.text()[..field.cursor()]);
        let skip = before.saturating_sub(usize::from(room).saturating_sub(1));
        if field.text().is_empty() {
            canvas.text(x, line.y, room, hint, Role::Muted);
        }
        let role = if here { Role::Focus } else { Role::Text };
        let end = canvas.text(x, line.y, room, &words::tail(field.text(), skip), role);
        if i == 0 && !field.text().is_empty() {
            // What the number is of stays in sight.
            canvas.text(end + 2, line.y, line.right().saturating_sub(end + 2), hint, Role::Muted);
        }
        if here {
            canvas.frame.set_cursor_position(Position::new(x + (before - skip) as u16, line.y));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[KeyCode]) -> String {
        let spec = CycleSpec { goal: 120, scope: "outcome:failed".to_owned(), found: String::new() };
        let mut form = CycleForm::new(spec);
        keys.iter().for_each(|&code| form.key(KeyEvent::new(code, KeyModifiers::NONE)));
        form.fields[0].text().to_owned()
    }

    #[test]
    fn how_many_were_found_is_told_of_what_is_proposed_alone() {
        let scope = "outcome:failed since:7d".to_owned();
        let spec = CycleSpec { goal: 24, scope, found: "24 in the last seven days (since:7d)".to_owned() };
        let mut form = CycleForm::new(spec);
        assert!(form.found().starts_with("24 in"));
        form.at = 3;
        form.key(KeyEvent::new(KeyCode::Backspace, KeyModifiers::NONE));
        assert!(!form.found().contains("24"), "{}", form.found());
        form.key(KeyEvent::new(KeyCode::Char('d'), KeyModifiers::NONE));
        assert!(form.found().starts_with("24 in"), "it stands there again");
    }

    #[test]
    fn a_typed_size_takes_the_place_of_the_proposed_one() {
        let digits = [KeyCode::Char('4'), KeyCode::Char('0')];
        assert_eq!(typed(&digits), "40");
        assert_eq!(typed(&[]), "120");
        // Who goes into it means to change it.
        assert_eq!(typed(&[KeyCode::Backspace, KeyCode::Char('5')]), "125");
        assert_eq!(typed(&[KeyCode::Left, KeyCode::Char('5')]), "1250");
    }
}
