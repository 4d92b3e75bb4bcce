//! Secrets that are known by their name alone: `DB_PASSWORD=…`, `"api_key": "…"`, "the password is …".

use std::ops::Range;

use crate::detect::formats::format::Match;
use crate::detect::formats::hay::{Hay, holds};
use crate::detect::formats::random::{is_drawn, stands_in};
use crate::detect::formats::set::{BASE64URL, BLANK, NAME, Set};

/// Bytes of a value.
const VALUE: usize = 512;

/// What a token may be made of.
const TOKEN: Set = BASE64URL.with(Set::of("+/=.~"));

/// Parts of a name with which a word for a secret means something else.
const OTHERS: &[&str] = &[
    "public",
    "page",
    "next",
    "cursor",
    "continuation",
    "cancel",
    "cancellation",
    "sync",
    "tokens",
    "max",
    "min",
    "cache",
    "sort",
    "primary",
    "foreign",
    "partition",
    "idempotency",
    "reset",
    "forgot",
    "pad",
    "eos",
    "bos",
    "unk",
    "mask",
    "sep",
    "cls",
    "symbol",
    "invalid",
    "error",
    "placeholder",
    "csrf",
    "xsrf",
    "etag",
    "fingerprint",
    "old",
    "hashed",
];

/// Last parts of a name that say that it is about a secret, and not the secret.
const ABOUT: &[&str] = &[
    "id", "ids", "name", "names", "url", "uri", "path", "file", "type", "version", "arn", "length", "len", "count",
    "expiry", "expires", "hash", "digest", "policy", "field", "hint", "label", "index", "manager", "provider", "class",
    "regex", "pattern", "format", "message", "prompt", "usage", "limit", "ttl",
];

/// Words that stand where a password would.
const STAND_INS: &[&str] = &[
    "password",
    "passwd",
    "pass",
    "pwd",
    "secret",
    "token",
    "apikey",
    "api_key",
    "api-key",
    "key",
    "user",
    "username",
    "admin",
    "root",
    "test",
    "null",
    "none",
    "nil",
    "true",
    "false",
    "undefined",
    "string",
    "required",
    "optional",
    "example",
    "foobar",
    "changeit",
    "password123",
    "mypassword",
    "mysecretpassword",
    "secretpassword",
    "hunter2",
    "s3cret",
    "value",
    "empty",
    "p4ssw0rd",
    "passw0rd",
    "unset",
    "todo",
    "tbd",
    "n/a",
    "postgres",
    "mysql",
    "guest",
    "default",
    "pw",
];

/// Whether a value says that a secret belongs there: a word, a variable, a row of stars.
pub(in crate::detect::formats) fn is_stand_in(value: &[u8]) -> bool {
    let word = || STAND_INS.iter().any(|word| value.eq_ignore_ascii_case(word.as_bytes()));
    let framed = match (value.first(), value.last()) {
        (Some(b'$' | b'%'), _) => true,
        (Some(b'<'), Some(b'>')) | (Some(b'['), Some(b']')) | (Some(b'{'), Some(b'}')) | (Some(b'('), Some(b')')) => {
            true
        }
        _ => holds(value, &["${", "{{", "$(", "[redacted", "%s", "env.", "environ", "process.", "getenv"]),
    };
    let plain = value.iter().all(|byte| matches!(byte, b'*' | b'.' | b'-' | b'_' | b'x' | b'X' | b'#' | b'?'));
    framed || plain || word() || stands_in(value)
}

/// A token or key behind its name: drawn at random.
pub(in crate::detect::formats) fn token(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    let value = value(hay, gate)?;
    let bytes = hay.slice(value.clone());
    let is_token = bytes.len() >= 16 && bytes.iter().all(|byte| TOKEN.has(*byte));
    (is_token && !is_stand_in(bytes) && is_drawn(bytes)).then(|| Match::of(value))
}

/// A password behind its name: letters and a digit at least, and no word that only says that a password belongs there.
pub(in crate::detect::formats) fn password(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    let value = value(hay, gate)?;
    let bytes = hay.slice(value.clone());
    let count = |is: fn(&u8) -> bool| bytes.iter().filter(|byte| is(byte)).count();
    let digits = count(u8::is_ascii_digit);
    let letters = count(u8::is_ascii_alphabetic);
    let cases = usize::from(count(u8::is_ascii_lowercase) > 0) + usize::from(count(u8::is_ascii_uppercase) > 0);
    // Marks that names, paths and calls are made of say nothing.
    let marks = count(|byte| {
        byte.is_ascii_punctuation()
            && !matches!(byte, b'-' | b'_' | b'.' | b'/' | b':' | b',' | b'(' | b')' | b'[' | b']' | b'=' | b'\\')
    });
    let kinds = usize::from(digits > 0) + cases + usize::from(marks > 0);
    let strong = bytes.len() >= 8 && letters >= 2 && (kinds >= 3 || digits >= 2 && marks + letters >= 4 && kinds >= 2);
    let is_code = holds(bytes, &["()", "(\"", "('", "](", "=>", "->", "::", "://"]) || is_name(bytes);
    (strong && !is_code && !is_stand_in(bytes)).then(|| Match::of(value))
}

