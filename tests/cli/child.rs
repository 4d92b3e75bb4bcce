//! The program as the child of a gateway.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use crate::support::{Folder, command};

/// A child that answers events.
struct Gate {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Gate {
    fn spawn(folder: &Folder, arguments: &[&str]) -> Self {
        let mut command = command(folder.path(), arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, stdin, stdout: BufReader::new(stdout) }
    }

    /// Sends a line and waits for its answer, with the pipe still open. Would wait for ever if answers were kept back.
    fn ask(&mut self, line: &str) -> String {
        writeln!(self.stdin, "{line}").unwrap();
        let mut answer = String::new();
        self.stdout.read_line(&mut answer).unwrap();
        answer
    }

    fn end(self) -> Option<i32> {
        let Self { mut child, stdin, stdout } = self;
        drop((stdin, stdout));
        child.wait().unwrap().code()
    }
}

#[test]
fn every_answer_comes_before_the_next_question() {
    let folder = Folder::new();
    for arguments in [["check", "--json", "-"], ["detect", "--json", "-"]] {
        let mut gate = Gate::spawn(&folder, &arguments);
        for number in 0..50 {
            let answer = gate.ask(&format!(r#"{{"id":"m{number}","text":"hello"}}"#));
            assert!(answer.contains(&format!("\"m{number}\"")), "{arguments:?}: {answer}");
        }
        assert_eq!(gate.end(), Some(0));
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = Folder::new();
    let mut gate = Gate::spawn(&folder, &["check", "--json", "-"]);
    gate.ask("{}");
    let Gate { mut child, mut stdin, stdout } = gate;
    drop(stdout);
    // The pipe may break while we write, as soon as the child has ended.
    let _ = writeln!(stdin, "{{}}");
    drop(stdin);
    let output = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok).collect::<String>();
    assert_eq!((child.wait().unwrap().code(), output.as_str()), (Some(0), ""));
}

/// Law 8: nothing leaves the machine. The child has loaded everything and judged an event; what it holds open is looked at.
#[cfg(target_os = "linux")]
#[test]
fn no_socket_is_open() {
    let sockets = |process: &str| -> Vec<String> {
        let files = std::fs::read_dir(format!("/proc/{process}/fd")).unwrap();
        let links = files.filter_map(|file| std::fs::read_link(file.unwrap().path()).ok());
        links.map(|link| link.to_string_lossy().into_owned()).filter(|link| link.starts_with("socket:")).collect()
    };
    let folder = Folder::new();
    let mut gate = Gate::spawn(&folder, &["check", "--json", "-"]);
    gate.ask(r#"{"channel":"telegram","sender":{"id":"@ada"},"text":"see https://example.org"}"#);
    // One that we hold ourselves was inherited from whatever runs the tests.
    let inherited = sockets("self");
    let opened: Vec<_> =
        sockets(&gate.child.id().to_string()).into_iter().filter(|socket| !inherited.contains(socket)).collect();
    assert_eq!(opened, Vec::<String>::new());
    assert_eq!(gate.end(), Some(0));
}
