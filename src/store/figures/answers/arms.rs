//! An answer to an intent at a stage: what followed, shrunk and ranked.

use super::facts::{Fact, Facts};
use super::figure::{AnswerFigures, ENOUGH, EverSaid, Prior, Unranked};
use crate::domain::WeighedCount;
use crate::domain::query::quoted_name;
use crate::learn::judge::shrunk::{BetaPrior, ShrunkRate};
use crate::store::answers::book::BookedAnswer;
use crate::store::answers::stage::AnswerStage;
use std::collections::{BTreeMap, BTreeSet};

/// Arms from which on a prior is worked out.
const ARMS: usize = AnswerFigures::MAKE_A_PRIOR as usize;

/// Which conversations of an answer are meant, by language: Greek is Greek in whichever letters.
#[derive(Clone, Debug)]
pub(super) enum SpokenIn {
    /// Those in one.
    One(String),
    /// Those in none that is known.
    NoneOf(Vec<String>),
}

impl SpokenIn {
    pub fn is(&self, tongue: &str) -> bool {
        match self {
            Self::One(one) => one == tongue,
            Self::NoneOf(_) => tongue.is_empty(),
        }
    }

    /// As a query names it.
    pub fn filter(&self) -> String {
        match self {
            Self::One(one) => format!(" lang:{}", quoted_name(one)),
            Self::NoneOf(known) => {
                format!(" -lang:{}", known.iter().map(|l| quoted_name(l)).collect::<Vec<_>>().join(","))
            }
        }
    }
}

/// An answer to an intent at a stage.
#[derive(Clone, Debug)]
pub(super) struct Arm {
    /// Its place in the book.
    pub answer: usize,
    /// The intent; 0 for none.
    pub intent: u32,
    /// `None`: anywhere.
    pub stage: Option<AnswerStage>,
    /// Resolved, escalated, failed, abandoned, in the period: conversations.
    pub outcomes: [u64; 4],
    /// The same with all that they stand for (rule 52).
    pub stands_for: [f64; 4],
    /// Resolved, of all.
    pub helped: WeighedCount,
    pub rated: u64,
    pub satisfied: u64,
    /// Sum of ratings times weights, and of the weights.
    pub csat: (f64, f64),
    /// Conversations by number of the language.
    pub languages: BTreeMap<u32, u64>,
    /// Resolved, of all, by language in whichever letters.
    pub tongues: BTreeMap<u32, WeighedCount>,
    /// Of one over all intents: how many were resolved at any time, of all, ...
    pub ever: WeighedCount,
    /// ...and how many were about which intent,
    pub ever_intents: BTreeMap<u32, u64>,
    /// ...and how many heard it in the last two turns alone, after another answer.
    pub ever_at_end: u64,
    /// ...in the period, the most frequent first.
    pub by_intent: Vec<(u32, u64)>,
    /// Of one over all intents: in which language, where it was said in several.
    pub spoken: Option<SpokenIn>,
    /// Over all intents, not to one.
    pub over_all: bool,
    /// Most of its conversations heard it in the last two turns.
    is_late: bool,
    /// It only asks for details.
    pub only_asks: bool,
    /// Why it answers nothing: it announces a person, or tells a state of the world.
    pub messenger: Option<Unranked>,
    /// It says that all is done: everybody who heard such an answer was helped, and nobody else.
    pub tells_success: bool,
    /// It is no answer: said to many intents, of help to few.
    pub is_non_answer: bool,
    pub posterior: ShrunkRate,
    pub prior: Prior,
    /// The mean of the prior.
    pub drawn_to: f64,
    pub known_beside: u64,
    pub rank: Option<u32>,
    /// How many have a rank beside it, itself among them.
    pub ranked_among: u64,
    pub unranked: Option<Unranked>,
}

impl Arm {
    fn new(answer: usize, intent: u32, stage: Option<AnswerStage>) -> Self {
        Self {
            answer,
            intent,
            stage,
            outcomes: [0; 4],
            stands_for: [0.0; 4],
            helped: WeighedCount::default(),
            rated: 0,
            satisfied: 0,
            csat: (0.0, 0.0),
            languages: BTreeMap::new(),
            tongues: BTreeMap::new(),
            ever: WeighedCount::default(),
            ever_intents: BTreeMap::new(),
            ever_at_end: 0,
            by_intent: Vec::new(),
            spoken: None,
            over_all: false,
            is_late: stage == Some(AnswerStage::Closing),
            only_asks: false,
            messenger: None,
            tells_success: false,
            is_non_answer: false,
            posterior: ShrunkRate { mean: 0.0, lo: 0.0, hi: 1.0 },
            prior: Prior::Uniform,
            drawn_to: 0.5,
            known_beside: 0,
            rank: None,
            ranked_among: 0,
            unranked: None,
        }
    }

