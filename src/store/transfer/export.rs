//! Writing a store as lines.

use std::fmt;
use std::io::{self, Write};

use data_encoding::{BASE64, HEXLOWER};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{Counts, EndLine, FORMAT, Head, RecordLine, SenderLine, WHAT, place};
use crate::keys::Sealer;
use crate::store::{OpenError, Row, StoreReader, Table};

/// What an export holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exported {
    /// Durable records.
    pub records: u64,
    /// Senders' records.
    pub senders: u64,
    /// Durable records that could not be decrypted and are therefore missing: damaged, or of another key.
    pub unreadable: u64,
}

/// Why an export was not written.
#[derive(Debug)]
#[non_exhaustive]
pub enum ExportError {
    /// The store could not be read.
    Store(OpenError),
    /// The lines could not be written.
    Output(io::Error),
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Output(error) => write!(f, "the export could not be written: {error}"),
        }
    }
}

impl std::error::Error for ExportError {}

impl From<OpenError> for ExportError {
    fn from(error: OpenError) -> Self {
        Self::Store(error)
    }
}

/// Writes everything that a store holds, as lines of JSON. Records stay sealed, unless there is a `sealer` to open them.
///
/// # Errors
/// When the store cannot be read, or the lines cannot be written.
pub fn export(reader: &StoreReader, sealer: Option<&Sealer>, output: &mut dyn Write) -> Result<Exported, ExportError> {
    let mut exported = Exported::default();
    let mut broken = None;
    let mut line = |line: &dyn erased::Line| {
        if broken.is_none()
            && let Err(error) = line.write(output)
        {
            broken = Some(error);
        }
    };
    let head = Head { format: FORMAT, what: WHAT.to_owned(), version: reader.version()?, plain: sealer.is_some() };
    line(&head);
    for table in Table::ALL {
        reader.records(table, |row| match record(table, &row, sealer) {
            Some(Some(record)) => {
                exported.records += 1;
                line(&record);
            }
            Some(None) => exported.unreadable += 1,
            None => (),
        })?;
    }
    reader.visit_senders(usize::MAX, |key, record| {
        exported.senders += 1;
        line(&SenderLine { sender: HEXLOWER.encode(key.as_bytes()), record: BASE64.encode(&record.to_bytes()) });
    })?;
    line(&EndLine { end: Counts { records: exported.records, senders: exported.senders } });
    match broken {
        Some(error) => Err(ExportError::Output(error)),
        None => output.flush().map(|()| exported).map_err(ExportError::Output),
    }
}

/// The line of a row; none for a removed one, and within that none where it cannot be opened.
fn record(table: Table, row: &Row, sealer: Option<&Sealer>) -> Option<Option<RecordLine>> {
    let value = row.value.as_ref()?;
    let mut line = RecordLine {
        table: table.name().to_owned(),
        key: HEXLOWER.encode(&row.key),
        version: row.version,
        sealed: None,
        value: None,
    };
    let Some(sealer) = sealer else {
        line.sealed = Some(BASE64.encode(value));
        return Some(Some(line));
    };
    let text = sealer.open(&place(table, &row.key), value);
    let text = text.and_then(|text| String::from_utf8(text.to_vec()).ok());
    line.value = text.and_then(|text| RawValue::from_string(text).ok());
    Some(line.value.is_some().then_some(line))
}

/// Lines of several types by one closure.
mod erased {
    use super::{Serialize, Write, io};

    pub(super) trait Line {
        fn write(&self, output: &mut dyn Write) -> io::Result<()>;
    }

    impl<T: Serialize> Line for T {
        fn write(&self, output: &mut dyn Write) -> io::Result<()> {
            serde_json::to_writer(&mut *output, self)?;
            output.write_all(b"\n")
        }
    }
}
