//! The columns of the lists of Responses.

use super::state::ResponsesScreen;
use crate::store::{AnswerFigures, AnswerStage, CorrectionState, EverSaid, Strata, Unranked};
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
    /// Of any line it is told how many more were helped than at the rate of others.
    beside: bool,
    state: usize,
    /// What is no answer says how many were helped at any time, too.
    ever: bool,
    /// How many were helped stands before the share: counts of a sample would not belong to it.
    counts: bool,
    /// The log names intents.
    intents: bool,
    /// The share that is helped over all that is counted.
    overall: f64,
    /// There is enough to tell answers from each other.
    tells: bool,
    /// What stands before the words of each line, and the words.
    said: Vec<(String, String)>,
}

impl AnswerTable {
    /// The columns of a list in so many columns of the screen.
    pub fn of(screen: &ResponsesScreen, room: usize) -> Self {
        let page = screen.page();
        let all = || page.into_iter().flat_map(|p| p.answers.iter().chain(&p.non_answers));
        let (langs, csat) = (all().any(|a| !a.langs.is_empty()), all().any(|a| a.csat.is_some()));
        let stands_for = |a: &AnswerFigures| a.weighed.map_or(a.n as f64, |w| w.n);
        let sum = |of: &dyn Fn(&AnswerFigures) -> f64| all().map(of).sum::<f64>();
        let mut table = Self {
            name: 0,
            bar: match room {
                140.. => 20,
                110.. => 14,
                _ => 10,
            },
            stage: room >= 100,
            langs: langs && room >= 96,
            csat: csat && room >= 90,
            beside: false,
            state: 0,
            ever: true,
            counts: room >= 100 && page.is_some_and(|p| !p.sampled),
            tells: page.is_some_and(|p| p.too_little().is_none()),
            intents: page.is_some_and(|p| p.strata == Strata::Intents),
            said: Vec::new(),
            overall: sum(&|a| a.shares()[0] * stands_for(a)) / sum(&stands_for).max(1.0),
        };
        let listed: Vec<&AnswerFigures> = (0..screen.length()).filter_map(|line| screen.answer_at(line)).collect();
        table.beside = listed.iter().any(|answer| answer.beyond_others().is_some());
        table.said = listed.iter().map(|answer| (table.before(screen, answer), said(answer))).collect();
        // Words of answers come before what is told below the list, too: how many were helped at any time, then the bar.
        table.fit(screen, &listed, room);
        if table.name < ROOMY {
            table.ever = false;
            table.fit(screen, &listed, room);
        }
        if table.name < LEAST_NAME {
            table.bar = 0;
            table.fit(screen, &listed, room);
        }
        table
    }

    /// Gives the state what it takes, and answers the rest.
    fn fit(&mut self, screen: &ResponsesScreen, answers: &[&AnswerFigures], room: usize) {
        let states = answers.iter().map(|answer| words::width(&state(screen, answer, self.ever).0));
        self.state = BETWEEN + states.max().unwrap_or(0).max("state".len());
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
        if self.bar > 0 {
            cells.push(words::pad(if self.bar < 13 { "followed" } else { "what followed" }, self.bar));
        }
        cells.push(words::pad_left("helped", self.helped()));
        cells.push("   95 %   ".to_owned());
        if self.beside {
            cells.push(words::pad_left("vs others", BESIDE));
        }
        if self.csat {
            cells.push("    ★".to_owned());
        }
        cells.push(words::pad("  state", self.state));
        cells
    }

    /// Columns of how many were helped and their share.
    const fn helped(&self) -> usize {
        if self.counts { 14 } else { 9 }
    }

