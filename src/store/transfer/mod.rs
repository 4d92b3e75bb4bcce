//! A store as lines of JSON: to keep a copy that a person can read, or to move to another machine.
//!
//! The first line says what follows: `{"format":1,"what":"sluicegate store","version":12,"plain":false}`. Then comes a line for
//! each durable record, `{"table":"person","key":"<hex>","version":7,"sealed":"<base64>"}`, or with `"value":{…}` in place of
//! `sealed` where the records were decrypted; then one for each sender, `{"sender":"<hex>","record":"<base64>"}`, whose record
//! is [`Record::to_bytes`](super::Record::to_bytes). The last line is `{"end":{"records":2,"senders":1}}`, so that a file that
//! was cut is told.

mod export;
mod import;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Table, Version};

pub use export::{ExportError, Exported, export};
pub use import::{Import, ImportError, Imported};

/// The number of this form of lines.
const FORMAT: u32 = 1;
/// What the first line says that it is.
const WHAT: &str = "sluicegate store";

/// One line.
enum Line {
    Head(Head),
    Record(RecordLine),
    Sender(SenderLine),
    End(EndLine),
}

impl Line {
    /// Reads a line. No two kinds have the same keys, so at most one fits. (An untagged enum of serde could not keep the text
    /// of a value as it is.)
    fn parse(line: &[u8]) -> Option<Self> {
        let record = serde_json::from_slice(line).map(Self::Record);
        let record = record.or_else(|_| serde_json::from_slice(line).map(Self::Sender));
        let record = record.or_else(|_| serde_json::from_slice(line).map(Self::Head));
        record.or_else(|_| serde_json::from_slice(line).map(Self::End)).ok()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: u32,
    what: String,
    version: Version,
    plain: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordLine {
    table: String,
    key: String,
    version: Version,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Box<RawValue>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SenderLine {
    sender: String,
    record: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EndLine {
    end: Counts,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Counts {
    records: u64,
    senders: u64,
}

/// Where a record was sealed for, as [`Book`](super::Book) does it.
fn place(table: Table, key: &[u8]) -> [&[u8]; 2] {
    [table.name().as_bytes(), key]
}
