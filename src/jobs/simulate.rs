//! Weeks of review played through on a labelled file.

use super::JobError;
use super::evaluate::LabelledText;
use crate::domain::{IntentId, Reporter};
use crate::learn::intent::{Example, IntentModel, Recipe, fit};
use crate::learn::pick::{Candidate, Strategy, pick};
use crate::learn::rng::Rng;
use std::collections::HashMap;

/// How a simulation runs.
#[derive(Clone, Copy, Debug)]
pub struct SimulateOptions {
    pub start: usize,
    pub weeks: usize,
    pub per_week: usize,
    pub review: usize,
    pub strategy: Strategy,
    pub seed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Week { pub week: u64, pub labels: u64, pub accuracy: f64 }

const RECALL: f64 = 0.7;
const FALSE_ALARMS: f64 = 0.1;

pub fn simulate(train: &[LabelledText], test: &[LabelledText], o: &SimulateOptions, reporter: &dyn Reporter) -> Result<Vec<Week>, JobError> {
    let mut ids: HashMap<&str, IntentId> = HashMap::new();
    let mut id = |name| { let next = IntentId(ids.len() as i64 + 1); *ids.entry(name).or_insert(next) };
    let truth: Vec<IntentId> = train.iter().map(|r| id(r.intent.as_str())).collect();
    let gold: Vec<IntentId> = test.iter().map(|r| id(r.intent.as_str())).collect();
    let texts: Vec<&str> = test.iter().map(|r| r.text.as_str()).collect();
    let mut order: Vec<usize> = (0..train.len()).collect();
    Rng::part(o.seed, 1).shuffle(&mut order);
    let mut counts: HashMap<IntentId, u64> = HashMap::new();
    let (mut known, mut stream) = (Vec::new(), Vec::new());
    for i in order {
        let n = counts.entry(truth[i]).or_default();
        if *n < o.start as u64 { *n += 1; known.push(i) } else { stream.push(i) }
    }
    let names: Vec<Example> = if std::env::var("NAMES").is_ok() {
        let mut v: Vec<(&str, IntentId)> = ids.iter().map(|(n, i)| (*n, *i)).collect(); v.sort();
        v.into_iter().map(|(n, i)| Example { text: n.replace('_', " "), intent: i, group: 1 << 40, weight: 1.0 }).collect()
    } else { Vec::new() };
    let learn = |known: &[usize]| -> Result<IntentModel, JobError> {
        let mut examples: Vec<Example> = known.iter().map(|&i| Example { text: train[i].text.clone(), intent: truth[i], group: i as u64, weight: 1.0 }).collect();
        examples.extend(names.iter().cloned());
        Ok(fit(&examples, &Recipe::plain(o.seed), reporter)?)
    };
    let score = |m: &IntentModel| m.predict_batch(&texts).iter().zip(&gold).filter(|(p, g)| p.best().is_some_and(|b| b.0 == **g)).count() as f64 / gold.len() as f64;
    let mut model = learn(&known)?;
    let mut out = vec![Week { week: 0, labels: known.len() as u64, accuracy: score(&model) }];
    let mut stream = stream.into_iter();
    let mut backlog: Vec<(usize, bool)> = Vec::new();
    for week in 1..=o.weeks {
        let arrivals: Vec<usize> = stream.by_ref().take(o.per_week).collect();
        let said: Vec<&str> = arrivals.iter().map(|&i| train[i].text.as_str()).collect();
        for (&i, p) in arrivals.iter().zip(model.predict_batch(&said)) {
            let wrong = p.best().is_none_or(|b| b.0 != truth[i]);
            let u = Rng::part(o.seed ^ 0xf1a6, i as u64).f64();
            backlog.push((i, u < if wrong { RECALL } else { FALSE_ALARMS }));
        }
        let said: Vec<&str> = backlog.iter().map(|&(i, _)| train[i].text.as_str()).collect();
        let ps = model.predict_batch(&said);
        let cs: Vec<Candidate> = backlog.iter().zip(&ps).map(|(&(i, failed), prediction)| Candidate { text: &train[i].text, prediction, failed, id: i as u64 }).collect();
        let mut picked = pick(o.strategy, &cs, o.review, &counts, o.seed ^ week as u64);
        picked.sort_unstable();
        for &k in picked.iter().rev() {
            let (i, _) = backlog.remove(k);
            *counts.entry(truth[i]).or_default() += 1;
            known.push(i);
        }
        model = learn(&known)?;
        out.push(Week { week: week as u64, labels: known.len() as u64, accuracy: score(&model) });
    }
    Ok(out)
}
