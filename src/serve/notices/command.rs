//! A program that is handed a notice.

use std::process::Stdio;

use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// Runs the program with the text at its standard input. It is killed where nobody waits for it any more.
pub(super) async fn run(command: &[String], text: &str) -> Result<(), String> {
    let Some((program, arguments)) = command.split_first() else { return Ok(()) };
    let mut child = Command::new(program);
    child.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    // Keys and secrets that Sluicegate was given are none of its business.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SLUICEGATE_") {
            child.env_remove(name);
        }
    }
    #[cfg(unix)]
    child.process_group(0);
    let mut child = child.spawn().map_err(|error| format!("it cannot be started: {error}"))?;
    #[cfg(unix)]
    let mut group = Group(child.id());
    if let Some(mut input) = child.stdin.take() {
        // A program that does not care to read has been told all the same.
        let _ = input.write_all(format!("{text}\n").as_bytes()).await;
    }
    let ended = child.wait().await;
    // Its number may be another's from here on.
    #[cfg(unix)]
    group.0.take();
    match ended {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("it ended with {status}")),
        Err(error) => Err(error.to_string()),
    }
}

/// The program and all that it has started, which end together where nobody waits for it any more.
#[cfg(unix)]
struct Group(Option<u32>);

#[cfg(unix)]
impl Drop for Group {
    fn drop(&mut self) {
        use rustix::process::{Pid, Signal, kill_process_group};
        let leader = self.0.and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(leader) = leader {
            // Nobody is left, mostly.
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}
