//! What can be wrong with a key, told to the person who can mend it.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::Keys;

/// Why there are no keys. Never tells anything of the secret.
#[derive(Debug)]
#[non_exhaustive]
pub enum KeyError {
    /// The file could not be read or written.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The path names something else than a file.
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// Others than the owner may read or change the file.
    Mode {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// The bits that it should have.
        wanted: u32,
    },
    /// The file belongs to another user, who could have put any key there.
    Owner {
        /// The file.
        path: PathBuf,
        /// Whose it is.
        owner: u32,
        /// Who this process runs as.
        user: u32,
    },
    /// There is already a file; a key is never overwritten.
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The environment variable is not set.
    Unset {
        /// Its name.
        variable: String,
    },
    /// What was read is not a key.
    Format {
        /// Where it was read.
        origin: String,
        /// How many characters there are, without blanks around them.
        length: usize,
    },
    /// There are more keys than can be kept.
    TooMany {
        /// Where they are.
        origin: String,
    },
    /// The new key is one of those that the file holds.
    Known {
        /// The file.
        path: PathBuf,
    },
    /// All bytes are the same.
    NotRandom,
    /// A secret that is shared with somebody has too few bytes.
    Short {
        /// How many there are.
        length: usize,
        /// How many there should be at least.
        least: usize,
    },
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, error } => write!(f, "the key file {}: {error}", path.display()),
            Self::NotAFile { path } => write!(f, "the key file {} is not a file", path.display()),
            Self::Mode { path, mode, wanted } => {
                let path = path.display();
                write!(
                    f,
                    "the key file {path} is open to others (mode {mode:04o}): run `chmod {wanted:o} {path}`, and make a \
                     new key if somebody else may have read this one"
                )
            }
            Self::Owner { path, owner, user } => {
                let path = path.display();
                write!(
                    f,
                    "the key file {path} belongs to user {owner}, but this process runs as user {user}: run \
                     `chown {user} {path}` if the key is yours"
                )
            }
            Self::Exists { path } => {
                write!(f, "there is already a file {}; a key is never overwritten", path.display())
            }
            Self::Unset { variable } => {
                write!(f, "the environment variable {variable} is not set; it should hold 64 hexadecimal digits")
            }
            Self::Format { origin, length } => {
                write!(f, "{origin} holds no key: expected 64 hexadecimal digits, found {length} characters")?;
                if *length == 64 { f.write_str(" that are not all hexadecimal digits") } else { Ok(()) }
            }
            Self::Short { length, least } => {
                write!(
                    f,
                    "the secret has {length} bytes; with fewer than {least} it could be guessed: make a longer one"
                )
            }
            Self::TooMany { origin } => write!(
                f,
                "{origin} holds {} keys, and no more are possible: run `sluicegate keys rotate --finish`, which drops those \
                 that nothing needs",
                Keys::MOST
            ),
            Self::Known { path } => write!(f, "the key file {} holds this very key already", path.display()),
            Self::NotRandom => f.write_str("the key is one byte 32 times over, which is not random: make a new one"),
        }
    }
}

impl std::error::Error for KeyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { error, .. } => Some(error),
            _ => None,
        }
    }
}
