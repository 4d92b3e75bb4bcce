//! The files of a log.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The names of a log's files.
#[derive(Clone, Debug)]
pub(super) struct Paths {
    current: PathBuf,
}

/// An older file of the log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rotated {
    /// The number of its first record, by its name.
    pub(super) first: u64,
    pub(super) path: PathBuf,
}

impl Paths {
    pub(super) fn new(current: &Path) -> Self {
        Self { current: current.to_owned() }
    }

    /// The newest file, after which the log is named.
    pub(super) fn current(&self) -> &Path {
        &self.current
    }

    pub(super) fn head(&self) -> PathBuf {
        self.beside(".head")
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.beside(".lock")
    }

    /// The log's name with `suffix` after it.
    pub(super) fn beside(&self, suffix: &str) -> PathBuf {
        let mut name = self.current.as_os_str().to_owned();
        name.push(suffix);
        name.into()
    }

    /// The folder of the log.
    pub(super) fn folder(&self) -> &Path {
        self.current.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }

    /// The name of an older file whose first record is number `first`.
    pub(super) fn rotated_name(&self, first: u64) -> OsString {
        let mut name = self.current.file_stem().unwrap_or_default().to_owned();
        name.push(format!("-{first:012}"));
        if let Some(extension) = self.current.extension() {
            name.push(".");
            name.push(extension);
        }
        name
    }

    /// The older files, oldest first.
    pub(super) fn rotated(&self) -> io::Result<Vec<Rotated>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(self.folder())? {
            let name = entry?.file_name();
            if let Some(first) = self.first_of(&name) {
                files.push(Rotated { first, path: self.folder().join(name) });
            }
        }
        files.sort_unstable();
        Ok(files)
    }

    fn first_of(&self, name: &OsStr) -> Option<u64> {
        let text = name.to_str()?;
        let stem = self.current.file_stem()?.to_str()?;
        let digits: String =
            text.strip_prefix(stem)?.strip_prefix('-')?.chars().take_while(char::is_ascii_digit).collect();
        let first = digits.parse().ok()?;
        (self.rotated_name(first) == name).then_some(first)
    }
}

/// Options to write a file that only its owner may read.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes the folder of the log if need be, for its owner alone.
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// The lock of a log; let go when it is dropped, also by the end of the process, however it ends.
pub(crate) struct Lock {
    #[cfg_attr(not(unix), expect(dead_code, reason = "held until the lock goes"))]
    file: File,
}

impl Lock {
    /// Takes the lock, or gives none if another process, or another log of this one, has it.
    ///
    /// On Unix this is `flock`; elsewhere the file is opened for this process alone, where the system knows how. Whoever only
    /// asks has the lock for a moment, so one that is taken is tried again for 20 ms.
    pub(crate) fn take(path: &Path) -> io::Result<Option<Self>> {
        for _ in 0..TRIES {
            if let Some(lock) = lock(private().create(true).truncate(false), path, Share::Alone)? {
                return Ok(Some(lock));
            }
            std::thread::sleep(PAUSE);
        }
        Ok(None)
    }

    /// Whether somebody has the lock. A log without a lock file is nobody's.
    pub(super) fn is_held(path: &Path) -> bool {
        matches!(lock(OpenOptions::new().read(true), path, Share::WithOthersThatAsk), Ok(None))
    }
}

/// How often a lock is tried for, and the pause between.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(2);

/// Who else may have the lock.
enum Share {
    Alone,
    WithOthersThatAsk,
}

/// INVARIANT: a lock that is given up is free at once. Closing the file alone would not do: a process that another thread is
/// just starting has a copy of it until it becomes another program, and the lock with it.
#[cfg(unix)]
impl Drop for Lock {
    fn drop(&mut self) {
        let _ = rustix::fs::flock(&self.file, rustix::fs::FlockOperation::Unlock);
    }
}

#[cfg(unix)]
fn lock(options: &mut OpenOptions, path: &Path, share: Share) -> io::Result<Option<Lock>> {
    use rustix::fs::{FlockOperation, flock};
    let file = options.open(path)?;
    let operation = match share {
        Share::Alone => FlockOperation::NonBlockingLockExclusive,
        Share::WithOthersThatAsk => FlockOperation::NonBlockingLockShared,
    };
    match flock(&file, operation) {
        Ok(()) => Ok(Some(Lock { file })),
        Err(error) if error == rustix::io::Errno::WOULDBLOCK => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(windows)]
fn lock(options: &mut OpenOptions, path: &Path, _: Share) -> io::Result<Option<Lock>> {
    const SHARING_VIOLATION: i32 = 32;
    std::os::windows::fs::OpenOptionsExt::share_mode(options, 0);
    match options.open(path) {
        Ok(file) => Ok(Some(Lock { file })),
        Err(error) if error.raw_os_error() == Some(SHARING_VIOLATION) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(not(any(unix, windows)))]
fn lock(options: &mut OpenOptions, path: &Path, _: Share) -> io::Result<Option<Lock>> {
    options.open(path).map(|file| Some(Lock { file }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regression: the log could not be opened anew while another thread was starting a process (which has copies of all
    /// open files until it is another program), or while somebody asked whether it is being written.
    #[test]
    #[cfg(unix)]
    fn a_lock_that_was_given_up_is_free_whoever_else_has_its_file_open() {
        let path = std::env::temp_dir().join(format!("sluicegate-lock-{}", std::process::id()));
        let lock = Lock::take(&path).unwrap().unwrap();
        let copy = lock.file.try_clone().unwrap();
        assert!(Lock::is_held(&path));
        drop(lock);
        assert!(!Lock::is_held(&path), "the copy does not keep it");
        let asked = super::lock(OpenOptions::new().read(true), &path, Share::WithOthersThatAsk).unwrap().unwrap();
        assert!(!Lock::is_held(&path), "who asks is not taken for who has it");
        std::thread::scope(|scope| {
            let taken = scope.spawn(|| Lock::take(&path).unwrap());
            drop(asked);
            assert!(taken.join().unwrap().is_some(), "it is tried again");
        });
        drop(copy);
        fs::remove_file(&path).unwrap();
    }

    #[test]
    fn only_names_of_our_own_form_are_older_files() {
        let paths = Paths::new(Path::new("logs/audit.jsonl"));
        assert_eq!(paths.rotated_name(4711), "audit-000000004711.jsonl");
        let cases = [
            ("audit-000000004711.jsonl", Some(4711)),
            ("audit-4711.jsonl", None),
            ("audit-000000004711.jsonl.head", None),
            ("audit-000000004711.json", None),
            ("audit.jsonl", None),
            ("other-000000004711.jsonl", None),
        ];
        for (name, first) in cases {
            assert_eq!(paths.first_of(OsStr::new(name)), first, "{name}");
        }
    }
}