    /// An answer anywhere, to any intent; in conversations of one language where one is named.
    pub fn anywhere(answer: &BookedAnswer, at: usize, facts: &Facts, spoken: Option<SpokenIn>) -> Self {
        let mut arm = Self::new(at, 0, None);
        let mut by_intent: BTreeMap<u32, u64> = BTreeMap::new();
        let is_in = |fact: &&Fact| spoken.as_ref().is_none_or(|s| s.is(&facts.tongue(fact)));
        let [opening, middle, _] = &answer.rows;
        let is_at_end = |row: u32| [opening, middle].iter().all(|rows| rows.binary_search(&row).is_err());
        let heard = rows_of(answer).filter_map(|row| Some((row, facts.of(row)?)));
        for (row, fact) in heard.filter(|(_, fact)| is_in(fact)) {
            arm.ever.add(fact.weight, fact.outcome == 1);
            arm.ever_at_end += u64::from(is_at_end(row));
            if fact.intent > 0 {
                *arm.ever_intents.entry(fact.intent).or_default() += 1;
            }
            if fact.is_in {
                arm.add(fact);
                *by_intent.entry(fact.intent).or_default() += 1;
            }
        }
        arm.by_intent = by_intent.into_iter().collect();
        arm.by_intent.sort_by_key(|&(intent, n)| (std::cmp::Reverse(n), intent));
        arm.is_non_answer = true;
        arm.over_all = true;
        arm.spoken = spoken;
        arm.unranked = Some(Unranked::NonAnswer);
        arm
    }

    /// An answer anywhere, in each language of its conversations of the period: what helps in one may not help in another.
    pub fn by_language(answer: &BookedAnswer, at: usize, facts: &Facts) -> Vec<Self> {
        let here = rows_of(answer).filter_map(|row| facts.of(row)).filter(|f| f.is_in);
        let tongues: BTreeSet<String> = here.map(|f| facts.tongue(f)).collect();
        if tongues.len() < 2 {
            return vec![Self::anywhere(answer, at, facts, None)];
        }
        let named: Vec<String> = tongues.iter().filter(|t| !t.is_empty()).cloned().collect();
        let spoken = |tongue: &String| match tongue.is_empty() {
            true => SpokenIn::NoneOf(named.clone()),
            false => SpokenIn::One(tongue.clone()),
        };
        tongues.iter().map(|tongue| Self::anywhere(answer, at, facts, Some(spoken(tongue)))).collect()
    }

    /// An answer to each intent at each stage.
    pub fn each(answer: &BookedAnswer, at: usize, facts: &Facts) -> Vec<Self> {
        let mut arms: BTreeMap<(AnswerStage, u32), Self> = BTreeMap::new();
        for stage in AnswerStage::ALL {
            let heard = answer.rows[stage as usize].iter().filter_map(|&row| facts.of(row));
            for fact in heard.filter(|f| f.is_in) {
                arms.entry((stage, fact.intent)).or_insert_with(|| Self::new(at, fact.intent, Some(stage))).add(fact);
            }
        }
        arms.into_values().collect()
    }

    /// One line of those to an intent where places tell nothing from each other: what only asks, tells a state or announces a person is
    /// never ranked, wherever it is said, and neither is what answers nothing that has a name.
    pub fn once(arms: Vec<Self>, answer: &BookedAnswer, facts: &Facts) -> Vec<Self> {
        let mut by_intent: BTreeMap<u32, Vec<Self>> = BTreeMap::new();
        arms.into_iter().for_each(|arm| by_intent.entry(arm.intent).or_default().push(arm));
        let mut out = Vec::new();
        for (intent, arms) in by_intent {
            let [first, _, ..] = &arms[..] else {
                out.extend(arms);
                continue;
            };
            if !first.only_asks && first.messenger.is_none() && intent != 0 {
                out.extend(arms);
                continue;
            }
            let mut whole = Self {
                only_asks: first.only_asks,
                messenger: first.messenger,
                tells_success: first.tells_success,
                ..Self::new(first.answer, intent, None)
            };
            let heard = rows_of(answer).filter_map(|row| facts.of(row));
            heard.filter(|f| f.is_in && f.intent == intent).for_each(|f| whole.add(f));
            let late: u64 = arms.iter().filter(|arm| arm.is_late).map(Self::n).sum();
            whole.is_late = 2 * late > whole.n();
            out.push(whole);
        }
        out
    }

