//! Key files: reading them with distrust, and writing a new one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use zeroize::Zeroizing;

use super::{KeyError, KeyId, KeySource, Keys};

/// A key is 65 bytes; what is longer than many of them is something else.
const MAX_BYTES: u64 = 4096;

/// Who may read a key file besides its owner. Nobody else may ever change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    OwnerOnly,
    ReadableByAll,
}

/// Reads a key file and examines the file that was opened, not the path, which may name another file a moment later.
pub(super) fn read(path: &Path, trust: Trust) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let io = |error| KeyError::Io { path: path.to_owned(), error };
    let file = open(path).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    if !metadata.is_file() {
        return Err(KeyError::NotAFile { path: path.to_owned() });
    }
    examine(path, &metadata, trust)?;
    // Room for all of it beforehand: a vector that grows leaves copies of the secret behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_BYTES as usize));
    file.take(MAX_BYTES).read_to_end(&mut bytes).map_err(io)?;
    Ok(bytes)
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    // Without this flag, opening a named pipe would wait for somebody to write into it.
    let nonblock = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    OpenOptions::new().read(true).custom_flags(nonblock).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(unix)]
fn examine(path: &Path, metadata: &fs::Metadata, trust: Trust) -> Result<(), KeyError> {
    use std::os::unix::fs::MetadataExt as _;
    let (mode, owner) = (metadata.mode() & 0o7777, metadata.uid());
    let user = rustix::process::geteuid().as_raw();
    if owner != user && owner != 0 {
        return Err(KeyError::Owner { path: path.to_owned(), owner, user });
    }
    let (forbidden, wanted) = match trust {
        Trust::OwnerOnly => (0o077, 0o600),
        Trust::ReadableByAll => (0o022, 0o444),
    };
    if mode & forbidden == 0 { Ok(()) } else { Err(KeyError::Mode { path: path.to_owned(), mode, wanted }) }
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the Unix form can fail")]
fn examine(_path: &Path, _metadata: &fs::Metadata, _trust: Trust) -> Result<(), KeyError> {
    Ok(())
}

impl Keys {
    /// Writes a new key file that only its owner may read, from 32 random bytes, and gives the keys.
    ///
    /// The file appears whole or not at all, and is on the disk when this returns.
    ///
    /// # Errors
    /// When there is already a file (it is never overwritten), when it cannot be written, or when the bytes are not random.
    pub fn create_file(path: &Path, entropy: [u8; 32]) -> Result<Self, KeyError> {
        let entropy = Zeroizing::new(entropy);
        let keys = Self::new(*entropy)?;
        let mut line = Zeroizing::new([b'\n'; 65]);
        let io = |error: io::Error| match error.kind() {
            io::ErrorKind::AlreadyExists => KeyError::Exists { path: path.to_owned() },
            _ => KeyError::Io { path: path.to_owned(), error },
        };
        if let Some(digits) = line.get_mut(..64) {
            hex::encode_to_slice(*entropy, digits).map_err(|error| io(io::Error::other(error)))?;
        }
        let mut beside = path.as_os_str().to_owned();
        beside.push(format!(".{}.new", std::process::id()));
        let beside = Path::new(&beside);
        write_new(beside, &*line).map_err(io)?;
        // A hard link fails where the name is taken, which a rename would overwrite.
        let linked = fs::hard_link(beside, path);
        let removed = fs::remove_file(beside);
        match linked {
            Ok(()) => removed.map_err(io)?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(io(error)),
            // Some file systems know no hard links. A file cut short by a crash is then possible; it is no key and is refused.
            Err(_) => write_new(path, &*line).map_err(io)?,
        }
        sync_folder(path).map_err(io)?;
        Ok(keys)
    }

    /// The most keys that a file holds.
    pub const MOST: usize = 32;

    /// Puts a new key, of 32 random bytes, above those of a key file, and gives the keys as they are now. Only one process may
    /// do this at a time.
    ///
    /// The file changes whole or not at all, and is on the disk when this returns. It stays readable for its owner alone.
    ///
    /// # Errors
    /// When the file cannot be read as a [`KeySource::File`](super::KeySource) or written, holds the most keys already, or
    /// the bytes are not random or a key that it holds.
    pub fn rotate_file(path: &Path, entropy: [u8; 32]) -> Result<Self, KeyError> {
        let newest = Self::new(*Zeroizing::new(entropy))?;
        let mut before = Self::load(&KeySource::File(path.to_owned()))?;
        let older = std::mem::take(&mut before.older);
        let older: Vec<Self> = std::iter::once(before).chain(older).collect();
        if older.iter().any(|keys| keys.id == newest.id) {
            return Err(KeyError::Known { path: path.to_owned() });
        }
        if older.len() >= Self::MOST {
            return Err(KeyError::TooMany { origin: path.display().to_string() });
        }
        let keys = newest.with_older(older);
        keys.replace(path)?;
        Ok(keys)
    }

    /// Takes older keys out of a key file, by their names, and gives those that are left. What is sealed with them cannot be
    /// read any more by anybody.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn drop_older(path: &Path, names: &[KeyId]) -> Result<Self, KeyError> {
        let mut keys = Self::load(&KeySource::File(path.to_owned()))?;
        keys.older.retain(|older| !names.contains(&older.id));
        keys.replace(path)?;
        Ok(keys)
    }

    /// Writes these keys in the place of a key file.
    fn replace(&self, path: &Path) -> Result<(), KeyError> {
        let io = |error: io::Error| KeyError::Io { path: path.to_owned(), error };
        // Room for all of it beforehand: a vector that grows leaves copies of the secret behind.
        let mut lines = Zeroizing::new(vec![b'\n'; 65 * (1 + self.older.len())]);
        for (keys, line) in self.all().zip(lines.chunks_exact_mut(65)) {
            if let Some(digits) = line.get_mut(..64) {
                hex::encode_to_slice(*keys.secret, digits).map_err(|error| io(io::Error::other(error)))?;
            }
        }
        // A link stays a link.
        let path = fs::canonicalize(path).map_err(io)?;
        let mut beside = path.as_os_str().to_owned();
        beside.push(".new");
        let beside = Path::new(&beside);
        // What a crash left there.
        match fs::remove_file(beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io(error)),
            _ => {}
        }
        write_new(beside, &lines).and_then(|()| fs::rename(beside, &path)).and_then(|()| sync_folder(&path)).map_err(io)
    }
}

