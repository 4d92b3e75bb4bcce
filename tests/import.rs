//! Coming from another system: what is taken, what needs the owner's eye, and what hostile files do.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use sluicegate::answer::{Answers, Says};
use sluicegate::import::{Imported, System, read};
use sluicegate::keys::Keys;
use sluicegate::sender::{Capabilities, Listing, People, Standing, person};
use sluicegate::store::{Actor, MemoryStore, Store};

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("sluicegate-import-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn of(system: System, name: &str, text: impl AsRef<[u8]>) -> Result<Imported, String> {
    let folder = Folder::new();
    let path = folder.write(name, text.as_ref());
    let imported = read(system, &path);
    assert_eq!(fs::read(&path).unwrap(), text.as_ref(), "a foreign file is never changed");
    assert_eq!(folder.names(), [name], "nothing is left beside it");
    imported.map_err(|error| error.to_string())
}

/// Channel, account, id and standing of everybody.
fn people(imported: &Imported) -> Vec<(&str, &str, &str, Listing)> {
    let people = imported.people.iter();
    people
        .map(|one| (one.channel.as_str(), one.account.as_deref().unwrap_or_default(), one.id.as_str(), one.standing))
        .collect()
}

/// What needs the owner's eye, as far as its words go.
fn eye(imported: &Imported) -> Vec<(&str, String)> {
    let first = |why: &str| why.split([':', ';', ',']).next().unwrap_or_default().to_owned();
    imported.eye.iter().map(|remark| (remark.what.as_str(), first(remark.why))).collect()
}

#[test]
fn the_gatekeepers_people_keep_their_standing_and_whoever_waits_goes_on_waiting() {
    let registry = r#"{"meta":{"version":"1.1"},
      "approved":{"whatsapp":{"+15550100123":{"approved_at":"x","capabilities":{"can_chat":true,"can_files":true,"can_admin":true},"name":"Ana"},
                              "+15550100199":{"approved_at":"x"}},
                  "telegram":{"user_123456":{"capabilities":{"can_chat":true,"can_status":false}},"@Walk_In":{"capabilities":[]}},
                  "pager":{"7":{}}},
      "pending":{"signal":{"+15550100124":{"pairing_code":"ALPHA-BRAVO-1234"}}},
      "blocked":{"whatsapp":{"+15550100199":{"reason":"spam"}},"imessage":{"Eve@Example.org":{}}},
      "unknown_log":[]}"#;
    let imported = of(System::Gatekeeper, "sender-registry.json", registry).unwrap();
    assert_eq!(
        people(&imported),
        [
            ("imessage", "", "eve@example.org", Listing::Blocked),
            ("telegram", "", "123456", Listing::Approved),
            ("telegram", "", "@walk_in", Listing::Approved),
            ("whatsapp", "", "+15550100123", Listing::Approved),
            ("whatsapp", "", "+15550100199", Listing::Blocked),
        ]
    );
    let given: Vec<_> = imported.people.iter().map(|one| one.capabilities.clone()).collect();
    assert_eq!(given, [None, Some(vec!["chat"]), Some(vec![]), Some(vec!["chat", "files"]), None]);
    assert_eq!(imported.people[3].name.as_deref(), Some("Ana"));
    let told = format!("{:?}", eye(&imported));
    for part in ["can_admin", "has no such platform", "waited for approval", "cannot be read", "approved and blocked"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!told.contains("ALPHA"), "a code is nobody's business");
}

