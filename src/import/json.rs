//! Looking into JSON: no key twice, at most 32 levels deep.

use std::collections::BTreeMap;
use std::path::Path;

use super::{ImportError, source};
use crate::event::Json;

/// The members of the object that a file holds.
pub(super) fn object(path: &Path) -> Result<BTreeMap<String, Json>, ImportError> {
    let form = |line, why| ImportError::Form { path: path.to_owned(), line, why };
    match Json::parse(&source::text(path)?) {
        Ok(Json::Object(members)) => Ok(members),
        Ok(_) => Err(form(None, "this is no JSON object".to_owned())),
        Err(error) => Err(form(
            Some(error.line()).filter(|line| *line > 0),
            format!("this is not JSON as it is read here: {error}"),
        )),
    }
}

/// A member that is an object; an empty one where there is none.
pub(super) fn member<'a>(of: &'a BTreeMap<String, Json>, name: &str) -> Option<&'a BTreeMap<String, Json>> {
    match of.get(name) {
        Some(Json::Object(members)) => Some(members),
        _ => None,
    }
}

/// A member that is a text.
pub(super) fn string<'a>(of: &'a BTreeMap<String, Json>, name: &str) -> Option<&'a str> {
    of.get(name).and_then(text)
}

/// A text.
pub(super) fn text(json: &Json) -> Option<&str> {
    match json {
        Json::String(text) => Some(text),
        _ => None,
    }
}
