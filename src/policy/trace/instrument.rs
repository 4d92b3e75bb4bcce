//! A policy with a call at every statement and around every condition, which takes a note and changes nothing.
//!
//! The syntax tree is that of the policy before anything was folded, so all that is written is in it, at its true place. Rhai
//! has no way to put a changed body into a function, so each function becomes a script of its own, which sees the
//! constants of the file, and a call of one becomes a call of [`ENTER`].

use std::collections::BTreeSet;
use std::mem;
use std::sync::Arc;

use rhai::{AST, ASTNode, Engine, Expr, FnCallExpr, INT, Module, Position, Scope, Stmt, StmtBlock};

use super::extent::Text;
use super::{Branch, Coverable, Place, Role};
use crate::policy::host;

/// `line(number)`: a statement on this line begins.
pub(super) const LINE: &str = "line";
/// `test(branch, value)`: a condition has this value. Gives the value back.
pub(super) const TEST: &str = "test";
/// `enter(function, [arguments])`: calls a function of the policy.
pub(super) const ENTER: &str = "enter";

/// A function of a policy, as a script.
pub(super) struct Body {
    pub(super) name: Arc<str>,
    /// The line on which it begins.
    pub(super) line: u32,
    pub(super) parameters: Vec<String>,
    pub(super) script: AST,
}

/// A whole file.
pub(super) struct Instrumented {
    pub(super) bodies: Arc<[Body]>,
    /// The constants of the file.
    pub(super) constants: Arc<Scope<'static>>,
    pub(super) coverable: Coverable,
}

/// Calls to be copied into a tree: only the parser can make one.
pub(super) struct Calls {
    line: Box<FnCallExpr>,
    test: Box<FnCallExpr>,
    enter: Box<FnCallExpr>,
}

impl Calls {
    pub(super) fn new() -> Option<Self> {
        let mut engine = Engine::new_raw();
        engine.set_optimization_level(rhai::OptimizationLevel::None);
        let script = engine.compile(format!("{LINE}(0); {TEST}(0, 0); {ENTER}(0, [0])")).ok()?;
        let mut calls = script.statements().iter().filter_map(|statement| match statement {
            Stmt::FnCall(call, _) => Some(call.clone()),
            Stmt::Expr(expression) => match &**expression {
                Expr::FnCall(call, _) => Some(call.clone()),
                _ => None,
            },
            _ => None,
        });
        Some(Self { line: calls.next()?, test: calls.next()?, enter: calls.next()? })
    }
}

/// Instruments the functions of a file. `ast` is what the parser made of the text, without optimisation.
pub(super) fn instrument(calls: &Calls, file: &Arc<str>, text: &str, ast: &AST) -> Instrumented {
    let text = Text::new(text);
    let mut found: Vec<Found> = ast.iter_functions().map(|function| Found::new(ast, &function)).collect();
    found.sort_by_key(|function| function.line);
    let names: Vec<(String, usize)> =
        found.iter().map(|function| (function.name.to_string(), function.parameters.len())).collect();
    let mut writer = Writer {
        calls,
        text: &text,
        names: &names,
        function: Arc::default(),
        lines: BTreeSet::new(),
        branches: Vec::new(),
    };
    let mut bodies = Vec::new();
    for Found { name, line, parameters, statements } in found {
        writer.function = Arc::clone(&name);
        let mut block = StmtBlock::new(statements, Position::NONE, Position::NONE);
        writer.block(&mut block);
        let script = AST::new(block, Module::new());
        bodies.push(Body { name, line, parameters, script });
    }
    let functions = bodies.iter().map(|body| (Arc::clone(&body.name), body.line)).collect();
    let lines = writer.lines.into_iter().collect();
    let coverable = Coverable { file: Arc::clone(file), functions, lines, branches: writer.branches };
    let mut constants = Scope::new();
    for (name, _, value) in ast.iter_literal_variables(true, false) {
        constants.push_constant_dynamic(name.to_owned(), value);
    }
    Instrumented { bodies: bodies.into(), constants: Arc::new(constants), coverable }
}

/// A function as it stands in the file.
struct Found {
    name: Arc<str>,
    line: u32,
    parameters: Vec<String>,
    statements: Vec<Stmt>,
}

impl Found {
    fn new(ast: &AST, function: &rhai::ScriptFnMetadata) -> Self {
        let count = function.params.len();
        // The statements can only be reached by a walk over a tree that holds this function alone.
        let mut alone = ast.clone_functions_only();
        alone.retain_functions(|_, _, name, parameters| name == function.name && parameters == count);
        let module: &Module = alone.as_ref();
        let start = module.get_script_fn(function.name, count).map(|def| def.body.start_position());
        let mut statements = Vec::new();
        alone.walk(&mut |path: &[ASTNode]| {
            if let [ASTNode::Stmt(statement)] = path {
                statements.push((*statement).clone());
            }
            true
        });
        Self {
            name: Arc::from(function.name),
            line: start.map_or(0, |start| host::place(start).0),
            parameters: function.params.iter().map(|name| (*name).to_owned()).collect(),
            statements,
        }
    }
}

/// Puts the calls in.
struct Writer<'a> {
    calls: &'a Calls,
    text: &'a Text,
    /// The functions of the file with the numbers of their parameters; a function's place here is its number.
    names: &'a [(String, usize)],
    function: Arc<str>,
    lines: BTreeSet<u32>,
    branches: Vec<Branch>,
}

