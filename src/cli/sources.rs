//! Files that the owner writes.

use std::fs;
use std::path::{Path, PathBuf};

use sluicegate::diagnostic::Source;

use super::failure::{Failure, name_of};
use super::input::Input;

/// The largest file that is read; what is larger was given by mistake.
const MAX_FILE: usize = 16 * 1024 * 1024;
/// Folders in which `init` puts what the owner writes.
const INNER: [&str; 2] = ["policies", "rules"];

/// The files at `paths`; of a folder, those directly in it that end in `.extension`, by name.
///
/// # Errors
/// When one cannot be read, or a folder has none.
pub fn read(paths: &[PathBuf], extension: &str) -> Result<Vec<Source>, Failure> {
    Ok(files(paths, extension)?.into_iter().map(|(_, source)| source).collect())
}

/// As [`read`], with the path of each file.
///
/// # Errors
/// As those of [`read`].
pub fn files(paths: &[PathBuf], extension: &str) -> Result<Vec<(PathBuf, Source)>, Failure> {
    let mut sources = Vec::new();
    for path in paths {
        if path.is_dir() {
            let files = folder(path, extension)?;
            if files.is_empty() {
                let hint = inner(path, extension).map(|inner| format!("; did you mean {}?", name_of(&inner)));
                let hint = hint.unwrap_or_default();
                return Err(Failure::of_file(path, format_args!("no file in this folder ends in .{extension}{hint}")));
            }
            for file in files {
                let source = source(&file)?;
                sources.push((file, source));
            }
        } else {
            sources.push((path.clone(), source(path)?));
        }
    }
    Ok(sources)
}

/// As [`read`] of one folder, which may also have none.
///
/// # Errors
/// When one cannot be read.
pub fn any(path: &Path, extension: &str) -> Result<Vec<Source>, Failure> {
    folder(path, extension)?.iter().map(|file| source(file)).collect()
}

fn folder(path: &Path, extension: &str) -> Result<Vec<PathBuf>, Failure> {
    let list = || {
        let mut files = Vec::new();
        for entry in fs::read_dir(path)? {
            let file = entry?.path();
            if file.extension().is_some_and(|found| found == extension) && file.is_file() {
                files.push(file);
            }
        }
        files.sort();
        Ok(files)
    };
    list().map_err(|error| Failure::of_io(path, &error))
}

/// The folder within this one that may have been meant.
fn inner(path: &Path, extension: &str) -> Option<PathBuf> {
    let has_files = |inner: &PathBuf| folder(inner, extension).is_ok_and(|files| !files.is_empty());
    INNER.iter().map(|name| path.join(name)).find(has_files)
}

fn source(path: &Path) -> Result<Source, Failure> {
    Ok(Source::new(name_of(path), Input::open(Some(path))?.text(MAX_FILE)?))
}
