//! `appraise undo`, `appraise redo`

use crate::cli::frame::bounds;
use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::domain::{ConversationId, StepId, Timestamp};
use crate::store::{Store, StoreError, UndoneStep};
use crate::text;
use anyhow::{Result, anyhow};
use serde::Serialize;

const HELP: &str = "\
One step is one act: a key on the screen, one `label`, a whole `label --file`. Undo takes back your own steps (--as), \
newest first, across restarts; a step that somebody decided on top of stays, and the message names them. A step that would give an intent a name \
that is taken meanwhile stays, too, and the next undo is about the one before it. When fewer \
steps could be taken back than asked for, what was taken back is printed and the exit code is 1.

Examples:
  appraise undo
  appraise undo --steps 3 --json

JSON: list of {\"step\",\"what\",\"id\",\"n\"}; id and n are null where it was not about a conversation.";

/// Take back your latest decisions
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct UndoArgs {
    /// How many steps
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=bounds::ROWS))]
    steps: u64,
}

/// Do again what undo took back
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct RedoArgs {
    /// How many steps
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=bounds::ROWS))]
    steps: u64,
}

#[derive(Serialize)]
struct UndoRow {
    step: StepId,
    what: String,
    id: Option<String>,
    n: Option<ConversationId>,
}

type Act = fn(&mut Store, &str, Timestamp) -> Result<UndoneStep, StoreError>;

pub(in crate::cli) fn undo(cx: &mut Cx, args: &UndoArgs) -> Result<Exit> {
    repeat(cx, args.steps, Store::undo, "taken back")
}

pub(in crate::cli) fn redo(cx: &mut Cx, args: &RedoArgs) -> Result<Exit> {
    repeat(cx, args.steps, Store::redo, "done again")
}

fn repeat(cx: &mut Cx, steps: u64, act: Act, done: &str) -> Result<Exit> {
    let mut store = cx.store()?;
    let mut rows = Vec::new();
    let mut stopped = None;
    for _ in 0..steps {
        match act(&mut store, cx.reviewer(), cx.now) {
            Ok(undone) => rows.push(row(&store, undone)?),
            Err(e) => {
                stopped = Some(e);
                break;
            }
        }
    }
    if let (Some(e), true) = (&stopped, rows.is_empty()) {
        return Err(anyhow!("{e}"));
    }
    if cx.json {
        cx.out.json(&rows)?;
    } else {
        // The words are those of the step: `mode rude_fare: retired` alone would read as what it is now.
        rows.iter().try_for_each(|r| cx.out.line(format!("{done}: {}", text::clean(&r.what))))?;
    }
    Ok(match stopped {
        None => Exit::Done,
        Some(e) => {
            cx.note(&format!("{} of {steps} steps: {e}", rows.len()));
            Exit::Failed
        }
    })
}

fn row(store: &Store, undone: UndoneStep) -> Result<UndoRow> {
    let id = undone.conversation.map(|c| store.conversation_key(c)).transpose()?;
    Ok(UndoRow { step: undone.step, what: undone.words, id, n: undone.conversation })
}
