//! `appraise predict`

use super::context::Cx;
use super::exit::Exit;
use crate::jobs::{Reply, Responder};
use anyhow::Result;
use serde::Serialize;
use serde_json::Value;
use std::io::BufRead;

const HELP: &str = "\
Reads lines from standard input, each a text or {\"text\":\"…\"}, and answers each with one line at once. It uses the live \
release and follows promotions without a restart: each line is answered by the release that is live when it comes. \
With --release it stays with that release. With --follow it may begin before any release is live; until then each line is \
answered with {\"error\":\"…\"}, and exit 1 at the end. A JSON object without a text is answered with {\"error\":\"…\"}; exit 1 then.

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
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=5))]
    top: u64,
    /// Also begin while no release is live yet, and go on when one cannot answer
    #[arg(long, conflicts_with = "release")]
    follow: bool,
}

#[derive(Serialize)]
struct Answer<'a> {
    text: &'a str,
    #[serde(flatten)]
    reply: Reply,
}

#[derive(Serialize)]
struct Refusal {
    error: String,
}

pub(super) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let store = cx.store()?;
    let fixed = args.release.as_deref().map(|name| store.find_release(name)).transpose()?;
    let mut responder = Responder::new(&store, fixed);
    // With --follow a release may go live later.
    match responder.ready() {
        Err(e) if args.follow => cx.note(&e.to_string()),
        ready => drop(ready?),
    }
    let mut input = std::io::stdin().lock();
    let mut line = Vec::new();
    let (mut exit, mut told) = (Exit::Done, None);
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(exit);
        }
        let line = String::from_utf8_lossy(&line);
        let refusal = match text_of(line.trim_end_matches(['\n', '\r'])) {
            Some(text) => match responder.answer(&text, args.top as usize) {
                Ok(reply) => {
                    cx.out.json(&Answer { text: &text, reply })?;
                    None
                }
                Err(e) if args.follow => Some(e.to_string()),
                Err(e) => return Err(e.into()),
            },
            None => Some("this object has no `text`".to_owned()),
        };
        if let Some(error) = refusal {
            cx.out.json(&Refusal { error })?;
            exit = Exit::Failed;
        }
        cx.out.flush()?;
        let trouble = responder.trouble().map(str::to_owned);
        if trouble != told {
            trouble.iter().for_each(|why| cx.note(why));
            told = trouble;
        }
    }
}

/// The text of a line; `None` for a JSON object that has none. What is no JSON object is a text.
fn text_of(line: &str) -> Option<String> {
    match serde_json::from_str::<Value>(line) {
        Ok(Value::Object(map)) => map.get("text").and_then(Value::as_str).map(str::to_owned),
        _ => Some(line.to_owned()),
    }
}
