use sluicegate::event::Json;
use sluicegate::tool::{Effects, LinkSettings, Reading, Scene, ToolSettings};
use sluicegate::{Event, Kind};

/// What must stay found: a command, and what it does.
const KNOWN: [(&str, Effects); 3] = [
    ("rm -rf x", Effects::DESTRUCTIVE),
    ("cat .env", Effects::READS_SECRETS),
    ("sluicegate check", Effects::TOUCHES_GATE),
];

/// The input is a text.
///
/// As a script, as arguments of tools and as a message it is read without a panic, the same twice, and within the bound on
/// what is read again. A command on the line before it is found whatever follows; what a text does as a script, it does
/// behind `true;` and within `sh -c` too, unless that is told as unclear.
pub fn holds_for(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let scene = Scene::new(&ToolSettings::default(), &LinkSettings::default());
    let alone = scene.shell(&text);
    assert_eq!(alone, scene.shell(&text), "the same text gives the same");
    bounded(alone, text.len());

    for (command, effect) in KNOWN {
        // What comes first runs, whatever comes after it.
        let before = scene.shell(&format!("{command}\n{text}"));
        assert!(before.effects.has(effect), "{command} is lost before {text:?}");
    }
    let behind = scene.shell(&format!("true; {text}"));
    assert!(holds(behind, alone), "{:?} behind `true;`, not {:?}", behind.effects, alone.effects);
    // What may be meant for another shell is read twice, and in quotes once.
    if text.contains(['%', '^', '`', '\\', '-', ':']) {
        return calls(&scene, &text);
    }
    let quoted = format!("sh -c '{}'", text.replace('\'', "'\\''"));
    let within = scene.shell(&quoted);
    assert!(holds(within, alone), "{:?} within `sh -c`, not {:?}", within.effects, alone.effects);

    calls(&scene, &text);
}

fn calls(scene: &Scene, text: &str) {
    for tool in ["bash", "powershell", "python", "read_file", "sql.query", "frobnicate"] {
        for arguments in [
            Json::from(text),
            Json::Object([("command".to_owned(), Json::from(text))].into()),
            Json::Object([("path".to_owned(), Json::from(text))].into()),
            Json::Array(text.split(' ').map(Json::from).collect()),
        ] {
            let event = Event::tool_call(0, tool, arguments);
            assert_eq!(event.kind, Kind::ToolCall);
            let reading = event.tool.as_ref().map_or_else(Scene::unnamed, |tool| scene.read(tool));
            bounded(reading, 4 * text.len());
        }
    }
    let links = scene.links([text]);
    assert!(links.count > 0 || !links.unknown_host, "no link leads nowhere");
    assert!(links.count == 0 || links.unknown_host, "nobody has named a host");
}

/// Whether a script does what its part does, or is told as unclear.
fn holds(whole: Reading, part: Reading) -> bool {
    whole.effects.has(Effects::UNCLEAR) || whole.effects.has(part.effects)
}

fn bounded(reading: Reading, input: usize) {
    let most = Reading::most_bytes(input + 64);
    assert!(reading.read_bytes <= most, "{} bytes were read, {most} are allowed", reading.read_bytes);
}
