//! Counts by day against edges of days, and their bytes.

use super::days::{ChunkDays, DayBasis, day_that_begins};
use super::sums::Sums;
use super::*;
use crate::domain::{Outcome, Timestamp, Zone};

const HOUR: i64 = 3_600_000;

fn basis(zone: &str) -> DayBasis {
    DayBasis { zone: zone.parse().unwrap(), patterns: 3 }
}

/// Resolved conversations half an hour after each other.
fn chunk(from: i64, rows: usize) -> Chunk {
    let mut chunk = Chunk::default();
    let state = [
        (StateField::THERE, 1),
        (StateField::OUTCOME, Outcome::Resolved.code() as u32),
        (StateField::TRAFFIC, 1),
        (StateField::HAS_AI, 1),
    ];
    let state = state.into_iter().fold(0, |state, (field, value)| field.with(state, value));
    for i in 0..rows {
        let last_at = from + i as i64 * HOUR / 2;
        let row = ColumnRow { last_at, state, csat: f32::NAN, matter: i as u32 % 3, ..ColumnRow::default() };
        chunk.put(i, &row, ColumnSet::ALL);
    }
    chunk
}

/// Newfoundland's clocks went back from 00:01 to 23:01: a day began, and then they showed the day before for an hour. Samoa left out the
/// 30th of December 2011.
#[test]
fn days_are_those_between_midnights_wherever_clocks_go() {
    for (zone, around) in [
        ("America/St_Johns", "2006-10-28T12:00:00Z"),
        ("America/St_Johns", "2006-04-01T12:00:00Z"),
        ("Pacific/Apia", "2011-12-29T00:00:00Z"),
        ("Europe/Nicosia", "2026-10-24T12:00:00Z"),
        ("UTC", "2026-02-27T00:00:00Z"),
    ] {
        let basis = basis(zone);
        let from = chrono::DateTime::parse_from_rfc3339(around).unwrap().timestamp_millis();
        let chunk = chunk(from, 200);
        let days = ChunkDays::over(&chunk, &basis, &[]);
        let edges = basis.zone.days(Timestamp(from), Timestamp(from + 200 * HOUR / 2));
        let counted: Vec<u64> = edges
            .windows(2)
            .map(|edge| {
                let range =
                    day_that_begins(basis.zone, edge[0]).unwrap()..day_that_begins(basis.zone, edge[1]).unwrap();
                days.ends.iter().filter(|(day, _)| range.contains(day)).map(|(_, counts)| u64::from(counts[0])).sum()
            })
            .collect();
        let expected: Vec<u64> = edges
            .windows(2)
            .map(|edge| chunk.last_at.iter().filter(|&&t| t >= edge[0] && t < edge[1]).count() as u64)
            .collect();
        assert_eq!(counted, expected, "{zone}");
        assert_eq!(counted.iter().sum::<u64>(), 200, "{zone}");
        assert_eq!(day_that_begins(basis.zone, edges[0] + 1), None);
    }
}

#[test]
fn bytes_give_the_same_counts_and_damage_is_noticed() {
    let chunk = chunk(1_790_000_000_000, 120);
    let days = ChunkDays::over(&chunk, &basis("Europe/Nicosia"), &[(3, 7), (9, 7)]);
    let sums = *chunk.sums().unwrap();
    let bytes = days.encode(&sums);
    assert_eq!(ChunkDays::decode(&bytes).unwrap(), (days, sums));
    for end in 0..bytes.len() {
        assert!(ChunkDays::decode(&bytes[..end]).is_err(), "{end}");
    }
    let mut long = bytes.clone();
    long.push(0);
    assert!(ChunkDays::decode(&long).is_err());
    // A list that says it is as long as can be allocates nothing.
    let at = bytes.len() - 4;
    long.truncate(at);
    long.extend(u32::MAX.to_le_bytes());
    assert!(ChunkDays::decode(&long).is_err());
    assert_ne!(sums, Sums::default());
    assert_eq!(basis("UTC").zone, Zone::default());
}
