//! What a learner that learns by itself came to, before and after.

pub mod answers;
pub mod enough;
pub mod misread;

use self::misread::EndsRead;
use super::rate::Rate;
use super::verdict::Verdict;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The area under the curve of whoever tells nothing apart.
const COIN: f64 = 0.5;
/// Standard errors of that area beyond which an order is surely one: under chance (Mann and Whitney), or as customers differ, if that is more.
const SURELY: f64 = 1.96;

/// A p-value, as finely as late looks test: `p 0.0071`, `p < 0.0001`.
pub fn p_of_look(p: f64) -> String {
    if p < 0.0001 { "p < 0.0001".to_owned() } else { format!("p {p:.4}") }
}

/// Figures of one side.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LearnedFigures {
    /// Area under the ROC curve: of yes, or of negative.
    pub auc: f64,
    /// Its standard error, by customer; `None`: it was not noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auc_error: Option<f64>,
    /// Mean loss, nats an example.
    pub log_loss: f64,
    /// Of sentiment alone.
    pub macro_f1: Option<f64>,
    /// Calibration error; of offers alone.
    pub ece: Option<f64>,
    /// Examples.
    pub n: u64,
    /// Of these the accepted offers, or those of customers who are let down; `None`: it was not noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub positives: Option<u64>,
    /// Where some stand for many (rule 52): as many plain examples as they are worth. The other figures are weighed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worth: Option<f64>,
}

impl LearnedFigures {
    /// Whether their order is surely better than one chance for all; `None` where it was not noted how many were positive.
    pub fn beats_a_coin(&self) -> Option<bool> {
        let positives = self.positives?;
        let negatives = self.n.checked_sub(positives)?;
        // Where some stand for many, as sure as so many plain ones.
        let plain = self.worth.map_or(1.0, |worth| worth / self.n.max(1) as f64);
        let (yes, no) = (plain * positives as f64, plain * negatives as f64);
        let by_chance = ((yes + no + 1.0) / (12.0 * yes * no).max(1.0)).sqrt();
        Some(self.auc > COIN + SURELY * by_chance.max(self.auc_error.unwrap_or_default()))
    }
}

/// The newest offers, and those of them that were expected to be accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedYes {
    /// Answered offers of the last fifth of time, none of which was known.
    pub all: u64,
    /// ...and accepted.
    pub all_yes: u64,
    /// Those of which a yes was expected: more than of the average offer.
    pub expected: u64,
    /// ...and accepted.
    pub expected_yes: u64,
    /// Those are as sure as so many offers, each to a customer of its own; `None`: it was not noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worth: Option<u64>,
}

impl ExpectedYes {
    /// What was accepted where a yes was expected, as sure as its customers let it be.
    pub fn rate(&self) -> Rate {
        let share = self.worth.map_or(1.0, |worth| worth as f64 / self.expected.max(1) as f64);
        Rate::worth(self.expected_yes, self.expected, share)
    }
}

/// What was found when a learner looked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LearnedReport {
    /// What is live, or the base rate, on what neither has seen.
    pub before: LearnedFigures,
    /// The new model on the same.
    pub after: LearnedFigures,
    /// By how much the loss fell, nats an example; above 0 is better.
    pub delta: f64,
    /// Its 95 % interval, by customer.
    pub ci95: [f64; 2],
    /// Sign-flip test by customer, two-sided.
    pub p_cluster: f64,
    /// What may be concluded.
    pub verdict: Verdict,
    /// The how many-th look by itself this was.
    pub looks: u64,
    /// What it learnt from, counted.
    pub learned_from: BTreeMap<String, u64>,
    /// New signals after which it looks again.
    pub again_after: u64,
    /// Of sentiment: how many labels, and the area under the curve with the first so many of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_labels: Vec<(u64, f64)>,
    /// The day of the last label of each of these points, as `2026-07-12`. Empty: the log has no times, or the points are of a release of
    /// before, which took the newest labels first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub label_days: Vec<String>,
    /// Of offers: what asking only where a yes is expected would have come to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<ExpectedYes>,
    /// Of sentiment: the chances that were given to customers who rated, by models that had not seen them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<EndsRead>,
    /// Why it did not go live, in a clause; `None`: it did, or another release had gone live meanwhile, or it was not noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_back: Option<String>,
}

