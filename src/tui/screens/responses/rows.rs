//! The columns of the lists of Responses.

use super::names::{AnswerNames, intent_name, tongues};
use super::state::ResponsesScreen;
use crate::domain::ResponseView;
use crate::store::{AnswerFigures, AnswerPage, AnswerStage, CorrectionState, EverSaid, UnansweredIntent, Unranked};
use crate::theme::Role;
use crate::tui::state::request::responses::CorrectionLine;
use crate::tui::widgets::listed::Cells;
use crate::tui::widgets::outcomes::bar;
use crate::tui::widgets::{numbers, words};

/// Columns of an answer's list, as wide as there is room for.
pub struct AnswerTable {
    name: usize,
    bar: usize,
    stage: bool,
    langs: bool,
    csat: bool,
    /// The interval stands in a column: of what is no answer only where there is room, since that is told.
    interval: bool,
    /// Columns of all.
    room: usize,
    /// It is told how many more were helped than at the rate of others.
    beside: bool,
    state: usize,
    /// What is no answer says how many were helped at any time, too.
    ever: bool,
    /// How many were helped stands before the share: counts of a sample would not belong to it.
    counts: bool,
    /// The share that is helped over all answers.
    overall: f64,
    /// There is enough to tell answers from each other.
    tells: bool,
    /// So much is unknown that shares mislead (rule 4).
    doubtful: bool,
    names: AnswerNames,
}

impl AnswerTable {
    /// The columns of a list in so many columns of the screen.
    pub fn of(screen: &ResponsesScreen, room: usize) -> Self {
        let page = screen.page();
        let all = || page.into_iter().flat_map(|p| p.answers.iter().chain(&p.non_answers));
        let (langs, csat) = (all().any(|a| !a.langs.is_empty()), all().any(|a| a.csat.is_some()));
        let stands_for = |a: &AnswerFigures| a.weighed.map_or(a.n as f64, |w| w.n);
        // What is no answer is among the answers to each intent, too.
        let sum = |of: &dyn Fn(&AnswerFigures) -> f64| page.map_or(0.0, |p| p.answers.iter().map(of).sum());
        let mut table = Self {
            name: 0,
            bar: match room {
                140.. => 20,
                110.. => 14,
                _ => 10,
            },
            stage: room >= WIDE,
            langs: langs && room >= WIDE,
            csat: csat && room >= 90,
            interval: screen.view != ResponseView::NonAnswers || room >= ROOM_OF_INTERVALS,
            room,
            beside: false,
            state: 0,
            ever: true,
            counts: room >= 100 && page.is_some_and(|p| !p.sampled),
            tells: page.is_some_and(|p| p.too_little().is_none()),
            doubtful: page.is_some_and(AnswerPage::doubtful),
            names: AnswerNames::of(screen, room >= WIDE),
            overall: sum(&|a| a.shares()[0] * stands_for(a)) / sum(&stands_for).max(1.0),
        };
        let listed: Vec<&AnswerFigures> = (0..screen.length()).filter_map(|line| screen.answer_at(line)).collect();
        let told = listed.iter().filter(|answer| answer.beyond_others().is_some()).count();
        table.beside = told > 0 && told * FEW_ARE_TOLD >= listed.len();
        // Words of answers come before what is told below the list, too: how many were helped at any time, then how many more than with
        // others.
        table.fit(screen, &listed, room);
        if table.name < ROOMY {
            table.ever = false;
            table.fit(screen, &listed, room);
        }
        if table.name < LEAST_NAME {
            table.beside = false;
            table.fit(screen, &listed, room);
        }
        table
    }

    /// What the colours of shares mean, where one of a list is coloured.
    pub fn legend(&self, screen: &ResponsesScreen) -> Option<String> {
        let mut listed = (0..screen.length()).filter_map(|line| screen.answer_at(line));
        let is_coloured = listed.any(|answer| matches!(self.certainty(answer), Role::Good | Role::Bad));
        is_coloured.then(|| {
            format!("green: surely above the {:.1} % helped over all answers, red: surely below", 100.0 * self.overall)
        })
    }

