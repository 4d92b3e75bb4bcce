//! Changing what judges while the gate runs: all of it or nothing, told and logged; and policies that take too long.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use sluicegate::audit::{self, Change};
use sluicegate::gate::{Builder, ReloadOutcome};
use sluicegate::keys::{KeySource, Keys};
use sluicegate::policy::Limits;
use sluicegate::verdict::{Severity, Station, Step};
use sluicegate::{Decision, Event, Gate, Verdict};

const NOON: u64 = 1_764_000_000_000;
const FRIEND: &str = "+1 555 010-0101";

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("sluicegate-reload-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// One with settings, a policy, a folder of rules and a key.
    fn filled() -> Self {
        let folder = Self::new();
        folder.fill();
        Keys::create_file(&folder.path("gate.key"), [7; 32].map(rising())).unwrap();
        folder
    }

    fn fill(&self) {
        self.write("s.toml", SETTINGS);
        self.write("p.rhai", policy("first"));
        self.write("rules/r.toml", rules("custom.word", 8));
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn builder(&self) -> Builder {
        Gate::builder().config(self.path("s.toml"))
    }

    fn gate(&self) -> Gate {
        self.builder().build().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn rising() -> impl FnMut(u8) -> u8 {
    let mut next = 0;
    move |seed| {
        next += 1;
        seed ^ next
    }
}

const SETTINGS: &str = "format = 1\npolicies = [\"p.rhai\"]\nrules = [\"rules\"]\nkey = \"gate.key\"\n\
                        [detect]\nmodel = false\n[audit]\nfile = \"log/audit.jsonl\"\n";

fn policy(reason: &str) -> String {
    format!("fn on_message(m) {{ if m.attack {{ drop(\"{reason}\") }} allow() }}\nfn on_reply(r) {{ allow() }}\n")
}

/// A policy that the clock is asked about; one of few operations ends before that.
fn slow(reason: &str) -> String {
    let long = "x += 1; ".repeat(100);
    format!(
        "fn on_message(m) {{ let x = 0; {long} if x > 1000 {{ drop(\"never\") }} drop(\"{reason}\") }}\nfn on_reply(r) {{ allow() }}\n"
    )
}

fn rules(id: &str, points: u8) -> String {
    format!(
        "format = 1\n[[rule]]\nid = \"{id}\"\ncategory = \"custom\"\npoints = {points}\nclass = \"artifact\"\nscope = [\"text\"]\n\
         phrases = [\"magic elephant\"]\n"
    )
}

fn message(text: &str) -> Event {
    Event::message(NOON, text).channel("whatsapp").sender(FRIEND)
}

fn elephant(gate: &Gate) -> Verdict {
    gate.check(&message("a magic elephant"))
}

fn outcome(gate: &Gate) -> ReloadOutcome {
    gate.last_reload().unwrap().outcome.clone()
}

#[test]
fn a_change_takes_effect_as_one_and_an_equal_one_not_at_all() {
    let folder = Folder::filled();
    let gate = folder.gate();
    assert_eq!(gate.last_reload(), None);
    let first = gate.revision();
    assert_eq!((&*elephant(&gate).reason, elephant(&gate).score), ("first", 8));

    folder.write("p.rhai", policy("second"));
    folder.write("rules/r.toml", rules("custom.other", 6));
    folder.write("s.toml", format!("{SETTINGS}[thresholds]\nattack = 6\n"));
    assert_eq!(
        (&*elephant(&gate).reason, gate.revision()),
        ("first", Arc::clone(&first)),
        "not before it is asked for"
    );
    let status = gate.reload_at(NOON);
    assert_eq!((status.number, status.at, &status.before), (1, Some(NOON), &first));
    let ReloadOutcome::Changed(warnings) = &status.outcome else { panic!("{status:?}") };
    assert_eq!(warnings.iter().map(|warning| warning.code).collect::<Vec<_>>(), ["P102", "P108"]);
    let verdict = elephant(&gate);
    assert_eq!((&*verdict.reason, verdict.score, &*verdict.findings[0].rule), ("second", 6, "custom.other"));
    assert_eq!((&verdict.revision, &gate.revision()), (&status.revision, &status.revision));

    // A comment in the settings judges nothing.
    folder.write("s.toml", format!("# at midnight\n{SETTINGS}[thresholds]\nattack = 6\n"));
    gate.reload().unwrap();
    let status = gate.last_reload().unwrap();
    assert_eq!((status.number, status.at, &status.outcome), (2, None, &ReloadOutcome::Unchanged));
    assert_eq!(*gate.status().last_reload.unwrap(), *status);
}

#[test]
fn every_part_of_what_judges_makes_a_revision() {
    let folder = Folder::filled();
    let prompt = "You are the helpful gatekeeper of a very small bakery in the old town";
    folder.write("prompt.txt", prompt);
    let with_prompt = format!("{SETTINGS}[reply]\nsystem_prompt = \"prompt.txt\"\n");
    folder.write("s.toml", &with_prompt);
    let gate = folder.gate();
    let changes: [(&str, String); 5] = [
        ("s.toml", format!("{with_prompt}[rate]\nmessages = 7\n")),
        ("p.rhai", policy("other")),
        ("rules/r.toml", rules("custom.word", 7)),
        ("prompt.txt", format!("{prompt} by the sea")),
        ("rules/more.toml", rules("custom.more", 1)),
    ];
    let mut revisions = vec![gate.revision()];
    for (name, text) in &changes {
        folder.write(name, text);
        gate.reload().unwrap();
        assert!(!revisions.contains(&gate.revision()), "{name}");
        assert_eq!(elephant(&gate).revision, gate.revision(), "{name}");
        revisions.push(gate.revision());
    }
    // The rules read as policies, or in another file, are not the same set.
    fs::rename(folder.path("rules/more.toml"), folder.path("rules/other.toml")).unwrap();
    gate.reload().unwrap();
    assert!(!revisions.contains(&gate.revision()));
}

#[test]
fn a_new_key_guards_its_canary_from_the_reload_on() {
    let folder = Folder::filled();
    let gate = folder.gate();
    let canary = |path: &Path| Keys::load(&KeySource::File(path.to_owned())).unwrap().canary().to_string();
    let leaked = |canary: &str| {
        let verdict = gate.check(&Event::reply(NOON, format!("my secret word is {canary}, keep it")));
        verdict.findings.iter().any(|finding| &*finding.rule == "leak.canary")
    };
    let (old, revision) = (canary(&folder.path("gate.key")), gate.revision());
    fs::remove_file(folder.path("gate.key")).unwrap();
    assert!(gate.reload().unwrap_err().to_string().contains("S006"));
    Keys::create_file(&folder.path("gate.key"), [9; 32].map(rising())).unwrap();
    let new = canary(&folder.path("gate.key"));
    assert_eq!((leaked(&old), leaked(&new)), (true, false));
    gate.reload().unwrap();
    assert_eq!((leaked(&old), leaked(&new)), (false, true));
    assert_ne!(gate.revision(), revision);
}

/// All else that is changed with it is in use, and the warning stays for as long as the two differ.
#[test]
fn what_needs_a_new_start_is_told() {
    let folder = Folder::filled();
    let gate = folder.gate();
    let told = |settings: &str| {
        folder.write("s.toml", settings);
        let status = gate.reload_at(NOON);
        let ReloadOutcome::Changed(warnings) = &status.outcome else { panic!("{status:?}") };
        let told = warnings.iter().find(|warning| warning.code == "S010");
        told.map(|warning| (warning.file.to_string(), warning.message.clone()))
    };
    let tail = "changed, which counts from the next start on";
    for (more, what) in [
        ("rotate_bytes = 20000\n[serve]\ntick_ms = 9\n", "`[audit]` and `[serve]` were"),
        ("[serve]\ntick_ms = 9\n[thresholds]\nattack = 6\n", "`[serve]` was"),
        (
            "keep_days = 2\n[store]\nremembered = 99\n[serve]\ntick_ms = 9\n[notify]\ncommand = [\"true\"]\n",
            "`[audit]`, `remembered` in `[store]`, `[serve]` and `[notify]` were",
        ),
    ] {
        assert_eq!(told(&format!("{SETTINGS}{more}")), Some(("s.toml".to_owned(), format!("{what} {tail}"))));
    }
    assert_eq!(told(&format!("{SETTINGS}[thresholds]\nattack = 6\n")), None, "as it was at the start");
    assert_eq!(elephant(&gate).score, 8);
}

/// The first half of a phrase comes before the reload and the second after it, and the sender's points stay.
#[test]
fn what_is_known_of_senders_survives_a_reload() {
    let folder = Folder::filled();
    let gate = folder.gate();
    let say = |id: &str, text: &str| gate.check(&message(text).id(id));
    let points = say("m1", "a magic elephant").escalation;
    assert!(points > 0);
    assert!(say("m2", "here is the magic").findings.is_empty());
    folder.write("p.rhai", policy("second"));
    gate.reload().unwrap();
    assert!(matches!(outcome(&gate), ReloadOutcome::Changed(_)));
    let verdict = say("m3", "elephant again");
    assert!(verdict.findings.iter().any(|finding| finding.via.first() == Some(&Step::Split)), "{verdict:?}");
    assert!(verdict.escalation >= points);
}

/// What a change does to the folder, and the code and place that it is refused with.
type Bad = (&'static str, fn(&Folder), &'static str, &'static str, u32);

fn big() -> String {
    "# nothing\n".repeat(1_000_000)
}

fn exchange(folder: &Folder, name: &str) {
    let _ = fs::remove_file(folder.path(name));
    let _ = fs::remove_dir_all(folder.path(name));
}

const BAD: &[Bad] = &[
    ("empty policy", |f| f.write("p.rhai", ""), "P007", "p.rhai", 0),
    ("empty settings", |f| f.write("s.toml", ""), "S002", "s.toml", 1),
    ("empty rules", |f| f.write("rules/r.toml", ""), "R001", "r.toml", 1),
    ("binary policy", |f| f.write("p.rhai", [0x7f, b'E', b'L', b'F', 0, 0xff]), "S004", "p.rhai", 1),
    ("binary policy that is text", |f| f.write("p.rhai", "\0\u{1}"), "P018", "p.rhai", 1),
    ("binary settings", |f| f.write("s.toml", [0, 0x9f, 0x92]), "S004", "s.toml", 1),
    ("invalid UTF-8", |f| f.write("rules/r.toml", b"format = 1\n# caf\xe9\n"), "S004", "r.toml", 2),
    ("10 MB of policy", |f| f.write("p.rhai", big()), "S004", "p.rhai", 0),
    ("10 MB of settings", |f| f.write("s.toml", big()), "S004", "s.toml", 0),
    ("10 MB of rules", |f| f.write("rules/r.toml", big()), "S004", "r.toml", 0),
    ("100 KB of policy", |f| f.write("p.rhai", "// \n".repeat(25_000)), "P017", "p.rhai", 0),
    ("no policy", |f| exchange(f, "p.rhai"), "S004", "p.rhai", 0),
    ("no settings", |f| exchange(f, "s.toml"), "S004", "s.toml", 0),
    ("no rules", |f| exchange(f, "rules"), "S004", "rules", 0),
    ("no rule file", |f| exchange(f, "rules/r.toml"), "S004", "rules", 0),
    ("no key", |f| exchange(f, "gate.key"), "S006", "gate.key", 0),
    ("no key in the file", |f| f.write("gate.key", "xyz"), "S006", "gate.key", 0),
    ("a folder for a policy", |f| (exchange(f, "p.rhai"), f.write("p.rhai/x", "")).1, "S004", "p.rhai", 0),
    ("a folder for settings", |f| (exchange(f, "s.toml"), f.write("s.toml/x", "")).1, "S004", "s.toml", 0),
    (
        "a folder for a rule file",
        |f| (exchange(f, "rules/r.toml"), f.write("rules/r.toml/x", "")).1,
        "S004",
        "r.toml",
        0,
    ),
    ("a file for a folder", |f| (exchange(f, "rules"), f.write("rules", "no rules")).1, "R001", "rules", 1),
    (
        "two policies of one name",
        |f| {
            f.write("s.toml", SETTINGS.replace("[\"p.rhai\"]", "[\"p.rhai\", \"more/p.rhai\"]"));
            f.write("more/p.rhai", policy("more"));
        },
        "S007",
        "p.rhai",
        0,
    ),
    (
        "two rule files of one name",
        |f| {
            f.write("s.toml", SETTINGS.replace("[\"rules\"]", "[\"rules\", \"more\"]"));
            f.write("more/r.toml", rules("custom.more", 3));
        },
        "S007",
        "r.toml",
        0,
    ),
];

#[cfg(unix)]
const BAD_ON_UNIX: &[Bad] = &[
    ("a circle of links", |f| (exchange(f, "p.rhai"), link("p.rhai", f, "p.rhai")).1, "S004", "p.rhai", 0),
    ("a circle of links for a folder", |f| (exchange(f, "rules"), link("rules", f, "rules")).1, "S004", "rules", 0),
    ("a link to nothing", |f| (exchange(f, "s.toml"), link("none", f, "s.toml")).1, "S004", "s.toml", 0),
    ("a pipe", |f| (exchange(f, "p.rhai"), pipe(f, "p.rhai")).1, "S004", "p.rhai", 0),
    ("a device without an end", |f| (exchange(f, "p.rhai"), link("/dev/zero", f, "p.rhai")).1, "S004", "p.rhai", 0),
    ("a file that may not be read", |f| forbid(f, "p.rhai"), "S004", "p.rhai", 0),
    ("a folder that may not be read", |f| forbid(f, "rules"), "S004", "rules", 0),
];
#[cfg(not(unix))]
const BAD_ON_UNIX: &[Bad] = &[];

#[cfg(unix)]
fn link(target: &str, folder: &Folder, name: &str) {
    std::os::unix::fs::symlink(target, folder.path(name)).unwrap();
}

#[cfg(unix)]
fn pipe(folder: &Folder, name: &str) {
    assert!(std::process::Command::new("mkfifo").arg(folder.path(name)).status().unwrap().success());
}

/// Takes away all rights. Root may read all the same; a link to itself stands in there for what cannot be opened.
#[cfg(unix)]
fn forbid(folder: &Folder, name: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let path = folder.path(name);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&path).is_ok() || fs::read_dir(&path).is_ok() {
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        exchange(folder, name);
        link(name, folder, name);
    }
}

#[test]
fn bad_files_keep_the_last_good_set_and_are_told_with_code_and_place() {
    for (what, change, code, file, line) in BAD.iter().chain(BAD_ON_UNIX) {
        let folder = Folder::filled();
        let gate = folder.gate();
        let revision = gate.revision();
        change(&folder);
        let error = gate.reload().err().unwrap_or_else(|| panic!("{what}: it was loaded"));
        let fault = error.diagnostics.iter().find(|fault| fault.code == *code);
        let fault = fault.unwrap_or_else(|| panic!("{what}: not {code}, but {error}"));
        let name = fault.file.rsplit('/').next().unwrap();
        assert_eq!((name, fault.line), (*file, *line), "{what}: {fault}");
        assert_eq!(outcome(&gate), ReloadOutcome::Refused(error), "{what}");
        assert_eq!((&*elephant(&gate).reason, gate.revision()), ("first", Arc::clone(&revision)), "{what}");
        #[cfg(unix)]
        if what.contains("may not be read") {
            use std::os::unix::fs::PermissionsExt as _;
            let _ = fs::set_permissions(folder.path(file), fs::Permissions::from_mode(0o700));
        }
    }
}

#[test]
fn all_faults_of_all_files_are_told_at_once() {
    let folder = Folder::filled();
    let gate = folder.gate();
    folder.write("p.rhai", "fn on_message(m) { m.scroe }");
    folder.write("rules/r.toml", rules("custom.word", 11));
    let codes: Vec<_> = gate.reload().unwrap_err().diagnostics.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["P003", "R009"]);
    exchange(&folder, "rules/r.toml");
    exchange(&folder, "p.rhai");
    assert_eq!(gate.reload().unwrap_err().diagnostics.len(), 2);
}

/// The changes in the log of a folder, which must verify.
fn changes(folder: &Folder) -> Vec<(u64, Change)> {
    let keys = Keys::load(&KeySource::File(folder.path("gate.key"))).unwrap();
    let verified = audit::verify(&folder.path("log/audit.jsonl"), &keys).unwrap();
    assert_eq!(verified.faults, []);
    assert_eq!(verified.lost, 0);
    verified.changes.into_iter().map(|changed| (changed.at, changed.change)).collect()
}

#[test]
fn the_log_tells_of_reloads_and_refusals_and_holds_no_text_of_them() {
    let folder = Folder::filled();
    let gate = folder.builder().audit(true).build().unwrap();
    let first = gate.revision();
    let _ = elephant(&gate);
    folder.write("p.rhai", policy("secretreason"));
    gate.reload().unwrap();
    let second = gate.revision();
    folder.write("p.rhai", "fn on_message(m) {\n  drop(m.secretfact) }");
    gate.reload_at(NOON + 5);
    exchange(&folder, "rules");
    gate.reload_at(NOON + 6);
    gate.reload_at(NOON + 7);
    let _ = elephant(&gate);
    drop(gate);

    let found = changes(&folder);
    assert_eq!(found.len(), 4, "{found:?}");
    assert_eq!(found[0], (NOON, Change::reloaded(&first, &second)), "at the time of the record before");
    let (at, Change::Refused { old, new, faults, more, .. }) = &found[1] else { panic!("{found:?}") };
    assert_eq!((*at, old, new.is_some(), *more), (NOON + 5, &second, true, 0));
    let fault = &faults[0];
    assert_eq!((&*fault.code, &*fault.file, fault.line, fault.column), ("P003", "p.rhai", 2, 10));
    let (_, Change::Refused { new, faults, .. }) = &found[2] else { panic!("{found:?}") };
    assert_eq!((new, &*faults[0].code, &*faults[0].file), (&None, "S004", "rules"), "a name without its folder");

    let log = fs::read_to_string(folder.path("log/audit.jsonl")).unwrap();
    assert!(!log.contains("secretfact") && !log.contains(&*folder.0.to_string_lossy()), "{log}");
    // A record of a change is sealed as all others are.
    fs::write(folder.path("log/audit.jsonl"), log.replacen(&*second, &first, 1)).unwrap();
    let keys = Keys::load(&KeySource::File(folder.path("gate.key"))).unwrap();
    assert!(!audit::verify(&folder.path("log/audit.jsonl"), &keys).unwrap().is_whole());
}

/// A clock that is over before it begins, so that whatever asks it is late.
fn no_time() -> Limits {
    let mut limits = Limits::default();
    limits.deadline_ms = 0;
    limits
}

#[test]
fn policies_that_take_too_long_again_and_again_are_not_asked_any_more() {
    let folder = Folder::filled();
    folder.write("p.rhai", slow("slow"));
    let gate = folder.builder().policy_limits(no_time()).audit(true).build().unwrap();
    let revision = gate.revision();
    let late = |verdict: &Verdict| verdict.degraded.iter().any(|it| it.why.contains("longer than 0 ms"));
    for number in 1..=3 {
        let verdict = elephant(&gate);
        assert_eq!((verdict.decision, verdict.by.station), (Decision::Drop, Station::Failure));
        assert!(late(&verdict), "{verdict:?}");
        let notices: Vec<_> = verdict.notices.iter().map(|notice| notice.text.as_str()).collect();
        assert_eq!(notices.len(), usize::from(number == 3), "the owner is told once: {notices:?}");
        assert_eq!(gate.status().quarantine.is_some(), number == 3);
    }
    // There is no set before this one: every kind of event is closed, loudly, and without asking.
    for (event, decision) in [(message("hello"), Decision::Drop), (Event::reply(NOON, "hello"), Decision::Hold)] {
        let verdict = gate.check(&event);
        assert_eq!((verdict.decision, &*verdict.reason), (decision, "the policy is in quarantine"));
        assert!(verdict.notices.iter().all(|notice| notice.text.starts_with("held")), "{:?}", verdict.notices);
        assert_eq!(verdict.degraded.len(), 1);
        assert_eq!((verdict.degraded[0].severity, verdict.degraded[0].station), (Severity::Failed, "policy"));
        assert!(verdict.degraded[0].why.contains("p.rhai took longer than 0 ms 3 times in a row"));
    }
    // What is the same is as slow as it was.
    gate.reload().unwrap();
    assert_eq!((outcome(&gate), gate.status().quarantine.is_some()), (ReloadOutcome::Unchanged, true));
    folder.write("p.rhai", policy("quick"));
    gate.reload().unwrap();
    let verdict = elephant(&gate);
    assert_eq!((&*verdict.reason, verdict.degraded.len(), gate.status().quarantine), ("quick", 0, None));
    gate.flush().unwrap();
    let found = changes(&folder);
    assert_eq!(found[0], (NOON, Change::quarantined(&revision, None, "p.rhai")), "{found:?}");
    assert_eq!(found.len(), 2);
}

#[test]
fn the_last_good_policies_stand_in_and_newer_settings_and_rules_stay() {
    let folder = Folder::filled();
    let gate = folder.builder().policy_limits(no_time()).audit(true).build().unwrap();
    let good = gate.revision();
    folder.write("p.rhai", slow("slow"));
    folder.write("rules/r.toml", rules("custom.new", 9));
    let blocked = "[[sender]]\nchannel = \"whatsapp\"\nid = \"+1 555 010-0199\"\nstanding = \"blocked\"\n";
    folder.write("s.toml", format!("{SETTINGS}{blocked}"));
    gate.reload().unwrap();
    let slow_one = gate.revision();
    // Another hook in between ends in time, so this is no row yet.
    let row = |count: u32| (0..count).for_each(|_| assert_eq!(elephant(&gate).by.station, Station::Failure));
    row(2);
    assert_eq!(gate.check(&Event::reply(NOON, "hello")).decision, Decision::Allow);
    row(2);
    assert_eq!((gate.status().quarantine, gate.revision()), (None, Arc::clone(&slow_one)));
    row(1);

    let verdict = elephant(&gate);
    assert_eq!((&*verdict.reason, verdict.by.station), ("first", Station::Policy), "{verdict:?}");
    assert_eq!((&*verdict.findings[0].rule, verdict.score), ("custom.new", 9), "the rules are the new ones");
    assert_eq!(verdict.degraded.len(), 1);
    assert_eq!((verdict.degraded[0].severity, verdict.notices.len()), (Severity::Partial, 0));
    assert!(verdict.degraded[0].why.contains("the policies before it judge"), "{:?}", verdict.degraded);
    let stranger = message("hello").sender("+1 555 010-0199");
    assert_eq!(&*gate.check(&stranger).reason, "blocked sender", "whom the owner blocked stays blocked");
    let stand_in = gate.revision();
    assert!(stand_in != good && stand_in != slow_one && verdict.revision == stand_in);

    gate.reload().unwrap();
    assert_eq!(
        (outcome(&gate), gate.revision()),
        (ReloadOutcome::Unchanged, Arc::clone(&stand_in)),
        "as slow as before"
    );
    folder.write("p.rhai", policy("third"));
    gate.reload().unwrap();
    assert_eq!((&*elephant(&gate).reason, gate.status().quarantine), ("third", None));
    gate.flush().unwrap();
    let found: Vec<Change> = changes(&folder).into_iter().map(|(_, change)| change).collect();
    let expected = [
        Change::reloaded(&good, &slow_one),
        Change::quarantined(&slow_one, Some(Arc::clone(&stand_in)), "p.rhai"),
        Change::reloaded(&stand_in, &gate.revision()),
    ];
    assert_eq!(found, expected);
}

/// What one revision says of an event.
type Said = (Decision, String, u8, Vec<String>);

fn said(verdict: &Verdict) -> Said {
    let rules = verdict.findings.iter().map(|finding| finding.rule.to_string()).collect();
    (verdict.decision, verdict.reason.to_string(), verdict.score, rules)
}

/// Two threads check while a third reloads: 200 times, and 10,000 times with `RELOADS=all`, which takes minutes. Settings,
/// rules and policy of a set only fit each other, so a verdict of mixed parts would say so.
#[test]
fn every_verdict_is_that_of_exactly_one_revision() {
    const SETS: usize = 3;
    let reloads = if std::env::var_os("RELOADS").is_some_and(|given| given == "all") { 10_000 } else { 200 };
    let events = [
        Event::message(NOON, "a magic elephant"),
        Event::message(NOON, "good morning"),
        Event::reply(NOON, "a magic elephant"),
    ];
    let write = |folder: &Folder, number: usize| {
        let points = 3 + 2 * number;
        folder.write("s.toml", format!("{SETTINGS}[thresholds]\nsuspect = {points}\nattack = {}\n", points + 1));
        folder.write("rules/r.toml", rules(&format!("custom.set{number}"), points as u8));
        let policy = format!(
            "fn on_message(m) {{ if m.suspect && m.score == {points} {{ hold(\"set {number}\") }}\n\
             if m.score == 0 {{ allow() }} drop(\"mixed in {number}\") }}\nfn on_reply(r) {{ hold(\"reply {number}\") }}"
        );
        folder.write("p.rhai", policy);
    };
    let folder = Folder::filled();
    let mut expected: HashMap<Arc<str>, Vec<Said>> = HashMap::new();
    for number in 0..SETS {
        write(&folder, number);
        let gate = folder.gate();
        let all: Vec<Said> = events.iter().map(|event| said(&gate.check(event))).collect();
        assert_eq!((all[0].0, &*all[0].1), (Decision::Hold, &*format!("set {number}")));
        expected.insert(gate.revision(), all);
    }
    assert_eq!(expected.len(), SETS);

    write(&folder, 0);
    let gate = folder.gate();
    let (done, checks) = (AtomicBool::new(false), AtomicU64::new(0));
    let seen = std::thread::scope(|scope| {
        let check = || {
            let mut seen: HashMap<Arc<str>, u64> = HashMap::new();
            while !done.load(Ordering::Acquire) {
                for (number, event) in events.iter().enumerate() {
                    let verdict = gate.check(event);
                    let known = expected.get(&verdict.revision).expect("a revision that was loaded");
                    assert_eq!(said(&verdict), known[number], "{}", verdict.revision);
                    assert!(verdict.degraded.is_empty(), "{:?}", verdict.degraded);
                    *seen.entry(verdict.revision).or_default() += 1;
                    checks.fetch_add(1, Ordering::Relaxed);
                }
            }
            seen.len()
        };
        let threads = [scope.spawn(check), scope.spawn(check)];
        for number in 1..=reloads {
            // What is broken in between is never in force.
            if number % 10 == 0 {
                folder.write("p.rhai", "fn on_message(m) {");
                assert!(gate.reload().is_err());
            }
            write(&folder, number % SETS);
            gate.reload().unwrap_or_else(|error| panic!("{error}"));
            assert!(matches!(outcome(&gate), ReloadOutcome::Changed(_)));
        }
        done.store(true, Ordering::Release);
        threads.map(|thread| thread.join().unwrap())
    });
    println!("{reloads} reloads, {} checks", checks.into_inner());
    assert_eq!(seen, [SETS; 2], "each thread has met every set");
}
