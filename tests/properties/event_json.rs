use sluicegate::Event;

/// The input is one line of JSON.
///
/// An approval is bound to the digest of an event. So whatever line is accepted must mean the same event after it was
/// written down and read again, and nothing that the contract calls irrelevant may change what was approved.
pub fn holds_for(data: &[u8]) {
    let Ok(event) = serde_json::from_slice::<Event>(data) else { return };
    let written = serde_json::to_string(&event).expect("an event that was read can be written");
    let again: Event = serde_json::from_str(&written).expect("an event that was written can be read");
    assert_eq!(again, event, "writing and reading changed the event: {written}");
    assert_eq!(again.digest(), event.digest(), "the same event has two digests: {written}");

    let members = written.strip_prefix('{').expect("an event is written as an object");
    let extended: Event =
        serde_json::from_str(&format!("{{\"a field of tomorrow\":[1],{members}")).expect("unknown fields are ignored");
    assert_eq!(extended, event, "an unknown field changed the event");

    let mut resent = event.clone().id("another");
    (resent.at, resent.sent_at, resent.session) = (event.at.wrapping_add(1), None, None);
    assert_eq!(resent.digest(), event.digest(), "id, time or session changed what is asked for");
    let mut edited = event.clone();
    edited.text.push(' ');
    assert_ne!(edited.digest(), event.digest(), "an edit kept the digest");
}
