//! A policy as a list of tokens, and what stands where among them.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use rhai::Token;

use crate::diagnostic::Source;
use crate::facts::FactId;
use crate::policy::lint::Place;
use crate::policy::{Limits, sandbox};

/// The tokens of a policy.
pub(super) struct Script<'s> {
    pub(super) text: &'s str,
    pub(super) tokens: Vec<Spot>,
    /// The facts that names stand for: `let score = m.score`.
    facts: HashMap<String, FactId>,
    /// The tokens that name a constant's value: `const LIMIT = 8`.
    constants: HashMap<String, usize>,
}

/// A token with its bytes. The end is that of the last character that belongs to it.
pub(super) struct Spot {
    pub(super) token: Token,
    pub(super) range: Range<usize>,
}

impl<'s> Script<'s> {
    pub(super) fn read(source: &'s Source) -> Option<Self> {
        let text: &str = &source.text;
        let mut starts = vec![0];
        starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        let byte = |place: Place| {
            let start = *starts.get((place.line as usize).checked_sub(1)?)?;
            let line = text.get(start..)?;
            let column = (place.column as usize).checked_sub(1)?;
            Some(start + line.char_indices().nth(column).map_or(line.len(), |(at, _)| at))
        };
        let engine = sandbox::reader(&Limits::default());
        let mut tokens: Vec<Spot> = Vec::new();
        let inputs = [text];
        for (token, position) in engine.lex(&inputs).0 {
            match token {
                Token::EOF => break,
                Token::LexError(_) => return None,
                _ => {}
            }
            let start = byte(Place::from(position))?;
            tokens.push(Spot { range: start..start + length(&token, text.get(start..)?), token });
        }
        let mut script = Self { text, tokens, facts: HashMap::new(), constants: HashMap::new() };
        for index in 0..script.tokens.len() {
            script.name(index);
        }
        Some(script)
    }

    pub(super) fn token(&self, index: usize) -> Option<&Token> {
        self.tokens.get(index).map(|spot| &spot.token)
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &'s str {
        self.text.get(range).unwrap_or_default()
    }

    pub(super) fn identifier(&self, index: usize) -> Option<&str> {
        match self.token(index)? {
            Token::Identifier(name) => Some(name.as_str()),
            _ => None,
        }
    }

    /// Remembers what `let name = m.fact;` and `const NAME = 8;` give a name to.
    fn name(&mut self, index: usize) {
        let is_const = match self.token(index) {
            Some(Token::Let) => false,
            Some(Token::Const) => true,
            _ => return,
        };
        let Some(name) = self.identifier(index + 1).map(str::to_owned) else { return };
        if self.token(index + 2) != Some(&Token::Equals) {
            return;
        }
        if is_const && matches!(self.token(index + 3), Some(Token::IntegerConstant(_))) {
            self.constants.insert(name, index + 3);
        } else if let Some(fact) = self.fact_after(index + 3)
            && self.token(index + 6) == Some(&Token::SemiColon)
        {
            self.facts.insert(name, fact);
        }
    }

    /// The fact of `m.fact`, or of a name for it, that begins at a token.
    fn fact_after(&self, index: usize) -> Option<FactId> {
        let name = self.identifier(index)?;
        if self.token(index + 1) == Some(&Token::Period) {
            return FactId::by_name(self.identifier(index + 2)?);
        }
        self.facts.get(name).copied()
    }

    /// The fact of `m.fact`, or of a name for it, that ends before a token.
    fn fact_before(&self, index: usize) -> Option<FactId> {
        let last = index.checked_sub(1)?;
        let name = self.identifier(last)?;
        if last.checked_sub(1).and_then(|dot| self.token(dot)) == Some(&Token::Period) {
            return FactId::by_name(name);
        }
        self.facts.get(name).copied()
    }

