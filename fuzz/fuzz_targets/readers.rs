//! Logs of any bytes. The first byte says how they are read: the format told or asked for, the order of dates, pseudonyms, the
//! longest record. What must hold, beside that nothing panics:
//!
//! - everything is read, and nothing comes after the end;
//! - what comes is valid ([`appraise_fuzz::read`]), reads again from the canonical format as the same, and is as much as the
//!   summary says;
//! - the same bytes give the same in whatever pieces they come;
//! - with pseudonyms no customer is called what the log calls them.

#![no_main]

use appraise::domain::Zone;
use appraise::ingest::{DateOrder, Item, Options, Reject, Salt, pseudonym};
use appraise_fuzz::read::{NOW, all, stream};
use libfuzzer_sys::fuzz_target;

const FORMATS: [Option<&str>; 4] = [None, Some("canonical"), Some("csv"), Some("auto")];
const ORDERS: [Option<DateOrder>; 2] = [None, Some(DateOrder::DayFirst)];
const LONGEST: [usize; 4] = [1 << 20, 40, 400, 4_000];

fuzz_target!(|input: &[u8]| {
    let Some((&how, log)) = input.split_first() else { return };
    let how = usize::from(how);
    let options = Options {
        from: FORMATS[how % 4].map(str::to_owned),
        date_order: ORDERS[how / 4 % 2],
        max_line: LONGEST[how / 8 % 4],
        pseudonymise: (how & 32 != 0).then(|| Salt(b"salt".to_vec())),
        source: (how & 64 != 0).then(|| "named".to_owned()),
        tz: if how & 128 != 0 { "Europe/Nicosia".parse().expect("a zone") } else { Zone::default() },
        ..Options::new(NOW)
    };
    let whole = all(stream(log, usize::MAX), options.clone());
    let pieces = all(stream(log, 1 + how % 7), options.clone());
    let Some((items, summary)) = whole else {
        assert!(pieces.is_none());
        return;
    };
    let pieces = pieces.expect("the same can be read");
    if is_broken_off(&items) {
        // How much of what is packed comes out before the damage depends on the pieces.
        assert!(is_broken_off(&pieces.0));
    } else {
        assert_eq!((&items, &summary), (&pieces.0, &pieces.1));
        assert_eq!(summary.bytes, log.len() as u64);
    }
    if let Some(salt) = options.pseudonymise.clone() {
        let (plain, _) =
            all(stream(log, usize::MAX), Options { pseudonymise: None, ..options }).expect("it was read before");
        pseudonyms(&salt, &plain, &items);
    }
});

/// Whether the log could not be read to its end.
fn is_broken_off(items: &[Item]) -> bool {
    let broken = |r: &Reject| r.reason.contains("from here on") || r.reason.contains("is cut off here");
    matches!(items.last(), Some(Item::Reject(reject)) if broken(reject))
}

/// Every customer has the pseudonym that the salt gives, and nothing else has changed.
fn pseudonyms(salt: &Salt, plain: &[Item], hidden: &[Item]) {
    assert_eq!(plain.len(), hidden.len());
    for pair in plain.iter().zip(hidden) {
        match pair {
            (Item::Conversation { conversation: a, .. }, Item::Conversation { conversation: b, .. }) => {
                let mut a = a.clone();
                a.customer_id = a.customer_id.map(|id| pseudonym(salt, &id));
                assert_eq!(&a, b);
            }
            (a, b) => assert_eq!(a, b),
        }
    }
}
