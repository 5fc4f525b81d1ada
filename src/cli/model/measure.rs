//! `appraise measure`

use super::finetune::named;
use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::comparison;
use crate::cli::output::progress::Progress;
use crate::config::Environment;
use crate::domain::{Comparison, Gate};
use crate::jobs::{self, AskingBill, MeasureOptions};
use crate::store::Store;
use anyhow::Result;
use serde_json::json;

const HELP: &str = "\
The AI is asked every gold text once; its answers are a release, compared with what is live and judged by the same gate. So a change \
made elsewhere (another prompt, new knowledge, a vendor's update) gets the same before and after: measure it, `promote` it as what is \
deployed, change it, measure it again. The release holds answers, no model: `predict` and `serve` cannot ask it, and gold turns that \
become gold later count for neither side until it is measured again.

Each AI stands in the configuration, asked in one of three ways:
  [ai.NAME]
  rasa = \"http://127.0.0.1:5005\"           # POST /model/parse
  command = [\"python3\", \"ask.py\"]          # lines {\"id\",\"text\"} in, lines {\"id\",\"intent\",\"confidence\"} out
  chat = \"https://llm.example.com\"         # OpenAI's shape; with model = \"…\" and, if you like, prompt = \"… {intents} …\"
  key_env = \"LLM_KEY\"                      # the variable that holds the key; the key is never stored or shown
  rate = 5                                 # questions a second; retries = 4 and timeout = 30 (seconds)
  price = { request = 0, input = 0, output = 0 }   # a question, a million tokens in and out
  reveal = false                           # texts are masked: <email>, <phone>, <number>…

Answers are kept until the measurement is finished: interrupted, it goes on where it stopped. A busy or broken server (429, 5xx, no \
answer) is asked again with growing pauses. An answer that names no intent of the list counts as wrong.

Examples:
  appraise measure bot
  LLM_KEY=… appraise measure llm --json | jq '.verdict, .bill.cost'";

/// Ask an AI that answers elsewhere the gold texts, and make a release of its answers
#[derive(Debug, clap::Args)]
#[command(after_long_help = [HELP, "\n\n", comparison::KEYS, "\nand \"bill\":{\"asked\",\"known\",\"input_tokens\",\
    \"output_tokens\",\"cost\",\"unknown\",\"unknown_example\"}."].concat())]
pub(in crate::cli) struct Args {
    /// Its name in the configuration
    #[arg(value_name = "AI")]
    ai: String,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let ai = named(&cx.settings.outside.ais, "ai", &args.ai)?.clone();
    let key = Environment::key_of(&ai)?;
    let mut store = cx.store()?;
    let options = MeasureOptions { seed: cx.settings.seed, reviewer: cx.reviewer().to_owned(), now: cx.now };
    let progress = Progress::new(cx);
    let (result, bill) = jobs::measure(&mut store, &ai, key.as_ref(), &options, &progress)?;
    drop(progress);
    let exit = if cx.json { as_json(cx, &store, &result, &bill)? } else { comparison::print(cx, &store, &result)? };
    say(cx, &ai.name, &result, &bill);
    Ok(exit)
}

fn as_json(cx: &mut Cx, store: &Store, result: &Comparison, bill: &AskingBill) -> Result<Exit> {
    let mut value = comparison::json(cx, result)?;
    value["bill"] = json!(bill);
    cx.numbered(store, &value)?;
    Ok(if result.gate == Gate::Refuse { Exit::Refused } else { Exit::Done })
}

fn say(cx: &Cx, name: &str, result: &Comparison, bill: &AskingBill) {
    bill.words().iter().for_each(|words| cx.note(words));
    cx.note(&format!("`appraise promote v{} --reason '…'` says that this is what {name} is now", result.release.0));
}
