//! Which language those are answered in who write in another.

use crate::text::language::will_do;
use std::collections::BTreeMap;

/// From the languages of what customers wrote and of what the AI said to it: by the former the one that most of them heard, where that is
/// none that will do.
pub(super) fn answered_in<'a>(said: impl Iterator<Item = (&'a str, &'a str)>) -> BTreeMap<String, String> {
    let mut heard: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    said.for_each(|(asked, language)| *heard.entry(asked).or_default().entry(language).or_default() += 1);
    let mut out = BTreeMap::new();
    for (asked, said) in heard {
        let all: u64 = said.values().sum();
        let others = said.into_iter().filter(|(language, _)| !will_do(language, asked));
        if let Some((language, _)) = others.max_by_key(|(_, n)| *n).filter(|(_, n)| 2 * n > all) {
            out.insert(asked.to_owned(), language.to_owned());
        }
    }
    out
}
