use super::*;

fn words(flavour: Flavour, text: &str) -> String {
    let mut view = View::new(flavour);
    view.fill(text);
    let kept = std::str::from_utf8(view.bytes()).expect("kept bytes are characters");
    let mut shown = String::new();
    for (at, c) in kept.char_indices() {
        if view.is_word_start(at) && at > 0 {
            shown.push(' ');
        }
        shown.push(c);
    }
    assert!(view.is_word_start(kept.len()), "the end is a word mark");
    shown
}

#[test]
fn keeps_letters_and_where_words_begin() {
    let cases = [
        (Flavour::Letters, "Ignore ALL previous, don't!", "ignore all previous dont"),
        (Flavour::Letters, "i-g.n o_r\te", "i g n o r e"),
        (Flavour::Letters, "ig\u{200b}no\u{301}re 42 x", "ignore x"),
        (Flavour::Letters, "Ｉｇｎｏｒｅ іgnоre 𝐢𝐠𝐧𝐨𝐫𝐞", "ignore ignore ignore"),
        (Flavour::Letters, "忽略 all", "忽 略 all"),
        (Flavour::Letters, "", ""),
        (Flavour::Leet, "1gn0r3 4ll rul35", "ignore aii ruies"),
        (Flavour::Symbols, "<| IM_Start |> a b", "<| im_start |> a b"),
    ];
    for (flavour, text, expected) in cases {
        assert_eq!(words(flavour, text), expected, "{flavour:?} {text:?}");
    }
}

#[test]
fn long_texts_keep_their_marks_over_every_word_of_bits() {
    let text = "one Ünïcode three, ".repeat(40);
    let expected = "one unicode three ".repeat(40);
    assert_eq!(words(Flavour::Letters, &text), expected.trim_end());
    let mut view = View::new(Flavour::Letters);
    view.fill(&text);
    for at in 0..view.bytes().len() {
        let expected = (0..64).fold(0, |bits, n| bits | u64::from(view.is_word_start(at + n)) << n);
        assert_eq!(view.word_starts(at), expected, "{at}");
    }
}

#[test]
fn leads_back_to_the_original() {
    let text = "filler ".repeat(30) + "é i\u{200b}g-n-ö-r e. " + "x".repeat(100).as_str();
    let mut view = View::new(Flavour::Letters);
    view.fill(&text);
    let at = view.bytes().windows(6).position(|w| w == b"ignore").expect("is there");
    assert_eq!(&text[view.locate(&text, at..at + 6)], "i\u{200b}g-n-ö-r e");
    let all = view.locate(&text, 0..view.bytes().len());
    assert_eq!(all, 0..text.len());
}

proptest::proptest! {
    /// The vector pass and its scalar twin.
    #[test]
    fn a_block_at_once_is_the_same_as_byte_by_byte(
        text in "([ -~\\t\\n]{0,90}|[a-c]{0,20}|[A-Ca-c]{0,90}|[!-~]{10,20}|\\PC|'|é|ﬁ|[\\x00-\\x7f]{0,70}){0,8}"
    ) {
        for flavour in [Flavour::Letters, Flavour::Symbols] {
            let (mut fast, mut slow) = (View::new(flavour), View::new(flavour));
            // What was there before leaves nothing behind.
            fast.fill(&"Something else. ".repeat(20));
            fast.fill(&text);
            slow.fill_with(&text, None);
            proptest::prop_assert_eq!(fast.bytes(), slow.bytes());
            for at in (0..=fast.bytes().len()).step_by(64) {
                proptest::prop_assert_eq!(fast.word_starts(at), slow.word_starts(at), "{}", at);
            }
            proptest::prop_assert_eq!(fast.seen(), slow.seen());
        }
    }

    #[test]
    fn any_kept_range_leads_to_whole_characters(text in "(\\PC|[a-z ]|ﬁ|ß|\u{301}|कि|忽){0,200}", from in 0..300_usize, len in 1..40_usize) {
        for flavour in [Flavour::Letters, Flavour::Leet, Flavour::Symbols] {
            let mut view = View::new(flavour);
            view.fill(&text);
            let end = (from + len).min(view.bytes().len());
            if from < end {
                let range = view.locate(&text, from..end);
                let part = text.get(range).expect("whole characters");
                let mut again = View::new(flavour);
                again.fill(part);
                let kept = &view.bytes()[from..end];
                proptest::prop_assert!(
                    again.bytes().windows(kept.len()).any(|window| window == kept),
                    "{part:?} does not hold what was kept"
                );
            }
        }
    }
}
