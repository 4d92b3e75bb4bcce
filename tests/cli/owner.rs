//! The owner at the command line: a secret, a lockdown, a seal.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Folder, PROGRAM, Run, command, run};

const SETTINGS: &str = "format = 1\nseal = true\npolicies = [\"p.rhai\"]\nrules = [\"r.toml\"]\nkey = \"sluicegate.key\"\n\
                        [detect]\nmodel = false\n[audit]\nfile = \"audit.jsonl\"\n[store]\nfile = \"sluicegate.db\"\n";
const RULES: &str = "format = 1\n[[rule]]\nid = \"custom.word\"\ncategory = \"custom\"\npoints = 8\nclass = \"artifact\"\n\
                     scope = [\"text\"]\nphrases = [\"magic elephant\"]\n";

/// A folder with settings, a store to be, and secrets in files, as nobody should keep them.
fn place() -> Folder {
    let folder = Folder::new();
    folder.write("sluicegate.toml", SETTINGS);
    folder.write("p.rhai", "fn on_message(m) { allow() }");
    folder.write("r.toml", RULES);
    let key = folder.path().join("sluicegate.key");
    sluicegate::keys::Keys::create_file(&key, std::array::from_fn(|index| index as u8)).unwrap();
    folder.write("secret", "four words by chance\n");
    folder.write("other", "another good secret\nof which only the first line counts\n");
    folder.write("wrong", "four words by guess\n");
    folder
}

/// Runs the program with files at descriptors 3 and 4, as a shell opens them.
fn with_files(folder: &Folder, arguments: &str, three: &str, four: &str) -> Run {
    let line = format!("exec \"$0\" {arguments} 3<{three} 4<{four}");
    let output = Command::new("sh")
        .args(["-c", &line, PROGRAM])
        .current_dir(folder.path())
        .env_remove("SLUICEGATE_CONFIG")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

fn with_secret(folder: &Folder, arguments: &str) -> Run {
    with_files(folder, &format!("{arguments} --secret-fd 3"), "secret", "/dev/null")
}

fn done(run: &Run) {
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
}

fn fails(run: &Run, code: i32, told: &[&str]) {
    assert_eq!(run.code, Some(code), "{}{}", run.out, run.err);
    for part in told {
        assert!(run.err.contains(part), "{part}: {}", run.err);
    }
}

#[cfg(unix)]
#[test]
fn a_secret_is_set_once_and_changed_by_whoever_knows_it() {
    let folder = place();
    let status = || folder.run(&["owner", "status"]);
    assert!(status().out.contains("no owner's secret is set"), "{:?}", status());
    fails(&folder.run(&["lockdown", "off"]), 1, &["sluicegate owner init"]);

    done(&with_secret(&folder, "owner init"));
    assert!(status().out.contains("64 MiB of memory, filled 3 times (Argon2id)"), "{:?}", status());
    fails(&with_secret(&folder, "owner init"), 1, &["there is an owner's secret already", "owner change"]);
    let change = |old, new| with_files(&folder, "owner change --secret-fd 3 --new-secret-fd 4", old, new);
    fails(&change("wrong", "other"), 1, &["not the owner's secret"]);
    assert!(status().out.contains("1 wrong secret in a row"), "{:?}", status());
    done(&change("secret", "other"));
    fails(&change("secret", "other"), 1, &["not the owner's secret"]);
    done(&change("other", "secret"));
    let one = folder.run(&["owner", "status", "--json"]);
    let one: serde_json::Value = serde_json::from_str(&one.out).unwrap();
    assert_eq!((&one["set"], &one["memory_kib"], &one["wrong_in_a_row"]), (&true.into(), &65_536.into(), &0.into()));
}

#[cfg(unix)]
#[test]
fn a_secret_comes_from_a_terminal_or_a_descriptor_and_never_from_elsewhere() {
    let folder = place();
    let init = |more: &str| with_files(&folder, &format!("owner init {more}"), "secret", "/dev/null");
    fails(&init("--secret-fd 9"), 1, &["file descriptor 9", "--secret-fd 3 3<FILE"]);
    fails(&init("--secret-fd 4"), 1, &["fewer than 8 characters"]);
    fails(&init("--secret-fd 1"), 2, &["file descriptor 1"]);
    fails(&init("--secret 'four words by chance'"), 2, &["--secret"]);
    folder.write("bytes", [0xff; 20]);
    fails(&with_files(&folder, "owner init --secret-fd 3", "bytes", "/dev/null"), 1, &["no text"]);
    folder.write("long", "x".repeat(100_000));
    fails(&with_files(&folder, "owner init --secret-fd 3", "long", "/dev/null"), 1, &["more than 1024 bytes"]);
    done(&run(folder.path(), &["owner", "init", "--secret-fd", "0"], b"four words by chance\n"));
    // With standard input closed or a pipe there is nobody to ask.
    fails(&folder.run(&["lockdown", "off"]), 2, &["--as-owner", "--secret-fd"]);
    fails(&folder.run(&["owner", "change"]), 2, &["--secret-fd", "--new-secret-fd"]);
    let closed = with_files(&folder, "lockdown off <&-", "secret", "/dev/null");
    fails(&closed, 2, &["--as-owner", "--secret-fd"]);
    done(&with_files(&folder, "lockdown off --secret-fd 3 <&-", "secret", "/dev/null"));
}

/// Without a controlling terminal, as under a service manager.
#[cfg(target_os = "linux")]
#[test]
fn without_a_terminal_to_ask_on_it_says_what_to_do() {
    let folder = place();
    done(&with_secret(&folder, "owner init"));
    let output = Command::new("setsid")
        .args(["--wait", PROGRAM, "lockdown", "off", "--as-owner"])
        .current_dir(folder.path())
        .env_remove("SLUICEGATE_CONFIG")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("no terminal") && err.contains("--secret-fd 3 3<FILE"), "{err}");
}

