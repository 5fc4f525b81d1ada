//! Rates that need people: how often the log's intent is right, why conversations fail, how often "resolved" is not so. Told from
//! audit items (rule 23) and, where a model knows something of it, surer with what it says of everything else (rule 40).
//!
//! f comes from models that no test group has taught: the live release, and shares counted in training groups. It is asked of test
//! groups alone, which are a random part of all: there it is out of fold whatever the release was trained on.

use crate::base::rng::mix;
use crate::domain::{
    AuditRate, Audited, Cause, IntentId, MeanPrediction, Outcome, PoweredRate, Predicted, audit_rate, powered_rate,
};
use crate::store::codes::{ABANDONED, CUSTOMER, ESCALATED, FAILED, RESOLVED, REVIEWED, TRAINING};
use crate::store::conversations::sampling::{JOIN_SAMPLED, STANDS_FOR};
use crate::store::review::audits::{AuditItem, Audits, CYCLES};
use crate::store::{DoingWhat, Result, Store};
use rusqlite::{Row, params};
use serde::Serialize;
use std::collections::BTreeMap;

/// Turns that the live release is asked about; more are drawn down to about so many, by groups.
const ASKED: u64 = 20_000;
/// Fewer training conversations teach nothing of a cause or of a false resolution.
const ENOUGH: u64 = 30;
/// Rule 40's interval was simulated from so many audit items on; with fewer of an answer nothing is sure about it.
const JUDGED: u64 = 100;
const EACH: u64 = 5;
/// What a share counted in few conversations is drawn towards the share of all by.
const PRIOR: f64 = 4.0;

/// A rate that needs people.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PeopleRate {
    /// From audit items alone; `None` where there is none with an answer.
    pub audit: Option<AuditRate>,
    /// Surer, where a model's word makes it so.
    pub powered: Option<PoweredRate>,
    /// Why there is no second one, or none at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// The share of a cause among failures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CauseRate {
    /// Which.
    pub cause: Cause,
    /// Of all that failed or were handed over.
    pub rate: PeopleRate,
}

/// All rates that need people.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AuditedFigures {
    /// Closed cycles that kept the odds of their audit items.
    pub cycles: usize,
    /// Why nothing is told yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Customers' turns whose logged intent is right.
    pub intent_accuracy: PeopleRate,
    /// Of what the log calls resolved, what is not.
    pub false_resolutions: PeopleRate,
    /// Why conversations fail, most first.
    pub causes: Vec<CauseRate>,
}

/// What a table of shares is asked by.
type Cell = (i64, i64, i64);

/// Shares counted in training groups.
#[derive(Default)]
struct Shares {
    cells: BTreeMap<Cell, (f64, f64)>,
    all: (f64, f64),
}

impl Shares {
    fn add(&mut self, cell: Cell, yes: bool) {
        for sums in [self.cells.entry(cell).or_default(), &mut self.all] {
            *sums = (sums.0 + f64::from(u8::from(yes)), sums.1 + 1.0);
        }
    }

    fn of(&self, cell: Cell) -> f64 {
        let all = if self.all.1 > 0.0 { self.all.0 / self.all.1 } else { 0.0 };
        let (yes, n) = self.cells.get(&cell).copied().unwrap_or_default();
        (yes + PRIOR * all) / (n + PRIOR)
    }
}

/// A conversation as the tables of shares see it.
struct Seen {
    id: i64,
    group: u64,
    cell: Cell,
    /// What people say of it, in training groups.
    said: Option<i64>,
    /// How many it stands for.
    weight: f64,
}

/// A customer's turn that the live release is asked about.
struct AskedTurn {
    group: u64,
    logged: Option<IntentId>,
    text: String,
    /// How many it stands for.
    weight: f64,
}

