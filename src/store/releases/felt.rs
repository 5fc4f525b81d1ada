//! How conversations end for their customers, as the live release's section reads them, kept beside each: renewed like predictions.

use crate::base::bytes::BytesError;
use crate::domain::{ConversationId, ReleaseId};
use crate::learn::contract::Section;
use crate::learn::offers::{OfferLift, OfferModel};
use crate::learn::release::artefact::sha256;
use crate::learn::sentiment::SentimentModel;
use crate::learn::sentiment::heard::FeltEnd;
use crate::store::{DoingWhat, LearnerKind, Result, Store, StoreError};
use rusqlite::params;
use std::cell::RefCell;
use std::sync::Arc;

/// Conversations a transaction.
const BATCH: usize = 200;

/// Another number here has what is kept read anew: `learn/sentiment/heard.rs` says what a model's word comes to.
const HOW_IT_IS_TAKEN: u8 = 5;

/// As finely a chance is kept: more tells no more of many, and a column of them takes a byte each.
pub(in crate::store) const CHANCES: u32 = 200;

/// A model that reads how customers feel, and its number: the beginning of a digest of it.
pub type Reading = (i64, Arc<SentimentModel>);

/// The live release's, with that release.
#[derive(Default)]
struct LiveReading(RefCell<Option<(ReleaseId, Option<Reading>)>>);

/// How far the live release is with reading how customers feel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeltSoFar {
    /// Conversations that it has read.
    pub read: u64,
    /// All of the store.
    pub all: u64,
    /// Of those that it has not read those that count as they were read before: by another release, or by rules of before.
    pub before: u64,
}

impl FeltSoFar {
    /// It has read all.
    pub const fn is_done(self) -> bool {
        self.read == self.all
    }

    /// How many are read and as what the others count, in a sentence without its stop; `None`: all are read.
    pub fn words(self, count: impl Fn(u64) -> String) -> Option<String> {
        let left = self.all - self.read;
        let others = match self.before {
            0 => String::new(),
            before if before == left => "; others count as read before".to_owned(),
            before => format!("; {} others count as read before", count(before)),
        };
        let so_far = || format!("so far {} of {} conversations are read{others}", count(self.read), count(self.all));
        (left > 0).then(so_far)
    }
}

/// What the live release has learnt of what customers show by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LiveLearned {
    /// It tells how customers feel.
    pub feels: bool,
    /// Whether it tells single offers' chances; `None`: it has learnt nothing of offers.
    pub offers: Option<OfferChances>,
}

/// Whether the chances of single offers are told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OfferChances {
    /// They are: the loss lies by so much below that of the rate of all offers.
    Told(OfferLift),
    /// They did not surely do better than that rate.
    Unsure,
    /// What they were learnt from was written after the answers, by whomever they were made live.
    TooGood,
}

impl OfferChances {
    /// Whether they are.
    pub const fn are_told(self) -> bool {
        matches!(self, Self::Told(_))
    }
}

/// A model of offers: what it gained when it was learnt, and where it is noted what it gained since.
#[derive(Clone, Debug)]
pub struct KnownOffers {
    then: OfferLift,
    key: String,
    /// A release that learnt it was judged to be too good to be true.
    is_too_good: bool,
}

/// Under this it is noted what a model gains: the same in every release that carries it.
fn lift_key(model: &OfferModel) -> Result<String> {
    let bytes = model.to_bytes().map_err(|e| StoreError::Damaged(format!("a model cannot be packed ({e})")))?;
    Ok(format!("lift:{}", &sha256(&bytes)[..16]))
}

/// That release, whether it tells how customers feel, and its model of offers.
type KnownOfLive = (ReleaseId, bool, Option<KnownOffers>);

#[derive(Default)]
struct Known(RefCell<Option<KnownOfLive>>);

