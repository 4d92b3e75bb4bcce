use sluicegate::text::fold::{Folded, fold};
use sluicegate::text::view::{Flavour, View};

/// The input is a text.
///
/// Folding twice is folding once, or a rule's phrase and a message could end up on different sides. And a view may leave
/// characters out, but what it keeps leads back to whole characters of the text, or a finding would mark the wrong words.
pub fn holds_for(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for c in text.chars() {
        each_output(fold(c), &mut |out| {
            let mut again = Vec::new();
            each_output(fold(out), &mut |c| again.push(c));
            assert_eq!(again, [out], "{c:?} folds to {out:?}, which does not fold to itself");
        });
    }
    for flavour in [Flavour::Letters, Flavour::Leet, Flavour::Symbols] {
        view_leads_back(&text, flavour);
    }
}

/// Calls `each` with every character that is kept, a blank as a space.
fn each_output(folded: Folded, each: &mut dyn FnMut(char)) {
    match folded {
        Folded::Letter(c) | Folded::Wide(c) | Folded::Mark(c) | Folded::Symbol(c) => each(c),
        Folded::Sequence(sequence) => sequence.chars().for_each(each),
        Folded::Blank => each(' '),
        Folded::Drop => {}
    }
}

fn view_leads_back(text: &str, flavour: Flavour) {
    let mut view = View::new(flavour);
    view.fill(text);
    let kept = std::str::from_utf8(view.bytes()).expect("a view keeps whole characters");
    let mut last = 0;
    for (at, c) in kept.char_indices() {
        // Each look-up folds again from an anchor; every seventh is enough to meet them all, and keeps the fuzzer fast.
        if at % 7 != 0 {
            continue;
        }
        let span = view.locate(text, at..at + c.len_utf8());
        assert!(text.get(span.clone()).is_some_and(|found| !found.is_empty()), "{flavour:?}: {c:?} leads to {span:?}");
        assert!(span.start >= last, "{flavour:?}: {c:?} at {at} leads back before {last}");
        last = span.start;
    }
    assert!(view.is_word_start(kept.len()), "{flavour:?}: the end of a text ends a word");

    let mut used = View::new(flavour);
    used.fill("an earlier and longer text, whose traces must be gone: 0123456789 <|im_start|> ÄÖÜ 中文");
    used.fill(text);
    assert_eq!(used.bytes(), view.bytes(), "{flavour:?}: a buffer remembers the text before");
}