impl Store {
    pub(in crate::store::figures) fn read_audited(&self, seed: u64) -> Result<AuditedFigures> {
        let audits = self.audits()?;
        let mut out = AuditedFigures { cycles: audits.cycles, ..AuditedFigures::default() };
        if audits.cycles < CYCLES {
            out.why =
                Some(format!("told from {CYCLES} closed cycles with a drawn sample on; {} so far", audits.cycles));
            return Ok(out);
        }
        out.intent_accuracy = self.audited_intents(&audits, seed)?;
        out.false_resolutions = self.audited_resolutions(&audits, seed)?;
        out.causes = self.audited_causes(&audits, seed)?;
        Ok(out)
    }

    /// The unit is a customer's turn; one was drawn of each conversation.
    fn audited_intents(&self, audits: &Audits, seed: u64) -> Result<PeopleRate> {
        if self.ids("SELECT 1 FROM conversation WHERE first_intent IS NOT NULL LIMIT 1", &[])?.is_empty() {
            return Ok(PeopleRate { why: Some("the log has no intents".to_owned()), ..PeopleRate::default() });
        }
        let judged: Vec<&AuditItem> = audits.items.iter().filter(|i| i.worked && !i.label.is_empty()).collect();
        let names = self.intent_names()?;
        let logged = "SELECT intent, fallback, text FROM turn WHERE id = ?";
        let mut said: Vec<(Option<IntentId>, String)> = Vec::new();
        for item in &judged {
            let read = |r: &Row<'_>| Ok((logged_of(r.get(0)?, r.get(1)?), r.get(2)?));
            let found = self.conn.prepare_cached(logged).and_then(|mut s| s.query_row([item.turn_row()], read));
            said.push(found.doing("reading an audit item's turn")?);
        }
        let model = self.live_model()?;
        let texts: Vec<&str> = said.iter().map(|(_, text)| text.as_str()).collect();
        let f = match &model {
            Some(model) => {
                self.embed_for(model, &texts)?;
                let guesses = model.predict_batch(&texts);
                said.iter().zip(guesses).map(|((logged, _), p)| trust(&p.ranking, *logged, &names)).collect()
            }
            None => vec![0.0; said.len()],
        };
        let items: Vec<Audited> = judged
            .iter()
            .zip(&said)
            .zip(f)
            .map(|((item, (logged, _)), f)| Audited {
                f,
                yes: logged.is_some_and(|i| item.label.contains(&names.today(i))),
                weight: item.weight * item.turns.max(1) as f64,
                group: item.group,
            })
            .collect();
        let Some(model) = model else {
            return Ok(alone(&items, seed, "no release is live that could say how sure a logged intent is"));
        };
        let units = self.turns_of_test_groups(audits, seed)?;
        let texts: Vec<&str> = units.iter().map(|u| u.text.as_str()).collect();
        self.embed_for(&model, &texts)?;
        let guesses = model.predict_batch(&texts);
        let f = units.iter().zip(guesses).map(|(unit, p)| Predicted {
            f: trust(&p.ranking, unit.logged, &names),
            weight: unit.weight,
            group: unit.group,
        });
        Ok(together(f, &items, seed))
    }

    /// Customers' turns of the conversations that the items were drawn from. Of many, whole groups are left out by chance.
    fn turns_of_test_groups(&self, audits: &Audits, seed: u64) -> Result<Vec<AskedTurn>> {
        // Each conversation's turns by their row numbers: an index made for the query alone would cost seconds.
        let of = format!("FROM conversation c{JOIN_SAMPLED} CROSS JOIN turn t ON t.id >= c.id << 20 AND t.id < (c.id + 1) << 20
            WHERE c.part > {TRAINING} AND c.traffic = 1 AND c.has_ai = 1 AND c.outcome BETWEEN {RESOLVED} AND {ABANDONED}
                AND c.last_at BETWEEN ?1 AND ?2 AND +t.role = {CUSTOMER} AND +t.payload = 0");
        let (from, to) = audits.span;
        let n = self.ids(&format!("SELECT count(*) {of}"), &[&from, &to])?.first().copied().unwrap_or(0) as u64;
        let keep = n.div_ceil(ASKED).max(1);
        let read = |r: &Row<'_>| {
            let (group, logged) = (r.get::<_, i64>(0)?.cast_unsigned(), logged_of(r.get(1)?, r.get(2)?));
            Ok(AskedTurn { group, logged, text: r.get(3)?, weight: r.get(4)? })
        };
        let sql = format!("SELECT c.grp, t.intent, t.fallback, t.text, {STANDS_FOR} {of} ORDER BY c.id, t.id");
        let mut s = self.conn.prepare_cached(&sql).doing("reading turns of test groups")?;
        let rows = s.query_map([from, to], read).doing("reading turns of test groups")?;
        let kept = rows.filter(|row| row.as_ref().map_or(true, |r| mix(r.group ^ seed).is_multiple_of(keep)));
        kept.collect::<rusqlite::Result<Vec<_>>>().doing("reading turns of test groups")
    }

