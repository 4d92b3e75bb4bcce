//! What the owner sets for tool calls and links.

use std::path::PathBuf;

use serde::{Deserialize, Deserializer, de};

/// Where tools may work, and what they must leave alone.
///
/// ```toml
/// [tool]
/// workspace = "/home/me/project"
/// gate_paths = ["/srv/gateway/gate"]
/// system_paths = ["~/.mybot"]
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ToolSettings {
    /// The folder that tools work in, as an absolute path. None: only places that are clearly outside of any count.
    pub workspace: Option<PathBuf>,
    /// Further files and folders of Sluicegate's own, which no tool may touch. Those that the settings name are known.
    pub gate_paths: Vec<String>,
    /// Further places that count as configuration of the system, such as the gateway's own settings.
    pub system_paths: Vec<String>,
}

/// Which hosts are known.
///
/// ```toml
/// [links]
/// known_hosts = ["example.org", "*.example.org"]
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct LinkSettings {
    /// Hosts that links may lead to: `example.org` is that host alone, `*.example.org` every host below it.
    #[serde(deserialize_with = "hosts")]
    pub known_hosts: Vec<String>,
}

/// Reads hosts, each a name or a name with `*.` before it.
fn hosts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let hosts = Vec::<String>::deserialize(deserializer)?;
    for host in &hosts {
        let name = host.strip_prefix("*.").unwrap_or(host);
        let part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
        if !name.split('.').all(part) {
            let known = "write a host such as \"example.org\", or \"*.example.org\" for every host below it";
            return Err(de::Error::custom(format_args!("`{host}` is no host: {known}")));
        }
        if host.starts_with("*.") && !name.contains('.') {
            return Err(de::Error::custom(format_args!("`{host}` would be half of the net; name a domain below it")));
        }
    }
    Ok(hosts)
}
