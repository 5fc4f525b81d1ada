//! Tables of what customers answered when they were asked how it was: ratings, and what they wrote with them.

use super::dialect::Sample;
use super::hints::says;
use super::moments;
use super::stats::CellStats;
use crate::ingest::context::in_shell;
use crate::ingest::formats::csv::ask::{AskedValues, PersonsWord};
use crate::ingest::formats::csv::columns::field::{CsvField, plain};
use crate::ingest::formats::csv::columns::flags;
use crate::ingest::formats::csv::columns::mapping::Mapping;

/// Takes a column of comments for what was written with the ratings, where each row rates a conversation and nobody speaks in it: a
/// conversation made of a comment would stand in the place of the one that it is about. And the only times that are there for when somebody
/// rated: of several ratings of one conversation the latest counts.
pub(super) fn comments(m: &mut Mapping, sample: &Sample, stats: &[CellStats]) {
    let has = |field: &CsvField| m.column(*field).is_some();
    let is_log = TOLD_OF_TURNS.iter().any(has) || m.whole_file;
    if !sample.header || is_log || !has(&CsvField::Id) || !has(&CsvField::Csat) {
        return;
    }
    let place = |field| sample.columns.iter().position(|c| m.column(field) == Some(c.as_str()));
    // Many rows of one id are messages.
    let is_row_each = place(CsvField::Id).is_some_and(|i| stats[i].distinct * 2 > stats[i].n);
    let is_comment = |column: &&str| says(&plain(column), OF_COMMENTS);
    let free = || sample.columns.iter().map(String::as_str).filter(|c| m.field_of(c).is_none()).find(is_comment);
    let column = m.column(CsvField::Text).map_or_else(free, |text| Some(text).filter(is_comment)).map(str::to_owned);
    if let Some(column) = column.filter(|_| is_row_each) {
        m.set(CsvField::CsatComment, Some(&column));
    }
    let is_timed = [CsvField::Time, CsvField::Started, CsvField::Ended].iter().any(|f| m.column(*f).is_some());
    if let ([only], false) = (moments::of_something(m, sample, stats).as_slice(), is_timed || !m.rates_alone()) {
        m.set(CsvField::Time, Some(only));
    }
}

/// Says what was taken for a comment by this alone.
pub(super) fn tell(m: &Mapping, asked: &mut AskedValues) {
    let column = m.column(CsvField::CsatComment).filter(|_| m.rates_alone());
    if let Some(column) = column.filter(|c| CsvField::CsatComment.alias(&plain(c)).is_none()) {
        let line = in_shell(&flags::pair(CsvField::Text.name(), column));
        asked.warnings.push(format!(
            "column `{column}` is taken for what customers wrote with their ratings, and makes no conversations (--map {line} where it is \
             what was said in them)"
        ));
    }
}

/// Asks what a bare id is of, where a table holds ratings and nothing else of a conversation: articles and products are rated, too.
pub(super) fn whose(m: &Mapping, said: &PersonsWord<'_>, asked: &mut AskedValues) {
    let Some(id) = m.column(CsvField::Id).filter(|c| m.rates_alone() && BARE.contains(&plain(c).as_str())) else {
        return;
    };
    let is_told = (said.keys)(CsvField::Id.name()) || TOLD_OF_CONVERSATIONS.iter().any(|f| m.column(*f).is_some());
    if !is_told {
        let line = in_shell(&flags::pair(CsvField::Id.name(), id));
        asked.need(
            &format!("column `{id}`"),
            "nothing says whose ids these are: a table of ratings may be of articles or products as well, and would rate the \
             conversations that happen to have their numbers"
                .to_owned(),
            format!("--map {line} where they are the conversations'"),
            &[],
            None,
        );
    }
}

/// What only a row that is a turn has.
const TOLD_OF_TURNS: &[CsvField] = &[
    CsvField::Reply,
    CsvField::Transcript,
    CsvField::Role,
    CsvField::Turn,
    CsvField::MessageId,
    CsvField::Gold,
    CsvField::Intent,
    CsvField::CsatComment,
];

/// What only conversations have.
const TOLD_OF_CONVERSATIONS: &[CsvField] = &[
    CsvField::Channel,
    CsvField::Bot,
    CsvField::Version,
    CsvField::Escalated,
    CsvField::Resolved,
    CsvField::Abandoned,
    CsvField::Ended,
];

/// Headers, plain, of ids that say nothing of whose they are.
const BARE: &[&str] = &["id", "uuid", "ref", "κωδικος"];

/// Parts of headers, plain, of what somebody wrote about how it was.
const OF_COMMENTS: &[&str] = &[
    "comment",
    "feedback",
    "remark",
    "review",
    "opinion",
    "testimonial",
    "verbatim",
    "σχολι",
    "κριτικ",
    "kommentar",
    "bemerkung",
    "anmerkung",
    "coment",
    "commento",
    "opmerking",
    "komentarz",
    "opinia",
    "yorum",
    "комментар",
    "отзыв",
    "评论",
    "評論",
    "コメント",
    "의견",
];
