//! What is known of each conversation, once for all answers.

use super::figure::Strata;
use crate::domain::{ConversationId, IntentId, Outcome, Rate, Timestamp, WeighedCount};
use crate::store::answers::book::AnswerBook;
use crate::store::base::clock::ahead_of;
use crate::store::codes::LANGUAGE;
use crate::store::queue::columns::{ColumnSet, PackedColumn, StateField};
use crate::store::{DoingWhat, Result, Store};
use crate::text::language::GREEK_IN_LATIN;
use std::collections::BTreeMap;

/// One conversation: 32 bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fact {
    /// 1 resolved, 2 escalated, 3 failed, 4 abandoned; 0: it is none of N.
    pub outcome: u8,
    /// It lies in the period.
    pub is_in: bool,
    /// The AI answered in it, it is over, and nobody knows how it ended.
    pub is_unknown: bool,
    /// Its intent today; 0 for none.
    pub intent: u32,
    /// What it is compared within.
    pub stratum: u32,
    /// Rating; NaN for none.
    pub csat: f32,
    /// Number of its language; 0 for none.
    pub language: u32,
    /// The same for what is one language in whichever letters (rule 50).
    pub tongue: u32,
    /// Last activity, in milliseconds; the same of all where the log has no times.
    pub at: i64,
    /// How many of its kind it stands for: 1 / probability where it was drawn from a log (rule 52), else 1.
    pub weight: f64,
}

/// All conversations.
pub(super) struct Facts {
    rows: Vec<Fact>,
    languages: BTreeMap<u32, String>,
    /// N of the period.
    pub n: u64,
    /// Resolved, of these.
    pub resolved: u64,
    /// Of the period's conversations with the AI that are over, those of which nobody knows how they ended (rule 4).
    pub unknown: Rate,
    /// Handed over, of all that count at any time.
    pub escalated: u64,
    /// All that count at any time.
    pub ever: u64,
    /// What strata are.
    pub strata: Strata,
    /// Some stand for more than themselves.
    pub sampled: bool,
}

impl Facts {
    /// One pass over the columns.
    pub fn read(store: &Store, book: &AnswerBook, from: Option<Timestamp>, now: Timestamp) -> Result<Self> {
        let columns = store.columns(ColumnSet::of(&[
            PackedColumn::State,
            PackedColumn::LastAt,
            PackedColumn::Csat,
            PackedColumn::Matter,
            PackedColumn::Language,
        ]))?;
        let names = store.intent_names()?;
        let mut today: Vec<u32> = Vec::new();
        for intent in names.all() {
            let (Ok(at), Ok(means)) = (usize::try_from(intent.0), u32::try_from(names.today(IntentId(intent.0)).0))
            else {
                continue;
            };
            today.resize(today.len().max(at + 1), 0);
            today[at] = means;
        }
        let languages: BTreeMap<u32, String> = store
            .conn
            .prepare_cached("SELECT id, text FROM term WHERE kind = ?")
            .and_then(|mut s| s.query_map([LANGUAGE], |r| Ok((r.get(0)?, r.get(1)?))).and_then(Iterator::collect))
            .doing("looking up languages")?;
        let tongues = tongues(&languages);
        let period = from.map(|from| from.0..ahead_of(now));
        let mut rows = Vec::with_capacity(columns.len() + 1);
        rows.push(Fact::default());
        let (mut n, mut resolved, mut has_intents) = (0, 0, false);
        let (mut ever, mut escalated) = (0, 0);
        for chunk in columns.chunks() {
            for at in 0..chunk.len() {
                let state = chunk.state[at];
                let is_there = StateField::THERE.of(state) == 1;
                let counts = is_there && StateField::is_counted(state);
                let is_unknown = is_there && is_unknown(state);
                let outcome = if counts { outcome(StateField::OUTCOME.of(state)) } else { 0 };
                let is_in = period.as_ref().is_none_or(|p| p.contains(&chunk.last_at[at]));
                let intent = today.get(chunk.matter[at] as usize).copied().unwrap_or_default();
                has_intents |= intent != 0;
                n += u64::from(outcome > 0 && is_in);
                resolved += u64::from(outcome == 1 && is_in);
                ever += u64::from(outcome > 0);
                escalated += u64::from(outcome == 2);
                let (csat, language) = (chunk.csat[at], chunk.language[at]);
                let tongue = tongues.get(&language).copied().unwrap_or_default();
                let weight = 1.0;
                let at = chunk.last_at[at];
                rows.push(Fact {
                    outcome,
                    is_in,
                    is_unknown,
                    intent,
                    stratum: intent,
                    csat,
                    language,
                    tongue,
                    weight,
                    at,
                });
            }
        }
        let sampled = store.holds_a_sample()?;
        if sampled {
            for (row, weight) in store.weights_of_rows()? {
                if let Some(fact) = usize::try_from(row).ok().and_then(|row| rows.get_mut(row)) {
                    fact.weight = weight;
                }
            }
        }
        let strata = match (has_intents, book.tags.is_empty()) {
            (true, _) => Strata::Intents,
            (false, false) => Strata::Tags,
            (false, true) => Strata::None,
        };
        if strata == Strata::Tags {
            for ((_, members), stratum) in book.tags.iter().zip(1..) {
                members.iter().for_each(|&row| {
                    if let Some(fact) = rows.get_mut(row as usize) {
                        fact.stratum = stratum;
                    }
                });
            }
        }
        let mut unknown = WeighedCount::default();
        let ended = rows.iter().filter(|f| f.is_in && (f.outcome > 0 || f.is_unknown));
        ended.for_each(|f| unknown.add(f.weight, f.is_unknown));
        let unknown = unknown.rate();
        Ok(Self { rows, languages, n, resolved, unknown, escalated, ever, strata, sampled })
    }