    /// Gives the state what it takes, and answers the rest.
    fn fit(&mut self, screen: &ResponsesScreen, answers: &[&AnswerFigures], room: usize) {
        let states = answers.iter().map(|answer| words::width(&state(screen, answer, self.ever).0));
        let left = screen.unanswered().iter().map(|intent| words::width(&not_helped(intent)));
        self.state = BETWEEN + states.chain(left).max().unwrap_or(0).max("state".len());
        let others: usize = self.head_cells().iter().map(|c| words::width(c)).sum();
        self.name = room.saturating_sub(others).max(12);
    }

    /// The line above.
    pub fn head(&self) -> String {
        format!("{}{}", words::pad("answer", self.name), self.head_cells().concat())
    }

    fn head_cells(&self) -> Vec<String> {
        let mut cells = Vec::new();
        if self.stage {
            cells.push("  when   ".to_owned());
        }
        if self.langs {
            cells.push("       ".to_owned());
        }
        cells.push("  said   ".to_owned());
        cells.push(words::pad(if self.bar < 13 { "followed" } else { "what followed" }, self.bar));
        cells.push(words::pad_left("helped", self.helped()));
        if self.interval {
            cells.push("   95 %   ".to_owned());
        }
        if self.beside {
            cells.push(words::pad_left("than others", BESIDE));
        }
        if self.csat {
            cells.push("    ★".to_owned());
        }
        cells.push(words::pad("  state", self.state));
        cells
    }

    /// Columns of all.
    pub const fn room(&self) -> usize {
        self.room
    }

    /// Columns of how many were helped and their share.
    const fn helped(&self) -> usize {
        if self.counts { 14 } else { 9 }
    }

    /// A line of the list.
    pub fn row(&self, screen: &ResponsesScreen, answer: &AnswerFigures) -> Cells {
        let marked = if screen.marked.as_deref() == Some(answer.query.as_str()) { "◆ " } else { "" };
        let room = self.name.saturating_sub(words::width(marked));
        let name = format!("{marked}{}", self.names.named(screen, answer, room));
        let mut cells: Cells = vec![(words::pad(&name, self.name), Role::Text)];
        if self.stage {
            let when = answer.stage.map_or("any", AnswerStage::word);
            cells.push((format!("  {}", words::pad(when, 7)), Role::Muted));
        }
        if self.langs {
            cells.push((format!("  {}", words::pad(&tongues(answer).join(" "), 5)), Role::Muted));
        }
        cells.push((format!("{}  ", words::pad_left(&numbers::count(answer.n), 7)), Role::Text));
        // Who ended well is all that such a log tells: every bar would be full.
        let one_kind = screen.page().is_some_and(|p| p.one_kind.is_some());
        match one_kind {
            true => cells.push((" ".repeat(self.bar), Role::Muted)),
            false => cells.extend(bar(answer.shares(), self.bar)),
        }
        let share = self.share(answer.shares()[0], Some(answer.helped.num).filter(|_| !one_kind));
        cells.push((share, self.certainty(answer)));
        let interval = match self.tells {
            true => format!("{:.0}-{:.0}", 100.0 * answer.helped.lo, 100.0 * answer.helped.hi),
            false => "–".to_owned(),
        };
        if self.interval {
            cells.push((words::pad_left(&interval, INTERVAL - 2) + "  ", Role::Muted));
        }
        if self.beside {
            let than_others = than_others(answer.beyond_others(), answer.beside.is_some());
            cells.push((words::pad_left(&than_others, BESIDE), Role::Muted));
        }
        if self.csat {
            let csat = answer.csat.map_or_else(String::new, |c| format!("{c:.1}"));
            cells.push((words::pad_left(&csat, 5), Role::Muted));
        }
        let (state, role) = state(screen, answer, self.ever);
        cells.push((format!("  {}", words::pad(&words::fit(&state, self.state - 2), self.state - 2)), role));
        cells
    }

    /// An intent to which non-answers were given, in the same columns.
    pub fn unanswered(&self, intent: &UnansweredIntent) -> Cells {
        let before = self.name + if self.stage { 9 } else { 0 } + if self.langs { 7 } else { 0 };
        let name = words::fit(&intent_name(&intent.intent), self.name);
        let mut cells: Cells = vec![(words::pad(&name, before), Role::Text)];
        cells.push((format!("{}  ", words::pad_left(&numbers::count(intent.n), 7)), Role::Text));
        cells.extend(bar(intent.shares, self.bar));
        cells.push((self.share(intent.shares[0], Some(intent.n - intent.not_helped)), Role::Muted));
        let between = if self.interval { INTERVAL } else { 0 }
            + if self.beside { BESIDE } else { 0 }
            + if self.csat { 5 } else { 0 };
        cells.push((" ".repeat(between + 2) + &not_helped(intent), Role::Text));
        cells
    }

