//! The types of what stands in a comparison, as far as they are plain to see.
//!
//! Rhai compares things of different types without an error: `m.suspect >= 5` is always no. In a filter that is a hole.

use std::collections::HashMap;

use rhai::{Expr, FnCallExpr, Stmt};

use crate::facts::{Ask, Domain, FactId};

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum Type {
    Bool,
    Number,
    Text,
}

impl Type {
    /// With its article, for a message.
    pub(in crate::policy) const fn name(self) -> &'static str {
        match self {
            Self::Bool => "a yes or no",
            Self::Number => "a number",
            Self::Text => "a text",
        }
    }
}

/// The types of the variables of one function; none where a variable has had two.
#[derive(Debug, Default)]
pub(super) struct Variables(HashMap<String, Option<Type>>);

impl Variables {
    pub(super) fn set(&mut self, name: &str, value: Option<Type>) {
        self.0.insert(name.to_owned(), value);
    }

    /// Follows a statement that names or changes a variable.
    pub(super) fn follow(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Var(var, ..) => {
                let found = self.of(&var.1);
                self.0.entry(var.0.as_str().to_owned()).and_modify(|known| *known = None).or_insert(found);
            }
            Stmt::Assignment(assignment) => {
                if let Expr::Variable(variable, ..) = &assignment.1.lhs {
                    self.0.insert(variable.1.to_string(), None);
                }
            }
            _ => {}
        }
    }

    /// The type of an expression; none where it is not plain to see.
    pub(super) fn of(&self, expression: &Expr) -> Option<Type> {
        match expression {
            Expr::BoolConstant(..) | Expr::And(..) | Expr::Or(..) => Some(Type::Bool),
            Expr::IntegerConstant(..) => Some(Type::Number),
            Expr::StringConstant(..) | Expr::InterpolatedString(..) => Some(Type::Text),
            Expr::Variable(variable, ..) => self.0.get(variable.1.as_str()).copied().flatten(),
            Expr::FnCall(call, _) => self.of_operator(call),
            Expr::Dot(dot, ..) => match &dot.rhs {
                Expr::Property(property, _) => FactId::by_name(&property.2).map(|fact| match fact.entry().domain {
                    Domain::Bool => Type::Bool,
                    Domain::Number(_) => Type::Number,
                }),
                Expr::MethodCall(call, _) => {
                    Ask::ALL.iter().any(|ask| ask.name() == call.name.as_str()).then_some(Type::Bool)
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn of_operator(&self, call: &FnCallExpr) -> Option<Type> {
        call.op_token.as_ref()?;
        if is_comparison(call) || call.name == "!" {
            return Some(Type::Bool);
        }
        let mut types = call.args.iter().map(|argument| self.of(argument));
        let first = types.next()??;
        types.all(|other| other == Some(first)).then_some(first)
    }
}

/// Whether a call is one of `==`, `!=`, `<`, `<=`, `>`, `>=`.
pub(super) fn is_comparison(call: &FnCallExpr) -> bool {
    call.op_token.is_some() && matches!(call.name.as_str(), "==" | "!=" | "<" | "<=" | ">" | ">=")
}
