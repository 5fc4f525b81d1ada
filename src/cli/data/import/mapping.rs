//! Which column of a CSV file means what: shown, corrected by flags, kept as a profile.

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::{Exit, Usage};
use crate::cli::output::table::WordTable;
use crate::disk::{InputFiles, NewFile};
use crate::ingest::formats::csv;
use crate::ingest::formats::csv::{CsvFormat, Mapping, MappingGuess};
use crate::ingest::{FormatChoice, Input};
use crate::text;
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::path::PathBuf;

/// Flags for CSV files.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "CSV files")]
pub(super) struct MappingFlags {
    /// Which column is what, over the guess: text=message,role=from,id=session (--show-mapping lists the fields); may be given more than
    /// once, an answer each
    #[arg(long, value_name = "FIELD=COLUMN,…")]
    map: Vec<String>,
    /// Use a mapping that was saved
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Save the mapping under a name when the import is done
    #[arg(long, value_name = "NAME")]
    save_profile: Option<String>,
    /// Show how the columns would be read, and import nothing
    #[arg(long = "show-mapping")]
    pub show: bool,
}

impl MappingFlags {
    /// CSV as the flags say it is to be read, if they say anything.
    pub fn choice(&self, cx: &Cx) -> Result<Option<FormatChoice>> {
        Ok(CsvFormat { mapping: self.profile(cx)?, map: self.map() }.chosen())
    }

    /// All that was said of columns, as one.
    fn map(&self) -> Option<String> {
        (!self.map.is_empty()).then(|| self.map.join(","))
    }

    /// The saved mapping that was asked for.
    fn profile(&self, cx: &Cx) -> Result<Option<Mapping>> {
        let Some(name) = &self.profile else { return Ok(None) };
        let path = path_of(cx, name)?;
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("no profile {name:?}; --save-profile {name} makes it ({})", path.display()))?;
        Ok(Some(Mapping::from_toml(&text).with_context(|| format!("{} is broken", path.display()))?))
    }

    /// Begins the profile that is to be saved, before anything is imported: what cannot be saved is said then.
    pub fn begin(&self, cx: &Cx, files: &[PathBuf], inputs: &InputFiles) -> Result<Option<NewProfile>> {
        let Some(name) = &self.save_profile else { return Ok(None) };
        let path = path_of(cx, name)?;
        let mapping = self.guess(cx, files)?.mapping;
        let (known, file) = (path.exists(), Mapping::begin_profile(&path, inputs)?);
        Ok(Some(NewProfile { name: name.clone(), path, mapping, file, known }))
    }

    fn guess(&self, cx: &Cx, files: &[PathBuf]) -> Result<MappingGuess> {
        let file = files.first().filter(|f| f.as_os_str() != "-");
        let file =
            file.ok_or_else(|| Usage::because("a mapping is shown and saved of a file, not of standard input"))?;
        let head = csv::head(Input::File(file.clone()), self.map().as_deref())
            .with_context(|| format!("cannot read {}", file.display()))?;
        Ok(head.correct(self.profile(cx)?.as_ref(), &self.map().unwrap_or_default())?)
    }
}

/// A profile that is saved when the import is done.
pub(super) struct NewProfile {
    name: String,
    path: PathBuf,
    mapping: Mapping,
    file: NewFile,
    known: bool,
}

impl NewProfile {
    pub fn save(self, cx: &Cx) -> Result<()> {
        self.mapping.keep_profile(&self.path, self.file)?;
        let name = self.name;
        let before = if self.known { " in place of the one before" } else { "" };
        cx.note(&format!("saved as profile {name}{before}: --profile {name} uses it"));
        Ok(())
    }
}

/// Profiles are files of their own; a name is no path.
fn path_of(cx: &Cx, name: &str) -> Result<PathBuf> {
    let plain =
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "-_. ".contains(c)) && !name.starts_with('.');
    if !plain {
        return Err(Usage::because("a profile's name has letters, digits, - and _ only"));
    }
    match &cx.settings.profiles {
        Some(dir) => Ok(dir.join(format!("{name}.toml"))),
        None => bail!("this platform has no configuration directory to keep profiles in"),
    }
}

/// Shows how the first file's columns would be read.
pub(super) fn show(cx: &mut Cx, args: &MappingFlags, files: &[PathBuf]) -> Result<Exit> {
    let guess = args.guess(cx, files)?;
    guess.warnings.iter().for_each(|w| cx.note(w));
    if cx.json {
        let columns: Vec<_> = guess
            .columns
            .iter()
            .map(|c| json!({"column": c.name, "field": c.field.map(csv::CsvField::name), "examples": c.examples}))
            .collect();
        cx.out.json(&json!({"mapping": guess.mapping, "columns": columns, "sure": guess.sure}))?;
        return Ok(Exit::Done);
    }
    let mut table = WordTable::new(&["column", "read as", "examples"]);
    for c in &guess.columns {
        let examples = c.examples.iter().take(3).map(|e| text::clean(e).to_string()).collect::<Vec<_>>().join(" | ");
        let field = c.field.map_or("meta", csv::CsvField::name);
        table.row([text::clean(&c.name).as_str(), field, text::cut(&examples, 60).as_ref()]);
    }
    table.print(&mut cx.out)?;
    let names: Vec<String> = guess.columns.iter().map(|c| c.name.clone()).collect();
    let read = guess.mapping.describe(&names);
    cx.out.line(format!("\n{}\n\nFields for --map:", text::clean(&read)))?;
    for field in csv::CsvField::ALL {
        cx.out.line(format!("  {} {}", text::pad(field.name(), 16), field.help()))?;
    }
    Ok(Exit::Done)
}
