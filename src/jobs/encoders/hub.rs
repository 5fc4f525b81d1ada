//! Fetching an encoder's files from the Hugging Face hub, or from a server that answers like it.

use super::download::{Download, DownloadFailure, ResponseHead};
use crate::disk;
use crate::domain::{Reporter, SecretKey};
use crate::jobs::{JobError, net};
use crate::learn::vectors::encoder::{FILES, longest};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Duration;
use ureq::Agent;
use ureq::http::StatusCode;

/// Where the hub is.
pub const HUB: &str = "https://huggingface.co";

const WEIGHTS: &str = "model.safetensors";
/// Without these there is no encoder; the others need not exist.
const NEEDED: [&str; 2] = ["config.json", WEIGHTS];
/// What is still being fetched ends in this.
const PARTIAL: &str = "part";

/// Whether a name looks like one of the hub: OWNER/NAME.
pub fn is_hub_name(name: &str) -> bool {
    let is_part = |p: &str| {
        p.starts_with(|c: char| c.is_ascii_alphanumeric())
            && p.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
    };
    name.split_once('/').is_some_and(|(owner, name)| is_part(owner) && is_part(name))
}

/// A server of encoders.
#[derive(Clone, Copy, Debug)]
pub struct Hub<'a> {
    /// Its address.
    pub base: &'a str,
    /// Through what it is reached, where that is not the network itself.
    pub proxy: Option<&'a SecretKey>,
    /// How long it may send nothing.
    pub patience: Duration,
}

impl<'a> Hub<'a> {
    /// A server of which half a minute of silence is taken.
    pub fn new(base: &'a str, proxy: Option<&'a SecretKey>) -> Self {
        Self { base, proxy, patience: Duration::from_secs(30) }
    }

    /// Fetches the files of `name` into a directory, which is made. A file that is there already is not fetched again;
    /// one that was cut off is continued. `note` gets how large the weights are, before they come.
    ///
    /// # Errors
    /// The server cannot be reached, sends nothing for too long or too much, has no such encoder, or has it only in a
    /// form that is not read; the files cannot be written; cancelled (what has been fetched stays for the next time).
    pub fn fetch(
        self,
        name: &str,
        into: &Path,
        note: &mut dyn FnMut(&str),
        reporter: &dyn Reporter,
    ) -> Result<(), JobError> {
        let agent = net::agent(self.proxy, |c| {
            // What was asked for encrypted is not taken unencrypted from where the answer points.
            c.https_only(self.base.starts_with("https://"))
                .timeout_connect(Some(Duration::from_secs(20)))
                .timeout_recv_response(Some(Duration::from_secs(60)))
        })?;
        for file in FILES {
            let target = into.join(file);
            if target.is_file() {
                continue;
            }
            let at = format!("{}/{name}/resolve/main/{file}", self.base.trim_end_matches('/'));
            let one = FetchedFile { agent: &agent, url: &at, file, patience: self.patience };
            let missing = one.fetch(&target, note, reporter)?;
            if let Some(status) = missing.filter(|_| NEEDED.contains(&file)) {
                return Err(JobError::outside(format!("{name}: {}", why_missing(file, status))));
            }
        }
        Ok(())
    }
}

fn why_missing(file: &str, status: StatusCode) -> &'static str {
    match (file, status) {
        (_, StatusCode::FORBIDDEN) => {
            "the hub gives it only to who has agreed to its terms; fetch it with the hub's own program and add the directory"
        }
        ("config.json", _) => "the hub has no such encoder, or it is not public; look the name up there",
        _ => {
            "it has no model.safetensors, and other forms of weights are not read; where it has pytorch_model.bin, \
             convert it with sentence-transformers and add the directory"
        }
    }
}

/// One file that is to be fetched.
struct FetchedFile<'a> {
    agent: &'a Agent,
    url: &'a str,
    file: &'a str,
    patience: Duration,
}

