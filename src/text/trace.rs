//! The way back from a text that was made of another to the text that it was made of.

use std::ops::Range;
use std::sync::Arc;

/// Bytes of the made text from one anchor to the next, at least.
const STRIDE: usize = 16;

/// Where the bytes of a made text come from, for a text that keeps the order of its source. Takes at most as many bytes
/// as the made text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// Places at which the two texts meet: in the made text, in the source. Both grow.
    anchors: Vec<(usize, usize)>,
    /// Where the source ends.
    end: usize,
    /// The way on from the source, where that was made of a text itself.
    earlier: Option<Arc<Self>>,
}

impl Trace {
    /// The range of the source that holds what became `made`: never less, at most some twenty characters more on each
    /// side. None where the way is not known. Both ends are ends of characters.
    #[must_use]
    pub fn locate(&self, made: &Range<usize>) -> Option<Range<usize>> {
        let after_start = self.anchors.partition_point(|(at, _)| *at <= made.start);
        let (_, start) = *self.anchors.get(after_start.checked_sub(1)?)?;
        let before_end = self.anchors.partition_point(|(at, _)| *at < made.end);
        let end = self.anchors.get(before_end).map_or(self.end, |(_, source)| *source);
        let source = start..end.max(start);
        match &self.earlier {
            Some(earlier) => earlier.locate(&source),
            None => Some(source),
        }
    }

    /// The way back through one text more: `earlier` leads on from what this one leads to.
    #[must_use]
    pub fn through(self, earlier: Arc<Self>) -> Self {
        Self { earlier: Some(earlier), ..self }
    }
}

/// Writes a text that is made of another one, in the order of that one, and keeps the way back.
#[derive(Debug, Default)]
pub struct Rewriter {
    text: String,
    trace: Trace,
}

impl Rewriter {
    /// Ready for a text of about so many bytes.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), trace: Trace::default() }
    }

    /// Adds a character that comes from the byte `source` on.
    pub fn push(&mut self, c: char, source: usize) {
        self.mark(source);
        self.text.push(c);
    }

    /// Adds characters that come from the byte `source` on.
    pub fn push_str(&mut self, text: &str, source: usize) {
        self.mark(source);
        self.text.push_str(text);
    }

    /// Copies a range of the source.
    pub fn copy(&mut self, source: &str, range: Range<usize>) {
        for (at, c) in source.get(range.clone()).unwrap_or_default().char_indices() {
            self.push(c, range.start + at);
        }
    }

    /// What was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text and the way back. `end` is the byte of the source at which what was read of it ends.
    #[must_use]
    pub fn finish(mut self, end: usize) -> (String, Trace) {
        self.trace.end = end;
        (self.text, self.trace)
    }

    fn mark(&mut self, source: usize) {
        let at = self.text.len();
        // Two anchors at one place of the source would have nothing between them.
        if self.trace.anchors.last().is_none_or(|(last, from)| at >= last + STRIDE && source > *from) {
            self.trace.anchors.push((at, source));
        }
    }
}

/// The last place up to `at` where no character is cut.
#[must_use]
pub fn floor_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

/// The first place from `at` on where no character is cut.
#[must_use]
pub fn ceil_boundary(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_back_to_what_holds_the_place() {
        let source = "héllo <b>wörld</b> and <i>all</i> the others, whoever they are";
        let mut rewriter = Rewriter::with_capacity(source.len());
        let mut inside = false;
        for (at, c) in source.char_indices() {
            inside |= c == '<';
            if !inside {
                rewriter.push(c, at);
            }
            inside &= c != '>';
        }
        let (made, trace) = rewriter.finish(source.len());
        for word in ["héllo", "wörld", "and", "all", "whoever"] {
            let start = made.find(word).expect("is there");
            let range = trace.locate(&(start..start + word.len())).expect("the way is known");
            let part = source.get(range).expect("whole characters");
            assert!(part.contains(word) && part.len() < word.len() + 48, "{word}: {part}");
        }
        assert_eq!(Trace::default().locate(&(0..3)), None);
    }

    #[test]
    fn leads_back_through_two_texts_and_never_to_nothing() {
        let source = "one ｔｗｏ three ｆｏｕｒ five six seven eight nine ten";
        let (letters, earlier) = crate::text::plain::plain(source);
        let mut rewriter = Rewriter::with_capacity(letters.len());
        // As what several letters are decoded from: each of them comes from the same place.
        letters.char_indices().for_each(|(at, c)| rewriter.push(c, if at < 24 { 0 } else { at }));
        let (made, trace) = rewriter.finish(letters.len());
        let trace = trace.through(Arc::new(earlier));
        for word in ["one", "two", "four", "eight", "ten"] {
            let start = made.find(word).expect("is there");
            let range = trace.locate(&(start..start + word.len())).expect("the way is known");
            let part = source.get(range).expect("whole characters");
            assert!(crate::text::plain::plain(part).0.contains(word), "{word}: {part}");
        }
    }
}
