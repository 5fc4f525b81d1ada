//! Values that settings and flags can have.

use serde::Deserialize;

/// The largest seed: what a configuration file and JSON can say exactly.
pub const MAX_SEED: u64 = 1 << 53;
/// When output is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Color {
    /// On a terminal that shows colours, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What the screen's colours are made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeChoice {
    /// The background that the terminal has: it is asked.
    #[default]
    Auto,
    /// A dark background.
    Dark,
    /// A light background.
    Light,
    /// No colours.
    Plain,
}
