//! The accepted answers of one intent in one language: which request each was written for, and how each went.
//!
//! Where they differ by situation, the nearest request tells which is given. Whether they do is not believed but tried: each request is
//! answered by the nearest one of another conversation, and that has to be right more often than the latest answer is. Until then what was
//! accepted last is for what is surely nearer to its request, and all others go on getting the answer that they got before.

use super::answer::{IntentResponse, ResponseRules};
use crate::base::bytes::BytesError;
use crate::domain::{Reporter, SilentReporter};
use crate::learn::vectors::built_in::built_in;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Requests that are kept of an intent in a language: the newest.
pub(super) const CASES: usize = 200;
/// From this cosine on two requests are one: the later answer stands, and it is given whatever else is known.
const SAME: f32 = 0.97;
/// Requests whose answer another conversation got, too, below which nothing is tried.
const TRIED: usize = 4;
/// Of these the nearest request must be right for so many in so many.
const RIGHT: (usize, usize) = (2, 3);
/// By the newest rules the latest answer is given whatever was asked where so many requests were tried, and the nearest did not tell.
const ENOUGH: usize = 20;
/// By the newest rules the nearest request must be so much nearer than any that got another answer: "refund my chair" is as near to a
/// phone's as to a coat's.
const LEAD: f32 = 0.03;
/// Where too few requests tell by what accepted answers differ, the nearest one's is given from this cosine on...
const LIKE: f32 = 0.4;
/// ...where it is so much nearer than any that got another answer, and the usual answer else. Of texts of BANKING77, two intents in the place
/// of one with an answer each, 64 to 95 of 100 that are so near ask what the nearest did (the less the two differ), and 89 to 99 of 100 that
/// ask for the usual answer keep it.
const SURELY: f32 = 0.1;
/// From this cosine on what is near to several is one request whose answer has changed: the latest stands.
const ALIKE: f32 = 0.85;
/// Where no request that was answered wrongly lies below the least similarity, so much of it is left as room.
const ROOM: f32 = 0.9;

/// Answers that people accepted for one intent in one language; two at least.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AcceptedAnswers {
    /// In the order in which they were first accepted.
    pub(super) answers: Vec<AcceptedAnswer>,
    /// Requests, the oldest first.
    pub(super) cases: Vec<AnsweredCase>,
    /// The cosine from which on the nearest request's answer is given, and below which nobody has an answer. `None` where the nearest
    /// request does not tell better than the latest answer.
    pub(super) least: Option<f32>,
    /// By how much the nearest request has to be nearer than any with another answer.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) lead: f32,
    /// Too few requests tell by what the answers differ: what is like one of them gets its answer where all that got another are farther,
    /// what is very like several the latest of theirs, and all else the usual answer.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) few: bool,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// An accepted answer, and what followed where the AI has given it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AcceptedAnswer {
    /// The answer.
    #[serde(flatten)]
    pub response: IntentResponse,
    /// Conversations of training groups in which the AI gave it to this intent.
    pub given: u64,
    /// Of those, resolved.
    pub resolved: u64,
}

/// A request and its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnsweredCase {
    /// Place among the answers.
    pub answer: u32,
    /// The request's vector in steps of a 127th of its largest number, as hexadecimal bytes.
    #[serde(with = "hexadecimal")]
    pub vector: Vec<i8>,
}

/// What a request gets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum CaseChoice<'a> {
    /// The answer of the nearest request, and its cosine.
    Nearest(&'a IntentResponse, f32),
    /// Nobody has answered anything like it.
    Nobody,
    /// The nearest request does not tell: the latest of those that are very like it, where there are any, else the usual answer.
    Untold(Option<&'a IntentResponse>),
}

/// A request that was answered, as it is learned from.
#[derive(Clone, Debug)]
pub(super) struct LearnedCase<'v> {
    pub answer: u32,
    /// Its conversation.
    pub group: i64,
    pub vector: &'v [f32],
}

