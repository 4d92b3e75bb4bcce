//! Foreign files, read with distrust.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::ImportError;

/// Bytes of the largest text that is read.
const MAX_TEXT: u64 = 16 * 1024 * 1024;

/// Reads a text; its byte order mark is taken off.
pub(super) fn text(path: &Path) -> Result<String, ImportError> {
    let io = |error| ImportError::Io { path: path.to_owned(), error };
    let metadata = std::fs::metadata(path).map_err(io)?;
    // A pipe would be waited for, and a device never ends.
    if !metadata.is_file() {
        return Err(ImportError::NotThis { path: path.to_owned(), why: "this is no file" });
    }
    let mut bytes = Vec::new();
    File::open(path).map_err(io)?.take(MAX_TEXT + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > MAX_TEXT {
        let why = "it is larger than 16 MiB, which no such file is";
        return Err(ImportError::NotThis { path: path.to_owned(), why });
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| ImportError::NotThis { path: path.to_owned(), why: "this is no UTF-8 text" })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// The name of a file, for places.
pub(super) fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
