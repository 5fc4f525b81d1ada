//! `appraise predict`

use super::context::Cx;
use super::exit::Exit;
use crate::domain::{Ranked, ReleaseId};
use crate::learn::artefact::Artefact;
use crate::store::{IntentNames, Store};
use anyhow::{Result, bail};
use serde::Serialize;
use serde_json::Value;
use std::io::BufRead;
use std::rc::Rc;

const HELP: &str = "\
Reads lines from standard input, each a text or {\"text\":\"…\"}, and answers each with one line at once. It uses the live \
release and follows promotions without a restart: each line is answered by the release that is live when it comes. \
With --release it stays with that release. A JSON object without a text is answered with {\"error\":\"…\"}; exit 1 then.

Examples:
  echo 'where is my refund' | appraise predict
  mkfifo in; appraise predict --follow < in > out

JSON, one a line: {\"text\",\"intent\",\"confidence\",\"ranking\":[{\"intent\",\"confidence\"}],\"out_of_scope\",\"response\",\"release\"}; \
response is null where the release has no answer to the intent.";

/// Answer texts from the live release, line by line
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(super) struct Args {
    /// A release (v3 or 3) instead of the live one
    #[arg(long, value_name = "R")]
    release: Option<String>,
    /// Intents in the ranking, at most 5
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
    top: u64,
    /// Answer each line by the release that is live when it comes (so it is without --release)
    #[arg(long, conflicts_with = "release")]
    follow: bool,
}

/// What answers.
struct Served {
    release: ReleaseId,
    artefact: Artefact,
    names: Rc<IntentNames>,
}

#[derive(Serialize)]
struct Answer<'a> {
    text: &'a str,
    intent: Option<&'a str>,
    confidence: Option<f64>,
    ranking: &'a [Ranked],
    out_of_scope: bool,
    response: Option<&'a str>,
    release: ReleaseId,
}

#[derive(Serialize)]
struct Refusal {
    error: &'static str,
}

pub(super) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let store = cx.store()?;
    let fixed = args.release.as_deref().map(|name| store.find_release(name)).transpose()?;
    let Some(first) = fixed.map_or_else(|| store.live(), |r| Ok(Some(r)))? else {
        bail!("no release is live yet; `appraise promote RELEASE` makes one live, --release asks one that is not");
    };
    let mut served = load(&store, first)?;
    let mut input = std::io::stdin().lock();
    let mut line = Vec::new();
    let mut exit = Exit::Done;
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(exit);
        }
        if fixed.is_none() {
            follow(&store, &mut served)?;
        }
        let text = String::from_utf8_lossy(&line);
        match text_of(text.trim_end_matches(['\n', '\r'])) {
            Some(text) => answer(cx, &served, &text, args.top as usize)?,
            None => {
                cx.out.json(&Refusal { error: "this object has no `text`" })?;
                exit = Exit::Failed;
            }
        }
        cx.out.flush()?;
    }
}

fn load(store: &Store, release: ReleaseId) -> Result<Served> {
    Ok(Served { release, artefact: store.artefact(release)?, names: store.intent_names()? })
}

/// Takes up promotions and renames. Both cost one look-up by key where nothing has changed.
fn follow(store: &Store, served: &mut Served) -> Result<()> {
    match store.live()? {
        Some(live) if live != served.release => *served = load(store, live)?,
        _ => served.names = store.intent_names()?,
    }
    Ok(())
}

/// The text of a line; `None` for a JSON object that has none. What is no JSON object is a text.
fn text_of(line: &str) -> Option<String> {
    match serde_json::from_str::<Value>(line) {
        Ok(Value::Object(map)) => map.get("text").and_then(Value::as_str).map(str::to_owned),
        _ => Some(line.to_owned()),
    }
}

fn answer(cx: &mut Cx, served: &Served, text: &str, top: usize) -> Result<()> {
    let Some(model) = &served.artefact.intents else { bail!("v{} has no intent model", served.release.0) };
    let prediction = model.predict(text);
    let best = prediction.best().map(|(id, _)| id);
    let mut ranking: Vec<Ranked> = Vec::new();
    for (id, confidence) in &prediction.ranking {
        let (intent, confidence) = (served.names.name(served.names.today(*id)), f64::from(*confidence));
        // Intents that were merged after the release was trained are one now.
        match ranking.iter_mut().find(|r| r.intent == intent) {
            Some(known) => known.confidence += confidence,
            None => ranking.push(Ranked { intent, confidence }),
        }
    }
    ranking.truncate(top);
    let responses = &served.artefact.responses;
    let response = best.and_then(|id| responses.get(id).or_else(|| responses.get(served.names.today(id))));
    cx.out.json(&Answer {
        text,
        intent: ranking.first().map(|r| r.intent.as_str()),
        confidence: ranking.first().map(|r| r.confidence),
        ranking: &ranking,
        out_of_scope: prediction.out_of_scope,
        response: response.map(|r| r.text.as_str()),
        release: served.release,
    })
}
