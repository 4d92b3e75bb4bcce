//! Entities of HTML: `&#73;`, `&#x49;`, `&lt;`, with or without the semicolon, with zeros in front.

use super::{Decoder, Found, Source};
use crate::text::escape::{self, Escape};
use crate::text::seen::Seen;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::AMPERSAND, find };

/// Digits of a number, zeros in front included.
const MOST_DIGITS: usize = 12;

/// Names of entities that stand for ASCII. Those of other characters say nothing that a rule could find.
const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("ensp", ' '),
    ("emsp", ' '),
    ("thinsp", ' '),
    ("Tab", '\t'),
    ("NewLine", '\n'),
    ("excl", '!'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("lpar", '('),
    ("rpar", ')'),
    ("ast", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("period", '.'),
    ("sol", '/'),
    ("colon", ':'),
    ("semi", ';'),
    ("equals", '='),
    ("quest", '?'),
    ("commat", '@'),
    ("lsqb", '['),
    ("lbrack", '['),
    ("bsol", '\\'),
    ("rsqb", ']'),
    ("rbrack", ']'),
    ("lowbar", '_'),
    ("grave", '`'),
    ("lcub", '{'),
    ("lbrace", '{'),
    ("verbar", '|'),
    ("vert", '|'),
    ("rcub", '}'),
    ("rbrace", '}'),
];

/// Undoes entities in place. Costs a look at each byte.
pub fn find(source: &Source<'_>, found: &mut Found) {
    escape::undo(source.text, '&', 1, Step::HtmlEntities, found, |rest| {
        let rest = rest.get(1..)?;
        let (c, len) = match rest.strip_prefix('#') {
            Some(number) => {
                let (digits, radix) = match number.strip_prefix(['x', 'X']) {
                    Some(digits) => (digits, 16),
                    None => (number, 10),
                };
                let len = digits.chars().take(MOST_DIGITS).take_while(|c| c.is_digit(radix)).count();
                let value = u32::from_str_radix(digits.get(..len)?, radix).ok()?;
                (char::from_u32(value)?, rest.len() - digits.len() + len)
            }
            None => {
                let (name, c) = NAMED
                    .iter()
                    .find(|(name, _)| rest.strip_prefix(name).is_some_and(|after| after.starts_with(';')))?;
                (*c, name.len())
            }
        };
        let semicolon = usize::from(rest.get(len..).is_some_and(|after| after.starts_with(';')));
        Some(Escape::char(c, 1 + len + semicolon))
    });
}
