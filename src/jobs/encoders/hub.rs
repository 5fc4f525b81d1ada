//! Fetching an encoder's files from the Hugging Face hub, or from a server that answers like it.

use crate::disk;
use crate::domain::Reporter;
use crate::jobs::JobError;
use crate::learn::encoder::FILES;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;
use ureq::Agent;
use ureq::http::{Response, StatusCode, header};

/// Where the hub is.
pub const HUB: &str = "https://huggingface.co";

/// Without these there is no encoder; the others need not exist.
const NEEDED: [&str; 2] = ["config.json", "model.safetensors"];
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

/// Fetches the files of `name` from `base` into a directory, which is made. A file that is there already is not fetched
/// again; one that was cut off is continued.
///
/// # Errors
/// The server cannot be reached, has no such encoder, or has it only in a form that is not read; the files cannot be
/// written; cancelled (what has been fetched stays for the next time).
pub fn fetch(base: &str, name: &str, into: &Path, reporter: &dyn Reporter) -> Result<(), JobError> {
    let config = Agent::config_builder()
        .timeout_connect(Some(Duration::from_secs(20)))
        .timeout_recv_response(Some(Duration::from_secs(60)))
        .user_agent(concat!("appraise/", env!("CARGO_PKG_VERSION")))
        .http_status_as_error(false);
    let agent = Agent::new_with_config(config.build());
    for file in FILES {
        let target = into.join(file);
        if target.is_file() {
            continue;
        }
        let at = format!("{}/{name}/resolve/main/{file}", base.trim_end_matches('/'));
        let there = one(&agent, &at, &target, file, reporter)?;
        if !there && NEEDED.contains(&file) {
            let what = match file {
                "config.json" => "the hub has no such encoder, or it is not public; look the name up there",
                _ => {
                    "it has no model.safetensors, and other forms of weights are not read; where it has pytorch_model.bin, \
                      convert it with sentence-transformers and add the directory"
                }
            };
            return Err(JobError::NothingToDo(format!("{name}: {what}")));
        }
    }
    Ok(())
}

/// Fetches one file; false where the server has none of that name.
fn one(agent: &Agent, url: &str, target: &Path, file: &str, reporter: &dyn Reporter) -> Result<bool, JobError> {
    let failed = |e: std::io::Error| JobError::from(disk::CannotWrite::system(target, &e));
    let partial = target.with_added_extension(PARTIAL);
    if let Some(dir) = target.parent() {
        disk::make_dirs(dir).map_err(failed)?;
    }
    let have = fs::metadata(&partial).map_or(0, |m| m.len());
    let mut request = agent.get(url);
    if have > 0 {
        request = request.header(header::RANGE, format!("bytes={have}-"));
    }
    let mut response = request.call().map_err(|e| unreachable_words(url, &e.to_string()))?;
    let (continued, length) = match response.status() {
        StatusCode::OK => (false, length(&response)),
        StatusCode::PARTIAL_CONTENT => (true, length(&response)),
        StatusCode::NOT_FOUND | StatusCode::UNAUTHORIZED => return Ok(false),
        StatusCode::RANGE_NOT_SATISFIABLE => {
            // What is here is longer than the file: of another version.
            fs::remove_file(&partial).map_err(failed)?;
            return one(agent, url, target, file, reporter);
        }
        status => return Err(unreachable_words(url, &format!("the server answers {status}"))),
    };
    let mut done = if continued { have } else { 0 };
    let total = length.map(|n| done + n);
    if !continued && have > 0 {
        fs::remove_file(&partial).map_err(failed)?;
    }
    let mut writing = disk::go_on(&partial).map_err(failed)?;
    let mut reading = response.body_mut().as_reader();
    let mut buffer = vec![0; 1 << 18];
    let stage = format!("fetch {file}");
    loop {
        reporter.step(&stage, done, total.unwrap_or(0))?;
        let n = reading.read(&mut buffer).map_err(|e| unreachable_words(url, &e.to_string()))?;
        if n == 0 {
            break;
        }
        writing.write_all(&buffer[..n]).map_err(failed)?;
        done += n as u64;
    }
    if total.is_some_and(|total| total != done) {
        return Err(unreachable_words(url, "the connection ended too early"));
    }
    writing.sync_all().map_err(failed)?;
    disk::rename(&partial, target).map_err(failed)?;
    Ok(true)
}

fn length<T>(response: &Response<T>) -> Option<u64> {
    response.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn unreachable_words(url: &str, what: &str) -> JobError {
    JobError::NothingToDo(format!(
        "cannot fetch {url}: {what}. Run the command again to go on where it stopped; without a network, \
         `appraise encoder add DIR` installs an encoder from a directory that you bring"
    ))
}
