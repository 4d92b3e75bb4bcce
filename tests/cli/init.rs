//! `init`, and the first minutes after it.

use std::fs;
use std::path::Path;

use crate::support::{Folder, run};

/// A folder as `init` leaves it, in `gate`.
fn begun() -> Folder {
    let folder = Folder::new();
    let run = folder.run(&["init", "gate"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
    folder
}

/// Every file below a folder with its bytes.
fn everything(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push((path.strip_prefix(folder).unwrap().display().to_string(), fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn what_init_writes_loads_and_passes_its_own_tests() {
    let folder = begun();
    let gate = folder.path().join("gate");
    for arguments in [&["policy", "check"][..], &["rules", "check"], &["rules", "test"], &["check", "--text", "hello"]]
    {
        let run = run(&gate, arguments, b"");
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{arguments:?}: {}", run.out);
    }
}

#[test]
fn the_settings_that_init_writes_are_those_of_the_starter_set() {
    let folder = begun();
    let inbox = concat!(
        r#"{"id":"a","at":1764000000000,"channel":"telegram","sender":{"id":"@ada"},"text":"hello"}"#,
        "\n",
        r#"{"id":"b","at":1764000001000,"kind":"tool_call","tool":{"name":"bash","arguments":{"command":"rm -rf /"}}}"#,
        "\n",
    );
    folder.write("inbox.jsonl", inbox);
    let decided = |run: crate::support::Run| -> Vec<_> {
        run.verdicts().iter().map(|verdict| (verdict["decision"].clone(), verdict["reason"].clone())).collect()
    };
    let built_in = decided(folder.run(&["check", "--json", "inbox.jsonl"]));
    let written = decided(folder.run(&["--config", "gate/sluicegate.toml", "check", "--json", "inbox.jsonl"]));
    assert_eq!(built_in, written);
}

#[test]
fn an_edited_policy_decides_otherwise_without_recompiling() {
    let folder = begun();
    let gate = folder.path().join("gate");
    let text = ["check", "--json", "--text", "hello"];
    assert_eq!(run(&gate, &text, b"").verdicts()[0]["decision"], "drop");
    let policy = gate.join("policies/personal.rhai");
    let before = fs::read_to_string(&policy).unwrap();
    let line = r#"if !m.sender_approved && !m.dm_open { drop("unknown sender") }"#;
    assert!(before.contains(line), "the line that the README tells to edit");
    fs::write(&policy, before.replace(line, "")).unwrap();
    assert_eq!(run(&gate, &text, b"").verdicts()[0]["decision"], "allow");
}

#[test]
fn nothing_is_overwritten_and_nothing_is_half_done() {
    let folder = begun();
    let gate = folder.path().join("gate");
    let before = everything(&gate);
    let again = folder.run(&["init", "gate"]);
    assert_eq!((again.code, again.out.as_str()), (Some(1), ""));
    assert!(again.err.contains("nothing was written: there is already gate/sluicegate.toml"), "{}", again.err);
    assert!(
        again.err.len() < 250 && again.err.ends_with(&format!(" and {} more\n", before.len() - 3)),
        "{}",
        again.err
    );
    assert_eq!(everything(&gate), before);

    // Whatever single file is in the way, none is written beside it.
    for (name, _) in &before {
        let other = Folder::new();
        let path = other.path().join("gate").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "mine").unwrap();
        let run = other.run(&["init", "gate"]);
        assert_eq!(run.code, Some(1), "{name}");
        assert!(run.err.contains(name.as_str()), "{name}: {}", run.err);
        assert_eq!(everything(&other.path().join("gate")), [(name.clone(), b"mine".to_vec())]);
    }

    // A file where a folder is needed is found out only while writing.
    for (inside, told) in [("notes.txt", "notes.txt"), ("notes.txt/gate", "notes.txt")] {
        let other = Folder::new();
        other.write("notes.txt", "mine");
        let run = other.run(&["init", inside]);
        let expected = format!(
            "error: nothing was written: the folder {told} could not be made: something else of that name is there\n"
        );
        assert_eq!((run.code, run.err), (Some(1), expected));
        assert_eq!(everything(other.path()), [("notes.txt".to_owned(), b"mine".to_vec())]);
    }
    let blocked = Folder::new();
    blocked.write("policies", "a file");
    let run = blocked.run(&["init", "."]);
    assert_eq!((run.code, run.out.as_str()), (Some(1), ""), "{}", run.err);
    assert_eq!(blocked.names(), ["policies"]);
}

#[test]
fn a_folder_with_other_files_in_it_is_welcome() {
    let folder = Folder::new();
    folder.write("notes.txt", "mine");
    assert_eq!(folder.run(&["init", "."]).code, Some(0));
    assert_eq!(fs::read_to_string(folder.path().join("notes.txt")).unwrap(), "mine");
}

#[cfg(unix)]
#[test]
fn the_key_is_private_and_new_each_time() {
    use std::os::unix::fs::PermissionsExt;

    let key = |folder: &Folder| {
        let path = folder.path().join("gate/sluicegate.key");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::read_to_string(path).unwrap()
    };
    assert_ne!(key(&begun()), key(&begun()));
}
