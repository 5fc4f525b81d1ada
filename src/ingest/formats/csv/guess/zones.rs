//! A column that names a zone beside times that name none.

use super::dialect::Sample;
use crate::domain::Zone;
use crate::ingest::formats::csv::ask::{AskedValues, PersonsWord};
use crate::ingest::formats::csv::columns::field::{CsvField, plain};
use crate::ingest::formats::csv::columns::mapping::Mapping;
use crate::ingest::times::TimeReading;
use serde_json::Value;

/// Headers, plain, of zones.
const OF_ZONES: &[&str] =
    &["timezone", "tz", "zone", "utcoffset", "timezoneid", "timezonename", "tzname", "zeitzone", "fuseauhorario"];

/// Asks in which zone times are, where one column says one and nobody has said it.
pub(super) fn ask(m: &Mapping, sample: &Sample, zone: Zone, said: &PersonsWord<'_>, asked: &mut AskedValues) {
    let Some(time) = m.column(CsvField::Time).or(m.column(CsvField::Started)) else { return };
    if zone != Zone::default() || (said.keys)(CsvField::Time.name()) || (said.keys)(CsvField::Started.name()) {
        return;
    }
    let place = |name: &str| sample.columns.iter().position(|c| c == name);
    let is_zone = |name: &&String| m.field_of(name).is_none() && OF_ZONES.contains(&plain(name).as_str());
    let Some(column) = sample.columns.iter().find(is_zone) else { return };
    let mut zones: Vec<&str> = place(column).map(|i| sample.values(i).map(str::trim).collect()).unwrap_or_default();
    zones.sort_unstable();
    zones.dedup();
    let is_local = place(time).and_then(|i| sample.values(i).next()).is_some_and(is_local);
    // Several are most often those of customers.
    let [only] = zones[..] else { return };
    let Some(named) = only.parse::<Zone>().ok().filter(|named| !is_utc(*named) && is_local) else { return };
    asked.need(
        "the zone of times",
        format!("column `{column}` says `{only}`, and `{time}` names no zone"),
        format!("--tz {named} reads it so; --map \"time={time}\" takes it for UTC"),
        &[],
        Some("it for UTC"),
    );
}

/// Whether a time names no zone: in another one it is another moment.
fn is_local(time: &str) -> bool {
    let Ok(east) = "+05:00".parse::<Zone>() else { return false };
    let read =
        |zone: Zone| TimeReading { zone, ..TimeReading::default() }.read(&Value::from(time.trim())).ok().flatten();
    read(Zone::default()).is_some_and(|at| read(east) != Some(at))
}

/// Whether a zone is UTC by any of its names.
fn is_utc(zone: Zone) -> bool {
    let names = ["UTC", "Etc/UTC", "GMT", "Etc/GMT", "Zulu", "Etc/Zulu", "UCT", "Universal", "+00:00"];
    names.contains(&zone.to_string().as_str())
}
