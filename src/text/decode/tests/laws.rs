use std::time::{Duration, Instant};

use ::base64::prelude::BASE64_URL_SAFE_NO_PAD;
use proptest::prelude::*;

use super::*;

/// Each of these invites a decoder to begin anew at every piece.
const HOSTILE: [&str; 34] = [
    "SWdu b3Jl ",
    "SWdu\nb3J\n",
    "SWdub3JlSWdub3Jl\nSWdub3JlSWdub3J\n",
    "49 67 ",
    "0x4",
    "\\x49",
    "4967,\n",
    "\"SWdu\" + ",
    "\"SWdub3Jl",
    "AAAA-AAAA-",
    "eJwNytsJwDAIBdBV7jodQxopgtHgo5Dtk ",
    "H4sIAAAAAAACAw3K2wnAMAgF0FXuOh1D ",
    "DcrbCcAwCAXQVe46HUMaKYLR4KOQ7ZPvc57 ",
    "JFTW433SMUQGC3DM\n",
    "8b68hjgs2nnill2jmettm4521rcgvc1n19zptasfbtjgkp ",
    "aB3",
    "QC9B/DZKE944 VDO44ZKES ",
    "8S;pZEb-A%Cht55Eb0E.Dfp+DBl8!6E\n",
    "<~",
    "<~z",
    "tUU=r@UCHRs!mBWoA#,<1]wCsSf.4b ",
    "M26=N;W)E(&%L;\"!P<F5V:6]U<R!I;G-T<G5C=&EO;G,@8\n",
    "M\n",
    "01",
    "0 1 ",
    "ABBAB",
    "😀😎",
    "105 32",
    "24 22 33 ",
    ".- / ",
    "alfa bravo ",
    "+AEk-",
    "=49=\n",
    "=?a?Q?=49",
];

#[test]
fn a_page_of_lines_is_not_read_over_and_over() {
    // Each shape invites a decoder to begin anew at every piece. Were it to decode the rest each time, this test would
    // run for hours.
    for unit in HOSTILE {
        let text = unit.repeat(500_000 / unit.len());
        for (n, decoder) in all().iter().enumerate() {
            let start = Instant::now();
            let found = within(decoder.find, &text, 4 * text.len());
            assert!(!found.spent, "{unit:?}: what decoder {n} gives is bounded by the input");
            let time = start.elapsed();
            assert!(time < Duration::from_secs(3), "{unit:?}: decoder {n} took {time:?}");
        }
    }
}

/// Texts in which encodings are likely.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        "[A-Za-z0-9+/_=-]{0,40}",
        "[ \\r\\n\\t>]{0,4}",
        "(0x|\\\\x)?[0-9a-fA-F]{1,6}[ ,:;-]?",
        any::<Vec<u8>>().prop_map(|bytes| BASE64_STANDARD.encode(bytes)),
        "[ -~]{0,40}".prop_map(|text| BASE64_STANDARD.encode(text)),
        "[ -~]{0,40}".prop_map(::hex::encode),
        "[A-Z]{5}|[a-z ]{12}|\\PC{3}".prop_map(|text| base::xored_and_packed(&text)),
        "(=\\?utf-8\\?[QB]\\?[A-Za-z=0-9_]{0,20}(\\?=)? ?){1,3}",
        "((\\+[A-Za-z0-9]{3,16}-)|(=[0-9A-F]{2})){1,6}",
        "((alfa|X-ray|India|golf)[ -]){6,12}",
        "([01]{8} ?){7,9}|([AB]{5} ){12,14}|([.-]{1,4} ){10,20}",
        "([1-5]{2} ){8,12}|([0-9]{2,3}[, ]{1,2}){8,12}",
        "[!-u]{20,40}|M[ -`]{60}\n",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn spans_cut_no_character_and_budgets_are_kept(text in texts(), budget in 0usize..200) {
        for (name, decoder) in all().iter().enumerate() {
            let found = within(decoder.find, &text, budget);
            let decoded: usize = found.decoded.iter().map(|decoded| decoded.text.len()).sum();
            prop_assert_eq!(found.left + decoded, budget, "{}", name);
            for decoded in found.decoded {
                prop_assert!(text.get(decoded.span.clone()).is_some_and(|text| !text.is_empty()), "{} {:?}", name, decoded);
            }
        }
    }

    #[test]
    fn what_was_encoded_is_found(plain in "[a-z]{3,9}( [a-z]{2,9}){4,12}", size in 3usize..80, line: bool) {
        let encoded = BASE64_STANDARD.encode(&plain);
        let wrapped = grouped(&encoded, size, if line { "\n" } else { " " });
        for text in [encoded, BASE64_URL_SAFE_NO_PAD.encode(&plain), wrapped] {
            prop_assert!(base64::may_hold(text.as_bytes()), "the gate refuses {}", text);
            prop_assert!(found(base64::find, &text).iter().any(|(_, decoded)| *decoded == plain), "{}", text);
        }
        let pairs = ::hex::encode_upper(&plain);
        let (spaced, escaped) = (grouped(&pairs, 2, " "), format!("\\x{}", grouped(&pairs, 2, "\\x")));
        let listed = format!("0x{}", grouped(&pairs, 2, ", 0x"));
        for text in [pairs, spaced, escaped, listed] {
            prop_assert!(hex::may_hold(text.as_bytes()), "the gate refuses {}", text);
            prop_assert!(found(hex::find, &text).iter().any(|(_, decoded)| *decoded == plain), "{}", text);
        }
    }
}

#[test]
fn what_is_cut_off_anywhere_is_read_as_far_as_it_goes() {
    // The digits of a number mean nothing without those behind them.
    let samples = base_n::SAMPLES.iter().filter(|(decoder, _)| !is_same(decoder, &big_number::DECODER));
    for (decoder, text) in samples.chain(signs::SAMPLES).chain(mail::SAMPLES) {
        let mut longest = 0;
        for (end, _) in text.char_indices() {
            for decoder in all() {
                within(decoder.find, &text[..end], 1000);
                within(decoder.find, &text[end..], 1000);
            }
            let found = within(decoder.find, &text[..end], 1000);
            longest = found.decoded.iter().map(|decoded| decoded.text.len()).max().unwrap_or(0).max(longest);
        }
        let whole = within(decoder.find, text, 1000).decoded.iter().map(|decoded| decoded.text.len()).max();
        assert!(whole.is_some_and(|whole| longest + 6 >= whole), "{text:?} says {longest} bytes of {whole:?} when cut");
        let half = (0..=text.len() * 3 / 4).rev().find(|end| text.is_char_boundary(*end)).unwrap();
        assert!(!within(decoder.find, &text[..half], 1000).decoded.is_empty(), "{:?} says nothing", &text[..half]);
    }
}
