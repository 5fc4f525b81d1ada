//! `appraise label --file`: many judgements as one step, all or nothing.

use super::plan::{self, LabelWish};
use super::tell::{corrected, tell, will_count};
use crate::base::did_you_mean::nearest;
use crate::cli::frame::context::Cx;
use crate::cli::frame::labelled::note_encoding;
use crate::cli::output::figures::count;
use crate::cli::output::figures::plural;
use crate::cli::review::responses;
use crate::domain::{Cause, ConversationId, DecisionChange};
use crate::ingest::{Input, NamedRow, NamedRows};
use crate::store::{DecidedStep, IntentNames, Store};
use anyhow::{Context, Result, anyhow, bail};
use serde_json::json;
use std::collections::HashSet;
use std::path::Path;

const COLUMNS: [&str; 8] = ["conversation", "turn", "intent", "response", "cause", "mode", "sentiment", "note"];
/// Wrong lines that are named.
const SHOWN: usize = 20;

/// What a file comes to.
#[derive(Default)]
struct PlannedLabels {
    changes: Vec<DecisionChange>,
    conversations: HashSet<ConversationId>,
    rows: u64,
    not_counted: u64,
    wrong: Vec<String>,
}

pub(super) fn run(cx: &mut Cx, path: &Path) -> Result<()> {
    let name = path.display().to_string();
    let input = if path.as_os_str() == "-" { Input::stdin()? } else { Input::File(path.to_owned()) };
    let rows = NamedRows::open(input, &COLUMNS[..1])?;
    note_encoding(cx, &name, rows.encoding());
    let mut store = cx.store()?;
    let planned = plan_all(&store, &name, rows)?;
    if !planned.wrong.is_empty() {
        let more = planned.wrong.len().saturating_sub(SHOWN);
        let mut words: Vec<String> = planned.wrong.into_iter().take(SHOWN).collect();
        words.extend((more > 0).then(|| format!("and {} more", count(more as u64))));
        bail!("{}\nnothing was written; correct the file and run it again", words.join("\n"));
    }
    if planned.changes.is_empty() {
        bail!("{name} holds no line to decide on");
    }
    let DecidedStep { step, overrode } = store.decide_over(cx.reviewer(), cx.now, &planned.changes)?;
    tell(cx, &overrode);
    let PlannedLabels { rows, not_counted, changes, conversations, .. } = planned;
    let corrected = responses::words_of(&store, &corrected(&changes))?;
    if cx.json {
        return cx.out.json(&json!({
            "step": step,
            "rows": rows,
            "conversations": conversations.len(),
            "decisions": changes.len(),
            "not_counted": not_counted,
            "proposed": corrected.proposed,
            "overrode": overrode,
        }));
    }
    let conversations = plural(conversations.len() as u64, "conversation");
    cx.out.line(format!("{} on {conversations}, as one step", plural(changes.len() as u64, "decision")))?;
    if not_counted > 0 {
        let labels = plural(not_counted, "label");
        cx.out.line(format!("{labels} of customers in test groups count neither for training nor as gold"))?;
    }
    corrected.file_line().map_or(Ok(()), |line| cx.out.line(line))
}

fn plan_all(store: &Store, name: &str, rows: NamedRows) -> Result<PlannedLabels> {
    let columns = columns(rows.columns()).with_context(|| name.to_owned())?;
    let names = store.intent_names()?;
    let mut out = PlannedLabels::default();
    for row in rows {
        out.rows += 1;
        let (line, planned) = match row {
            Ok(row) => (row.line, one(store, &names, &columns, &row, &mut out)),
            Err(bad) => (bad.line, Err(anyhow!(bad.reason))),
        };
        if let Err(e) = planned {
            out.wrong.push(format!("{name}:{line}: {e:#}"));
        }
    }
    Ok(out)
}

/// Where each of [`COLUMNS`] stands.
fn columns(named: &[String]) -> Result<[Option<usize>; 8]> {
    let mut at = [None; 8];
    for (i, header) in named.iter().enumerate() {
        match COLUMNS.iter().position(|c| c == header) {
            Some(column) => at[column] = Some(i),
            None => {
                let meant = nearest(header, COLUMNS).map(|m| format!(": did you mean {m}?")).unwrap_or_default();
                bail!("no column called {header:?}{meant}; there are {}", COLUMNS.join(", "));
            }
        }
    }
    if at[0].is_none() {
        bail!("the first line must name the columns, `conversation` among them: {}", COLUMNS.join(","));
    }
    Ok(at)
}

fn one(
    store: &Store,
    names: &IntentNames,
    columns: &[Option<usize>; 8],
    row: &NamedRow,
    out: &mut PlannedLabels,
) -> Result<()> {
    if row.is_damaged {
        bail!("has bytes that are no UTF-8; save the file as UTF-8");
    }
    let [conversation, turn, intent, response, cause, mode, sentiment, note] = columns.map(|at| row.cell(at));
    if conversation.is_empty() {
        bail!("names no conversation");
    }
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let wish = LabelWish {
        turn: given(turn).map(|t| t.parse().map_err(|_| anyhow!("turn {t:?} is no number"))).transpose()?,
        intents: split(store, intent)?,
        response: given(response),
        cause: given(cause).map(|c| cause_of(&c)).transpose()?,
        mode: given(mode),
        sentiment: given(sentiment).map(|s| plan::sentiment(&s).map_err(|e| anyhow!("{e}, not {s:?}"))).transpose()?,
        note: given(note),
        ..LabelWish::default()
    };
    if wish.cause.is_some() && wish.mode.is_some() {
        bail!("names a cause and a mode: a mode sets its own cause, leave one of them empty");
    }
    if wish.is_empty() {
        bail!("decides nothing: intent, response, cause, mode, sentiment and note are empty");
    }
    let item = store.review_item(store.resolve(conversation)?)?;
    let changes = plan::changes(store, names, &item, &wish)?;
    out.not_counted += u64::from(!will_count(&item, &changes));
    out.conversations.insert(item.n);
    out.changes.extend(changes);
    Ok(())
}

/// One intent, or several with a bar between them; a name may hold a bar itself.
fn split(store: &Store, cell: &str) -> Result<Vec<String>> {
    if cell.is_empty() {
        return Ok(Vec::new());
    }
    if store.find_intent(cell)?.is_some() {
        return Ok(vec![cell.to_owned()]);
    }
    Ok(cell.split('|').map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect())
}

fn cause_of(name: &str) -> Result<Cause> {
    let known = || Cause::ALL.iter().map(|c| c.name());
    Cause::from_name(&name.to_ascii_lowercase()).ok_or_else(|| match nearest(name, known()) {
        Some(meant) => anyhow!("no cause called {name:?}: did you mean {meant}?"),
        None => anyhow!("no cause called {name:?}; there are {}", known().collect::<Vec<_>>().join(", ")),
    })
}
