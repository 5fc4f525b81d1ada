//! What an http address says without asking anybody.

use std::net::IpAddr;

/// Whether it is an http or https address that holds nothing but a server and a path.
pub fn is_plain(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let odd = |c: char| c.is_whitespace() || c.is_control() || "@?#\\".contains(c);
    rest.is_some_and(|rest| !host(url).is_empty() && !rest.contains(odd))
}

/// The host of an address, without its port and the brackets of an IPv6 number.
pub fn host(url: &str) -> &str {
    let rest = url.split_once("//").map_or(url, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    name.trim_start_matches('[').trim_end_matches(']')
}

/// Whether an address is this machine's own.
pub fn is_here(url: &str) -> bool {
    let host = host(url);
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_told_from_what_looks_like_it() {
        for here in
            ["http://127.0.0.1:8000/x", "http://localhost", "http://LOCALHOST:1", "http://[::1]:9", "http://127.9.9.9"]
        {
            assert!(is_here(here), "{here}");
        }
        assert!(is_here("http://[::ffff:127.0.0.1]:80/x"));
        for away in
            ["http://192.168.0.4", "http://localhost.example.com", "http://127.0.0.1.example.com", "http://[::2]"]
        {
            assert!(!is_here(away), "{away}");
        }
    }

    #[test]
    fn an_address_holds_no_key_and_no_query() {
        for plain in ["http://a:5005/", "https://a.example/v1/chat", "http://[::1]:9"] {
            assert!(is_plain(plain), "{plain}");
        }
        for odd in
            ["", "a", "ftp://a", "http://", "http:///x", "http://k@a", "https://a/?key=1", "https://a#b", "http://a b"]
        {
            assert!(!is_plain(odd), "{odd:?}");
        }
    }
}
