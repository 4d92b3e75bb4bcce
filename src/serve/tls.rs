//! Certificate and key.

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::ServeError;
use crate::config::ServeSettings;

/// What speaks TLS, where the settings name a certificate and its key.
pub(super) fn acceptor(settings: &ServeSettings) -> Result<Option<TlsAcceptor>, ServeError> {
    let (certificate, key) = match (&settings.tls_certificate, &settings.tls_key) {
        (None, None) => return Ok(None),
        (Some(certificate), Some(key)) => (certificate, key),
        _ => return Err(ServeError::HalfTls),
    };
    let chain: Vec<CertificateDer> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(|error| fault(certificate, format_args!("the certificate cannot be read: {error}")))?;
    if chain.is_empty() {
        return Err(fault(certificate, "there is no certificate in it (PEM is expected)"));
    }
    let private = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| fault(key, format_args!("the private key cannot be read: {error}")))?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| fault(certificate, error))?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(|error| fault(key, format_args!("certificate and key do not go together: {error}")))?;
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}

fn fault(path: &Path, why: impl std::fmt::Display) -> ServeError {
    ServeError::Tls(path.to_owned(), why.to_string())
}