impl LearnedReport {
    /// Under this name [`Self::learned_from`] counts all signals that there are, where the newest alone were read.
    pub const NEWEST_OF: &str = "newest_of_signals";
    /// Under this name it counts the conversations with a signal, where a draw from them was read, ...
    pub const DRAWN_OF: &str = "drawn_of_conversations";
    /// ...and under this one those that were drawn.
    pub const DRAWN: &str = "drawn_conversations";

    /// Under this name it counts the conversations in languages in which no call for a person is heard.
    pub const UNHEARD: &str = "conversations_in_other_letters";

    /// Under this name it counts those that were looked at for that.
    pub const UNHEARD_OF: &str = "conversations_looked_at_for_language";

    /// Of offers: under this name it counts the answers that judged before they taught.
    pub const AFTERWARDS: &str = "answers_that_judged_first";

    /// The names that tell more of what was read: they are no part of what was learnt from beside the others.
    pub const ABOUT: [&str; 6] =
        [Self::NEWEST_OF, Self::DRAWN_OF, Self::DRAWN, Self::UNHEARD, Self::UNHEARD_OF, Self::AFTERWARDS];

    /// From such an order on, of all pairs, nobody foresees: what is known of an offer was logged after its answer.
    pub const TOO_WELL: f64 = 0.99;

    /// What is said of a release that foresees as well.
    pub const TOO_GOOD: &str = "it is too good to be true: nearly every answer follows from what its log says of the offer (its name, channel, language, intent, action or turn), as though that was written after the answer";

    /// Of offers: whether it foresees what nobody can who does not know the answers.
    pub fn is_too_good(&self) -> bool {
        self.after.macro_f1.is_none() && self.after.auc >= Self::TOO_WELL
    }