impl AcceptedAnswers {
    /// Learns from requests, the oldest first. `latest` is the place of the answer that was accepted last. Returns the place of the usual
    /// answer, too: the one that is given where no request tells.
    pub(super) fn learn(
        answers: Vec<AcceptedAnswer>,
        latest: usize,
        mut cases: Vec<LearnedCase<'_>>,
        rules: ResponseRules,
    ) -> (Self, usize) {
        cases.retain(|c| c.vector.iter().any(|x| *x != 0.0));
        cases.drain(..cases.len().saturating_sub(CASES));
        let mut kept: Vec<LearnedCase<'_>> = Vec::with_capacity(cases.len());
        let mut says: Vec<u64> = answers.iter().map(|a| a.response.count).collect();
        for case in cases {
            let (same, others): (Vec<_>, Vec<_>) =
                kept.into_iter().partition(|old| cosine(old.vector, case.vector) >= SAME);
            kept = others;
            // A request counts once, however often it was answered, and for the latest of its answers: who says it again says no more.
            same.iter().for_each(|old| says[old.answer as usize] = says[old.answer as usize].saturating_sub(1));
            kept.push(case);
        }
        let by_most = rules >= ResponseRules::ByMost;
        let lead = if by_most { LEAD } else { 0.0 };
        let tried = TriedCases::of(&kept, lead);
        let least = tried.least_similarity(by_most);
        let is_in_vain = tried.shared >= ENOUGH && !tried.tells(by_most);
        let few = by_most && least.is_none() && !kept.is_empty() && !is_in_vain;
        let usual = if few { most_accepted(&says) } else { latest };
        let cases = kept.into_iter().map(|c| AnsweredCase { answer: c.answer, vector: in_steps(c.vector) }).collect();
        let (least, lead) = if few { (Some(LIKE), SURELY) } else { (least, lead) };
        (Self { answers, cases, least, lead, few }, usual)
    }

    /// All answers, in the order in which they were first accepted.
    pub fn answers(&self) -> &[AcceptedAnswer] {
        &self.answers
    }

    /// The answers that requests are kept of.
    pub(super) fn with_requests(&self) -> impl Iterator<Item = &IntentResponse> {
        let has = |at: usize| self.cases.iter().any(|c| c.answer as usize == at);
        self.answers.iter().enumerate().filter(move |(at, _)| has(*at)).map(|(_, a)| &a.response)
    }

    /// The cosine below which nobody has an answer; `None` where the nearest request does not tell.
    pub fn least(&self) -> Option<f32> {
        self.least
    }

    /// By how much the nearest request has to be nearer than any with another answer, unless it is the same.
    pub fn lead(&self) -> f32 {
        self.lead
    }

    /// Too few requests tell by what they differ: what is like none of them gets the usual answer.
    pub fn is_few(&self) -> bool {
        self.few
    }

    /// The requests, the oldest first: the place of the answer, and the vector in steps.
    pub fn cases(&self) -> &[AnsweredCase] {
        &self.cases
    }

    /// Whether the request tells which answer is given.
    pub fn differ_by_situation(&self) -> bool {
        self.least.is_some() && !self.few
    }

    pub(super) fn choose(&self, request: &str) -> CaseChoice<'_> {
        let vector = vector_of(request);
        let near: Vec<(f32, u32)> =
            self.cases.iter().map(|c| (cosine_to_steps(&vector, &c.vector), c.answer)).collect();
        let said = |answer: u32| self.answers.get(answer as usize).map(|a| &a.response);
        let is_given = |near: &Nearest| {
            let is_like = self.least.is_some_and(|least| near.cosine >= least.min(SAME) && near.lead >= self.lead);
            near.cosine >= SAME || is_like
        };
        let given = Nearest::among(near.iter().copied()).filter(is_given);
        match given.and_then(|near| Some((said(near.answer)?, near.cosine))) {
            Some((said, near)) => CaseChoice::Nearest(said, near),
            None if self.differ_by_situation() => CaseChoice::Nobody,
            // As of a price that has changed.
            None => {
                let latest = near.iter().rfind(|(cosine, _)| self.few && *cosine >= ALIKE);
                CaseChoice::Untold(latest.and_then(|(_, answer)| said(*answer)))
            }
        }
    }

    /// Checks what came from bytes.
    pub(super) fn checked(&self) -> Result<(), BytesError> {
        let width = built_in().width();
        let fits = |c: &AnsweredCase| (c.answer as usize) < self.answers.len() && c.vector.len() == width;
        let is_finite = self.least.is_none_or(f32::is_finite) && self.lead.is_finite();
        let sound = self.cases.len() <= CASES && self.cases.iter().all(fits) && is_finite;
        if sound { Ok(()) } else { Err(BytesError::Damaged("responses")) }
    }
}

