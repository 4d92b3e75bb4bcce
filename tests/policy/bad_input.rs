//! Files that are no policies, and policies that break: refused with a code where it can be seen when they are loaded, else
//! the decision that the settings have for a failure, here `hold`, which is not the one of the end of a chain.

use std::fs;

use sluicegate::config::Settings;
use sluicegate::diagnostic::{LoadError, Source};
use sluicegate::gate::BuildError;
use sluicegate::{Decision, Event, Gate, Verdict};

#[derive(Debug, PartialEq, Eq)]
enum Ends {
    /// It is not loaded, for the reason with this code.
    Refused(&'static str),
    /// It is loaded. It breaks on an event that the dry run did not try, and the settings decide.
    Breaks,
    /// It is loaded and never says anything, so the end of the chain drops.
    Silent,
}

use Ends::{Breaks, Refused, Silent};

/// Broken only where there is one link; the dry run tries none and ten.
fn at_one_link(body: &str) -> String {
    format!("fn on_message(m) {{ if m.links == 1 {{ {body} }} allow() }}")
}

fn always(body: &str) -> String {
    format!("fn on_message(m) {{ {body} allow() }}")
}

fn numbered(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().join(", ")
}

/// Helpers that call each other eight times over, thirteen deep: no loop, and no end either.
fn without_end() -> String {
    let level = |n: usize| format!("fn f{n}(m) {{ {} }}\n", format!("f{}(m); ", n + 1).repeat(8));
    let helpers: String = (0..13).map(level).collect();
    format!("{}\n{helpers}fn f13(m) {{ m.score }}", at_one_link("f0(m);"))
}

fn cases() -> Vec<(&'static str, String, Ends)> {
    let list = numbered(300, |n| format!("\"{n}\""));
    let map = numbered(300, |n| format!("k{n}: {n}"));
    vec![
        // No policy at all.
        ("empty", String::new(), Refused("P007")),
        ("blank", " \n\t\n".to_owned(), Refused("P007")),
        ("comments alone", "// nothing\n/* here */".to_owned(), Refused("P007")),
        ("no hook", "fn helper(m) { allow() }".to_owned(), Refused("P007")),
        ("binary", "\u{7f}ELF\u{2}\u{1}\0\0".to_owned(), Refused("P018")),
        ("a picture", "\u{fffd}PNG\r\n\u{1a}\n".to_owned(), Refused("P018")),
        ("another language", "import sys\nprint(sys.argv)".to_owned(), Refused("P011")),
        ("settings", "format = 1\n[rate]\nmessages = 5".to_owned(), Refused("P001")),
        ("10 MB of blanks", " ".repeat(10_000_000), Refused("P017")),
        ("10 MB of policy", always("if m.unread { drop(\"x\") }\n").repeat(200_000), Refused("P017")),
        // Shape.
        ("deep brackets", always(&format!("if {}m.unread{} {{ }}", "(".repeat(500), ")".repeat(500))), Refused("P017")),
        ("deep blocks", always(&format!("{}{}", "{".repeat(500), "}".repeat(500))), Refused("P017")),
        ("a hook twice", "fn on_message(m) { allow() } fn on_message(m) { drop(\"x\") }".to_owned(), Refused("P006")),
        ("a hook with two parameters", "fn on_message(m, n) { allow() }".to_owned(), Refused("P007")),
        ("a built-in shadowed", "fn on_message(m) { drop(\"x\") } fn drop(x) { allow() }".to_owned(), Refused("P006")),
        ("a built-in as a variable", always("let hold = 1;"), Refused("P006")),
        ("a built-in as a parameter", "fn on_message(allow) { }".to_owned(), Refused("P006")),
        ("recursion", "fn on_message(m) { f(m) } fn f(m) { g(m) } fn g(m) { f(m) }".to_owned(), Refused("P014")),
        // Size.
        ("a huge text", always(&format!("if m.says(\"{}\") {{ }}", "x".repeat(5_000))), Refused("P017")),
        ("a huge list", always(&format!("if m.channel_in([{list}]) {{ }}")), Refused("P017")),
        ("huge options", at_one_link(&format!("drop(\"x\", #{{{map}}})")), Refused("P017")),
        ("a text that grows", at_one_link(&format!("let s = \"0123456789abcdef\"; {}", "s += s; ".repeat(20))), Breaks),
        // Reaching out.
        ("sleep", always("sleep(1000);"), Refused("P005")),
        ("sleep through a pointer", always("Fn(\"sleep\").call(1000);"), Refused("P005")),
        ("eval", always("eval(\"allow()\");"), Refused("P011")),
        ("eval through a pointer", always("Fn(\"eval\").call(\"allow()\");"), Refused("P005")),
        ("eval through a variable", always("let e = \"eval\"; call(e, \"allow()\");"), Refused("P005")),
        // Typos that `try` would hide.
        ("a fact in try", at_one_link("try { if m.scroe > 3 { drop(\"x\") } } catch { }"), Refused("P003")),
        ("a function in try", at_one_link("try { dorp(\"x\") } catch { }"), Refused("P005")),
        ("a variable in try", at_one_link("try { if point > 3 { } } catch { }"), Refused("P002")),
        ("an option in try", at_one_link("try { drop(\"x\", #{replay: \"no\"}) } catch { }"), Refused("P013")),
        // Failing, and not deciding.
        ("a throw", always("throw \"boom\";"), Refused("P016")),
        ("a throw that is not tried", at_one_link("throw \"boom\";"), Breaks),
        ("a throw from a helper", format!("{} fn f() {{ throw 5; }}", at_one_link("f();")), Breaks),
        ("a throw from catch", at_one_link("try { throw 1; } catch { throw 2; }"), Breaks),
        ("a division by nothing", at_one_link("let x = 1 / (m.links - 1);"), Breaks),
        ("a reason that is no text", at_one_link("drop(m.score)"), Breaks),
        ("a number that overflows", at_one_link("let x = 9223372036854775807; x += m.links;"), Breaks),
        ("a number returned", "fn on_message(m) { 5 }".to_owned(), Silent),
        ("yes returned", "fn on_message(m) { return true; }".to_owned(), Silent),
        ("the word allow returned", "fn on_message(m) { \"allow\" }".to_owned(), Silent),
        ("an end without a word", "fn on_message(m) { if m.links > 5 { allow() } }".to_owned(), Silent),
        ("a loop", at_one_link("loop { }"), Refused("P011")),
        ("no end without a loop", without_end(), Breaks),
    ]
}

fn settings() -> Settings {
    Settings::parse("sluicegate.toml", "format = 1\n[closed]\nmessage = \"hold\"").unwrap()
}

/// What the gate says to a message with one link, or why it cannot be built.
fn verdict(settings: Settings, policies: Option<Source>) -> Result<Verdict, LoadError> {
    let builder = Gate::builder().settings(settings).rules([]);
    let builder = match policies {
        Some(source) => builder.policies([source]),
        None => builder,
    };
    match builder.build() {
        Ok(gate) => Ok(gate.check(&Event::message(0, "see https://example.org"))),
        Err(BuildError::Load(error)) => Err(error),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn bad_input_is_refused_or_ends_with_the_decision_of_the_settings() {
    let mut wrong = Vec::new();
    for (name, script, ends) in cases() {
        let found = verdict(settings(), Some(Source::new("bad.rhai", script)));
        let good = match (&found, &ends) {
            (Err(error), Refused(code)) => error.diagnostics.iter().any(|fault| fault.code == *code),
            (Ok(verdict), Breaks) => verdict.decision == Decision::Hold && !verdict.degraded.is_empty(),
            (Ok(verdict), Silent) => verdict.decision == Decision::Drop && &*verdict.reason == "no policy decided",
            _ => false,
        };
        if !good {
            wrong.push(format!("{name}: expected {ends:?}, got {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The same from files, where bytes need not be text.
#[test]
fn files_that_are_no_text_or_too_large_are_refused_by_name() {
    let folder = std::env::temp_dir().join(format!("sluicegate-bad-input-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let cases: [(&str, Vec<u8>, &str); 5] = [
        ("picture.rhai", vec![0x89, b'P', b'N', b'G', 0xff, 0xfe], "S004"),
        ("empty.rhai", Vec::new(), "P007"),
        ("five.rhai", vec![b' '; 5_000_000], "P017"),
        ("ten.rhai", vec![b' '; 10_000_000], "S004"),
        ("twenty.rhai", vec![b' '; 20_000_000], "S004"),
    ];
    for (name, bytes, code) in cases {
        fs::write(folder.join(name), bytes).unwrap();
        let mut settings = settings();
        settings.policies = vec![folder.join(name)];
        let error = verdict(settings, None).expect_err(name);
        let fault = error.diagnostics.first().unwrap();
        assert_eq!((fault.code, fault.file.ends_with(name)), (code, true), "{name}: {fault}");
    }
    fs::remove_dir_all(&folder).unwrap();
}