/// Whether this is a dotted or underscored name with a digit somewhere: `settings.password_v2`.
fn is_name(bytes: &[u8]) -> bool {
    let parted = bytes.iter().any(|byte| matches!(byte, b'_' | b'.' | b'/'));
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    parted && digits <= 2 && bytes.iter().all(|byte| NAME.has(*byte) || *byte == b'/') && !is_drawn(bytes)
}

/// The parts of a name: `dbUser.api_key` has `db`, `User`, `api` and `key`.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    let humps = |word: &'_ str| -> Vec<usize> {
        let pairs = word.bytes().zip(word.bytes().skip(1)).zip(1..);
        pairs.filter(|((a, b), _)| a.is_ascii_lowercase() && b.is_ascii_uppercase()).map(|(_, at)| at).collect()
    };
    name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).flat_map(move |word| {
        let mut cuts = humps(word);
        cuts.push(word.len());
        let mut from = 0;
        cuts.into_iter().filter_map(move |to| word.get(std::mem::replace(&mut from, to)..to))
    })
}

/// The value that is given to the name in which the gate stands.
fn value(hay: &Hay<'_>, gate: Range<usize>) -> Option<Range<usize>> {
    let start = gate.start - hay.run_back(gate.start, NAME, 48);
    let end = gate.end + hay.run(gate.end, NAME, 32);
    let mut parts = parts(hay.text(start..end)).peekable();
    while let Some(part) = parts.next() {
        let is = |words: &[&str]| words.iter().any(|word| part.eq_ignore_ascii_case(word));
        if is(OTHERS) || parts.peek().is_none() && is(ABOUT) || holds(part.as_bytes(), &["csrf", "xsrf", "tokeniz"]) {
            return None;
        }
    }
    // Quotes and brackets that close around the name, then what gives it its value.
    let closed = end + hay.run(end, Set::of("\"'`])*\\"), 4);
    let mut at = closed + hay.run(closed, BLANK, 8);
    let given = hay.run(at, Set::of(":=>"), 3);
    if given > 0 {
        at += given;
    } else {
        let verb =
            [" is ", " is: ", " are ", " = ", ", ", " "].into_iter().find(|verb| hay.starts_folded(closed, verb))?;
        // `login password Summer2024!`: a blank alone is not enough to tell a value from the next word.
        if verb == " " {
            return None;
        }
        at = closed + verb.len();
    }
    at += hay.run(at, BLANK, 8);
    let start = at + hay.run(at, Set::of("\"'`\\*"), 4);
    let quote = if start > at { hay.before(start) } else { 0 };
    let stops = |byte: u8| match quote {
        b'"' | b'\'' | b'`' => byte == quote || matches!(byte, b'\n' | b'\r' | 0),
        _ => {
            byte.is_ascii_whitespace()
                || matches!(byte, b'"' | b'\'' | b'`' | b',' | b';' | b'<' | b'>' | b'&' | b'|' | 0)
        }
    };
    let mut end = match hay.find(start, VALUE, stops) {
        Some(end) => end,
        None if hay.len() - start.min(hay.len()) <= VALUE => hay.len(),
        None => return None,
    };
    // An escaped quote ends with its backslash; a sentence with its mark.
    while end > start && matches!(hay.before(end), b'\\' | b'.' | b'*' | b')' | b']' | b'}' | b',' | b':') {
        // A bracket that was opened within belongs to the value.
        let close = hay.before(end);
        let open = match close {
            b')' => b'(',
            b']' => b'[',
            b'}' => b'{',
            _ => 0,
        };
        if open != 0 && hay.slice(start..end).contains(&open) {
            break;
        }
        end -= 1;
    }
    // Between quotes a value may hold blanks; a sentence is none.
    let blanks = hay.slice(start..end).iter().filter(|byte| byte.is_ascii_whitespace()).count();
    (end > start && blanks == 0).then_some(start..end)
}
