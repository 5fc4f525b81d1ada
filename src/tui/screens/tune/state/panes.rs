//! The lower half of a comparison: which pane is shown, and where one stands in each.

use crate::action::Action;
use crate::domain::{AnsweredTurn, Comparison, ConversationId, Flip, FlipKind, MistakenIntent, TurnKey};

/// What the lower half shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// Accuracy and F1 of each intent.
    #[default]
    Intents,
    /// Turns of the open half that are not right both times.
    Flips,
    /// Which intents are taken for which others.
    Confusion,
    /// Confidence against accuracy.
    Calibration,
    /// Coverage against accuracy.
    Coverage,
    /// What both answer.
    Responses,
}

impl Pane {
    /// All, in the order in which one key steps through them.
    pub const ALL: [Self; 6] =
        [Self::Intents, Self::Flips, Self::Confusion, Self::Calibration, Self::Coverage, Self::Responses];

    /// The word on its tab.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Intents => "per intent",
            Self::Flips => "turns",
            Self::Confusion => "confusion",
            Self::Calibration => "calibration",
            Self::Coverage => "coverage",
            Self::Responses => "responses",
        }
    }
}

/// Which pane is shown, and where one stands in each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panes {
    /// The pane with the focus.
    pub pane: Pane,
    /// The selected row of each.
    rows: [usize; Pane::ALL.len()],
    /// Flips of this kind alone.
    pub kind: Option<FlipKind>,
    /// Flips of this gold intent alone.
    pub intent: Option<String>,
    /// ...and of these those alone that were, or are, taken for this one (`None` within: for none).
    pub taken_for: Option<Option<String>>,
    /// Confusion is shown as it was before.
    pub before: bool,
    /// Corrected answers are listed, not changed ones.
    pub corrected: bool,
}

impl Panes {
    /// The selected row of the pane with the focus.
    pub fn row(&self) -> usize {
        self.row_of(self.pane)
    }

    /// The selected row of a pane.
    pub fn row_of(&self, pane: Pane) -> usize {
        self.rows[pane as usize]
    }

    /// Selects a row of the pane with the focus.
    pub fn select(&mut self, row: usize) {
        self.rows[self.pane as usize] = row;
    }

    /// Selects a row of a pane; whether it was the selected one already.
    pub fn click(&mut self, pane: Pane, row: usize) -> bool {
        let again = self.pane == pane && self.row() == row;
        self.pane = pane;
        self.select(row);
        again
    }

    /// Another comparison is shown: the pane stays.
    pub fn rewind(&mut self) {
        *self = Self { pane: self.pane, before: self.before, corrected: self.corrected, ..Self::default() };
    }

    /// Shows a pane; flips all of them.
    pub fn show(&mut self, pane: Pane) {
        if pane == Pane::Flips {
            (self.kind, self.intent, self.taken_for) = (None, None, None);
            self.rows[Pane::Flips as usize] = 0;
        }
        self.pane = pane;
    }

    /// The pane after this one, or before it.
    pub fn turn(&mut self, forward: bool) {
        let (all, here) = (Pane::ALL.len(), self.pane as usize);
        self.pane = Pane::ALL[(here + if forward { 1 } else { all - 1 }) % all];
    }

    /// Turns of one gold intent; `taken_for`: those alone that were, or are, taken for this one, or for none.
    pub fn flips_of(&mut self, intent: String, taken_for: Option<Option<String>>) {
        self.show(Pane::Flips);
        (self.intent, self.taken_for) = (Some(intent), taken_for);
    }

    /// Whether a flip is of the intent, and of the mistake, that are looked at.
    pub fn is_about(&self, flip: &Flip) -> bool {
        let taken = |said: &Option<String>| flip.before == *said || flip.after == *said;
        self.intent.as_ref().is_none_or(|intent| flip.gold == *intent) && self.taken_for.as_ref().is_none_or(taken)
    }

