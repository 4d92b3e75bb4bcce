//! A policy file as a plain list of what stands where.

use rhai::{AST, ASTFlags, Expr, Position, Stmt};

use super::reader::{Literals, Parameters, functions};
use super::refused::Refused;
use super::tree::Block;
use super::types::Type;
use crate::diagnostic::Source;
use crate::event::Kind;
use crate::policy::{hook, host, options};

/// A line and a column, from 1; line 0 is the whole file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl From<Position> for Place {
    fn from(position: Position) -> Self {
        let (line, column) = host::place(position);
        Self { line, column }
    }
}

/// A policy file.
#[derive(Debug)]
pub(in crate::policy) struct Outline {
    pub(super) functions: Vec<Function>,
    /// Constants at the top, with their names.
    pub(super) constants: Vec<(String, Place)>,
    /// Statements at the top that are no constants of one value, with what they are.
    pub(super) strays: Vec<(Stray, Place)>,
    /// The constants that are one value, with it.
    pub(super) literals: Literals,
    /// The kinds of event from which each function is reached.
    kinds: Vec<Vec<Kind>>,
}

/// What stands outside of the functions and may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stray {
    Variable,
    Constant,
    Call,
    Other,
}

/// The value of a constant.
#[derive(Debug)]
pub(super) enum Constant {
    Text(String),
    Number(i64),
    Bool(bool),
}

impl Constant {
    /// Its type.
    pub(super) const fn kind(&self) -> Type {
        match self {
            Self::Text(_) => Type::Text,
            Self::Number(_) => Type::Number,
            Self::Bool(_) => Type::Bool,
        }
    }
}

/// A function of the file.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) parameters: Vec<String>,
    pub(super) place: Place,
    pub(super) sightings: Vec<Sighting>,
    pub(super) body: Block,
}

/// One thing that stands in a function.
#[derive(Debug)]
pub(super) struct Sighting {
    pub(super) what: What,
    pub(super) place: Place,
}

#[derive(Debug)]
pub(super) enum What {
    /// `m.score`
    Read(String),
    /// `m.says("…")`
    Method {
        name: String,
        arguments: Vec<Argument>,
    },
    /// `drop("…")`, `helper(m)`
    Call {
        name: String,
        arguments: Vec<Argument>,
    },
    /// `let score = …`
    Named(String),
    /// A variable or constant, by its name.
    Used(String),
    /// A comparison of two types, or arithmetic with them.
    Unlike {
        operator: String,
        left: Type,
        right: Type,
    },
    /// A condition that is neither yes nor no.
    Condition(Type),
    Refused(Refused),
}

/// An argument of a call.
#[derive(Debug)]
pub(super) struct Argument {
    pub(super) place: Place,
    pub(super) value: options::Value,
    /// Its type, where that is plain to see.
    pub(super) kind: Option<Type>,
    /// Places of the entries of a list.
    pub(super) entries: Vec<Place>,
    /// The options of a `#{…}`.
    pub(super) options: Option<Vec<(String, Place, Argument)>>,
}

impl Argument {
    /// The texts that the argument is, with their places.
    pub(super) fn texts(&self) -> Vec<(&str, Place)> {
        match &self.value {
            options::Value::Text(text) => vec![(text, self.place)],
            options::Value::List(list) => list
                .iter()
                .zip(&self.entries)
                .filter_map(|(value, place)| match value {
                    options::Value::Text(text) => Some((text.as_str(), *place)),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}

impl Outline {
    /// Reads a tree that was parsed without the optimizer, which would hide what stands behind `if false`.
    pub(in crate::policy) fn new(ast: &AST, source: &Source) -> Self {
        let mut outline = Self {
            functions: Vec::new(),
            constants: Vec::new(),
            strays: Vec::new(),
            literals: Literals::default(),
            kinds: Vec::new(),
        };
        for statement in ast.statements() {
            outline.top(statement);
        }
        // What a helper is called with tells the types of its parameters, and so on down the calls. INVARIANT: calls are at
        // most 16 deep when a policy runs, so what is found later could not be reached.
        let mut parameters = Parameters::new();
        for _ in 0..16 {
            outline.functions = functions(ast, source, &outline.literals, &parameters);
            let found = outline.parameter_types();
            if found == parameters {
                break;
            }
            parameters = found;
        }
        outline.kinds = outline.reach();
        outline
    }

    /// The first type that is plain to see for each parameter, by the calls.
    fn parameter_types(&self) -> Parameters {
        let mut types = Parameters::new();
        for sighting in self.functions.iter().flat_map(|function| &function.sightings) {
            let What::Call { name, arguments } = &sighting.what else { continue };
            let known = types.entry((name.clone(), arguments.len())).or_insert_with(|| vec![None; arguments.len()]);
            for (known, argument) in known.iter_mut().zip(arguments) {
                *known = known.or(argument.kind);
            }
        }
        types
    }

    fn top(&mut self, statement: &Stmt) {
        let place = Place::from(statement.position());
        let stray = match statement {
            Stmt::Noop(_) => return,
            Stmt::Var(var, flags, _) if flags.contains(ASTFlags::CONSTANT) => {
                let name = var.0.as_str();
                let value = match &var.1 {
                    Expr::StringConstant(text, _) => Some(Constant::Text(text.to_string())),
                    Expr::IntegerConstant(number, _) => Some(Constant::Number(*number)),
                    Expr::BoolConstant(value, _) => Some(Constant::Bool(*value)),
                    _ => None,
                };
                self.constants.push((name.to_owned(), Place::from(var.0.pos)));
                match value {
                    Some(constant) => return self.literals.0.push((name.to_owned(), constant)),
                    None => Stray::Constant,
                }
            }
            Stmt::Var(..) => Stray::Variable,
            Stmt::FnCall(..) => Stray::Call,
            Stmt::Expr(expression) if matches!(**expression, Expr::FnCall(..)) => Stray::Call,
            _ => Stray::Other,
        };
        self.strays.push((stray, place));
    }

    /// The hooks that the file has, with the place of each in `functions`.
    pub(super) fn hooks(&self) -> impl Iterator<Item = (Kind, usize)> {
        Kind::ALL.into_iter().filter_map(|kind| {
            let is_hook = |function: &Function| function.name == hook(kind) && function.parameters.len() == 1;
            self.functions.iter().position(is_hook).map(|index| (kind, index))
        })
    }

    /// The kinds of event from whose hooks this function is reached.
    pub(super) fn kinds(&self, function: usize) -> Vec<Kind> {
        self.kinds.get(function).cloned().unwrap_or_default()
    }

    /// The functions of the file that this one calls, with the places of the calls.
    pub(super) fn callees(&self, function: usize) -> impl Iterator<Item = (usize, Place)> {
        let sightings = self.functions.get(function).map(|function| function.sightings.as_slice());
        sightings.unwrap_or_default().iter().filter_map(|sighting| match &sighting.what {
            What::Call { name, arguments } => {
                let callee = |found: &Function| found.name == *name && found.parameters.len() == arguments.len();
                self.functions.iter().position(callee).map(|index| (index, sighting.place))
            }
            _ => None,
        })
    }

    fn reach(&self) -> Vec<Vec<Kind>> {
        let mut kinds = vec![Vec::new(); self.functions.len()];
        for (kind, start) in self.hooks() {
            let mut waiting = vec![start];
            while let Some(function) = waiting.pop() {
                let Some(reached) = kinds.get_mut(function).filter(|reached| !reached.contains(&kind)) else {
                    continue;
                };
                reached.push(kind);
                waiting.extend(self.callees(function).map(|(callee, _)| callee));
            }
        }
        kinds
    }
}
