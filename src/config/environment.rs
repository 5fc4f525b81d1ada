//! What the environment says.

use directories::ProjectDirs;
use std::path::PathBuf;

/// The part of the environment that matters, read once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// `APPRAISE_STORE`
    pub store: Option<PathBuf>,
    /// The login name.
    pub login: Option<String>,
    /// `NO_COLOR` is set, or the terminal is dumb.
    pub no_color: bool,
    /// The platform's directory for our configuration.
    pub config_dir: Option<PathBuf>,
    /// The platform's directory for our data.
    pub data_dir: Option<PathBuf>,
}

impl Environment {
    /// Reads it.
    pub fn read() -> Self {
        let set = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
        let dirs = ProjectDirs::from("", "", "appraise");
        Self {
            store: std::env::var_os("APPRAISE_STORE").filter(|v| !v.is_empty()).map(PathBuf::from),
            login: ["USER", "USERNAME", "LOGNAME"].into_iter().find_map(set),
            no_color: set("NO_COLOR").is_some() || set("TERM").is_some_and(|t| t == "dumb"),
            config_dir: dirs.as_ref().map(|d| d.config_dir().to_owned()),
            data_dir: dirs.as_ref().map(|d| d.data_dir().to_owned()),
        }
    }
}