impl Writer<'_> {
    fn block(&mut self, block: &mut StmtBlock) {
        for mut statement in mem::take(block.statements_mut()) {
            if !matches!(statement, Stmt::Noop(_)) {
                let position = start_of_statement(&statement);
                let (line, _) = host::place(position);
                self.lines.insert(line);
                let mut call = self.calls.line.clone();
                call.args = [Expr::IntegerConstant(INT::from(line), position)].into_iter().collect();
                block.statements_mut().push(Stmt::FnCall(call, position));
            }
            self.statement(&mut statement);
            block.statements_mut().push(statement);
        }
    }

    /// Loops, `switch` and closures are refused by the lint; where a set is made without it, they run unseen.
    fn statement(&mut self, statement: &mut Stmt) {
        match statement {
            Stmt::If(flow, position) => {
                let number = self.branch(Role::If, &flow.expr, Some(*position));
                self.expression(&mut flow.expr);
                self.wrap(&mut flow.expr, number);
                self.block(&mut flow.body);
                self.block(&mut flow.branch);
            }
            Stmt::Var(variable, ..) => self.expression(&mut variable.1),
            Stmt::Assignment(assignment) => self.expression(&mut assignment.1.rhs),
            Stmt::FnCall(call, position) => self.call(call, *position),
            Stmt::Block(block) => self.block(block),
            Stmt::TryCatch(flow, _) => {
                self.block(&mut flow.body);
                self.block(&mut flow.branch);
            }
            Stmt::Expr(expression) => self.expression(expression),
            Stmt::Return(Some(expression), ..) => self.expression(expression),
            _ => {}
        }
    }

    fn expression(&mut self, expression: &mut Expr) {
        match expression {
            Expr::FnCall(call, position) => self.call(call, *position),
            Expr::And(operands, _) | Expr::Or(operands, _) => {
                for operand in operands.iter_mut() {
                    let joined = matches!(operand, Expr::And(..) | Expr::Or(..));
                    let number = if joined { None } else { self.branch(Role::Operand, operand, None) };
                    self.expression(operand);
                    self.wrap(operand, number);
                }
            }
            Expr::Coalesce(operands, _) => operands.iter_mut().for_each(|operand| self.expression(operand)),
            Expr::Stmt(block) => self.block(block),
            Expr::Array(entries, _) => entries.iter_mut().for_each(|entry| self.expression(entry)),
            Expr::Map(map, _) => map.0.iter_mut().for_each(|(_, value)| self.expression(value)),
            _ => {}
        }
    }

    /// A call of a function of the file goes through [`ENTER`].
    fn call(&mut self, call: &mut Box<FnCallExpr>, position: Position) {
        call.args.iter_mut().for_each(|argument| self.expression(argument));
        let is_it = |(name, count): &(String, usize)| *name == *call.name && *count == call.args.len();
        let Some(number) = self.names.iter().position(is_it).filter(|_| call.op_token.is_none()) else { return };
        let arguments = Expr::Array(mem::take(&mut call.args).into_iter().collect(), position);
        let number = Expr::IntegerConstant(INT::try_from(number).unwrap_or(INT::MAX), position);
        let mut enter = self.calls.enter.clone();
        enter.args = [number, arguments].into_iter().collect();
        *call = enter;
    }

    /// Enters a condition into the list; none for a constant, which has one outcome only.
    fn branch(&mut self, role: Role, expression: &Expr, keyword: Option<Position>) -> Option<usize> {
        if expression.is_constant() {
            return None;
        }
        let (place, text) = match keyword {
            Some(keyword) => self.text.condition(keyword.into()),
            None => self.text.operand(start_of(expression).into(), end_of(expression).into()),
        }
        .unwrap_or_else(|| (start_of(expression).into(), String::new()));
        let (text, function) = (Arc::from(text), Arc::clone(&self.function));
        self.branches.push(Branch { place, text, role, function });
        Some(self.branches.len() - 1)
    }

    fn wrap(&self, expression: &mut Expr, branch: Option<usize>) {
        let Some(number) = branch.and_then(|number| INT::try_from(number).ok()) else { return };
        let position = expression.position();
        let mut call = self.calls.test.clone();
        call.args = [Expr::IntegerConstant(number, position), mem::take(expression)].into_iter().collect();
        *expression = Expr::FnCall(call, position);
    }
}

impl From<Position> for Place {
    fn from(position: Position) -> Self {
        let (line, column) = host::place(position);
        Self { line, column }
    }
}

/// Where a statement begins: Rhai gives the operator of an assignment and of a comparison.
fn start_of_statement(statement: &Stmt) -> Position {
    match statement {
        Stmt::Expr(expression) => start_of(expression),
        Stmt::Assignment(assignment) => start_of(&assignment.1.lhs),
        other => other.position(),
    }
}

/// Where an expression begins, but for the brackets around it.
fn start_of(expression: &Expr) -> Position {
    match expression {
        Expr::FnCall(call, position) if call.op_token.is_some() => match call.args.as_slice() {
            [left, _] => start_of(left),
            _ => *position,
        },
        Expr::And(operands, _) | Expr::Or(operands, _) | Expr::Coalesce(operands, _) => {
            operands.first().map_or_else(|| expression.position(), start_of)
        }
        Expr::Dot(parts, ..) | Expr::Index(parts, ..) => start_of(&parts.lhs),
        other => other.start_position(),
    }
}

/// The last position that the tree knows of an expression: that of a name, an operator or a literal.
fn end_of(expression: &Expr) -> Position {
    let mut last = expression.position();
    expression.walk(&mut Vec::new(), &mut |path: &[ASTNode]| {
        if let Some(node) = path.last() {
            last = last.max(node.position());
        }
        true
    });
    last
}