    /// What may be concluded, in a word or two.
    pub fn word(&self) -> &'static str {
        if self.is_too_good() { "too good to be true" } else { self.verdict.words() }
    }

    /// What the signs that need no label leave out, in a clause; `None`: nothing.
    pub fn unheard(&self, count: impl Fn(u64) -> String) -> Option<String> {
        let n = self.learned_from.get(Self::UNHEARD).copied().filter(|n| *n > 0)?;
        let of = self.learned_from.get(Self::UNHEARD_OF).map_or_else(String::new, |all| format!(" of {}", count(*all)));
        let what = if n == 1 { "conversation is" } else { "conversations are" };
        Some(format!(
            "calls for a person and words of pleasure or displeasure are read in English and Greek alone: {}{of} {what} in other languages",
            count(n)
        ))
    }

    /// What there is to say of a run that came to nothing: what was before gives everybody the same chance, and neither the chances nor
    /// their order are surely better than that. A clause with its numbers; `None`: there are figures worth a look.
    pub fn nothing(&self, count: impl Fn(u64) -> String) -> Option<String> {
        let after = &self.after;
        let positives = after.positives?;
        let negatives = after.n.checked_sub(positives)?;
        if self.verdict == Verdict::Better || !self.is_beside_one_for_all() || after.beats_a_coin()? {
            return None;
        }
        let (kind, other) = match after.macro_f1 {
            Some(_) => ("let down", "not let down"),
            None => ("accepted", "not accepted"),
        };
        let (most, what) = if positives > negatives { (positives, kind) } else { (negatives, other) };
        let (most, all, examples) = (count(most), count(after.n), self.examples());
        Some(format!(
            "learned nothing better than always saying the most frequent ({what}: {most} of {all} {examples} that it had not seen)"
        ))
    }

    /// Whether what was before gives everybody the same chance: nothing that was live had learnt this.
    pub fn is_beside_one_for_all(&self) -> bool {
        (self.before.auc - COIN).abs() < 1e-9
    }

    /// What its examples are called: of sentiment alone a macro F1 is told.
    pub fn examples(&self) -> &'static str {
        if self.after.macro_f1.is_some() { "rated turns" } else { "answers" }
    }

    /// How well it tells one customer from another, before and after, in a clause.
    pub fn told(&self) -> String {
        let pair = match self.after.macro_f1 {
            Some(_) => "one customer let down and one who is not",
            None => "one customer who accepts and one who does not",
        };
        format!("{pair}: it {}", self.picks())
    }

    /// How often it picks the right one of such a pair, before and after, in a clause.
    pub fn picks(&self) -> String {
        let [before, after] = [&self.before, &self.after].map(|side| 100.0 * side.auc);
        format!("picks the right one {after:.0} of 100 times, before {before:.0} (a coin: 50)")
    }

    /// The same with how much it had not seen; where it came to nothing, that.
    pub fn measured(&self, count: impl Fn(u64) -> String) -> String {
        let told = || format!("{}; {} {} it had not seen", self.told(), count(self.after.n), self.examples());
        self.nothing(&count).unwrap_or_else(told)
    }

    /// What it learnt from, counted, in a clause. Offers without an answer teach, too.
    pub fn taught_by(&self, count: impl Fn(u64) -> String) -> String {
        let named = |what: &str| match (self.after.macro_f1, what) {
            (None, "answers") => "offers accepted, declined or ignored".to_owned(),
            (Some(_), "turns") => "turns, rated or not".to_owned(),
            _ => what.replace('_', " "),
        };
        let said = self.learned_from.iter().filter(|(what, n)| **n > 0 && !Self::ABOUT.contains(&what.as_str()));
        said.map(|(what, n)| format!("{} {}", count(*n), named(what))).collect::<Vec<_>>().join(" · ")
    }

    /// Whether it has learnt from what judged it, in a clause: of offers what is kept goes on learning from the answers that were new to
    /// what was judged.
    pub fn apart(&self) -> &'static str {
        let judged_first = self.learned_from.get(Self::AFTERWARDS).is_some_and(|n| *n > 0);
        match self.after.macro_f1 {
            Some(_) => "what is kept to judge it is not among them",
            None if judged_first => {
                "test customers are not among them; the newest answers taught it only after it was judged by them"
            }
            None => "test customers are not among them",
        }
    }

    /// How well it told with the labels that were there by some days, in a clause: four points where that takes no more than so many columns,
    /// else three. Empty where there are not two.
    pub fn over_labels(&self, count: impl Fn(u64) -> String, columns: usize) -> String {
        let points = &self.by_labels;
        let days: Vec<NaiveDate> = self.label_days.iter().filter_map(|day| day.parse().ok()).collect();
        // A year is said where they are of several.
        let form = match (days.first(), days.last()) {
            (Some(first), Some(last)) if first.year() != last.year() => "%b %-d %Y",
            _ => "%b %-d",
        };
        let told = |at: usize, named: bool| {
            let day = days.get(at).filter(|_| days.len() == points.len());
            let when = day.map_or_else(String::new, |day| format!("{}: ", day.format(form)));
            let [right, times, labels] = if named { ["right ", " of 100 times", " labels"] } else { [""; 3] };
            format!("{when}{right}{:.0}{times} with {}{labels}", 100.0 * points[at].1, count(points[at].0))
        };
        let among = |most: usize| -> String {
            let n = points.len().min(most);
            let place = |i: usize| i * (points.len() - 1) / (n - 1);
            (0..n).map(|i| told(place(i), i == 0)).collect::<Vec<_>>().join(" · ")
        };
        match points.len() {
            0 | 1 => String::new(),
            _ => Some(among(4)).filter(|says| says.chars().count() <= columns).unwrap_or_else(|| among(3)),
        }
    }

    /// Which way the loss went and by how much, with its interval: `fell by 0.0392 [-0.0308, 0.1033]`.
    pub fn moved(&self, digits: usize) -> String {
        let [lo, hi] = self.ci95;
        match self.delta >= 0.0 {
            true => format!("fell by {:.digits$} [{lo:.digits$}, {hi:.digits$}]", self.delta),
            false => format!("rose by {:.digits$} [{:.digits$}, {:.digits$}]", -self.delta, -hi, -lo),
        }
    }

    /// How much of what there is was read; `None`: all of it.
    pub fn part(&self) -> Option<ReadPart> {
        let of = |name: &str| self.learned_from.get(name).copied();
        match (of(Self::DRAWN), of(Self::DRAWN_OF), of(Self::NEWEST_OF)) {
            (Some(drawn), Some(all), _) => Some(ReadPart::Drawn { drawn, all }),
            (_, _, Some(all)) => Some(ReadPart::Newest { all }),
            _ => None,
        }
    }
}

