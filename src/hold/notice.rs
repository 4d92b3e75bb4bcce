//! What the owner is told of a held event.

use super::HoldId;
use crate::event::Event;

/// Characters of a reason or a name that a notice repeats.
const SHOWN: usize = 160;

/// The notice for the owner: what waits, from whom, why, and how to answer. `name` is what the owner calls the sender; without
/// one the channel and a part of the id have to do.
///
/// It holds nothing of the event's text, since a notice goes to a telephone whose screen others may see; and no line break or
/// control character, whoever chose the id.
#[must_use]
pub fn notice(event: &Event, id: &HoldId, reason: &str, name: Option<&str>) -> String {
    let kind = event.kind.name().replace('_', " ");
    let from = match name.map(plain).filter(|name| !name.is_empty()) {
        Some(name) => format!(" from {name}"),
        None => match (plain(&event.channel).as_str(), masked(event.sender_id()).as_str()) {
            ("", "") => String::new(),
            ("", sender) => format!(" from {sender}"),
            (channel, "") => format!(" over {channel}"),
            (channel, sender) => format!(" from {sender} on {channel}"),
        },
    };
    let why = plain(reason);
    let why = if why.is_empty() { String::new() } else { format!(": {why}") };
    format!("held: {kind}{from}{why}. Yes: sluicegate hold approve {id}, or !approve {id}. No: !deny {id}")
}

/// An id of a sender with its middle hidden: enough to tell senders apart, never the whole of it. Nothing that steers a screen
/// is left in it.
#[must_use]
pub fn masked(id: &str) -> String {
    // What stands behind the `@` of an address names a service, not a person.
    let id = id.trim();
    let person = match id.rfind('@') {
        Some(at) if at > 0 => id.get(..at).unwrap_or(id),
        _ => id,
    };
    let letters: Vec<char> = plain(person).chars().filter(|letter| !letter.is_whitespace()).take(64).collect();
    let (shown, end) = match letters.len() {
        0 => return String::new(),
        1..=2 => (0, 0),
        3..=5 => (1, 0),
        6..=8 => (2, 2),
        _ => (2, 4),
    };
    let begins: String = letters.iter().take(shown).collect();
    let ends: String = letters.iter().skip(letters.len() - end).collect();
    format!("{begins}•••{ends}")
}

/// A text on one line, without anything that steers a screen or cannot be seen, cut where it is long.
fn plain(text: &str) -> String {
    let harmless = |letter: &char| {
        !letter.is_control()
            && !matches!(letter, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
    };
    let mut plain: String = text.chars().filter(harmless).take(SHOWN + 1).collect();
    if plain.chars().count() > SHOWN {
        plain.pop();
        plain.push('…');
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_from_whom_why_and_how_to_answer() {
        let id = HoldId::from([0xab; 16]);
        let event = Event::message(1, "secret text").channel("whatsapp").sender("+15550100123");
        let told = notice(&event, &id, "looks like an injection", None);
        let id = id.to_string();
        assert_eq!(
            told,
            format!(
                "held: message from +1•••0123 on whatsapp: looks like an injection. Yes: sluicegate hold approve {id}, or \
                 !approve {id}. No: !deny {id}"
            )
        );
        assert!(notice(&event, &HoldId::from([0; 16]), "x", Some("Ana")).starts_with("held: message from Ana: x."));
    }

    #[test]
    fn nothing_of_a_stranger_steers_the_screen_or_makes_a_line() {
        let event = Event::message(1, "x").channel("a\nb").sender("\u{1b}[2J\u{202e}evil\nheld: reply".repeat(99));
        let told = notice(&event, &HoldId::from([0; 16]), &"why\n".repeat(1_000), None);
        assert!(!told.contains(|letter: char| letter.is_control() || letter == '\u{202e}'), "{told}");
        assert!(told.len() < 700, "{}", told.len());
    }

    #[test]
    fn an_id_is_never_shown_whole() {
        for length in 1..40 {
            let id: String = ('a'..='z').cycle().take(length).collect();
            let shown = masked(&id);
            assert!(!shown.contains(&id), "{id}: {shown}");
        }
        assert_eq!(masked("anna@mail.example"), "a•••");
        assert_eq!(masked(" "), "");
    }
}
