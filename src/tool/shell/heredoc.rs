//! Here-documents.

use super::reader::Reader;
use super::word::Raw;

/// A here-document whose lines have not been read.
pub(super) struct Pending {
    /// The line that ends it.
    pub(super) delimiter: String,
    /// Whether tabs before a line do not count.
    pub(super) strip: bool,
    /// Whether variables and substitutions in it are expanded.
    pub(super) expands: bool,
    /// The command that reads it, by its place in the script.
    pub(super) command: Option<usize>,
}

impl<'a> Reader<'a> {
    /// Reads the here-documents that were announced on the line before.
    pub(super) fn heredocs(&mut self) {
        for pending in std::mem::take(&mut self.pending) {
            let body = self.body(&pending);
            let text = if pending.expands { self.expanded(body) } else { body.to_owned() };
            if let Some(command) = pending.command.and_then(|place| self.script.commands.get_mut(place)) {
                command.inputs.push(text);
            }
        }
    }

    fn body(&mut self, pending: &Pending) -> &'a str {
        let start = self.at;
        let text = self.text;
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                // Never ended: the shell takes what there is, and so do we.
                self.script.unclear = true;
                return text.get(start..).unwrap_or_default();
            }
            let line = rest.split('\n').next().unwrap_or_default();
            let begins = self.at;
            self.at = text.len().min(self.at + line.len() + 1);
            let line = line.strip_suffix('\r').unwrap_or(line);
            let line = if pending.strip { line.trim_start_matches('\t') } else { line };
            if line == pending.delimiter {
                return text.get(start..begins).unwrap_or_default();
            }
        }
    }

    /// A body as the command will read it. What is substituted in it runs.
    fn expanded(&mut self, body: &str) -> String {
        if !body.contains(['$', '`', '\\']) {
            return body.to_owned();
        }
        let mut within = Reader::new(body, self.depth, std::mem::take(&mut self.values));
        let mut raw = Raw::default();
        within.quoted(&mut raw, false);
        self.values = std::mem::take(&mut within.values);
        let script = within.script;
        self.absorb(script);
        raw.whole()
    }
}
