//! Proxies, as companies name them in the environment.

use crate::base::address;
use crate::domain::SecretKey;

/// Through what servers elsewhere are reached. Never shown: proxies may have passwords.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// `HTTPS_PROXY`: for https addresses.
    pub https: Option<SecretKey>,
    /// `HTTP_PROXY`: for http addresses.
    pub http: Option<SecretKey>,
    /// `ALL_PROXY`: where the other two say nothing.
    pub all: Option<SecretKey>,
    /// `NO_PROXY`: hosts with their subdomains that are reached without one; `*` for all.
    pub except: Vec<String>,
}

impl Proxies {
    /// What the variables say.
    pub(super) fn read(variable: impl Fn(&str) -> Option<String>) -> Self {
        // The small spelling is the older one and goes first, as elsewhere.
        let of = |name: &str| variable(&name.to_ascii_lowercase()).or_else(|| variable(name));
        let proxy = |name: &str| of(name).map(SecretKey::new);
        let except = of("NO_PROXY").unwrap_or_default();
        Self {
            https: proxy("HTTPS_PROXY"),
            http: proxy("HTTP_PROXY"),
            all: proxy("ALL_PROXY"),
            except: except.split(',').map(|e| e.trim().to_ascii_lowercase()).filter(|e| !e.is_empty()).collect(),
        }
    }

    /// The proxy for an address; `None` for one of this machine, whatever the environment says.
    pub fn of(&self, url: &str) -> Option<&SecretKey> {
        let host = address::host(url).to_ascii_lowercase();
        if address::is_here(url) || self.except.iter().any(|e| is_within(&host, e)) {
            return None;
        }
        let own = if url.starts_with("https://") { &self.https } else { &self.http };
        own.as_ref().or(self.all.as_ref())
    }
}

/// Whether a host is what `NO_PROXY` names, or lies under it.
fn is_within(host: &str, named: &str) -> bool {
    let domain = named.trim_start_matches('*').trim_start_matches('.');
    let under = || host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    named == "*" || !domain.is_empty() && under()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_reached_without_a_proxy_and_others_by_their_own() {
        let proxies = Proxies::read(|name| match name {
            "https_proxy" => Some("http://secure:1".into()),
            "HTTPS_PROXY" => Some("http://shadowed:1".into()),
            "ALL_PROXY" => Some("http://any:2".into()),
            "NO_PROXY" => Some("intern.example, .dev,*.test".into()),
            _ => None,
        });
        let of = |url: &str| proxies.of(url).map(|s| s.expose().to_owned());
        assert_eq!(of("https://llm.example.com/v1").as_deref(), Some("http://secure:1"));
        assert_eq!(of("http://llm.example.com/v1").as_deref(), Some("http://any:2"));
        for without in [
            "http://127.0.0.1:9",
            "https://localhost/x",
            "http://[::1]:5005",
            "https://intern.example",
            "https://a.INTERN.example:8443/x",
            "http://x.dev",
            "http://y.test",
        ] {
            assert_eq!(of(without), None, "{without}");
        }
        assert!(of("https://myintern.example").is_some() && of("https://intern.example.org").is_some());
        assert!(!format!("{proxies:?}").contains("secure"), "a proxy may have a password");
        let none = Proxies { except: vec!["*".into()], ..proxies.clone() };
        assert_eq!(none.of("https://llm.example.com"), None);
        assert_eq!(Proxies::default().of("https://llm.example.com"), None);
    }
}
