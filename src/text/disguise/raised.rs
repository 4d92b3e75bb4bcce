//! Letters of another height: superscripts and small capitals.

use super::texts::{has_ascii_letters, place_of};
use super::{Disguise, Traits, UndoneBy};

pub(super) const SUPERSCRIPT: Disguise = Disguise {
    id: "B37",
    name: "superscript",
    applies: has_ascii_letters,
    apply: |text| in_alphabet(text, "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖqʳˢᵗᵘᵛʷˣʸᶻ"),
    needs: Traits::WIDE,
    loses: Traits::CASE,
    undone_by: UndoneBy::Fold,
};
pub(super) const SMALL_CAPITALS: Disguise = Disguise {
    id: "X16",
    name: "small-capitals",
    apply: |text| in_alphabet(text, "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡxʏᴢ"),
    ..SUPERSCRIPT
};

fn in_alphabet(text: &str, alphabet: &str) -> String {
    let letters: Vec<char> = alphabet.chars().collect();
    let raise = |c: char| {
        let place = place_of(c).and_then(|place| usize::try_from(place).ok());
        place.and_then(|place| letters.get(place)).copied().unwrap_or(c)
    };
    text.chars().map(raise).collect()
}
