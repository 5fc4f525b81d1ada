//! `appraise intents`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::frame::labelled::labelled;
use crate::cli::output::figures::{count, plural};
use crate::cli::output::table::WordTable;
use crate::domain::Timestamp;
use crate::store::{Access, AddedExamples, AdditionOrigin, IntentRow, Store};
use crate::text;
use anyhow::{Result, bail};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const HELP: &str = "\
Intents are renamed, merged, split or retired, never deleted; every change can be undone. A merge makes old predictions \
and labels count for the other intent; after a split what was labelled waits for new labels.

An intent knows all its names: a log or a file that says a former one means it, and nobody else can be called so. Names \
are compared without case and without blanks around them. Of several that are alike the exact spelling is meant, else \
the oldest in use; `appraise lint` lists those. predict and serve answer with a new name from the next promotion on.

Examples:
  appraise intents import examples.csv            (columns text,intent: base examples to train on)
  appraise intents define refund_status \"asks where the money is; a first request is refund_request\"
  appraise intents merge refund_state refund_status
  appraise intents split other complaint praise

JSON: list: list of {\"id\",\"name\",\"state\",\"merged_into\",\"aliases\",\"examples\",\"labels\",\"logged\",\"definition\"} (merged_into only when merged: \
what it stands for, where its counts are; aliases only where it had other names; definition only where somebody wrote one); \
add: {\"id\",\"name\",\"again\"}; rename: {\"id\",\"from\",\"to\"}; define: {\"name\",\"definition\"}; merge: {\"from\",\"into\"}; split: {\"from\",\"into\":[…],\"waiting\",\"again\"} \
(waiting: labels that wait); again is there only where an intent was retired or merged and is in use again; retire: {\"name\"}; \
import: {\"rows\",\"examples\",\"intents\",\"retired\",\"counts_for\",\"contradictory\":[{\"text\",\"intents\"}]} (examples and intents that are new; \
retired: examples left out, by retired intent; counts_for: names in the file that mean another intent today; \
contradictory: texts of the file that stand under several intents; each only where there is one).";

/// The list of intents
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    command: Option<IntentsCommand>,
}

#[derive(Debug, clap::Subcommand)]
enum IntentsCommand {
    /// List all intents with their examples and labels
    List,
    /// Add an intent, or take a retired one up again
    Add {
        name: String,
        /// Also one that was merged: it stands for itself again, with its labels and examples
        #[arg(long)]
        apart: bool,
    },
    /// Give an intent another name
    Rename { from: String, to: String },
    /// Say what an intent means and where it ends, for whoever labels; no text takes it back
    Define { name: String, text: Option<String> },
    /// Make one intent stand for another
    Merge { from: String, into: String },
    /// Retire an intent in favour of finer ones
    Split {
        name: String,
        #[arg(required = true, num_args = 2..)]
        into: Vec<String>,
    },
    /// Take an intent out of use
    Retire { name: String },
    /// Add base examples from a CSV file with the columns text,intent, or from the training phrases of Rasa and Dialogflow
    Import { file: PathBuf },
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    match &args.command {
        None | Some(IntentsCommand::List) => list(cx)?,
        Some(IntentsCommand::Import { file }) => import(cx, file)?,
        Some(command) => change(cx, command)?,
    }
    Ok(Exit::Done)
}

fn list(cx: &mut Cx) -> Result<()> {
    let rows = cx.store()?.intents()?;
    if cx.json {
        return cx.out.json(&rows);
    }
    let mut table = WordTable::new(&["intent", "state", ">examples", ">labels", ">in the log"]);
    for r in &rows {
        table.row([r.name.clone(), state(r), count(r.examples), count(r.labels), count(r.logged)]);
    }
    table.print(&mut cx.out)
}

fn state(r: &IntentRow) -> String {
    match &r.merged_into {
        Some(into) => format!("merged into {into}"),
        None => r.state.clone(),
    }
}

fn change(cx: &mut Cx, command: &IntentsCommand) -> Result<()> {
    let mut store = match command {
        IntentsCommand::Add { .. } => cx.store_or_new(Access::ReadWrite)?,
        _ => cx.store()?,
    };
    let (who, now) = (cx.reviewer(), cx.now);
    let (value, words): (Value, String) = match command {
        IntentsCommand::Add { name, apart } => added(&mut store, (who, now), name, *apart)?,
        IntentsCommand::Rename { from, to } => {
            let id = store.rename_intent(who, now, from, to)?;
            let name = store.intent_names()?.name(id);
            let words = format!("{from} is now called {name}; logs that say {from} go on meaning it");
            (json!({"id": id, "from": from, "to": name}), words + served(&store)?)
        }
        IntentsCommand::Define { name, text } => {
            let id = store.define_intent(who, now, name, text.as_deref())?;
            let name = store.intent_names()?.name(id);
            let row = store.intents()?.into_iter().find(|r| r.id == id);
            let meaning = row.and_then(|r| r.meaning);
            let words = match &meaning {
                Some(meaning) => format!("{name}: {meaning}"),
                None => format!("{name} has no definition now"),
            };
            (json!({"name": name, "definition": meaning}), words)
        }
        IntentsCommand::Merge { from, into } => {
            let (a, b) = store.merge_intents(who, now, from, into)?;
            let names = store.intent_names()?;
            let words = format!("{} now counts as {}", names.name(a), names.name(b));
            (json!({"from": names.name(a), "into": names.name(b)}), words + served(&store)?)
        }
        IntentsCommand::Split { name, into } => {
            let split = store.split_intent(who, now, name, into)?;
            let names = store.intent_names()?;
            let again: Vec<String> = split.again.iter().map(|&i| names.name(i)).collect();
            let from = names.name(split.from);
            let mut words = format!("{from} is retired; {} for new labels", waits(split.waiting));
            if !again.is_empty() {
                words.push_str(&format!("; {} was retired and is in use again", again.join(", ")));
            }
            let mut value = json!({"from": from, "into": into, "waiting": split.waiting});
            if !again.is_empty() {
                value["again"] = json!(again);
            }
            (value, words)
        }
        IntentsCommand::Retire { name } => {
            let id = store.retire_intent(who, now, name)?;
            let name = store.intent_names()?.name(id);
            (json!({"name": name}), format!("{name} is retired; its labels stay in the log and stop training"))
        }
        IntentsCommand::List | IntentsCommand::Import { .. } => return Ok(()),
    };
    if cx.json { cx.out.json(&value) } else { cx.out.line(text::clean(&words)) }
}

