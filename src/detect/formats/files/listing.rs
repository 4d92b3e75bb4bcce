//! What programs print of a directory: the rows of `ls -l` and of `dir`, the last line of `tree`.

use std::ops::Range;

use crate::detect::formats::format::Match;
use crate::detect::formats::hay::Hay;
use crate::detect::formats::set::{ALNUM, BLANK, DIGIT, LETTER, NAME, Set};

/// What a row begins with, as far as it is a gate: kinds of files, and what their owners may do with them.
pub(in crate::detect::formats) const GATES: &[&str] =
    &["drwx", "dr-x", "-rwx", "-rw-", "-r--", "lrwx", "<dir>", "directory of ", "directories, ", "directory, "];

/// What may be done with a file, for its owner, its group and everybody.
const MODE: Set = Set::of("rwxsStT-");
/// What stands before `<DIR>`: a date and a time.
const DATE: Set = DIGIT.with(Set::of("/.-:APMapm \t"));
/// Bytes of the rest of a row.
const REST: usize = 300;

/// The row, or the line, at the gate.
pub(in crate::detect::formats) fn find(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    match hay.at(gate.start) {
        b'<' => windows_row(hay, gate),
        b'd' | b'D' if hay.starts_folded(gate.start, "directory of ") => windows_head(hay, gate),
        b'd' | b'D' if hay.starts_folded(gate.start, "direct") => tree_sum(hay, gate),
        _ => unix_row(hay, gate.start),
    }
}

/// `drwxr-xr-x  2 ann staff 4096 Jan  3 09:15 letters`. A group is not always told, and a mark may follow the mode.
fn unix_row(hay: &Hay<'_>, start: usize) -> Option<Match> {
    if ALNUM.with(MODE).has(hay.before(start)) || hay.run(start + 1, MODE, 10) != 9 {
        return None;
    }
    let mut at = start + 10;
    at += usize::from(matches!(hay.at(at), b'@' | b'+' | b'.'));
    let links = word(hay, &mut at)?;
    let owner = word(hay, &mut at)?;
    let group_or_size = word(hay, &mut at)?;
    if !links.bytes().all(|byte| DIGIT.has(byte)) || !owner.bytes().any(|byte| LETTER.has(byte)) {
        return None;
    }
    let is_size = |word: &str| word.starts_with(|first: char| first.is_ascii_digit());
    if !is_size(group_or_size) && !is_size(word(hay, &mut at)?) {
        return None;
    }
    Some(Match::of(start..line_end(hay, at)))
}

/// `01/02/2024  09:15 AM    <DIR>          Letters`.
fn windows_row(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    let run = hay.run_back(gate.start, DATE, 40);
    let before = hay.slice(gate.start - run..gate.start);
    let blanks = before.iter().take_while(|byte| BLANK.has(**byte)).count();
    let digits = before.iter().filter(|byte| DIGIT.has(**byte)).count();
    let is_date = before.contains(&b':') && digits >= 8 && before.last().is_some_and(|byte| BLANK.has(*byte));
    is_date.then(|| Match::of(gate.start - run + blanks..line_end(hay, gate.end)))
}

/// `Directory of C:\Users\ann`.
fn windows_head(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    let is_place = LETTER.has(hay.at(gate.end)) && hay.starts(gate.end + 1, ":\\");
    (is_place && !ALNUM.has(hay.before(gate.start))).then(|| Match::of(gate.start..line_end(hay, gate.end + 3)))
}

/// `5 directories, 12 files`.
fn tree_sum(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    let blank = usize::from(hay.before(gate.start) == b' ');
    let digits = hay.run_back(gate.start - blank, DIGIT, 8);
    let start = gate.start - blank - digits;
    let files = hay.run(gate.end, DIGIT, 8);
    let end = gate.end + files;
    let is_sum = blank == 1 && digits > 0 && files > 0 && hay.starts(end, " file") && !ALNUM.has(hay.before(start));
    let many = end + " file".len();
    is_sum.then(|| Match::of(start..many + usize::from(hay.at(many) == b's')))
}

/// The next word of a row, behind at least one blank.
fn word<'a>(hay: &Hay<'a>, at: &mut usize) -> Option<&'a str> {
    let blanks = hay.run(*at, BLANK, 32);
    let start = *at + blanks;
    let length = hay.run(start, NAME, 64);
    *at = start + length;
    (blanks > 0 && length > 0).then(|| hay.text(start..*at))
}

/// Where the line ends, if it ends within what a row may have; else where it was read to.
fn line_end(hay: &Hay<'_>, at: usize) -> usize {
    match hay.find(at, REST, |byte| byte == b'\n') {
        Some(end) => end,
        None if hay.slice(at..at + REST).is_empty() => hay.len(),
        None => at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_told_from_talk_about_them() {
        let found = |text: &str| {
            let gates = GATES.iter().flat_map(|gate| {
                let small = text.to_ascii_lowercase();
                small.match_indices(gate).map(|(at, gate)| at..at + gate.len()).collect::<Vec<_>>()
            });
            gates.filter_map(|gate| find(&Hay::new(text), gate)).map(|found| text[found.span].to_owned()).next()
        };
        for (text, expected) in [
            (
                "drwxr-xr-x  2 ann staff 4096 Jan  3 09:15 letters\nx",
                Some("drwxr-xr-x  2 ann staff 4096 Jan  3 09:15 letters"),
            ),
            ("-rw-r--r--@ 1 ann  staff  1.2K Jan 3 a.txt", Some("-rw-r--r--@ 1 ann  staff  1.2K Jan 3 a.txt")),
            ("-rw------- 1 ann 220 Jan 3 a.txt", Some("-rw------- 1 ann 220 Jan 3 a.txt")),
            ("lrwxrwxrwx 1 root root 7 Mar 1 bin -> usr/bin", Some("lrwxrwxrwx 1 root root 7 Mar 1 bin -> usr/bin")),
            ("01/02/2024  09:15 AM    <DIR>          Letters", Some("01/02/2024  09:15 AM    <DIR>          Letters")),
            (" Directory of C:\\Users\\ann\r\n", Some("Directory of C:\\Users\\ann\r")),
            ("\n5 directories, 12 files", Some("5 directories, 12 files")),
            ("The mode drwxr-xr-x means that everybody may look into it", None),
            ("-rw-r--r-- is 644, and drwx------ is 700", None),
            ("put it into a <DIR> of its own", None),
            ("the directory of members is out", None),
            ("directories, files and links", None),
            ("a--rw-r--r-- 1 a b 2", None),
        ] {
            assert_eq!(found(text).as_deref(), expected, "{text}");
        }
    }
}
