//! The files of a store, looked at with distrust.
//!
//! INVARIANT: nothing here opens a store's file. The locks of SQLite belong to the process; whoever closes the file, however it
//! was opened, lets all of them go.

use std::fs::{self, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::store::OpenError;

/// What SQLite puts beside a store's file.
pub(super) const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// Where a store lies.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// As the settings name it, for messages.
    pub(super) named: PathBuf,
    /// The same with its folder resolved, so that only the last part could be a link.
    pub(super) file: PathBuf,
}

/// What tells a file from another that was put in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileId(u64, u64);

impl Place {
    /// Resolves the folder, which is made if need be, for its owner alone, where `make` says so.
    pub(super) fn new(path: &Path, make: bool) -> Result<Self, OpenError> {
        let io = OpenError::io(path);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = path.file_name().ok_or_else(|| OpenError::NotAFile { path: path.to_owned() })?;
        let resolved = || -> io::Result<PathBuf> {
            if make {
                let mut builder = fs::DirBuilder::new();
                builder.recursive(true);
                #[cfg(unix)]
                std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
                builder.create(folder)?;
            }
            Ok(folder.canonicalize()?.join(name))
        };
        match resolved() {
            Ok(file) => Ok(Self { named: path.to_owned(), file }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(OpenError::Missing { path: path.to_owned() }),
            Err(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => {
                Err(OpenError::ReadOnly { path: path.to_owned() })
            }
            Err(error) => Err(io(error)),
        }
    }

    /// The store's name with `suffix` after it.
    pub(super) fn beside(&self, suffix: &str) -> PathBuf {
        let mut name = self.file.as_os_str().to_owned();
        name.push(suffix);
        name.into()
    }

    /// Whether the file is there, and may be trusted as far as its place and its mode tell.
    pub(super) fn examine(&self) -> Result<bool, OpenError> {
        for suffix in BESIDE {
            if let Some(beside) = self.metadata(&self.beside(suffix))? {
                self.trust(&self.beside(suffix), &beside)?;
            }
        }
        let Some(metadata) = self.metadata(&self.file)? else {
            let wal = self.beside("-wal");
            return match self.metadata(&wal)? {
                Some(beside) if beside.len() > 0 => Err(OpenError::Torn { path: self.named.clone(), beside: wal }),
                _ => Ok(false),
            };
        };
        self.trust(&self.file, &metadata)?;
        if metadata.len() == 0 {
            return Err(OpenError::Empty { path: self.named.clone() });
        }
        Ok(true)
    }

    fn metadata(&self, path: &Path) -> Result<Option<Metadata>, OpenError> {
        match path.symlink_metadata() {
            Ok(metadata) => Ok(Some(metadata)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(OpenError::io(&self.named)(error)),
        }
    }

    fn trust(&self, path: &Path, metadata: &Metadata) -> Result<(), OpenError> {
        let path = if path == self.file { self.named.clone() } else { path.to_owned() };
        if metadata.is_symlink() {
            return Err(OpenError::Link { path });
        }
        if !metadata.is_file() {
            return Err(OpenError::NotAFile { path });
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            let (mode, owner) = (metadata.mode() & 0o7777, metadata.uid());
            let user = rustix::process::geteuid().as_raw();
            if owner != user && owner != 0 {
                return Err(OpenError::Owner { path, owner, user });
            }
            if mode & 0o022 != 0 {
                return Err(OpenError::Mode { path, mode });
            }
        }
        Ok(())
    }

    /// Makes a file that only its owner may read and that must not be there yet.
    pub(super) fn create(path: &Path) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path).map(|_| ())
    }

    /// Which file lies there now; none where there is none, or the system does not tell files apart.
    pub(super) fn file_id(&self) -> Option<FileId> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            let metadata = self.file.symlink_metadata().ok()?;
            Some(FileId(metadata.dev(), metadata.ino()))
        }
        #[cfg(not(unix))]
        self.file.symlink_metadata().ok().map(|_| FileId(0, 0))
    }

    /// A name beside the store that nothing has yet: with `suffix`, then with `suffix-2` and so on.
    pub(super) fn free(&self, suffix: &str) -> io::Result<PathBuf> {
        for number in 1..1_000 {
            let path = if number == 1 { self.beside(suffix) } else { self.beside(&format!("{suffix}-{number}")) };
            if path.symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
                return Ok(path);
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}