    /// The fact that the number at a token is compared with, be it by way of a constant's name.
    pub(super) fn compared_with(&self, index: usize) -> Option<FactId> {
        let beside = |index: usize| {
            let before = index.checked_sub(1).filter(|operator| self.is_comparison(*operator));
            let fact = before.and_then(|operator| self.fact_before(operator));
            fact.or_else(|| self.fact_after(index + 2).filter(|_| self.is_comparison(index + 1)))
        };
        let name = self.constants.iter().find(|(_, value)| **value == index).map(|(name, _)| name);
        match name {
            None => beside(index),
            Some(name) => {
                let uses = (0..self.tokens.len()).filter(|used| self.identifier(*used) == Some(name.as_str()));
                uses.filter_map(beside).next()
            }
        }
    }

    pub(super) fn is_comparison(&self, index: usize) -> bool {
        matches!(
            self.token(index),
            Some(
                Token::LessThan
                    | Token::LessThanEqualsTo
                    | Token::GreaterThan
                    | Token::GreaterThanEqualsTo
                    | Token::EqualsTo
                    | Token::NotEqualsTo
            )
        )
    }

    /// The bracket that closes the one at a token.
    pub(super) fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for (index, spot) in self.tokens.iter().enumerate().skip(open) {
            depth = depth.saturating_add_signed(step(&spot.token));
            if depth == 0 {
                return Some(index);
            }
        }
        None
    }

    /// What stands as a yes or no: the conditions of `if`, and the operands of `&&` and `||`. Ranges of tokens.
    pub(super) fn terms(&self) -> Vec<Range<usize>> {
        let mut terms = BTreeSet::new();
        for (index, spot) in self.tokens.iter().enumerate() {
            let starts: Vec<usize> = match spot.token {
                Token::If => vec![index + 1],
                Token::And | Token::Or => self.operand_before(index).into_iter().chain([index + 1]).collect(),
                _ => continue,
            };
            terms.extend(starts.into_iter().filter_map(|start| Some((start, self.term_end(start)?))));
        }
        terms.into_iter().map(|(start, end)| start..end).collect()
    }

    /// The token after the last one of the operand that begins at `start`.
    pub(super) fn term_end(&self, start: usize) -> Option<usize> {
        let mut depth = 0_isize;
        for (index, spot) in self.tokens.iter().enumerate().skip(start) {
            let change = step(&spot.token);
            let ends = match spot.token {
                Token::And | Token::Or | Token::SemiColon | Token::Comma => true,
                Token::LeftBrace => true,
                _ => change < 0,
            };
            if depth == 0 && ends {
                return (index > start).then_some(index);
            }
            depth += change;
        }
        None
    }

    /// The first token of the operand that ends before `index`.
    pub(super) fn operand_before(&self, index: usize) -> Option<usize> {
        let mut depth = 0_isize;
        let mut start = index;
        while let Some(before) = start.checked_sub(1) {
            let token = self.token(before)?;
            let change = step(token);
            let begins = matches!(
                token,
                Token::And
                    | Token::Or
                    | Token::If
                    | Token::Equals
                    | Token::Return
                    | Token::SemiColon
                    | Token::Comma
                    | Token::LeftBrace
                    | Token::RightBrace
            );
            if depth == 0 && (begins || change > 0) {
                break;
            }
            depth -= change;
            start = before;
        }
        (start < index).then_some(start)
    }
}

/// One deeper for an opening bracket, one less deep for a closing one.
pub(super) fn step(token: &Token) -> isize {
    match token {
        Token::LeftBrace | Token::LeftParen | Token::LeftBracket | Token::MapStart => 1,
        Token::RightBrace | Token::RightParen | Token::RightBracket => -1,
        _ => 0,
    }
}

/// The bytes of a token that stands at the beginning of `text`.
fn length(token: &Token, text: &str) -> usize {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    match token {
        Token::Identifier(_) | Token::IntegerConstant(_) => text.find(|c| !word(c)).unwrap_or(text.len()),
        // Where a text ends is never asked for: what follows it tells.
        Token::StringConstant(_) | Token::InterpolatedString(_) | Token::CharConstant(_) => 1,
        Token::UnaryMinus | Token::UnaryPlus => 1,
        Token::Unit => text.find(')').map_or(2, |close| close + 1),
        other => other.literal_syntax().len(),
    }
}
