//! Which of the waiting conversations to review next. Pure functions over the live model's predictions.

use super::intent::Prediction;
use super::rng::Rng;
use std::collections::HashMap;
use crate::domain::IntentId;

/// A way to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy { Value, Margin, Random, Entropy, Least, Raw, Pair, Best, ValuePair, MixAudit, MarginDup, ValueDup, Balance, ValueBest, Rare, ValueSoft }

impl Strategy {
    pub const ALL: [Self; 16] = [Self::Value, Self::Margin, Self::Random, Self::Entropy, Self::Least, Self::Raw, Self::Pair, Self::Best, Self::ValuePair, Self::MixAudit, Self::MarginDup, Self::ValueDup, Self::Balance, Self::ValueBest, Self::Rare, Self::ValueSoft];
    pub fn name(self) -> &'static str {
        match self { Self::Value=>"value", Self::Margin=>"margin", Self::Random=>"random", Self::Entropy=>"entropy", Self::Least=>"least", Self::Raw=>"raw", Self::Pair=>"pair", Self::Best=>"best", Self::ValuePair=>"valuepair", Self::MixAudit=>"mix", Self::MarginDup=>"margindup", Self::ValueDup=>"valuedup", Self::Balance=>"balance", Self::ValueBest=>"valuebest", Self::Rare=>"rare", Self::ValueSoft=>"valuesoft" }
    }
    pub fn from_name(name: &str) -> Option<Self> { Self::ALL.into_iter().find(|s| s.name() == name) }
}

pub struct Candidate<'a> {
    pub text: &'a str,
    pub prediction: &'a Prediction,
    pub failed: bool,
    /// Row: ties and chance.
    pub id: u64,
}

fn entropy(p: &Prediction) -> f64 {
    let rest = (1.0 - p.ranking.iter().map(|r| f64::from(r.1)).sum::<f64>()).max(1e-9);
    let h = |x: f64| if x > 0.0 { -x * x.ln() } else { 0.0 };
    p.ranking.iter().map(|r| h(f64::from(r.1))).sum::<f64>() + h(rest) + rest * 4.0
}

fn words(t: &str) -> std::collections::HashSet<String> {
    t.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

pub fn pick(strategy: Strategy, all: &[Candidate], n: usize, labelled: &HashMap<IntentId, u64>, seed: u64) -> Vec<usize> {
    use Strategy::*;
    let chance: Vec<f64> = all.iter().map(|c| Rng::part(seed, c.id).f64()).collect();
    let key = |i: usize| -> f64 {
        let c = &all[i]; let p = c.prediction; let m = f64::from(p.margin);
        let class = if c.failed { -10.0 } else { 0.0 };
        match strategy {
            Value | ValuePair | ValueDup | ValueBest => class + m,
            Margin | Pair | Best | MixAudit | MarginDup => m,
            ValueSoft => m - if c.failed { 0.15 } else { 0.0 },
            Random => chance[i],
            Entropy => -entropy(p),
            Least => f64::from(p.best().map_or(0.0, |b| b.1)),
            Raw => f64::from(p.ranking.first().map_or(0.0, |b| b.1)).ln() - f64::from(p.ranking.get(1).map_or(1e-9, |b| b.1)).ln(),
            Balance => m * (p.best().and_then(|b| labelled.get(&b.0)).map_or(1.0, |&x| x as f64)).sqrt(),
            Rare => (1.0 - m).max(1e-6).powf(1.0).recip() * (p.best().and_then(|b| labelled.get(&b.0)).map_or(1.0, |&x| x as f64)).powf(0.25),
        }
    };
    let keys: Vec<f64> = (0..all.len()).map(key).collect();
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|&a, &b| keys[a].total_cmp(&keys[b]).then(all[a].id.cmp(&all[b].id)));
    let group = |i: usize| -> Option<(IntentId, IntentId)> {
        let r = &all[i].prediction.ranking;
        let (a, b) = (r.first()?.0, r.get(1)?.0);
        Some(match strategy { Best | ValueBest => (a, a), _ => if a < b { (a, b) } else { (b, a) } })
    };
    match strategy {
        Pair | Best | ValuePair | ValueBest => {
            let most = if matches!(strategy, Best|ValueBest) { 1 } else { 1 };
            let mut seen: HashMap<_, usize> = HashMap::new();
            let (mut out, mut rest) = (Vec::new(), Vec::new());
            for &i in &order {
                let k = seen.entry(group(i)).or_default();
                if *k < most { *k += 1; out.push(i) } else { rest.push(i) }
                if out.len() == n { break }
            }
            out.extend(rest); out.truncate(n); out
        }
        MixAudit => {
            let tenth = n / 10;
            let mut out: Vec<usize> = order[..(n - tenth).min(order.len())].to_vec();
            let mut rest: Vec<usize> = order[out.len()..].to_vec();
            rest.sort_by(|&a, &b| chance[a].total_cmp(&chance[b]));
            out.extend(rest.into_iter().take(tenth)); out
        }
        MarginDup | ValueDup => {
            let mut out: Vec<(usize, std::collections::HashSet<String>)> = Vec::new();
            for &i in &order {
                let w = words(all[i].text);
                let near = out.iter().any(|(_, o)| { let s = o.intersection(&w).count() as f64; s / (o.len() + w.len()) as f64 * 2.0 > 0.6 });
                if !near { out.push((i, w)) }
                if out.len() == n { break }
            }
            out.into_iter().map(|x| x.0).collect()
        }
        _ => { order.truncate(n); order }
    }
}
