//! The audit log: what was decided, in JSON lines that tell nothing of who wrote what, and that cannot be changed unseen.
//!
//! [`AuditLog`] writes, [`verify`] reads back, and [`Records`] gives what was decided, to list it or to ask other policies about
//! it. The core hands a record over and goes on; a thread of its own formats, seals and writes in groups.
//!
//! **What stands in it.** Facts, points, the ids of rules, the decision and its reason (the owner's own words), and keyed
//! pseudonyms for channel, account, chat, sender, event and tool. No id, no name and no text of an event, ever. Besides the
//! checks, every [change](Change) of what judges: a reload, a reload that was refused (codes and places of its faults, no
//! text), policies in quarantine.
//!
//! What the policies asked stands under `asked`: the categories of the rules that fired (`found`), the literals of `says` by
//! their answer, and channel, account and tool in the form in which they are compared; literals and names as pseudonyms.
//! Records of before it was written have no `asked`, and are read all the same: what they do not tell is not known.
//!
//! **What cannot be done to it unseen.** Every record carries the seal of the record before (`prev`) and its own (`mac`,
//! the first half of an HMAC-SHA256 over the bytes of the line), and a sealed *head* beside the log names the last one. An
//! edited, removed, added, repeated, moved or cut line is found and named. Two things no file can prove by itself: that the
//! log *and* its head were put back to an older state together, and that all of it was deleted. Whoever fears that
//! keeps its [head] elsewhere, and compares it later ([`verify_heads`]).
//!
//! **A new key.** A log that was sealed with an older key until now goes over when it is opened with the new one: the last
//! record under the old key names the new key, and the first under the new key repeats it. From an older key to a newer one is
//! the only way, so whoever gets hold of an old key can neither add to the log nor change what was written before.
//!
//! **Changes of state.** What is done to people, holds, answers and switches is a [deed](DeedRecord) under a word that begins
//! with `deed.`. Deeds come out of the [journal](crate::store::Journal), where they are part of the commit that does them, so
//! none is lost: they leave it when the log has them on the disk. A crash in between writes one twice, under one name; whoever
//! reads the log with [`Records`] gets it once.
//!
//! **Its files**, for a log named `audit.jsonl`, all of them mode 0600:
//!
//! | file | holds |
//! |---|---|
//! | `audit.jsonl` | the newest records |
//! | `audit-000000004711.jsonl` | older ones, named after their first record; the chain runs through them |
//! | `audit.jsonl.head` | the seal of the last record, and where the log begins since old files were deleted |
//! | `audit.jsonl.lock` | nothing; locked by the process that writes |
//! | `audit.jsonl.torn-…` | the beginning of a line whose writing was cut off, kept as evidence |

mod asked;
mod chain;
mod change;
mod deed;
mod entry;
mod error;
mod head;
mod line;
mod lines;
mod log;
mod names;
mod open;
mod past;
mod paths;
mod queue;
mod recent;
mod records;
mod shipped;
mod verify;
mod writer;

pub use change::{Change, FaultPlace};
pub use deed::{DeedRecord, Doer, drain};
pub use entry::{Entry, Level};
pub use error::AuditError;
pub use log::{AuditLog, AuditSettings, Lost};
pub use past::PastCheck;
pub(crate) use paths::Lock;
pub use records::{Content, Line, Records, Unusable};
pub use shipped::{HeadFound, NoHead, ShippedHead, head};
pub use verify::{Changed, Fault, Verified, verify, verify_heads};
