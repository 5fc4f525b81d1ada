//! What changed between two periods: the same questions answered otherwise, or other questions (rule 45).

use crate::domain::{
    ChangePart, Effect, Outcome, PeriodName, RateChange, ReleaseId, Reporter, StratumCount, Timestamp, Zone, take_apart,
};
use crate::jobs::JobError;
use crate::jobs::encoders::ready_for;
use crate::learn::intent::IntentModel;
use crate::store::{EndedRow, IntentNames, Store, StratumKey};
use serde::Serialize;
use std::collections::HashMap;

use super::needed::needs_rates;
use super::told::{said_of, said_of_one_stratum, said_of_part};

/// What conversations are put into strata by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeBy {
    /// What one release takes the first request for.
    Intent,
    /// The language that is written.
    Language,
    /// The channel.
    Channel,
}

impl ChangeBy {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Intent, Self::Language, Self::Channel];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intent => "intent",
            Self::Language => "language",
            Self::Channel => "channel",
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct ChangeOptions {
    /// The earlier period.
    pub from: PeriodName,
    /// The later one.
    pub to: PeriodName,
    /// By what; where no release is there to tell intents, by language.
    pub by: ChangeBy,
    /// Which release tells intents; `None`: what is live, else the newest that can.
    pub release: Option<ReleaseId>,
    /// Seed of the intervals.
    pub seed: u64,
    /// Now.
    pub now: Timestamp,
}

/// A period that was counted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CountedPeriod {
    /// Its name.
    pub name: String,
    /// Its first day.
    pub first: String,
    /// Its last day.
    pub last: String,
    /// Resolved; of a sample, for how many that stands.
    pub resolved: u64,
    /// N.
    pub n: u64,
    /// The rate, unrounded.
    pub rate: f64,
}

/// One stratum's part.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StratumPart {
    /// Its name. Hostile.
    pub name: String,
    /// Its part of `within`.
    pub within: f64,
    /// Its part of `mix`, against the mean of all.
    pub mix: f64,
    /// Conversations before.
    pub n_from: u64,
    /// Conversations after.
    pub n_to: u64,
    /// Resolved before.
    pub resolved_from: u64,
    /// Resolved after.
    pub resolved_to: u64,
}

/// A figure with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ChangeEffect {
    /// The figure.
    pub value: f64,
    /// Both ends of its 95 % interval.
    pub ci95: [f64; 2],
}

impl ChangeEffect {
    /// Whether the interval leaves no doubt about the sign.
    pub fn is_certain(&self) -> bool {
        self.ci95[0] > 0.0 || self.ci95[1] < 0.0
    }
}

impl From<Effect> for ChangeEffect {
    fn from(e: Effect) -> Self {
        Self { value: e.value, ci95: e.ci95 }
    }
}

/// A change of the resolution rate, taken apart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangeReport {
    /// By what.
    pub by: ChangeBy,
    /// What told the strata: a release (`v3`), or `language`, `channel`.
    pub strata_by: String,
    /// The later rate minus the earlier.
    pub total: ChangeEffect,
    /// The same questions, answered otherwise.
    pub within: ChangeEffect,
    /// Other questions.
    pub mix: ChangeEffect,
    /// The strata, the greatest first.
    pub parts: Vec<StratumPart>,
    /// The earlier period.
    pub from: CountedPeriod,
    /// The later period.
    pub to: CountedPeriod,
    /// The finding, in words. Names in it are cleaned by whoever shows it.
    pub says: String,
    /// The stratum that was answered most differently, in words; `None` where nothing is certain.
    pub most: Option<String>,
    /// What else is to be known of it.
    pub notes: Vec<String>,
}

/// Takes the change between two periods apart.
///
/// # Errors
/// A period is none, is empty or overlaps the other; only one kind of end is told; the release has no model here; cancelled.
pub fn change(store: &Store, options: &ChangeOptions, reporter: &dyn Reporter) -> Result<ChangeReport, JobError> {
    let periods = [options.from, options.to].map(|name| store.figures().period(name, options.now));
    let [from, to] = periods;
    let (from, to) = (from?, to?);
    if from.0 < to.1 && to.0 < from.1 {
        return Err(JobError::Usage(format!(
            "{} and {} share days: they cannot be compared; name two periods that lie apart",
            options.from, options.to
        )));
    }
    needs_rates(store)?;
    let mut notes = Vec::new();
    let strata = Strata::of(store, options, &mut notes)?;
    let mut counts = Counts::default();
    let names = store.intent_names()?;
    for (span, later) in [(from, false), (to, true)] {
        let mut after = 0;
        loop {
            let rows = store.figures().ended(span, Some(strata.key()), after)?;
            let Some(last) = rows.last() else { break };
            after = last.row;
            let named = strata.names(store, &names, &rows, reporter)?;
            rows.iter().zip(named).for_each(|(row, name)| counts.add(row, name, later));
            reporter.step("count conversations", counts.rows.len() as u64, 0)?;
        }
    }
    if store.figures().is_part_of_a_log()? {
        notes.push(
            "stored conversations are counted, those of a sample for as many as they stand for; weeks of --traffic are not".to_owned(),
        );
    }
    let zone = store.zone()?;
    let found = take_apart(&counts.names, &counts.rows, options.seed).ok_or_else(|| {
        let empty = if counts.rows.iter().any(|r| !r.later) { options.to } else { options.from };
        JobError::NothingToLearn(format!(
            "no finished conversation lies in {empty}; `appraise stats` tells the weeks that have some"
        ))
    })?;
    notes.extend(said_of_one_stratum(&found));
    Ok(report(options, &strata, found, [(from, zone), (to, zone)], notes))
}

