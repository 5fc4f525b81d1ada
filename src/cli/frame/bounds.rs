//! The bounds of the numbers that flags take.

use clap::builder::{RangedU64ValueParser, TypedValueParser};
use std::ops::RangeInclusive;

/// Rows of anything, at most: more than a store can hold.
pub(in crate::cli) const ROWS: u64 = 1_000_000_000_000;

/// A number within bounds, as a size.
pub(in crate::cli) fn up_to(bounds: RangeInclusive<u64>) -> impl TypedValueParser<Value = usize> {
    RangedU64ValueParser::<u64>::new().range(bounds).map(|n| usize::try_from(n).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use clap::builder::ValueParser;
    use clap::{Arg, Command};
    use std::any::TypeId;

    /// Every flag of a command and of what is under it, with the words that lead to it.
    fn flags(command: &Command, path: &str, found: &mut Vec<(String, ValueParser)>) {
        for arg in command.get_arguments() {
            found.push((format!("{path} {}", arg.get_id()), arg.get_value_parser().clone()));
        }
        for sub in command.get_subcommands() {
            flags(sub, &format!("{path} {}", sub.get_name()), found);
        }
    }

    fn said(parser: &ValueParser, value: &str) -> Result<(), String> {
        let arg = Arg::new("n").long("n").value_parser(parser.clone()).allow_hyphen_values(true);
        let parsed = Command::new("t").arg(arg).try_get_matches_from(["t", "--n", value]);
        parsed.map(|_| ()).map_err(|e| e.to_string())
    }

    #[test]
    fn every_number_has_bounds_and_says_them() {
        let mut all = Vec::new();
        flags(&crate::cli::command_line(), "appraise", &mut all);
        let numbers =
            [TypeId::of::<u32>(), TypeId::of::<u64>(), TypeId::of::<usize>(), TypeId::of::<i64>(), TypeId::of::<f64>()];
        let all: Vec<_> = all.into_iter().filter(|(_, p)| numbers.iter().any(|n| p.type_id() == *n)).collect();
        assert!(all.len() > 15, "{}: the flags are not found", all.len());
        for (flag, parser) in all {
            // Whole numbers beyond all counting are refused by every flag, and so is what is no number.
            for odd in ["18446744073709551615", "-9223372036854775809", "NaN", "inf", "1e999", ""] {
                let words = said(&parser, odd).err().unwrap_or_else(|| panic!("{flag} takes {odd:?}"));
                assert!(words.contains("--n"), "{flag}: {words}");
            }
            let zero = said(&parser, "0");
            assert!(zero.is_ok() || zero.unwrap_err().contains("--n"), "{flag}");
        }
    }
}
