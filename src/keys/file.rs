//! Key files: reading them with distrust, and writing a new one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use zeroize::Zeroizing;

use super::{KeyError, Keys};

/// A key file is 65 bytes; what is longer than this is something else.
const MAX_BYTES: u64 = 1024;

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