/// Writes a file that must not exist yet and waits for the disk. Leaves nothing behind when it fails.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).inspect_err(|_| {
        // The first error is the one to tell.
        let _ = fs::remove_file(path);
    })
}

/// Waits until the name of `path` is on the disk, which on Unix is a matter of its folder.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::path::PathBuf;

    use super::*;
    use crate::keys::KeySource;

    fn entropy() -> [u8; 32] {
        std::array::from_fn(|index| index as u8)
    }

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("sluicegate-keys-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_new_file_is_private_loads_and_is_never_overwritten() {
        let folder = folder("new");
        let path = folder.join("key");
        let keys = Keys::create_file(&path, entropy()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
        assert_eq!(Keys::load(&KeySource::File(path.clone())).unwrap().id(), keys.id());
        let before = fs::read(&path).unwrap();
        let again = Keys::create_file(&path, [1; 32]).unwrap_err();
        assert!(matches!(again, KeyError::NotRandom));
        let other = std::array::from_fn(|index| 31 - index as u8);
        assert!(matches!(Keys::create_file(&path, other), Err(KeyError::Exists { .. })));
        assert_eq!(fs::read(&path).unwrap(), before);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside the key");
    }

    #[test]
    fn a_file_open_to_others_is_refused_with_the_command_to_mend_it() {
        let path = folder("modes").join("key");
        Keys::create_file(&path, entropy()).unwrap();
        // Mode, whether an owner's file may have it, whether a mounted one may.
        let cases = [
            (0o600, true, true),
            (0o400, true, true),
            (0o640, false, true),
            (0o604, false, true),
            (0o444, false, true),
            (0o620, false, false),
            (0o602, false, false),
            (0o610, false, true),
            (0o666, false, false),
        ];
        for (mode, file, mounted) in cases {
            set_mode(&path, mode);
            for (source, accepted) in
                [(KeySource::File(path.clone()), file), (KeySource::Mounted(path.clone()), mounted)]
            {
                match Keys::load(&source) {
                    Ok(_) => assert!(accepted, "{source:?} with {mode:o}"),
                    Err(error) => {
                        assert!(!accepted, "{source:?} with {mode:o}: {error}");
                        let told = error.to_string();
                        assert!(told.contains(&format!("mode {mode:04o}")) && told.contains("run `chmod"), "{told}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_link_is_judged_by_the_file_that_it_leads_to() {
        let folder = folder("link");
        let (path, link) = (folder.join("key"), folder.join("link"));
        Keys::create_file(&path, entropy()).unwrap();
        symlink(&path, &link).unwrap();
        assert!(Keys::load(&KeySource::File(link.clone())).is_ok());
        set_mode(&path, 0o644);
        assert!(matches!(Keys::load(&KeySource::File(link)), Err(KeyError::Mode { mode: 0o644, .. })));
    }

    #[test]
    fn what_is_no_file_is_refused_at_once() {
        let folder = folder("kinds");
        assert!(matches!(Keys::load(&KeySource::File(folder.clone())), Err(KeyError::NotAFile { .. })));
        assert!(matches!(Keys::load(&KeySource::File(folder.join("none"))), Err(KeyError::Io { .. })));
        assert!(matches!(Keys::load(&KeySource::Mounted("/dev/zero".into())), Err(KeyError::NotAFile { .. })));
    }
}