#[test]
fn openclaws_lists_are_read_from_a_folder_and_from_single_files() {
    let folder = Folder::new();
    folder.write(
        "telegram-allowFrom.json",
        r#"{"version":1,"allowFrom":["@Ana","telegram:42",4711,"*","accessGroup:family",""]}"#,
    );
    folder.write("whatsapp-allowFrom.json", r#"{"version":1,"allowFrom":["15550100123@s.whatsapp.net","123@g.us"]}"#);
    folder.write("whatsapp-pairing.json", r#"{"version":1,"requests":[{"id":"+15550100124","code":"ABCDEFGH"}]}"#);
    folder.write("signal-allowFrom.json", r#"{"version":2,"allowFrom":["+15550100125"]}"#);
    folder.write("openclaw.json", "{}");
    let before = folder.names();
    let imported = read(System::OpenClaw, &folder.0).unwrap();
    assert_eq!(folder.names(), before);
    assert_eq!(
        people(&imported),
        [
            ("telegram", "", "42", Listing::Approved),
            ("telegram", "", "4711", Listing::Approved),
            ("telegram", "", "@ana", Listing::Approved),
            ("whatsapp", "", "+15550100123", Listing::Approved),
        ]
    );
    let told = format!("{:?}", eye(&imported));
    for part in
        ["let everybody in", "a group of people", "no whole id", "had asked to be let in", "nothing of this file"]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!told.contains("ABCDEFGH"));
    let one = read(System::OpenClaw, &folder.0.join("whatsapp-allowFrom.json")).unwrap();
    assert_eq!(one.people.len(), 1);
    let error = read(System::OpenClaw, &folder.0.join("openclaw.json")).unwrap_err().to_string();
    assert!(error.contains("its name should end in"), "{error}");
}

#[cfg(feature = "sqlite")]
mod sqlite {
    use rusqlite::Connection;

    use super::*;

    fn store(path: &Path) -> Connection {
        let store = Connection::open(path).unwrap();
        store
            .execute_batch(
                "CREATE TABLE channel_pairing_requests(channel_key TEXT, account_id TEXT, request_id TEXT, code TEXT,
                   created_at INTEGER, last_seen_at INTEGER, meta_json TEXT, PRIMARY KEY(channel_key, account_id, request_id));
                 CREATE TABLE channel_pairing_allow_entries(channel_key TEXT, account_id TEXT, entry TEXT, sort_order INTEGER,
                   updated_at INTEGER);
                 INSERT INTO channel_pairing_allow_entries VALUES
                   ('whatsapp','main','+1 555 010-0123',0,1), ('telegram','default','@Ana',0,1), ('telegram','default','*',1,1),
                   ('whatsapp','main',x'00ff',2,1), ('discord','default',NULL,0,1);
                 INSERT INTO channel_pairing_requests VALUES ('signal','default','+15550100124','ABCDEFGH',1,1,NULL);",
            )
            .unwrap();
        store
    }

    #[test]
    fn openclaws_store_is_read_without_a_trace() {
        let folder = Folder::new();
        let path = folder.0.join("open claw?.sqlite");
        drop(store(&path));
        let before = fs::read(&path).unwrap();
        let imported = read(System::OpenClaw, &path).unwrap();
        assert_eq!(
            people(&imported),
            [
                ("telegram", "default", "@ana", Listing::Approved),
                ("whatsapp", "main", "+15550100123", Listing::Approved)
            ]
        );
        let told = format!("{:?}", eye(&imported));
        for part in ["let everybody in", "a row that cannot be read", "had asked to be let in"] {
            assert!(told.contains(part), "{part}: {told}");
        }
        assert_eq!(fs::read(&path).unwrap(), before);
        assert_eq!(folder.names(), ["open claw?.sqlite"]);
    }

    #[test]
    fn a_store_that_is_in_use_is_broken_or_is_another_one_is_refused() {
        let folder = Folder::new();
        let path = folder.0.join("openclaw.sqlite");
        let open = store(&path);
        open.execute_batch("PRAGMA journal_mode = WAL; DELETE FROM channel_pairing_requests").unwrap();
        let error = read(System::OpenClaw, &path).unwrap_err().to_string();
        assert!(error.contains("stop OpenClaw first"), "{error}");
        drop(open);
        let whole = fs::read(&path).unwrap();
        for (name, bytes, part) in [
            ("cut.sqlite", &whole[..whole.len() / 3], ""),
            ("head.sqlite", b"SQLite format 3\0 and nothing else of it", "not a database"),
        ] {
            let error = read(System::OpenClaw, &folder.write(name, bytes)).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
        // A view that never ends, under the name of the table.
        let endless = folder.0.join("endless.sqlite");
        Connection::open(&endless)
            .unwrap()
            .execute_batch(
                "CREATE VIEW channel_pairing_allow_entries AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n)
                 SELECT 'whatsapp' AS channel_key, 'a' AS account_id, x AS entry FROM n",
            )
            .unwrap();
        let error = read(System::OpenClaw, &endless).unwrap_err().to_string();
        assert!(error.contains("no tables of pairing"), "{error}");
    }
}

#[test]
fn ai_comms_lists_were_parts_of_ids_and_only_whole_ones_are_taken() {
    let file = "# a comment\nexport SECURITY_ENABLE_ALLOWLIST=true\n\
        SECURITY_ALLOWLIST=\"+15550100123, 15550100124@s.whatsapp.net,+123,555,Ana,12036304@g.us\"\n\
        SECURITY_BLOCKLIST=+15550100199,+1555\nSECURITY_RATE_LIMIT_MAX=30\nSECURITY_RATE_LIMIT_WINDOW_MS=90500\n\
        SECURITY_MAX_MESSAGE_LENGTH=4000 # characters\nSECURITY_MAX_MESSAGE_AGE_MS=60000\nSECURITY_AGENT_SECRET=hunter2hunter2\n\
        SECURITY_BLOCK_PROMPT_INJECTION=false\nADMIN_LIST=+15550100100\nSECURITY_NEW=1\nOPENAI_API_KEY=sk-abc\n";
    let imported = of(System::AiComms, ".env", file).unwrap();
    assert_eq!(
        people(&imported),
        [
            ("whatsapp", "", "+15550100123", Listing::Approved),
            ("whatsapp", "", "+15550100124", Listing::Approved),
            ("whatsapp", "", "+15550100199", Listing::Blocked),
        ]
    );
    let settings = [
        ("rate.messages", "30"),
        ("rate.seconds", "91"),
        ("limits.message_characters", "4000"),
        ("auth.window_seconds", "60"),
    ];
    assert_eq!(imported.settings, settings.map(|(key, value)| (key, value.to_owned())));
    let of_entry = |what: &str| imported.eye.iter().filter(|remark| remark.what == what).count();
    for what in
        ["+123", "555", "Ana", "12036304@g.us", "+1555", "+15550100100", "SECURITY_NEW", "SECURITY_AGENT_SECRET"]
    {
        assert_eq!(of_entry(what), 1, "{what}: {:#?}", imported.eye);
    }
    let told = format!("{imported:?}");
    assert!(!told.contains("hunter2") && !told.contains("sk-abc"), "no secret is shown: {told}");

    let off = of(System::AiComms, ".env", "SECURITY_ENABLE_RATE_LIMIT=false\nSECURITY_RATE_LIMIT_MAX=30\n").unwrap();
    assert!(off.settings.is_empty());
    let told = format!("{:?}", eye(&off));
    assert!(told.contains("so everybody was heard") || told.contains("it was off"), "{told}");
    for value in ["-1", "0", "x", "60001"] {
        let odd = of(System::AiComms, ".env", format!("SECURITY_RATE_LIMIT_MAX={value}")).unwrap();
        assert!(odd.settings.is_empty() && format!("{:?}", eye(&odd)).contains("out of range"), "{value}");
    }
}

#[test]
fn megabots_prefixes_become_whole_commands_or_are_refused() {
    let file = "# MegaBot\nname: \"mega\"\nadmins:\n  - \"12345\"\npolicies:\n  allow:\n    - git status\n    - shell.ls  -l\n    \
        - \"rm -rf\"   # careful\n    - ls && rm -rf /\n    - vision.outbound\n    - \"*\"\n  deny: [shutdown, 'cat ~/.ssh/id_rsa', \"*\"]\n\
        default_permission: AUTO\nother:\n  deep:\n    - &anchor x\n";
    let imported = of(System::MegaBot, "mega.yaml", file).unwrap();
    let answers: Vec<_> = imported.answers.iter().map(|one| (one.allow, one.command.as_str())).collect();
    assert_eq!(answers, [(false, "shutdown"), (true, "git status"), (true, "ls -l"), (true, "rm -rf")]);
    let of_entry = |what: &str| imported.eye.iter().filter(|remark| remark.what == what).count();
    for (what, count) in [
        ("git status", 1),
        ("ls && rm -rf /", 1),
        ("vision.outbound", 1),
        ("*", 2),
        ("cat ~/.ssh/id_rsa", 1),
        ("12345", 1),
        ("AUTO", 1),
    ] {
        assert_eq!(of_entry(what), count, "{what}: {:#?}", imported.eye);
    }
    assert!(imported.people.is_empty());
    assert_eq!(imported.eye.iter().find(|remark| remark.what == "git status").unwrap().place, "mega.yaml:7");
}

#[test]
fn yaml_that_can_be_read_in_two_ways_is_refused_with_its_line() {
    for (text, line, part) in [
        ("policies:\n  allow:\n    - &x ls\n", 3, "not plain"),
        ("policies:\n  allow:\n    - *x\n", 3, "not plain"),
        ("policies:\n  allow:\n    - !!str ls\n", 3, "not plain"),
        ("policies:\n  allow:\n    - |\n      ls\n", 3, "not plain"),
        ("policies:\n  allow:\n    - \"l\\x73\"\n", 3, "not plain"),
        ("policies:\n  allow:\n    - a: b\n", 3, "not plain"),
        ("policies:\n  allow: [ls,\n    rm]\n", 2, "another line"),
        ("policies:\n  allow: [\"a,b\"]\n", 2, "not plain"),
        ("policies:\n  allow: {a: b}\n", 2, "not plain"),
        ("policies:\n\tallow:\n", 2, "tab"),
        ("policies:\n  <<: x\n", 2, "no plain key"),
        ("policies:\n  allow:\n  allow:\n", 3, "there twice"),
        ("policies:\npolicies:\n", 2, "there twice"),
        ("policies:\n  allow:\n    deny:\n", 3, "third level"),
        ("a: \"b\npolicies:\n", 1, "another line"),
        ("? a\n: b\n", 1, "no plain key"),
        ("policies:\n---\n", 2, "no plain key"),
        ("policies:\n  allow:\n    ls\n", 3, "no plain key"),
    ] {
        let error = of(System::MegaBot, "mega.yaml", text).unwrap_err();
        assert!(error.contains(&format!("mega.yaml:{line}: ")) && error.contains(part), "{text:?}: {error}");
    }
    for text in ["policies:\n", "policies:\n  allow: []\n", "---\npolicies:\n  deny:\n"] {
        assert_eq!(of(System::MegaBot, "mega.yaml", text).unwrap(), Imported::default(), "{text:?}");
    }
}

#[test]
fn what_is_applied_is_durable_and_takes_nothing_back_that_the_owner_has_said_here() {
    let registry = r#"{"approved":{"whatsapp":{"+15550100101":{"name":"Ana","capabilities":{"can_chat":true,"can_files":true}},
        "+15550100102":{},"+15550100103":{"capabilities":{"can_files":true}}}},"blocked":{"telegram":{"@spam":{}}}}"#;
    let imported = of(System::Gatekeeper, "sender-registry.json", registry).unwrap();
    let keys = Keys::new(std::array::from_fn(|index| index as u8)).unwrap();
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let (people, answers) = (People::open(Arc::clone(&store), &keys).unwrap(), Answers::new(Arc::clone(&store), &keys));
    let who = |channel: &str, id: &str| person(channel, None, id).unwrap();
    let owner = Actor::OwnerAtTerminal;
    people.block(&who("whatsapp", "+15550100102"), 1, owner.clone()).unwrap();
    people.approve(&who("whatsapp", "+15550100103"), Capabilities::default(), 1, owner.clone()).unwrap();

    let applied = imported.apply(&people, &answers, 2, &owner).unwrap();
    assert_eq!((applied.approved, applied.blocked, applied.answers), (1, 1, 0));
    assert_eq!(applied.stayed.len(), 1, "{:?}", applied.stayed);
    let standing = |channel: &str, id: &str| people.standing(&who(channel, id));
    assert_eq!(standing("whatsapp", "+15550100102"), Standing::Blocked, "a block stays");
    assert_eq!(standing("telegram", "@spam"), Standing::Blocked);
    let kept = |id: &str| people.show(&who("whatsapp", id)).unwrap().unwrap();
    assert_eq!(
        (kept("+15550100101").name.as_str(), kept("+15550100101").capabilities.to_string()),
        ("Ana", "chat files".to_owned())
    );
    assert_eq!(kept("+15550100103").capabilities, Capabilities::default(), "an approval of here is not widened");
    let again = imported.apply(&people, &answers, 3, &owner).unwrap();
    assert_eq!((again.approved, again.blocked), (0, 0));

    let file = "policies:\n  allow:\n    - git status\n  deny:\n    - shutdown\n";
    let imported = of(System::MegaBot, "mega.yaml", file).unwrap();
    assert_eq!(imported.apply(&people, &answers, 4, &owner).unwrap().answers, 2);
    let given: Vec<_> = answers.list().unwrap().into_iter().map(|(_, one)| (one.says, one.what.to_string())).collect();
    assert_eq!(given, [(Says::Deny, "shutdown".to_owned()), (Says::Allow, "git status".to_owned())]);
}