fn report(
    options: &ChangeOptions,
    strata: &Strata,
    found: RateChange,
    spans: [((Timestamp, Timestamp), Zone); 2],
    notes: Vec<String>,
) -> ChangeReport {
    let period =
        |name: PeriodName, ((from, to), zone): ((Timestamp, Timestamp), Zone), counts: (f64, f64)| CountedPeriod {
            name: name.to_string(),
            first: zone.date(from),
            last: zone.date(to.plus(-1)),
            resolved: counts.0.round() as u64,
            n: counts.1.round() as u64,
            rate: counts.0 / counts.1,
        };
    let part = |p: &ChangePart| StratumPart {
        name: p.name.clone(),
        within: p.within,
        mix: p.mix,
        n_from: p.n_from.round() as u64,
        n_to: p.n_to.round() as u64,
        resolved_from: p.resolved_from.round() as u64,
        resolved_to: p.resolved_to.round() as u64,
    };
    ChangeReport {
        by: strata.by(),
        strata_by: strata.name(),
        says: said_of(&found),
        most: said_of_part(&found),
        parts: found.parts.iter().map(part).collect(),
        from: period(options.from, spans[0], found.from),
        to: period(options.to, spans[1], found.to),
        total: found.total.into(),
        within: found.within.into(),
        mix: found.mix.into(),
        notes,
    }
}

/// Conversations in strata.
#[derive(Default)]
struct Counts {
    names: Vec<String>,
    places: HashMap<String, usize>,
    rows: Vec<StratumCount>,
}

impl Counts {
    fn add(&mut self, row: &EndedRow, name: String, later: bool) {
        let stratum = *self.places.entry(name).or_insert_with_key(|name| {
            self.names.push(name.clone());
            self.names.len() - 1
        });
        let resolved = if row.outcome == Outcome::Resolved { row.weight } else { 0.0 };
        self.rows.push(StratumCount { group: row.group, stratum, later, resolved, n: row.weight });
    }
}

/// What tells the stratum of a conversation.
enum Strata {
    Release(ReleaseId, Box<IntentModel>),
    Language,
    Channel,
}

impl Strata {
    fn of(store: &Store, options: &ChangeOptions, notes: &mut Vec<String>) -> Result<Self, JobError> {
        match options.by {
            ChangeBy::Language => return Ok(Self::Language),
            ChangeBy::Channel => return Ok(Self::Channel),
            ChangeBy::Intent => {}
        }
        if let Some(id) = options.release {
            let model = store.artefact(id)?.intents.ok_or_else(|| JobError::no_model(id))?;
            return Ok(Self::Release(id, Box::new(model)));
        }
        let newest = store.releases()?.into_iter().map(|r| r.release);
        for id in store.live()?.into_iter().chain(newest) {
            if let Some(model) = store.artefact(id)?.intents {
                return Ok(Self::Release(id, Box::new(model)));
            }
        }
        notes.push(
            "no release can tell intents here, and the log's own are not used: a promotion or a review would count as other questions. \
             This is by language; --by channel is possible, too"
                .to_owned(),
        );
        Ok(Self::Language)
    }

    fn by(&self) -> ChangeBy {
        match self {
            Self::Release(..) => ChangeBy::Intent,
            Self::Language => ChangeBy::Language,
            Self::Channel => ChangeBy::Channel,
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Release(id, _) => format!("v{}", id.0),
            Self::Language | Self::Channel => self.by().name().to_owned(),
        }
    }

    fn key(&self) -> StratumKey {
        match self {
            Self::Release(..) => StratumKey::Request,
            Self::Language => StratumKey::Language,
            Self::Channel => StratumKey::Channel,
        }
    }

    /// The strata of conversations, in their order.
    fn names(
        &self,
        store: &Store,
        names: &IntentNames,
        rows: &[EndedRow],
        reporter: &dyn Reporter,
    ) -> Result<Vec<String>, JobError> {
        let none = || "none".to_owned();
        let Self::Release(_, model) = self else {
            return Ok(rows.iter().map(|r| r.key.clone().unwrap_or_else(none)).collect());
        };
        let texts: Vec<&str> = rows.iter().map(|r| r.key.as_deref().unwrap_or_default()).collect();
        ready_for(store, model, &texts, reporter)?;
        let guesses = model.predict_batch(&texts);
        let named = rows.iter().zip(guesses).map(|(row, guess)| match (&row.key, guess.best()) {
            (Some(_), Some((intent, _))) => names.name(names.today(intent)),
            _ => none(),
        });
        Ok(named.collect())
    }
}
