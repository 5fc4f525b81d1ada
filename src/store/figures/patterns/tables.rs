//! Intents with how they ended, who is taken for whom, causes, and what came back.

use super::failed::{named, unreviewed};
use super::listed::{ENDED, FAILURES, FORTNIGHTS, Listed};
use super::types::{PatternLine, PatternPage};
use crate::base::counted::count;
use crate::domain::query::quoted_name;
use crate::domain::{Cause, IntentId, Outcome, PatternKind, Rate};
use crate::store::base::clock::ahead_of;
use crate::store::queue::columns::{Chunk, ColumnSet, PackedColumn, RowPredicate, StateField, Test};
use crate::store::{Result, ReviewedCauses};
use std::collections::BTreeMap;

/// What a log lacks that names no customers, and what brings it.
const NO_CUSTOMERS: &str = "The log names no customers, so nobody can be seen to come back. The field customer_id names them: \
    import the same log again with it, and the conversations that are stored get it too.";
/// What a log without times lacks, and what brings it.
const NO_TIMES: &str = "The log has no times, so it cannot be seen who came back within seven days. The field `at` of a turn, \
    or started_at of a conversation, tells them: import the same log again with it.";
/// Finds who was resolved and came back.
const CAME_BACK: &str = "is:zombie";
/// Where the AI understood nothing and nobody has said since what the customer came for: the row's name and its query. With the next one
/// and the intents it parts all conversations: each is in one row.
const FELL_BACK: (&str, &str) = ("fallback", "intent:none logged:fallback");
/// What has no intent otherwise.
const UNKNOWN: (&str, &str) = ("none", "intent:none -logged:fallback");

