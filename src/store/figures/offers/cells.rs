//! What became of what was offered, counted by offer and by what the conversation is.

use crate::domain::{GroupedCount, Kind};
use crate::store::codes::{ACCEPTED, DECLINED, IGNORED};
use crate::store::conversations::sampling::{JOIN_SAMPLED, STANDS_FOR};
use crate::store::conversations::write::LANGUAGE_SQL;
use crate::store::releases::lessons::OFFERED_SQL;
use crate::store::{DoingWhat, Result, Store};
use crate::text::language::GREEK_IN_LATIN;
use std::collections::BTreeMap;

/// Conversations with one offer.
#[derive(Clone, Debug, Default)]
pub(super) struct OfferCell {
    /// Accepted, declined, ignored, open: with all that they stand for.
    pub ends: [f64; 4],
    /// Those that were answered, by customer.
    pub answered: GroupedCount,
    /// Those that are stored, answered or not, ...
    pub stored: u64,
    /// ...and in which it was offered more than once.
    pub repeated: u64,
}

impl OfferCell {
    /// Counts a conversation.
    pub fn add(&mut self, seen: &OfferSeen) {
        self.ends[seen.end] += seen.weight;
        self.stored += 1;
        self.repeated += u64::from(seen.times > 1);
        if seen.end < OPEN {
            self.answered.add(seen.customer, seen.weight, seen.end == 0);
        }
    }

    /// Counts all that another has counted.
    pub fn add_all(&mut self, other: &Self) {
        self.ends.iter_mut().zip(other.ends).for_each(|(sum, n)| *sum += n);
        self.answered.add_all(&other.answered);
        self.stored += other.stored;
        self.repeated += other.repeated;
    }
}

/// The place of what has no end among [`OfferCell::ends`].
const OPEN: usize = 3;

/// An offer in a conversation.
pub(super) struct OfferSeen {
    /// What became of it, as a place among [`OfferCell::ends`].
    pub end: usize,
    /// How often it was offered there.
    pub times: i64,
    /// Whose conversation it is.
    pub customer: i64,
    /// How many of its kind it stands for.
    pub weight: f64,
}

/// What was offered, and what a conversation with it is beside.
#[derive(Default)]
pub(super) struct OfferCells {
    /// All of them.
    pub whole: OfferCell,
    /// By filter and value.
    pub parts: BTreeMap<(&'static str, String), OfferCell>,
}

impl Store {
    /// By the offer's name. Reads every offer once.
    pub(super) fn offer_cells(&self) -> Result<BTreeMap<String, OfferCells>> {
        let names = self.intent_names()?;
        let intent = Kind::Intent.code();
        let offered = &*OFFERED_SQL;
        let sql = format!(
            "SELECT x.name, x.status, x.times, c.grp, {STANDS_FOR}, h.text, n.text,
                coalesce((SELECT CAST(l.value AS INTEGER) FROM current l
                    WHERE l.subject = c.id AND l.kind = {intent} AND l.turn = c.first_turn), c.first_intent)
             FROM ({offered}) x JOIN conversation c ON c.id = x.conversation{JOIN_SAMPLED}
             LEFT JOIN term h ON h.id = c.channel LEFT JOIN term n ON n.id = {LANGUAGE_SQL}"
        );
        let doing = "counting offers";
        let mut s = self.conn.prepare_cached(&sql).doing(doing)?;
        let mut rows = s.query([]).doing(doing)?;
        let mut out: BTreeMap<String, OfferCells> = BTreeMap::new();
        while let Some(r) = rows.next().doing(doing)? {
            let read = || -> rusqlite::Result<_> {
                let end = match r.get::<_, i64>(1)? {
                    ACCEPTED => 0,
                    DECLINED => 1,
                    IGNORED => 2,
                    _ => OPEN,
                };
                let seen = OfferSeen { end, times: r.get(2)?, customer: r.get(3)?, weight: r.get(4)? };
                let (channel, lang): (Option<String>, Option<String>) = (r.get(5)?, r.get(6)?);
                Ok((r.get::<_, String>(0)?, seen, channel, lang, r.get::<_, Option<i64>>(7)?))
            };
            let (name, seen, channel, lang, matter) = read().doing(doing)?;
            let cells = out.entry(name).or_default();
            cells.whole.add(&seen);
            let mut part = |key: &'static str, value: String| cells.parts.entry((key, value)).or_default().add(&seen);
            channel.into_iter().for_each(|value| part("channel", value));
            if let Some(lang) = lang {
                // Greek is Greek in whichever letters (rule 50).
                if lang.eq_ignore_ascii_case(GREEK_IN_LATIN) {
                    part("lang", "el".to_owned());
                }
                part("lang", lang);
            }
            if let Some(matter) = matter {
                part("intent", names.name(names.today(crate::domain::IntentId(matter))));
            }
        }
        Ok(out)
    }
}
