//! Shell text as commands: what stands between `;`, `&&`, `||`, `|` and line ends, in substitutions, groups and here-documents.
//!
//! Nothing is run and nothing is looked up. Quotes, escapes, braces and the variables that the script itself sets are
//! undone; everything else that only the running shell knows stays in the words as a mark. What cannot be split is told as
//! [`Script::unclear`].

mod compound;
mod expand;
mod heredoc;
mod reader;
mod windows;
mod word;

use std::collections::BTreeSet;

pub(in crate::tool) use windows::looks_windows;
pub(in crate::tool) use word::{MADE, PROCESS, UNKNOWN, is_mark};

/// Commands of one script; those in more are not read, and told.
const MOST_COMMANDS: usize = 4096;
/// Substitutions, groups and scripts within each other.
pub(in crate::tool) const MOST_NESTED: usize = 32;

/// A script, split.
#[derive(Debug, Default)]
pub(in crate::tool) struct Script {
    /// Its simple commands, in the order of the text; those of a substitution come before the command that it stands in.
    pub(in crate::tool) commands: Vec<Command>,
    /// The variables whose values it uses and does not set.
    pub(in crate::tool) variables: BTreeSet<String>,
    /// Whether part of it could not be split.
    pub(in crate::tool) unclear: bool,
}

/// A simple command.
#[derive(Debug, Default)]
pub(in crate::tool) struct Command {
    /// The program and its arguments.
    pub(in crate::tool) words: Vec<String>,
    /// How many words at the beginning may be the program: more than one where a variable has had several values.
    pub(in crate::tool) programs: usize,
    /// The variables that are set for it, or by it if there are no words.
    pub(in crate::tool) assignments: Vec<(String, String)>,
    /// Files that are read and written by `<` and `>`.
    pub(in crate::tool) redirects: Vec<Redirect>,
    /// Texts of here-documents and here-strings.
    pub(in crate::tool) inputs: Vec<String>,
    /// The command whose output it reads, by its place in the script.
    pub(in crate::tool) reads_from: Option<usize>,
    /// Whether its output goes on to another command.
    pub(in crate::tool) piped: bool,
    /// Whether it calls the function that it stands in.
    pub(in crate::tool) calls_itself: bool,
}

/// A file that a command is redirected from or to.
#[derive(Debug)]
pub(in crate::tool) struct Redirect {
    /// Whether the file is written.
    pub(in crate::tool) writes: bool,
    /// The file.
    pub(in crate::tool) target: String,
}

/// How a script is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tool) enum Dialect {
    /// sh, bash, zsh and their kin.
    Posix,
    /// PowerShell and `cmd`.
    Windows,
}

/// Splits a script. Reads every byte a bounded number of times; `depth` is how many scripts it lies within.
pub(in crate::tool) fn split(text: &str, dialect: Dialect, depth: usize) -> Script {
    if depth >= MOST_NESTED {
        return Script { unclear: true, ..Script::default() };
    }
    match dialect {
        Dialect::Posix => reader::read(text, depth),
        Dialect::Windows => windows::read(text),
    }
}

/// Makes a text that comes from outside safe to [`split`]: it holds no marks afterwards. Tells whether it held some.
pub(in crate::tool) fn clean(text: &str) -> (std::borrow::Cow<'_, str>, bool) {
    word::clean(text)
}
