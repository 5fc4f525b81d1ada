//! What an import did, counted and in words.

use crate::domain::{Conversation, OfferStatus, Outcome, OutcomeSource, Timestamp};
use crate::ingest::{DamagedRecords, ImportQuestion, LogSummary, ProvedReading, Warning};
use crate::store::{ArrivalNotes, ArrivalResult, NamedCount, lies_ahead};
use serde::Serialize;

/// Offers of the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Offers {
    /// Shown without a known answer.
    pub shown: u64,
    /// Taken.
    pub accepted: u64,
    /// Refused.
    pub declined: u64,
    /// Left unanswered.
    pub ignored: u64,
}

/// Outcomes of the file's conversations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OutcomeCounts {
    /// Solved by the AI.
    pub resolved: u64,
    /// Handed to a person.
    pub escalated: u64,
    /// Not solved.
    pub failed: u64,
    /// The customer left.
    pub abandoned: u64,
    /// Still open.
    pub pending: u64,
    /// Nothing tells.
    pub unknown: u64,
}

impl OutcomeCounts {
    /// Each with the name of its outcome, as screens and tables list them.
    pub fn by_name(&self) -> [(&'static str, u64); 6] {
        [
            (Outcome::Resolved, self.resolved),
            (Outcome::Escalated, self.escalated),
            (Outcome::Failed, self.failed),
            (Outcome::Abandoned, self.abandoned),
            (Outcome::Pending, self.pending),
            (Outcome::Unknown, self.unknown),
        ]
        .map(|(outcome, n)| (outcome.name(), n))
    }
}

/// What an import did. Conversations, turns, offers and outcomes are those of the file.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ImportReport {
    /// Conversations that were not there.
    pub new: u64,
    /// Conversations of which the file knows more.
    pub updated: u64,
    /// Conversations of which all was there already.
    pub same: u64,
    /// Conversations that have fewer turns than what is stored and say something else of them: kept out.
    pub older: u64,
    /// Conversations that say something else than what is stored, and were to be skipped.
    pub skipped: u64,
    /// Decisions that went with their turn to another number.
    pub carried: u64,
    /// Decisions that fit nothing any more: their turn has another speaker. `is:orphaned` finds them.
    pub orphaned: u64,
    /// Decisions on turns whose words are others now. `is:reworded` finds them.
    pub reworded: u64,
    /// Records that could not be read.
    pub rejected: u64,
    /// Ratings in the file that stored conversations got; they are none of `conversations`.
    #[serde(skip_serializing_if = "is_none")]
    pub ratings: u64,
    /// Ratings in the file whose conversation is not stored: they are rejected.
    #[serde(skip_serializing_if = "is_none")]
    pub ratings_of_none: u64,
    /// Conversations in the file.
    pub conversations: u64,
    /// Turns in the file.
    pub turns: u64,
    /// Offers in the file.
    pub offers: Offers,
    /// Outcomes in the file, derived ones included.
    pub outcomes: OutcomeCounts,
    /// Of those, derived by our rules.
    pub derived: u64,
    /// Labels and corrections that came with the log.
    pub labelled_turns: u64,
    /// The format.
    pub format: String,
    /// Why this format.
    pub why: String,
    /// Of those in the file, how many lie ahead of now: they count in no period.
    pub ahead: u64,
    /// The first of them in the file, and when it is of.
    #[serde(skip)]
    pub first_ahead: Option<(String, Timestamp)>,
    /// What the log proved of how it is to be read.
    #[serde(skip)]
    pub proved: ProvedReading,
    /// What was put up with.
    pub warnings: Vec<String>,
    /// Which of these says what AIs or sources the store holds, where there are several: of several files the last says all.
    #[serde(skip)]
    pub several_sources: Option<String>,
    /// What only a person can tell.
    pub questions: Vec<ImportQuestion>,
    /// The first of the records that could not be read, one of each kind.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rejects: Vec<ToldReject>,
    /// Why it counts as failed: `questions` that have to be answered first, too many `rejected`, or no file of a folder that can be read, or nothing in what was given (`unread`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<&'static str>,
}

