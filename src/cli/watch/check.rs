//! `appraise check`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::output::json::Tone;
use crate::disk::InputFiles;
use crate::jobs::{self, CheckOptions, CheckReport, Limits, Webhook};
use anyhow::Result;
use serde_json::json;
use std::path::PathBuf;

const HELP: &str = "\
For cron and CI: exit 3 when a limit is left, with one sentence a breach. It may be looked at every day: a limit is left only when the \
whole confidence sequence lies beyond it, an interval that holds at every look (betting; Waudby-Smith and Ramdas 2024), so that a rate \
which stays within its limits gives an alarm in at most 5 of 100 years of daily looks; the limits that are given share those 5. \
The check begins at its first run, with the seven days that the Overview shows then; that is kept in the store, and --restart begins \
anew. Each customer counts once a day, with the mean of that day: value and interval are of customer-days, and differ a little from \
those of `appraise stats`.

--max-drop P notices a fall of the resolution rate within days: a cumulative sum (Page 1954) of what falls short of what was usual in \
the eight weeks before the check began, with a limit that is found by simulating a thousand years without change. A drop that \
usual fluctuation hides is not noticed; the interval of a drop is a usual one, and leans towards large.

--webhook is told of a breach by one POST of JSON, counts and rates alone: {\"program\",\"ok\",\"breaches\",\"since\"}. If it cannot be told, \
that is said and the breach stands.

Examples:
  appraise check --min-resolution 0.7 --max-escalation 0.2
  appraise check --max-drop 0.05 --webhook https://hooks.example/T0 --prometheus /var/lib/node_exporter/appraise.prom

JSON: {\"ok\",\"breaches\":[{\"rate\" (resolution, escalation, drop),\"limit\",\"value\",\"lo\",\"hi\",\"n\" (customer-days),\"since\",\"says\"}], \
\"checked\":[the same of every limit, with \"breached\"; value is null without data],\"since\",\"kept\",\"notes\",\"told\" (webhook: true, or why not; else null)}";

/// Whether a rate has left its limits; for cron and CI
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// The least resolution rate, 0 to 1
    #[arg(long, value_name = "P", value_parser = share)]
    min_resolution: Option<f64>,
    /// The largest rate of hand-overs, 0 to 1
    #[arg(long, value_name = "P", value_parser = share)]
    max_escalation: Option<f64>,
    /// The largest drop of the resolution rate below what is usual: 0.05 is five points
    #[arg(long, value_name = "P", value_parser = drop_share)]
    max_drop: Option<f64>,
    /// Begin anew: forget since when this check counts, and what was usual
    #[arg(long)]
    restart: bool,
    /// Tell this address of a breach: https://HOST/PATH, or http:// on this machine
    #[arg(long, value_name = "URL")]
    webhook: Option<Webhook>,
    /// Write the figures for Prometheus' textfile collector; replaces only what this command has written
    #[arg(long, value_name = "FILE")]
    prometheus: Option<PathBuf>,
}

fn share(text: &str) -> Result<f64, String> {
    let found = text.parse::<f64>().ok().filter(|p| (0.0..=1.0).contains(p));
    found.ok_or_else(|| "write a fraction from 0 to 1, such as 0.7".to_owned())
}

fn drop_share(text: &str) -> Result<f64, String> {
    let found = text.parse::<f64>().ok().filter(|p| (0.005..=1.0).contains(p));
    found.ok_or_else(|| "write a fraction from 0.005 to 1, such as 0.05 for five points".to_owned())
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let store = cx.store()?;
    let limits =
        Limits { min_resolution: args.min_resolution, max_escalation: args.max_escalation, max_drop: args.max_drop };
    let options = CheckOptions { limits, restart: args.restart, now: cx.now, seed: cx.settings.seed };
    let found = jobs::check(&store, &options)?;
    found.notes.iter().for_each(|words| cx.note(words));
    let told = args
        .webhook
        .as_ref()
        .filter(|_| !found.ok)
        .map(|hook| jobs::send(hook, &found, cx.settings.proxies.of(hook.address())).map_err(|e| e.to_string()));
    if let Some(Err(why)) = &told {
        cx.note(why);
    }
    // What was found is said first, whatever becomes of the file.
    if cx.json {
        let mut value = serde_json::to_value(&found)?;
        value["told"] = told.map_or(json!(null), |told| told.map_or_else(|why| json!(why), |()| json!(true)));
        cx.out.json(&value)?;
    } else {
        print(cx, &found)?;
    }
    if let Some(path) = &args.prometheus {
        let inputs = InputFiles::standard().store(&cx.settings.store);
        if let Err(e) = jobs::write_prometheus(&found, path, cx.now, &inputs) {
            if found.ok {
                return Err(e.into());
            }
            cx.note(&e.to_string());
        }
    }
    Ok(if found.ok { Exit::Done } else { Exit::Refused })
}

fn print(cx: &mut Cx, found: &CheckReport) -> Result<()> {
    for one in &found.checked {
        let (sign, tone) = match (one.breached, one.found.n) {
            (true, _) => ("✗", Tone::Bad),
            (false, 0) => ("·", Tone::Muted),
            (false, _) => ("✓", Tone::Good),
        };
        let sign = cx.out.paint(tone, sign);
        cx.out.line(format!("{sign} {}", one.found.says))?;
    }
    Ok(())
}
