//! QueueColumns of the list: which are chosen, which fit, how wide they are.

use crate::domain::query::sort::OrderBy;
use crate::domain::{Review, Timestamp, Zone};
use crate::store::QueueRow;
use crate::tui::widgets::words;

/// A column, in the order in which they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueColumn {
    /// Row number.
    Number,
    /// Last activity.
    When,
    /// How it ended.
    Outcome,
    /// The log's intent and what the model or the reviewer says instead.
    Intent,
    /// Confidence.
    Confidence,
    /// Where the review stands.
    Status,
    /// What the customer said: takes what is left.
    Said,
    /// The customer's rating.
    Csat,
    /// Who decided last.
    Who,
    /// Why it failed.
    Cause,
    /// Why it is in the queue.
    Why,
    /// Where it was held.
    Channel,
    /// In which language.
    Language,
    /// How many turns it has.
    Turns,
    /// How the customer felt.
    Sentiment,
}

impl QueueColumn {
    /// All, from left to right.
    pub const ALL: [Self; 15] = [
        Self::Status,
        Self::Number,
        Self::When,
        Self::Channel,
        Self::Language,
        Self::Outcome,
        Self::Intent,
        Self::Confidence,
        Self::Said,
        Self::Turns,
        Self::Sentiment,
        Self::Csat,
        Self::Who,
        Self::Cause,
        Self::Why,
    ];

    /// What goes first where there is no room: from the right, but what tells conversations apart stays.
    const DROPPED: [Self; 13] = [
        Self::Why,
        Self::Sentiment,
        Self::Turns,
        Self::Language,
        Self::Channel,
        Self::Who,
        Self::Csat,
        Self::Cause,
        Self::Confidence,
        Self::When,
        Self::Intent,
        Self::Status,
        Self::Number,
    ];

    /// What nobody sees who has not asked for it.
    const HIDDEN: QueueColumns = QueueColumns(
        Self::Why.bit() | Self::Channel.bit() | Self::Language.bit() | Self::Turns.bit() | Self::Sentiment.bit(),
    );

