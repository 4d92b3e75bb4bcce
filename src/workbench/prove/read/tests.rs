use super::*;

fn read(text: &str) -> Result<Vec<Statement>, LoadError> {
    statements(&Source::new("cases.toml", format!("format = 1\n{text}")))
}

fn one(lines: &str) -> Statement {
    let mut all = read(&format!("[[prove]]\nname = \"x\"\n{lines}")).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(all.len(), 1);
    all.remove(0)
}

#[test]
fn a_statement_is_read_in_all_its_forms() {
    let plain = one("never = \"allow\"");
    assert_eq!((plain.kinds.len(), plain.when.len(), &plain.claim.never[..]), (4, 0, &[Decision::Allow][..]));
    assert_eq!(plain.place, Some((Arc::from("cases.toml"), 2)));

    let all = one("always = [\"drop\", \"hold\"]\nnever_replies = true\nnever_fails = true\n\
        when = { kind = \"tool_call\", sender = \"blocked\", score = { at_least = 8, at_most = 9 }, tool_commands = 2, \
        unread = false, found = [\"secret\", \"personal\"], tool_in = [\"bash\", \"sh\"], says = { none_of = \"x\" } }");
    assert_eq!((all.kinds.as_slice(), all.claim.always.len()), (&[Kind::ToolCall][..], 2));
    assert!(all.claim.never_replies && all.claim.never_fails);
    let texts = |list: &[&str]| list.iter().map(|text| Box::from(*text)).collect::<Vec<Box<str>>>();
    for condition in [
        Condition::Fact(FactId::SenderBlocked, vec![1]),
        Condition::Fact(FactId::Score, vec![8, 9]),
        Condition::Fact(FactId::ToolCommands, vec![2]),
        Condition::Fact(FactId::Unread, vec![0]),
        Condition::Each(Ask::Found, texts(&["secret", "personal"]), true),
        Condition::Any(Ask::ToolIn, texts(&["bash", "sh"])),
        Condition::Each(Ask::Says, texts(&["x"]), false),
    ] {
        assert!(all.when.contains(&condition), "{condition:?} is not in {:?}", all.when);
    }
    assert_eq!(one("never = \"hold\"\nwhen = { quotes = true }").kinds, [Kind::Message], "only messages have quotes");
}

#[test]
fn cases_in_the_same_file_are_left_alone() {
    let text = "policy = \"personal.rhai\"\n[settings]\nx = 1\n[[case]]\nname = \"y\"\n[[prove]]\nname = \"x\"\nnever = \"allow\"";
    assert_eq!(read(text).unwrap().len(), 1);
    assert!(read("[[case]]\nname = \"y\"").unwrap().is_empty());
}

#[test]
fn a_slip_is_told_with_its_place() {
    let cases = [
        ("never = \"allow\"\nwhen = { sender_bloked = true }", "C005", 5, 10, "did you mean `sender_blocked`?"),
        ("never = \"alow\"", "C007", 4, 9, "did you mean `allow`?"),
        ("never = 1", "C003", 4, 9, "list of texts"),
        ("nevr = \"allow\"", "C003", 4, 1, "did you mean `never`?"),
        ("when = { score = 8 }", "C020", 2, 1, "claims nothing"),
        ("never = \"allow\"\nwhen = { score = 32 }", "C007", 5, 18, "from 0 to 31"),
        ("never = \"allow\"\nwhen = { length = { at_least = 100 } }", "C007", 5, 32, "rounded down to 0, 1, 20, 80"),
        ("never = \"allow\"\nwhen = { score = { atleast = 1 } }", "C003", 5, 20, "did you mean `at_least`?"),
        (
            "never = \"allow\"\nwhen = { score = { at_least = 8, at_most = 7 } }",
            "C007",
            5,
            18,
            "at least 8 and at most 7",
        ),
        ("never = \"allow\"\nwhen = { unread = 1 }", "C003", 5, 19, "`unread = true`"),
        ("never = \"allow\"\nwhen = { sender = \"stranger\" }", "C007", 5, 19, "`unknown`"),
        ("never = \"allow\"\nwhen = { found = \"injektion\" }", "C007", 5, 18, "did you mean `injection`?"),
        ("never = \"allow\"\nwhen = { kind = \"mesage\" }", "C007", 5, 17, "did you mean `message`?"),
        ("never = \"allow\"\nwhen = { kind = \"reply\", quotes = true }", "C006", 5, 26, "it is one of: message"),
        ("never = \"allow\"\nwhen = { quotes = true, tool_network = true }", "C006", 5, 8, "each kind"),
        ("never = \"allow\"\nwhen = { says = { none = \"x\" } }", "C003", 5, 17, "none_of"),
        ("never_replies = false\nnever = \"allow\"", "C003", 4, 17, "leave the line out"),
    ];
    for (lines, code, line, column, part) in cases {
        let error = read(&format!("[[prove]]\nname = \"x\"\n{lines}")).unwrap_err();
        let fault =
            error.diagnostics.iter().find(|fault| fault.code == code).unwrap_or_else(|| panic!("{lines}: {error}"));
        assert_eq!((fault.line, fault.column), (line, column), "{lines}: {fault}");
        assert!(fault.to_string().contains(part), "{lines}: {fault}");
    }
    for (text, code) in [
        ("[[prove]]\nnever = \"allow\"", "C013"),
        ("[[prove]]\nname = \"x\"\nnever = \"allow\"\n[[prove]]\nname = \"x\"\nnever = \"drop\"", "C013"),
        ("prove = 1", "C003"),
        ("[[prove]", "C001"),
    ] {
        assert_eq!(read(text).unwrap_err().diagnostics[0].code, code, "{text}");
    }
    assert_eq!(statements(&Source::new("c", "format = 2")).unwrap_err().diagnostics[0].code, "C002");
}
