//! What the owner has answered for good: exact yes and no to tool calls.
//!
//! An [`Answer`] names one command, program and arguments word for word, or one whole call. There are no beginnings, parts or
//! patterns in it: `ls` is not `ls && rm -rf /`, and `git` is not `git push --force`. A call of several commands is allowed
//! where every one of them is, and denied where any one is; *deny* comes before *allow*, whatever stands first.
//!
//! What they mean for a call is told to the policies as facts (`answered_allow`, `answered_deny`). The one exception is the
//! denial of [everything](What::Everything), which closes the gate to tool calls whatever the policies say.

mod answers;
mod given;

pub use answers::{AnswerError, AnswerId, Answered, Answers};
pub use given::{Answer, NoCommand, Says, What};
