//! QueueColumns of the list: which are chosen, which fit, how wide they are.

use crate::domain::query::sort::By;
use crate::domain::{Timestamp, Zone};
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
        Self::Number,
        Self::When,
        Self::Channel,
        Self::Language,
        Self::Outcome,
        Self::Intent,
        Self::Confidence,
        Self::Status,
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
        Self::Cause,
        Self::Sentiment,
        Self::Turns,
        Self::Language,
        Self::Channel,
        Self::Who,
        Self::Csat,
        Self::Confidence,
        Self::When,
        Self::Intent,
        Self::Status,
        Self::Number,
    ];

    /// What nobody sees who has not asked for it.
    const HIDDEN: QueueColumns = QueueColumns(
        Self::Cause.bit()
            | Self::Why.bit()
            | Self::Channel.bit()
            | Self::Language.bit()
            | Self::Turns.bit()
            | Self::Sentiment.bit(),
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
            Self::Confidence => "how sure the model is",
            Self::Status => "✓ done ↷ later ? skipped ⚑ flagged",
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
    pub const fn sorts(self) -> Option<By> {
        match self {
            Self::When => Some(By::Activity),
            Self::Outcome => Some(By::Outcome),
            Self::Intent => Some(By::Intent),
            Self::Confidence => Some(By::Confidence),
            Self::Status => Some(By::Status),
            Self::Csat => Some(By::Csat),
            Self::Why => Some(By::Value),
            Self::Sentiment => Some(By::Sentiment),
            Self::Number | Self::Said | Self::Who | Self::Cause | Self::Channel | Self::Language | Self::Turns => None,
        }
    }

    /// Whether it goes before the list gets cramped.
    const fn is_extra(self) -> bool {
        Self::HIDDEN.has(self) || matches!(self, Self::Who | Self::Csat)
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
/// Room that intents and words need at least; below it the columns that are needed less go, below [`LEAST`] the others.
const COMFORT: usize = 42;
const LEAST: usize = 32;

/// The columns that are shown, each with its width without the blank behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnLayout(pub Vec<(QueueColumn, usize)>);

impl ColumnLayout {
    /// What fits into so many columns. What no row in sight has gets no more room than its heading.
    pub fn of(width: usize, wanted: QueueColumns, rows: &[QueueRow], (now, zone): (Timestamp, Zone)) -> Self {
        let mut shown: Vec<QueueColumn> = QueueColumn::ALL.into_iter().filter(|c| wanted.has(*c)).collect();
        let mut drop = QueueColumn::DROPPED.into_iter().filter(|c| wanted.has(*c)).peekable();
        loop {
            let fixed: usize = shown.iter().map(|c| fixed(*c, rows, now, zone) + 1).sum();
            let rest = width.saturating_sub(fixed);
            match drop.next_if(|c| rest < if c.is_extra() { COMFORT } else { LEAST }) {
                Some(gone) => shown.retain(|c| *c != gone),
                None => return Self::share(shown, rest, rows, (now, zone)),
            }
        }
    }

    /// Shares what is left between the intents and what was said.
    fn share(shown: Vec<QueueColumn>, rest: usize, rows: &[QueueRow], (now, zone): (Timestamp, Zone)) -> Self {
        let known = rows.iter().any(|r| r.fallback || r.intent.is_some() || r.suggested.is_some() || r.label.is_some());
        let intent = match shown.contains(&QueueColumn::Intent) {
            true if known => (rest / 2).clamp(12, 46),
            true => 12,
            false => 0,
        };
        let width = |c: QueueColumn| match c {
            QueueColumn::Intent => intent,
            QueueColumn::Said => rest.saturating_sub(intent),
            other => fixed(other, rows, now, zone),
        };
        Self(shown.into_iter().map(|c| (c, width(c))).collect())
    }
}

/// The width of a column that does not share what is left.
fn fixed(column: QueueColumn, rows: &[QueueRow], now: Timestamp, zone: Zone) -> usize {
    match column {
        QueueColumn::Number => 7,
        QueueColumn::When => {
            rows.iter().filter_map(|r| r.at).map(|t| zone.ago(t, now).len()).max().unwrap_or(0).clamp(4, 10)
        }
        QueueColumn::Outcome => 11,
        QueueColumn::Confidence => 4,
        QueueColumn::Status => 1,
        QueueColumn::Csat => 4,
        QueueColumn::Who => 10,
        QueueColumn::Cause => 17,
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
        let narrow = ["number", "outcome", "intent", "status", "said"];
        assert_eq!(shown(60, all), narrow);
        assert_eq!(shown(76, all), ["number", "when", "outcome", "intent", "confidence", "status", "said"]);
        assert_eq!(shown(116, all).len(), 9);
        let why = all.toggled(QueueColumn::Why).toggled(QueueColumn::Cause);
        assert_eq!(shown(76, why), shown(76, all));
        assert_eq!(shown(200, why).len(), 11);
        let every = QueueColumns::from_names(&QueueColumn::ALL.map(QueueColumn::name));
        assert_eq!(shown(76, every), shown(76, all));
        assert_eq!(shown(240, every).len(), QueueColumn::ALL.len());
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
