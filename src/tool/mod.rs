//! What a tool call would do, told from its text: JSON walked, shell split, programs, paths, addresses.
//!
//! Nothing is run, looked up or resolved; the same call gives the same answer everywhere. What the text does not tell is
//! told as [`Effects::UNCLEAR`], so that a policy can hold it.
//!
//! ```
//! use sluicegate::event::{Json, Tool};
//! use sluicegate::tool::{Effects, LinkSettings, Scene, ToolSettings};
//!
//! let scene = Scene::new(&ToolSettings::default(), &LinkSettings::default());
//! let reading = scene.shell("ls && rm -rf /");
//! assert_eq!(reading.commands, 2);
//! assert!(reading.effects.has(Effects::DESTRUCTIVE));
//! ```
//!
//! It is a filter, not a fence: a program can do what its name does not tell, and a file may hold anything. A tool that
//! must not write needs a system that does not let it.

mod call;
mod code;
mod command;
mod effect;
mod exact;
mod link;
mod path;
mod places;
mod role;
mod scene;
mod settings;
mod shell;
mod sql;
mod table;

pub use effect::Effects;
pub use exact::{Words, commands, exactly};
pub use link::Links;
pub use scene::Scene;
pub use settings::{LinkSettings, ToolSettings};

use crate::event::Tool;
use command::Judge;

/// What one call would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// Its effects.
    pub effects: Effects,
    /// Whether it names a file or folder.
    pub files: bool,
    /// How many simple commands it runs, those in substitutions and scripts included.
    pub commands: usize,
    /// What it took: bytes of scripts and code that were read, those within others again, and 64 for each.
    pub read_bytes: usize,
}

impl Reading {
    /// The most that [`read_bytes`](Self::read_bytes) can be for a call whose texts have this many bytes together.
    #[must_use]
    pub const fn most_bytes(input: usize) -> usize {
        command::LEAST_READ.saturating_add(input.saturating_mul(2 * command::MOST_READ))
    }
}

impl Scene {
    /// Reads a call. Linear in the length of its arguments: [`Reading::most_bytes`] says how many bytes are read again where
    /// scripts lie within scripts. What is left for want of that is [`Effects::UNCLEAR`].
    #[must_use]
    pub fn read(&self, tool: &Tool) -> Reading {
        call::read(self, tool)
    }

    /// Reads a shell script: sh, bash or zsh, and as PowerShell or `cmd` too where it looks like those.
    #[must_use]
    pub fn shell(&self, script: &str) -> Reading {
        let mut judge = Judge::new(self);
        judge.script(script);
        judge.reading()
    }

    /// A call that names no tool: nothing can be told of it.
    #[must_use]
    pub fn unnamed() -> Reading {
        Reading { effects: Effects::UNCLEAR, ..Reading::default() }
    }
}