    /// Of conversations that the log calls resolved. f: shares by mismatch, rating and whether the customer said so.
    fn audited_resolutions(&self, audits: &Audits, seed: u64) -> Result<PeopleRate> {
        let cell =
            "c.mismatch, CASE WHEN c.csat IS NULL THEN 0 WHEN c.csat >= 4 THEN 1 ELSE 2 END, coalesce(c.resolution, 0)";
        let which = format!("c.logged_outcome = {RESOLVED}");
        let said = format!("CASE WHEN c.review = {REVIEWED} THEN c.outcome <> {RESOLVED} END");
        let drawn = |i: &&AuditItem| i.logged_outcome == Outcome::Resolved && i.worked;
        let items: Vec<&AuditItem> = audits.items.iter().filter(drawn).collect();
        let told = self.judged_and_open(&which, cell, &said, audits)?;
        let yes = |i: &AuditItem| i.outcome != Outcome::Resolved;
        Ok(by_shares(&items, &told, yes, 1, seed, "resolved conversations"))
    }

    /// Of conversations that failed or were handed over. f: shares by intent, outcome and whether the AI fell back.
    fn audited_causes(&self, audits: &Audits, seed: u64) -> Result<Vec<CauseRate>> {
        // What was rightly handed over is no failure (rule 44).
        let right = Cause::RightHandover.code();
        let which = format!("c.outcome IN ({ESCALATED}, {FAILED}) AND c.cause IS NOT {right}");
        let told =
            self.judged_and_open(&which, "coalesce(c.first_intent, 0), c.outcome, c.fallback", "c.cause", audits)?;
        let drawn = |i: &&AuditItem| {
            matches!(i.outcome, Outcome::Escalated | Outcome::Failed)
                && i.worked
                && i.cause.is_some_and(Cause::is_failure)
        };
        let items: Vec<&AuditItem> = audits.items.iter().filter(drawn).collect();
        let mut out: Vec<CauseRate> = Vec::new();
        for &cause in Cause::ALL.iter().filter(|&&c| items.iter().any(|i| i.cause == Some(c))) {
            let yes = |i: &AuditItem| i.cause == Some(cause);
            let rate = by_shares(&items, &told, yes, cause.code(), seed, "failures with a cause");
            out.push(CauseRate { cause, rate });
        }
        let size = |c: &CauseRate| c.rate.audit.map_or(0.0, |a| a.sure.value);
        out.sort_by(|a, b| size(b).total_cmp(&size(a)));
        Ok(out)
    }

