//! Generates `src/text/fold/table.rs` and checks that the file in the tree is what the generator makes.
//!
//! `SLUICEGATE_BLESS=1 cargo test --test fold_table` writes the file anew. The outcome depends only on this file and on
//! the Unicode crates pinned in `Cargo.lock`: only characters of Unicode 16 are looked at, since lower case comes from
//! the standard library and must be the same under every toolchain from the oldest supported one on.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use regex::Regex;
use sluicegate::text::fold::{Folded, fold};
use unicode_normalization::UnicodeNormalization as _;
use unicode_security::skeleton;

const BLOCK: usize = 128;
const FIRST_TARGET: usize = 6;

/// What neither NFKD nor UTS #39 resolve, or not in the way that is wanted here: each character of the second string
/// becomes the first string. Letters are listed in lower case: small capitals, letters turned upside down or mirrored,
/// letters with a bar, hook or tail, and Greek and Cyrillic letters of which the small or the capital form looks Latin.
const LISTED: &[(&str, &str)] = &[
    ("a", "ᴀɐαа"),
    ("b", "ʙβвƀɓ"),
    ("c", "ᴄɔϲсƈ"),
    ("d", "ᴅđðɖɗԁ"),
    ("e", "ᴇǝɘəεе"),
    ("f", "ꜰɟ"),
    ("g", "ɢƃᵷɠ"),
    ("h", "ʜɥηнһħɦ"),
    ("i", "ɪᴉιıɨі"),
    ("j", "ᴊɾϳјȷ"),
    ("k", "ᴋʞκкĸ"),
    ("l", "ʟꞁłɫӏ"),
    ("m", "ᴍɯμмɱ"),
    ("n", "ɴŋɲɳ"),
    ("o", "ᴏοоø"),
    ("p", "ᴘρрƥ"),
    ("q", "ꞯʠԛ"),
    ("r", "ʀɹɿᴙɽ"),
    ("s", "ꜱʂѕ"),
    ("t", "ᴛʇτтŧʈ"),
    ("u", "ᴜυʉ"),
    ("v", "ᴠʌνѵʋ"),
    ("w", "ᴡʍԝ"),
    ("x", "χх"),
    ("y", "ʏʎу"),
    ("z", "ᴢζʐʑ"),
    ("ae", "æᴁ"),
    ("oe", "œɶ"),
    ("ss", "ß"),
    ("th", "þ"),
    ("σ", "ς"),
    ("ab", "🆎"),
    ("wc", "🆏"),
    ("cl", "🆑"),
    ("cool", "🆒"),
    ("free", "🆓"),
    ("id", "🆔"),
    ("new", "🆕"),
    ("ng", "🆖"),
    ("ok", "🆗"),
    ("sos", "🆘"),
    ("up!", "🆙"),
    ("vs", "🆚"),
    ("'", "‘’‚‛′‵ʹʻʼʽˈˊˋʾʿ´"),
    ("\"", "“”„‟″‶ʺ«»"),
    ("!", "¡"),
    ("?", "¿"),
    ("<", "‹〈⟨❬❮❰⧼"),
    (">", "›〉⟩❭❯❱⧽"),
    ("|", "│┃∣❘❙❚¦ǀ⎜⏐"),
    ("_", "▁⎽"),
    ("-", "˗−⁃"),
    ("/", "⁄∕"),
    (":", "∶꞉˸"),
    ("~", "˜∼⁓"),
    ("*", "∗⁎٭"),
    // More Latin letters with bars, hooks, tails and curls, and letters of phonetics and of medieval hands.
    ("a", "ᶏⱥ"),
    ("b", "ƅᴃᵬᶀꞗ"),
    ("c", "ɕꞓꞔꜿↄ"),
    ("d", "ᶁᶑᵭȡꝺᴆ"),
    ("e", "ɛᶒᶓⱸꬴ"),
    ("f", "ᶂꝼ"),
    ("g", "ᵹꞡ"),
    ("h", "ⱨꜧꞕ"),
    ("j", "ʝ"),
    ("k", "ⱪꝁꝃꝅᶄꞣ"),
    ("l", "ⱡɬꝉᶅȴꬷꬸꬹꞎ"),
    ("m", "ᶆꬺ"),
    ("n", "ꞑꞥᶇȵꬻᴎ"),
    ("o", "ꝍⱺ"),
    ("p", "ꝑꝓꝕᵱᶈ"),
    ("q", "ꝗꝙɋ"),
    ("r", "ꞧᶉꝛɻɺᴚꭉ"),
    ("s", "ꞩᶊȿƨ"),
    ("t", "ⱦȶꞇ"),
    ("u", "ᶙʊꭏ"),
    ("v", "ⱱⱴꝟ"),
    ("w", "ⱳꞷ"),
    ("x", "ᶍꭖ"),
    ("z", "ɀᶎ"),
    // Signs of currencies and of mathematics that styled writing takes for letters.
    ("a", "₳"),
    ("b", "฿"),
    ("c", "₵"),
    ("d", "∂"),
    ("f", "₣"),
    ("g", "₲"),
    ("k", "₭"),
    ("m", "₥"),
    ("n", "₦"),
    ("p", "₱"),
    ("s", "₴"),
    ("t", "₮"),
    ("w", "₩"),
    // Cyrillic, Coptic, Lisu and Cherokee. UTS #39 takes the Lisu I for an l, and looks at small letters only where
    // capitals look Latin.
    ("a", "ⲁꮧ"),
    ("b", "ᏸ"),
    ("d", "ꮄ"),
    ("e", "єⲉꮛ"),
    ("f", "ꭶ"),
    ("g", "ꮆ"),
    ("h", "ꮒ"),
    ("i", "ꓲ"),
    ("j", "ꮰ"),
    ("l", "ꮭ"),
    ("m", "ⲙꮇ"),
    ("n", "ꮑ"),
    ("o", "ꭷ"),
    ("p", "ꭾ"),
    ("s", "ꮥ"),
    ("t", "ꮦ"),
    ("u", "ꮼ"),
    ("v", "ꮙ"),
    ("w", "ⲱꮗ"),
    ("y", "ꭹꮍ"),
    // Canadian syllabics.
    ("a", "ᗩ"),
    ("c", "ᑕ"),
    ("e", "ᗴ"),
    ("g", "ᘜ"),
    ("n", "ᑎ"),
    ("o", "ᗝ"),
    ("q", "ᑫ"),
    ("s", "ᔕ"),
    ("w", "ᗯ"),
    ("z", "ᘔ"),
    // Old Italic and Gothic.
    ("a", "𐌀"),
    ("d", "𐌃"),
    ("e", "𐌄"),
    ("f", "𐌅"),
    ("h", "𐌇"),
    ("k", "𐌊"),
    ("l", "𐌋"),
    ("m", "𐌌"),
    ("n", "𐌍"),
    ("p", "𐌐"),
    ("q", "𐌒"),
    ("r", "𐌓"),
    ("s", "𐌔"),
    ("u", "𐌵"),
    ("v", "𐌖"),
    // Runes and Ogham by their sound, which is how people and models write with them.
    ("a", "ᚨᚪᚐ"),
    ("b", "ᛒᚁ"),
    ("c", "ᚳᚉ"),
    ("d", "ᛞᚇ"),
    ("e", "ᛖᚓ"),
    ("f", "ᚠᚃ"),
    ("g", "ᚷᚌ"),
    ("h", "ᚺᚻᚆ"),
    ("i", "ᛁᚔ"),
    ("j", "ᛃᛄ"),
    ("k", "ᚲᛣ"),
    ("l", "ᛚᚂ"),
    ("m", "ᛗᚋ"),
    ("n", "ᚾᚅ"),
    ("o", "ᛟᚩᚑ"),
    ("p", "ᛈᚚ"),
    ("q", "ᚊ"),
    ("r", "ᚱᚏ"),
    ("s", "ᛊᛋᚄ"),
    ("t", "ᛏᚈ"),
    ("u", "ᚢᚒ"),
    ("w", "ᚹ"),
    ("y", "ᚣ"),
    ("z", "ᛉ"),
];

