//! Folders of people: `/home/ann/`, `/Users/ann/`, `C:\Users\ann\`. They tell who owns the machine and what it is.

use std::ops::Range;

use crate::detect::formats::format::Match;
use crate::detect::formats::hay::Hay;
use crate::detect::formats::set::{ALNUM, LETTER, NAME, Set};

pub(in crate::detect::formats) const GATES: &[&str] = &["/home/", "/users/", ":\\users\\", ":\\\\users\\\\"];

/// Names that nobody has: stand-ins of examples, and accounts that come with a system.
const NOBODY: &[&str] = &[
    "user",
    "users",
    "username",
    "user-name",
    "user_name",
    "your",
    "yourname",
    "your-name",
    "your_name",
    "youruser",
    "yourusername",
    "your-username",
    "your_username",
    "you",
    "name",
    "me",
    "myuser",
    "myname",
    "my-user",
    "example",
    "someone",
    "somebody",
    "foo",
    "bar",
    "test",
    "shared",
    "public",
    "default",
    "all",
    "admin",
    "administrator",
    "root",
    "guest",
    "runner",
    "runneradmin",
    "vscode",
    "node",
    "ubuntu",
    "debian",
    "pi",
    "app",
    "appuser",
    "deploy",
    "ec2-user",
    "jovyan",
    "git",
    "docker",
    "vagrant",
    "coder",
    "codespace",
    "linuxbrew",
    "usuario",
    "utilisateur",
    "benutzer",
    "nome",
];

/// What a path does not begin behind: it would be the end of another, or of an address.
const INSIDE: Set = ALNUM.with(Set::of("._-~/)]}>%+@"));

/// The folder at the gate, as far as it names somebody.
pub(in crate::detect::formats) fn find(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    let is_windows = hay.at(gate.start) == b':';
    let start = if is_windows { gate.start.checked_sub(1)? } else { gate.start };
    // Letter case tells the folder of a Mac from a route of a web service.
    let is_place =
        if is_windows { LETTER.has(hay.at(start)) } else { matches!(hay.slice(gate.clone()), b"/home/" | b"/Users/") };
    if !is_place || INSIDE.has(hay.before(start)) {
        return None;
    }
    let length = hay.run(gate.end, NAME, 33);
    let end = gate.end + length;
    let name = hay.text(gate.end..end);
    let is_name = (1..=32).contains(&length)
        && name.bytes().any(|byte| LETTER.has(byte))
        && !NOBODY.iter().any(|nobody| name.eq_ignore_ascii_case(nobody));
    let goes_on = hay.at(end) == b'/' || is_windows && hay.at(end) == b'\\';
    (is_name && goes_on).then(|| Match::of(start..end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_people_are_told_from_routes_and_examples() {
        let found = |text: &str| {
            let small = text.to_ascii_lowercase();
            let gates = GATES.iter().flat_map(|gate| small.match_indices(gate).map(|(at, gate)| at..at + gate.len()));
            gates.filter_map(|gate| find(&Hay::new(text), gate)).map(|found| text[found.span].to_owned()).next()
        };
        for (text, expected) in [
            ("It is in /home/ann/notes/a.txt.", Some("/home/ann")),
            ("open('/Users/ann.lee/x')", Some("/Users/ann.lee")),
            ("C:\\Users\\ann\\Desktop", Some("C:\\Users\\ann")),
            ("{\"path\":\"D:\\\\Users\\\\ann\\\\a\"}", Some("D:\\\\Users\\\\ann")),
            ("see https://example.org/home/about/us", None),
            ("GET /users/ann/posts", None),
            ("cd /home/user/project", None),
            ("cp x /home/<name>/", None),
            ("/home/42/", None),
            ("C:\\Users\\Public\\Documents", None),
            ("the folder /home/ann", None),
        ] {
            assert_eq!(found(text).as_deref(), expected, "{text}");
        }
    }
}