#[cfg(unix)]
#[test]
fn guessing_is_slowed_down() {
    let folder = place();
    done(&with_secret(&folder, "owner init"));
    let guess = || with_files(&folder, "lockdown off --secret-fd 3", "wrong", "/dev/null");
    for number in 1..=4 {
        fails(&guess(), 1, &["not the owner's secret"]);
        assert_eq!(number, wrong_in_a_row(folder.path()));
    }
    fails(&guess(), 1, &["the 5. wrong one in a row", "looked at in 1 s"]);
}

fn wrong_in_a_row(folder: &Path) -> u64 {
    let status = run(folder, &["owner", "status", "--json"], b"");
    let status: serde_json::Value = serde_json::from_str(&status.out).unwrap();
    status["wrong_in_a_row"].as_u64().unwrap()
}

#[cfg(unix)]
#[test]
fn anybody_closes_the_gate_and_the_owner_opens_it() {
    let folder = place();
    assert_eq!(folder.run(&["lockdown"]).out, "open\n");
    done(&with_secret(&folder, "owner init"));
    assert_eq!(folder.run(&["lockdown", "on"]).out, "closed\n");
    assert_eq!(folder.run(&["lockdown", "on"]).out, "was closed already\n");
    let status = folder.run(&["lockdown", "status"]);
    assert!(status.out.contains("nothing passes until `sluicegate lockdown off`"), "{status:?}");
    fails(&with_files(&folder, "lockdown off --secret-fd 3", "wrong", "/dev/null"), 1, &["not the owner's secret"]);
    assert!(folder.run(&["lockdown"]).out.starts_with("closed"));
    assert_eq!(with_secret(&folder, "lockdown off").out, "open again\n");
    let told: serde_json::Value = serde_json::from_str(&folder.run(&["lockdown", "--json"]).out).unwrap();
    assert_eq!(told, serde_json::json!({"lockdown": false, "since": null, "settings": false, "changed": false}));
}

#[cfg(unix)]
#[test]
fn what_changed_since_the_last_seal_is_shown_before_it_is_sealed() {
    let folder = place();
    let show = || folder.run(&["policy", "seal", "--show"]);
    let first = show();
    done(&first);
    assert!(first.out.starts_with("nothing is sealed yet\n") && first.out.contains("policy p.rhai"), "{}", first.out);
    fails(&folder.run(&["policy", "seal", "--secret-fd", "3"]), 1, &["sluicegate owner init"]);
    done(&with_secret(&folder, "owner init"));
    fails(&folder.run(&["policy", "seal"]), 2, &["--as-owner"]);
    let sealed = with_secret(&folder, "policy seal");
    done(&sealed);
    assert!(sealed.out.contains("\nsealed: sha256:"), "{}", sealed.out);

    folder.write("p.rhai", "fn on_message(m) { drop(\"changed\") }");
    let changed = show();
    assert!(changed.out.starts_with("sealed until now: sha256:"), "{}", changed.out);
    let lines: Vec<&str> = changed.out.lines().filter(|line| line.starts_with("  ")).collect();
    assert!(lines[0].starts_with("  changed ") && lines[0].ends_with("policy p.rhai"), "{lines:?}");
    assert_eq!((lines.len(), lines[1]), (2, "  4 parts as before"));
    folder.write("sluicegate.toml", SETTINGS.replace("seal = true", "seal = false"));
    assert!(show().out.contains("no longer say `seal = true`"), "{}", show().out);
    folder.write("p.rhai", "fn on_message(m) {");
    fails(&with_secret(&folder, "policy seal"), 1, &["error[P"]);
}

#[cfg(unix)]
#[test]
fn a_live_gate_starts_with_what_is_sealed_and_anybody_may_try_things_out() {
    let folder = place();
    let live = || run(folder.path(), &["check", "--live", "--json", "--no-watch"], b"{\"text\":\"hello\"}\n");
    fails(&live(), 1, &["error[S009]", "nothing is sealed yet", "sluicegate owner init"]);
    done(&with_secret(&folder, "owner init"));
    done(&with_secret(&folder, "policy seal"));
    let sealed = live();
    done(&sealed);
    assert_eq!(sealed.verdicts()[0]["decision"], "allow");
    folder.write("p.rhai", "fn on_message(m) { drop(\"changed\") }");
    fails(&live(), 1, &["error[S009]", "changed since", "sluicegate policy seal"]);
    let tried = folder.run(&["check", "--json", "--text", "hello"]);
    assert_eq!(tried.verdicts()[0]["reason"], "changed");
    // The file alone does not switch it off.
    folder.write("sluicegate.toml", SETTINGS.replace("seal = true", "seal = false"));
    fails(&live(), 1, &["error[S009]"]);
    done(&with_secret(&folder, "policy seal"));
    done(&live());
}