    fn add(&mut self, fact: &Fact) {
        let end = usize::from(fact.outcome) - 1;
        self.outcomes[end] += 1;
        self.stands_for[end] += fact.weight;
        self.helped.add(fact.weight, fact.outcome == 1);
        *self.languages.entry(fact.language).or_default() += 1;
        self.tongues.entry(fact.tongue).or_default().add(fact.weight, fact.outcome == 1);
        if !fact.csat.is_nan() {
            self.rated += 1;
            self.satisfied += u64::from(fact.csat >= 4.0);
            self.csat = (self.csat.0 + fact.weight * f64::from(fact.csat), self.csat.1 + fact.weight);
        }
    }

    /// Conversations.
    pub fn n(&self) -> u64 {
        self.outcomes.iter().sum()
    }

    /// Of one over all intents: most heard it in the last two turns alone, after another answer.
    pub fn follows(&self) -> bool {
        EverSaid::is_most(self.ever_at_end, self.ever.rows)
    }

    /// How they ended, as shares of all that they stand for.
    pub fn shares(&self) -> [f64; 4] {
        let all: f64 = self.stands_for.iter().sum();
        self.stands_for.map(|n| if all > 0.0 { n / all } else { 0.0 })
    }

    /// The languages of its conversations; those with less than a tenth are left out.
    fn spoken_in(&self) -> Vec<u32> {
        let n = self.n();
        self.tongues.iter().filter(|(_, of)| of.rows * 10 >= n).map(|(tongue, _)| *tongue).collect()
    }

    /// There are 30 cases or more, and they are worth as many.
    pub fn is_enough(&self) -> bool {
        self.n() >= ENOUGH && self.helped.worth() >= ENOUGH as f64
    }
}

/// The conversations of an answer at any stage, each once, in ascending order. Those of a stage ascend, so that whoever takes the first few
/// puts together no more.
pub(super) fn rows_of(answer: &BookedAnswer) -> impl Iterator<Item = u32> {
    let mut stages = answer.rows.each_ref().map(|rows| rows.iter().copied().peekable());
    std::iter::from_fn(move || {
        let next = stages.iter_mut().filter_map(|rows| rows.peek().copied()).min()?;
        for rows in &mut stages {
            while rows.next_if_eq(&next).is_some() {}
        }
        Some(next)
    })
}

/// Shrinks each arm's rate to that of the other answers to its intent where there are ten, else to that of all answers.
pub(super) fn shrink(arms: &mut [Arm]) {
    let counts = |arm: &Arm| arm.helped.plain();
    let all: Vec<(f64, f64)> = arms.iter().map(counts).collect();
    let overall = (all.len() >= ARMS).then(|| prior_of(&all));
    let mut by_intent: BTreeMap<u32, Vec<(f64, f64)>> = BTreeMap::new();
    let of_intents = arms.iter().filter(|arm| !arm.over_all);
    of_intents.for_each(|arm| by_intent.entry(arm.intent).or_default().push(counts(arm)));
    let priors: BTreeMap<u32, BetaPrior> =
        by_intent.iter().filter(|(_, a)| a.len() >= ARMS).map(|(i, a)| (*i, prior_of(a))).collect();
    for arm in arms {
        let (prior, from) = match (priors.get(&arm.intent).filter(|_| !arm.over_all), overall) {
            (Some(prior), _) => (*prior, Prior::Intent),
            (None, Some(prior)) => (prior, Prior::All),
            (None, None) => (BetaPrior { alpha: 1.0, beta: 1.0 }, Prior::Uniform),
        };
        let (yes, cases) = arm.helped.plain();
        arm.posterior = prior.posterior(yes, cases);
        arm.prior = from;
        arm.drawn_to = prior.alpha / (prior.alpha + prior.beta);
        let of_intent = by_intent.get(&arm.intent).filter(|_| !arm.over_all);
        arm.known_beside = of_intent.filter(|_| from != Prior::Uniform).map_or(all.len(), Vec::len) as u64;
    }
}

/// The least pseudo-counts of either kind: Jeffreys' prior has as many.
const EITHER: f64 = 0.5;

