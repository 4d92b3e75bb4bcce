//! Why the sidecar does not start.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::gate::FlushError;

/// Why the sidecar does not start, for the person who started it.
#[derive(Debug)]
#[non_exhaustive]
pub enum ServeError {
    /// The settings name no token.
    NoToken,
    /// A token's name is none.
    TokenName(String),
    /// The settings name nothing to listen at.
    Nowhere,
    /// An address beyond loopback without TLS.
    Exposed(SocketAddr),
    /// An address cannot be had.
    Bind(SocketAddr, io::Error),
    /// A Unix socket cannot be had.
    Socket(PathBuf, io::Error),
    /// A certificate or key cannot be used.
    Tls(PathBuf, String),
    /// Only one of certificate and key is named.
    HalfTls,
    /// The system gives no threads.
    Runtime(io::Error),
    /// The log or the store does not take what waits.
    Flush(FlushError),
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoToken => f.write_str(
                "nobody may ask: name at least one client, as `[[serve.token]]` with `name` and `scopes`; \
                 `sluicegate keys token NAME` then prints its token",
            ),
            Self::TokenName(name) => write!(
                f,
                "`{}` is no name for a token: take 1 to 64 letters, digits and `-`, and none twice",
                name.escape_debug()
            ),
            Self::Nowhere => f.write_str("there is nothing to listen at: set `listen` or `socket` in `[serve]`"),
            Self::Exposed(address) => write!(
                f,
                "{address} can be reached from other machines, and tokens would cross the network in the clear: listen at \
                 127.0.0.1, or set `tls_certificate` and `tls_key` in `[serve]`"
            ),
            Self::Bind(address, error) if error.kind() == io::ErrorKind::AddrInUse => {
                write!(f, "{address} is taken: something listens there already; set another port in `[serve] listen`")
            }
            Self::Bind(address, error) => write!(f, "{address} cannot be listened at: {error}"),
            Self::Socket(path, error) if error.kind() == io::ErrorKind::AddrInUse => {
                write!(f, "{}: another sidecar listens at this socket", path.display())
            }
            Self::Socket(path, error) => write!(f, "{}: the socket cannot be made: {error}", path.display()),
            Self::Tls(path, why) => write!(f, "{}: {why}", path.display()),
            Self::HalfTls => f.write_str("TLS needs both `tls_certificate` and `tls_key` in `[serve]`"),
            Self::Runtime(error) => write!(f, "the system gives no threads: {error}"),
            Self::Flush(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ServeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Bind(_, error) | Self::Socket(_, error) | Self::Runtime(error) => Some(error),
            Self::Flush(error) => Some(error),
            _ => None,
        }
    }
}
