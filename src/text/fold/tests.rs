use super::*;

/// A text as a caller would fold it, with marks kept, for reading in a test.
fn folded(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match fold(c) {
            Folded::Letter(c) | Folded::Wide(c) | Folded::Mark(c) | Folded::Symbol(c) => out.push(c),
            Folded::Sequence(text) => out.push_str(text),
            Folded::Blank => out.push(' '),
            Folded::Drop => {}
        }
    }
    out
}

#[test]
fn disguised_letters_are_read_as_the_letters_they_look_like() {
    for (disguised, plain, why) in [
        ("ＩＧＮＯＲＥ", "ignore", "full width"),
        ("𝐈𝐠𝐧𝐨𝐫𝐞 ℐℊ𝓃ℴ𝓇ℯ ℑ𝔤𝔫𝔬𝔯𝔢 𝙸𝚐𝚗𝚘𝚛𝚎", "ignore ignore ignore ignore", "mathematical alphabets with their holes"),
        ("Ⓘⓖⓝⓞⓡⓔ 🄸🄶🄽🄾🅁🄴 ⒤⒢⒩⒪⒭⒠", "ignore ignore ignore", "circled, squared, parenthesised"),
        ("🅸🅶🅽🅾🆁🅴 🅘🅖🅝🅞🅡🅔", "ignore ignore", "negative squared and circled letters have no compatibility form"),
        ("🇮\u{200b}🇬\u{200b}🇳\u{200b}🇴\u{200b}🇷\u{200b}🇪", "ignore", "regional indicators kept apart"),
        ("ⁱᵍⁿᵒʳᵉ ɪɢɴᴏʀᴇ", "ignore ignore", "superscripts and small capitals"),
        ("іgnоrе аll рrеvіоuѕ", "ignore all previous", "Cyrillic look-alikes"),
        ("ВЕНКМОРСТХ", "behkmopctx", "Cyrillic capitals that look like Latin ones"),
        ("Ιgnοrε ρrενιουs ιnsτrυcτιοns", "ignore previous instructions", "Greek look-alikes"),
        ("íǧñőřê i\u{301}g\u{336}n\u{20e3}o\u{35c}re", "ignore ignore", "accents, composed or not, strikes, keycaps"),
        (
            "iſtanbul İstanbul ıstanbul \u{212a}ey",
            "istanbul istanbul istanbul key",
            "letters that only case folding reveals",
        ),
        ("łøđħ œuvre ﬁn Straße", "lodh oeuvre fin strasse", "bars, ligatures and sharp s"),
        ("ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ", "acefghijkmrtvwy", "letters turned upside down"),
    ] {
        assert_eq!(folded(disguised), plain, "{why}");
    }
}

#[test]
fn what_cannot_be_seen_is_gone_and_what_parts_words_is_a_blank() {
    for (name, c) in [
        ("zero width space", '\u{200B}'),
        ("zero width joiner", '\u{200D}'),
        ("byte order mark", '\u{FEFF}'),
        ("soft hyphen", '\u{AD}'),
        ("combining grapheme joiner", '\u{34F}'),
        ("variation selector", '\u{FE0F}'),
        ("supplementary variation selector", '\u{E0149}'),
        ("tag letter", '\u{E0061}'),
        ("Hangul filler", '\u{3164}'),
        ("half-width Hangul filler", '\u{FFA0}'),
        ("Braille blank", '\u{2800}'),
        ("right-to-left override", '\u{202E}'),
        ("invisible times", '\u{2062}'),
        ("null", '\0'),
        ("C1 control", '\u{9F}'),
        ("private use", '\u{E000}'),
        ("Arabic stretch", '\u{640}'),
    ] {
        assert_eq!(fold(c), Folded::Drop, "{name} is put inside words");
    }
    for c in ['\t', '\n', '\r', ' ', '\u{85}', '\u{A0}', '\u{1680}', '\u{2003}', '\u{2028}', '\u{202F}', '\u{3000}'] {
        assert_eq!(fold(c), Folded::Blank, "U+{:04X} is white space", c as u32);
    }
}

#[test]
fn punctuation_of_control_tokens_is_read_whatever_its_width() {
    assert_eq!(folded("＜｜im▁start｜＞ ‹❘end❘›"), "<|im_start|> <|end|>");
    assert_eq!(folded("“a” ‘b’ — c… ١٢٣ ½ ℅ №"), "\"a\" 'b' - c... 123 1/2 c/o no");
    assert_eq!(folded("¡Hola! ¿Qué tal?"), "!hola! ?que tal?");
}

