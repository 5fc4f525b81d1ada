//! `appraise encoder`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::figures::count;
use crate::cli::output::progress::Progress;
use crate::cli::output::table::WordTable;
use crate::jobs::encoders::{HUB, Hub, InstalledEncoder, NONE, NewEncoder, STATIC, Vectors, is_hub_name};
use crate::learn::vectors::encoder::{EncoderFamily, Precision};
use crate::store::Access;
use anyhow::{Result, bail};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const HELP: &str = "\
A sentence encoder turns a text into numbers that are close where meanings are close: worth ten points of accuracy and \
more while labels are few. Encoders of the BERT and XLM-RoBERTa families are read from sentence-transformers directories \
(config.json, model.safetensors, tokenizer.json or vocab.txt); for Greek or several languages take a multilingual one. \
Everything runs on this machine's processor; texts go nowhere.

`add` copies a directory, or fetches OWNER/NAME from the Hugging Face hub (HF_ENDPOINT names another server; HTTPS_PROXY a way there), into the \
platform's data directory (APPRAISE_ENCODERS names another) and chooses it for the store, where there is one. A store's \
next `finetune` uses the chosen encoder. A release keeps needing the encoder that it was trained with.

Examples:
  appraise encoder add ~/models/all-MiniLM-L6-v2
  appraise encoder add sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2 --name multilingual
  appraise encoder add ~/models/multilingual-e5-small --prefix 'query: '
  appraise encoder use static

JSON: list: list of {\"name\",\"family\":\"bert|xlm-roberta\",\"dimensions\",\"layers\",\"longest\",\"bytes\",\
\"precision\":\"f32|int8\",\"prefix\",\"key\",\"languages\":null,\"used\"}; \
add, remove: one of these; use: {\"encoder\"}. longest: tokens of a text that are read.";

/// Sentence encoders: which are installed, and which one the store uses
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    command: Option<EncoderCommand>,
}

#[derive(Debug, clap::Subcommand)]
enum EncoderCommand {
    /// List the installed encoders
    List,
    /// Install an encoder from a directory or the Hugging Face hub
    Add(AddEncoder),
    /// Choose the encoder that the store's next releases are trained with
    Use {
        /// An installed encoder, static (the built-in vectors) or none (n-grams alone)
        name: String,
    },
    /// Delete an installed encoder
    Remove {
        /// Its name
        name: String,
        /// Also when the store at hand uses it
        #[arg(long)]
        force: bool,
    },
}

#[derive(Debug, clap::Args)]
struct AddEncoder {
    /// A sentence-transformers directory, or OWNER/NAME on the hub
    #[arg(value_name = "DIR or HF-NAME")]
    from: String,
    /// Its name here [default: the last part of DIR or HF-NAME]
    #[arg(long)]
    name: Option<String>,
    /// How it computes: int8 twice as quick and no less accurate where it was measured, f32 as its makers did
    #[arg(long, value_name = "HOW", value_parser = precision, default_value = "int8")]
    precision: Precision,
    /// What to put before every text ("query: " for E5) [default: what the directory says]
    #[arg(long, value_name = "TEXT")]
    prefix: Option<String>,
    /// Install it without choosing it for the store
    #[arg(long)]
    no_use: bool,
}

fn precision(word: &str) -> Result<Precision, String> {
    match word {
        "f32" => Ok(Precision::F32),
        "int8" => Ok(Precision::Int8),
        _ => Err("f32 or int8".to_owned()),
    }
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    match &args.command {
        None | Some(EncoderCommand::List) => list(cx)?,
        Some(EncoderCommand::Add(add)) => self::add(cx, add)?,
        Some(EncoderCommand::Use { name }) => choose(cx, name)?,
        Some(EncoderCommand::Remove { name, force }) => remove(cx, name, *force)?,
    }
    Ok(Exit::Done)
}

/// The name that the store at hand has chosen; `None` without a store.
fn chosen(cx: &Cx) -> Result<Option<String>> {
    if !cx.has_store()? {
        return Ok(None);
    }
    Ok(cx.store_or_new(Access::ReadOnly)?.encoder_name()?)
}

fn as_json(e: &InstalledEncoder, chosen: Option<&str>) -> Result<Value> {
    let mut value = serde_json::to_value(e)?;
    value["languages"] = Value::Null;
    value["used"] = json!(chosen == Some(&e.name));
    Ok(value)
}

fn list(cx: &mut Cx) -> Result<()> {
    let (all, chosen) = (cx.encoders.list(), chosen(cx)?);
    if cx.json {
        let rows = all.iter().map(|e| as_json(e, chosen.as_deref())).collect::<Result<Vec<_>>>()?;
        return cx.out.json(&rows);
    }
    let mut table =
        WordTable::new(&["encoder", "family", ">dimensions", ">layers", ">megabytes", "computes in", "used here"]);
    let used = |name: &str| if chosen.as_deref() == Some(name) { "yes" } else { "" };
    for e in &all {
        table.row([
            e.name.clone(),
            family(e.family).to_owned(),
            count(e.dimensions as u64),
            count(e.layers as u64),
            count(e.bytes.div_ceil(1_000_000)),
            e.precision.to_string(),
            used(&e.name).to_owned(),
        ]);
    }
    let built_in = if chosen.is_none() { "yes (nothing else was chosen)" } else { used(STATIC) };
    table.row([STATIC, "built-in vectors", "", "", "", "", built_in]);
    table.row([NONE, "n-grams alone", "", "", "", "", used(NONE)]);
    table.print(&mut cx.out)
}