/// The first of 26 letters in a row: parenthesised, negative circled and squared ones, regional indicators.
const ALPHABETS: &[u32] = &[0x249C, 0x1F110, 0x1F150, 0x1F170, 0x1F1E6];

/// Glyphs without ink that are no white space (Hangul fillers, the Braille blank, blank hieroglyphs, the object replacement character, the
/// musical null note head) and the strokes that only stretch a word (Arabic and NKo). They are put inside words, so they
/// vanish and do not part them.
const FILLERS: &[char] = &[
    '\u{640}',
    '\u{7FA}',
    '\u{115F}',
    '\u{1160}',
    '\u{2800}',
    '\u{3164}',
    '\u{FFA0}',
    '\u{FFFC}',
    '\u{13441}',
    '\u{13442}',
    '\u{1D159}',
];

/// A property of characters as a set of code points.
struct Class(Vec<bool>);

impl Class {
    /// `expression` is what stands between the brackets of a character class.
    fn new(all: &str, expression: &str) -> Self {
        let regex = Regex::new(&format!("[{expression}]+")).expect("a valid class");
        let mut set = vec![false; 0x11_0000];
        for run in regex.find_iter(all) {
            for c in run.as_str().chars() {
                set[c as usize] = true;
            }
        }
        Self(set)
    }

