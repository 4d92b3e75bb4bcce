//! Where the master secret comes from.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::file::{self, Trust};
use super::{KeyError, Keys};

/// Where to read the master secret: 64 hexadecimal digits, with blanks around them allowed.
///
/// After a rotation further lines hold the keys before, the newest of them first; at most [`Keys::MOST`] in all.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeySource {
    /// A file that only its owner may read or change, who is the running user or root. What `sluicegate init` writes.
    ///
    /// A symbolic link is followed, and the opened file is what is examined, so nothing can be exchanged in between. On
    /// systems without Unix permissions the file's protection is left to its folder and nothing is examined.
    File(PathBuf),
    /// An environment variable. On most systems other processes of the same user can read it too; prefer a file.
    Environment(String),
    /// A file of a container's secret store, such as `/run/secrets/sluicegate`.
    ///
    /// These are commonly `root`'s with mode 0444, in a memory file system that only this container sees, so others may
    /// read it; nobody but its owner may change it, and the owner is the running user or root.
    Mounted(PathBuf),
}

impl Keys {
    /// Reads the master secret.
    ///
    /// # Errors
    /// When it cannot be read, is not 64 hexadecimal digits, or is open to more people than the source allows.
    pub fn load(source: &KeySource) -> Result<Self, KeyError> {
        match source {
            KeySource::File(path) => {
                Self::from_digits(&file::read(path, Trust::OwnerOnly)?, || path.display().to_string())
            }
            KeySource::Mounted(path) => {
                Self::from_digits(&file::read(path, Trust::ReadableByAll)?, || path.display().to_string())
            }
            KeySource::Environment(variable) => {
                let value = std::env::var_os(variable)
                    .ok_or_else(|| KeyError::Unset { variable: variable.clone() })?
                    .into_encoded_bytes();
                Self::from_digits(&Zeroizing::new(value), || format!("the environment variable {variable}"))
            }
        }
    }

    /// The key of the first line, with those of the lines after it as older ones.
    fn from_digits(bytes: &[u8], origin: impl Fn() -> String) -> Result<Self, KeyError> {
        let mut lines = bytes.trim_ascii().split(|byte| *byte == b'\n');
        let newest = Self::from_line(lines.next().unwrap_or_default(), &origin)?;
        let older: Vec<Self> = lines.map(|line| Self::from_line(line, &origin)).collect::<Result<_, _>>()?;
        if older.len() >= Self::MOST {
            return Err(KeyError::TooMany { origin: origin() });
        }
        Ok(newest.with_older(older))
    }

    fn from_line(line: &[u8], origin: &impl Fn() -> String) -> Result<Self, KeyError> {
        let digits = line.trim_ascii();
        let mut secret = Zeroizing::new([0; 32]);
        match hex::decode_to_slice(digits, &mut *secret) {
            Ok(()) => Self::new(*secret),
            Err(_) => {
                let length = String::from_utf8_lossy(digits).chars().count();
                Err(KeyError::Format { origin: origin(), length })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_64_digits_and_nothing_else() {
        let good = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
        let parse = |text: &str| Keys::from_digits(text.as_bytes(), || "here".into());
        let id = parse(good).unwrap().id();
        assert_eq!(parse(&format!(" {}\r\n", good.to_uppercase())).unwrap().id(), id);
        let cases = [
            ("", "found 0 characters"),
            (&good[1..], "found 63 characters"),
            (&format!("{good}0"), "found 65 characters"),
            (&good.replace('a', "g"), "found 64 characters that are not all hexadecimal digits"),
            (&good.replacen("0011", "00 11", 1), "found 65 characters"),
        ];
        for (text, told) in cases {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.starts_with("here holds no key") && error.contains(told), "{error}");
            assert!(!error.contains("8899"), "an error never tells the key: {error}");
        }
    }

    #[test]
    fn an_unset_variable_is_named() {
        let source = KeySource::Environment("SLUICEGATE_TEST_UNSET_VARIABLE".into());
        let error = Keys::load(&source).unwrap_err().to_string();
        assert!(error.contains("SLUICEGATE_TEST_UNSET_VARIABLE is not set"), "{error}");
    }
}
