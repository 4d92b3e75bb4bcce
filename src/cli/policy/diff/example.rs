//! What is kept of an event whose verdict changes.

use std::sync::Arc;

use serde::Serialize;
use sluicegate::audit::PastCheck;
use sluicegate::{Event, Kind, Verdict};

use crate::cli::excerpt::field;
use crate::cli::mask::masked;
use crate::cli::paint::Paint;
use crate::cli::table;
use crate::cli::visible::cut;

/// The longest id that is kept, in columns.
const ID: usize = 64;

/// An event whose verdict changes: enough to find it again. Of its text only what `check` shows too.
#[derive(Debug, Serialize)]
pub struct Example {
    /// The file of the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<Arc<str>>,
    /// The line, from 1.
    pub line: u64,
    /// The event's id; in a log its pseudonym.
    pub id: Option<String>,
    /// The kind of event.
    pub kind: Kind,
    /// When it was received, in milliseconds since 1970.
    pub at: u64,
    /// Channel and masked sender.
    #[serde(skip)]
    pub who: String,
    /// What was found in it, drawn.
    #[serde(skip)]
    pub found: Vec<String>,
}

impl Example {
    /// The event in this line.
    pub fn of_event(line: u64, event: &Event, verdicts: [&Verdict; 2], (paint, width): (Paint, usize)) -> Self {
        let mut found = Vec::new();
        // With other rules the two sides find different things; what more was found says more.
        if let Some(verdict) = verdicts.into_iter().max_by_key(|verdict| verdict.findings.len()) {
            table::findings(&verdict.findings, |name| field(event, name), width, paint, &mut found);
        }
        let who = format!("{} {}", cut(&event.channel, 16), masked(event.sender_id()));
        let id = event.id.as_deref().map(|id| cut(id, ID));
        Self { file: None, line, id, kind: event.kind, at: event.at, who: who.trim().to_owned(), found }
    }

    /// The record in this line of a log, which holds neither names nor texts.
    pub fn of_record(file: &Arc<str>, line: u64, check: &PastCheck) -> Self {
        let id = check.event.map(|id| id.to_string());
        let (file, kind, at) = (Some(Arc::clone(file)), check.kind(), check.at);
        Self { file, line, id, kind, at, who: String::new(), found: Vec::new() }
    }

    /// Where it stands: `line 14`, or `audit.jsonl:14`.
    pub fn place(&self) -> String {
        match &self.file {
            Some(file) => format!("{}:{}", cut(file, 60), self.line),
            None => format!("line {}", self.line),
        }
    }
}
