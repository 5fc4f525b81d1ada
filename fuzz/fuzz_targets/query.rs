//! Queries as they are typed. What must hold, beside that nothing panics:
//!
//! - what is read is written as text that reads as the same query;
//! - places of terms, of errors and of what is completed lie inside the text, between characters, in order;
//! - every beginning of it is read or refused, as it is while somebody types;
//! - a small store answers it or says which part it has no answer to; pages and counts agree.

#![no_main]

use appraise::domain::query::QuerySlot;
use appraise::domain::{ConversationId, Query, QueueOrder};
use appraise::store::{Page, PageStart, Store, StoreError};
use appraise_fuzz::read::NOW;
use appraise_fuzz::small;
use libfuzzer_sys::fuzz_target;
use std::ops::Range;

/// Rows of a page: fewer than most queries find.
const ROWS: usize = 7;
/// Bytes of a query that anybody would type; a longer one is only read.
const TYPED: usize = 200;

thread_local! {
    static STORE: (tempfile::TempDir, Store) = {
        let dir = small::dir();
        let store = small::make(&dir.path().join("s.db"));
        (dir, store)
    };
}

fuzz_target!(|input: &[u8]| {
    let text = String::from_utf8_lossy(input);
    let read = Query::parse(&text);
    let places = Query::places(&text);
    if text.len() <= TYPED {
        typed(&text);
    }
    match read {
        Err(e) => {
            assert!(places.is_empty());
            inside(&text, &e.at);
            assert!(!e.message.is_empty());
        }
        Ok(query) => {
            assert_eq!(places.len(), query.terms.len());
            places.iter().for_each(|at| inside(&text, at));
            assert!(places.windows(2).all(|w| w[0].end <= w[1].start), "{text:?}: {places:?}");
            let shown = query.to_string();
            assert_eq!(Query::parse(&shown).as_ref(), Ok(&query), "{text:?} {shown:?}");
            STORE.with(|(_, store)| answered(store, &query));
        }
    }
});

fn inside(text: &str, at: &Range<usize>) {
    assert!(text.get(at.clone()).is_some(), "{at:?} of {text:?}");
}

/// What completion sees at every place of the cursor, and the parser at every stroke.
fn typed(text: &str) {
    for (cursor, _) in text.char_indices().chain([(text.len(), ' ')]) {
        let _ = Query::parse(&text[..cursor]);
        if let Some(slot) = QuerySlot::find(text, cursor) {
            inside(text, &slot.at);
            assert!(slot.at.start <= cursor && cursor <= slot.at.end, "{text:?} at {cursor}: {slot:?}");
        }
    }
}

fn answered(store: &Store, query: &Query) {
    let count = match store.queue_count(query, NOW) {
        Ok(count) => count,
        Err(e) => {
            // A query is a person's: what it names may be missing, and nothing else may be wrong.
            assert!(matches!(e, StoreError::Refused(_) | StoreError::NotFound { .. }), "{query}: {e}");
            let blamed = store.unanswerable(query, QueueOrder::NEWEST, NOW);
            assert!(blamed.is_some_and(|b| b.term < query.terms.len()), "{query}: {e}");
            return;
        }
    };
    assert!(store.unanswerable(query, QueueOrder::NEWEST, NOW).is_none(), "{query}");
    for sort in [QueueOrder::VALUE, QueueOrder::NEWEST, QueueOrder::CONFIDENCE, QueueOrder::RELEVANCE] {
        assert_eq!(walked(store, query, sort), count, "{query} by {sort}");
    }
    store.queue_first(query, QueueOrder::NEWEST, ROWS, NOW, || true).expect("what was answered before");
    let reviewed = store.queue_count(&query.for_review(), NOW).expect("what was answered before");
    assert!(reviewed <= count, "{query}");
}

/// How many rows all pages have together, none of them twice.
fn walked(store: &Store, query: &Query, sort: QueueOrder) -> u64 {
    let (mut seen, mut place) = (Vec::<ConversationId>::new(), PageStart::Start);
    loop {
        let page: Page = store.queue_page(query, sort, place, ROWS, NOW).expect("what was counted before");
        assert!(page.rows.len() <= ROWS && page.rows.iter().all(|row| !seen.contains(&row.n)), "{query}");
        seen.extend(page.rows.iter().map(|row| row.n));
        match page.rows.last() {
            Some(last) if page.after => place = PageStart::After(last.cursor),
            _ => return seen.len() as u64,
        }
    }
}
