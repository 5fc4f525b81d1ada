//! The directory of installed encoders: one directory each, under its name, with what is known of it in `appraise.json`.

use crate::base::did_you_mean;
use crate::disk::{self, Temporary};
use crate::domain::Reporter;
use crate::jobs::JobError;
use crate::learn::vectors::embed::Embedder;
use crate::learn::vectors::encoder::{
    Encoder, EncoderError, EncoderFamily, EncoderLayout, Encoders, FILES, LONGEST_PROMPT, Precision,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The name of the built-in table where an encoder's may stand.
pub const STATIC: &str = "static";
/// The name for n-grams alone.
pub const NONE: &str = "none";
/// What is written beside an encoder's files.
const CARD: &str = "appraise.json";
/// What an encoder is asked to embed before it is taken in.
const SENTENCE: &str = "Where is my order?";

/// What is remembered of an installed encoder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct EncoderCard {
    precision: Precision,
    prefix: Option<String>,
    /// Of all files and the prefix.
    sha256: String,
    bytes: u64,
}

/// An installed encoder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InstalledEncoder {
    /// Its name here.
    pub name: String,
    /// Architecture.
    pub family: EncoderFamily,
    /// Numbers of a vector.
    pub dimensions: usize,
    /// Layers.
    pub layers: usize,
    /// Tokens of a text that are read.
    pub longest: usize,
    /// Size on disk.
    pub bytes: u64,
    /// How its products are computed.
    pub precision: Precision,
    /// What is put before every text.
    pub prefix: String,
    /// What its vectors are known by: name, the first characters of the files' SHA-256, precision.
    pub key: String,
}

/// What is to be installed.
#[derive(Clone, Debug)]
pub struct NewEncoder {
    /// Its name here.
    pub name: String,
    /// How its products are to be computed.
    pub precision: Precision,
    /// What to put before every text; `None`: what the directory says.
    pub prefix: Option<String>,
}

/// The installed encoders, and those of them that are loaded.
pub struct InstalledEncoders {
    dir: PathBuf,
    loaded: Mutex<HashMap<String, Arc<Encoder>>>,
}

impl InstalledEncoders {
    /// The encoders in a directory, which need not exist.
    pub fn at(dir: PathBuf) -> Self {
        Self { dir, loaded: Mutex::default() }
    }

    /// The directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// All installed encoders, by name. What cannot be read as one is left out.
    pub fn list(&self) -> Vec<InstalledEncoder> {
        let Ok(entries) = fs::read_dir(&self.dir) else { return Vec::new() };
        let names = entries.filter_map(|e| e.ok()?.file_name().into_string().ok()).filter(|n| is_name(n));
        let mut found: Vec<_> = names.filter_map(|name| self.read(&name).ok()).collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        found
    }

    /// The encoder of a name.
    ///
    /// # Errors
    /// There is none; the nearest known name is told.
    pub fn find(&self, name: &str) -> Result<InstalledEncoder, JobError> {
        let all = self.list();
        if let Some(found) = all.iter().find(|e| e.name == name) {
            return Ok(found.clone());
        }
        let known = all.iter().map(|e| e.name.as_str()).chain([STATIC, NONE]);
        let hint = match did_you_mean::nearest(name, known) {
            Some(near) => format!("did you mean {near:?}?"),
            None => "`appraise encoder list` shows them, `appraise encoder add DIR` installs one".to_owned(),
        };
        Err(JobError::NotFound(format!("no encoder called {name:?} is installed; {hint}")))
    }

    /// Loads the encoder of a key, once.
    ///
    /// # Errors
    /// It is not installed, or cannot be read.
    pub fn open(&self, key: &str) -> Result<Arc<Encoder>, EncoderError> {
        // Held while loading: two threads that need it load it once.
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(encoder) = loaded.get(key) {
            return Ok(encoder.clone());
        }
        let Some(found) = self.list().into_iter().find(|e| e.key == key) else {
            return Err(self.missing(key));
        };
        let encoder = Encoder::open(&self.dir.join(&found.name), key, Some(&found.prefix), found.precision)?;
        let encoder = Arc::new(encoder);
        loaded.insert(key.to_owned(), encoder.clone());
        Ok(encoder)
    }

    fn missing(&self, key: &str) -> EncoderError {
        let name = key.split('@').next().unwrap_or(key);
        let precision = if key.ends_with("f32") { " --precision f32" } else { "" };
        let other = self.list().iter().any(|e| e.name == name);
        EncoderError::Unsupported(if other {
            format!(
                "it needs the encoder {key}; {name:?} is installed, but with other weights or another precision: \
                     `appraise encoder remove {name}`, then `appraise encoder add DIR --name {name}{precision}` with the right ones"
            )
        } else {
            format!(
                "it needs the encoder {key}, which is not installed: `appraise encoder add DIR --name {name}{precision}`"
            )
        })
    }

    fn read(&self, name: &str) -> Result<InstalledEncoder, EncoderError> {
        let dir = self.dir.join(name);
        let path = dir.join(CARD);
        let bytes = fs::read(&path).map_err(|source| EncoderError::Read { path: path.clone(), source })?;
        let card: EncoderCard =
            serde_json::from_slice(&bytes).map_err(|e| EncoderError::Bad { path, what: e.to_string() })?;
        let layout = EncoderLayout::read(&dir)?;
        Ok(InstalledEncoder {
            key: format!("{name}@{}/{}", card.sha256.get(..12).unwrap_or_default(), card.precision),
            name: name.to_owned(),
            family: layout.family,
            dimensions: layout.width,
            layers: layout.layers,
            longest: layout.longest,
            bytes: card.bytes,
            precision: card.precision,
            prefix: card.prefix.unwrap_or(layout.prompt),
        })
    }

