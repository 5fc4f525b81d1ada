//! What is missing to learn from offers, in words.

use super::offers_exam::{AnsweredOffer, OfferJudges};
use super::report::{CUSTOMERS, Lack, Use, all_lacks, more_needed, together};
use crate::base::counted::{count, counted};
use std::collections::BTreeSet;

/// Answers below which nothing is learnt, and of either kind.
const ANSWERS: usize = 200;
const OF_EACH: usize = 30;
/// Answers below which nothing is judged.
pub(super) const JUDGED: usize = 50;
/// What more of is needed.
const MORE: [&str; 2] = ["more", "more"];
const FIRST: [&str; 2] = ["answer", "answers"];

/// All that is missing to learn and to judge, a sentence each. Where all say the same no number of more of it would do.
pub(super) fn missing(
    answers: &[AnsweredOffer],
    judges: OfferJudges,
    placeless: u64,
    test_share: f64,
) -> Option<String> {
    if answers.is_empty() && placeless > 0 {
        let offers = counted(placeless, "answered offer", "answered offers");
        return Some(format!(
            "Of {offers} none names the turn in which it was made (`turn`): what was known then cannot be told, so nothing can be learnt."
        ));
    }
    // The last fifth of time judges, too.
    let teaches = 0.8 * (1.0 - test_share);
    if answers.is_empty() {
        let (_, needed) = more_needed(ANSWERS, teaches, 1.0, Use::Teach, FIRST);
        return Some(format!("No conversation here has an offer that a customer answered; {needed}."));
    }
    let yes_of = |of: &[&AnsweredOffer]| of.iter().filter(|a| a.example.accepted).count();
    let every: Vec<&AnsweredOffer> = answers.iter().collect();
    if let Some(says) = all_alike(yes_of(&every), every.len()) {
        return Some(says);
    }
    let taught: Vec<&AnsweredOffer> = answers.iter().filter(|a| a.teaches_at_once()).collect();
    let judged = answers.iter().filter(|a| a.judges()).count();
    let at_once = together(answers.iter().map(|a| a.group));
    let apart = if judged > 0 { " (the others are kept to judge by)" } else { "" };
    let of_all = format!("of {} to offers", counted(answers.len() as u64, "answer", "answers"));
    let mut lacks: Vec<Lack> = Vec::new();
    if taught.len() < ANSWERS {
        let are = if taught.len() == 1 { "is" } else { "are" };
        let more = more_needed(ANSWERS - taught.len(), teaches, at_once, Use::Teach, MORE);
        let is = format!("{} {of_all} {are} there to learn from{apart}", count(taught.len() as u64));
        lacks.push(Lack { is, takes: ANSWERS as u64, more: Some(more) });
    }
    let yes = yes_of(&taught);
    let no = taught.len() - yes;
    let (few, word) = if yes < no { (yes, "yes") } else { (no, "no") };
    // While there are few, one of a kind may come yet.
    if few < OF_EACH && (few > 0 || taught.len() >= ANSWERS) {
        let (are, all) = (if few == 1 { "is" } else { "are" }, count(taught.len() as u64));
        // Of those that come as few are of this kind as of those that came.
        let share = teaches * (few as f64 / taught.len() as f64);
        let n = ((OF_EACH - few) as f64 / share).ceil() as u64;
        let more = (few > 0).then(|| (n, format!("about {} more answers like these are needed", count(n))));
        let is = match lacks.is_empty() {
            true => format!("{all} {of_all} are there to learn from{apart}: only {few} {are} a {word}"),
            false => format!("Only {few} of these {all} {are} a {word}"),
        };
        lacks.push(Lack { is, takes: OF_EACH as u64, more });
    }
    if lacks.is_empty() && taught.iter().all(|a| a.example.features == taught[0].example.features) {
        return Some("All offers look the same: there is nothing to tell them apart by.".to_owned());
    }
    if judged < JUDGED {
        let kept = counted(judged as u64, "answer is", "answers are");
        // All that comes after what is live judges.
        let (how, share) = match judges {
            OfferJudges::Since(_) => ("new to what is live", 1.0),
            OfferJudges::All | OfferJudges::TestGroups => ("kept apart to judge by", 1.0 - teaches),
        };
        let more = more_needed(JUDGED - judged, share, at_once, Use::Judge, MORE);
        lacks.push(Lack { is: format!("{kept} {how}"), takes: JUDGED as u64, more: Some(more) });
    }
    let customers = |of: &dyn Fn(&&AnsweredOffer) -> bool| {
        answers.iter().filter(of).map(|a| a.group).collect::<BTreeSet<_>>().len()
    };
    let judging = customers(&|a| a.judges());
    let mut says = all_lacks(&lacks, "answers");
    // With more answers there come more customers, unless all are of a few.
    if judging < CUSTOMERS && judged > 0 && (judged >= JUDGED || customers(&|_| true) < CUSTOMERS) {
        let those = match judged {
            1 => "The one answer that judges is".to_owned(),
            n => format!("The {} answers that judge are", count(n as u64)),
        };
        let whose = counted(judging as u64, "customer", "customers");
        says.push(format!("{those} of {whose}: {CUSTOMERS} customers are needed to tell."));
    }
    (!says.is_empty()).then(|| says.join(" "))
}

/// Where every offer was taken, or none: what is missing is no number.
fn all_alike(yes: usize, all: usize) -> Option<String> {
    let (word, until) = match (yes, all - yes) {
        (_, 0) => ("accepted", "refuses one or leaves it unanswered"),
        (0, _) => ("refused or left unanswered", "accepts one"),
        _ => return None,
    };
    let offers = if all == 1 {
        "The one answered offer was".to_owned()
    } else {
        format!("All {} answered offers were", count(all as u64))
    };
    Some(format!("{offers} {word}: there is nothing to tell apart until somebody {until}."))
}
