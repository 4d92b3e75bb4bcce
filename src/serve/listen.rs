//! Where the sidecar listens.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::ServeError;
use crate::config::ServeSettings;

#[cfg(unix)]
use tokio::net::{UnixListener, UnixStream};

/// Connections that may wait to be taken. Whoever finds no room tries again after a second, also who has every right to be heard.
const BACKLOG: u32 = 1_024;

/// A place that is listened at.
pub(super) enum Listener {
    Tcp(TcpListener, Option<TlsAcceptor>),
    #[cfg(unix)]
    Unix(UnixListener, #[expect(dead_code, reason = "held until the listener goes")] SocketFile),
}

/// A connection that came in.
pub(super) enum Incoming {
    Tcp(TcpStream, Option<TlsAcceptor>),
    #[cfg(unix)]
    Unix(UnixStream),
}

impl Listener {
    /// Where it listens, if that is an address.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(listener, _) => listener.local_addr().ok(),
            #[cfg(unix)]
            Self::Unix(..) => None,
        }
    }

    /// The next connection.
    pub(super) async fn accept(&self) -> io::Result<Incoming> {
        match self {
            Self::Tcp(listener, tls) => {
                let (stream, _) = listener.accept().await?;
                // An answer is one small packet; nothing is to be waited for.
                stream.set_nodelay(true)?;
                Ok(Incoming::Tcp(stream, tls.clone()))
            }
            #[cfg(unix)]
            Self::Unix(listener, _) => Ok(Incoming::Unix(listener.accept().await?.0)),
        }
    }
}

/// Opens everything that the settings name, or nothing.
pub(super) fn open(settings: &ServeSettings, tls: Option<&TlsAcceptor>) -> Result<Vec<Listener>, ServeError> {
    let mut listeners = Vec::new();
    for address in &settings.listen {
        // INVARIANT: without TLS nothing is opened that another machine could reach.
        if !address.ip().is_loopback() && tls.is_none() {
            return Err(ServeError::Exposed(*address));
        }
        let listener = tcp(*address).map_err(|error| ServeError::Bind(*address, error))?;
        listeners.push(Listener::Tcp(listener, tls.cloned()));
    }
    #[cfg(unix)]
    if let Some(path) = &settings.socket {
        listeners.push(unix(path).map_err(|error| ServeError::Socket(path.clone(), error))?);
    }
    if listeners.is_empty() { Err(ServeError::Nowhere) } else { Ok(listeners) }
}

fn tcp(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // As the standard library does, so that a sidecar can be started again at once.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// The file of a socket, which goes when the sidecar does.
pub(super) struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        // Whoever comes next removes what is left.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Makes a socket that only this user may open. One that a sidecar left behind is replaced; one that is answered, or what is
/// no socket, is not.
#[cfg(unix)]
fn unix(path: &Path) -> io::Result<Listener> {
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
    if let Ok(there) = std::fs::symlink_metadata(path) {
        if !there.file_type().is_socket() {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, "something that is no socket lies there"));
        }
        if std::os::unix::net::UnixStream::connect(path).is_ok() {
            return Err(io::ErrorKind::AddrInUse.into());
        }
        std::fs::remove_file(path)?;
    }
    // Made under a name that is its owner's alone, so that nobody can connect before its mode is set.
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.new", std::process::id()));
    let beside = PathBuf::from(beside);
    let _ = std::fs::remove_file(&beside);
    let made = UnixListener::bind(&beside).and_then(|listener| {
        std::fs::set_permissions(&beside, std::fs::Permissions::from_mode(0o600))?;
        std::fs::rename(&beside, path)?;
        Ok(listener)
    });
    made.map(|listener| Listener::Unix(listener, SocketFile(path.to_owned()))).inspect_err(|_| {
        let _ = std::fs::remove_file(&beside);
    })
}