    fn has(&self, c: char) -> bool {
        self.0[c as usize]
    }
}

struct Generator {
    listed: HashMap<char, String>,
    known: Class,
    white: Class,
    invisible: Class,
    dash: Class,
    digit: Class,
    mark: Class,
    idle_mark: Class,
    letter: Class,
    modifier: Class,
    wide: Class,
}

impl Generator {
    fn new() -> Self {
        let all: String = ('\0'..=char::MAX).collect();
        let class = |expression| Class::new(&all, expression);
        let mut listed = HashMap::new();
        for (to, characters) in LISTED {
            for from in characters.chars() {
                let before = listed.insert(from, (*to).to_owned());
                assert_eq!(before, None, "{from} is listed twice");
            }
        }
        for first in ALPHABETS {
            let letters = (*first..).map_while(char::from_u32).zip('a'..='z');
            listed.extend(letters.map(|(from, to)| (from, to.to_string())));
        }
        listed.extend(FILLERS.iter().map(|filler| (*filler, String::new())));
        Self {
            listed,
            known: class(r"\p{Age=16.0}"),
            white: class(r"\p{White_Space}"),
            invisible: class(r"\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{Co}\x{F0000}-\x{10FFFF}"),
            dash: class(r"\p{Pd}"),
            digit: class(r"\p{Nd}"),
            mark: class(r"\p{M}"),
            // Scripts that can be read without their marks, and marks that go with any script.
            idle_mark: class(
                r"\p{M}&&[\p{sc=Zinh}\p{sc=Zyyy}\p{Latin}\p{Greek}\p{Cyrillic}\p{Arabic}\p{Hebrew}\p{Syriac}\p{Coptic}\p{Glagolitic}\p{Samaritan}\p{Mandaic}\p{Nko}\p{Ethiopic}\p{Old_Permic}\p{Duployan}\p{Phoenician}\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}\p{Me}]",
            ),
            letter: class(r"\p{L}\p{Nl}\p{Alphabetic}"),
            modifier: class(r"\p{Lm}"),
            wide: class(
                r"\x{30FC}\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\p{Yi}\p{Tangut}\p{Nushu}\p{Khitan_Small_Script}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tai_Tham}\p{Tai_Le}\p{New_Tai_Lue}\p{Tai_Viet}\p{Javanese}\p{Balinese}",
            ),
        }
    }

    /// What `c` becomes in the end: steps until nothing changes any more.
    fn folded(&self, c: char) -> String {
        let mut text = c.to_string();
        for _ in 0..12 {
            let next: String = text.chars().map(|c| self.step(c)).collect();
            if next == text {
                return text;
            }
            text = next;
        }
        panic!("U+{:04X} does not settle: {text:?}", c as u32);
    }

    fn step(&self, c: char) -> String {
        let unchanged = c.to_string();
        if c.is_ascii() {
            return match c {
                '\t'..='\r' | ' ' => " ".to_owned(),
                c if c.is_ascii_control() => String::new(),
                c => c.to_ascii_lowercase().to_string(),
            };
        }
        if let Some(listed) = self.listed.get(&c) {
            return listed.clone();
        }
        if self.white.has(c) {
            return " ".to_owned();
        }
        if self.invisible.has(c) || self.idle_mark.has(c) {
            return String::new();
        }
        if !self.known.has(c) || ('\u{AC00}'..='\u{D7A3}').contains(&c) {
            return unchanged;
        }
        if self.dash.has(c) {
            return "-".to_owned();
        }
        let compatible: String = c.nfkd().collect();
        if compatible != unchanged {
            // A spacing accent is a space and a mark to Unicode. It parts no words, so it stays what it is.
            return if compatible.starts_with(' ') { unchanged } else { compatible };
        }
        let lower = c.to_lowercase().collect::<String>();
        if lower != unchanged {
            return lower;
        }
        if self.mark.has(c) {
            return unchanged;
        }
        if self.digit.has(c) {
            return self.digit_value(c).to_string();
        }
        self.look_alike(c).unwrap_or(unchanged)
    }

