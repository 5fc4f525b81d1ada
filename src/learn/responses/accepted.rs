//! The accepted answers of one intent in one language: which request each was written for, and how each went.
//!
//! Where they differ by situation, the nearest request tells which is given. Whether they do is not believed but tried: each request is
//! answered by the nearest one of another conversation, and that has to be right more often than the latest answer is.

use super::answer::IntentResponse;
use crate::base::bytes::BytesError;
use crate::domain::{Reporter, SilentReporter};
use crate::learn::vectors::built_in::built_in;
use serde::{Deserialize, Serialize};

/// Requests that are kept of an intent in a language: the newest.
pub(super) const CASES: usize = 200;
/// From this cosine on two requests are one: the later answer stands, and it is given whatever else is known.
const SAME: f32 = 0.97;
/// Requests whose answer another conversation got, too, below which nothing is tried.
const TRIED: usize = 4;
/// Of these the nearest request must be right for so many in so many.
const RIGHT: (usize, usize) = (2, 3);
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
    /// The nearest request does not tell.
    Untold,
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
    /// Learns from requests, the oldest first.
    pub(super) fn learn(answers: Vec<AcceptedAnswer>, mut cases: Vec<LearnedCase<'_>>) -> Self {
        cases.retain(|c| c.vector.iter().any(|x| *x != 0.0));
        cases.drain(..cases.len().saturating_sub(CASES));
        let mut kept: Vec<LearnedCase<'_>> = Vec::with_capacity(cases.len());
        for case in cases {
            kept.retain(|old| cosine(old.vector, case.vector) < SAME);
            kept.push(case);
        }
        let least = least_similarity(&kept);
        let cases = kept.into_iter().map(|c| AnsweredCase { answer: c.answer, vector: in_steps(c.vector) });
        Self { answers, cases: cases.collect(), least }
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

    /// The requests, the oldest first: the place of the answer, and the vector in steps.
    pub fn cases(&self) -> &[AnsweredCase] {
        &self.cases
    }

    /// Whether the request tells which answer is given.
    pub fn differ_by_situation(&self) -> bool {
        self.least.is_some()
    }

    pub(super) fn choose(&self, request: &str) -> CaseChoice<'_> {
        let vector = vector_of(request);
        // Of equals the later one.
        let nearest =
            self.cases.iter().map(|c| (c, cosine_to_steps(&vector, &c.vector))).max_by(|a, b| a.1.total_cmp(&b.1));
        let answer = |c: &AnsweredCase| self.answers.get(c.answer as usize).map(|a| &a.response);
        match (nearest.and_then(|(c, near)| Some((answer(c)?, near))), self.least) {
            (Some((said, near)), least) if near >= least.unwrap_or(SAME).min(SAME) => CaseChoice::Nearest(said, near),
            (_, Some(_)) => CaseChoice::Nobody,
            _ => CaseChoice::Untold,
        }
    }

    /// Checks what came from bytes.
    pub(super) fn checked(&self) -> Result<(), BytesError> {
        let width = built_in().width();
        let fits = |c: &AnsweredCase| (c.answer as usize) < self.answers.len() && c.vector.len() == width;
        let sound = self.cases.len() <= CASES && self.cases.iter().all(fits) && self.least.is_none_or(f32::is_finite);
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

/// Tries each request on those of other conversations. Requests that only one conversation has an answer for are the texts that nobody
/// else has answered: they tell below which similarity to say nothing.
fn least_similarity(cases: &[LearnedCase<'_>]) -> Option<f32> {
    let (mut tried, mut by_nearest, mut by_latest): (Vec<(f32, bool)>, usize, usize) = (Vec::new(), 0, 0);
    let mut known = 0;
    for case in cases {
        let others = || cases.iter().filter(|o| o.group != case.group);
        let near = others().map(|o| (cosine(o.vector, case.vector), o.answer)).max_by(|a, b| a.0.total_cmp(&b.0));
        let Some((similarity, answer)) = near else { continue };
        known += usize::from(others().any(|o| o.answer == case.answer));
        by_nearest += usize::from(answer == case.answer);
        by_latest += usize::from(others().next_back().is_some_and(|o| o.answer == case.answer));
        tried.push((similarity, answer == case.answer));
    }
    if known < TRIED || by_nearest <= by_latest || by_nearest * RIGHT.1 < known * RIGHT.0 {
        return None;
    }
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
