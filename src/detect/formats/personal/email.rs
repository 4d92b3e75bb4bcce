//! E-mail addresses, as they are written outside of the standards' corners (RFC 5322, 3.4.1, without quotes and comments).

use std::ops::Range;

use crate::detect::formats::format::Match;
use crate::detect::formats::hay::Hay;
use crate::detect::formats::set::{ALNUM, LETTER, Set};

/// What stands before the `@`.
const LOCAL: Set = ALNUM.with(Set::of("._%+'-"));
/// What a domain is made of.
const DOMAIN: Set = ALNUM.with(Set::of(".-"));

/// Endings of files and units that follow an `@` too: `icon@2x.png`, `getty@tty1.service`.
const NO_DOMAINS: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "ts", "json", "html", "md", "py", "rs", "go", "rb", "sh",
    "yml", "yaml", "toml", "txt", "xml", "lock", "tgz", "gz", "zip", "service", "target", "timer", "socket", "slice",
    "mount", "tsx", "jsx", "mjs", "local",
];

/// The address around the gate, which is an `@`.
pub(in crate::detect::formats) fn find(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    let local = hay.run_back(gate.start, LOCAL, 65);
    let mut start = gate.start - local;
    start += hay.run(start, Set::of(".'%-"), local);
    let run = hay.run(gate.end, DOMAIN, 254);
    let domain = hay.text(gate.end..gate.end + run).trim_end_matches(['.', '-']);
    let end = gate.end + domain.len();
    let ending = domain.rsplit('.').next().unwrap_or_default();
    let is_domain = domain.contains('.')
        && !domain.contains("..")
        && domain.starts_with(|c: char| c.is_ascii_alphanumeric())
        && (2..=24).contains(&ending.len())
        && ending.bytes().all(|byte| LETTER.has(byte))
        && !NO_DOMAINS.iter().any(|other| ending.eq_ignore_ascii_case(other));
    // `git@host:owner/project` names a place, `user@host` in a URL a login.
    let is_place = hay.at(end) == b':' && ALNUM.with(Set::of("/~")).has(hay.at(end + 1))
        || hay.at(end) == b'('
        || hay.before(start) == b'/';
    let is_local = (1..=64).contains(&(gate.start - start)) && hay.before(gate.start) != b'.';
    (is_local && is_domain && !is_place).then(|| Match::of(start..end))
}
