//! What programs do, as tables that read like command lines.
//!
//! A line is `program words -options`. Letter case does not matter but for options of one letter.
//!
//! | written | means |
//! |---|---|
//! | `a\|b` | one of these |
//! | `push` | the next word of the command that is no option |
//! | `-f` | this option, alone or among others: `-xf` |
//! | `--force` | this option, cut short (`--forc`) or with a value (`--force=x`) too |
//! | `/s`, `+*`, `of=*`, `@*` | a word that begins so, anywhere |
//! | `x*` | a word that begins with x |
//! | `!-l\|list` | and nothing of this |
//! | `.` | and nothing more; after `!`, not without arguments |
//!
//! To add a program, add a line, and a case in `tests/tool/cases/`.

mod destructive;
mod gate;
mod network;
pub(super) mod places;
mod runs_code;
mod secrets;
mod system;
pub(super) mod uses;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::effect::Effects;
use super::path::may_be;

/// All lines of all tables, by program.
static LINES: LazyLock<HashMap<&'static str, Vec<Line>>> = LazyLock::new(|| {
    let tables = [
        (Effects::DESTRUCTIVE, destructive::LINES),
        (Effects::READS_SECRETS, secrets::LINES),
        (Effects::NETWORK, network::LINES),
        (Effects::CHANGES_SYSTEM, system::LINES),
        (Effects::TOUCHES_GATE, gate::LINES),
        (Effects::RUNS_CODE, runs_code::LINES),
        (Effects::RUNS_CODE | Effects::UNCLEAR, runs_code::UNCLEAR_LINES),
    ];
    let mut lines: HashMap<&'static str, Vec<Line>> = HashMap::new();
    for (effects, table) in tables {
        for text in table {
            let mut parts = text.split(' ');
            let programs = parts.next().unwrap_or_default();
            let tokens: Vec<Token> = parts.map(Token::read).collect();
            for program in programs.split('|') {
                lines.entry(program).or_default().push(Line { tokens: tokens.clone(), effects });
            }
        }
    }
    lines
});

/// A line without its program.
#[derive(Clone, Debug)]
struct Line {
    tokens: Vec<Token>,
    effects: Effects,
}

