//! What the environment says.

use super::proxies::Proxies;
use crate::domain::{Ai, SecretKey};
use directories::{BaseDirs, ProjectDirs};
use std::path::PathBuf;

/// Threads a processor: more only wait for each other.
pub const THREADS: usize = 4;

/// The part of the environment that matters, read once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// `APPRAISE_STORE`
    pub store: Option<PathBuf>,
    /// `APPRAISE_ENCODERS`
    pub encoders: Option<PathBuf>,
    /// `HF_ENDPOINT`
    pub hub: Option<String>,
    /// `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`
    pub proxies: Proxies,
    /// `RAYON_NUM_THREADS`: threads that compute, at most [`THREADS`] a processor.
    pub threads: Option<usize>,
    /// The login name.
    pub login: Option<String>,
    /// `NO_COLOR` is set, or the terminal is dumb.
    pub no_color: bool,
    /// How many colours the terminal says it shows, as a power of two: 4, 8 or 24.
    pub color_bits: u8,
    /// Whether the background is light, by `COLORFGBG`; `None`: it does not say.
    pub light: Option<bool>,
    /// The language that the person reads, by `LC_ALL`, `LC_MESSAGES` or `LANG`: its two letters.
    pub reads: Option<String>,
    /// The platform's directory for our configuration.
    pub config_dir: Option<PathBuf>,
    /// The person's own directory.
    pub home: Option<PathBuf>,
    /// The platform's directory for our data.
    pub data_dir: Option<PathBuf>,
    /// The platform's directory for what one run leaves to the next.
    pub state_dir: Option<PathBuf>,
    /// `APPRAISE_LOG`: `1` or `debug`.
    pub log: Option<LogLevel>,
}

impl Environment {
    /// Reads it.
    pub fn read() -> Self {
        let set = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
        let path = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        let dirs = ProjectDirs::from("", "", "appraise");
        Self {
            store: path("APPRAISE_STORE"),
            encoders: path("APPRAISE_ENCODERS"),
            hub: set("HF_ENDPOINT"),
            proxies: Proxies::read(set),
            threads: ["RAYON_NUM_THREADS", "RAYON_RS_NUM_CPUS"].into_iter().find_map(set).map(|n| threads(&n)),
            login: ["USER", "USERNAME", "LOGNAME"].into_iter().find_map(set),
            no_color: set("NO_COLOR").is_some() || set("TERM").is_some_and(|t| t == "dumb"),
            color_bits: color_bits(set("COLORTERM").as_deref(), set("TERM").as_deref()),
            light: set("COLORFGBG").and_then(|colors| is_light(&colors)),
            reads: ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set).and_then(|locale| language(&locale)),
            config_dir: dirs.as_ref().map(|d| d.config_dir().to_owned()),
            home: BaseDirs::new().map(|d| d.home_dir().to_owned()),
            data_dir: dirs.as_ref().map(|d| d.data_dir().to_owned()),
            state_dir: dirs.as_ref().map(|d| d.state_dir().unwrap_or(d.data_local_dir()).to_owned()),
            log: set("APPRAISE_LOG").and_then(|wanted| log_level(&wanted)),
        }
    }
}

/// The configuration names a variable for the key of an AI, and it is not set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key of {ai} is not there: set the environment variable {variable} before starting appraise")]
pub struct MissingKey {
    /// The AI.
    pub ai: String,
    /// The variable.
    pub variable: String,
}

impl Environment {
    /// The key of an AI, read when it is needed; `None` where the configuration names no variable for one.
    ///
    /// # Errors
    /// `MissingKey`.
    pub fn key_of(ai: &Ai) -> Result<Option<SecretKey>, MissingKey> {
        let Some(variable) = &ai.key_env else { return Ok(None) };
        let key = std::env::var(variable).ok().filter(|v| !v.is_empty());
        let missing = || MissingKey { ai: ai.name.clone(), variable: variable.clone() };
        key.map(SecretKey::new).ok_or_else(missing).map(Some)
    }
}

/// How much is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// What was run and how it ended.
    Brief,
    /// Every write, too.
    Full,
}

/// `0` and `off` ask for none.
fn log_level(wanted: &str) -> Option<LogLevel> {
    match wanted.to_ascii_lowercase().as_str() {
        "0" | "off" | "false" => None,
        "debug" | "trace" | "full" | "2" => Some(LogLevel::Full),
        _ => Some(LogLevel::Brief),
    }
}

/// As many threads as somebody wants and a machine can use; what is no number above 0 means as many as processors.
fn threads(wanted: &str) -> usize {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let wanted = wanted.trim().parse().ok().filter(|n| *n > 0);
    wanted.unwrap_or(processors).min(processors * THREADS)
}

/// Terminals say 24 bits in `COLORTERM` and 256 colours in `TERM`; others are trusted with sixteen.
fn color_bits(colorterm: Option<&str>, term: Option<&str>) -> u8 {
    match (colorterm, term) {
        (Some("truecolor" | "24bit"), _) => 24,
        (_, Some(term)) if term.ends_with("-direct") => 24,
        (_, Some(term)) if term.contains("256color") => 8,
        _ => 4,
    }
}

/// `15;0` and `0;default;15`: foreground and background as numbers of the sixteen colours.
fn is_light(colors: &str) -> Option<bool> {
    let background: u8 = colors.rsplit(';').next()?.trim().parse().ok()?;
    (background < 16).then_some(background == 7 || background > 8)
}

/// `el` of `el_CY.UTF-8`; `C` and `POSIX` are no language.
fn language(locale: &str) -> Option<String> {
    let tag = locale.split(['_', '.', '@']).next()?.to_ascii_lowercase();
    (tag.len() == 2 && tag.bytes().all(|b| b.is_ascii_lowercase())).then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::{THREADS, color_bits, is_light, language, threads};

    #[test]
    fn terminals_say_what_their_background_is_and_locales_what_one_reads() {
        let light = ["0;15", "0;default;15", "0;7"].map(is_light);
        assert_eq!(light, [Some(true); 3]);
        assert_eq!(
            ["15;0", "7;8", "15;default", "15;200", ""].map(is_light),
            [Some(false), Some(false), None, None, None]
        );
        assert_eq!(language("el_CY.UTF-8").as_deref(), Some("el"));
        assert_eq!(["C", "POSIX", "C.UTF-8", ""].map(language), [const { None }; 4]);
    }

    #[test]
    fn terminals_say_how_many_colours_they_show() {
        assert_eq!(color_bits(Some("truecolor"), Some("xterm")), 24);
        assert_eq!(color_bits(None, Some("xterm-direct")), 24);
        assert_eq!(color_bits(None, Some("screen-256color")), 8);
        assert_eq!(color_bits(None, Some("linux")), 4);
        assert_eq!(color_bits(None, None), 4);
    }

    #[test]
    fn threads_have_a_bound() {
        let processors = std::thread::available_parallelism().unwrap().get();
        assert_eq!(threads("1"), 1);
        for many in ["100000", "18446744073709551615"] {
            assert!(threads(many) <= processors * THREADS, "{many}");
        }
        for odd in ["0", "-1", "NaN", "1e-300", "18446744073709551616", ""] {
            assert_eq!(threads(odd), processors, "{odd:?}");
        }
    }
}