/// The prior of arms, worth no more than an answer that can be ranked: where all rates look alike the likelihood has no top, and a
/// prior of many thousand cases would leave no doubt about any of them. What never happened to any of them still may: no arm is surer than
/// Jeffreys' interval of its own cases and the prior's together.
fn prior_of(arms: &[(f64, f64)]) -> BetaPrior {
    let prior = BetaPrior::of(arms);
    let weight = (ENOUGH as f64 / (prior.alpha + prior.beta)).min(1.0);
    BetaPrior { alpha: (prior.alpha * weight).max(EITHER), beta: (prior.beta * weight).max(EITHER) }
}

/// Ranks what can be ranked among the answers to one intent at one stage to those who write in the same languages, or says why it cannot.
pub(super) fn rank(arms: &mut [Arm]) {
    let mut groups: BTreeMap<(u32, Option<AnswerStage>, Vec<u32>), Vec<usize>> = BTreeMap::new();
    for (at, arm) in arms.iter_mut().enumerate() {
        (arm.rank, arm.ranked_among) = (None, 0);
        arm.unranked = match () {
            () if arm.is_non_answer => Some(Unranked::NonAnswer),
            () if arm.messenger.is_some() => arm.messenger,
            () if arm.only_asks => Some(Unranked::AsksForDetails),
            () if arm.is_late => Some(Unranked::OnlyAtTheEnd),
            () if !arm.is_enough() => Some(Unranked::TooFew),
            () if arm.intent == 0 => Some(Unranked::NoIntent),
            () if arm.tells_success => Some(Unranked::TellsSuccess),
            () => None,
        };
        if arm.unranked.is_none() {
            groups.entry((arm.intent, arm.stage, arm.spoken_in())).or_default().push(at);
        }
    }
    for mut group in groups.into_values() {
        if let [alone] = group[..] {
            arms[alone].unranked = Some(Unranked::Alone);
            continue;
        }
        group.sort_by(|&a, &b| arms[b].posterior.lo.total_cmp(&arms[a].posterior.lo).then(a.cmp(&b)));
        let told: Vec<ShrunkRate> = group.iter().map(|&at| arms[at].posterior).collect();
        let mut ranks = 1..;
        for (&at, mine) in group.iter().zip(&told) {
            match told.iter().any(|other| differ(mine, other)) {
                true => arms[at].rank = ranks.next(),
                false => arms[at].unranked = Some(Unranked::NoDifference),
            }
        }
        let ranked = group.iter().filter(|&&at| arms[at].rank.is_some()).count() as u64;
        group.into_iter().for_each(|at| arms[at].ranked_among = ranked);
    }
}

