//! Reads Rhai's syntax tree. All knowledge of its nodes is here, in `types` and at the top of `outline`.

use std::collections::HashMap;

use rhai::{AST, ASTNode, Expr, FnCallExpr, Position, Stmt};

use super::outline::{Argument, Constant, Function, Place, Sighting, What};
use super::refused::Refused;
use super::tree::{Block, Trees};
use super::types::{Type, Variables, is_comparison};
use crate::diagnostic::Source;
use crate::policy::call::Call;
use crate::policy::options;

/// The types of parameters, by the name of the function and the number of its parameters.
pub(super) type Parameters = HashMap<(String, usize), Vec<Option<Type>>>;

/// Reads the functions of a file, in their order.
pub(super) fn functions(ast: &AST, source: &Source, literals: &Literals, parameters: &Parameters) -> Vec<Function> {
    let read = |found: rhai::ScriptFnMetadata| {
        // `clone_functions_only_filtered` of Rhai 1.27 keeps every function, whatever the filter says.
        let mut body = ast.clone_functions_only();
        body.retain_functions(|_, _, name, parameters| name == found.name && parameters == found.params.len());
        let module: &rhai::Module = body.as_ref();
        let start = module.get_script_fn(found.name, found.params.len()).map(|def| def.body.start_position());
        let place = name_place(source, found.name, start.map(Place::from).unwrap_or_default());
        let mut reader = Reader::new(literals);
        if let Some(types) = parameters.get(&(found.name.to_owned(), found.params.len())) {
            found.params.iter().zip(types).for_each(|(name, kind)| reader.variables.set(name, *kind));
        }
        if found.this_type.is_some() {
            reader.see(What::Refused(Refused::TypedFunction), place);
        }
        let mut statements = Block::default();
        body.walk(&mut |path| {
            // Rhai does not hand out the body itself; what stands in no other node is a statement of it.
            if let [ASTNode::Stmt(statement)] = path {
                Trees { literals }.add(statement, &mut statements);
            }
            reader.node(path);
            true
        });
        Function {
            name: found.name.to_owned(),
            parameters: found.params.iter().map(|name| (*name).to_owned()).collect(),
            place,
            sightings: reader.sightings,
            body: statements,
        }
    };
    let mut functions: Vec<Function> = ast.iter_functions().map(read).collect();
    functions.sort_by_key(|function| (function.place.line, function.place.column));
    functions
}

/// The place of a function's name: Rhai knows only where the body begins.
fn name_place(source: &Source, name: &str, body: Place) -> Place {
    let line = source.text.lines().nth((body.line as usize).saturating_sub(1)).unwrap_or_default();
    let before: String = line.chars().take(body.column as usize).collect();
    match before.rfind(name).and_then(|byte| before.get(..byte)) {
        Some(indent) => Place { line: body.line, column: u32::try_from(indent.chars().count() + 1).unwrap_or(1) },
        None => body,
    }
}

/// The constants of the file that functions see.
#[derive(Debug, Default)]
pub(super) struct Literals(pub(super) Vec<(String, Constant)>);

impl Literals {
    /// The constant with this name.
    pub(super) fn get(&self, name: &str) -> Option<&Constant> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, constant)| constant)
    }

    /// The text that a name stands for, if it stands for one.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Constant::Text(text)) => Some(text),
            _ => None,
        }
    }
}

/// Reads the nodes of one function.
struct Reader<'l> {
    literals: &'l Literals,
    variables: Variables,
    sightings: Vec<Sighting>,
}

impl<'l> Reader<'l> {
    fn new(literals: &'l Literals) -> Self {
        let mut variables = Variables::default();
        for (name, constant) in &literals.0 {
            variables.set(name, Some(constant.kind()));
        }
        Self { literals, variables, sightings: Vec::new() }
    }

    fn see(&mut self, what: What, place: impl Into<Place>) {
        self.sightings.push(Sighting { what, place: place.into() });
    }

