//! The JSON files of older versions.

use std::path::{Path, PathBuf};

use super::{allowed, waiting};
use crate::event::Json;
use crate::import::{ImportError, Imported, json, source};

/// The most files of a folder that are looked at.
const MAX_FILES: usize = 1_000;
const ALLOW: &str = "-allowFrom.json";
const PAIRING: &str = "-pairing.json";

/// Reads all files of the folder `credentials`.
pub(super) fn folder(path: &Path) -> Result<Imported, ImportError> {
    let io = |error| ImportError::Io { path: path.to_owned(), error };
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(path).map_err(io)?.take(MAX_FILES) {
        let file = entry.map_err(io)?.path();
        let name = source::name(&file);
        if name.ends_with(ALLOW) || name.ends_with(PAIRING) {
            files.push(file);
        }
    }
    if files.is_empty() {
        let why = "there is no `…-allowFrom.json` and no `…-pairing.json` in this folder; OpenClaw's is `credentials`";
        return Err(ImportError::NotThis { path: path.to_owned(), why });
    }
    files.sort();
    let mut imported = Imported::default();
    for path in files {
        // One file that cannot be read takes nothing away from the others.
        if let Err(error) = take(&path, &mut imported) {
            imported.remark(&source::name(&path), &error.to_string(), "nothing of this file was taken");
        }
    }
    Ok(imported)
}

/// Reads one of them.
pub(super) fn file(path: &Path) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    take(path, &mut imported)?;
    Ok(imported)
}

fn take(path: &Path, imported: &mut Imported) -> Result<(), ImportError> {
    let name = source::name(path);
    let not_this = |why| Err(ImportError::NotThis { path: path.to_owned(), why });
    let (channel, list) = match (name.strip_suffix(ALLOW), name.strip_suffix(PAIRING)) {
        (Some(channel), _) => (channel, "allowFrom"),
        (_, Some(channel)) => (channel, "requests"),
        _ => return not_this("its name should end in `-allowFrom.json` or `-pairing.json`: it tells the channel"),
    };
    if channel.is_empty() || !channel.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return not_this("its name does not tell one channel, such as `telegram-allowFrom.json`");
    }
    let members = json::object(path)?;
    if members.get("version") != Some(&Json::Number("1".into())) {
        return not_this("it has another version than 1");
    }
    let Some(Json::Array(entries)) = members.get(list) else { return not_this("it has no list of people") };
    for entry in entries {
        match (list, entry) {
            ("allowFrom", Json::String(entry)) => allowed(imported, &name, channel, None, entry),
            ("requests", Json::Object(request)) => waiting(imported, &name, json::string(request, "id").unwrap_or("?")),
            // Some numbers were written as numbers.
            ("allowFrom", Json::Number(digits)) => allowed(imported, &name, channel, None, digits),
            _ => imported.remark(&name, &entry.to_string(), "this is no entry of such a list"),
        }
    }
    Ok(())
}
