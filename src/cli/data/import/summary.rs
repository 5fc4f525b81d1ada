//! What an import came to: the sum of its files, and how it is told.

use super::learning::{self, Learnt};
use crate::cli::frame::context::Cx;
use crate::cli::output::figures::{count, plural};
use crate::cli::output::json::Tone;
use crate::cli::output::table::WordTable;
use crate::ingest::{EMPTY, format_names};
use crate::jobs::learners::due;
use crate::jobs::{ImportReport, ToldReject};
use crate::store::Store;
use anyhow::Result;
use std::path::PathBuf;

/// How an import failed that found no log, or nothing in it.
pub(super) const UNREAD: &str = "unread";

/// What is said where a file waits for an answer.
const STOPPED: &str = "nothing of this file is imported before that is settled; --accept-guesses takes what is guessed, where there is a guess";

/// What an import was asked for, as far as it is told.
pub(super) struct AskedImport<'a> {
    /// Files and folders.
    pub files: &'a [PathBuf],
    /// Only to say what would happen.
    pub dry_run: bool,
    /// The first rejects of each kind and how many they stand for, where no file keeps them.
    pub rejects: Option<Vec<(ToldReject, u64)>>,
    /// What came of learning, where that was asked for.
    pub learnt: Option<&'a Learnt>,
}

/// Says what was left out and why, and what was imported.
pub(super) fn print(cx: &mut Cx, asked: &AskedImport<'_>, all: &ImportReport) -> Result<()> {
    if let Some(first) = &asked.rejects {
        first.iter().for_each(|(reject, _)| cx.note(&format!("{}: {}", reject.place, reject.reason)));
        let hidden = all.rejected.saturating_sub(first.iter().map(|(_, n)| n).sum::<u64>());
        if hidden > 0 {
            cx.note(&format!("and {} more; --rejects FILE keeps them all", count(hidden)));
        }
    }
    all.warnings.iter().for_each(|w| cx.note(w));
    all.questions.iter().for_each(|q| cx.note(&q.to_string()));
    let stopped = all.failed == Some("questions");
    if stopped {
        cx.note(STOPPED);
    }
    if all.failed == Some("rejected") {
        cx.note(match all.conversations + all.ratings {
            0 => "all was rejected, and nothing is stored: import it again when it is mended as the reasons say",
            _ => {
                "more than a tenth was rejected: what could be read is stored, and importing again what was mended as the reasons say adds the rest"
            }
        });
    }
    if all.failed == Some(UNREAD) && all.format.is_empty() {
        cx.note(&unread(asked.files));
    }
    let found_nothing =
        all.conversations + all.ratings + all.rejected + all.same == 0 && !stopped && !all.format.is_empty();
    if found_nothing {
        cx.note(&nothing_in(asked.files, all));
    }
    if cx.json {
        let Some(learnt) = asked.learnt else { return cx.out.json(all) };
        let mut value = serde_json::to_value(all)?;
        value["learned"] = learning::json(learnt)?;
        return cx.out.json(&value);
    }
    if (stopped || all.failed == Some(UNREAD)) && all.conversations + all.ratings == 0 {
        return Ok(());
    }
    let would = if asked.dry_run { "would be " } else { "" };
    let mut head =
        format!("{} {would}new, {} {would}updated, {} the same", count(all.new), count(all.updated), count(all.same));
    for (n, what) in [(all.older, "older"), (all.skipped, "skipped")] {
        if n > 0 {
            head += &format!(", {} {what}", count(n));
        }
    }
    head += &format!(", {} rejected", count(all.rejected));
    let head = cx.out.paint(Tone::Heading, &head);
    cx.out.line(head)?;
    if found_nothing {
        return Ok(());
    }
    let (conversations, turns) = (plural(all.conversations, "conversation"), plural(all.turns, "turn"));
    cx.out.line(format!("{conversations}, {turns}, format {} ({})", all.format, all.why))?;
    if all.ratings + all.ratings_of_none > 0 {
        let given = plural(all.ratings, "rating");
        let of_none = match all.ratings_of_none {
            0 => String::new(),
            n => format!("; {} whose conversation is not in the store", count(n)),
        };
        cx.out.line(format!("{given} {would}given to stored conversations{of_none}"))?;
    }
    if all.conversations == 0 && all.ratings > 0 {
        return Ok(());
    }
    let mut table = WordTable::new(&["", ">", ""]);
    for (name, n) in all.outcomes.by_name() {
        table.row([name, &count(n)]);
    }
    if all.labelled_turns > 0 {
        table.row(["labelled turns", &count(all.labelled_turns)]);
    }
    table.print(&mut cx.out)?;
    if !asked.dry_run && all.new > 0 {
        cx.note("`appraise queue` shows what went wrong, `appraise stats` how often");
    }
    Ok(())
}

/// Says what could be learnt from now, and who does: this command leaves it to others, since it may take a minute.
pub(super) fn note_learning(cx: &Cx, store: &Store) {
    let due = match due(store) {
        Ok(due) => due,
        // The import is done, whatever comes of this.
        Err(e) => return cx.note(&format!("what could be learnt from is not counted: {e}")),
    };
    if !due.is_empty() {
        let by: Vec<String> =
            due.iter().map(|(learner, n)| format!("{} (`appraise learn {}`)", count(*n), learner.name())).collect();
        cx.note(&format!(
            "new ratings and answers to offers to learn from: {}; the screen does when it starts, an import with --learn at its end",
            by.join(", ")
        ));
    }
}

/// What is said of folders in which nothing is a log.
fn unread(folders: &[PathBuf]) -> String {
    format!(
        "nothing is imported: no file in {} is a log that can be read (hidden files are passed over); read are {}",
        named(folders),
        format_names()
    )
}

/// What is said of logs that hold no record.
fn nothing_in(files: &[PathBuf], all: &ImportReport) -> String {
    let named = named(files);
    match all.why == EMPTY {
        true => format!("nothing is imported: {named} is empty"),
        false => format!(
            "nothing is imported: {named}, read as {}, holds no rows or records, and so no conversation (why it was read so: {})",
            all.format, all.why
        ),
    }
}

fn named(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_empty_file_it_is_said_that_it_is_empty_and_no_format() {
        let read =
            |why: &str| ImportReport { format: "csv".to_owned(), why: why.to_owned(), ..ImportReport::default() };
        let said = |why: &str| nothing_in(&["log.csv".into()], &read(why));
        assert_eq!(said(EMPTY), "nothing is imported: log.csv is empty");
        assert!(said("rows of cells").contains("log.csv, read as csv, holds no rows"), "{}", said("rows of cells"));
    }

    #[test]
    fn of_several_files_the_last_says_what_sources_the_store_holds() {
        let mut all = ImportReport::default();
        for several in [None, Some("a, b"), Some("a, b, c")].map(|names| names.map(str::to_owned)) {
            let warnings = ["texts are HTML".to_owned()].into_iter().chain(several.clone()).collect();
            all.add_file(ImportReport { warnings, several_sources: several, ..ImportReport::default() });
        }
        assert_eq!(all.warnings, ["texts are HTML", "a, b, c"]);
    }
}