    /// A conversation, whether or not it counts.
    pub fn any(&self, id: ConversationId) -> Option<&Fact> {
        self.rows.get(usize::try_from(id.0).ok()?)
    }

    /// A conversation that counts, ever or in the period.
    pub fn of(&self, row: u32) -> Option<&Fact> {
        self.rows.get(row as usize).filter(|f| f.outcome > 0)
    }

    /// Those that count in the period.
    pub fn in_period(&self) -> impl Iterator<Item = &Fact> {
        self.rows.iter().filter(|f| f.outcome > 0 && f.is_in)
    }

    /// The language of a conversation as `lang:` finds it, Greek in whichever letters (rule 50); empty where none is known.
    pub fn tongue(&self, fact: &Fact) -> String {
        self.languages.get(&fact.language).map(|name| tongue(name)).unwrap_or_default()
    }

    /// Names of languages, those with the most conversations first; those with less than a tenth are left out.
    pub fn languages(&self, counts: &BTreeMap<u32, u64>) -> Vec<String> {
        let all: u64 = counts.values().sum();
        let mut order: Vec<(u64, &str)> = counts
            .iter()
            .filter(|(_, n)| **n * 10 >= all)
            .filter_map(|(id, n)| Some((*n, self.languages.get(id)?.as_str())))
            .collect();
        order.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        order.into_iter().map(|(_, name)| name.to_owned()).collect()
    }
}

/// A language's name as `lang:` finds it, Greek in whichever letters.
fn tongue(name: &str) -> String {
    let name = name.to_lowercase();
    if name == GREEK_IN_LATIN.to_lowercase() { "el".to_owned() } else { name }
}

/// For each language the number of the first that is the same in whichever letters.
fn tongues(languages: &BTreeMap<u32, String>) -> BTreeMap<u32, u32> {
    let mut first: BTreeMap<String, u32> = BTreeMap::new();
    languages.iter().map(|(id, name)| (*id, *first.entry(tongue(name)).or_insert(*id))).collect()
}

/// Whether a state is that of real traffic with the AI of which nobody knows how it ended.
fn is_unknown(state: u32) -> bool {
    let is_traffic = StateField::TRAFFIC.of(state) == 1 && StateField::HAS_AI.of(state) == 1;
    is_traffic && i64::from(StateField::OUTCOME.of(state)) == Outcome::Unknown.code()
}

fn outcome(code: u32) -> u8 {
    let ends = [Outcome::Resolved, Outcome::Escalated, Outcome::Failed, Outcome::Abandoned];
    ends.iter().zip(1..).find(|(o, _)| o.code() == i64::from(code)).map_or(0, |(_, n)| n)
}