/// A record that could not be read, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ToldReject {
    /// Where: `file:line:column`.
    pub place: String,
    /// Why not, and how many more were so.
    pub reason: String,
}

fn join(all: &mut String, one: &str) {
    match () {
        () if all.is_empty() => one.clone_into(all),
        // A reason may have commas of its own.
        () if *all == one || all.starts_with(&format!("{one}, ")) || all.ends_with(&format!(", {one}")) => {}
        () if all.contains(&format!(", {one}, ")) => {}
        () => {
            all.push_str(", ");
            all.push_str(one);
        }
    }
}

/// Of so many records one may be rejected; with more an import has failed, and what could be read stays.
const ONE_REJECTED_OF: u64 = 10;

fn is_none(n: &u64) -> bool {
    *n == 0
}

impl ImportReport {
    /// Adds what another file came to; formats and reasons that differ stand side by side.
    pub fn add_file(&mut self, one: Self) {
        self.new += one.new;
        self.updated += one.updated;
        self.same += one.same;
        self.older += one.older;
        self.skipped += one.skipped;
        self.carried += one.carried;
        self.orphaned += one.orphaned;
        self.reworded += one.reworded;
        self.rejected += one.rejected;
        self.ratings += one.ratings;
        self.ratings_of_none += one.ratings_of_none;
        self.conversations += one.conversations;
        self.turns += one.turns;
        self.derived += one.derived;
        self.labelled_turns += one.labelled_turns;
        self.offers.shown += one.offers.shown;
        self.offers.accepted += one.offers.accepted;
        self.offers.declined += one.offers.declined;
        self.offers.ignored += one.offers.ignored;
        self.outcomes.resolved += one.outcomes.resolved;
        self.outcomes.escalated += one.outcomes.escalated;
        self.outcomes.failed += one.outcomes.failed;
        self.outcomes.abandoned += one.outcomes.abandoned;
        self.outcomes.pending += one.outcomes.pending;
        self.outcomes.unknown += one.outcomes.unknown;
        join(&mut self.format, &one.format);
        join(&mut self.why, &one.why);
        self.ahead += one.ahead;
        if one.several_sources.is_some() {
            let before = std::mem::replace(&mut self.several_sources, one.several_sources);
            self.warnings.retain(|w| before.as_ref() != Some(w));
        }
        // What several files share is said once.
        let fresh: Vec<String> = one.warnings.into_iter().filter(|w| !self.warnings.contains(w)).collect();
        self.warnings.extend(fresh);
        self.questions.extend(one.questions);
        self.failed = self.failed.or(one.failed);
    }

    /// Judges it by what was rejected.
    pub fn judge(&mut self) {
        let too_many = self.rejected * ONE_REJECTED_OF > self.conversations + self.ratings + self.rejected;
        self.failed = self.failed.or(too_many.then_some("rejected"));
    }