    /// A line of the list.
    pub fn row(&self, screen: &ResponsesScreen, answer: &AnswerFigures) -> Cells {
        let marked = if screen.marked.as_deref() == Some(answer.query.as_str()) { "◆ " } else { "" };
        let room = self.name.saturating_sub(words::width(marked));
        let name = format!("{marked}{}", self.named(&self.before(screen, answer), answer, room));
        // Who ended well is all that such a log tells: every bar would be full.
        let one_kind = screen.page().is_some_and(|p| p.one_kind.is_some());
        let mut cells: Cells = vec![(words::pad(&name, self.name), Role::Text)];
        if self.stage {
            let when = answer.stage.map_or("any", AnswerStage::word);
            cells.push((format!("  {}", words::pad(when, 7)), Role::Muted));
        }
        if self.langs {
            // Greek is Greek in whichever letters.
            let mut langs: Vec<String> = answer
                .langs
                .iter()
                .map(|l| words::fit(words::line(l).split('-').next().unwrap_or_default(), 2))
                .collect();
            langs.dedup();
            langs.truncate(2);
            cells.push((format!("  {}", words::pad(&langs.join(" "), 5)), Role::Muted));
        }
        cells.push((format!("{}  ", words::pad_left(&numbers::count(answer.n), 7)), Role::Text));
        match one_kind {
            true => cells.push((" ".repeat(self.bar), Role::Muted)),
            false => cells.extend(bar(answer.shares(), self.bar)),
        }
        let sure = self.certainty(answer);
        // Where nothing is told, counts alone stand there.
        let share = match self.tells {
            true => format!("{:>7}", format!("{:.1} %", 100.0 * answer.shares()[0])),
            false => format!("{:>7}", "–"),
        };
        let share =
            if self.counts && !one_kind { format!("{} {share}", numbers::count(answer.helped.num)) } else { share };
        cells.push((words::pad_left(&share, self.helped()), sure));
        let interval = match self.tells {
            true => format!("{:.0}-{:.0}", 100.0 * answer.helped.lo, 100.0 * answer.helped.hi),
            false => "–".to_owned(),
        };
        cells.push((words::pad_left(&interval, 8) + "  ", Role::Muted));
        if self.beside {
            let beside = answer.beyond_others().map_or_else(|| "–".to_owned(), |n| numbers::signed(n, 0));
            cells.push((words::pad_left(&beside, BESIDE), Role::Muted));
        }
        if self.csat {
            let csat = answer.csat.map_or_else(String::new, |c| format!("{c:.1}"));
            cells.push((words::pad_left(&csat, 5), Role::Muted));
        }
        let (state, role) = state(screen, answer, self.ever);
        cells.push((format!("  {}", words::pad(&words::fit(&state, self.state - 2), self.state - 2)), role));
        cells
    }

    /// What stands before the words of an answer: its intent, and the action's name where others say the same; nothing before what is
    /// said to many intents.
    fn before(&self, screen: &ResponsesScreen, answer: &AnswerFigures) -> String {
        let is_shared = answer.text.as_deref().is_some_and(|t| screen.said_by_several.contains(t.trim()));
        let action = is_shared.then(|| words::line(&answer.response));
        let intent = match answer.intent.as_str() {
            _ if answer.ever.is_some() => None,
            NO_INTENT => self.intents.then(|| "no intent".to_owned()),
            name => Some(words::line(name)),
        };
        intent.into_iter().chain(action).collect::<Vec<_>>().join("  ")
    }

    /// An answer in so many columns: what stands before its words, and these.
    fn named(&self, before: &str, answer: &AnswerFigures, columns: usize) -> String {
        let said = said(answer);
        let told = |room: usize| match answer.is_heard() {
            true => format!("“{}”", self.told_apart(before, &said, room.saturating_sub(2))),
            false => words::fit(&said, room),
        };
        if before.is_empty() {
            return told(columns);
        }
        let room = columns.saturating_sub(words::width(before) + 2);
        if room < LEAST_SAID { words::fit(before, columns) } else { format!("{before}  {}", told(room)) }
    }

    /// Words in so many columns: of those that begin as another line's do, which would look the same, what comes after that.
    fn told_apart(&self, before: &str, said: &str, columns: usize) -> String {
        let cut = words::fit(said, columns);
        if cut == said {
            return cut;
        }
        let begins = cut.trim_end_matches('…');
        let shared = |(_, other): &(String, String)| -> usize {
            said.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
        };
        let alike = self.said.iter().filter(|(b, other)| b == before && other != said && other.starts_with(begins));
        let Some(shared) = alike.map(shared).max() else { return cut };
        // From the word that differs, or all of it where that is the first.
        match said[..shared].rfind(' ') {
            Some(at) => format!("… {}", words::fit(said[at..].trim_start(), columns.saturating_sub(2))),
            None => cut,
        }
    }