impl FetchedFile<'_> {
    /// Fetches it; the server's status where it has none of that name.
    fn fetch(
        &self,
        target: &Path,
        note: &mut dyn FnMut(&str),
        reporter: &dyn Reporter,
    ) -> Result<Option<StatusCode>, JobError> {
        let failed = |e: std::io::Error| JobError::from(disk::CannotWrite::system(target, &e));
        let partial = target.with_added_extension(PARTIAL);
        if let Some(dir) = target.parent() {
            disk::make_dirs(dir).map_err(failed)?;
        }
        let have = fs::metadata(&partial).map_or(0, |m| m.len());
        let (mut coming, mut answer) = self.begin(have, reporter)?;
        if answer.status == StatusCode::RANGE_NOT_SATISFIABLE && have > 0 {
            // What is here is longer than the file: of another version.
            fs::remove_file(&partial).map_err(failed)?;
            (coming, answer) = self.begin(0, reporter)?;
        }
        let from = match answer.status {
            StatusCode::OK => 0,
            // Only what goes on where the beginning ends belongs to it.
            StatusCode::PARTIAL_CONTENT if answer.from == Some(have) => have,
            StatusCode::PARTIAL_CONTENT => return Err(self.failed("the server sends another part than was asked for")),
            status @ (StatusCode::NOT_FOUND | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
                return Ok(Some(status));
            }
            status => return Err(self.failed(status_words(status))),
        };
        let total = answer.length.map(|n| from.saturating_add(n));
        self.check(total, note)?;
        if from == 0 && have > 0 && partial.exists() {
            fs::remove_file(&partial).map_err(failed)?;
        }
        let mut writing = disk::go_on(&partial).map_err(failed)?;
        let (mut done, stage) = (from, format!("fetch {}", self.file));
        while let Some(piece) = coming.next(&mut || reporter.step(&stage, done, total.unwrap_or(0)))? {
            let piece = piece.map_err(|lost| self.lost(lost))?;
            done += piece.len() as u64;
            if done > longest(self.file) {
                fs::remove_file(&partial).map_err(failed)?;
                return Err(self.too_long());
            }
            writing.write_all(&piece).map_err(failed)?;
        }
        if total.is_some_and(|total| total != done) {
            return Err(self.failed("the connection ended too early"));
        }
        writing.sync_all().map_err(failed)?;
        disk::rename(&partial, target).map_err(failed)?;
        Ok(None)
    }

    fn begin(&self, from: u64, reporter: &dyn Reporter) -> Result<(Download, ResponseHead), JobError> {
        let mut coming = Download::begin(self.agent.clone(), self.url.to_owned(), from, self.patience)?;
        let stage = format!("fetch {}", self.file);
        let answer = coming.answer(&mut || reporter.step(&stage, 0, 0))?;
        Ok((coming, answer.map_err(|lost| self.lost(lost))?))
    }

    /// Says how large weights are, and refuses what no such file is.
    fn check(&self, total: Option<u64>, note: &mut dyn FnMut(&str)) -> Result<(), JobError> {
        if total.is_some_and(|n| n > longest(self.file)) {
            return Err(self.too_long());
        }
        if self.file == WEIGHTS {
            let Some(total) = total else {
                return Err(self.failed("the server does not say how large it is (Content-Length)"));
            };
            note(&format!("{} has {} MB", self.file, total.div_ceil(1_000_000)));
        }
        Ok(())
    }

    fn too_long(&self) -> JobError {
        let most = longest(self.file) >> 20;
        JobError::outside(format!(
            "{} is longer than {most} MB, which no {} of an encoder is; this is not what the hub should send",
            self.url, self.file
        ))
    }

    fn failed(&self, what: &str) -> JobError {
        JobError::outside(self.words(what))
    }

    fn lost(&self, lost: DownloadFailure) -> JobError {
        JobError::Outside { words: self.words(&lost.to_string()), source: Some(Box::new(lost)) }
    }

    fn words(&self, what: &str) -> String {
        format!(
            "cannot fetch {}: {what}. Run the command again to go on where it stopped; without a network, \
             `appraise encoder add DIR` installs an encoder from a directory that you bring",
            self.url
        )
    }
}

/// What a status that is no answer means.
fn status_words(status: StatusCode) -> &'static str {
    match status {
        StatusCode::RANGE_NOT_SATISFIABLE => "the server refuses to send a part of it, although all was asked for",
        StatusCode::TOO_MANY_REQUESTS => "the server has been asked too often; wait some minutes",
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => "the proxy wants a name and a password",
        s if s.is_redirection() => "the server points elsewhere, and that is not followed",
        s if s.is_server_error() => "the server has a fault of its own; try again later",
        _ => "the server does not give it",
    }
}
