//! Which values of a number a script can tell apart.
//!
//! A script that reads a number only to compare it, with numbers that are written out and with other facts, takes the same
//! path for all values between two of those. They are taken together, or `quoted > authored` would be a thousand paths.
//! Wherever a number is used in any other way, each value is by itself.

use rhai::{AST, ASTNode, Expr, FnCallExpr, INT, Stmt};

use super::{FactId, Possible, TABLE};
use crate::facts::Domain;

/// Places in the domain of a fact: bit n says that the nth value is not to be taken together with the value before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) struct Cuts(u64);

impl Cuts {
    /// Each value by itself.
    const EVERYWHERE: Self = Self(u64::MAX);

    /// Those of `values`, as bits, that are taken together with the greatest of them.
    pub(super) const fn highest(self, values: u64) -> u64 {
        if values == 0 {
            return 0;
        }
        let up_to_greatest = u64::MAX >> values.leading_zeros();
        let cut = self.0 & up_to_greatest;
        let from = if cut == 0 { 0 } else { 63 - cut.leading_zeros() };
        values & (u64::MAX << from)
    }
}

/// How the numbers are compared.
pub(super) struct Comparisons(Vec<Uses>);

/// What is done with one fact.
#[derive(Clone, Debug, Default)]
struct Uses {
    /// It is read for something else than a comparison.
    otherwise: bool,
    compared: Vec<(Operator, With)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum With {
    Literal(INT),
    Fact(FactId),
}

/// A comparison, with the fact on its left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Less,
    AtMost,
    Equal,
    AtLeast,
    Greater,
}

impl Operator {
    fn of(call: &FnCallExpr) -> Option<Self> {
        Some(match call.name.as_str() {
            "<" => Self::Less,
            "<=" => Self::AtMost,
            "==" | "!=" => Self::Equal,
            ">=" => Self::AtLeast,
            ">" => Self::Greater,
            _ => return None,
        })
    }

    /// The same comparison with its sides exchanged.
    const fn turned(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::AtMost => Self::AtLeast,
            Self::Equal => Self::Equal,
            Self::AtLeast => Self::AtMost,
            Self::Greater => Self::Less,
        }
    }

    /// Whether the outcome for `value` may be another than for a smaller value, held against `other`.
    const fn tells(self, before: INT, value: INT, other: INT) -> bool {
        let below = before < other && other <= value;
        let up_to = before <= other && other < value;
        match self {
            Self::Less | Self::AtLeast => below,
            Self::AtMost | Self::Greater => up_to,
            Self::Equal => below || up_to,
        }
    }
}

impl Comparisons {
    /// Those of all files of a chain.
    pub(super) fn of<'a>(files: impl Iterator<Item = &'a AST>) -> Self {
        let mut all = Self(vec![Uses::default(); TABLE.len()]);
        for file in files {
            file.walk(&mut |path| {
                all.node(path);
                true
            });
        }
        all
    }

    /// Where the values of a fact have to be told apart by events of this set.
    ///
    /// INVARIANT: what the script compares it with is written out or has one value in all of these events; else every value
    /// is by itself. Sets only ever get smaller, so this stays so for what is taken together here.
    pub(super) fn cuts(&self, fact: FactId, possible: &Possible) -> Cuts {
        let (Some(uses), Domain::Number(edges)) = (self.0.get(fact as usize), fact.entry().domain) else {
            return Cuts::EVERYWHERE;
        };
        if uses.otherwise {
            return Cuts::EVERYWHERE;
        }
        let mut cuts = 0;
        for (operator, with) in &uses.compared {
            let other = match with {
                With::Literal(number) => *number,
                With::Fact(fact) => match possible.fixed(*fact) {
                    Some(value) => value.into(),
                    None => return Cuts::EVERYWHERE,
                },
            };
            for (place, pair) in (1_u32..).zip(edges.windows(2)) {
                if let [before, value] = pair
                    && operator.tells((*before).into(), (*value).into(), other)
                {
                    cuts |= 1_u64.checked_shl(place).unwrap_or_default();
                }
            }
        }
        Cuts(cuts)
    }

    /// Notes what is done with the fact at the end of a path through the tree.
    fn node(&mut self, path: &[ASTNode]) {
        let Some(ASTNode::Expr(Expr::Property(property, _))) = path.last() else { return };
        let Some(fact) = FactId::by_name(property.2.as_str()) else { return };
        let Some(uses) = self.0.get_mut(fact as usize) else { return };
        let mut above = path.iter().rev().skip(1);
        let compared = match (above.next(), above.next()) {
            (
                Some(ASTNode::Expr(read)),
                Some(ASTNode::Expr(Expr::FnCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _))),
            ) if number(read) == Some(fact) => compared(call, read),
            _ => None,
        };
        match compared {
            Some(compared) if uses.compared.contains(&compared) => {}
            Some(compared) => uses.compared.push(compared),
            None => uses.otherwise = true,
        }
    }
}

