//! What labels cost and bring (rule 22).

use crate::domain::{CurvePoint, Reporter};
use crate::jobs::JobError;
use crate::jobs::encoders::Vectors;
use crate::jobs::train::learning_curve::drawn;
use crate::learn::judge::forecast;
use crate::learn::judge::forecast::{Band, ForecastHits};
use crate::store::Store;
use serde::Serialize;
use std::collections::BTreeMap;
use std::hash::Hash;

/// Labels that are looked ahead.
const AHEAD: u64 = 100;
/// What makes labelling on worth it, as accuracy for each [`AHEAD`] labels.
const WORTH: f64 = 0.005;

/// An estimate with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct IntervalEstimate {
    /// The estimate.
    pub value: f64,
    /// Lower end.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
}

impl From<Band> for IntervalEstimate {
    fn from(b: Band) -> Self {
        Self { value: b.value, lo: b.lo, hi: b.hi }
    }
}

/// What a point of accuracy cost.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PointCost {
    /// Labels by people that the gain took.
    pub labels: u64,
    /// Hours for a hundredth of accuracy.
    pub hours: f64,
    /// The same in money; `None` without `hourly`.
    pub money: Option<f64>,
}

/// What the next labels are expected to bring, as it will be measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Forecast {
    /// How many labels.
    pub labels: u64,
    /// Accuracy that they add; the band is for what will be measured.
    pub gain: IntervalEstimate,
    /// Hours that they take; `None` where nobody has labelled yet.
    pub hours: Option<f64>,
    /// The same in money.
    pub money: Option<f64>,
    /// The same forecast one step of the curve earlier.
    pub before: Option<LookingBack>,
    /// The same for as many labels again as there are: as far ahead as one may look, and what the stop rule goes by.
    pub again: RepeatForecast,
}

/// What as many labels again would bring.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RepeatForecast {
    /// How many.
    pub labels: u64,
    /// Accuracy that they add.
    pub gain: IntervalEstimate,
}

/// A forecast that can be checked.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LookingBack {
    /// What it said.
    pub said: IntervalEstimate,
    /// What came.
    pub came: f64,
}

/// What the audit items say about kinds that nobody has met (Good-Turing).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Unseen {
    /// Audit items with an answer.
    pub items: u64,
    /// Kinds among them.
    pub kinds: u64,
    /// The chance that the next item is of another kind.
    pub chance: IntervalEstimate,
}

/// Whether to go on labelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// As many labels again are worth half a point of accuracy for each hundred at least.
    GoOn,
    /// They are worth less than that at most.
    Stop,
    /// Their band holds that much, or there is no forecast.
    CannotTell,
}

/// Cost and worth of labels.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Economics {
    /// Steps of people.
    pub decisions: u64,
    /// Median of the gaps between one person's consecutive steps, where it is below five minutes.
    pub seconds_per_decision: Option<f64>,
    /// Cost of an hour, as the configuration says.
    pub hourly: Option<f64>,
    /// The learning curve, fewest labels first.
    pub curve: Vec<CurvePoint>,
    /// Accuracy of the last point minus the first one's, paired by conversation.
    pub gain: Option<IntervalEstimate>,
    /// None while the gain's interval holds 0.
    pub cost_of_a_point: Option<PointCost>,
    /// What the next labels may bring.
    pub forecast: Option<Forecast>,
    /// What follows.
    pub advice: Advice,
    /// The same in words.
    pub says: String,
    /// Intents that nobody has met.
    pub unseen_intents: Option<Unseen>,
    /// Causes that nobody has met.
    pub unseen_causes: Option<Unseen>,
}

