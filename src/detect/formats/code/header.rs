//! Credentials of HTTP: headers, command lines and files of programs that send them.

use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::detect::formats::code::assigned::is_stand_in;
use crate::detect::formats::format::Match;
use crate::detect::formats::hay::Hay;
use crate::detect::formats::random::{entropy, is_random};
use crate::detect::formats::set::{ALNUM, BASE64, BLANK, Set, WORD};

/// `token68` of RFC 9110, as a bearer token is written (RFC 6750).
const TOKEN: Set = ALNUM.with(Set::of("-._~+/="));

/// Bytes of a password in a file, at most.
const LINE: usize = 4_096;

/// The token behind `Bearer ` or `Authorization: token `: random, and long enough that nobody guesses it.
pub(in crate::detect::formats) fn bearer(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    if WORD.has(hay.before(gate.start)) {
        return None;
    }
    let start = gate.end + hay.run(gate.end, BLANK, 4);
    let run = hay.run(start, TOKEN, 4_096);
    let token = hay.slice(start..start + run);
    let mixed = token.iter().any(u8::is_ascii_digit) && token.iter().any(u8::is_ascii_alphabetic);
    let sample = token.get(..64).unwrap_or(token);
    (run >= 20 && mixed && is_random(sample) && entropy(sample) >= 3 * 256).then(|| Match::of(start..start + run))
}

/// `Basic ` and a name, a colon and a password in base64 (RFC 7617).
pub(in crate::detect::formats) fn basic(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    if WORD.has(hay.before(gate.start)) {
        return None;
    }
    let start = gate.end + hay.run(gate.end, BLANK, 4);
    pair_in_base64(hay, start)
}

/// `"auth": "…"` of Docker's `config.json`: the same pair.
pub(in crate::detect::formats) fn docker_auth(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    let start = gate.end + hay.run(gate.end, Set::of("\\\": \t"), 8);
    pair_in_base64(hay, start)
}

fn pair_in_base64(hay: &Hay<'_>, start: usize) -> Option<Match> {
    let digits = hay.run(start, BASE64, 512);
    let run = digits + hay.run(start + digits, Set::of("="), 2);
    if run < 12 {
        return None;
    }
    let pair = STANDARD.decode(hay.slice(start..start + run)).ok()?;
    let colon = pair.iter().position(|byte| *byte == b':')?;
    let (user, password) = pair.split_at_checked(colon)?;
    let password = password.get(1..).unwrap_or_default();
    let is_text = std::str::from_utf8(&pair).is_ok_and(|text| !text.chars().any(char::is_control));
    (is_text && password.len() >= 4 && password != user && !is_stand_in(password))
        .then(|| Match::of(start..start + run))
}

/// `curl -u name:password`.
pub(in crate::detect::formats) fn curl_user(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    let end = hay.find(gate.end, 512, |byte| byte == b'\n').unwrap_or_else(|| hay.len().min(gate.end + 512));
    let mut at = gate.end;
    while at < end {
        let dash = hay.find(at, end - at, |byte| byte == b'-')?;
        let flag = ["--user ", "--user=", "-u ", "-u"].into_iter().find(|flag| hay.starts(dash, flag));
        let Some(flag) = flag.filter(|_| hay.before(dash) == b' ') else {
            at = dash + 1;
            continue;
        };
        let quoted = dash + flag.len();
        let start = quoted + hay.run(quoted, Set::of("\"' "), 2);
        let stop = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | 0);
        let stop = hay.find(start, end - start.min(end), stop).unwrap_or(end);
        let colon = hay.find(start, stop - start, |byte| byte == b':')?;
        let (user, password) = (hay.slice(start..colon), hay.slice(colon + 1..stop));
        let known = password.len() >= 4 && !user.is_empty() && password != user && !is_stand_in(password);
        return known.then(|| Match::of(colon + 1..stop));
    }
    None
}

/// `machine host login name password …` of `.netrc` (netrc(5)).
pub(in crate::detect::formats) fn netrc(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    if WORD.has(hay.before(gate.start)) {
        return None;
    }
    let mut at = gate.end;
    let mut login = false;
    // The words of one entry: host, then pairs of a name and a value.
    for _ in 0..7 {
        let start = at + hay.run(at, Set::of(" \t\r\n"), 16);
        let end = hay.find(start, 256, |byte| byte.is_ascii_whitespace()).unwrap_or_else(|| hay.len().min(start + 256));
        if hay.slice(start..end).eq_ignore_ascii_case(b"password") {
            let start = end + hay.run(end, Set::of(" \t\r\n"), 16);
            let end =
                hay.find(start, LINE, |byte| byte.is_ascii_whitespace()).unwrap_or_else(|| hay.len().min(start + LINE));
            let known = login && end - start >= 4 && !is_stand_in(hay.slice(start..end));
            return known.then(|| Match::of(start..end));
        }
        login |= hay.slice(start..end).eq_ignore_ascii_case(b"login");
        at = end;
    }
    None
}

/// A hash of a password as crypt(5) has it: `$2b$12$…`, `$6$…`, `$y$…`, `$argon2id$…`.
pub(in crate::detect::formats) fn password_hash(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    let run = hay.run(gate.start, ALNUM.with(Set::of("$./+=,")), 256);
    let hash = hay.text(gate.start..gate.start + run);
    let last = hash.trim_end_matches(['.', ',']).rsplit('$').next().unwrap_or_default();
    let whole =
        if hash.starts_with("$2") { last.len() == 53 } else { hash.matches('$').count() >= 3 && last.len() >= 22 };
    (whole && is_random(last.as_bytes())).then(|| Match { span: gate.start..gate.start + run, public: gate.len() })
}
