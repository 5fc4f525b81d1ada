//! `appraise predict`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::jobs::{OfferSaid, Reply, Responder, offers_said, sentiment_said};
use anyhow::Result;
use serde::Serialize;
use serde_json::Value;
use std::io::BufRead;

const HELP: &str = "\
Reads lines from standard input, each a text or {\"text\":\"…\"}, and answers each with one line at once. It uses the live \
release and follows promotions without a restart: each line is answered by the release that is live when it comes. \
With --release it stays with that release. With --follow it may begin before any release is live; until then each line is \
answered with {\"error\",\"line\"}, and exit 1 at the end. A JSON object without a text, or a line that begins as one and is none, is \
answered with {\"error\",\"line\"}, and the next line is read; exit 1 at the end. A text without a letter or a digit has no intent: intent, \
confidence and response are null, the ranking is empty, out_of_scope is true.

Examples:
  echo 'where is my refund' | appraise predict
  mkfifo in; appraise predict --follow < in > out

JSON, one a line: {\"text\",\"intent\",\"confidence\",\"ranking\":[{\"intent\",\"confidence\"}],\"out_of_scope\",\"response\",\"release\"}, and \"no_response\" where response is null; \
response is null where the release has no answer to the intent (no correction, and nothing that the AI said itself was heard by most of those who were helped there, or it is rather the answer to another or holds one customer's own name or numbers), where it has one in another language alone and the AI did not answer such customers in that, where it is surely the request that tells which accepted answer is given and nobody has answered one like it, and out of scope, \
unless somebody accepted an answer to a request like it: that is given. no_response says why there is none: out_of_scope, hand_over (the customer wants a person, or the AI mostly passed it on to one: so must whoever asks), nothing_like_it, other_language, no_answer. similarity (0 to 1) is there where the nearest answered request decided; propensity and policy where --explore drew the \
response (`appraise serve --help` says how). A release that learnt from what customers do before anybody labelled anything tells no intents: intent and response are null, and it is said on stderr. sentiment (-1 to 1) is there where the release has learnt how customers feel: of this text, after what the AI said at the end of history; above 0 \
only where the text itself says that its customer is pleased (by thanks only after an answer). A line {\"text\",\"history\":[{\"text\",\"intent\"}],\"intent\",\"channel\",\"lang\",\"action\",\"offers\":[{\"id\",\"name\",\
\"accepted\",\"declined\",\"shown\"}]} gets \"offers\":[{\"id\",\"propensity\",\"lo\",\"hi\"}] too: how probable a yes is, with the 95 % interval of that, null where that is not known \
better than for offers at large (`appraise learn offers`), where what was learnt is too good to be true, and of an offer without an id or a name, or of which no word (id or name, intent, channel, lang, action) was in any answered offer. history: what was said before the text, \
texts or turns as in a log; accepted, declined, shown: offers before (with a history and without these it is not known whether there were any). \
intent: what the customer wants (else the last that history names, else what the release reads in the text), channel, lang, action (of the turn that makes the offer): \
as the log names them, for all offers or in one. What is left out, or was in no answered offer, is taken to be as in the answered offers that are most \
like this one, and the interval is as wide as that leaves it open. What is no such thing is refused by name, as above.";

/// Answer texts from the live release, line by line
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// A release (v3 or 3) instead of the live one
    #[arg(long, value_name = "R")]
    release: Option<String>,
    /// Intents in the ranking, at most 5
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=5))]
    top: u64,
    /// Also begin while no release is live yet, and go on when one cannot answer
    #[arg(long, conflicts_with = "release")]
    follow: bool,
    /// Draw among the accepted answers of an intent where no request tells which, and say with which chance
    #[arg(long)]
    explore: bool,
}

#[derive(Serialize)]
struct PredictedLine<'a> {
    text: &'a str,
    #[serde(flatten)]
    reply: Reply,
    #[serde(skip_serializing_if = "Option::is_none")]
    sentiment: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offers: Option<Vec<OfferSaid>>,
}