    /// Decimal digits stand in rows of ten, zero first (a promise of Unicode).
    fn digit_value(&self, c: char) -> u32 {
        let code = c as u32;
        let before =
            (0..code).rev().take_while(|code| char::from_u32(*code).is_some_and(|c| self.digit.has(c))).count();
        u32::try_from(before).expect("a short row") % 10
    }

    /// The ASCII letters that `c` looks like, or, for what is no letter itself, the ASCII punctuation.
    fn look_alike(&self, c: char) -> Option<String> {
        let text: String = skeleton(&c.to_string())
            .filter(|c| !self.idle_mark.has(*c))
            .map(|c| self.listed.get(&c).cloned().unwrap_or_else(|| c.to_string()))
            .collect();
        // The skeleton of UTS #39 writes m as rn and a double quote as two single ones.
        let text = text.replace("rn", "m").replace("''", "\"");
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let letters = text.bytes().all(|byte| byte.is_ascii_alphabetic());
        if self.letter.has(c) && !self.modifier.has(c) {
            return letters.then(|| text.to_ascii_lowercase());
        }
        // UTS #39 takes vertical bars for the letter l.
        Some(if text.bytes().all(|byte| byte == b'l') { text.replace('l', "|") } else { text.to_ascii_lowercase() })
    }

    /// What the library should answer for `c`, as it stands in the table.
    fn expected(&self, c: char) -> Entry {
        let text = self.folded(c);
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (None, _) => Entry::Drop,
            (Some(' '), None) => Entry::Blank,
            (Some(only), None) if self.mark.has(only) => Entry::Mark(only),
            (Some(only), None) if self.letter.has(only) && self.known.has(only) => {
                if self.wide.has(only) {
                    Entry::Wide(only)
                } else {
                    Entry::Letter(only)
                }
            }
            (Some(only), None) => Entry::Symbol(only),
            _ => Entry::Sequence(text),
        }
    }
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Entry {
    Letter(char),
    Wide(char),
    Mark(char),
    Sequence(String),
    Symbol(char),
    Blank,
    Drop,
}

impl Entry {
    /// The number of an entry that needs no target.
    fn number(&self, c: char) -> Option<usize> {
        match self {
            Self::Symbol(same) if *same == c => Some(0),
            Self::Letter(same) if *same == c => Some(1),
            Self::Wide(same) if *same == c => Some(2),
            Self::Mark(same) if *same == c => Some(3),
            Self::Blank => Some(4),
            Self::Drop => Some(5),
            _ => None,
        }
    }

    fn source(&self) -> String {
        match self {
            Self::Letter(c) => format!("L('{}')", quoted(*c)),
            Self::Wide(c) => format!("W('{}')", quoted(*c)),
            Self::Symbol(c) => format!("S('{}')", quoted(*c)),
            Self::Sequence(text) => format!("Q(\"{}\")", text.chars().map(quoted).collect::<String>()),
            Self::Mark(c) => panic!("U+{:04X}: nothing but itself becomes a mark", *c as u32),
            Self::Blank | Self::Drop => panic!("has a number"),
        }
    }
}

impl From<Folded> for Entry {
    fn from(folded: Folded) -> Self {
        match folded {
            Folded::Letter(c) => Self::Letter(c),
            Folded::Wide(c) => Self::Wide(c),
            Folded::Mark(c) => Self::Mark(c),
            Folded::Sequence(text) => Self::Sequence(text.to_owned()),
            Folded::Symbol(c) => Self::Symbol(c),
            Folded::Blank => Self::Blank,
            Folded::Drop => Self::Drop,
        }
    }
}

/// ASCII as it is, everything else by number: the file can be read in any font and no line changes its direction.
fn quoted(c: char) -> String {
    match c {
        '\'' | '"' | '\\' => format!("\\{c}"),
        ' '..='~' => c.to_string(),
        _ => format!("\\u{{{:X}}}", c as u32),
    }
}

/// What the library answers beyond its table. The table ends where nothing but this is left.
fn beyond(c: char) -> Entry {
    match c as u32 {
        0xE0000..=0xE0FFF | 0xF0000.. => Entry::Drop,
        _ => Entry::Symbol(c),
    }
}