    /// The flips that are listed.
    pub fn flips<'a>(&self, c: &'a Comparison) -> Vec<&'a Flip> {
        let wanted = |f: &&Flip| self.kind.is_none_or(|k| f.kind == k) && self.is_about(f);
        c.open.flips.iter().filter(wanted).collect()
    }

    /// The selected flip.
    pub fn flip<'a>(&self, c: &'a Comparison) -> Option<&'a Flip> {
        self.flips(c).get(self.row_of(Pane::Flips)).copied()
    }

    /// The other view of the pane: the next kind of flips, the other side of the confusion.
    pub fn other_view(&mut self) {
        match self.pane {
            Pane::Flips => {
                let kinds = FlipKind::ALL;
                self.kind = match self.kind.and_then(|k| kinds.iter().position(|x| *x == k)) {
                    None => kinds.first().copied(),
                    Some(at) => kinds.get(at + 1).copied(),
                };
                self.select(0);
            }
            Pane::Confusion => {
                self.before = !self.before;
                self.select(0);
            }
            Pane::Responses => {
                self.corrected = !self.corrected;
                self.select(0);
            }
            Pane::Intents | Pane::Calibration | Pane::Coverage => {}
        }
    }

    /// The pairs of intents that are mistaken, the most frequent on the side that is shown first.
    pub fn mistaken(&self, c: &Comparison) -> Vec<MistakenIntent> {
        let mut pairs = MistakenIntent::of(&c.open.confusion);
        pairs.sort_by_key(|p| std::cmp::Reverse(if self.before { (p.before, p.after) } else { (p.after, p.before) }));
        pairs
    }

    /// How many rows the pane with the focus has.
    pub fn len(&self, c: &Comparison) -> usize {
        match self.pane {
            Pane::Intents => c.intents.len(),
            Pane::Flips => self.flips(c).len(),
            Pane::Confusion => self.mistaken(c).len(),
            Pane::Responses if self.corrected => c.responses.corrections.len(),
            Pane::Responses => c.responses.changes.len(),
            Pane::Calibration | Pane::Coverage => 0,
        }
    }

    /// Moves the selection of the pane with the focus.
    pub fn step(&mut self, by: isize, c: &Comparison) {
        let last = self.len(c).saturating_sub(1);
        self.select(self.row().saturating_add_signed(by).min(last));
    }

    /// The turn of the selected row, where rows are about turns.
    pub fn selected_turn(&self, c: &Comparison) -> Option<(ConversationId, TurnKey)> {
        let of = |t: &AnsweredTurn| (t.conversation, t.turn);
        match self.pane {
            Pane::Flips => self.flip(c).map(|f| (f.conversation, f.turn)),
            Pane::Responses if self.corrected => c.responses.corrections.get(self.row()).map(|t| of(&t.asked)),
            Pane::Responses => c.responses.changes.get(self.row()).and_then(|r| r.turns.first()).map(of),
            _ => None,
        }
    }

    /// The gold intent of the selected row, where rows are about intents.
    pub fn selected_intent(&self, c: &Comparison) -> Option<(String, Option<Option<String>>)> {
        match self.pane {
            Pane::Intents => c.intents.get(self.row()).map(|i| (i.intent.clone(), None)),
            Pane::Confusion => self.mistaken(c).get(self.row()).map(|p| (p.gold.clone(), Some(p.said.clone()))),
            _ => None,
        }
    }
}

/// What asks for a pane.
pub const fn pane_of(action: Action) -> Option<Pane> {
    Some(match action {
        Action::ShowIntents => Pane::Intents,
        Action::ShowFlips => Pane::Flips,
        Action::ShowConfusion => Pane::Confusion,
        Action::ShowCalibration => Pane::Calibration,
        Action::ShowCoverage => Pane::Coverage,
        Action::ShowResponses => Pane::Responses,
        _ => return None,
    })
}

/// The action that shows a pane.
pub const fn action_of(pane: Pane) -> Action {
    match pane {
        Pane::Intents => Action::ShowIntents,
        Pane::Flips => Action::ShowFlips,
        Pane::Confusion => Action::ShowConfusion,
        Pane::Calibration => Action::ShowCalibration,
        Pane::Coverage => Action::ShowCoverage,
        Pane::Responses => Action::ShowResponses,
    }
}