fn family(f: EncoderFamily) -> &'static str {
    match f {
        EncoderFamily::Bert => "BERT",
        EncoderFamily::XlmRoberta => "XLM-RoBERTa",
    }
}

fn add(cx: &mut Cx, args: &AddEncoder) -> Result<()> {
    let progress = Progress::new(cx);
    let source = PathBuf::from(&args.from);
    let last = || Path::new(&args.from).file_name().map(|n| n.to_string_lossy().into_owned());
    let resolved = || source.canonicalize().ok().and_then(|p| Some(p.file_name()?.to_string_lossy().into_owned()));
    let name = args.name.clone().or_else(last).or_else(resolved).unwrap_or_default();
    let new = NewEncoder { name, precision: args.precision, prefix: args.prefix.clone() };
    cx.encoders.may_add(&new.name)?;
    // A store that cannot be used is said before much is fetched.
    let store = (!args.no_use && !cx.read_only && cx.settings.store.exists()).then(|| cx.store()).transpose()?;
    let added = if source.is_dir() {
        cx.encoders.add(&source, &new, &progress)?
    } else if is_hub_name(&args.from) {
        let into = cx.encoders.dir().join(".fetched").join(&args.from);
        let base = cx.settings.hub()?.unwrap_or(HUB);
        let mut note = |words: &str| cx.note(&format!("{words}; it comes from {base}"));
        Hub::new(base, cx.settings.proxies.of(base)).fetch(&args.from, &into, &mut note, &progress)?;
        let added = cx.encoders.add(&into, &new, &progress)?;
        if let Err(e) = std::fs::remove_dir_all(&into) {
            cx.note(&format!(
                "what was fetched cannot be deleted, and is not needed any more: {}: {e}",
                into.display()
            ));
        }
        added
    } else {
        bail!("there is no directory {:?}, and it is no name of the hub, which has the form OWNER/NAME", args.from);
    };
    drop(progress);
    let chosen = store.map(|store| store.set_encoder_name(&added.name));
    let uses = matches!(chosen, Some(Ok(())));
    if let Some(Err(e)) = &chosen {
        cx.note(&format!("the store does not use it: {e}; `appraise encoder use {}` makes it", added.name));
    }
    if cx.json {
        return cx.out.json(&as_json(&added, uses.then_some(added.name.as_str()))?);
    }
    let size = format!("{}, {} dimensions", family(added.family), added.dimensions);
    cx.out.line(format!("{} is installed ({size})", added.name))?;
    match chosen {
        Some(Ok(())) => cx.note(&format!("the next `appraise finetune` uses it in {}", cx.settings.store.display())),
        Some(Err(_)) => {}
        None => cx.note(&format!("`appraise encoder use {}` makes a store use it", added.name)),
    }
    Ok(())
}

fn choose(cx: &mut Cx, name: &str) -> Result<()> {
    let vectors = Vectors::named(&cx.encoders, name)?;
    let store = cx.store()?;
    store.set_encoder_name(vectors.name())?;
    if cx.json {
        return cx.out.json(&json!({ "encoder": vectors.name() }));
    }
    cx.out.line(format!("the next `appraise finetune` uses {}", vectors.name()))
}

/// The store's choice and its live release would be of no use without their encoder.
fn refuse_what_is_in_use(cx: &Cx, name: &str, chosen: Option<&str>) -> Result<()> {
    if chosen == Some(name) {
        bail!(
            "the store trains with {name}; `appraise encoder use static` settles that, --force removes it all the same"
        );
    }
    let Some(key) = cx.encoders.list().into_iter().find(|e| e.name == name).map(|e| e.key) else { return Ok(()) };
    if !cx.has_store()? {
        return Ok(());
    }
    let store = cx.store_or_new(Access::ReadOnly)?;
    let Some(live) = store.live()? else { return Ok(()) };
    if store.artefact(live)?.intents.is_some_and(|m| m.embedder_key() == Some(key.as_str())) {
        bail!(
            "the live release v{} answers with {name}; promote another one or `appraise rollback` first, or remove it with \
             --force",
            live.0
        );
    }
    Ok(())
}

fn remove(cx: &mut Cx, name: &str, force: bool) -> Result<()> {
    let chosen = chosen(cx)?;
    if !force {
        refuse_what_is_in_use(cx, name, chosen.as_deref())?;
    }
    let removed = cx.encoders.remove(name)?;
    if cx.json {
        return cx.out.json(&as_json(&removed, chosen.as_deref())?);
    }
    cx.out.line(format!("{name} is removed; releases that were trained with it cannot be used until it is added again"))
}