/// The vectors of requests; all zeros where nothing in one is known.
pub(super) fn vectors_of(requests: &[&str], reporter: &dyn Reporter) -> Result<Vec<f32>, crate::domain::Cancelled> {
    built_in().embed(requests, reporter)
}

fn vector_of(request: &str) -> Vec<f32> {
    vectors_of(&[request], &SilentReporter).unwrap_or_default()
}

/// For each of some requests, the oldest first, the place of the last that is the same one: its answer stands for both.
pub fn last_of_same(requests: &[&str]) -> Vec<usize> {
    let vectors: Vec<Vec<f32>> = requests.iter().map(|request| vector_of(request)).collect();
    let last = |at: usize| (at..vectors.len()).rev().find(|&other| cosine(&vectors[at], &vectors[other]) >= SAME);
    (0..vectors.len()).map(|at| last(at).unwrap_or(at)).collect()
}

/// The nearest of some requests.
#[derive(Clone, Copy, Debug)]
struct Nearest {
    cosine: f32,
    answer: u32,
    /// How much nearer it is than the nearest that got another answer.
    lead: f32,
}

impl Nearest {
    /// Among cosines with their answers; of equals the later one.
    fn among(cases: impl Iterator<Item = (f32, u32)> + Clone) -> Option<Self> {
        let (cosine, answer) = cases.clone().max_by(|a, b| a.0.total_cmp(&b.0))?;
        let other = cases.filter(|c| c.1 != answer).map(|c| c.0).fold(-1.0, f32::max);
        Some(Self { cosine, answer, lead: cosine - other })
    }
}

/// The place of the answer that most corrected requests got, of equals the first: who asked for anything got that before there was another.
fn most_accepted(says: &[u64]) -> usize {
    let most = says.iter().copied().max();
    says.iter().position(|n| Some(*n) == most).unwrap_or(0)
}

/// Each request tried on those of other conversations. Requests that only one conversation has an answer for are the texts that nobody
/// else has answered: they tell below which similarity to say nothing.
#[derive(Debug, Default)]
struct TriedCases {
    /// The nearest one's similarity, and whether its answer is the right one.
    similar: Vec<(f32, bool)>,
    /// Requests whose answer another conversation got, too.
    shared: usize,
    /// Those among them that the nearest would answer.
    known: usize,
    by_nearest: usize,
    by_latest: usize,
    by_most: usize,
}

