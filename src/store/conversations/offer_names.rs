//! One spelling of an offer's name: of `Gold`, `gold` and `GOLD ` the first that was stored.

use crate::store::{DoingWhat, Result, Store};
use crate::text::fold;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::cell::RefCell;

/// Where there are more names than this, they are no names of offers: they stand as they came.
const MOST: usize = 20_000;

/// Spellings by what they are apart from case, accents and blanks; `None`: not read from the store yet.
#[derive(Default)]
pub(in crate::store) struct OfferSpellings(RefCell<Option<FxHashMap<String, String>>>);

impl Store {
    /// How an offer's name is spelt here; from now on, where it is new.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(super) fn spelt_as_known<'a>(&self, name: &'a str) -> Result<Cow<'a, str>> {
        let kept = self.names.of::<OfferSpellings>();
        if kept.0.borrow().is_none() {
            *kept.0.borrow_mut() = Some(self.offer_spellings()?);
        }
        let mut kept = kept.0.borrow_mut();
        let Some(known) = kept.as_mut() else { return Ok(Cow::Borrowed(name)) };
        let key = key_of(name);
        match known.get(&key) {
            Some(spelt) if spelt == name => Ok(Cow::Borrowed(name)),
            Some(spelt) => Ok(Cow::Owned(spelt.clone())),
            None => {
                if known.len() < MOST {
                    known.insert(key, name.to_owned());
                }
                Ok(Cow::Borrowed(name))
            }
        }
    }

    /// Of names that are stored in several spellings the one that was stored first.
    fn offer_spellings(&self) -> Result<FxHashMap<String, String>> {
        let sql = "SELECT name FROM offer GROUP BY name ORDER BY min(conversation), min(place) LIMIT ?";
        let names: Vec<String> = self
            .conn
            .prepare_cached(sql)
            .and_then(|mut s| s.query_map([MOST as i64], |r| r.get(0)).and_then(Iterator::collect))
            .doing("reading the names of offers")?;
        let mut out = FxHashMap::default();
        for name in names {
            out.entry(key_of(&name)).or_insert(name);
        }
        Ok(out)
    }
}

fn key_of(name: &str) -> String {
    fold::fold(name).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use crate::domain::{Conversation, Offer, OfferStatus, Role, Timestamp, Turn};
    use crate::store::{Founding, OnDuplicate, Store};
    use serde_json::Map;

    fn offered(id: &str, name: &str) -> Conversation {
        let mut c = Conversation::new("shop", id, vec![Turn::new(Role::Bot, "Would you like it?")]);
        c.offers = vec![Offer {
            id: None,
            name: name.to_owned(),
            turn: None,
            status: OfferStatus::Accepted,
            shown_at: None,
            value: None,
            currency: None,
            meta: Map::new(),
        }];
        c
    }

    #[test]
    fn an_offer_is_spelt_as_it_was_first_in_one_import_and_in_later_ones() {
        let now = Timestamp(1_790_000_000_000);
        let store = Store::in_memory(Founding { seed: 1, test_share: 0.0, now }).unwrap();
        let names = || -> Vec<String> {
            let mut s = store.conn.prepare("SELECT name FROM offer ORDER BY conversation").unwrap();
            s.query_map([], |r| r.get(0)).unwrap().map(|name| name.unwrap()).collect()
        };
        let put = |id: &str, name: &str| {
            let c = offered(id, name);
            let hash = format!("{c:?}").into_bytes();
            store.immediate("test", |s| s.put(&c, &hash, now, OnDuplicate::Update, &mut None)).unwrap();
        };
        put("a", "Gold");
        put("b", "gold");
        put("c", "Κάρτα  Χρυσή");
        // Another program knows only what is stored.
        store.names.forget();
        put("d", "ΚΑΡΤΑ ΧΡΥΣΗ");
        put("e", "GOLD ");
        put("f", "Golden");
        assert_eq!(names(), ["Gold", "Gold", "Κάρτα  Χρυσή", "Κάρτα  Χρυσή", "Gold", "Golden"]);
        // What comes again as it was is the same.
        put("b", "gold");
        assert_eq!(names()[1], "Gold");
    }
}
