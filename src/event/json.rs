//! JSON inside a tool call, kept as it was written.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{self, SerializeMap, SerializeSeq, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// How deep arrays and objects may be nested. Each level of a raw value is read once more than the level above it, so the
/// cost of reading is at most this many passes.
const MAX_DEPTH: usize = 32;

/// A JSON value whose numbers are kept verbatim and whose keys are sorted.
///
/// `1`, `1.0` and `1e0` are three different numbers here: an approval is bound to the digest of what was written, not to
/// what some parser made of it. Objects with a key given twice are refused, since two readers may take different ones.
///
/// ```
/// use sluicegate::Json;
///
/// let json = Json::parse(r#"{"b": 1.50, "a": ["x"]}"#)?;
/// assert_eq!(json.to_string(), r#"{"a":["x"],"b":1.50}"#);
/// assert!(Json::parse(r#"{"a": 1, "a": 2}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Json {
    /// `null`, and what is missing.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it was written.
    Number(Box<str>),
    /// A string.
    String(String),
    /// A list.
    Array(Vec<Json>),
    /// An object, its keys in byte order.
    Object(BTreeMap<String, Json>),
}

impl Json {
    /// Reads one JSON value.
    ///
    /// # Errors
    /// When the text is not JSON, repeats a key or nests deeper than 32 levels.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        Self::parse_at(text, 0)
    }

    fn parse_at(text: &str, depth: usize) -> Result<Self, serde_json::Error> {
        if depth > MAX_DEPTH {
            return Err(serde_json::Error::custom(format_args!("nested deeper than {MAX_DEPTH} levels")));
        }
        let text = text.trim_matches([' ', '\t', '\n', '\r']);
        match text.as_bytes().first() {
            Some(b'{') => serde_json::from_str::<Members<'_>>(text)?
                .0
                .into_iter()
                .map(|(key, raw)| Ok((key, Self::parse_at(raw.get(), depth + 1)?)))
                .collect::<Result<_, _>>()
                .map(Self::Object),
            Some(b'[') => serde_json::from_str::<Elements<'_>>(text)?
                .0
                .into_iter()
                .map(|raw| Self::parse_at(raw.get(), depth + 1))
                .collect::<Result<_, _>>()
                .map(Self::Array),
            Some(b'"') => serde_json::from_str(text).map(Self::String),
            Some(b't' | b'f') => serde_json::from_str(text).map(Self::Bool),
            Some(b'n') => serde_json::from_str::<()>(text).map(|()| Self::Null),
            _ => serde_json::from_str::<&RawValue>(text).map(|raw| Self::Number(raw.get().into())),
        }
    }

    /// Whether this is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(digits) => RawValue::from_string(digits.to_string())
                .map_err(<S::Error as ser::Error>::custom)?
                .serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(elements) => {
                let mut seq = serializer.serialize_seq(Some(elements.len()))?;
                for element in elements {
                    seq.serialize_element(element)?;
                }
                seq.end()
            }
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (key, value) in members {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::parse(raw.get()).map_err(|error| {
            // The place counts from the beginning of the raw value; without it, the reader of the line gives its own.
            let message = error.to_string();
            D::Error::custom(message.split(" at line ").next().unwrap_or(&message))
        })
    }
}

/// The members of one object, unread. A key given twice is an error.
pub(crate) struct Members<'a>(pub(crate) BTreeMap<String, &'a RawValue>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = BTreeMap::new();
                while let Some((key, value)) = map.next_entry::<String, &'de RawValue>()? {
                    if members.contains_key(&key) {
                        return Err(A::Error::custom(format_args!("the key `{key}` is given twice")));
                    }
                    members.insert(key, value);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Read)
    }
}

/// The elements of one array, unread.
struct Elements<'a>(Vec<&'a RawValue>);

impl<'de> Deserialize<'de> for Elements<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Elements<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut elements = Vec::new();
                while let Some(element) = seq.next_element::<&'de RawValue>()? {
                    elements.push(element);
                }
                Ok(Elements(elements))
            }
        }
        deserializer.deserialize_seq(Read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_numbers_as_written_and_sorts_keys() {
        let cases = [
            (r#"{"z":1e400,"a":-0.10}"#, r#"{"a":-0.10,"z":1e400}"#),
            (r#" [ true , null , "x\u0041" ] "#, r#"[true,null,"xA"]"#),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
        ];
        for (given, written) in cases {
            assert_eq!(Json::parse(given).unwrap().to_string(), written);
        }
    }

    #[test]
    fn refuses_what_two_readers_may_read_differently() {
        let cases =
            [(r#"{"a":1,"\u0061":2}"#, "given twice"), ("[1,]", "trailing comma"), ("{\"a\":01}", "invalid number")];
        for (given, reason) in cases {
            let error = Json::parse(given).unwrap_err().to_string();
            assert!(error.contains(reason), "{given}: {error}");
        }
        let deep = ["[".repeat(40), "]".repeat(40)].concat();
        assert!(Json::parse(&deep).unwrap_err().to_string().contains("deeper than 32"));
    }
}