/// Works out what labels cost and bring. The learning curve is drawn where the store has not kept one of today
/// (`learning_curve`); without gold or labels the figures that need it are missing, and `says` tells why.
///
/// # Errors
/// Cancelled; the store cannot be read.
pub fn economics(
    store: &Store,
    vectors: &Vectors,
    seed: u64,
    hourly: Option<f64>,
    reporter: &dyn Reporter,
) -> Result<Economics, JobError> {
    let pace = store.pace()?;
    let audit = store.audited()?;
    let mut out = Economics {
        decisions: pace.decisions,
        seconds_per_decision: pace.seconds,
        hourly,
        curve: Vec::new(),
        gain: None,
        cost_of_a_point: None,
        forecast: None,
        advice: Advice::CannotTell,
        says: String::new(),
        unseen_intents: unseen(audit.intents.iter()),
        unseen_causes: unseen(audit.causes.iter()),
    };
    let (curve, hits) = match drawn(store, vectors, seed, reporter) {
        Ok(drawn) => drawn,
        Err(JobError::NothingToLearn(why)) => {
            out.says = why;
            return Ok(out);
        }
        Err(e) => return Err(e),
    };
    let labels: Vec<u64> = curve.points.iter().map(|p| p.labels).collect();
    let hits = ForecastHits { labels: &labels, sizes: &hits.sizes, right: &hits.right };
    let hours = |labels: f64| pace.seconds.map(|s| labels * s / 3_600.0);
    let money = |hours: Option<f64>| hours.zip(hourly).map(|(h, cost)| h * cost);
    out.gain = hits.gain(seed).map(IntervalEstimate::from);
    let by_people = store.training_examples(curve.decision)?.iter().filter(|e| e.by_person).count() as u64;
    out.cost_of_a_point = out.gain.filter(|g| g.lo > 0.0 && by_people > 0).and_then(|gain| {
        let hours = hours(by_people as f64)? / (100.0 * gain.value);
        Some(PointCost { labels: by_people, hours, money: money(Some(hours)) })
    });
    let so_far = labels.last().copied().unwrap_or(0);
    let again = so_far.max(AHEAD);
    out.forecast = hits.forecast(AHEAD).zip(hits.forecast(again)).map(|(gain, further)| Forecast {
        labels: AHEAD,
        gain: gain.into(),
        hours: hours(AHEAD as f64),
        money: money(hours(AHEAD as f64)),
        before: hits.looking_back().map(|(said, came)| LookingBack { said: said.into(), came }),
        again: RepeatForecast { labels: again, gain: further.into() },
    });
    (out.advice, out.says) = advice(out.forecast.as_ref(), so_far);
    out.curve = curve.points;
    Ok(out)
}

/// The stop rule: half a point of accuracy for each hundred labels. One hundred alone bring less than chance takes and gives.
fn advice(forecast: Option<&Forecast>, so_far: u64) -> (Advice, String) {
    let Some(Forecast { labels, gain, again, .. }) = forecast else {
        return (
            Advice::CannotTell,
            format!(
                "there are too few labels for a forecast: with {so_far} labels nobody can look {AHEAD} ahead; label on until there are {AHEAD}"
            ),
        );
    };
    let points = |x: f64| format!("{:+.1}", 100.0 * x);
    let band =
        |e: &IntervalEstimate| format!("{} points (95 %: {} to {})", points(e.value), points(e.lo), points(e.hi));
    let further = || format!("as many labels again as there are now are expected to bring {}", band(&again.gain));
    let worth = WORTH * again.labels as f64 / AHEAD as f64;
    match again.gain {
        g if g.hi < worth => (
            Advice::Stop,
            format!(
                "stop labelling for accuracy: {}, less than half a point for each hundred; look at causes that no training repairs",
                further()
            ),
        ),
        g if g.lo >= worth => (Advice::GoOn, format!("go on: {}, half a point for each hundred at least", further())),
        _ => (
            Advice::CannotTell,
            format!(
                "nobody can tell yet whether to go on: the next {labels} labels are expected to bring {}",
                band(gain)
            ),
        ),
    }
}

fn unseen<K: Hash + Ord>(seen: impl Iterator<Item = K>) -> Option<Unseen> {
    let mut counts: BTreeMap<K, u64> = BTreeMap::new();
    seen.for_each(|kind| *counts.entry(kind).or_default() += 1);
    let counts: Vec<u64> = counts.into_values().collect();
    let chance = forecast::unseen(&counts)?.into();
    Some(Unseen { items: counts.iter().sum(), kinds: counts.len() as u64, chance })
}
