//! What must outlive the process: registry, pairing, holds, answers.

/// A kind of durable record. What a record says is known only to the room that it belongs to; a store keeps bytes.
///
/// INVARIANT: numbers and names stay, since files hold them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[repr(u8)]
pub enum Table {
    /// Switches of the whole gate: the owner's key, lockdown, the sealed revision.
    Gate = 1,
    /// People: standing, capabilities, names and notes.
    Person = 2,
    /// Strangers who wrote lately.
    Stranger = 3,
    /// Pairing codes that wait to be used.
    Pairing = 4,
    /// Events that wait for the owner.
    Hold = 5,
    /// The owner's standing answers to tool calls.
    Answer = 6,
    /// What was done and is not in the log yet.
    Journal = 7,
}

impl Table {
    /// All tables.
    pub const ALL: [Self; 7] =
        [Self::Gate, Self::Person, Self::Stranger, Self::Pairing, Self::Hold, Self::Answer, Self::Journal];

    /// Its name in exports and messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gate => "gate",
            Self::Person => "person",
            Self::Stranger => "stranger",
            Self::Pairing => "pairing",
            Self::Hold => "hold",
            Self::Answer => "answer",
            Self::Journal => "journal",
        }
    }
}

/// The number of a change. Every commit has one, greater than all before it, and all rows that it wrote carry it.
pub type Version = u64;

/// A durable record as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its key, 1 to 64 bytes.
    pub key: Vec<u8>,
    /// What it says; none where it was removed. That it was is kept for a while, so that others who look for
    /// [changes](super::Store::changes) hear of it.
    pub value: Option<Vec<u8>>,
    /// The change that wrote it.
    pub version: Version,
}

/// What a write expects to find. If it finds something else, nothing of the commit is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Whatever is there.
    Anything,
    /// No record, or one that was removed.
    Nothing,
    /// The record that this change wrote.
    Version(Version),
}

/// One conditional write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The table.
    pub table: Table,
    /// The key, 1 to 64 bytes.
    pub key: Vec<u8>,
    /// What must be there.
    pub expect: Expect,
    /// What it says from now on; none removes it.
    pub value: Option<Vec<u8>>,
}

/// What became of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Commit {
    /// All of it is durable, as this change.
    Done(Version),
    /// Something was not as expected, so nothing of it was done.
    Conflict,
}

/// The longest key, in bytes.
pub const MAX_KEY: usize = 64;
/// The longest value, in bytes: a held event at its largest, encrypted, and some room.
pub const MAX_VALUE: usize = 4 * 1024 * 1024;
/// The most writes of one commit.
pub const MAX_WRITES: usize = 4_096;

/// Why a list of writes cannot be carried out by any store; none where it can.
#[must_use]
pub(super) fn fault(writes: &[Write]) -> Option<String> {
    if writes.len() > MAX_WRITES {
        return Some(format!("{} writes in one commit; at most {MAX_WRITES} are possible", writes.len()));
    }
    for write in writes {
        let (table, key) = (write.table.name(), write.key.len());
        if key == 0 || key > MAX_KEY {
            return Some(format!("a key of {key} bytes in `{table}`; keys have 1 to {MAX_KEY}"));
        }
        let value = write.value.as_ref().map_or(0, Vec::len);
        if value > MAX_VALUE {
            return Some(format!("a record of {value} bytes in `{table}`; at most {MAX_VALUE} are kept"));
        }
    }
    None
}

/// Is told that durable records have changed, by this process or another. Says whether it wants to hear of it again.
pub type Listener = Box<dyn Fn() -> bool + Send + Sync>;
