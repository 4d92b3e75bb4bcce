//! How common letters are in ordinary talk.
//!
//! Nothing here changes what is found. It decides where a search looks first, and so what plain text costs.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Words that everybody uses, wherever the talk goes. One that is missing here costs time and nothing else.
const EVERYWHERE: &str = "a am an as at be by do go he i if in is it me my no of on or so to up us we able about account act add after again all also always and another answer any anything are around ask \
    away back because been before being best better between both bring but call came can change check come could count \
    day did different does dont done down each early end enough even ever every everything few file find first for found \
    free from game get give going good got great had half hand happy hard has have hear help her here hey high his home \
    hour house how ill into its just keep kind know last late left let like line list little live long look love made make \
    many may maybe mean message might minute money more morning most much must name near need never new next nice night not \
    nothing now number off often old once one only open other our out over own part past pay people perhaps phone place \
    play please point put quite rather read ready real really right room run said same say says school see seems send set \
    she should show since small some something soon start started starts still street such sure system take talk tell text \
    than thank thanks that the their them then there these they thing things think this those three through time times \
    today together told tomorrow tonight too took try turn twice two under until use used using very wait want was watch \
    water way week well went were what when where which while who why will with without word words work world would write \
    wrong year years yes yet you your";

/// The letters of the words that everybody uses, one after the other.
pub(super) fn everywhere() -> impl Iterator<Item = u8> {
    EVERYWHERE.bytes().filter(u8::is_ascii_lowercase)
}

/// The same as a set, since a rule set asks for thousands of words.
static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| EVERYWHERE.split_ascii_whitespace().collect());
/// All four letters in a row of them.
static IN_WORDS: LazyLock<HashSet<&[u8]>> =
    LazyLock::new(|| EVERYWHERE.split_ascii_whitespace().flat_map(|word| word.as_bytes().windows(4)).collect());

/// Whether everybody uses this word.
pub(super) fn is_everywhere(word: &str) -> bool {
    WORDS.contains(word)
}

/// How rare four letters in a row are, in half bits: the more, the rarer. Measured over `corpus/benign` and the talk of
/// `benches/inputs`, blanks left out; what stands in a word that everybody uses is common whatever its pairs say.
pub(super) fn rarity(letters: &[u8]) -> u32 {
    /// Of letters in a word that everybody uses, at most.
    const IN_A_WORD: u32 = 20;
    let first = letters.first().map_or(0, |first| entry(FIRST, *first));
    let pairs = letters.iter().zip(letters.iter().skip(1)).map(|(first, second)| match place(*first) {
        Some(row) => PAIRS.get(row).map_or(OTHER, |row| entry(row, *second)),
        None => OTHER,
    });
    let rarity = first + pairs.sum::<u32>();
    if rarity > IN_A_WORD && IN_WORDS.contains(letters) { IN_A_WORD } else { rarity }
}

/// The rarity of what is no letter of ASCII. Bytes of other scripts repeat within a script, so each says little.
const OTHER: u32 = 8;

fn place(byte: u8) -> Option<usize> {
    byte.is_ascii_lowercase().then(|| usize::from(byte - b'a'))
}

fn entry(row: &[u8; 26], byte: u8) -> u32 {
    place(byte).and_then(|at| row.get(at)).map_or(OTHER, |code| u32::from(code - b'a'))
}

/// How rare each letter is, from `a`: in half bits, `a` for none.
const FIRST: &[u8; 26] = b"hnlkglmiitnjkihlviihkolrlw";

/// How rare each letter is after another: a row for each letter before.
const PAIRS: [&[u8; 26]; 26] = [
    b"nlkjqnjqjrlikfrkzhgfnmntiz",
    b"husqestmjzuhrpfszgpnhusyiz",
    b"fwusguvfkziitrfpzlngnwuzlz",
    b"hlpkfnnlhrxkjphmzkigmrmzjz",
    b"hljikjpmkqojjhlktghhplknnv",
    b"jnpojjuqfpvkpoepzhofnwnzpz",
    b"gmorflnhjzvkkjhtzijijvnznz",
    b"gpsqcxxrisyuorgqznrknsqzsz",
    b"mqijlmkqrznhkeimzkggwmmoxr",
    b"epnmgnokkvplnkhnxkijfqnuny",
    b"imnndntmgzulnjiszpijnumykz",
    b"gmnifmonhzmgnohnrnmilomzjz",
    b"fkutenqpgqqslnghzplklxnziz",
    b"jskggohojrmmmmhnzrhfmnlzlz",
    b"lpnkninslzmjifjktgjigmiqoz",
    b"fptmfuujhznftrhjzgkjpwnzmz",
    b"jomlhmnjjuokmjjmwjjidpmtmx",
    b"ionjemloizmmllgmzlihjpmzkz",
    b"gnjngjoiiznlmminrpiflplzmz",
    b"ionrgoqdhzsonohpzkjilskzmz",
    b"kmhnjlllkzwgjhqjzfghuxozuz",
    b"itrqcrsoeztprojrzoolruryrz",
    b"fmmleupfgzwpmkhuzkoltwmzmz",
    b"iqonhkpljwqmjliiylldnrkuoz",
    b"lkkliunmkzlnkkeizlhimpkzpz",
    b"iomkemnjguokljimwjjhlomsmx",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_common_in_talk_is_less_rare() {
        let cases = [("your", "zqxj"), ("ther", "prom"), ("what", "jail"), ("ound", "jbre"), ("with", "qxzv")];
        for (common, rare) in cases {
            assert!(rarity(common.as_bytes()) < rarity(rare.as_bytes()), "{common} {rare}");
        }
        assert!(rarity("忽".as_bytes()) > 0);
        assert!(is_everywhere("what") && !is_everywhere("hat") && !is_everywhere("what when"));
    }
}
