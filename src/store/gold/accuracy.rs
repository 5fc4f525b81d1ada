//! How right a release is on the sealed half of today's gold version, whatever it was compared with (rules 8, 12).

use crate::domain::{GoldVersion, Kind, Rate, ReleaseId, Timestamp, Zone};
use crate::learn::judge::scores::{Guess, right};
use crate::store::{AccuracyPoint, DoingWhat, GoldHalf, Result, Store, StoreError};
use rusqlite::params;

impl Store {
    /// Right turns of the newest gold version's sealed half; `None` without gold or without an intent model.
    ///
    /// Scored once for each release, gold version and state of the intent list, and kept.
    ///
    /// # Errors
    /// No such release; the store cannot be read.
    pub fn sealed_accuracy(&self, id: ReleaseId) -> Result<Option<Rate>> {
        let Some(version) = self.gold_version()? else { return Ok(None) };
        let key = self.scored_as(id, version)?;
        if let Some(rate) = self.scored(&key)? {
            return Ok(Some(rate));
        }
        if self.made_by(id)?.is_some() {
            return self.kept_accuracy(id, version);
        }
        let model = match self.artefact(id) {
            Ok(artefact) => artefact.intents,
            // A trend with a gap is worth more than none.
            Err(StoreError::Encoder(_)) => None,
            Err(e) => return Err(e),
        };
        let Some(model) = model else { return Ok(None) };
        let names = self.intent_names()?;
        let rate = self.score(version, |texts| {
            self.embed_for(&model, texts)?;
            Ok(model.predict_batch(texts).iter().map(|p| p.best().map(|(i, c)| (names.today(i), Some(c)))).collect())
        })?;
        if let Some(rate) = rate.filter(|_| !self.is_read_only()) {
            self.conn
                .execute(
                    "INSERT OR REPLACE INTO setting(key, value) VALUES (?, ?)",
                    params![key, format!("{}/{}", rate.num, rate.den)],
                )
                .doing("keeping an accuracy")?;
        }
        Ok(rate)
    }

    /// The same as far as nothing has to be computed for it.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn known_accuracy(&self, id: ReleaseId) -> Result<Option<Rate>> {
        let Some(version) = self.gold_version()? else { return Ok(None) };
        match self.made_by(id)? {
            Some(_) => self.kept_accuracy(id, version),
            None => self.scored(&self.scored_as(id, version)?),
        }
    }

    /// Under which key an accuracy is kept: what it rests on is part of it.
    fn scored_as(&self, id: ReleaseId, version: GoldVersion) -> Result<String> {
        let merged: i64 = self
            .conn
            .prepare_cached("SELECT coalesce(max(id), 0) FROM decision WHERE kind = ?")
            .and_then(|mut s| s.query_row([Kind::IntentState.code()], |r| r.get(0)))
            .doing("looking for changes of the intents")?;
        Ok(format!("sealed:{}:{}:{merged}", id.0, version.0))
    }

    fn scored(&self, key: &str) -> Result<Option<Rate>> {
        let kept = self.setting(key)?;
        let parts = kept.as_deref().and_then(|v| v.split_once('/'));
        Ok(parts.and_then(|(num, den)| Some(Rate::new(num.parse().ok()?, den.parse().ok()?))))
    }

    /// Of a release that something outside made: on the sealed turns that it has answered.
    fn kept_accuracy(&self, id: ReleaseId, version: GoldVersion) -> Result<Option<Rate>> {
        let (kept, names) = (self.kept_answers(id)?, self.intent_names()?);
        let items = self.gold_items(version)?;
        let answered = items.iter().filter(|i| i.half == GoldHalf::Sealed).filter_map(|i| {
            let (intent, _) = kept.get(&crate::store::turn_id(i.conversation, i.turn))?;
            let gold = Some(i.gold_today(&names)).filter(|g| !g.is_empty())?;
            Some(right(&gold, &intent.map(|i| (names.today(i), None))))
        });
        let (num, den) = answered.fold((0, 0), |(num, den), right| (num + u64::from(right), den + 1));
        Ok((den > 0).then(|| Rate::new(num, den)))
    }

    fn score(&self, version: GoldVersion, guesses: impl FnOnce(&[&str]) -> Result<Vec<Guess>>) -> Result<Option<Rate>> {
        let (names, mut items) = (self.intent_names()?, self.gold_items(version)?);
        items.retain(|i| i.half == GoldHalf::Sealed && !i.gold_today(&names).is_empty());
        let texts: Vec<&str> = items.iter().map(|i| i.text.as_str()).collect();
        let is_right = items.iter().zip(guesses(&texts)?).filter(|(i, g)| right(&i.gold_today(&names), g)).count();
        Ok((!items.is_empty()).then(|| Rate::new(is_right as u64, items.len() as u64)))
    }

    /// The same of what the logs predicted, on turns of sources that predict.
    pub(in crate::store) fn sealed_accuracy_of_log(&self) -> Result<Option<Rate>> {
        let Some(version) = self.gold_version()? else { return Ok(None) };
        let names = self.intent_names()?;
        let mut items = self.gold_items(version)?;
        items.retain(|i| i.half == GoldHalf::Sealed && i.source_predicts && !i.gold_today(&names).is_empty());
        let is_right = |i: &crate::store::GoldItem| {
            i.logged.is_some_and(|(said, _)| i.gold_today(&names).contains(&names.today(said)))
        };
        let num = items.iter().filter(|i| is_right(i)).count();
        Ok((!items.is_empty()).then(|| Rate::new(num as u64, items.len() as u64)))
    }

    /// The release that was live at a moment.
    pub(in crate::store) fn live_at(&self, at: Timestamp) -> Result<Option<ReleaseId>> {
        // 0: what was live was taken back, and nothing stood before it.
        let sql = "SELECT coalesce(CAST(after AS INTEGER), 0) FROM decision WHERE kind = ? AND at < ? ORDER BY id DESC LIMIT 1";
        Ok(self.ids(sql, &[&Kind::Live.code(), &at.0])?.first().filter(|i| **i > 0).map(|&i| ReleaseId(i)))
    }

    /// Releases that went live, in the order in which they first did, each on today's gold: the trend. Those that were made by themselves
    /// have the intents of another, and no point of their own (rule 48).
    pub(in crate::store) fn accuracy_points(&self, zone: Zone) -> Result<Vec<AccuracyPoint>> {
        let sql = "SELECT CAST(after AS INTEGER), min(at) FROM decision WHERE kind = ? AND after IS NOT NULL
            AND CAST(after AS INTEGER) NOT IN (SELECT id FROM release WHERE recipe LIKE 'learns %') GROUP BY after ORDER BY min(id)";
        let went_live: Vec<(i64, i64)> = self
            .conn
            .prepare_cached(sql)
            .and_then(|mut s| {
                s.query_map([Kind::Live.code()], |r| Ok((r.get(0)?, r.get(1)?))).and_then(Iterator::collect)
            })
            .doing("reading the promotions")?;
        let mut out = Vec::new();
        for (id, at) in went_live {
            if let Some(rate) = self.sealed_accuracy(ReleaseId(id))? {
                let accuracy = rate.value().unwrap_or_default();
                let week = zone.iso_week(Timestamp(at));
                out.push(AccuracyPoint { release: ReleaseId(id), week, accuracy, n: rate.den });
            }
        }
        Ok(out)
    }
}