    /// A share that was helped, and where there is room the count before it; where nothing is told, counts alone stand there.
    fn share(&self, share: f64, helped: Option<u64>) -> String {
        let share = match self.tells {
            true => format!("{:>7}", format!("{:.1} %", 100.0 * share)),
            false => format!("{:>7}", "–"),
        };
        let helped = helped.filter(|_| self.counts);
        let told = helped.map_or_else(|| share.clone(), |n| format!("{} {share}", numbers::count(n)));
        words::pad_left(&told, self.helped())
    }

    /// Colour only what is certain: an interval that does not hold what is helped over all. What is no answer is that by more than these
    /// conversations.
    fn certainty(&self, answer: &AnswerFigures) -> Role {
        match () {
            () if !(answer.enough || answer.ever.is_some()) || !self.tells || self.doubtful => Role::Muted,
            () if answer.helped.lo > self.overall => Role::Good,
            () if answer.helped.hi < self.overall => Role::Bad,
            () => Role::Text,
        }
    }
}

/// How many more were helped than at the rate of others; `–` where there are none to compare with.
fn than_others(beyond: Option<f64>, is_compared: bool) -> String {
    let Some(n) = beyond else { return if is_compared { "cannot tell" } else { "–" }.to_owned() };
    let many = if n.abs() < 0.5 { "<1".to_owned() } else { numbers::count(n.abs().round() as u64) };
    format!("{many} {}", if n < 0.0 { "fewer" } else { "more" })
}

fn not_helped(intent: &UnansweredIntent) -> String {
    format!("{} not helped", numbers::count(intent.not_helped))
}

/// Columns of how many more were helped than at the rate of others.
const BESIDE: usize = 14;
/// Of one line of so many at least that is told, or it has no column: it stands below the list.
const FEW_ARE_TOLD: usize = 10;

/// Columns of a list from which on place and language have columns of their own.
const WIDE: usize = 140;

/// Columns of an interval, and of a list from which on non-answers have them.
const INTERVAL: usize = 10;
const ROOM_OF_INTERVALS: usize = 90;

/// Columns of an answer below which its state is a word, and below which it stands below the list alone how many more were helped than
/// with others.
const ROOMY: usize = 40;
const LEAST_NAME: usize = 24;

/// What is said in the last two turns.
const LAST_WORD: &str = "last word";

fn state(screen: &ResponsesScreen, answer: &AnswerFigures, with_ever: bool) -> (String, Role) {
    let waits = if answer.ever.is_some() { 0 } else { screen.waiting(Some(&answer.intent)) };
    match (answer.unranked, answer.rank) {
        (Some(Unranked::NonAnswer), _) if answer.ever.is_some_and(|ever| ever.follows()) => {
            (LAST_WORD.to_owned(), Role::Muted)
        }
        // That it helped more lately is no alarm.
        (Some(Unranked::NonAnswer), _) if answer.shares()[0] >= EverSaid::FEW => {
            (non_answer(answer, with_ever), Role::Muted)
        }
        (Some(Unranked::NonAnswer), _) => (non_answer(answer, with_ever), Role::Bad),
        _ if answer.signs_differ && answer.ever.is_none() => ("! opposite".to_owned(), Role::Bad),
        _ if waits > 0 && answer.live => (format!("live, ✎ {waits} waits"), Role::Accent),
        _ if waits > 0 => (format!("✎ {waits} waits"), Role::Accent),
        (Some(Unranked::TellsAState), _) => ("bad news".to_owned(), Role::Muted),
        (Some(Unranked::AnnouncesAPerson), _) => ("hand-over".to_owned(), Role::Muted),
        (Some(Unranked::NoIntent), _) => (String::new(), Role::Muted),
        (Some(Unranked::OnlyAtTheEnd), _) => (LAST_WORD.to_owned(), Role::Muted),
        (Some(Unranked::AsksForDetails), _) => ("asks".to_owned(), Role::Muted),
        (Some(Unranked::TellsSuccess), _) => ("all done".to_owned(), Role::Muted),
        (Some(Unranked::NoDifference), _) => ("alike".to_owned(), Role::Muted),
        (Some(Unranked::TooFew), _) => ("too few".to_owned(), Role::Muted),
        (_, Some(rank)) => (format!("{rank}. of {}", answer.ranked_among), Role::Muted),
        (Some(Unranked::Alone) | None, None) if answer.live => ("live".to_owned(), Role::Muted),
        (Some(Unranked::Alone) | None, None) => (String::new(), Role::Muted),
    }
}

