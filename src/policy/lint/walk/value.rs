//! What a term is worth on one path.

use std::rc::Rc;

use crate::facts::{Ask, FactId};

/// The most values that a computed one is followed through. INVARIANT: nested values are freed by recursion, and a long
/// policy adds to the same variable for thousands of lines.
const MADE_OF: usize = 64;

/// A value, as far as it is known before there is an event.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'o> {
    Unit,
    Bool(bool),
    /// A constant of the file that is yes or no.
    Switch(bool),
    Number(i64),
    /// A fact that was read and not yet looked at.
    Fact(FactId),
    /// A question that was asked and not yet looked at.
    Asked(Ask, &'o [String]),
    /// Computed from facts, with how many values it is made of.
    Made(&'o str, Rc<[Value<'o>]>, usize),
    /// A text, an event, or something that cannot be followed.
    Unknown,
}

impl<'o> Value<'o> {
    /// The value of an operator over values; unknown if it is made of too many.
    pub(super) fn made(operator: &'o str, operands: Vec<Self>) -> Self {
        let size = operands.iter().fold(1, |size, operand| size + operand.size());
        if size > MADE_OF {
            return Self::Unknown;
        }
        let made = Self::Made(operator, operands.into(), size);
        match made.number(&|_| None) {
            Some(number) => Self::Number(number),
            None => made,
        }
    }

    const fn size(&self) -> usize {
        match self {
            Self::Made(_, _, size) => *size,
            _ => 1,
        }
    }

    /// The value on either of two ways.
    pub(super) fn join(&mut self, other: Self) {
        if *self != other {
            *self = Self::Unknown;
        }
    }

    /// The number that it is if facts have the values of `fact`; none if that is not known, or an error when it runs.
    pub(super) fn number(&self, fact: &dyn Fn(FactId) -> Option<i64>) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Fact(id) => fact(*id),
            Self::Made(operator, operands, _) => match (*operator, &**operands) {
                ("-", [only]) => only.number(fact)?.checked_neg(),
                (_, [left, right]) => {
                    let (left, right) = (left.number(fact)?, right.number(fact)?);
                    match *operator {
                        "+" => left.checked_add(right),
                        "-" => left.checked_sub(right),
                        "*" => left.checked_mul(right),
                        "/" => left.checked_div(right),
                        "%" => left.checked_rem(right),
                        _ => None,
                    }
                }
                _ => None,
            },
            _ => None,
        }
    }
}

/// Whether a comparison of two numbers holds; none if `operator` is no comparison.
pub(super) fn compare(operator: &str, left: i64, right: i64) -> Option<bool> {
    Some(match operator {
        "==" => left == right,
        "!=" => left != right,
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        ">=" => left >= right,
        _ => return None,
    })
}