    /// Colour only what is certain: an interval that does not hold what is helped over all.
    fn certainty(&self, answer: &AnswerFigures) -> Role {
        match () {
            () if !answer.enough || !self.tells => Role::Muted,
            () if answer.helped.lo > self.overall => Role::Good,
            () if answer.helped.hi < self.overall => Role::Bad,
            () => Role::Text,
        }
    }
}

/// The words of an answer, else its name.
fn said(answer: &AnswerFigures) -> String {
    words::line(answer.text.as_deref().unwrap_or(&answer.response))
}

/// Columns of how many more were helped than at the rate of others.
const BESIDE: usize = 9;

/// Columns of an answer below which its state is a word, and below which there is no bar.
const ROOMY: usize = 40;
const LEAST_NAME: usize = 24;

/// Columns below which a few letters of an answer tell nothing.
const LEAST_SAID: usize = 8;

/// What a figure says of a conversation without one.
pub const NO_INTENT: &str = "none";

fn state(screen: &ResponsesScreen, answer: &AnswerFigures, with_ever: bool) -> (String, Role) {
    let waits = if answer.ever.is_some() { 0 } else { screen.waiting(Some(&answer.intent)) };
    match (answer.unranked, answer.rank) {
        (Some(Unranked::NonAnswer), _) => (no_answer(answer, with_ever), Role::Bad),
        _ if answer.signs_differ && answer.ever.is_none() => ("! opposite".to_owned(), Role::Bad),
        _ if waits > 0 && answer.live => (format!("live, ✎ {waits} waits"), Role::Accent),
        _ if waits > 0 => (format!("✎ {waits} waits"), Role::Accent),
        (Some(Unranked::TellsAState), _) => ("bad news".to_owned(), Role::Muted),
        (Some(Unranked::AnnouncesAPerson), _) => ("hand-over".to_owned(), Role::Muted),
        (Some(Unranked::NoIntent), _) => (String::new(), Role::Muted),
        (Some(Unranked::OnlyAtTheEnd), _) => ("last word".to_owned(), Role::Muted),
        (Some(Unranked::AsksForDetails), _) => ("asks".to_owned(), Role::Muted),
        (Some(Unranked::TellsSuccess), _) => ("all done".to_owned(), Role::Muted),
        (Some(Unranked::NoDifference), _) => ("alike".to_owned(), Role::Muted),
        (Some(Unranked::TooFew), _) => ("too few".to_owned(), Role::Muted),
        (_, Some(rank)) => {
            (format!("{rank}. of {}", screen.page().map_or(0, |p| p.ranked_beside(answer))), Role::Muted)
        }
        (Some(Unranked::Alone) | None, None) if answer.live => ("live".to_owned(), Role::Muted),
        (Some(Unranked::Alone) | None, None) => (String::new(), Role::Muted),
    }
}

/// That it is no answer; where more were helped lately, what tells so: how many were at any time.
fn no_answer(answer: &AnswerFigures, with_ever: bool) -> String {
    match answer.ever.filter(|_| with_ever && answer.shares()[0] >= EverSaid::FEW) {
        Some(ever) => format!("no answer: {:.0} % of {} ever", 100.0 * ever.helped, numbers::count(ever.n)),
        None => "no answer".to_owned(),
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
        let state = wide("state", usize::MAX, &|line| correction_state(line).0.to_owned());
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
            (words::pad(state, self.state), role),
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

fn correction_state(line: &CorrectionLine) -> (&'static str, Role) {
    match line.row.state {
        CorrectionState::Proposed if line.row.holds.is_some() => ("! personal", Role::Bad),
        CorrectionState::Proposed => ("✎ waits", Role::Accent),
        CorrectionState::Returned if line.row.still_live.is_some() => ("back, live", Role::Accent),
        CorrectionState::Returned => ("sent back", Role::Muted),
        CorrectionState::Accepted => ("accepted", Role::Muted),
        CorrectionState::NextRelease => ("next release", Role::Text),
        CorrectionState::Live => ("✓ live", Role::Good),
    }
}