fn render(entries: &[(char, Entry)]) -> String {
    let last = entries.iter().rev().find(|(c, entry)| *entry != beyond(*c)).expect("not empty").0 as usize;
    let by_code: HashMap<usize, &(char, Entry)> = entries.iter().map(|entry| (entry.0 as usize, entry)).collect();
    let mut targets: Vec<&Entry> = Vec::new();
    let mut target_numbers: HashMap<&Entry, usize> = HashMap::new();
    let mut blocks: Vec<[usize; BLOCK]> = Vec::new();
    let mut block_numbers: HashMap<[usize; BLOCK], usize> = HashMap::new();
    let mut index = Vec::new();
    for first in (0..=last).step_by(BLOCK) {
        let block = std::array::from_fn(|offset| {
            // Surrogates and ASCII are never looked up.
            let Some((c, entry)) = by_code.get(&(first + offset)) else { return 0 };
            entry.number(*c).unwrap_or_else(|| {
                *target_numbers.entry(entry).or_insert_with(|| {
                    targets.push(entry);
                    targets.len() - 1 + FIRST_TARGET
                })
            })
        });
        index.push(*block_numbers.entry(block).or_insert_with(|| {
            blocks.push(block);
            blocks.len() - 1
        }));
    }
    let mut out = String::from(
        "//! Generated by `SLUICEGATE_BLESS=1 cargo test --test fold_table`; do not edit.\n\n\
         use super::Folded::{self, Letter as L, Sequence as Q, Symbol as S, Wide as W};\n\n",
    );
    let row = |numbers: &[usize]| numbers.iter().map(|number| format!("{number},")).collect::<String>();
    writeln!(out, "/// The block of each 128 code points.\n#[rustfmt::skip]").unwrap();
    writeln!(out, "pub(super) static INDEX: [u16; {}] = [", index.len()).unwrap();
    for numbers in index.chunks(BLOCK) {
        writeln!(out, "{}", row(numbers)).unwrap();
    }
    writeln!(out, "];\n\n/// The blocks, one a line: a number below 6 is an answer, any other a target.").unwrap();
    writeln!(out, "#[rustfmt::skip]\npub(super) static ENTRIES: [u16; {}] = [", blocks.len() * BLOCK).unwrap();
    for block in &blocks {
        writeln!(out, "{}", row(block)).unwrap();
    }
    writeln!(out, "];\n\n/// What characters become that do not stay themselves, from number 6 on.").unwrap();
    writeln!(out, "#[rustfmt::skip]\npub(super) static TARGETS: [Folded; {}] = [", targets.len()).unwrap();
    for targets in targets.chunks(32) {
        writeln!(out, "{}", targets.iter().map(|target| target.source() + ",").collect::<String>()).unwrap();
    }
    out.push_str("];\n");
    out
}

#[test]
fn the_table_in_the_tree_is_what_the_generator_makes() {
    let generator = Generator::new();
    let entries: Vec<(char, Entry)> = ('\u{80}'..=char::MAX).map(|c| (c, generator.expected(c))).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/text/fold/table.rs");
    let rendered = render(&entries);
    if std::env::var_os("SLUICEGATE_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(&path, rendered).expect("the tree can be written to");
        return;
    }
    let checked_in = std::fs::read_to_string(&path).expect("the table is in the tree");
    assert!(
        checked_in == rendered,
        "src/text/fold/table.rs is stale: run SLUICEGATE_BLESS=1 cargo test --test fold_table"
    );
    for (c, expected) in &entries {
        assert_eq!(Entry::from(fold(*c)), *expected, "U+{:04X} comes out of the table as it went in", *c as u32);
    }
}

#[test]
fn folding_again_changes_nothing() {
    for c in '\0'..=char::MAX {
        let output = match fold(c) {
            Folded::Letter(c) | Folded::Wide(c) | Folded::Mark(c) | Folded::Symbol(c) => c.to_string(),
            Folded::Sequence(text) => text.to_owned(),
            Folded::Blank => " ".to_owned(),
            Folded::Drop => continue,
        };
        for out in output.chars() {
            let stays = match fold(out) {
                Folded::Letter(again) | Folded::Wide(again) | Folded::Mark(again) | Folded::Symbol(again) => {
                    again == out
                }
                Folded::Blank => out == ' ',
                Folded::Sequence(_) | Folded::Drop => false,
            };
            assert!(stays, "U+{:04X} folds to {output:?}, in which {out:?} folds on to {:?}", c as u32, fold(out));
        }
    }
}
