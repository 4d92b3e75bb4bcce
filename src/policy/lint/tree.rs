//! The statements of a function as a tree: what follows what, and what decides whether it does.
//!
//! [`Outline`](super::Outline) lists what stands in a file; this is how it hangs together. Only files without an error are
//! [walked](super::walk), so what policies cannot do has no shape of its own here.

use rhai::{ASTFlags, Expr, FnCallExpr, Stmt, StmtBlock};

use super::outline::Place;
use super::reader::Literals;
use crate::facts::{Ask, FactId};

/// Statements that stand in `{ … }`.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Block(pub(super) Vec<Step>);

/// A statement.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) place: Place,
    pub(super) does: Does,
}

#[derive(Debug, PartialEq)]
pub(super) enum Does {
    If { condition: Term, then: Block, otherwise: Block },
    Try { body: Block, handler: Block, error: Option<String> },
    Block(Block),
    Let { name: String, value: Term },
    Set { name: String, value: Term, whole: bool },
    Return(Option<Term>),
    Throw(Option<Term>),
    Value(Term),
    Other,
}

/// Something that has a value.
#[derive(Debug)]
pub(super) struct Term {
    pub(super) place: Place,
    pub(super) is: Is,
}

#[derive(Debug, PartialEq)]
pub(super) enum Is {
    Unit,
    Bool(bool),
    Number(i64),
    Text(String),
    /// A variable, or a constant of the file.
    Name(String),
    Fact(FactId),
    Asked(Ask, Vec<String>),
    Call(String, Vec<Term>),
    Operator(String, Vec<Term>),
    All(Vec<Term>),
    Any(Vec<Term>),
    Block(Block),
    Other(Vec<Term>),
}

/// Two statements are equal if they say the same, wherever they stand.
impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        self.does == other.does
    }
}

/// Two terms are equal if they say the same, wherever they stand.
impl PartialEq for Term {
    fn eq(&self, other: &Self) -> bool {
        self.is == other.is
    }
}

impl Block {
    /// Shows every term in it.
    pub(super) fn each(&self, look: &mut dyn FnMut(&Term)) {
        for step in &self.0 {
            match &step.does {
                Does::If { condition, then, otherwise } => {
                    condition.each(look);
                    then.each(look);
                    otherwise.each(look);
                }
                Does::Try { body, handler, .. } => {
                    body.each(look);
                    handler.each(look);
                }
                Does::Block(block) => block.each(look),
                Does::Let { value, .. } | Does::Set { value, .. } | Does::Value(value) => value.each(look),
                Does::Return(Some(value)) | Does::Throw(Some(value)) => value.each(look),
                Does::Return(None) | Does::Throw(None) | Does::Other => {}
            }
        }
    }
}

impl Term {
    /// Shows it, and every term in it.
    pub(super) fn each(&self, look: &mut dyn FnMut(&Self)) {
        look(self);
        match &self.is {
            Is::Call(_, terms) | Is::Operator(_, terms) | Is::All(terms) | Is::Any(terms) | Is::Other(terms) => {
                terms.iter().for_each(|term| term.each(look));
            }
            Is::Block(block) => block.each(look),
            _ => {}
        }
    }

    /// Whether its value is written out: no fact, variable or call is in it.
    pub(super) fn is_written_out(&self) -> bool {
        match &self.is {
            Is::Unit | Is::Bool(_) | Is::Number(_) | Is::Text(_) => true,
            Is::Operator(_, operands) | Is::All(operands) | Is::Any(operands) => {
                operands.iter().all(Self::is_written_out)
            }
            _ => false,
        }
    }
}

/// Reads Rhai's nodes. INVARIANT: the parser bounds how deep they are nested, so recursion is bounded too.
pub(super) struct Trees<'l> {
    pub(super) literals: &'l Literals,
}

