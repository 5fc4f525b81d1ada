//! `appraise zone`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::domain::Zone;
use anyhow::Result;
use serde_json::json;

const HELP: &str = "\
Days, weeks and months are counted in this zone, with its daylight saving: on the Overview, in `stats`, in saved views, in since: and \
before:, in the names of cycles; screens show times in it. Everything that was there before is counted anew. It is a decision: \
`appraise undo` takes it back. The zone of this machine (TZ) changes nothing; --tz of `import` is for times in a log that name none, \
--tz of `stats` for one answer.

Examples:
  appraise zone
  appraise zone Europe/Nicosia
  appraise zone +05:30

JSON: {\"zone\",\"offset\":\"+02:00\",\"now\":\"2026-11-23T07:49:00+02:00\",\"step\"}; step is null where nothing changed.";

/// Show or set the time zone that days, weeks and months are counted in
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// UTC, +02:00 or Europe/Nicosia [default: show the one that is set]
    #[arg(value_name = "NAME", allow_hyphen_values = true)]
    name: Option<Zone>,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let mut store = cx.store()?;
    // A zone that this version does not know can only be replaced.
    let before = if args.name.is_some() { store.zone().ok() } else { Some(store.zone()?) };
    let zone = args.name.or(before).unwrap_or_default();
    let step = if before == Some(zone) { None } else { Some(store.set_zone(cx.reviewer(), cx.now, zone)?) };
    let (offset, local) = (zone.format(cx.now, "%:z"), zone.format(cx.now, "%Y-%m-%dT%H:%M:%S%:z"));
    if cx.json {
        let step = step.map(|s| s.0);
        cx.out.json(&json!({"zone": zone.to_string(), "offset": offset, "now": local, "step": step}))?;
        return Ok(Exit::Done);
    }
    cx.out.line(format!("{zone}   now {} ({offset})", zone.stamp(cx.now)))?;
    match (step, args.name) {
        (Some(_), _) => {
            cx.note("days, weeks and months are counted in it, those before too; `appraise undo` takes it back")
        }
        (None, Some(_)) => cx.note("that is the zone already"),
        (None, None) => {}
    }
    Ok(Exit::Done)
}