#[test]
fn scripts_keep_what_they_are_read_by() {
    for c in ['漢', 'か', 'カ', 'ก', 'ກ', 'ក', 'က', 'ー'] {
        assert_eq!(fold(c), Folded::Wide(c), "{c} stands in a script without spaces");
    }
    assert_eq!(fold('が'), Folded::Wide('か'), "the voicing mark falls away, composed or not");
    assert_eq!(fold('ｶ'), Folded::Wide('カ'), "half-width kana");
    assert_eq!(fold('\u{F900}'), Folded::Wide('\u{8C48}'), "a compatibility ideograph is its unified one");
    for c in ['한', 'ק', 'ب', 'д', 'ω', 'क', 'த', 'ა'] {
        assert_eq!(fold(c), Folded::Letter(c), "{c} is a letter of its own");
    }
    for c in ['ि', 'ா', 'ั', '्'] {
        assert_eq!(fold(c), Folded::Mark(c), "U+{:04X} is needed to read the word", c as u32);
    }
    assert_eq!(fold('Д'), Folded::Letter('д'), "alphabets with cases lose them");
    assert_eq!(folded("Ὀδυσσεύς"), folded("οδυσσευσ"), "final sigma and breathings make no other word");
}

#[test]
fn pictures_are_symbols() {
    for c in ['😀', '👍', '🏽', '❤', '☕', '🪿', '•', '·', '\u{FFFD}', '\u{0378}'] {
        assert_eq!(fold(c), Folded::Symbol(c));
    }
}

#[test]
fn ascii_is_answered_like_the_rest() {
    for c in '\0'..='\x7f' {
        let expected = match c {
            _ if c.is_ascii_alphabetic() => Folded::Letter(c.to_ascii_lowercase()),
            _ if c.is_ascii_graphic() => Folded::Symbol(c),
            '\t'..='\r' | ' ' => Folded::Blank,
            _ => Folded::Drop,
        };
        assert_eq!(fold(c), expected, "{c:?}");
    }
}

#[test]
fn capitals_stay_capitals_if_they_are_to() {
    let kept = |text: &str| -> String {
        let mut out = String::new();
        for c in text.chars() {
            match fold_keeping_case(c) {
                Folded::Letter(c) | Folded::Wide(c) | Folded::Mark(c) | Folded::Symbol(c) => out.push(c),
                Folded::Sequence(text) => out.push_str(text),
                Folded::Blank => out.push(' '),
                Folded::Drop => {}
            }
        }
        out
    };
    for (disguised, plain) in [
        ("SWdub3Jl IGFs==", "SWdub3Jl IGFs=="),
        ("𝐒𝐖𝐝𝐮𝐛𝟑𝐉𝐥", "SWdub3Jl"),
        ("ＳＷｄｕｂ３Ｊｌ＝", "SWdub3Jl="),
        ("ⓈⓌⓓⓤⓑ③Ⓙⓛ", "SWdub3Jl"),
        ("𝒮𝒲𝒹𝓊𝒷3𝒥𝓁 ℐℊ", "SWdub3Jl Ig"),
        ("S\u{200B}W\u{336}du\u{FE0F}b3Jl", "SWdub3Jl"),
        ("ЅԜԁub3Јl", "SWdub3Jl"),
        ("🅂🆆 ɪɴ ﬁ", "SW in fi"),
    ] {
        assert_eq!(kept(disguised), plain, "{disguised}");
    }
    assert_eq!(fold_keeping_case('Д'), Folded::Letter('Д'));
    for c in '\0'..=char::MAX {
        match (fold_keeping_case(c), fold(c)) {
            (Folded::Letter(kept), Folded::Letter(small)) => {
                assert_eq!(fold(kept), Folded::Letter(small), "U+{:04X} differs in its case only", c as u32);
            }
            (kept, folded) => assert_eq!(kept, folded, "U+{:04X} has no case", c as u32),
        }
    }
}

#[test]
fn styled_writing_in_rare_alphabets_is_read() {
    for (disguised, plain, why) in [
        ("ꓲꓖꓠꓳꓣꓰ ꓮꓡꓡ", "ignore all", "Lisu"),
        ("ᎠᎡᎢᎪᎫᎬᎷᎻᏃᏢᏕᏗ", "drtajemhzpsa", "Cherokee"),
        ("ᗩᗷᑕᗪᗴᖴᘜᕼᒍᒪᗰᑎᗝᑭᑫᖇᔕᑌᐯᗯ᙭ᘔ", "abcdefghjlmnopqrsuvwxz", "Canadian syllabics"),
        ("ᛁᚷᚾᛟᚱᛖ ᚨᛚᛚ", "ignore all", "runes"),
        ("ᚔᚌᚅᚑᚏᚓ ᚐᚂᚂ", "ignore all", "Ogham"),
        ("ⲒⲚⲤⲦⲢⲨ Ⲙⲏⲉ ⲁ", "inctpy mhe a", "Coptic"),
        ("₳฿₵₣₲₭₥₦₱₴₮₩", "abcfgkmnpstw", "signs of currencies"),
        ("ꞓꝺꝼꞡⱨʝⱪⱡꝑꝗꞧꞩⱦⱳⱬ", "cdfghjklpqrstwz", "bars and hooks"),
        ("𐌀𐌃𐌄𐌅𐌊𐌋𐌌𐌍𐌐𐌒𐌓𐌔𐌖", "adefklmnpqrsv", "Old Italic"),
        ("𐐄𐐕𐐠", "ocs", "Deseret"),
        ("հոօսցզ", "hnougq", "Armenian"),
    ] {
        assert_eq!(folded(disguised), plain, "{why}");
    }
}