    /// Reads the last node of a path.
    fn node(&mut self, path: &[ASTNode]) {
        let parent = path.len().checked_sub(2).and_then(|index| path.get(index));
        match path.last() {
            Some(ASTNode::Stmt(statement)) => self.statement(statement),
            Some(ASTNode::Expr(expression)) => self.expression(expression, parent),
            _ => {}
        }
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::While(_, pos) | Stmt::Do(_, _, pos) | Stmt::For(_, pos) => {
                self.see(What::Refused(Refused::Loop), *pos);
            }
            Stmt::Switch(_, pos) => self.see(What::Refused(Refused::Switch), *pos),
            Stmt::If(flow, _) => self.condition(&flow.expr),
            Stmt::Var(var, ..) => self.see(What::Named(var.0.as_str().to_owned()), var.0.pos),
            Stmt::Assignment(assignment) if !matches!(assignment.1.lhs, Expr::Variable(..)) => {
                self.see(What::Refused(Refused::Assignment), assignment.1.lhs.start_position());
            }
            Stmt::FnCall(call, pos) => self.call(call, *pos),
            Stmt::Share(_) => self.see(What::Refused(Refused::Closure), statement.position()),
            _ => {}
        }
        self.variables.follow(statement);
    }

    fn expression(&mut self, expression: &Expr, parent: Option<&ASTNode>) {
        let pos = expression.position();
        match expression {
            Expr::Property(property, pos) => self.see(What::Read(property.2.to_string()), *pos),
            Expr::MethodCall(call, pos) => {
                let arguments = self.arguments(call);
                self.see(What::Method { name: call.name.to_string(), arguments }, *pos);
            }
            Expr::FnCall(call, pos) => self.call(call, *pos),
            Expr::And(operands, _) | Expr::Or(operands, _) => operands.iter().for_each(|one| self.condition(one)),
            Expr::Dot(dot, ..) => {
                // A longer chain is nested on the right, so its outermost dot is the one without a plain right side.
                let plain = matches!(dot.rhs, Expr::Property(..) | Expr::MethodCall(..));
                if !(plain && matches!(dot.lhs, Expr::Variable(..) | Expr::ThisPtr(_) | Expr::Property(..))) {
                    self.see(What::Refused(Refused::Parts), pos);
                }
            }
            Expr::Index(..) => self.see(What::Refused(Refused::Index), pos),
            Expr::ThisPtr(_) => self.see(What::Refused(Refused::This), pos),
            Expr::Variable(variable, ..) => self.see(What::Used(variable.1.to_string()), pos),
            Expr::InterpolatedString(..) => self.see(What::Refused(Refused::Template), pos),
            Expr::DynamicConstant(value, _) if value.is_fnptr() => self.see(What::Refused(Refused::Closure), pos),
            Expr::Array(..) if !matches!(parent, Some(ASTNode::Expr(Expr::MethodCall(..) | Expr::Map(..)))) => {
                self.see(What::Refused(Refused::List), pos);
            }
            Expr::Map(..) => {
                let call = match parent {
                    Some(ASTNode::Expr(Expr::FnCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _))) => Some(call),
                    _ => None,
                };
                if call.and_then(|call| Call::by_name(&call.name)).is_none() {
                    self.see(What::Refused(Refused::Options), pos);
                }
            }
            _ => {}
        }
    }

    fn call(&mut self, call: &FnCallExpr, pos: Position) {
        if call.op_token.is_none() {
            let what = match call.name.as_str() {
                "contains" => What::Refused(Refused::In),
                _ => What::Call { name: call.name.to_string(), arguments: self.arguments(call) },
            };
            return self.see(what, pos);
        }
        match call.args.as_slice() {
            _ if matches!(call.name.as_str(), ".." | "..=") => self.see(What::Refused(Refused::Range), pos),
            [only] if call.name == "!" => self.condition(only),
            [left, right] => {
                let (Some(left), Some(right)) = (self.variables.of(left), self.variables.of(right)) else { return };
                // Order means nothing for a yes or no, and arithmetic with it is an error when it runs.
                let ordered = left == Type::Bool && !matches!(call.name.as_str(), "==" | "!=" | "&" | "|" | "^");
                if left != right || (ordered && is_comparison(call)) {
                    self.see(What::Unlike { operator: call.name.to_string(), left, right }, pos);
                }
            }
            _ => {}
        }
    }

    fn condition(&mut self, expression: &Expr) {
        if let Some(found @ (Type::Number | Type::Text)) = self.variables.of(expression) {
            self.see(What::Condition(found), expression.start_position());
        }
    }

    fn arguments(&self, call: &FnCallExpr) -> Vec<Argument> {
        call.args.iter().map(|argument| self.argument(argument)).collect()
    }

    fn argument(&self, expression: &Expr) -> Argument {
        use options::Value;
        let mut argument = Argument {
            place: expression.start_position().into(),
            value: Value::Unknown,
            kind: self.variables.of(expression),
            entries: Vec::new(),
            options: None,
        };
        match expression {
            Expr::StringConstant(text, _) => argument.value = Value::Text(text.to_string()),
            Expr::IntegerConstant(..) => argument.value = Value::Other("a number"),
            Expr::BoolConstant(..) => argument.value = Value::Other("a yes or no"),
            Expr::Unit(_) => argument.value = Value::Other("nothing"),
            Expr::Variable(variable, ..) => {
                argument.value = match self.literals.get(&variable.1) {
                    Some(Constant::Text(text)) => Value::Text(text.clone()),
                    Some(constant) => Value::Other(constant.kind().name()),
                    None => Value::Unknown,
                };
            }
            Expr::Array(list, _) => {
                let entries: Vec<Argument> = list.iter().map(|entry| self.argument(entry)).collect();
                argument.entries = entries.iter().map(|entry| entry.place).collect();
                argument.value = Value::List(entries.into_iter().map(|entry| entry.value).collect());
            }
            Expr::Map(map, _) => {
                let option = |(name, value): &(rhai::Ident, Expr)| {
                    (name.as_str().to_owned(), Place::from(name.pos), self.argument(value))
                };
                argument.value = Value::Other("options");
                argument.options = Some(map.0.iter().map(option).collect());
            }
            _ => {}
        }
        argument
    }
}