impl Listed<'_> {
    pub(super) fn intents(&self) -> Result<PatternPage> {
        let mut page = self.page("ended", ENDED)?;
        let names = self.store.intent_names()?;
        let named = names.all().filter(|&i| names.today(i) == i).map(|i| quoted_name(&names.name(i)));
        let mut all: Vec<(String, String)> = named.map(|name| (name.clone(), format!("intent:{name}"))).collect();
        all.extend([FELL_BACK, UNKNOWN].map(|(name, what)| (name.to_owned(), what.to_owned())));
        let at_once = self.store.patterns()?.iter().find(|p| p.kind == PatternKind::Person).map(|p| p.id);
        for (name, what) in all {
            let Some(line) = self.line(&name, &format!("{what} {ENDED}"), page.whole.1)? else { continue };
            let outcomes = self.outcomes(&what)?;
            let (failed, ended) = (outcomes[1] + outcomes[2], outcomes.iter().sum());
            let failing = self.of_ended(failed, ended);
            // What was right nobody repairs, nor, as far as anybody knows, what asked for a person at once.
            let failures = format!("{what} {FAILURES}");
            let right = self.count(&self.query(&format!("{failures} cause:{}", Cause::RightHandover.name())))?;
            let asked = at_once.map_or(Ok(0), |id| self.count(&self.query(&unreviewed(&failures, id))))?;
            let is_known = name != UNKNOWN.0 && failing.is_some();
            page.lines.push(PatternLine {
                outcomes: Some(outcomes),
                failing,
                csat: self.csat(&what)?,
                opportunity: is_known.then(|| (failed - right - asked) as f64 / page.whole.1.max(1) as f64),
                ..line
            });
        }
        // Of a log without times nothing is told over time.
        let trends = self.days.map_or_else(|| Ok(BTreeMap::new()), |_| self.failing_by_intent())?;
        for line in &mut page.lines {
            line.trend = trends.get(&line.name).cloned().unwrap_or_default();
        }
        // What most can be gained with stands first; what has no intent comes last.
        let worth = |l: &PatternLine| l.opportunity.unwrap_or(-1.0);
        let failing = |l: &PatternLine| l.failing.map_or(0, |f| f.num);
        page.lines
            .sort_by(|a, b| worth(b).total_cmp(&worth(a)).then(failing(b).cmp(&failing(a))).then(a.name.cmp(&b.name)));
        if page.lines.is_empty() {
            page.nothing = Some(self.nothing("has an intent")?);
        }
        if page.lines.iter().any(|l| l.name == UNKNOWN.0) {
            let says =
                "“none” has no intent yet: what these customers came for is not known, nor what could be gained there.";
            page.note = Some(says.to_owned());
        }
        if let Some(says) = self.no_rate(page.whole.1)? {
            page.note = Some(says);
        }
        Ok(page)
    }

    /// Of each intent by its name today: what failed or was handed over in each of the last thirteen fortnights, the oldest first. One
    /// pass over columns in memory.
    fn failing_by_intent(&self) -> Result<BTreeMap<String, Vec<Option<u64>>>> {
        let edges = self.fortnights()?;
        let none = self.since_it_began(vec![0; FORTNIGHTS as usize], &edges)?;
        let mut wanted = RowPredicate::default();
        wanted.and(Test::Active(edges[0]..ahead_of(self.now)), false);
        wanted.and(Test::codes(StateField::OUTCOME, [Outcome::Failed.code(), Outcome::Escalated.code()]), false);
        wanted.and(Test::Counted, false);
        let read =
            wanted.reads().and(ColumnSet::of(&[PackedColumn::LastAt, PackedColumn::State, PackedColumn::Matter]));
        let look = |seen: &mut BTreeMap<(u32, bool, usize), u64>, chunk: &Chunk, at: usize| {
            let (matter, fortnight) = (chunk.matter[at], edges.partition_point(|&e| e <= chunk.last_at[at]));
            let fell_back = matter == 0 && StateField::FALLBACK.of(chunk.state[at]) == 1;
            *seen.entry((matter, fell_back, fortnight)).or_default() += 1;
        };
        let add = |mut a: BTreeMap<(u32, bool, usize), u64>, b: BTreeMap<(u32, bool, usize), u64>| {
            b.into_iter().for_each(|(key, n)| *a.entry(key).or_default() += n);
            a
        };
        let counts = wanted.fold(&*self.store.columns(read)?, look, add);
        let names = self.store.intent_names()?;
        let mut out: BTreeMap<String, Vec<Option<u64>>> = BTreeMap::new();
        for ((matter, fell_back, fortnight), n) in counts {
            let name = match matter {
                0 if fell_back => FELL_BACK.0.to_owned(),
                0 => UNKNOWN.0.to_owned(),
                row => names.name(names.today(IntentId(row.into()))),
            };
            let line = out.entry(name).or_insert_with(|| none.clone());
            if let Some(Some(cell)) = fortnight.checked_sub(1).and_then(|f| line.get_mut(f)) {
                *cell += n;
            }
        }
        Ok(out)
    }

    fn outcomes(&self, what: &str) -> Result<[u64; 4]> {
        let of = |o: Outcome| self.count(&self.query(&format!("{what} outcome:{} {ENDED}", o.name())));
        Ok([of(Outcome::Resolved)?, of(Outcome::Escalated)?, of(Outcome::Failed)?, of(Outcome::Abandoned)?])
    }

    fn csat(&self, what: &str) -> Result<Option<Rate>> {
        let rated = self.count(&self.query(&format!("{what} {ENDED} csat>=1")))?;
        let good = self.count(&self.query(&format!("{what} {ENDED} csat>=3.5")))?;
        Ok((rated > 0).then(|| Rate::new(good, rated)))
    }

    pub(super) fn causes(&self) -> Result<PatternPage> {
        // What was rightly handed over failed for no cause (rule 44).
        let failures: Vec<Cause> = Cause::ALL.iter().copied().filter(|c| c.is_failure()).collect();
        let mut page = self
            .page("failed or were handed over and have a cause", &format!("{FAILURES} cause:{}", named(&failures)))?;
        let mut failures_by_cause: Vec<(Cause, u64)> = Vec::new();
        for cause in &failures {
            if let Some(line) = self.line(cause.label(), &format!("{FAILURES} cause:{}", cause.name()), page.whole.1)? {
                failures_by_cause.push((*cause, line.n));
                page.lines.push(PatternLine { repaired_by: Some(cause.repairer()), ..line });
            }
        }
        page.lines.sort_by(|a, b| b.n.cmp(&a.n).then(a.name.cmp(&b.name)));
        let mut so_far = 0;
        for line in &mut page.lines {
            so_far += line.n;
            line.cumulative = Some(so_far as f64 / page.whole.1.max(1) as f64);
        }
        self.put_modes(&mut page)?;
        if page.lines.is_empty() {
            let failures = self.count(&self.query(FAILURES))?;
            page.nothing = Some(match failures {
                0 => self.nothing("failed or were handed over")?,
                n => format!(
                    "{n} failed or were handed over, and nobody has said why yet: c shows them, and r there reviews them."
                ),
            });
        }
        if let Some(ceiling) = self.ceiling(&failures_by_cause)? {
            add_note(&mut page, ceiling);
        }
        let right = self.count(&self.query(&format!("{FAILURES} cause:{}", Cause::RightHandover.name())))?;
        if right > 0 {
            add_note(
                &mut page,
                format!("{right} more were rightly handed over, which is no failure: hand-overs lists them"),
            );
        }
        Ok(page)
    }

    /// What fine-tuning can repair at most, of the last four weeks, and how that moved over half a year (rule 36). A log without times
    /// is one period.
    fn ceiling(&self, causes: &[(Cause, u64)]) -> Result<Option<String>> {
        let (when, windows) = match self.store.newest(self.now)? {
            Some(newest) => (" of the last four weeks", self.store.causes_over_time(self.store.zone()?, newest)?),
            None => ("", vec![ReviewedCauses { causes: causes.to_vec(), ..ReviewedCauses::default() }]),
        };
        let Some(now) = windows.last().and_then(ReviewedCauses::ceiling) else { return Ok(None) };
        let percent = |share: f64| format!("{:.0} %", 100.0 * share);
        let over_time = windows.iter().map(|w| w.ceiling().and_then(|c| c.value()));
        let known: Vec<String> =
            over_time.skip_while(Option::is_none).map(|c| c.map_or_else(|| "–".to_owned(), percent)).collect();
        let trend = match known.as_slice() {
            [_] | [] => String::new(),
            all => format!("; every four weeks, the oldest first: {}", all.join(", ")),
        };
        Ok(Some(format!(
            "fine-tuning can repair at most {} of the reviewed failures{when} ({} of {}, {:.0} to {:.0} %){trend}",
            percent(now.value().unwrap_or_default()),
            count(now.num),
            count(now.den),
            100.0 * now.lo,
            100.0 * now.hi
        )))
    }

    /// Modes below the cause that they are a part of, also those in use that hold nothing, so that they can be renamed or retired;
    /// notes that propose more of them at the end, and whether there are more to find.
    fn put_modes(&self, page: &mut PatternPage) -> Result<()> {
        let modes = self.store.modes()?;
        let mut detections = self.store.detections()?;
        let whole = page.whole.1;
        let mut under: BTreeMap<&'static str, Vec<PatternLine>> = BTreeMap::new();
        for mode in modes.0.iter().filter(|m| m.merged_into.is_none()) {
            let what = format!("{FAILURES} mode:{}", quoted_name(&mode.name));
            let n = self.count(&self.query(&what))?;
            if n == 0 && !mode.is_active() {
                continue;
            }
            let name = match mode.is_active() {
                true => format!("mode: {}", mode.name),
                false => format!("mode: {} (retired)", mode.name),
            };
            let share = (whole > 0).then(|| n as f64 / whole as f64);
            let repaired_by = Some(mode.cause.repairer());
            let detection = detections.remove(&mode.id).map(Box::new);
            let query = self.query(&what);
            let line = PatternLine { name, n, share, query, repaired_by, detection, ..PatternLine::default() };
            under.entry(mode.cause.label()).or_default().push(line);
        }
        let mut lines = Vec::new();
        let put = |lines: &mut Vec<PatternLine>, mut modes: Vec<PatternLine>| {
            modes.sort_by(|a, b| b.n.cmp(&a.n).then(a.name.cmp(&b.name)));
            lines.extend(modes);
        };
        for cause in std::mem::take(&mut page.lines) {
            let own = under.remove(cause.name.as_str()).unwrap_or_default();
            lines.push(cause);
            put(&mut lines, own);
        }
        // Nothing failed for their cause in the period.
        under.into_values().for_each(|own| put(&mut lines, own));
        let in_use: Vec<String> = modes.in_use().iter().map(|m| quoted_name(&m.name)).collect();
        let in_no_mode = if in_use.is_empty() { String::new() } else { format!(" -mode:{}", in_use.join(",")) };
        for noted in self.store.proposed_modes()? {
            let pattern = noted.query.split(' ').next().unwrap_or_default();
            // What became a mode since the notes were grouped is no proposal any more.
            let line = self.line(&format!("notes: {}", noted.name), &format!("{FAILURES} {pattern}{in_no_mode}"), 0)?;
            lines.extend(line.map(|l| PatternLine {
                kind: Some(PatternKind::Noted),
                example: noted.example,
                causes: noted.cause.map(|c| (c, noted.n)).into_iter().collect(),
                ..l
            }));
        }
        let (has_modes, has_notes) =
            (!modes.in_use().is_empty(), lines.iter().any(|l| l.kind == Some(PatternKind::Noted)));
        page.lines = lines;
        // What there may be more of goes before how the list is read.
        if !modes.0.is_empty() {
            add_note(page, self.store.unseen_modes()?.words());
        }
        if has_modes || has_notes {
            let what = match (has_modes, has_notes) {
                (true, true) => "modes are a part of the cause above them, notes of any cause",
                (true, false) => "modes are a part of the cause above them",
                _ => "notes hold failures of the causes above",
            };
            add_note(page, what.to_owned());
        }
        Ok(())
    }

    /// What came back of the conversations of each cycle.
    fn returned_by_cycle(
        &self,
        page: &mut PatternPage,
        (back, resolved): (&RowPredicate, &RowPredicate),
    ) -> Result<()> {
        let whole = page.whole.1;
        for cycle in self.store.texts("SELECT name FROM cycle ORDER BY id DESC", &[])? {
            let of = format!("cycle:{}", quoted_name(&cycle));
            let of_cycle = self.wanted(&of)?;
            let count = |what: &RowPredicate| {
                let mut both = what.clone();
                both.and_all(&of_cycle);
                self.count_wanted(&both)
            };
            let (back, resolved) = (count(back)?, count(resolved)?);
            page.lines.extend(self.came_back(&format!("of cycle {cycle}"), &of, (back, resolved), whole));
        }
        Ok(())
    }

    /// A line of those who came back, of all that were resolved.
    fn came_back(&self, name: &str, of: &str, (back, resolved): (u64, u64), whole: u64) -> Option<PatternLine> {
        let line = self.line_of(name, &format!("{CAME_BACK} {of}"), back, whole)?;
        Some(PatternLine { failing: Some(Rate::new(line.n, resolved.max(line.n))), ..line })
    }

    pub(super) fn returned(&self) -> Result<PatternPage> {
        const WHOLE: &str = "were resolved, and the customer came back within seven days";
        if !self.store.names_customers()? {
            return Ok(self.without(WHOLE, NO_CUSTOMERS));
        }
        if self.days.is_none() {
            return Ok(self.without(WHOLE, NO_TIMES));
        }
        // Who came back is found out once: that reads all conversations of all customers.
        let (back, resolved) = (self.wanted(CAME_BACK)?, self.wanted(&format!("outcome:resolved {ENDED}"))?);
        let mut page = self.page_of(WHOLE, CAME_BACK, self.count_wanted(&back)?);
        let resolved_by_intent = self.by_intent(&resolved)?;
        for (name, n) in self.by_intent(&back)? {
            let resolved = resolved_by_intent.get(&name).copied().unwrap_or(0);
            let of = format!("intent:{}", quoted_name(&name));
            page.lines.extend(self.came_back(&name, &of, (n, resolved), page.whole.1));
        }
        page.lines.sort_by(|a, b| b.n.cmp(&a.n).then(a.name.cmp(&b.name)));
        let by_intent = page.lines.len();
        self.returned_by_cycle(&mut page, (&back, &resolved))?;
        if page.lines.len() > by_intent && by_intent > 0 {
            add_note(&mut page, "cycles count the same conversations once more, by when they were reviewed".to_owned());
        }
        Ok(page)
    }

    /// What customers came for by the accepted list of topics, else by the proposed one; the rest at the end. Topics of one first level
    /// stand together, the largest first. Nothing where there is no list.
    pub(super) fn topics(&self) -> Result<PatternPage> {
        let mut page = self.page("came in", "")?;
        let mut groups = match self.store.topic_list()? {
            Some(list) => list.groups,
            None => {
                page.is_proposed = true;
                self.store.proposed_topics(None)?
            }
        };
        if groups.is_empty() {
            return Ok(page);
        }
        let names = self.store.intent_names()?;
        groups.iter_mut().filter(|g| g.intent.0 > 0).for_each(|g| g.name = names.name(names.today(g.intent)));
        let mut levels: BTreeMap<String, u64> = BTreeMap::new();
        for group in groups {
            if page.lines.iter().any(|l| l.name == group.name) {
                continue;
            }
            let Some(line) = self.topic(&group.name, &quoted_name(&group.name), page.whole.1)? else { continue };
            *levels.entry(first_level(&line.name).to_owned()).or_default() += line.n;
            let (example, says) = (Some(group.example), Some(group.description).filter(|d| !d.is_empty()));
            page.lines.push(PatternLine { example, says, ..line });
        }
        page.lines.sort_by(|a, b| {
            let (first, other) = (first_level(&a.name), first_level(&b.name));
            let size = |level: &str| levels.get(level).copied().unwrap_or(0);
            let by_level = size(other).cmp(&size(first)).then(first.cmp(other));
            by_level.then(b.n.cmp(&a.n)).then(a.name.cmp(&b.name))
        });
        page.lines.extend(self.topic("on no topic yet", "none", page.whole.1)?);
        Ok(page)
    }

    fn topic(&self, name: &str, quoted: &str, whole: u64) -> Result<Option<PatternLine>> {
        let what = format!("topic:{quoted}");
        let Some(line) = self.line(name, &what, whole)? else { return Ok(None) };
        let failing = self.of_ended(
            self.count(&self.query(&format!("{what} {FAILURES}")))?,
            self.count(&self.query(&format!("{what} {ENDED}")))?,
        );
        Ok(Some(PatternLine { failing, ..line }))
    }
}

/// Adds a sentence to those that belong to the list.
fn add_note(page: &mut PatternPage, clause: String) {
    let mut letters = clause.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let sentence = format!("{first}{}.", letters.as_str());
    page.note = Some(page.note.take().map_or_else(|| sentence.clone(), |note| format!("{note} {sentence}")));
}

/// What stands before the slash in a topic's name; without one, the name.
fn first_level(name: &str) -> &str {
    name.split_once('/').map_or(name, |(first, _)| first)
}