#[derive(Serialize)]
struct Refusal {
    error: String,
    /// Counted from 1.
    line: u64,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let store = cx.store()?;
    let fixed = args.release.as_deref().map(|name| store.find_release(name)).transpose()?;
    let mut responder = Responder::new(&store, fixed);
    if args.explore {
        responder = responder.exploring(cx.settings.seed);
    }
    // With --follow a release may go live later.
    match responder.ready() {
        Err(e) if args.follow => cx.note(&e.to_string()),
        ready => drop(ready?),
    }
    if let Some(release) = responder.tells_no_intents() {
        cx.note(&format!(
            "v{0} tells no intents and gives no answers, since nothing was labelled when it was made: `intent` and `response` are null, \
             what it has learnt stands under {1} all the same; `appraise finetune` makes a release with intents",
            release.0,
            responder.tells_besides().join(" and ")
        ));
    }
    let mut input = std::io::stdin().lock();
    let mut line = Vec::new();
    let (mut exit, mut told, mut number) = (Exit::Done, None, 0);
    loop {
        line.clear();
        number += 1;
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(exit);
        }
        // What Windows puts before the first line is no part of it.
        let line = String::from_utf8_lossy(line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&line));
        let refusal = match text_of(line.trim_end_matches(['\n', '\r'])) {
            Ok(text) => match responder.answer(&text, args.top as usize) {
                Ok(reply) => {
                    let asked: Value = serde_json::from_str(&line).unwrap_or_default();
                    match offers_said(&responder, &reply, &asked) {
                        Ok(offers) => {
                            let sentiment = sentiment_said(&responder, &text, &asked);
                            cx.out.json(&PredictedLine { text: &text, reply, sentiment, offers })?;
                            None
                        }
                        Err(why) => Some(format!("line {number}: {why}")),
                    }
                }
                Err(e) if args.follow => Some(e.to_string()),
                Err(e) => return Err(e.into()),
            },
            Err(why) => Some(format!("line {number}: {why}")),
        };
        if let Some(error) = refusal {
            cx.out.json(&Refusal { error, line: number })?;
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

/// The text of a line, or why there is none. What does not begin as a JSON object is a text; what does, and is none, was
/// meant as one (half an emoji, a missing quote) and is no customer's words.
fn text_of(line: &str) -> Result<String, String> {
    let begins = line.trim_start().strip_prefix('{').map(str::trim_start);
    if !begins.is_some_and(|rest| rest.is_empty() || rest.starts_with(['"', '}', '\''])) {
        return Ok(line.to_owned());
    }
    match serde_json::from_str::<Value>(line) {
        Ok(value) => match value.get("text") {
            Some(Value::String(text)) => Ok(text.clone()),
            Some(_) => Err("the `text` of this object is no text".to_owned()),
            None => Err("this object has no `text`".to_owned()),
        },
        Err(e) => Err(format!("this begins as a JSON object and is none: {}", why(&e))),
    }
}

/// What is wrong with a line of JSON. Its line is always the first: what counts is the column.
fn why(e: &serde_json::Error) -> String {
    let words = e.to_string();
    let words = match words.split(" at line ").next().unwrap_or(&words) {
        half if half.contains("hex escape") => "half a character (a surrogate without its other half)",
        words => words,
    };
    format!("{words} at column {}", e.column())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_read_texts_taken_as_they_are_and_broken_objects_refused() {
        assert_eq!(text_of("where is my refund"), Ok("where is my refund".to_owned()));
        assert_eq!(text_of(" {\"text\": \"ναι \\ud83d\\ude00\"} "), Ok("ναι 😀".to_owned()));
        for text in ["{name} wants a refund", "", "[1]", "\"hi\"", "{hello}", "7"] {
            assert_eq!(text_of(text).as_deref(), Ok(text));
        }
        for (line, words) in [
            ("{\"text\":\"\\ud83d\"}", "surrogate"),
            ("{\"text\":\"\\ude00 hi\"}", "surrogate"),
            ("{\"text\":\"hi\"", "EOF"),
            ("{ 'text': 'hi'}", "key must be"),
            ("{", "EOF"),
            ("{}", "no `text`"),
            ("{\"words\":\"hi\"}", "no `text`"),
            ("{\"text\":7}", "no text"),
            ("{\"text\":\"a\"} {\"text\":\"b\"}", "trailing"),
        ] {
            let error = text_of(line).unwrap_err();
            assert!(error.contains(words) && !error.contains("line 1"), "{line}: {error}");
        }
    }
}
