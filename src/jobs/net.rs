//! The one place where the network is reached from.

use super::JobError;
use crate::domain::SecretKey;
use ureq::config::ConfigBuilder;
use ureq::typestate::AgentScope;
use ureq::{Agent, Proxy};

/// What asks servers, through a proxy or none, whatever the environment says.
///
/// # Errors
/// The proxy is none that can be used.
pub(super) fn agent(
    proxy: Option<&SecretKey>,
    set: impl FnOnce(ConfigBuilder<AgentScope>) -> ConfigBuilder<AgentScope>,
) -> Result<Agent, JobError> {
    let config = Agent::config_builder()
        .proxy(proxy.map(through).transpose()?)
        .user_agent(concat!("appraise/", env!("CARGO_PKG_VERSION")))
        .http_status_as_error(false);
    Ok(Agent::new_with_config(set(config).build()))
}

/// The proxy of an address; its words are not shown, they may hold a password.
fn through(address: &SecretKey) -> Result<Proxy, JobError> {
    let said = address.expose();
    let known = ["http://", "https://"].iter().any(|s| said.starts_with(s)) || !said.contains("://");
    let proxy = Proxy::new(said).ok().filter(|_| known);
    proxy.ok_or_else(|| {
        JobError::Configuration(
            "the proxy in the environment (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY) is none that can be used: \
             http://HOST:PORT is; NO_PROXY names the hosts that need none"
                .to_owned(),
        )
    })
}