/// Whoever can start a gate can hand it a message in the owner's name.
#[cfg(unix)]
#[test]
fn in_chat_nothing_is_opened_by_a_gate_that_was_started_without_the_secret() {
    let folder = place();
    let owner = "[[sender]]\nchannel = \"whatsapp\"\nid = \"+1 555 010-0100\"\nstanding = \"owner\"\n";
    folder.write("sluicegate.toml", format!("{SETTINGS}{owner}"));
    done(&with_secret(&folder, "owner init"));
    done(&with_secret(&folder, "policy seal"));
    let says = |text: &str| {
        format!("{{\"channel\":\"whatsapp\",\"sender\":{{\"id\":\"+1 555 010-0100\"}},\"text\":\"{text}\"}}\n")
    };
    folder.write(
        "events.jsonl",
        [says("!allow ls -l"), says("!approve 0123456789abcdef0123456789abcdef"), says("!lockdown")].concat(),
    );
    let replies = |arguments: &str| -> Vec<String> {
        let run = with_files(&folder, &format!("check --live --json events.jsonl {arguments}"), "secret", "/dev/null");
        done(&run);
        run.verdicts().iter().map(|verdict| verdict["reply"].as_str().unwrap().to_owned()).collect()
    };
    let alone = replies("");
    assert!(alone[0].contains("without your secret") && alone[1].contains("without your secret"), "{alone:?}");
    assert!(alone[2].starts_with("closed"), "anybody may close: {alone:?}");
    done(&with_secret(&folder, "lockdown off"));
    let with = replies("--secret-fd 3");
    assert!(with[0].starts_with("allowed for good: ls -l"), "{with:?}");
    assert!(with[1].contains("nothing is held"), "{with:?}");
    let wrong = with_files(&folder, "check --live --json events.jsonl --secret-fd 3", "wrong", "/dev/null");
    fails(&wrong, 1, &["not the owner's secret"]);
}

/// Or somebody would approve himself in a store of his own, and import that.
#[cfg(unix)]
#[test]
fn an_import_needs_the_secret_where_one_is_set() {
    let folder = place();
    done(&with_secret(&folder, "owner init"));
    assert_eq!(folder.run(&["store", "export", "--plain", "plain.jsonl"]).code, Some(0));
    fails(&folder.run(&["store", "import", "plain.jsonl"]), 2, &["--as-owner", "--secret-fd"]);
    let wrong = with_files(&folder, "store import plain.jsonl --secret-fd 3", "wrong", "/dev/null");
    fails(&wrong, 1, &["not the owner's secret"]);
    assert_eq!(with_secret(&folder, "store import plain.jsonl").code, Some(0));
}

/// One process is a gateway's gate, another the owner at the command line.
#[cfg(unix)]
#[test]
fn a_running_gate_is_closed_and_opened_from_another_process() {
    let folder = place();
    done(&with_secret(&folder, "owner init"));
    done(&with_secret(&folder, "policy seal"));
    let mut gate = command(folder.path(), &["check", "--live", "--json"]);
    let mut gate = gate.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut events, mut verdicts) = (gate.stdin.take().unwrap(), BufReader::new(gate.stdout.take().unwrap()));
    let mut reason = || {
        events.write_all(b"{\"text\":\"hello\"}\n").unwrap();
        let mut line = String::new();
        verdicts.read_line(&mut line).unwrap();
        let verdict: serde_json::Value = serde_json::from_str(&line).unwrap();
        verdict["reason"].as_str().unwrap().to_owned()
    };
    let mut until = |wanted: &str| {
        let patience = Instant::now() + Duration::from_secs(30);
        while reason() != wanted {
            assert!(Instant::now() < patience, "not {wanted:?}");
        }
    };
    until("");
    assert_eq!(folder.run(&["lockdown", "on"]).out, "closed\n");
    until("lockdown");
    assert_eq!(with_secret(&folder, "lockdown off").out, "open again\n");
    until("");
    drop(events);
    assert!(gate.wait().unwrap().success());
}

#[test]
fn without_a_key_or_a_store_it_says_what_to_set() {
    let folder = Folder::new();
    for arguments in [&["owner", "status"][..], &["lockdown", "on"], &["owner", "init"]] {
        fails(&folder.run(arguments), 2, &["name no key", "sluicegate init"]);
    }
    let key = folder.path().join("sluicegate.key");
    sluicegate::keys::Keys::create_file(&key, std::array::from_fn(|index| index as u8)).unwrap();
    folder.write("sluicegate.toml", "format = 1\nkey = \"sluicegate.key\"\n");
    fails(&folder.run(&["lockdown", "on"]), 2, &["name no store", "[store]"]);
}
