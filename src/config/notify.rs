//! Where the owner is told what waits.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use serde::{Deserialize, Serialize};

/// How notices reach the owner, besides the verdicts that carry them: those of `sluicegate serve`.
///
/// ```toml
/// [notify]
/// command = ["sh", "-c", "notify-send Sluicegate \"$(cat)\""]
/// webhook = "http://127.0.0.1:9000/notices"
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct NotifySettings {
    /// A program and its arguments. It gets the text of a notice at its standard input, and never as an argument: a text holds
    /// what the owner calls a sender, and no shell is to read it.
    pub command: Vec<String>,
    /// Where a notice is posted as JSON, on this machine.
    pub webhook: Option<Webhook>,
}

/// An `http://` address on loopback.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Webhook {
    address: SocketAddr,
    path: String,
}

impl Webhook {
    /// Where to connect.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The path and what follows it, as a request names it.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl TryFrom<String> for Webhook {
    type Error = String;

    /// INVARIANT: nothing but loopback. What waits for the owner is nobody's business on the network, and a gate opens no
    /// connection to another machine.
    fn try_from(text: String) -> Result<Self, String> {
        let of = |why: &str| {
            format!(
                "`{}` {why}: give an address on this machine, such as `http://127.0.0.1:9000/notices`",
                text.escape_debug()
            )
        };
        let rest = text.strip_prefix("http://").ok_or_else(|| of("does not begin with `http://`"))?;
        let (authority, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
        let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
        if !plain {
            return Err(of("has a path that cannot be asked for"));
        }
        let address = match authority.strip_prefix("localhost") {
            Some("") => Some(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 80)),
            Some(port) => port
                .strip_prefix(':')
                .and_then(|port| port.parse().ok())
                .map(|port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)),
            None => authority.parse().ok().or_else(|| authority.parse().ok().map(|ip| SocketAddr::new(ip, 80))),
        };
        let address = address.ok_or_else(|| of("names no address"))?;
        if !address.ip().is_loopback() || address.port() == 0 {
            return Err(of("is not on this machine"));
        }
        Ok(Self { address, path: path.to_owned() })
    }
}

impl From<Webhook> for String {
    fn from(webhook: Webhook) -> Self {
        webhook.to_string()
    }
}

impl fmt::Debug for Webhook {
    /// Without the path, which may hold a key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Webhook").field(&self.address).finish()
    }
}

impl fmt::Display for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}{}", self.address, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_go_nowhere_but_to_this_machine() {
        let read = |text: &str| Webhook::try_from(text.to_owned()).map(|webhook| webhook.to_string());
        let good = [
            ("http://127.0.0.1:9000/notices?key=1", "http://127.0.0.1:9000/notices?key=1"),
            ("http://localhost:9000", "http://127.0.0.1:9000/"),
            ("http://localhost/a", "http://127.0.0.1:80/a"),
            ("http://[::1]:9000/a", "http://[::1]:9000/a"),
            ("http://127.0.0.2/a", "http://127.0.0.2:80/a"),
        ];
        for (text, same) in good {
            assert_eq!(read(text).as_deref(), Ok(same));
        }
        let bad = [
            ("https://127.0.0.1/a", "does not begin with"),
            ("http://10.0.0.1:80/a", "is not on this machine"),
            ("http://127.0.0.1:0/a", "is not on this machine"),
            ("http://localhost.evil.example/a", "names no address"),
            ("http://localhost@evil.example/a", "names no address"),
            ("http://127.0.0.1:80@evil.example/a", "names no address"),
            ("http://127.0.0.1:80/a b", "cannot be asked for"),
            ("http://127.0.0.1:80/a\r\nx: y", "cannot be asked for"),
            ("", "does not begin with"),
        ];
        for (text, why) in bad {
            assert!(read(text).is_err_and(|error| error.contains(why)), "{text}");
        }
    }
}
