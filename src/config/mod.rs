//! Settings: defaults < file < environment < flags. The only module that reads the environment.

mod bounds;
mod choices;
mod environment;
mod file;
mod outside;
mod proxies;

pub use choices::{Color, MAX_SEED, ThemeChoice};
pub use environment::{Environment, LogLevel, THREADS};
pub use file::{ConfigError, File};
pub use proxies::Proxies;

use crate::base::address;
use crate::domain::{AskingWay, ErrorCosts, ExternalAis};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// The file that is shipped as a start: every setting with its default, commented out.
pub const EXAMPLE: &str = include_str!("../../assets/config.toml");

/// Seed of the hash that puts customers into test or training groups. Fixed, so that stores made from the same logs
/// agree; `--seed` is about what is drawn and trained, not about this.
pub const GROUP_SEED: u64 = 1;
/// Share of test groups in a store that is made now.
const TEST_SHARE: f64 = 0.2;
/// Seed of everything else.
const SEED: u64 = 1;

/// What the command line says of settings. `None`: nothing.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--store`
    pub store: Option<PathBuf>,
    /// `--as`
    pub reviewer: Option<String>,
    /// `--seed`
    pub seed: Option<u64>,
    /// `--color`
    pub color: Option<Color>,
}

/// What holds for this run.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The store's file.
    pub store: PathBuf,
    /// The demo's file: one of its own unless `--store` names another.
    pub demo_store: PathBuf,
    /// The directory of installed encoders: the platform's for data, else beside the store.
    pub encoders: PathBuf,
    /// Where encoders are fetched from, as the environment has it ([`Self::hub`]).
    hub: Option<String>,
    /// Through what the network is reached.
    pub proxies: Proxies,
    /// Threads that compute, where the environment says how many.
    pub threads: Option<usize>,
    /// Where mappings of CSV files are kept; `None` on a platform without a configuration directory.
    pub profiles: Option<PathBuf>,
    /// Who decides.
    pub reviewer: String,
    /// Seed of what is drawn and trained.
    pub seed: u64,
    /// When output is coloured; `Auto` has no `NO_COLOR` left in it.
    pub color: Color,
    /// What the screen's colours are made for.
    pub theme: ThemeChoice,
    /// Whether the background is light, as the environment says; `None`: it does not.
    pub light: Option<bool>,
    /// The language that the person reads, as the environment says.
    pub reads: Option<String>,
    /// Colours of the screen as a power of two: 24, 8, 4, or 0 for none.
    pub color_bits: u8,
    /// Share of test groups in a store that is made now.
    pub test_share: f64,
    /// Keys by action name.
    pub keys: BTreeMap<String, Vec<String>>,
    /// Ring the bell when long work ends while nobody looks.
    pub bell: bool,
    /// What an hour of a reviewer costs, in whatever money the team counts in.
    pub hourly: Option<f64>,
    /// The person's own directory.
    pub home: Option<PathBuf>,
    /// Trainers and AIs outside.
    pub outside: Arc<ExternalAis>,
    /// What a wrong answer and a hand-over cost.
    pub costs: ErrorCosts,
    /// The file that was read, if any.
    pub file: Option<PathBuf>,
}

impl Settings {
    /// Where encoders are fetched from; `None`: from the Hugging Face hub.
    ///
    /// # Errors
    /// The environment names what is no address. Only who fetches need know.
    pub fn hub(&self) -> Result<Option<&str>, ConfigError> {
        match &self.hub {
            Some(odd) if !address::is_plain(odd) => Err(ConfigError::Hub(odd.clone())),
            named => Ok(named.as_deref()),
        }
    }

    /// Puts everything together.
    ///
    /// # Errors
    /// The file is broken, or `--config` names one that is not there; the platform has no data directory and nobody
    /// names a store; a name that is none.
    pub fn load(flags: &Flags, env: &Environment) -> Result<Self, ConfigError> {
        let default = env.config_dir.as_ref().map(|d| d.join("config.toml"));
        let path = flags.config.clone().or(default.filter(|p| p.exists()));
        let file = path.as_deref().map(File::read).transpose()?.unwrap_or_default();
        let store = flags.store.clone().or_else(|| env.store.clone()).or(file.store);
        let store = match store.or_else(|| env.data_dir.as_ref().map(|d| d.join("store.db"))) {
            Some(store) => store,
            None => return Err(ConfigError::NoPlace),
        };
        let reviewer = flags.reviewer.clone().or(file.reviewer).or_else(|| env.login.clone());
        let color = match flags.color {
            Some(color) => color,
            None if env.no_color => Color::Never,
            None => file.color.unwrap_or_default(),
        };
        let theme = file.theme.unwrap_or_default();
        let demo = flags.store.clone().or_else(|| env.data_dir.as_ref().map(|d| d.join("demo.db")));
        let mut outside = file.outside;
        for ai in outside.ais.values_mut() {
            if let AskingWay::Rasa { url } | AskingWay::Chat { url, .. } = &ai.ask {
                ai.proxy = env.proxies.of(url).cloned();
            }
        }
        let beside = || env.data_dir.clone().or_else(|| store.parent().map(PathBuf::from)).unwrap_or_default();
        Ok(Self {
            encoders: env.encoders.clone().unwrap_or_else(|| beside().join("encoders")),
            hub: env.hub.clone(),
            proxies: env.proxies.clone(),
            threads: env.threads,
            demo_store: demo.unwrap_or_else(|| store.clone()),
            profiles: env.config_dir.as_ref().map(|d| d.join("profiles")),
            store,
            reviewer: checked_name(reviewer.unwrap_or_else(|| "reviewer".to_owned()))?,
            seed: flags.seed.or(file.seed).unwrap_or(SEED),
            color,
            theme,
            light: env.light,
            reads: env.reads.clone(),
            color_bits: if color == Color::Never || theme == ThemeChoice::Plain { 0 } else { env.color_bits },
            test_share: file.test_share.unwrap_or(TEST_SHARE),
            keys: file.keys,
            outside: Arc::new(outside),
            costs: file.costs,
            bell: file.bell.unwrap_or(true),
            hourly: file.hourly,
            home: env.home.clone(),
            file: path,
        })
    }
}

/// Names of imports and of the program are reviewers too; nobody may pass for them.
fn checked_name(name: String) -> Result<String, ConfigError> {
    let name = name.trim().to_owned();
    let odd = name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control);
    if odd || name.contains(':') || name == "appraise" {
        return Err(ConfigError::Name(name));
    }
    Ok(name)
}

#[cfg(test)]
mod tests;
