//! `store import --from`: what another system has left, shown to its owner.

use crate::support::Folder;

const REGISTRY: &str = r#"{"approved":{"whatsapp":{"+15550100123":{"name":"Ana \u001b[2J\"]\nx","capabilities":{"can_chat":true}}}},
  "blocked":{"telegram":{"@Spam":{}}},"pending":{"signal":{"+15550100124":{}}}}"#;

#[test]
fn it_is_shown_with_what_needs_an_eye_and_nothing_is_changed() {
    let folder = Folder::new();
    folder.write("sender-registry.json", REGISTRY);
    let run = folder.run(&["store", "import", "--from", "gatekeeper", "sender-registry.json"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    for part in [
        "blocked   telegram             @spam",
        "approved  whatsapp             +15550100123",
        "may: chat",
        "look      +15550100124",
        "2 senders   0 commands   0 settings   1 for your eye   nothing was changed",
    ] {
        assert!(run.out.contains(part), "{part}:\n{}", run.out);
    }
    assert!(!run.out.contains('\u{1b}'), "no name of a foreign file draws on the screen");
    assert_eq!(folder.names(), ["sender-registry.json"]);
}

#[test]
fn its_lines_for_the_settings_are_settings() {
    let folder = Folder::new();
    folder.write("sender-registry.json", REGISTRY);
    let run = folder.run(&["store", "import", "--from", "gatekeeper", "--toml", "sender-registry.json"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    folder.write("sluicegate.toml", format!("format = 1\n{}", run.out));
    let event = r#"{"channel":"whatsapp","sender":{"id":"+1 555 010-0123"},"text":"hello"}"#;
    folder.write("event.jsonl", event);
    let checked = folder.run(&["check", "--json", "event.jsonl"]);
    assert_eq!(checked.verdicts()[0]["decision"], "allow", "{}{}", checked.out, checked.err);
    let json = folder.run(&["store", "import", "--from", "gatekeeper", "--json", "sender-registry.json"]);
    assert_eq!(json.verdicts()[0]["people"][0]["id"], "@spam");
}

#[test]
fn what_makes_no_sense_is_said() {
    let folder = Folder::new();
    folder.write("x.json", "{}");
    let run = folder.run(&["store", "import", "--from", "gatekeeper", "x.json"]);
    assert_eq!(run.code, Some(1));
    assert!(run.err.contains("this is no sender-registry.json"), "{}", run.err);
    let run = folder.run(&["store", "import", "--json", "x.json"]);
    assert_eq!(run.code, Some(2), "{}", run.err);
}