/// Whether two rates surely differ: the interval of their difference, put together from theirs (Newcombe), does not hold 0.
fn differ(a: &ShrunkRate, b: &ShrunkRate) -> bool {
    let (low, high) = if a.mean < b.mean { (a, b) } else { (b, a) };
    high.mean - low.mean > (high.mean - high.lo).hypot(low.hi - low.mean)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arm(answer: usize, resolved: u64, n: u64) -> Arm {
        let mut helped = WeighedCount::default();
        (0..n).for_each(|i| helped.add(1.0, i < resolved));
        Arm { outcomes: [resolved, 0, n - resolved, 0], helped, ..Arm::new(answer, 1, Some(AnswerStage::Opening)) }
    }

    #[test]
    fn a_conversation_that_hears_an_answer_at_several_stages_is_one() {
        let answer = BookedAnswer { rows: [vec![1, 5], vec![2, 5, 7], vec![1, 9]], ..BookedAnswer::default() };
        assert_eq!(rows_of(&answer).collect::<Vec<_>>(), [1, 2, 5, 7, 9]);
        assert_eq!(rows_of(&BookedAnswer::default()).next(), None);
    }

    #[test]
    fn few_arms_have_a_weak_prior_and_what_has_few_cases_no_rank() {
        let mut arms = vec![arm(0, 3, 3), arm(1, 40, 50), arm(2, 60, 100)];
        shrink(&mut arms);
        rank(&mut arms);
        assert!(arms.iter().all(|a| a.prior == Prior::Uniform && a.drawn_to == 0.5));
        assert!((arms[0].posterior.mean - 0.8).abs() < 1e-9, "a uniform prior counts as two cases");
        let ranks: Vec<_> = arms.iter().map(|a| (a.rank, a.ranked_among, a.unranked)).collect();
        assert_eq!(ranks, [(None, 0, Some(Unranked::TooFew)), (Some(1), 2, None), (Some(2), 2, None)]);
    }

    #[test]
    fn messengers_and_farewells_are_not_ranked() {
        let mut arms = vec![arm(0, 3, 60), arm(1, 40, 50), arm(2, 60, 100), arm(2, 60, 100)];
        arms[0].messenger = Some(Unranked::AnnouncesAPerson);
        arms[2].is_late = true;
        arms[1].posterior = ShrunkRate { mean: 0.8, lo: 0.7, hi: 0.9 };
        arms[3].posterior = ShrunkRate { mean: 0.5, lo: 0.4, hi: 0.6 };
        let why = |arms: &mut [Arm]| {
            rank(arms);
            arms.iter().map(|a| a.unranked).collect::<Vec<_>>()
        };
        assert_eq!(why(&mut arms), [Some(Unranked::AnnouncesAPerson), None, Some(Unranked::OnlyAtTheEnd), None]);
        arms[1].only_asks = true;
        let asks = why(&mut arms);
        assert_eq!((asks[1], asks[3]), (Some(Unranked::AsksForDetails), Some(Unranked::Alone)));
        (arms[1].only_asks, arms[1].tells_success) = (false, true);
        assert_eq!(why(&mut arms)[1], Some(Unranked::TellsSuccess));
        arms.iter_mut().for_each(|a| a.intent = 0);
        assert_eq!(why(&mut arms)[1], Some(Unranked::NoIntent), "without intents nothing is compared");
    }

    #[test]
    fn answers_to_those_who_write_in_other_languages_are_ranked_apart() {
        let spoken = |at: usize, resolved: u64, tongues: &[(u32, u64)]| {
            let mut arm = arm(at, resolved, 100);
            for &(tongue, rows) in tongues {
                let of = arm.tongues.entry(tongue).or_default();
                (0..rows).for_each(|_| of.add(1.0, true));
            }
            arm
        };
        let mut arms = vec![
            spoken(0, 90, &[(1, 100)]),
            // A few are not told: that is no other language.
            spoken(1, 20, &[(1, 95), (2, 5)]),
            spoken(2, 50, &[(2, 100)]),
            spoken(3, 50, &[(1, 50), (2, 50)]),
        ];
        shrink(&mut arms);
        rank(&mut arms);
        let told: Vec<_> = arms.iter().map(|a| (a.rank, a.ranked_among, a.unranked)).collect();
        let alone = (None, 0, Some(Unranked::Alone));
        assert_eq!(told, [(Some(1), 2, None), (Some(2), 2, None), alone, alone]);
    }

    #[test]
    fn what_differs_from_nothing_in_its_place_has_no_rank() {
        let ranked = |intervals: &[[f64; 2]]| {
            let mut arms: Vec<Arm> = (0..intervals.len()).map(|at| arm(at, 60, 100)).collect();
            for (arm, &[lo, hi]) in arms.iter_mut().zip(intervals) {
                arm.posterior = ShrunkRate { mean: (lo + hi) / 2.0, lo, hi };
            }
            rank(&mut arms);
            arms.iter().map(|arm| (arm.rank, arm.unranked)).collect::<Vec<_>>()
        };
        let alike = (None, Some(Unranked::NoDifference));
        assert_eq!(ranked(&[[0.5, 0.7], [0.6, 0.8], [0.55, 0.9]]), [alike; 3]);
        // The last differs from neither of the two that differ from each other.
        assert_eq!(ranked(&[[0.1, 0.3], [0.6, 0.8], [0.2, 0.9]]), [(Some(2), None), (Some(1), None), alike]);
    }

    #[test]
    fn a_prior_weighs_no_more_than_an_answer_that_can_be_ranked() {
        let mut arms: Vec<Arm> = (0..12).map(|i| arm(i, 1, 20)).collect();
        shrink(&mut arms);
        assert!(
            arms.iter().all(|a| a.prior == Prior::Intent && a.posterior.hi - a.posterior.lo > 0.08),
            "{:?}",
            arms[0].posterior
        );
    }

    #[test]
    fn where_all_were_helped_nothing_is_certain() {
        let mut arms: Vec<Arm> = (0..12).map(|i| arm(i, 179, 179)).collect();
        shrink(&mut arms);
        let told = arms[0].posterior;
        assert!(told.mean > 0.99 && told.lo > 0.98 && told.lo < 0.992 && told.hi < 1.0, "{told:?}");
    }
}
