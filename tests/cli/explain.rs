//! `policy explain`: what an owner reads, compared with files that were read before they were committed, and what a stranger
//! can put into it.

use std::fs;

use crate::support::{Folder, fixture, golden};

/// Rules and a policy of the tests' own.
fn folder() -> Folder {
    let folder = Folder::new();
    for name in ["explain.jsonl", "explain.rhai", "explain-last.rhai", "explain.toml", "screen-rules.toml"] {
        fs::copy(fixture(name), folder.path().join(name)).unwrap();
    }
    folder
}

const BASE: [&str; 4] = ["--config", "explain.toml", "policy", "explain"];

fn explain(folder: &Folder, arguments: &[&str]) -> crate::support::Run {
    folder.run(&[&BASE, arguments].concat())
}

/// The revision names the version, and would change every golden file with it.
fn without_revision(text: &str) -> String {
    let mut parts = text.split("sha256:");
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        all.push_str("sha256:…");
        all.push_str(part.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    all.replace(concat!("Sluicegate ", env!("CARGO_PKG_VERSION")), "Sluicegate X")
}

#[test]
fn an_explanation_for_people() {
    let folder = folder();
    let mut told = String::new();
    for id in ["e1", "e2", "e3", "e4", "e5"] {
        let run = explain(&folder, &["explain.jsonl", "--id", id]);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{id}");
        told += &format!("{}\n--\n", run.out);
    }
    golden("explain.txt", &told);
    let colour = folder.run(&[&["--color", "always"], &BASE[..], &["explain.jsonl", "--line", "2"]].concat());
    golden("explain-colour.txt", &colour.out.replace('\u{1b}', "␛"));
}

#[test]
fn an_explanation_for_programs() {
    let folder = folder();
    let run = explain(&folder, &["explain.jsonl", "--id", "e2", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    // The id of the hold is keyed by a secret that each run draws anew.
    let anonymous = |verdict: &serde_json::Value| -> serde_json::Value {
        let id = verdict["hold"]["id"].as_str().unwrap();
        serde_json::from_str(&verdict.to_string().replace(id, "ID")).unwrap()
    };
    let mut shown = value.clone();
    shown["verdict"] = anonymous(&value["verdict"]);
    golden("explain.json", &without_revision(&format!("{}\n", serde_json::to_string_pretty(&shown).unwrap())));
    let check = folder.run(&["--config", "explain.toml", "check", "--json", "explain.jsonl"]);
    assert_eq!(shown["verdict"], anonymous(&check.verdicts()[1]), "explain and check give the same verdict");
}

#[test]
fn an_explanation_for_a_browser() {
    let folder = folder();
    let run = explain(&folder, &["explain.jsonl", "--id", "e2", "--html", "page.html"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (Some(0), "", ""));
    golden("explain.html", &without_revision(&fs::read_to_string(folder.path().join("page.html")).unwrap()));
}

#[test]
fn nothing_that_a_stranger_wrote_is_markup_or_leads_out_of_the_page() {
    let folder = folder();
    explain(&folder, &["explain.jsonl", "--id", "e6", "--html", "page.html"]);
    let page = fs::read_to_string(folder.path().join("page.html")).unwrap();
    // No text holds a `<`, so each begins a tag of ours: without attributes, or with those that we write.
    let ours: Vec<&str> =
        "b bdi blockquote body br code div em footer h1 h2 head header i li main mark p section small span \
                           style table td title tr ul"
            .split(' ')
            .collect();
    let fixed = ["!doctype html", "html lang=\"en\"", "/html", "th scope=\"row\"", "/th"];
    for tag in page.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
        let bare = tag.trim_start_matches('/');
        let (name, attributes) = bare.split_once(' ').unwrap_or((bare, ""));
        let class = attributes.strip_prefix("class=\"").and_then(|rest| rest.strip_suffix('"'));
        let plain =
            class.map_or(attributes.is_empty(), |class| class.bytes().all(|b| b.is_ascii_lowercase() || b == b' '));
        assert!((ours.contains(&name) && plain) || fixed.contains(&tag) || tag.starts_with("meta "), "<{tag}>");
    }
    assert_eq!(page.matches("<meta").count(), 5);
    let style = page.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).unwrap();
    assert!(!style.contains("url(") && !style.contains("@import"), "the page asks nobody");
    assert!(!page.contains(['\u{202e}', '\u{1b}', '\u{200b}', '\u{9b}', '\0']));
    assert!(
        page.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;") && page.contains("&lt;202E&gt;"),
        "{page}"
    );
}

#[test]
fn nothing_that_a_stranger_wrote_steers_the_terminal() {
    let folder = folder();
    let hostile =
        |text: &str| text.chars().any(|c| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c));
    for arguments in [&["--id", "e6"][..], &["--id", "e6", "--json"], &["--id", "\u{1b}[2J\u{202e}"]] {
        let run = explain(&folder, &[&["explain.jsonl"], arguments].concat());
        assert!(!hostile(&run.out) && !hostile(&run.err), "{arguments:?}: {:?} {:?}", run.out, run.err);
    }
}

#[test]
fn the_event_is_named_or_there_is_only_one() {
    let folder = folder();
    folder.write("one.jsonl", "\n{\"id\":\"x\",\"text\":\"hello\"}\n");
    folder.write("broken.jsonl", "nonsense\n{\"id\":\"x\",\"text\":\"hello\"}\n");
    folder.write("none.jsonl", "\n");
    let cases: [(&[&str], i32, &str); 9] = [
        (&["one.jsonl"], 0, ""),
        (&["--text", "hello"], 0, ""),
        (&["explain.jsonl"], 2, "name one with --id or --line"),
        (&["explain.jsonl", "--id", "zz"], 1, "no event with the id `zz`"),
        (&["explain.jsonl", "--line", "99"], 1, "no event on line 99"),
        (&["broken.jsonl", "--line", "1"], 1, "broken.jsonl:1: column 1"),
        (&["broken.jsonl", "--id", "x"], 0, ""),
        (&["none.jsonl"], 1, "there is no event in it"),
        (&["one.jsonl", "--id", "x", "--line", "2"], 2, "cannot be used with"),
    ];
    for (arguments, code, told) in cases {
        let run = explain(&folder, arguments);
        assert_eq!(run.code, Some(code), "{arguments:?}: {}", run.err);
        assert!(run.err.contains(told), "{arguments:?}: {}", run.err);
    }
}
