//! The offer model as a section of a release.

use super::coin::Coin;
use super::curve::BINS;
use super::example::BITS;
use super::lessons::Lessons;
use super::model::{OfferLift, OfferModel};
use super::ridge::Ridge;
use super::rules::OfferRules;
use crate::base::bytes::{ByteReader, ByteWriter, BytesError};
use crate::learn::contract::{Section, Tag};

const MAGIC: &[u8; 4] = b"APOF";
const NEWEST: u16 = OfferRules::Crossed.version();
/// Groups of unknown answers at most.
const MOST_CELLS: u32 = 1_000;

fn put(w: &mut ByteWriter, x: f64) {
    w.one(x.to_bits());
}

fn get(r: &mut ByteReader) -> Result<f64, BytesError> {
    let x = f64::from_bits(r.one()?);
    // What bets have lost never leaves the finite; infinities would be damage, but for the lift of one conversation.
    if x.is_nan() { Err(BytesError::Damaged("a weight is no number")) } else { Ok(x) }
}

fn put_coin(w: &mut ByteWriter, coin: &Coin) {
    [coin.drift, coin.sizes, coin.won, coin.largest].into_iter().for_each(|x| put(w, x));
}

fn get_coin(r: &mut ByteReader) -> Result<Coin, BytesError> {
    Ok(Coin { drift: get(r)?, sizes: get(r)?, won: get(r)?, largest: get(r)? })
}

fn get_place(r: &mut ByteReader) -> Result<usize, BytesError> {
    let place = r.one::<u32>()? as usize;
    if place < 1 << BITS { Ok(place) } else { Err(BytesError::Damaged("a feature is out of range")) }
}

fn put_ridge(w: &mut ByteWriter, ridge: &Ridge) {
    w.one(ridge.bias);
    w.one(ridge.weights.len() as u32);
    for (&place, &weight) in &ridge.weights {
        w.one(place);
        w.one(weight);
    }
}

fn get_ridge(r: &mut ByteReader) -> Result<Ridge, BytesError> {
    let mut ridge = Ridge { bias: r.one()?, ..Ridge::default() };
    for _ in 0..r.one::<u32>()? {
        let place = get_place(r)? as u32;
        ridge.weights.insert(place, r.one()?);
    }
    Ok(ridge)
}

fn put_lessons(w: &mut ByteWriter, lessons: &Lessons) {
    let all = lessons.combinations();
    w.one(all.len() as u32);
    w.one(all.first().map_or(0, |(words, _)| words.len()) as u32);
    for (words, weight) in all {
        w.list(words);
        put(w, *weight);
    }
}

fn get_lessons(r: &mut ByteReader) -> Result<Lessons, BytesError> {
    let (n, kinds) = (r.one::<u32>()?, r.one::<u32>()? as usize);
    let mut all = Vec::new();
    for _ in 0..n {
        let (words, weight) = (r.list(kinds)?, get(r)?);
        if weight <= 0.0 || weight.is_infinite() {
            return Err(BytesError::Damaged("an offer weighs nothing"));
        }
        all.push((words, weight));
    }
    Ok(Lessons::of(all))
}

/// Coins that were never tossed and features that were never seen are left out.
impl Section for OfferModel {
    const TAG: Tag = *b"OFFR";
    const MOST: u64 = 64 << 20;

    fn to_bytes(&self) -> std::io::Result<Vec<u8>> {
        let mut w = ByteWriter::new(MAGIC, self.rules.version());
        w.list(&[self.answers, self.accepted, self.lift.n]);
        [self.size, self.lift.mean, self.lift.lo, self.lift.hi].into_iter().for_each(|x| put(&mut w, x));
        self.bins.iter().for_each(|&(n, yes)| w.list(&[n, yes]));
        put_coin(&mut w, &self.constant);
        let used: Vec<(u32, &Coin)> = (0..).zip(&self.coins).filter(|(_, c)| **c != Coin::default()).collect();
        w.one(used.len() as u32);
        for (place, coin) in used {
            w.one(place);
            put_coin(&mut w, coin);
        }
        let seen: Vec<(u32, u32)> = (0..).zip(self.seen.iter().copied()).filter(|s| s.1 > 0).collect();
        w.one(seen.len() as u32);
        seen.iter().for_each(|&(place, n)| w.list(&[place, n]));
        put_ridge(&mut w, &self.ridge);
        if self.rules == OfferRules::Crossed {
            put_ridge(&mut w, &self.near);
            [self.nearness, self.wobble].into_iter().for_each(|x| put(&mut w, x));
            w.one(self.cells.len() as u32);
            self.cells.iter().flat_map(|&(said, n, yes)| [said, n, yes]).for_each(|x| put(&mut w, x));
            put_lessons(&mut w, &self.lessons);
        }
        Ok(w.0)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, BytesError> {
        let what = "an offer model";
        let (mut r, rules) = match ByteReader::new(bytes, MAGIC, NEWEST, what) {
            Err(BytesError::Version { found, .. }) if OfferRules::of_version(found).is_some() => {
                (ByteReader::new(bytes, MAGIC, found, what)?, OfferRules::of_version(found).unwrap_or_default())
            }
            other => (other?, OfferRules::Crossed),
        };
        let mut model = Self { answers: r.one()?, accepted: r.one()?, rules, ..Self::default() };
        let n = r.one()?;
        model.size = get(&mut r)?;
        model.lift = OfferLift { n, mean: get(&mut r)?, lo: get(&mut r)?, hi: get(&mut r)? };
        for bin in 0..BINS {
            model.bins[bin] = (r.one()?, r.one()?);
        }
        model.constant = get_coin(&mut r)?;
        for _ in 0..r.one::<u32>()? {
            let place = get_place(&mut r)?;
            model.coins[place] = get_coin(&mut r)?;
        }
        for _ in 0..r.one::<u32>()? {
            let place = get_place(&mut r)?;
            model.seen[place] = r.one()?;
        }
        model.ridge = get_ridge(&mut r)?;
        if rules == OfferRules::Crossed {
            model.near = get_ridge(&mut r)?;
            model.nearness = get(&mut r)?;
            model.wobble = get(&mut r)?;
            let cells = r.one::<u32>()?;
            if cells > MOST_CELLS {
                return Err(BytesError::Damaged("too many groups of answers"));
            }
            for _ in 0..cells {
                model.cells.push((get(&mut r)?, get(&mut r)?, get(&mut r)?));
            }
            // Those of before keep none, and tell what leaves something out as they did.
            if !r.is_empty() {
                model.lessons = get_lessons(&mut r)?;
            }
        }
        r.end()?;
        model.settle_what_is_told();
        Ok(model)
    }
}