#[test]
fn what_is_none_of_it_is_said() {
    for (system, name, text, part) in [
        (System::Gatekeeper, "sender-registry.json", "{}", "this is no sender-registry.json"),
        (System::Gatekeeper, "sender-registry.json", "[]", "this is no JSON object"),
        (System::Gatekeeper, "sender-registry.json", "", "not JSON"),
        (System::Gatekeeper, "sender-registry.json", "{\"approved\":{},\"approved\":{}}", "given twice"),
        (System::AiComms, ".env", "A=1\n", "there is no `SECURITY_…`"),
        (System::MegaBot, "mega.yaml", "a: b\n", "there is no `policies:`"),
        (System::OpenClaw, "x-allowFrom.json", "{\"version\":1}", "no list of people"),
        (System::OpenClaw, "a-b-allowFrom.json", "{}", "does not tell one channel"),
    ] {
        let error = of(system, name, text).unwrap_err();
        assert!(error.contains(part), "{text}: {error}");
    }
    let deep = format!("{{\"approved\":{}1{}}}", "{\"a\":".repeat(40), "}".repeat(40));
    assert!(of(System::Gatekeeper, "sender-registry.json", deep).unwrap_err().contains("deeper than 32"));
    assert!(of(System::Gatekeeper, "x", [0xff, 0xfe]).unwrap_err().contains("no UTF-8"));
    assert!(of(System::Gatekeeper, "x", vec![b' '; 16 * 1024 * 1024 + 1]).unwrap_err().contains("larger than 16 MiB"));
    let missing = read(System::MegaBot, Path::new("/there/is/nothing/here")).unwrap_err().to_string();
    assert!(missing.contains("/there/is/nothing/here"), "{missing}");
}