fn added(store: &mut Store, (who, now): (&str, Timestamp), name: &str, apart: bool) -> Result<(Value, String)> {
    let stood_for = store.find_intent(name)?;
    let names = store.intent_names()?;
    let (id, how) = store.list_intent(who, now, name, apart)?;
    let name = store.intent_names()?.name(id);
    let words = match how {
        AdditionOrigin::New => format!("added {name}"),
        AdditionOrigin::Again => format!("{name} was retired and is in use again; its labels and examples train again"),
        AdditionOrigin::Apart => {
            let before = stood_for.map(|i| names.name(names.today(i))).unwrap_or_default();
            format!("{name} stands for itself again, apart from {before}: what was labelled {name} counts as that")
        }
    };
    let mut value = json!({"id": id, "name": name});
    if how != AdditionOrigin::New {
        value["again"] = json!(true);
    }
    Ok((value, words))
}

/// When the bot hears of it.
fn served(store: &Store) -> Result<&'static str> {
    Ok(match store.live()? {
        Some(_) => "; predict and serve answer with the new name from the next promotion on",
        None => "",
    })
}

fn waits(n: u64) -> String {
    format!("{} {}", plural(n, "labelled turn"), if n == 1 { "waits" } else { "wait" })
}

fn import(cx: &mut Cx, file: &Path) -> Result<()> {
    let rows = labelled(cx, file)?;
    if rows.is_empty() {
        bail!("{} holds no examples; a line is text,intent", file.display());
    }
    if let Some(at) = rows.iter().position(|r| text::trim_name(&r.intent).is_empty()) {
        bail!(
            "{}: example {} ({:?}) has no intent; nothing was imported",
            file.display(),
            at + 1,
            text::cut(&rows[at].text, 40)
        );
    }
    let pairs: Vec<(String, String)> = rows.into_iter().map(|r| (r.text, r.intent)).collect();
    let origin = file.file_name().map_or_else(|| "file".into(), |n| n.to_string_lossy());
    let mut store = cx.store_or_new(Access::ReadWrite)?;
    let added = store.add_examples(cx.reviewer(), cx.now, &origin, &pairs)?;
    if cx.json {
        let mut value = serde_json::to_value(&added)?;
        value["rows"] = json!(pairs.len());
        return cx.out.json(&value);
    }
    let (examples, intents) = (plural(added.examples, "example"), plural(added.intents, "intent"));
    cx.out.line(format!("{examples} and {intents} new, of {}", plural(pairs.len() as u64, "row")))?;
    left_aside(&added).iter().try_for_each(|words| cx.out.line(text::clean(words)))
}

/// Texts under several intents that are named.
const SHOWN: usize = 5;

/// What an import of examples did not take as it was written.
fn left_aside(added: &AddedExamples) -> Vec<String> {
    let mut out = Vec::new();
    if !added.retired.is_empty() {
        let n: u64 = added.retired.values().sum();
        let (kind, names) =
            (plural_of(added.retired.len(), "a retired intent", "retired intents"), joined(added.retired.keys()));
        let verb = if n == 1 { "is" } else { "are" };
        out.push(format!(
            "{} of {kind} {verb} left out: {names}; `appraise intents add NAME` takes an intent up again",
            plural(n, "example")
        ));
    }
    out.extend(added.counts_for.iter().map(|(name, today)| format!("{name} counts as {today}: so do its examples")));
    if !added.contradictory.is_empty() {
        let n = added.contradictory.len();
        let stand = plural_of(n, "1 text stands", &format!("{} texts stand", count(n as u64)));
        let shown = added.contradictory.iter().take(SHOWN);
        let mut texts: Vec<String> =
            shown.map(|c| format!("{:?} ({})", text::cut(&c.text, 40), c.intents.join(", "))).collect();
        texts.extend((n > SHOWN).then(|| format!("and {} more", n - SHOWN)));
        out.push(format!("{stand} under several intents: {}; `appraise lint` lists all", texts.join("; ")));
    }
    out
}

fn plural_of(n: usize, one: &str, several: &str) -> String {
    if n == 1 { one } else { several }.to_owned()
}

fn joined<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(String::as_str).collect::<Vec<_>>().join(", ")
}