impl Store {
    /// Whether the live release tells how customers feel, and chances of single offers.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn live_learned(&self) -> Result<LiveLearned> {
        let Some(live) = self.live()? else { return Ok(LiveLearned::default()) };
        let kept = &self.kept.of::<Known>().0;
        if kept.borrow().as_ref().is_none_or(|known| known.0 != live) {
            let sections = self.learned_sections(live)?;
            let offers = sections.offers.as_ref().map(|model| self.known_offers(model)).transpose()?;
            *kept.borrow_mut() = Some((live, sections.sentiment.is_some(), offers));
        }
        let known = kept.borrow().clone();
        let Some((_, feels, offers)) = known else { return Ok(LiveLearned::default()) };
        Ok(LiveLearned { feels, offers: offers.map(|known| self.offer_chances(&known)).transpose()? })
    }

    /// What is known of a model of offers. Unpacks the releases whose verdict was that they are too good to be true.
    ///
    /// # Errors
    /// It cannot be packed; the store cannot be read.
    pub fn known_offers(&self, model: &OfferModel) -> Result<KnownOffers> {
        let mut is_too_good = false;
        for row in self.learned_by(LearnerKind::Offers)?.iter().filter(|row| row.report.is_too_good()) {
            is_too_good |= self.learned_sections(row.release)?.offers.as_ref() == Some(model);
        }
        Ok(KnownOffers { then: model.lift(), key: lift_key(model)?, is_too_good })
    }

    /// Whether a model's chances are told: not where a release that learnt it was too good to be true, nor where it does not surely do
    /// better than the rate of all offers, as it was found when it was learnt and on the answers that it was judged by last.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn offer_chances(&self, known: &KnownOffers) -> Result<OfferChances> {
        if known.is_too_good {
            return Ok(OfferChances::TooGood);
        }
        let read = |text: String| {
            let (n, mean, lo, hi) = serde_json::from_str(&text)
                .map_err(|e| StoreError::Damaged(format!("how a model of offers does cannot be read ({e})")))?;
            Ok::<_, StoreError>(OfferLift { mean, lo, hi, n })
        };
        let since = self.setting(&known.key)?.map(read).transpose()?;
        let is_sure = known.then.is_sure() && since.is_none_or(OfferLift::is_sure);
        Ok(if is_sure { OfferChances::Told(since.unwrap_or(known.then)) } else { OfferChances::Unsure })
    }

    /// Notes by how much a model of offers does better than the rate of answers that it had not heard. The next look takes its place.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn note_lift(&self, model: &OfferModel, lift: OfferLift) -> Result<()> {
        let value = serde_json::to_string(&(lift.n, lift.mean, lift.lo, lift.hi))
            .map_err(|e| StoreError::Damaged(e.to_string()))?;
        self.conn
            .execute("INSERT OR REPLACE INTO setting(key, value) VALUES (?, ?)", params![lift_key(model)?, value])
            .map(drop)
            .doing("noting how a model of offers does")
    }

    /// What tells how customers feel in the live release; `None` where it has learnt nothing of it.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn live_reading(&self) -> Result<Option<Reading>> {
        let Some(live) = self.live()? else { return Ok(None) };
        if let Some((id, reading)) = &*self.kept.of::<LiveReading>().0.borrow()
            && *id == live
        {
            return Ok(reading.clone());
        }
        // Where nothing was ever learnt, nothing has to be unpacked to say so.
        let any = !self.ids("SELECT 1 FROM release WHERE recipe = 'learns sentiment' LIMIT 1", &[])?.is_empty();
        let model = if any { self.learned_sections(live)?.sentiment } else { None };
        let number = |model: &SentimentModel| -> std::result::Result<i64, BytesError> {
            let mut bytes = model.to_bytes().map_err(|_| BytesError::Damaged("a model cannot be packed"))?;
            bytes.push(HOW_IT_IS_TAKEN);
            // Twelve digits: never negative.
            i64::from_str_radix(&sha256(&bytes)[..12], 16).map_err(|_| BytesError::Damaged("a digest is no number"))
        };
        let reading = model.and_then(|m| number(&m).ok().map(|n| (n, Arc::new(m))));
        *self.kept.of::<LiveReading>().0.borrow_mut() = Some((live, reading.clone()));
        Ok(reading)
    }

    /// Conversations that the live release has not read for how they end, or that one without such a section left behind.
    fn unfelt_conditions(&self) -> Result<Vec<String>> {
        Ok(match self.live_reading()? {
            Some((by, _)) => {
                vec!["felt_by IS NULL".to_owned(), format!("felt_by < {by}"), format!("felt_by > {by}")]
            }
            None => vec!["felt_by IS NOT NULL".to_owned()],
        })
    }

    /// Whether there are any. Costs three seeks.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn is_unfelt(&self) -> Result<bool> {
        for condition in self.unfelt_conditions()? {
            if !self.ids(&format!("SELECT 1 FROM conversation WHERE {condition} LIMIT 1"), &[])?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How many there are.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn unfelt(&self) -> Result<u64> {
        let count = |condition: &String| {
            self.ids(&format!("SELECT count(*) FROM conversation WHERE {condition}"), &[])
                .map(|n| n.iter().sum::<i64>())
        };
        Ok(self.unfelt_conditions()?.iter().map(count).sum::<Result<i64>>()?.max(0) as u64)
    }

    /// How far the live release is; where none tells how customers feel there is nothing to read.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn felt_so_far(&self) -> Result<FeltSoFar> {
        let count = |condition: &str| -> Result<u64> {
            let n = self.ids(&format!("SELECT count(*) FROM conversation{condition}"), &[])?;
            Ok(n.first().map_or(0, |n| n.unsigned_abs()))
        };
        let (all, left) = (count("")?, self.left_to_feel()?);
        let before = if left > 0 { left.saturating_sub(count(" WHERE felt_by IS NULL")?) } else { 0 };
        Ok(FeltSoFar { read: all.saturating_sub(left), all, before })
    }

    /// How many conversations the live release has not read, where it tells how customers feel. 0 where it does not.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn left_to_feel(&self) -> Result<u64> {
        if self.live_reading()?.is_some() { self.unfelt() } else { Ok(0) }
    }

    /// The next of them, the newest rows first of what nobody has read.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn unfelt_batch(&self) -> Result<Vec<ConversationId>> {
        for condition in self.unfelt_conditions()? {
            let sql = format!("SELECT id FROM conversation WHERE {condition} ORDER BY felt_by, id DESC LIMIT {BATCH}");
            let found = self.ids(&sql, &[])?;
            if !found.is_empty() {
                return Ok(found.into_iter().map(ConversationId).collect());
            }
        }
        Ok(Vec::new())
    }

    /// Keeps how conversations end, by which model (`None`: none says it any more).
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn keep_felt(&mut self, by: Option<i64>, ends: &[(ConversationId, Option<FeltEnd>)]) -> Result<()> {
        self.immediate("keeping how conversations end", |store| {
            let names = store.intent_names()?;
            for (id, end) in ends {
                let felt = end.map(|e| e.felt);
                let chance = end.and_then(|e| e.chance).map(|p| (p * f64::from(CHANCES)).round() as i64);
                let bad = |sql: &str| -> Result<bool> { Ok(!store.ids(sql, &[&id.0])?.is_empty()) };
                let before = bad("SELECT 1 FROM conversation WHERE id = ? AND felt < 0")?;
                store
                    .conn
                    .prepare_cached("UPDATE conversation SET felt = ?, felt_by = ?, felt_chance = ? WHERE id = ?")
                    .and_then(|mut s| s.execute(params![felt, by, chance, id.0]))
                    .doing("keeping how a conversation ends")?;
                // It is one of the signs that make a mismatch.
                if before != felt.is_some_and(|f| f < 0.0) {
                    store.refresh_with(*id, &names)?;
                }
            }
            Ok(())
        })
    }
}
