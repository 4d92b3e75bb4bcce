//! Why not everything is on the disk.

use std::fmt;

use crate::audit::AuditError;
use crate::store::StoreError;

/// Why not everything that a gate has done is on the disk.
#[derive(Debug)]
#[non_exhaustive]
pub enum FlushError {
    /// The log does not hold every verdict.
    Audit(AuditError),
    /// The store does not hold everything that was learned of senders.
    Store(StoreError),
}

impl fmt::Display for FlushError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Audit(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for FlushError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Audit(error) => Some(error),
            Self::Store(error) => Some(error),
        }
    }
}

impl From<AuditError> for FlushError {
    fn from(error: AuditError) -> Self {
        Self::Audit(error)
    }
}

impl From<StoreError> for FlushError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