impl Trees<'_> {
    fn block(&self, block: &StmtBlock) -> Block {
        let mut read = Block::default();
        block.iter().for_each(|statement| self.add(statement, &mut read));
        read
    }

    /// Adds a statement to those before it.
    pub(super) fn add(&self, statement: &Stmt, to: &mut Block) {
        if !statement.is_noop() {
            to.0.push(self.step(statement));
        }
    }

    fn step(&self, statement: &Stmt) -> Step {
        let place = Place::from(statement.position());
        let optional = |value: &Option<Box<Expr>>| value.as_deref().map(|value| self.term(value));
        let does = match statement {
            Stmt::If(flow, _) => Does::If {
                condition: self.term(&flow.expr),
                then: self.block(&flow.body),
                otherwise: self.block(&flow.branch),
            },
            Stmt::TryCatch(flow, _) => Does::Try {
                body: self.block(&flow.body),
                handler: self.block(&flow.branch),
                error: match &flow.expr {
                    Expr::Variable(variable, ..) => Some(variable.1.to_string()),
                    _ => None,
                },
            },
            Stmt::Block(block) => Does::Block(self.block(block)),
            Stmt::Var(var, ..) => Does::Let { name: var.0.as_str().to_owned(), value: self.term(&var.1) },
            Stmt::Assignment(assignment) => match &assignment.1.lhs {
                Expr::Variable(variable, ..) => Does::Set {
                    name: variable.1.to_string(),
                    value: self.term(&assignment.1.rhs),
                    whole: !assignment.0.is_op_assignment(),
                },
                _ => Does::Other,
            },
            Stmt::Return(value, flags, _) if flags.contains(ASTFlags::BREAK) => Does::Throw(optional(value)),
            Stmt::Return(value, ..) => Does::Return(optional(value)),
            Stmt::FnCall(call, _) => Does::Value(Term { place, is: self.call(call) }),
            Stmt::Expr(expression) => Does::Value(self.term(expression)),
            _ => Does::Other,
        };
        Step { place, does }
    }

    fn term(&self, expression: &Expr) -> Term {
        let is = match expression {
            Expr::Unit(_) => Is::Unit,
            Expr::BoolConstant(value, _) => Is::Bool(*value),
            Expr::IntegerConstant(value, _) => Is::Number(*value),
            Expr::StringConstant(text, _) => Is::Text(text.to_string()),
            Expr::Variable(variable, ..) => Is::Name(variable.1.to_string()),
            Expr::Stmt(block) => Is::Block(self.block(block)),
            Expr::FnCall(call, _) => self.call(call),
            Expr::And(operands, _) => Is::All(operands.iter().map(|operand| self.term(operand)).collect()),
            Expr::Or(operands, _) => Is::Any(operands.iter().map(|operand| self.term(operand)).collect()),
            Expr::Map(map, _) => Is::Other(map.0.iter().map(|(_, value)| self.term(value)).collect()),
            Expr::Dot(dot, ..) => match &dot.rhs {
                Expr::Property(property, _) => match FactId::by_name(&property.2) {
                    Some(fact) => Is::Fact(fact),
                    None => Is::Other(Vec::new()),
                },
                Expr::MethodCall(call, _) => self.question(call),
                _ => Is::Other(Vec::new()),
            },
            _ => Is::Other(Vec::new()),
        };
        Term { place: expression.start_position().into(), is }
    }

    fn call(&self, call: &FnCallExpr) -> Is {
        let arguments = call.args.iter().map(|argument| self.term(argument)).collect();
        let name = call.name.to_string();
        if call.op_token.is_some() { Is::Operator(name, arguments) } else { Is::Call(name, arguments) }
    }

    fn question(&self, call: &FnCallExpr) -> Is {
        let Some(ask) = Ask::ALL.into_iter().find(|ask| ask.name() == call.name.as_str()) else {
            return Is::Other(Vec::new());
        };
        let text = |expression: &Expr| match expression {
            Expr::StringConstant(text, _) => Some(text.to_string()),
            Expr::Variable(variable, ..) => self.literals.text(&variable.1).map(str::to_owned),
            _ => None,
        };
        let texts = match call.args.first() {
            Some(Expr::Array(list, _)) => list.iter().map(text).collect(),
            Some(one) => text(one).map(|text| vec![text]),
            None => None,
        };
        texts.map_or_else(|| Is::Other(Vec::new()), |texts| Is::Asked(ask, texts))
    }
}
