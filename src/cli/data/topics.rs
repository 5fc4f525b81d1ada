//! `appraise patterns topics --propose` and `--accept`: a first list of intents for logs that have none.

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::frame::labelled::note_encoding;
use crate::cli::output::figures::{count, plural};
use crate::cli::output::progress::Progress;
use crate::cli::output::table::WordTable;
use crate::disk;
use crate::ingest::{Input, NamedRows};
use crate::jobs::{self, ProposedTopic, TopicLine};
use crate::learn::vectors::any_script::AnyScript;
use crate::learn::vectors::embed::Embedder;
use crate::store::Store;
use anyhow::{Context, Result, anyhow, bail};
use serde_json::json;
use std::path::Path;
use std::sync::Arc;

const COLUMNS: [&str; 4] = ["group", "intent", "description", "example"];

fn embedder(cx: &Cx) -> Result<Arc<dyn Embedder>> {
    cx.embedder(None)?
        .ok_or_else(|| anyhow!("topics need vectors: `appraise encoder` installs an encoder, or use the built-in ones"))
}

/// Groups first requests, and writes a list to go through.
pub(super) fn propose(cx: &mut Cx, out: Option<&Path>, force: bool, reveal: bool) -> Result<Exit> {
    let store = cx.store()?;
    let progress = Progress::new(cx);
    let proposed = jobs::propose_topics(&store, &AnyScript(&*embedder(cx)?), cx.settings.seed, &progress)?;
    drop(progress);
    let proposed: Vec<ProposedTopic> =
        if reveal { proposed } else { proposed.into_iter().map(ProposedTopic::masked).collect() };
    if let Some(path) = out {
        write(path, &proposed, force)?;
    }
    if cx.json {
        cx.out.json(&proposed)?;
        return Ok(Exit::Done);
    }
    let mut table = WordTable::new(&["group", "intent", ">conv.", "for example"]);
    proposed.iter().for_each(|t| {
        table.row([&t.group, &t.intent, &count(t.n), &t.example]);
    });
    table.print(&mut cx.out)?;
    let next = match out {
        Some(path) => format!("go through {0}, then: appraise patterns topics --accept {0}", path.display()),
        None => "--out FILE writes them as a list to go through".to_owned(),
    };
    cx.note(&next);
    Ok(Exit::Done)
}

fn write(path: &Path, proposed: &[ProposedTopic], force: bool) -> Result<()> {
    if path.exists() && !force {
        bail!("{} is there already; --force replaces it", path.display());
    }
    let mut text = COLUMNS.join(",") + "\n";
    for t in proposed {
        let cells = [&t.group, &t.intent, &t.description, &t.example].map(|c| cell(c));
        text.push_str(&(cells.join(",") + "\n"));
    }
    if path.exists() {
        std::fs::remove_file(path).with_context(|| format!("replacing {}", path.display()))?;
    }
    disk::write_new(path, text.as_bytes()).with_context(|| format!("writing {}", path.display()))
}

/// A cell as CSV has it. What a spreadsheet would take for a formula gets a blank before it.
fn cell(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let safe = if line.starts_with(['=', '+', '-', '@']) { format!(" {line}") } else { line };
    if safe.contains(['"', ',', ';']) || safe.starts_with(' ') {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}

/// Accepts the list in a file.
pub(super) fn accept(cx: &mut Cx, path: &Path) -> Result<Exit> {
    let name = path.display().to_string();
    let rows = NamedRows::open(Input::File(path.to_owned()), &COLUMNS[1..2])?;
    note_encoding(cx, &name, rows.encoding());
    let lines = read(&name, rows)?;
    let mut store = cx.store()?;
    let embedder = embedder(cx)?;
    let progress = Progress::new(cx);
    let (accepted, on_topic) =
        jobs::accept_topics(&mut store, &AnyScript(&*embedder), &lines, (cx.reviewer(), cx.now), &progress)?;
    drop(progress);
    if cx.json {
        cx.out.json(&json!({
            "version": accepted.version,
            "topics": accepted.topics,
            "new_intents": accepted.new_intents,
            "conversations": on_topic,
        }))?;
        return Ok(Exit::Done);
    }
    let topics = plural(accepted.topics, "topic");
    cx.out.line(format!(
        "{topics} in version {}, {} new on the list of intents; {} are on one",
        accepted.version,
        count(accepted.new_intents),
        plural(on_topic, "conversation")
    ))?;
    Ok(Exit::Done)
}

fn read(name: &str, rows: NamedRows) -> Result<Vec<TopicLine>> {
    let at: Vec<Option<usize>> = COLUMNS.iter().map(|c| rows.columns().iter().position(|h| h == c)).collect();
    if at[1].is_none() || at[3].is_none() {
        bail!("{name}: the first line must name the columns {}", COLUMNS.join(","));
    }
    let mut out = Vec::new();
    for row in rows {
        let row = row.map_err(|bad| anyhow!("{name}:{}: {}", bad.line, bad.reason))?;
        if row.is_damaged {
            bail!("{name}:{}: has bytes that are no UTF-8; save the file as UTF-8", row.line);
        }
        let cell = |i: usize| row.cell(at[i]).trim().to_owned();
        out.push(TopicLine { group: cell(0), intent: cell(1), description: cell(2), example: cell(3) });
    }
    Ok(out)
}

/// Puts conversations that came since on their topics, where the store may be written.
pub(super) fn bring_up(cx: &Cx, store: &Store) -> Result<()> {
    if store.is_read_only() || store.topic_list()?.is_none() {
        return Ok(());
    }
    let Some(embedder) = cx.embedder(None)? else { return Ok(()) };
    let progress = Progress::new(cx);
    jobs::assign_topics(store, &AnyScript(&*embedder), &progress)?;
    Ok(())
}
