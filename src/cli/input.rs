//! Files and standard input.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::path::Path;

use super::failure::{Failure, name_of};

/// Bytes read at once.
const BUFFER: usize = 1 << 16;

/// What a command reads.
pub struct Input {
    /// Its name on the screen.
    pub name: String,
    /// Its size in bytes, where that is known.
    pub size: Option<u64>,
    /// Whether it is standard input.
    pub is_stdin: bool,
    /// Its bytes.
    pub reader: Box<dyn BufRead>,
}

impl Input {
    /// Opens the file at `path`; standard input for `-` and for none.
    pub fn open(path: Option<&Path>) -> Result<Self, Failure> {
        match path {
            Some(path) if path != Path::new("-") => Self::file(path),
            None if io::stdin().is_terminal() => {
                Err(Failure::Misuse("nothing to read: name a FILE, give --text, or `-` to type lines".to_owned()))
            }
            _ => {
                let stdin = io::stdin();
                let size = size_of(&stdin);
                let reader = Box::new(BufReader::with_capacity(BUFFER, stdin.lock()));
                Ok(Self { name: "standard input".to_owned(), size, is_stdin: true, reader })
            }
        }
    }

    fn file(path: &Path) -> Result<Self, Failure> {
        let open = || {
            if path.is_dir() {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            let file = File::open(path)?;
            let size = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len());
            Ok((size, Box::new(BufReader::with_capacity(BUFFER, file))))
        };
        let (size, reader) = open().map_err(|error| Failure::of_io(path, &error))?;
        Ok(Self { name: name_of(path), size, is_stdin: false, reader })
    }

    /// What the system said while it was read.
    pub fn failure(name: &str, error: &io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::IsADirectory => Failure::of_io(Path::new(name), error),
            _ => Failure::Broken(format!("{name}: {error}")),
        }
    }

    /// The whole input as one text, or why not; longer than `limit` bytes is refused.
    pub fn text(self, limit: usize) -> Result<String, Failure> {
        let mut bytes = Vec::new();
        let bounded = self.reader.take(limit as u64 + 1).read_to_end(&mut bytes);
        bounded.map_err(|error| Self::failure(&self.name, &error))?;
        if bytes.len() > limit {
            return Err(Failure::Broken(format!("{}: longer than {} MiB", self.name, limit >> 20)));
        }
        String::from_utf8(bytes).map_err(|_| Failure::Broken(format!("{}: not UTF-8", self.name)))
    }
}

/// The size of what a standard stream is connected to, if that is a file.
#[cfg(unix)]
pub fn size_of(stream: &impl std::os::fd::AsFd) -> Option<u64> {
    let file = File::from(stream.as_fd().try_clone_to_owned().ok()?);
    file.metadata().ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len())
}

/// The size of what a standard stream is connected to, if that is a file.
#[cfg(windows)]
pub fn size_of(stream: &impl std::os::windows::io::AsHandle) -> Option<u64> {
    let file = File::from(stream.as_handle().try_clone_to_owned().ok()?);
    file.metadata().ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len())
}
