//! Saved views on the command line.

use crate::base::did_you_mean::nearest;
use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Usage;
use crate::cli::frame::query;
use crate::cli::output::figures::count;
use crate::cli::output::table::WordTable;
use crate::domain::Query;
use crate::domain::query::views;
use crate::domain::query::views::{View, ViewContext};
use crate::store::Store;
use crate::text;
use anyhow::Result;
use serde_json::json;

/// Shipped views, and those of whoever asks.
fn all(cx: &Cx, store: &Store) -> Result<Vec<View>> {
    let saved = store.recall(cx.reviewer(), views::KEPT_AS)?.map(|k| views::read_saved(&k)).unwrap_or_default();
    let (newest, zone) = (store.newest(cx.now)?, store.zone()?);
    Ok(views::all(&saved, &ViewContext { now: cx.now, newest, zone, me: cx.reviewer() }))
}

/// The view of a name, without regard to case.
pub(in crate::cli) fn find(cx: &Cx, store: &Store, name: &str) -> Result<View> {
    let all = all(cx, store)?;
    let near = nearest(name, all.iter().map(|v| v.name.as_str())).map(str::to_owned);
    all.into_iter().find(|v| v.name.to_lowercase() == name.to_lowercase()).ok_or_else(|| {
        let hint = near.map(|n| format!("did you mean {n:?}? ")).unwrap_or_default();
        Usage::because(format!("no view called {name:?}; {hint}`appraise queue --views` lists them"))
    })
}

/// What a view finds, narrowed down by more terms.
pub(in crate::cli) fn narrowed(view: &View, more: Query) -> Result<Query> {
    let mut query = query::parse(&view.query)?;
    query.terms.extend(more.terms);
    Ok(query)
}

/// Prints all views with their counts.
pub(in crate::cli) fn list(cx: &mut Cx) -> Result<()> {
    let store = cx.store()?;
    let all = all(cx, &store)?;
    let found: Vec<Option<u64>> =
        all.iter().map(|v| Query::parse(&v.query).ok().and_then(|q| store.queue_known(&q, cx.now).ok())).collect();
    if cx.json {
        let rows = all.iter().zip(&found).map(|(v, n)| {
            json!({"name": v.name, "query": v.query, "sort": v.sort.to_string(), "count": n, "own": v.own, "note": v.note})
        });
        return cx.out.json(&rows.collect::<Vec<_>>());
    }
    let mut table = WordTable::new(&["view", ">count", "order", "query"]);
    for (v, n) in all.iter().zip(found) {
        let note = v.note.as_ref().map(|n| format!(" ({n})")).unwrap_or_default();
        let name = format!("{}{note}", text::clean(&v.name));
        table.row([name, n.map_or("–".to_owned(), count), v.sort.to_string(), v.query.clone()]);
    }
    table.print(&mut cx.out)
}