    /// Whether an encoder may be installed under a name: to know before much is fetched.
    ///
    /// # Errors
    /// The name is taken, or is none.
    pub fn may_add(&self, name: &str) -> Result<(), JobError> {
        if !is_name(name) || [STATIC, NONE].contains(&name) {
            return Err(JobError::Usage(format!(
                "{name:?} cannot be an encoder's name: letters, digits, . _ -, beginning with a letter or digit; \
                 give one with --name"
            )));
        }
        if self.dir.join(name).exists() {
            return Err(JobError::InTheWay(format!(
                "an encoder called {name:?} is installed already; `appraise encoder remove {name}` takes it away, \
                 --name gives this one another name"
            )));
        }
        Ok(())
    }

    /// Installs the encoder of a directory: it must embed a sentence, then its files are copied. Nothing is left
    /// behind when that fails or is stopped.
    ///
    /// # Errors
    /// The directory is no encoder that can be run; the name is taken or is none; the files cannot be copied; cancelled.
    pub fn add(&self, from: &Path, new: &NewEncoder, reporter: &dyn Reporter) -> Result<InstalledEncoder, JobError> {
        self.may_add(&new.name)?;
        if new.prefix.as_ref().is_some_and(|p| p.len() > LONGEST_PROMPT) {
            return Err(JobError::Usage(format!("a prefix has at most {LONGEST_PROMPT} bytes; give a shorter one")));
        }
        let to = self.dir.join(&new.name);
        let encoder = Encoder::open(from, &new.name, new.prefix.as_deref(), new.precision)?;
        let vector = encoder.embed(&[SENTENCE], reporter)?;
        if vector.iter().all(|v| *v == 0.0) {
            let what = format!("it makes nothing of {SENTENCE:?}; the files may be damaged");
            return Err(JobError::File { path: from.display().to_string(), what });
        }
        drop(encoder);
        let failed = |e: std::io::Error| JobError::from(disk::CannotWrite::system(&self.dir, &e));
        disk::make_dirs(&self.dir).map_err(failed)?;
        let half_done = Temporary::within(&self.dir, ".adding-").map_err(failed)?;
        let (sha256, bytes) = copy(from, half_done.path(), new.prefix.as_deref(), reporter)?;
        let card = EncoderCard { precision: new.precision, prefix: new.prefix.clone(), sha256, bytes };
        let card = serde_json::to_vec_pretty(&card).map_err(|e| failed(e.into()))?;
        disk::write_new(&half_done.path().join(CARD), &card).map_err(failed)?;
        half_done.keep_as(&to).map_err(failed)?;
        Ok(self.read(&new.name)?)
    }

    /// Takes an installed encoder away.
    ///
    /// # Errors
    /// There is none of that name; its files cannot be deleted.
    pub fn remove(&self, name: &str) -> Result<InstalledEncoder, JobError> {
        let found = self.find(name)?;
        let dir = self.dir.join(&found.name);
        fs::remove_dir_all(&dir)
            .map_err(|e| JobError::File { path: dir.display().to_string(), what: e.to_string() })?;
        Ok(found)
    }
}

impl Encoders for InstalledEncoders {
    fn by_key(&self, key: &str) -> Result<Arc<Encoder>, EncoderError> {
        self.open(key)
    }
}

/// Names are directories: no separators, nothing hidden.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.len() <= 100
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}

/// Copies the files that are read; returns the SHA-256 of their names and contents and of the prefix, and their size.
fn copy(from: &Path, to: &Path, prefix: Option<&str>, reporter: &dyn Reporter) -> Result<(String, u64), JobError> {
    let failed = |path: &Path, e: std::io::Error| JobError::from(disk::CannotWrite::system(path, &e));
    let mut digest = Sha256::new();
    let files: Vec<&str> = FILES.into_iter().filter(|f| from.join(f).is_file()).collect();
    let size = |f: &&str| fs::metadata(from.join(f)).map_or(0, |m| m.len());
    let total: u64 = files.iter().map(size).sum();
    let mut done = 0;
    let mut buffer = vec![0; 1 << 20];
    for file in files {
        let (source, target) = (from.join(file), to.join(file));
        if let Some(parent) = target.parent() {
            disk::make_dirs(parent).map_err(|e| failed(parent, e))?;
        }
        digest.update(format!("{file}\n{}\n", size(&file)));
        let mut reading = File::open(&source).map_err(|e| failed(&source, e))?;
        let mut writing = disk::make(&target).map_err(|e| failed(&target, e))?;
        loop {
            reporter.step("copy", done, total)?;
            let n = reading.read(&mut buffer).map_err(|e| failed(&source, e))?;
            if n == 0 {
                break;
            }
            digest.update(&buffer[..n]);
            writing.write_all(&buffer[..n]).map_err(|e| failed(&target, e))?;
            done += n as u64;
        }
        writing.sync_all().map_err(|e| failed(&target, e))?;
    }
    digest.update(prefix.unwrap_or_default());
    let hex = digest.finalize().iter().map(|b| format!("{b:02x}")).collect();
    Ok((hex, done))
}