/// What was read of more than there was time for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadPart {
    /// Conversations drawn from all that have a signal.
    Drawn {
        /// So many.
        drawn: u64,
        /// Of so many.
        all: u64,
    },
    /// The newest of so many signals: by the rules of former releases.
    Newest {
        /// All signals.
        all: u64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(before: f64, after: f64, verdict: Verdict) -> LearnedReport {
        let figures = |auc| LearnedFigures { auc, n: 120, positives: Some(39), ..LearnedFigures::default() };
        LearnedReport {
            before: figures(before),
            after: figures(after),
            delta: 0.0,
            ci95: [-0.1, 0.1],
            p_cluster: 0.5,
            verdict,
            looks: 1,
            learned_from: BTreeMap::new(),
            again_after: 200,
            by_labels: Vec::new(),
            label_days: Vec::new(),
            expected: None,
            ends: None,
            held_back: None,
        }
    }

    #[test]
    fn what_does_no_better_than_the_most_frequent_is_a_clause_with_its_numbers() {
        let count = |n: u64| n.to_string();
        let nothing = |before, after, verdict| report(before, after, verdict).nothing(count);
        let says = nothing(0.5, 0.55, Verdict::CannotTell).unwrap();
        assert!(says.contains("the most frequent (not accepted: 81 of 120 answers"), "{says}");
        assert!(nothing(0.5, 0.42, Verdict::Worse).is_some());
        assert_eq!(nothing(0.5, 0.75, Verdict::CannotTell), None, "an order that chance does not make");
        assert_eq!(nothing(0.5, 0.55, Verdict::Better), None);
        assert_eq!(nothing(0.7, 0.55, Verdict::CannotTell), None, "what is live told something");
        assert_eq!([0.00712, 3e-9].map(p_of_look), ["p 0.0071", "p < 0.0001"]);
        assert_eq!(report(0.5, 0.62, Verdict::Better).after.beats_a_coin(), Some(true));
        assert_eq!(report(0.5, 0.6, Verdict::Better).after.beats_a_coin(), Some(false), "39 of 120: .61 is chance");
        let mut of_one = report(0.5, 0.62, Verdict::Better).after;
        of_one.auc_error = Some(0.08);
        assert_eq!(of_one.beats_a_coin(), Some(false), "the answers are of few customers");
        let mut of_before = report(0.5, 0.5, Verdict::CannotTell);
        of_before.after.positives = None;
        assert_eq!(of_before.nothing(count), None, "releases of before did not note it");
        let mut feels = report(0.5, 0.5, Verdict::CannotTell);
        (feels.after.macro_f1, feels.after.positives) = (Some(0.3), Some(90));
        assert!(feels.nothing(count).unwrap().contains("(let down: 90 of 120 rated turns"));
        assert!(feels.apart().contains("is not among them") && !of_before.apart().contains("newest"));
        let foreseen = [0.5, 0.98, 0.99].map(|auc| report(0.5, auc, Verdict::CannotTell).is_too_good());
        assert_eq!(foreseen, [false, false, true]);
        feels.after.auc = 0.995;
        assert!(!feels.is_too_good(), "who says that they are angry are found");
        of_before.learned_from.insert(LearnedReport::AFTERWARDS.to_owned(), 20);
        assert!(of_before.apart().contains("only after it was judged"));
        assert_eq!(of_before.taught_by(count), "", "they are counted among the answers");
    }

    #[test]
    fn quality_by_labels_has_days_and_as_many_points_as_fit() {
        let count = |n: u64| n.to_string();
        let mut learnt = report(0.5, 0.81, Verdict::Better);
        assert_eq!(learnt.over_labels(count, 200), "");
        learnt.by_labels = vec![(136, 0.79), (272, 0.79), (544, 0.8), (1_089, 0.805), (2_178, 0.81)];
        assert_eq!(learnt.over_labels(count, 20), "right 79 of 100 times with 136 labels · 80 with 544 · 81 with 2178");
        let days = ["2026-07-12", "2026-08-02", "2026-08-30", "2026-09-10", "2026-09-28"];
        learnt.label_days = days.map(str::to_owned).to_vec();
        let three = "Jul 12: right 79 of 100 times with 136 labels · Aug 30: 80 with 544 · Sep 28: 81 with 2178";
        assert_eq!(learnt.over_labels(count, three.chars().count()), three);
        let four = "Jul 12: right 79 of 100 times with 136 labels · Aug 2: 79 with 272 · Aug 30: 80 with 544 · Sep 28: 81 with 2178";
        assert_eq!(learnt.over_labels(count, four.chars().count()), four);
        learnt.label_days[0] = "2025-12-31".to_owned();
        assert!(learnt.over_labels(count, 20).starts_with("Dec 31 2025: right 79 of 100"));
    }
}