/// That it is no answer; where more were helped lately, what tells so: how many were at any time.
fn non_answer(answer: &AnswerFigures, with_ever: bool) -> String {
    match answer.ever.filter(|_| with_ever && answer.shares()[0] >= EverSaid::FEW) {
        Some(ever) => format!("non-answer: {:.0} % of {} ever", 100.0 * ever.helped, numbers::count(ever.n)),
        None => "non-answer".to_owned(),
    }
}

/// The list of corrections: columns as wide as what stands in them, the rest for what should have been said.
pub struct CorrectionTable {
    state: usize,
    of: usize,
    intent: usize,
    said: usize,
    by: usize,
}

/// Columns of an intent at most, and of a person.
const INTENT: usize = 20;
const WHO: usize = 12;
/// Columns between two of them.
const BETWEEN: usize = 2;

impl CorrectionTable {
    /// Fits it into so many columns.
    pub fn of(lines: &[CorrectionLine], room: usize) -> Self {
        let wide = |head: &str, most: usize, cell: &dyn Fn(&CorrectionLine) -> String| {
            let longest = lines.iter().map(|line| words::width(&cell(line))).max().unwrap_or(0);
            longest.min(most).max(words::width(head)) + BETWEEN
        };
        let state = wide("state", usize::MAX, &|line| correction_state(line).0);
        let intent = wide("intent", INTENT, &|line| words::line(intent_of(line)));
        let of = wide("for", usize::MAX, &number);
        let by = wide("by", WHO, &|line| words::line(&line.row.by));
        Self { state, of, intent, said: room.saturating_sub(state + of + intent + by), by }
    }

    /// The line above it.
    pub fn head(&self) -> String {
        let columns = [
            ("state", self.state),
            ("for", self.of),
            ("intent", self.intent),
            ("should have said", self.said),
            ("by", self.by),
        ];
        columns.into_iter().map(|(name, columns)| words::pad(name, columns)).collect()
    }

    /// A correction in a line.
    pub fn row(&self, line: &CorrectionLine) -> Cells {
        let (state, role) = correction_state(line);
        let cell = |said: &str, columns: usize| {
            words::pad(&words::fit(&words::line(said), columns.saturating_sub(BETWEEN)), columns)
        };
        vec![
            (words::pad(&state, self.state), role),
            (words::pad(&number(line), self.of), Role::Muted),
            (cell(intent_of(line), self.intent), Role::Muted),
            (cell(&line.row.text, self.said), Role::Text),
            (cell(&line.row.by, self.by), Role::Muted),
        ]
    }
}

/// The conversation that it was written for: the same may be said of several.
fn number(line: &CorrectionLine) -> String {
    format!("#{}", line.row.n.0)
}

fn intent_of(line: &CorrectionLine) -> &str {
    line.row.intent.as_deref().unwrap_or("none")
}

fn correction_state(line: &CorrectionLine) -> (String, Role) {
    let (sign, role) = match line.row.state {
        CorrectionState::Proposed if line.row.holds.is_some() => ("! ", Role::Bad),
        CorrectionState::Proposed => ("✎ ", Role::Accent),
        CorrectionState::Returned if line.row.still_live.is_some() => ("", Role::Accent),
        CorrectionState::Returned | CorrectionState::Accepted => ("", Role::Muted),
        CorrectionState::NextRelease => ("", Role::Text),
        CorrectionState::Live => ("✓ ", Role::Good),
    };
    (format!("{sign}{}", line.row.word()), role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_told_has_other_words_than_what_has_nothing_beside_it() {
        let told = [(None, false), (None, true), (Some(-37.2), true), (Some(0.3), true), (Some(1_200.0), true)];
        let says = told.map(|(beyond, is_compared)| than_others(beyond, is_compared));
        assert_eq!(says, ["–", "cannot tell", "37 fewer", "<1 more", "1,200 more"]);
        assert!(says.iter().all(|says| words::width(says) < BESIDE));
    }
}