    /// The name that is kept.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::When => "when",
            Self::Outcome => "outcome",
            Self::Intent => "intent",
            Self::Confidence => "confidence",
            Self::Status => "status",
            Self::Said => "said",
            Self::Csat => "csat",
            Self::Who => "who",
            Self::Cause => "cause",
            Self::Why => "why",
            Self::Channel => "channel",
            Self::Language => "language",
            Self::Turns => "turns",
            Self::Sentiment => "sentiment",
        }
    }

    /// What the chooser says of it.
    pub const fn help(self) -> &'static str {
        match self {
            Self::Number => "the number of its row",
            Self::When => "last activity",
            Self::Outcome => "how it ended",
            Self::Intent => "logged, and suggested or corrected",
            Self::Confidence => "how sure the live model is, else the log",
            Self::Status => "✓ done ↷ later ? skipped ⚑ asked",
            Self::Said => "takes the room that is left",
            Self::Csat => "the customer's rating",
            Self::Who => "who decided last",
            Self::Cause => "why it failed",
            Self::Why => "why it is in the queue",
            Self::Channel => "where it was held",
            Self::Language => "what it was held in",
            Self::Turns => "how long it went on",
            Self::Sentiment => "how the customer felt, -1 to 1",
        }
    }

    /// What its heading sorts by.
    pub const fn sorts(self) -> Option<OrderBy> {
        match self {
            Self::When => Some(OrderBy::Activity),
            Self::Outcome => Some(OrderBy::Outcome),
            Self::Intent => Some(OrderBy::Intent),
            Self::Confidence => Some(OrderBy::Confidence),
            Self::Status => Some(OrderBy::Status),
            Self::Csat => Some(OrderBy::Csat),
            Self::Why => Some(OrderBy::Value),
            Self::Sentiment => Some(OrderBy::Sentiment),
            Self::Number | Self::Said | Self::Who | Self::Cause | Self::Channel | Self::Language | Self::Turns => None,
        }
    }

    /// Whether a row has anything in it.
    fn has(self, row: &QueueRow) -> bool {
        match self {
            Self::When => row.at.is_some(),
            Self::Intent => row.fallback || row.intent.is_some() || row.suggested.is_some() || row.label.is_some(),
            Self::Confidence => row.confidence.is_some(),
            Self::Status => row.status != Review::Open,
            Self::Csat => row.csat.is_some(),
            Self::Who => row.reviewer.is_some(),
            Self::Cause => row.cause.is_some(),
            Self::Why => !row.why.is_empty(),
            Self::Channel => row.channel.is_some(),
            Self::Language => row.language.is_some(),
            Self::Sentiment => row.sentiment.is_some(),
            Self::Number | Self::Outcome | Self::Said | Self::Turns => true,
        }
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// Which columns somebody wants to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueColumns(u16);

impl Default for QueueColumns {
    fn default() -> Self {
        Self(QueueColumn::ALL.iter().fold(0, |all, c| all | c.bit()) & !QueueColumn::HIDDEN.0)
    }
}

impl QueueColumns {
    /// Whether a column is wanted.
    pub const fn has(self, column: QueueColumn) -> bool {
        self.0 & column.bit() != 0
    }

    /// The same with a column switched on or off. What the customer said always stays.
    #[must_use]
    pub fn toggled(self, column: QueueColumn) -> Self {
        if column == QueueColumn::Said { self } else { Self(self.0 ^ column.bit()) }
    }

    /// Names, to keep them.
    pub fn names(self) -> Vec<String> {
        QueueColumn::ALL.into_iter().filter(|c| self.has(*c)).map(|c| c.name().to_owned()).collect()
    }

    /// The columns of these names; unknown ones are of another version.
    pub fn from_names<S: AsRef<str>>(names: &[S]) -> Self {
        let wanted = |c: &QueueColumn| *c == QueueColumn::Said || names.iter().any(|n| n.as_ref() == c.name());
        Self(QueueColumn::ALL.into_iter().filter(wanted).fold(0, |all, c| all | c.bit()))
    }
}

/// QueueColumns in which both the logged and the suggested intent can be read.
pub const BOTH: usize = 28;
/// Columns that intents take at least where the list is narrow, at least elsewhere, and at most.
const INTENTS: [usize; 3] = [11, 12, 40];
/// Columns from which on what was said gets its share; below it, this is enough for it.
const NARROW: (usize, usize) = (70, 20);

/// Columns of a far day, and without its year, which goes before the whole column does.
const DAY: [usize; 2] = [10, 6];

/// The columns that are shown, each with its width without the blank behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnLayout(pub Vec<(QueueColumn, usize)>);

impl ColumnLayout {
    /// What fits into so many columns. What no row in sight has has no column; what the customers said gets half at least
    /// (a little less beside causes, two fifths beside columns that somebody has chosen), the intents as much of the rest as they are wide.
    pub fn of(width: usize, wanted: QueueColumns, rows: &[QueueRow], (now, zone): (Timestamp, Zone)) -> Self {
        let layout = Self::fitting(width, wanted, rows, (now, zone));
        if !wanted.has(QueueColumn::Cause) || layout.0.iter().any(|(c, _)| *c == QueueColumn::Cause) {
            return layout;
        }
        // What made room for the causes has it again where that was not enough.
        Self::fitting(width, wanted.toggled(QueueColumn::Cause), rows, (now, zone))
    }

    fn fitting(width: usize, wanted: QueueColumns, rows: &[QueueRow], (now, zone): (Timestamp, Zone)) -> Self {
        // What somebody has chosen stays: an empty column is an answer, too.
        let chosen = |c: &QueueColumn| QueueColumn::HIDDEN.has(*c);
        let told = |c: &QueueColumn| rows.is_empty() || chosen(c) || rows.iter().any(|r| c.has(r));
        let mut shown: Vec<QueueColumn> = QueueColumn::ALL.into_iter().filter(|c| wanted.has(*c) && told(c)).collect();
        let mut drop = QueueColumn::DROPPED.into_iter().peekable();
        let mut of_day = DAY[0];
        let least = INTENTS[usize::from(width >= NARROW.0)];
        let intents = rows.iter().map(intent_width).max().unwrap_or(0).clamp(least, INTENTS[2]);
        loop {
            let needed = match () {
                () if width < NARROW.0 => NARROW.1,
                () if shown.iter().any(chosen) => width * 2 / 5,
                () if shown.contains(&QueueColumn::Cause) => width * 9 / 20,
                () => width.div_ceil(2),
            };
            let fixed = |c: QueueColumn| fixed(c, rows, of_day, (now, zone));
            let taken: usize = shown.iter().map(|c| fixed(*c) + 1).sum();
            let rest = width.saturating_sub(taken);
            let of_intents = if shown.contains(&QueueColumn::Intent) { least } else { 0 };
            if rest < needed + of_intents
                && let Some(&gone) = drop.peek()
            {
                if gone == QueueColumn::When && of_day != DAY[1] {
                    of_day = DAY[1];
                    continue;
                }
                drop.next();
                shown.retain(|c| *c != gone);
                continue;
            }
            let intents = if of_intents > 0 { intents.min(rest.saturating_sub(needed)).max(least) } else { 0 };
            let width = |c: QueueColumn| match c {
                QueueColumn::Intent => intents,
                QueueColumn::Said => rest.saturating_sub(intents),
                other => fixed(other),
            };
            return Self(shown.into_iter().map(|c| (c, width(c))).collect());
        }
    }
}

/// Columns that a row's intents take when both are written.
pub fn intent_width(row: &QueueRow) -> usize {
    let wide = |name: &Option<String>| name.as_deref().map(|n| words::width(&words::line(n)));
    if row.label.is_some() && row.label == row.intent {
        return wide(&row.label).map_or(0, |w| w + 2);
    }
    let logged = if row.fallback { 8 } else { wide(&row.intent).unwrap_or(1) };
    let other = wide(&row.label)
        .map(|w| w + 2)
        .or(wide(&row.suggested).filter(|_| row.fallback || row.suggested != row.intent));
    logged + other.map_or(0, |w| w + 3)
}

/// What the log, and the model or a reviewer, say that the customer wanted, in so many columns. The conversation's own intent, which a
/// filter means, stays where not both have room: a reviewer's word, else the log's; a fallback has none.
pub fn intents(row: &QueueRow, columns: usize) -> String {
    let own = match &row.intent {
        Some(name) => words::line(name),
        None if row.fallback => "fallback".to_owned(),
        None => "–".to_owned(),
    };
    let (mark, other) = match (&row.label, &row.suggested) {
        (Some(label), _) => ("✓ ", words::line(label)),
        (None, Some(suggested)) => ("", words::line(suggested)),
        (None, None) => return own,
    };
    let said = format!("{mark}{other}");
    match columns.saturating_sub(words::width(&own) + ARROW) {
        _ if own == other => said,
        // Where there is none of its own, what is suggested is all that there is to say; what a reviewer said counts before the log.
        room if (row.intent.is_none() || row.label.is_some()) && room < words::width(&said) => {
            words::fit(&format!("→ {said}"), columns)
        }
        0 => words::fit(&own, columns),
        room => format!("{own} → {}", words::fit(&said, room)),
    }
}

/// Columns of the arrow between two intents.
const ARROW: usize = 3;

/// The width of a column that does not share what is left; a day takes so many columns at most.
fn fixed(column: QueueColumn, rows: &[QueueRow], of_day: usize, (now, zone): (Timestamp, Zone)) -> usize {
    match column {
        QueueColumn::Number => rows.iter().map(|r| r.n.0.to_string().len()).max().unwrap_or(7).clamp(3, 9),
        QueueColumn::When => {
            rows.iter().filter_map(|r| r.at).map(|t| zone.ago(t, now).len()).max().unwrap_or(0).clamp(4, of_day)
        }
        QueueColumn::Outcome => rows.iter().map(|r| r.outcome.name().len() + 2).max().unwrap_or(11).clamp(8, 11),
        QueueColumn::Confidence => 4,
        QueueColumn::Status => 1,
        QueueColumn::Csat => 4,
        QueueColumn::Who => {
            rows.iter().filter_map(|r| r.reviewer.as_deref()).map(words::width).max().unwrap_or(10).clamp(3, 10)
        }
        QueueColumn::Cause => rows.iter().filter_map(|r| r.cause).map(|c| c.label().len()).max().unwrap_or(17).max(5),
        QueueColumn::Why => 34,
        QueueColumn::Channel => {
            rows.iter().filter_map(|r| r.channel.as_ref()).map(|c| words::width(c)).max().unwrap_or(0).clamp(7, 14)
        }
        QueueColumn::Language => 8,
        QueueColumn::Turns => 5,
        QueueColumn::Sentiment => 9,
        QueueColumn::Intent | QueueColumn::Said => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(width: usize, columns: QueueColumns) -> Vec<&'static str> {
        ColumnLayout::of(width, columns, &[], (Timestamp(0), Zone::default())).0.iter().map(|(c, _)| c.name()).collect()
    }

    #[test]
    fn what_does_not_fit_goes_from_the_right() {
        let all = QueueColumns::default();
        let narrow = ["status", "number", "outcome", "intent", "said"];
        assert_eq!(shown(58, all), narrow);
        assert_eq!(shown(76, all), narrow);
        assert_eq!(shown(90, all), ["status", "number", "when", "outcome", "intent", "said"]);
        assert_eq!(shown(116, all).len(), 8);
        let why = all.toggled(QueueColumn::Why);
        assert_eq!(shown(76, why), shown(76, all));
        assert_eq!(shown(200, why).len(), 11);
        let every = QueueColumns::from_names(&QueueColumn::ALL.map(QueueColumn::name));
        assert_eq!(shown(76, every), shown(76, all));
        assert_eq!(shown(320, every).len(), QueueColumn::ALL.len());
    }

    #[test]
    fn all_room_is_used_and_none_more() {
        for width in [56, 76, 116, 196] {
            let layout = ColumnLayout::of(width, QueueColumns::default(), &[], (Timestamp(0), Zone::default()));
            assert_eq!(layout.0.iter().map(|(_, w)| w + 1).sum::<usize>(), width);
        }
    }

    #[test]
    fn columns_are_kept_by_name() {
        let columns = QueueColumns::default().toggled(QueueColumn::Csat).toggled(QueueColumn::Said);
        assert!(!columns.has(QueueColumn::Csat) && columns.has(QueueColumn::Said));
        assert_eq!(QueueColumns::from_names(&columns.names()), columns);
    }
}
