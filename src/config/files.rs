//! Reading the files that settings name.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, LoadError, Source};

/// Bytes of one file of the owner's; more is no settings, rule or policy file.
const MAX_FILE: u64 = 8 * 1024 * 1024;
/// Files that one folder of rules may hold.
const MAX_FILES: usize = 1_000;

/// The fault of a file that cannot be read (`S004`).
pub(super) fn unreadable(path: &Path, why: impl std::fmt::Display) -> LoadError {
    let name: Arc<str> = path.display().to_string().into();
    Diagnostic::error("S004", &name, format!("cannot be read: {why}")).into()
}

/// Reads one file, named by its last part and, where it lies in a folder, that.
pub(super) fn read(path: &Path) -> Result<Source, LoadError> {
    let fail = |error: std::io::Error| unreadable(path, error);
    let metadata = std::fs::metadata(path).map_err(fail)?;
    if metadata.is_dir() {
        return Err(unreadable(path, "it is a folder"));
    }
    // A pipe would be waited for, and a device never ends.
    if !metadata.is_file() {
        return Err(unreadable(path, "it is no file"));
    }
    let mut bytes = Vec::new();
    // Whatever it grows to meanwhile.
    File::open(path).map_err(fail)?.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(unreadable(path, format_args!("it is larger than {MAX_FILE} bytes")));
    }
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(name.as_ref(), text)),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let before = String::from_utf8_lossy(error.as_bytes().get(..valid).unwrap_or_default());
            let fault = Diagnostic::error("S004", &name.as_ref().into(), "cannot be read: this is no UTF-8 text");
            Err(fault.at_byte(&before, valid).into())
        }
    }
}

/// All of `results`, or all of their faults.
pub(super) fn all<T>(results: impl Iterator<Item = Result<T, LoadError>>) -> Result<Vec<T>, LoadError> {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(one) => found.push(one),
            Err(error) => faults.extend(error.diagnostics),
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(faults.into()) }
}

/// Reads the rule files of a folder, in the order of their names.
pub(super) fn read_folder(folder: &Path) -> Result<Vec<Source>, LoadError> {
    let entries = std::fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(folder, error))?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
        if paths.len() > MAX_FILES {
            return Err(unreadable(folder, format_args!("it holds more than {MAX_FILES} rule files")));
        }
    }
    if paths.is_empty() {
        return Err(unreadable(folder, "it holds no rule file (`*.toml`)"));
    }
    paths.sort();
    all(paths.iter().map(|path| read(path)))
}
