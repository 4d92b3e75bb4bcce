use sluicegate::text::decode::{self, Found, Source};
use sluicegate::text::lexicon::Lexicon;
use sluicegate::text::seen::seen;
use sluicegate::text::{hidden, plain, reading};

/// Bytes that may be given for each byte of the text, and once. More would be a bomb.
const BUDGET: usize = 1 << 20;

/// The input is a text.
///
/// Whatever side channels, decoders and readings make of it: what they give stands somewhere in the text, at whole
/// characters, and the way back from each part of it stays within that place; the budget is kept to the byte, and where it
/// does not suffice this is told; the same text gives the same twice.
pub fn holds_for(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let lexicon = Lexicon::new(["ignore", "previous", "instructions", "system", "prompt"].into_iter());
    let source = Source { text: &text, seen: seen(&text), lexicon: &lexicon };
    for decoders in [hidden::all(), decode::all(), reading::all()] {
        let mut found = Found::within(BUDGET);
        decode::each(decoders, &source, &mut found);
        let given: usize = found.decoded.iter().map(|decoded| decoded.text.len()).sum();
        assert_eq!(given + found.left, BUDGET, "the budget does not add up");
        for decoded in &found.decoded {
            let place = text.get(decoded.span.clone());
            assert!(place.is_some_and(|place| !place.is_empty()), "{:?} at {:?}", decoded.step, decoded.span);
            for start in (0..decoded.text.len()).step_by(decoded.text.len() / 4 + 1) {
                if let Some(range) = decoded.trace.locate(&(start..decoded.text.len().min(start + 9))) {
                    let within = decoded.span.start <= range.start && range.end <= decoded.span.end;
                    assert!(within && text.get(range.clone()).is_some(), "{:?} leads to {range:?}", decoded.step);
                }
            }
        }
        let mut again = Found::within(BUDGET);
        decode::each(decoders, &source, &mut again);
        assert_eq!(found, again, "the same text gives the same");
        if given > 0 {
            let mut short = Found::within(given - 1);
            decode::each(decoders, &source, &mut short);
            assert!(short.spent, "{given} bytes do not fit into one less");
        }
    }
    let (plain, trace) = plain::plain(&text);
    let all = trace.locate(&(0..plain.len())).unwrap_or(0..0);
    assert!(text.get(all).is_some(), "plain letters lead to whole characters");
}