    /// Conversations of N: those of training groups that people have judged, and those of test groups that could be drawn.
    fn judged_and_open(&self, which: &str, cell: &str, said: &str, audits: &Audits) -> Result<(Vec<Seen>, Vec<Seen>)> {
        let n = format!("c.traffic = 1 AND c.has_ai = 1 AND c.outcome BETWEEN {RESOLVED} AND {ABANDONED}");
        let read = |r: &Row<'_>| {
            Ok(Seen {
                id: r.get(0)?,
                group: r.get::<_, i64>(1)?.cast_unsigned(),
                cell: (r.get(2)?, r.get(3)?, r.get(4)?),
                said: r.get(5)?,
                weight: r.get(6)?,
            })
        };
        let rows = |part: &str, from: i64, to: i64| -> Result<Vec<Seen>> {
            let sql = format!(
                "SELECT c.id, c.grp, {cell}, {said}, {STANDS_FOR} FROM conversation c{JOIN_SAMPLED} WHERE {n} AND {which} AND {part}
                    AND c.last_at BETWEEN ? AND ?"
            );
            self.conn
                .prepare_cached(&sql)
                .and_then(|mut s| s.query_map(params![from, to], read)?.collect())
                .doing("reading what was judged")
        };
        let taught = rows(&format!("c.part = {TRAINING} AND ({said}) IS NOT NULL"), i64::MIN, i64::MAX)?;
        Ok((taught, rows(&format!("c.part > {TRAINING}"), audits.span.0, audits.span.1)?))
    }
}

/// The intent that the log stands by; a fallback is none.
fn logged_of(intent: Option<i64>, fallback: bool) -> Option<IntentId> {
    intent.map(IntentId).filter(|_| !fallback)
}

/// How sure the live release is of the logged intent.
fn trust(ranking: &[(IntentId, f32)], logged: Option<IntentId>, names: &crate::store::IntentNames) -> f64 {
    let Some(logged) = logged.map(|i| names.today(i)) else { return 0.0 };
    ranking.iter().filter(|(i, _)| names.today(*i) == logged).map(|(_, c)| f64::from(*c)).sum::<f64>().min(1.0)
}

/// A rate whose f is a table of shares.
fn by_shares(
    items: &[&AuditItem],
    (taught, units): &(Vec<Seen>, Vec<Seen>),
    yes: impl Fn(&AuditItem) -> bool,
    code: i64,
    seed: u64,
    what: &str,
) -> PeopleRate {
    let mut shares = Shares::default();
    taught.iter().for_each(|t| shares.add(t.cell, t.said == Some(code)));
    let cells: BTreeMap<i64, Cell> = units.iter().map(|u| (u.id, u.cell)).collect();
    let item = |i: &&AuditItem| Audited {
        f: cells.get(&i.conversation.0).map_or(0.0, |cell| shares.of(*cell)),
        yes: yes(i),
        weight: i.weight,
        group: i.group,
    };
    let items: Vec<Audited> = items.iter().map(item).collect();
    if (taught.len() as u64) < ENOUGH {
        let why = format!("a model needs {ENOUGH} reviewed {what} of training groups; there are {}", taught.len());
        return alone(&items, seed, &why);
    }
    together(units.iter().map(|u| Predicted { f: shares.of(u.cell), weight: u.weight, group: u.group }), &items, seed)
}

fn alone(items: &[Audited], seed: u64, why: &str) -> PeopleRate {
    let audit = audit_rate(items, seed);
    let why = if audit.is_some() { why } else { "no audit item has an answer" };
    PeopleRate { audit, powered: None, why: Some(why.to_owned()) }
}

fn together(f: impl Iterator<Item = Predicted>, items: &[Audited], seed: u64) -> PeopleRate {
    let Some(all) = MeanPrediction::over(f) else { return alone(items, seed, "nothing could be predicted") };
    let yes = items.iter().filter(|i| i.yes).count() as u64;
    let no = items.len() as u64 - yes;
    if yes + no < JUDGED || yes.min(no) < EACH {
        let why = format!(
            "a surer rate needs {JUDGED} judged items with {EACH} of either answer; there are {yes} yes and {no} no"
        );
        return alone(items, seed, &why);
    }
    match powered_rate(all, items, seed) {
        Some((audit, Some(powered))) => PeopleRate { audit: Some(audit), powered: Some(powered), why: None },
        Some((audit, None)) => {
            let why = "what the model says makes it no surer";
            PeopleRate { audit: Some(audit), powered: None, why: Some(why.to_owned()) }
        }
        None => alone(items, seed, ""),
    }
}
