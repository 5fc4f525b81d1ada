//! The configuration file.

use super::bounds::NumberBound;
use super::choices::{Color, MAX_SEED, ThemeChoice};
use super::outside::{Named, RawAi, RawTrainer, checked};
use crate::domain::{ErrorCosts, ExternalAis};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::Spanned;

const SEED: NumberBound = NumberBound::whole("seed", 0, MAX_SEED);
const TEST_SHARE: NumberBound = NumberBound::number("test_share", 0.01, 0.9);
const HOURLY: NumberBound = NumberBound::number("hourly (what an hour costs)", 0.0, 1e6);
/// Their quotient must be a number, too.
const COSTS: [NumberBound; 2] =
    [NumberBound::none_or("costs.wrong", 1e-6, 1e9), NumberBound::none_or("costs.handover", 1e-6, 1e9)];

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {path}: {error}; give another with --config PATH")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// The system's word.
        error: std::io::Error,
    },
    /// Something in it is wrong.
    #[error("{path}:{line}: {what}")]
    Broken {
        /// Which file.
        path: PathBuf,
        /// Where.
        line: usize,
        /// What is wrong and what is allowed.
        what: String,
    },
    /// Nobody says where the store is.
    #[error("this system has no directory for a program's data; say where the store is with --store PATH")]
    NoPlace,
    /// What names the hub is no address.
    #[error("HF_ENDPOINT is {0:?}: an http or https address is needed, without a name, a key or a query in it")]
    Hub(String),
    /// A name that cannot be a reviewer's.
    #[error(
        "{0:?} cannot be a reviewer's name: 1 to 100 characters, no colon, not `appraise`; give one with --as NAME"
    )]
    Name(String),
}

/// What a file says. `None`: nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// The store.
    pub store: Option<PathBuf>,
    /// Who decides.
    pub reviewer: Option<String>,
    /// Seed.
    pub seed: Option<u64>,
    /// When output is coloured.
    pub color: Option<Color>,
    /// What the screen's colours are made for.
    pub theme: Option<ThemeChoice>,
    /// Share of test groups.
    pub test_share: Option<f64>,
    /// Ring the bell when long work ends while nobody looks.
    pub bell: Option<bool>,
    /// What an hour of a reviewer costs.
    pub hourly: Option<f64>,
    /// Keys by action name.
    pub keys: BTreeMap<String, Vec<String>>,
    /// Trainers and AIs.
    pub outside: ExternalAis,
    /// What a wrong answer and a hand-over cost.
    pub costs: ErrorCosts,
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConfig {
    store: Option<PathBuf>,
    r#as: Option<String>,
    seed: Option<Spanned<f64>>,
    color: Option<Color>,
    theme: Option<ThemeChoice>,
    test_share: Option<Spanned<f64>>,
    bell: Option<bool>,
    hourly: Option<Spanned<f64>>,
    #[serde(default)]
    keys: BTreeMap<String, Vec<String>>,
    costs: Option<Spanned<RawCosts>>,
    #[serde(default)]
    trainer: Named<RawTrainer>,
    #[serde(default)]
    ai: Named<RawAi>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCosts {
    wrong: Option<f64>,
    handover: Option<f64>,
}

/// Costs that can be weighed against each other, or what is wrong with them.
fn costs(raw: &RawCosts) -> Result<ErrorCosts, String> {
    let usual = ErrorCosts::default();
    let costs =
        ErrorCosts { wrong: raw.wrong.unwrap_or(usual.wrong), handover: raw.handover.unwrap_or(usual.handover) };
    for (cost, bound) in [costs.wrong, costs.handover].into_iter().zip(COSTS) {
        bound.check(cost)?;
    }
    if costs.wrong + costs.handover == 0.0 {
        return Err("costs: wrong and handover must not both be 0".to_owned());
    }
    Ok(costs)
}

impl File {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read; a line is no TOML, names an unknown setting or gives a value that is not allowed.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text =
            std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable { path: path.to_owned(), error })?;
        Self::parse(&text, path)
    }

    pub(super) fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let broken = |at: usize, what: String| {
            let line = 1 + text.bytes().take(at).filter(|&b| b == b'\n').count();
            ConfigError::Broken { path: path.to_owned(), line, what }
        };
        let raw: RawConfig = toml::from_str(text)
            .map_err(|e| broken(e.span().map_or(0, |s| s.start), e.message().replace('\n', "; ")))?;
        let within = |number: Option<Spanned<f64>>, bound: NumberBound| {
            let check = |n: Spanned<f64>| bound.check(*n.get_ref()).map_err(|what| broken(n.span().start, what));
            number.map(check).transpose()
        };
        let seed = within(raw.seed, SEED)?.map(|n| n as u64);
        let test_share = within(raw.test_share, TEST_SHARE)?;
        let hourly = within(raw.hourly, HOURLY)?;
        let costs = raw
            .costs
            .map_or(Ok(ErrorCosts::default()), |c| costs(c.get_ref()).map_err(|what| broken(c.span().start, what)))?;
        let base = path.parent().unwrap_or(Path::new(""));
        // `a.toml` lies in the directory where we are.
        let here = if base.as_os_str().is_empty() { Path::new(".") } else { base };
        let outside = checked(raw.trainer, raw.ai, here).map_err(|(at, what)| broken(at, what))?;
        Ok(Self {
            store: raw.store.map(|s| base.join(s)),
            reviewer: raw.r#as,
            seed,
            color: raw.color,
            theme: raw.theme,
            test_share,
            bell: raw.bell,
            hourly,
            keys: raw.keys,
            outside,
            costs,
        })
    }
}