    /// Counts a conversation by what became of it; says in words why it was not taken, where it was not.
    pub(super) fn add(
        &mut self,
        added: &ArrivalResult,
        c: &Conversation,
        last_activity: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), &'static str> {
        self.came_to(added)?;
        self.count(c);
        if let Some(last) = last_activity.filter(|&at| lies_ahead(at, now)) {
            self.ahead += 1;
            self.first_ahead.get_or_insert_with(|| (format!("{}:{}", c.source, c.id), last));
        }
        Ok(())
    }

    /// Counts a rating that came apart from its conversation.
    pub(super) fn add_rating(&mut self, added: &ArrivalResult) -> Result<(), &'static str> {
        self.came_to(added)?;
        self.ratings += 1;
        Ok(())
    }

    fn came_to(&mut self, added: &ArrivalResult) -> Result<(), &'static str> {
        match added {
            ArrivalResult::New(_) => self.new += 1,
            ArrivalResult::Updated(_) => self.updated += 1,
            ArrivalResult::Same(_) => self.same += 1,
            ArrivalResult::Older(_) => self.older += 1,
            ArrivalResult::Kept(_) => self.skipped += 1,
            ArrivalResult::Conflict(_) => {
                return Err("is stored with other content, and --on-duplicate error was asked for");
            }
            ArrivalResult::Full(_) => {
                return Err("would have more than a million turns together with what is stored under its name");
            }
        }
        Ok(())
    }

    /// What became of decisions, and what was found elsewhere, in words.
    pub(super) fn tell(&mut self, notes: ArrivalNotes) {
        let ArrivalNotes {
            carried,
            orphaned,
            reworded,
            bound,
            elsewhere,
            continued,
            halves,
            namesakes,
            copies,
            strangers,
            beside,
        } = notes;
        (self.carried, self.orphaned, self.reworded) = (carried, orphaned, reworded);
        let mut say = |n: u64, one: &str, many: &str, rest: &str| {
            if n > 0 {
                let what = if n == 1 { one.to_owned() } else { format!("{n} {many}") };
                self.warnings.push(format!("{what} {rest}"));
            }
        };
        // Verbs of one and of several.
        let by = |n: u64, one: &'static str, many: &'static str| if n == 1 { one } else { many };
        say(carried, "1 decision", "decisions", "went along with a turn that has another number now");
        let rest = "on words that are others now: no label of them trains or is gold until somebody confirms it (`appraise queue is:reworded`)";
        say(reworded, "1 decision", "decisions", rest);
        let rest = "on a turn that another speaker has now: kept, and of no effect (`appraise queue is:orphaned`)";
        say(orphaned, "1 decision", "decisions", rest);
        let names = |named: &NamedCount| {
            let more = named.n - named.first.len() as u64;
            named.first.join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() }
        };
        let had = by(bound.n, "it had when it was", "they had when they were");
        let stay = format!("named another customer and stayed in the group that {had} decided on: {}", names(&bound));
        say(bound.n, "1 conversation", "conversations", &stay);
        let there = format!(
            "{} joined with it: {} (--source NAME gives all files of one system one name)",
            by(elsewhere.n, "was there under another name and was", "were there under another name and were"),
            names(&elsewhere)
        );
        say(elsewhere.n, "1 conversation", "conversations", &there);
        let on = format!(
            "{} with messages that are stored already: {} on there: {}",
            by(continued.n, "of a log that names none,", "of logs that name none,"),
            by(continued.n, "it goes", "they go"),
            names(&continued)
        );
        say(continued.n, "1 conversation", "conversations", &on);
        let half = format!(
            "of a chat {} on with one that is stored, after no longer a silence than there is within a conversation: joined with it: {}",
            by(halves.n, "goes", "go"),
            names(&halves)
        );
        say(halves.n, "1 conversation", "conversations", &half);
        let alike = format!(
            "{}: kept beside it: {} (--source NAME where both files are of one system and these are the same)",
            by(
                namesakes.n,
                "has the name of one that another file brought, and nothing tells that it is the same",
                "have the name of one that another file brought, and nothing tells that they are the same"
            ),
            names(&namesakes)
        );
        say(namesakes.n, "1 conversation", "conversations", &alike);
        let twice = format!(
            "{} already under another source, and the same: stored a second time, since --source was given or the log names it: {} (import \
             under that source, or without --source, where they are the same)",
            by(copies.n, "is there", "are there"),
            names(&copies)
        );
        say(copies.n, "1 conversation", "conversations", &twice);
        let added = format!(
            "with no turn in common with what was stored under that name, added to it: {} (where ids begin anew with each file, \
             give each file a --source of its own)",
            names(&strangers)
        );
        say(strangers.n, "1 conversation", "conversations", &added);
        let edited = format!(
            "with words at a moment at which others of the same speaker are stored; nothing tells whether they were edited, both are kept: {} \
             (with message ids an edited one takes the place of the first)",
            names(&beside)
        );
        say(beside.n, "1 conversation", "conversations", &edited);
        let older = by(
            self.older,
            "has fewer turns than what is stored and says something else of them: kept out (--take-older takes it)",
            "have fewer turns than what is stored and say something else of them: kept out (--take-older takes them)",
        );
        say(self.older, "1 conversation", "conversations", older);
    }

    /// What was told of the whole file.
    pub(super) fn summarise(&mut self, summary: &LogSummary) {
        self.format = summary.format.to_owned();
        self.why.clone_from(&summary.why);
        self.warnings = summary.warnings.iter().map(words).collect();
        self.questions.clone_from(&summary.questions);
        self.proved.clone_from(&summary.proved);
        self.failed = self.failed.or(summary.unanswered.then_some("questions"));
        let DamagedRecords { n: count, line } = summary.invalid_utf8;
        if count > 0 {
            let text = "bytes that are no UTF-8; they are read as U+FFFD".to_owned();
            self.warnings.push(words(&Warning { text, count, line }));
        }
    }

    /// What is to be done about times that cannot be right.
    pub(super) fn ahead_of_now(&self, now: Timestamp) -> Option<String> {
        let (first, at) = self.first_ahead.as_ref()?;
        let (those, of) = match self.ahead {
            1 => ("1 conversation lies".to_owned(), format!("{first}, of {}", at.rfc3339())),
            n => (format!("{n} conversations lie"), format!("the first is {first}, of {}", at.rfc3339())),
        };
        Some(format!(
            "{those} more than a day ahead of now, {} ({of}): such times count in no period, trend or `since:`; correct them in the \
             log and import it again, or set the clock where that is wrong",
            now.rfc3339()
        ))
    }

    fn count(&mut self, c: &Conversation) {
        self.conversations += 1;
        self.turns += c.turns.len() as u64;
        self.labelled_turns += c.turns.iter().filter(|t| !t.gold.is_empty() || t.corrected.is_some()).count() as u64;
        for offer in &c.offers {
            *match offer.status {
                OfferStatus::Shown => &mut self.offers.shown,
                OfferStatus::Accepted => &mut self.offers.accepted,
                OfferStatus::Declined => &mut self.offers.declined,
                OfferStatus::Ignored => &mut self.offers.ignored,
            } += 1;
        }
        *match c.outcome.unwrap_or(Outcome::Unknown) {
            Outcome::Resolved => &mut self.outcomes.resolved,
            Outcome::Escalated => &mut self.outcomes.escalated,
            Outcome::Failed => &mut self.outcomes.failed,
            Outcome::Abandoned => &mut self.outcomes.abandoned,
            Outcome::Pending => &mut self.outcomes.pending,
            Outcome::Unknown => &mut self.outcomes.unknown,
        } += 1;
        self.derived += u64::from(c.outcome_source == Some(OutcomeSource::Derived));
    }
}