/// One part of a line.
#[derive(Clone, Debug)]
enum Token {
    /// The next word that is no option.
    Word(Vec<&'static str>),
    /// An argument, wherever it stands.
    Anywhere(Vec<&'static str>),
    /// No such argument.
    Not(Vec<&'static str>),
    /// No arguments at all.
    Alone,
}

impl Token {
    fn read(text: &'static str) -> Self {
        let choices = |text: &'static str| text.split('|').collect();
        match text.as_bytes().first() {
            Some(b'.') if text.len() == 1 => Self::Alone,
            Some(b'!') => Self::Not(choices(text.get(1..).unwrap_or_default())),
            Some(b'-' | b'+' | b'/' | b'@') => Self::Anywhere(choices(text)),
            _ if text.contains('=') => Self::Anywhere(choices(text)),
            _ => Self::Word(choices(text)),
        }
    }
}

/// What a program does with its arguments, as far as the tables know. `program` is its plain name in lower case.
pub(super) fn effects(program: &str, arguments: &[String]) -> Effects {
    let mut effects = Effects::NONE;
    for line in LINES.get(program).into_iter().flatten() {
        if !effects.has(line.effects) && line.fits(arguments) {
            effects |= line.effects;
        }
    }
    effects
}

impl Line {
    fn fits(&self, arguments: &[String]) -> bool {
        let mut at = 0;
        self.tokens.iter().all(|token| match token {
            Token::Alone => arguments.is_empty(),
            Token::Anywhere(choices) => arguments.iter().any(|argument| is_one(choices, argument)),
            Token::Not(choices) => {
                let first = arguments.iter().find(|argument| !is_option(argument));
                !choices.iter().any(|choice| {
                    if *choice == "." {
                        arguments.is_empty()
                    } else if is_option(choice) || choice.starts_with(['/', '+', '@']) {
                        arguments.iter().any(|argument| is_one(&[choice], argument))
                    } else {
                        first.is_some_and(|first| is_one(&[choice], first))
                    }
                })
            }
            Token::Word(choices) => {
                // A word right behind an option may be its value, so it may be passed over.
                let mut behind_option = false;
                for argument in arguments.iter().skip(at) {
                    at += 1;
                    if is_option(argument) {
                        behind_option = !argument.contains('=');
                    } else if is_one(choices, argument) {
                        return true;
                    } else if !std::mem::take(&mut behind_option) {
                        return false;
                    }
                }
                false
            }
        })
    }
}

/// Whether an argument is an option.
pub(super) fn is_option(argument: &str) -> bool {
    argument.len() > 1 && argument.starts_with('-')
}

fn is_one(choices: &[&str], argument: &str) -> bool {
    choices.iter().any(|choice| is(choice, argument))
}

/// Whether an argument is what a table writes.
fn is(choice: &str, argument: &str) -> bool {
    if let Some(long) = choice.strip_prefix("--") {
        let Some(given) = argument.strip_prefix("--") else { return false };
        let given = given.split('=').next().unwrap_or(given);
        // Options may be cut short, as far as they stay the only one.
        return given == long || (given.len() > 3 && long.starts_with(given));
    }
    if let [b'-', letter] = choice.as_bytes()
        && !letter.is_ascii_digit()
    {
        let cluster = argument.strip_prefix('-').filter(|letters| !letters.starts_with('-'));
        return cluster.is_some_and(|letters| {
            letters.bytes().take_while(u8::is_ascii_alphanumeric).any(|given| given == *letter)
        });
    }
    if argument.eq_ignore_ascii_case(choice) {
        return true;
    }
    choice.contains(['*', '?']) && may_be(choice, &argument.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(line: &'static str, command: &str) -> bool {
        let mut parts = line.split(' ');
        let program = parts.next().unwrap();
        let line = Line { tokens: parts.map(Token::read).collect(), effects: Effects::NETWORK };
        let mut words = command.split(' ').filter(|word| !word.is_empty());
        assert!(program.split('|').any(|name| Some(name) == words.clone().next()));
        words.next();
        line.fits(&words.map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn a_line_fits_what_its_table_says() {
        let yes = [
            ("git push -f|--force", "git push --force origin"),
            ("git push -f|--force", "git -C dir push -uf"),
            ("git push -f|--force", "git push origin --forc"),
            ("aws s3 rm|rb", "aws --profile x s3 rm s3://b"),
            ("crontab !-l", "crontab -"),
            ("crontab !-l", "crontab file"),
            ("env .", "env"),
            ("dd of=*", "dd if=x of=/dev/sda"),
            ("systemctl !status|show", "systemctl stop x"),
            ("del /s|/q", "del x /S"),
            ("find -delete", "find . -delete"),
        ];
        for (line, command) in yes {
            assert!(fits(line, command), "{line}: {command}");
        }
        let no = [
            ("git push -f|--force", "git push origin"),
            ("git push -f|--force", "git commit push -f"),
            ("git push -f|--force", "git push --follow-tags"),
            ("crontab !-l", "crontab -l"),
            ("env .", "env A=1 ls"),
            ("systemctl !status|show", "systemctl --user status x"),
            ("find -delete", "find . -depth"),
        ];
        for (line, command) in no {
            assert!(!fits(line, command), "{line}: {command}");
        }
    }

    #[test]
    fn every_line_is_written_as_the_tables_are() {
        for (program, lines) in LINES.iter() {
            assert!(!program.is_empty() && *program == program.to_lowercase(), "{program}");
            assert!(lines.iter().all(|line| !line.effects.names().next().unwrap().is_empty()), "{program}");
        }
    }
}
