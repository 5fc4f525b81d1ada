//! Telling somebody of a breach: one JSON request, counts and rates alone.

use super::found::CheckReport;
use crate::base::address;
use crate::domain::SecretKey;
use crate::jobs::{JobError, net};
use serde_json::json;
use std::str::FromStr;
use std::time::Duration;

/// How long a server may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// An address that a breach is sent to. It may hold a secret: only its host is shown.
#[derive(Clone, Debug)]
pub struct Webhook(SecretKey);

impl FromStr for Webhook {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let odd = |c: char| c.is_whitespace() || c.is_control() || "@#\\".contains(c);
        let here = text.starts_with("http://") && address::is_here(text);
        let host = address::host(text);
        let named = !host.is_empty() && host.chars().all(|c| c.is_alphanumeric() || "-.:_".contains(c));
        match named && !text.contains(odd) && (text.starts_with("https://") || here) {
            true => Ok(Self(SecretKey::new(text.to_owned()))),
            false => {
                Err("write https://HOST/PATH; http:// only for this machine, no name or password in it".to_owned())
            }
        }
    }
}

impl Webhook {
    /// The host, which is no secret.
    pub fn host(&self) -> &str {
        address::host(self.0.expose())
    }

    /// The address, to look up the proxy for it.
    pub fn address(&self) -> &str {
        self.0.expose()
    }
}

/// Sends what was found. Redirections are not followed.
///
/// # Errors
/// The server cannot be reached, is silent for ten seconds, or refuses.
pub fn send(to: &Webhook, found: &CheckReport, proxy: Option<&SecretKey>) -> Result<(), JobError> {
    let agent = net::agent(proxy, |c| c.timeout_global(Some(PATIENCE)).max_redirects(0))?;
    let body = json!({"program": "appraise", "ok": found.ok, "breaches": found.breaches, "since": found.since});
    let failed = |what: &str| JobError::outside(format!("{} could not be told: {what}", to.host()));
    let sent = agent.post(to.0.expose()).content_type("application/json").send(body.to_string());
    let answer = sent.map_err(|e| match e {
        // Its own words may repeat the address.
        ureq::Error::Timeout(_) => failed("no answer within ten seconds"),
        _ => failed("it cannot be reached"),
    })?;
    match answer.status() {
        status if status.is_success() => Ok(()),
        status => Err(failed(&format!("it answered {}", status.as_u16()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_encrypted_addresses_and_this_machine_are_told() {
        for fine in
            ["https://hooks.example/T0/B0?key=1", "http://127.0.0.1:9/x", "http://localhost/x", "https://[::1]:4/x"]
        {
            assert!(fine.parse::<Webhook>().is_ok(), "{fine}");
        }
        for odd in [
            "",
            "http://example.com/x",
            "ftp://a",
            "https://",
            "https://me:pw@a/x",
            "https://a b",
            "http://localhost.example/",
            "http://127.0.0.1?@b/",
        ] {
            assert!(odd.parse::<Webhook>().is_err(), "{odd}");
        }
        let hook: Webhook = "https://hooks.example/secret".parse().unwrap();
        assert!(hook.host() == "hooks.example" && !format!("{hook:?}").contains("secret"));
    }
}
