//! Whether a text names the agent.

use memchr::memmem::Finder;

use crate::text::fold::{Folded, fold};

/// Words that name the agent, looked for as whole words in folded text: `@bot` is in “Hey @𝐁ot!” and neither in “@bottle”
/// nor in “me@bot”. Costs a pass over the text, and another one for each pattern.
pub(super) struct Mentions(Vec<Finder<'static>>);

impl Mentions {
    pub(super) fn new(patterns: &[String]) -> Self {
        let finder = |pattern: &String| Finder::new(words(pattern).as_bytes()).into_owned();
        Self(patterns.iter().filter(|pattern| !Self::is_empty(pattern)).map(finder).collect())
    }

    /// Whether nothing is left of a pattern that could be looked for.
    pub(super) fn is_empty(pattern: &str) -> bool {
        !words(pattern).contains(|c: char| c.is_alphanumeric())
    }

    pub(super) fn found_in(&self, text: &str) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let words = words(text);
        self.0.iter().any(|finder| finder.find(words.as_bytes()).is_some())
    }
}

/// The words of a text in folded letters, each with a blank before and after it, as ` hey @bot `.
///
/// `@`, `#` and `_` belong to words, as they do in names. A dot or a dash does where a word goes on behind it at once, since
/// `@bot.example` is somebody else, and `@bot.` the end of a sentence. Scripts without blanks have words of one character.
fn words(text: &str) -> String {
    let mut words = Words { text: String::with_capacity(text.len() + 2), joint: None };
    words.text.push(' ');
    for c in text.chars() {
        match fold(c) {
            Folded::Sequence(parts) => parts.chars().for_each(|part| words.push(fold(part))),
            folded => words.push(folded),
        }
    }
    words.end();
    words.text
}

struct Words {
    text: String,
    /// A dot or dash that belongs to the word only if it goes on.
    joint: Option<char>,
}

impl Words {
    fn push(&mut self, folded: Folded) {
        match folded {
            Folded::Letter(c) | Folded::Mark(c) => self.letter(c),
            Folded::Symbol(c) if c.is_alphanumeric() || matches!(c, '@' | '#' | '_') => self.letter(c),
            Folded::Symbol(c @ ('.' | '-')) if !self.text.ends_with(' ') && self.joint.is_none() => {
                self.joint = Some(c)
            }
            Folded::Wide(c) => {
                self.end();
                self.text.push(c);
                self.end();
            }
            Folded::Drop | Folded::Sequence(_) => {}
            Folded::Symbol(_) | Folded::Blank => self.end(),
        }
    }

    fn letter(&mut self, c: char) {
        if let Some(joint) = self.joint.take() {
            self.text.push(joint);
        }
        self.text.push(c);
    }

    fn end(&mut self) {
        self.joint = None;
        if !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_of_folded_text_name_the_agent() {
        let named = |pattern: &str, text: &str| Mentions::new(&[pattern.to_owned()]).found_in(text);
        let cases = [
            ("@bot", "@bot", true),
            ("@bot", "so, @Bot, what now?", true),
            ("@bot", "ask @bot.", true),
            ("@bot", "@𝐁𝗼𝘁!", true),
            ("@bot", "@b\u{200b}ot", true),
            ("@bot", "bot", false),
            ("@bot", "@bots", false),
            ("@bot", "@bot_2", false),
            ("@bot", "@bot.example", false),
            ("@bot", "@bot-2", false),
            ("@bot", "me@bot", false),
            ("hey bot", "HEY,  bot: hello", true),
            ("hey bot", "they bot", false),
            ("hey bot", "hey robot", false),
            ("бот", "Эй, Бот!", true),
            ("机器人", "你好机器人在吗", true),
            ("机器人", "你好机人器", false),
            ("½ bot", "1/2 bot", true),
            ("bot", "", false),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(named(pattern, text), expected, "{pattern} in {text}");
        }
        assert!(Mentions::is_empty("!?") && Mentions::is_empty("@") && !Mentions::is_empty("@a"));
    }
}