fn words(w: &Warning) -> String {
    match w.count {
        // Of a whole file.
        _ if w.line == 0 => w.text.clone(),
        1 => format!("line {}: {}", w.line, w.text),
        n => format!("line {} and {} more: {}", w.line, n - 1, w.text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_many_files_were_taken_for_is_said_once() {
        let why = "rows of cells; mapping guessed: one row a turn; id=conv, text=text";
        let mut all = ImportReport::default();
        for _ in 0..3 {
            all.add_file(ImportReport { why: why.to_owned(), ..ImportReport::default() });
        }
        all.add_file(ImportReport { why: "own".to_owned(), ..ImportReport::default() });
        assert_eq!(all.why, format!("{why}, own"));
    }

    #[test]
    fn one_and_several_have_their_verbs() {
        let told = |n: u64| {
            let named = NamedCount { n, first: vec!["shop:1".to_owned()] };
            let mut report = ImportReport { older: n, ..ImportReport::default() };
            let (bound, elsewhere, namesakes) = (named.clone(), named.clone(), named);
            report.tell(ArrivalNotes { bound, elsewhere, namesakes, ..ArrivalNotes::default() });
            report.warnings
        };
        let begins = |said: &[String], with: [&str; 4]| said.iter().zip(with).all(|(s, begin)| s.starts_with(begin));
        let one = told(1);
        let with =
            ["named another customer and stayed in the group that it had", "was there", "has the name", "has fewer"];
        assert!(begins(&one, with.map(|w| format!("1 conversation {w}")).each_ref().map(String::as_str)), "{one:#?}");
        let many = told(300);
        let with = [
            "named another customer and stayed in the group that they had",
            "were there",
            "have the name",
            "have fewer",
        ];
        assert!(
            begins(&many, with.map(|w| format!("300 conversations {w}")).each_ref().map(String::as_str)),
            "{many:#?}"
        );
    }
}