impl TriedCases {
    fn of(cases: &[LearnedCase<'_>], lead: f32) -> Self {
        let mut out = Self::default();
        for case in cases {
            let others = || cases.iter().filter(|o| o.group != case.group);
            let near = Nearest::among(others().map(|o| (cosine(o.vector, case.vector), o.answer)));
            let Some(near) = near else { continue };
            let mut times: BTreeMap<u32, usize> = BTreeMap::new();
            others().for_each(|o| *times.entry(o.answer).or_default() += 1);
            let is_known = usize::from(times.contains_key(&case.answer));
            out.shared += is_known;
            if near.lead < lead {
                continue;
            }
            out.known += is_known;
            out.by_nearest += usize::from(near.answer == case.answer);
            out.by_latest += usize::from(others().next_back().is_some_and(|o| o.answer == case.answer));
            out.by_most += usize::from(times.get(&case.answer) == times.values().max());
            out.similar.push((near.cosine, near.answer == case.answer));
        }
        out
    }

    /// Whether the nearest request is right more often than the latest answer is; by the newest rules also than the most frequent one is.
    fn tells(&self, by_most: bool) -> bool {
        self.by_nearest > self.by_latest && (!by_most || self.by_nearest > self.by_most)
    }

    /// From where on the nearest request is believed; `None` where it is not right often enough.
    fn least_similarity(&self, by_most: bool) -> Option<f32> {
        if self.known < TRIED || !self.tells(by_most) || self.by_nearest * RIGHT.1 < self.known * RIGHT.0 {
            return None;
        }
        let mut tried = self.similar.clone();
        tried.sort_by(|a, b| b.0.total_cmp(&a.0));
        // From where on more are answered rightly than wrongly, by as many as can be.
        let (mut sum, mut best, mut at) = (0i64, 0i64, None);
        for (place, (_, right)) in tried.iter().enumerate() {
            sum += if *right { 1 } else { -1 };
            if sum >= best && *right {
                (best, at) = (sum, Some(place));
            }
        }
        let at = at?;
        let least = tried[at].0;
        Some(tried.get(at + 1).map_or(least * ROOM, |next| (least + next.0) / 2.0))
    }
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// The cosine of a vector of length one with one in steps.
fn cosine_to_steps(vector: &[f32], steps: &[i8]) -> f32 {
    let dot: f32 = vector.iter().zip(steps).map(|(x, y)| x * f32::from(*y)).sum();
    let length = steps.iter().map(|y| i32::from(*y) * i32::from(*y)).sum::<i32>() as f32;
    if length > 0.0 { dot / length.sqrt() } else { 0.0 }
}

fn in_steps(vector: &[f32]) -> Vec<i8> {
    let most = vector.iter().fold(0.0f32, |most, x| most.max(x.abs()));
    let step = |x: &f32| if most > 0.0 { (x / most * 127.0).round() as i8 } else { 0 };
    vector.iter().map(step).collect()
}

/// Signed bytes as two hexadecimal digits each.
mod hexadecimal {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use std::fmt::Write;

    pub(super) fn serialize<S: Serializer>(bytes: &[i8], to: S) -> Result<S::Ok, S::Error> {
        let mut out = String::with_capacity(bytes.len() * 2);
        for byte in bytes {
            // Writing into a string cannot fail.
            let _ = write!(out, "{byte:02x}");
        }
        to.serialize_str(&out)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<i8>, D::Error> {
        let text = String::deserialize(from)?;
        let pair = |p: &[u8]| std::str::from_utf8(p).ok().and_then(|p| u8::from_str_radix(p, 16).ok());
        let byte = |p: &[u8]| pair(p).filter(|_| p.len() == 2).map(u8::cast_signed);
        text.as_bytes()
            .chunks(2)
            .map(byte)
            .collect::<Option<_>>()
            .ok_or_else(|| D::Error::custom("no hexadecimal bytes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::responses::ResponseOrigin;

    #[test]
    fn the_last_of_the_same_requests_stands_for_all() {
        let asked = ["refund my hat", "refund my radio", "please refund my hat", "qqq"];
        assert_eq!(last_of_same(&asked), [2, 1, 2, 3]);
    }

    #[test]
    fn who_is_as_near_to_two_answers_gets_none_of_them() {
        let answer = |text: &str| {
            let response = IntentResponse { text: text.to_owned(), from: ResponseOrigin::Correction, count: 1, of: 2 };
            AcceptedAnswer { response, given: 0, resolved: 0 }
        };
        let asked = ["refund my hat", "refund my radio"];
        let cases =
            (0..).zip(asked).map(|(answer, asked)| AnsweredCase { answer, vector: in_steps(&vector_of(asked)) });
        let mut accepted = AcceptedAnswers {
            answers: ["Bring it.", "Send it."].map(answer).to_vec(),
            cases: cases.collect(),
            least: Some(0.5),
            lead: LEAD,
            few: false,
        };
        let gets = |accepted: &AcceptedAnswers, asked| match accepted.choose(asked) {
            CaseChoice::Nearest(said, _) => Some(said.text.clone()),
            _ => None,
        };
        assert_eq!(gets(&accepted, "please refund my radio").as_deref(), Some("Send it."));
        assert_eq!(gets(&accepted, "refund my hat").as_deref(), Some("Bring it."));
        assert_eq!(accepted.choose("refund my cat"), CaseChoice::Nobody);
        // As it was chosen before.
        accepted.lead = 0.0;
        assert!(gets(&accepted, "refund my cat").is_some());
        (accepted.few, accepted.least, accepted.lead) = (true, Some(LIKE), SURELY);
        assert_eq!(gets(&accepted, "please refund my radio").as_deref(), Some("Send it."));
        for asked in ["refund my cat", "the opening hours of the museum"] {
            assert_eq!(accepted.choose(asked), CaseChoice::Untold(None), "{asked}: as far from both");
        }
        let of_cost = ["what does a ticket cost", "how much is a ticket"].map(|asked| in_steps(&vector_of(asked)));
        accepted.cases.iter_mut().zip(of_cost).for_each(|(case, vector)| case.vector = vector);
        let latest = Some(&accepted.answers[1].response);
        let asked = "what is the price of a ticket";
        assert_eq!(accepted.choose(asked), CaseChoice::Untold(latest), "as of a price that has changed");
        assert!(!accepted.differ_by_situation());
    }
}
