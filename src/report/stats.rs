//! Rates as JSON: the same value on the command line and in a report.

use crate::store::{Segment, SegmentBy, StoreStats};
use serde_json::{Map, Value, json};

/// Everything that `appraise stats --json` prints.
pub fn stats_value(stats: &StoreStats, by: SegmentBy) -> serde_json::Result<Value> {
    let segment = |s: &Segment| -> serde_json::Result<Value> {
        let mut row = Map::new();
        row.insert(by.name().to_owned(), json!(s.name));
        if let Value::Object(figures) = serde_json::to_value(s)? {
            row.extend(figures);
        }
        Ok(Value::Object(row))
    };
    let mut value = json!({
        "n": stats.all.n,
        "excluded": stats.excluded,
        "outcomes": stats.all.outcomes,
        "rates": stats.all.rates,
        "accuracy": stats.accuracy,
        "needs": stats.needs,
        "zone": stats.zone.to_string(),
        "since": stats.since,
    });
    if let Some(rests) = &stats.all_traffic {
        value["all_traffic"] = json!(rests);
    }
    value[by.plural()] = stats.segments.iter().map(segment).collect::<serde_json::Result<Vec<Value>>>()?.into();
    Ok(value)
}