/// What a call compares this side of it with.
fn compared(call: &FnCallExpr, side: &Expr) -> Option<(Operator, With)> {
    let operator = Operator::of(call)?;
    let [left, right] = &*call.args else { return None };
    let (operator, other) = if std::ptr::eq(left, side) {
        (operator, right)
    } else if std::ptr::eq(right, side) {
        (operator.turned(), left)
    } else {
        return None;
    };
    let with = match other {
        Expr::IntegerConstant(number, _) => With::Literal(*number),
        other => With::Fact(number(other)?),
    };
    Some((operator, with))
}

/// The number that an expression reads, if it does nothing else: `m.score`.
fn number(expression: &Expr) -> Option<FactId> {
    let Expr::Dot(dot, ..) = expression else { return None };
    let (Expr::Variable(..), Expr::Property(property, _)) = (&dot.lhs, &dot.rhs) else { return None };
    FactId::by_name(property.2.as_str()).filter(|fact| matches!(fact.entry().domain, Domain::Number(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Kind;
    use crate::policy::{Limits, sandbox};

    /// The classes of `m.score` in a script, each by its smallest value.
    fn classes(body: &str, fixed: &[(FactId, u16)]) -> Vec<u16> {
        let script = format!("fn on_message(m) {{ {body} }}");
        let ast = sandbox::engine(&Limits::default()).compile(&script).unwrap();
        let mut possible = Possible::new(Kind::Message);
        fixed.iter().for_each(|(fact, value)| possible.keep(*fact, |other| other == *value));
        let cuts = Comparisons::of([&ast].into_iter()).cuts(FactId::Score, &possible);
        let mut left = possible.mask(FactId::Score);
        let mut smallest = Vec::new();
        while left != 0 {
            let class = cuts.highest(left);
            smallest.push(u16::try_from(class.trailing_zeros()).unwrap());
            left &= !class;
        }
        smallest.reverse();
        smallest
    }

    #[test]
    fn values_are_told_apart_where_a_comparison_does() {
        let every: Vec<u16> = (0..32).collect();
        let cases: &[(&str, &[u16])] = &[
            ("allow()", &[0]),
            ("m.score >= 8", &[0, 8]),
            ("8 <= m.score", &[0, 8]),
            ("if m.score > 8 || 3 > m.score { allow() }", &[0, 3, 9]),
            ("if m.score == 5 { allow() } else if m.score != 7 { allow() }", &[0, 5, 6, 7, 8]),
            ("m.score >= 0 && m.score < 99 && m.score >= 32", &[0]),
            ("if m.score > 8 { m.score }", &every),
            ("let s = m.score; if s > 8 { allow() }", &every),
            ("if m.score + 1 > 8 { allow() }", &every),
            ("if f(m.score) { allow() }", &every),
            ("if m.score > m.length + 1 { allow() }", &every),
            ("if m.score > m.length { allow() }", &every),
            ("switch m.score { 5 => allow(), _ => drop(\"x\") }", &every),
        ];
        for (body, expected) in cases {
            assert_eq!(classes(body, &[]), *expected, "{body}");
        }
        assert_eq!(classes("if m.score > m.length { allow() }", &[(FactId::Length, 20)]), [0, 21]);
        assert_eq!(
            classes("if m.length > m.score || m.score == 3 { allow() }", &[(FactId::Length, 20)]),
            [0, 3, 4, 20]
        );
    }
}
