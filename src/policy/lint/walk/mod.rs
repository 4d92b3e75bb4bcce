//! Follows every way through a policy, without an event.
//!
//! A way forks where a fact, a question or a comparison is looked at whose outcome is still open, so it is as exact as
//! [`Known`]: what no way reaches is never reached. Policies have no loops, so ways end. There may be many; beyond some
//! dozens they are followed as one, of which nothing is claimed but what it cannot reach. Steps are counted, and nothing at
//! all is claimed to be unreachable by a walk that was [not complete](Walk::is_complete).

mod known;
mod value;

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use super::outline::{Constant, Function, Outline, Place};
use super::tree::{Block, Does, Is, Step, Term};
use crate::event::Kind;
use crate::facts::{Ask, Domain, FactId, Questions};
use crate::policy::call::Call;

use known::{Known, all, holding};
use value::{Value, compare};

/// Steps of one walk. The starter policies need some hundred.
const STEPS: u32 = 20_000;
/// Ways that are followed each by itself; what is beyond them is followed as one.
const APART: usize = 64;
/// Blocks, terms and calls in each other. INVARIANT: a walk is a recursion, and it needs less stack than the policy itself.
const DEPTH: usize = 100;
/// Variables of one way. A policy that names more fails when it runs.
const VARIABLES: usize = 64;
/// What it costs to look for a witness, in steps.
const WITNESS: u32 = 20;

/// What is known on one way, up to where it is.
#[derive(Clone, Debug)]
pub(super) struct State<'o> {
    known: Box<Known<'o>>,
    variables: Vec<(&'o str, Value<'o>)>,
    /// Whether a fact about the sender's standing was read.
    looked: bool,
    /// Whether it left the file by `next()`.
    pub(super) by_next: bool,
}

impl State<'_> {
    /// At the beginning of a chain.
    pub(super) fn new(kind: Kind) -> Self {
        Self { known: Box::new(Known::new(kind)), variables: Vec::new(), looked: false, by_next: false }
    }

    /// Whether there is an event for certain that comes this way.
    pub(super) fn is_certain(&self) -> bool {
        self.known.has_witness()
    }
}

/// Makes one way of all beyond the first.
fn thin<'o>(ways: &mut Ways<'o, Value<'o>>) {
    if ways.len() <= APART {
        return;
    }
    let mut beyond = ways.split_off(APART).into_iter();
    if let Some((mut state, mut value)) = beyond.next() {
        for (other, other_value) in beyond {
            state.known.join(&other.known);
            state.looked &= other.looked;
            for ((_, known), (_, other)) in state.variables.iter_mut().zip(other.variables) {
                known.join(other);
            }
            value.join(other_value);
        }
        ways.push((state, value));
    }
}

/// Ways that go on, each with a value.
type Ways<'o, T> = Vec<(State<'o>, T)>;

/// A comparison of a fact with a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Comparison<'o> {
    pub(super) fact: FactId,
    pub(super) operator: &'o str,
    pub(super) number: i64,
}

/// What all ways together have met. Places are those of one file.
#[derive(Debug, Default)]
pub(super) struct Met<'o> {
    /// The statements that were reached.
    pub(super) steps: BTreeSet<Place>,
    /// For each `if`, whether its condition was false, and whether it was true.
    pub(super) conditions: HashMap<Place, [bool; 2]>,
    /// The comparison at a place; none where it was not always the same one.
    pub(super) comparisons: HashMap<Place, Option<Comparison<'o>>>,
    /// Calls of `allow` that some message reaches for certain before anything is asked about its sender.
    pub(super) unasked: BTreeSet<Place>,
}

/// A walk through a file, or through the files of a chain.
pub(super) struct Walk<'o> {
    outline: &'o Outline,
    left: u32,
    depth: usize,
    literals: HashMap<(Ask, String), usize>,
    /// The numbers of the literals of each question, by where they stand in memory.
    asked: HashMap<*const String, Option<Rc<[usize]>>>,
    pub(super) met: Met<'o>,
    leaving: Vec<State<'o>>,
}

impl<'o> Walk<'o> {
    pub(super) fn new(outline: &'o Outline) -> Self {
        Self {
            outline,
            left: STEPS,
            depth: 0,
            literals: HashMap::new(),
            asked: HashMap::new(),
            met: Met::default(),
            leaving: Vec::new(),
        }
    }

    /// Goes on in the next file of the chain. What was met there so far is handed out.
    pub(super) fn turn_to(&mut self, outline: &'o Outline) -> Met<'o> {
        self.outline = outline;
        std::mem::take(&mut self.met)
    }

    /// Whether every way was followed to its end.
    pub(super) const fn is_complete(&self) -> bool {
        self.left > 0
    }

    /// Follows all ways through a hook that begin like `states`, and gives those on which it does not decide.
    pub(super) fn hook(&mut self, function: &'o Function, states: Vec<State<'o>>) -> Vec<State<'o>> {
        let enter = |mut state: State<'o>| {
            state.variables = function.parameters.iter().map(|name| (name.as_str(), Value::Unknown)).collect();
            state.by_next = false;
            state
        };
        let mut returned = Vec::new();
        let fallen = self.block(&function.body, states.into_iter().map(enter).collect(), &mut returned);
        let mut leaving = std::mem::take(&mut self.leaving);
        leaving.extend(fallen.into_iter().chain(returned).map(|(state, _)| state));
        leaving
    }

    fn spend(&mut self, steps: u32) -> bool {
        self.left = self.left.saturating_sub(steps);
        self.left > 0
    }

    /// Goes one level down, or gives up.
    fn below<T>(&mut self, walk: impl FnOnce(&mut Self) -> Vec<T>) -> Vec<T> {
        if self.depth >= DEPTH {
            self.left = 0;
            return Vec::new();
        }
        self.depth += 1;
        let ways = walk(self);
        self.depth -= 1;
        ways
    }

    fn block(
        &mut self,
        block: &'o Block,
        states: Vec<State<'o>>,
        returned: &mut Ways<'o, Value<'o>>,
    ) -> Ways<'o, Value<'o>> {
        self.below(|walk| walk.statements(block, states, returned))
    }

    fn statements(
        &mut self,
        block: &'o Block,
        states: Vec<State<'o>>,
        returned: &mut Ways<'o, Value<'o>>,
    ) -> Ways<'o, Value<'o>> {
        // All ways into a block have named the same variables.
        let outer = states.first().map_or(0, |state| state.variables.len());
        let mut ways: Ways<Value> = states.into_iter().map(|state| (state, Value::Unit)).collect();
        for step in &block.0 {
            thin(&mut ways);
            let mut after = Vec::new();
            for (state, _) in ways {
                if !self.spend(1) {
                    return Vec::new();
                }
                self.met.steps.insert(step.place);
                after.extend(self.step(step, state, returned));
            }
            ways = after;
        }
        thin(&mut ways);
        ways.iter_mut().for_each(|(state, _)| state.variables.truncate(outer));
        ways
    }

    fn step(
        &mut self,
        step: &'o Step,
        mut state: State<'o>,
        returned: &mut Ways<'o, Value<'o>>,
    ) -> Ways<'o, Value<'o>> {
        match &step.does {
            Does::If { condition, then, otherwise } => {
                let mut ways = Vec::new();
                for (state, holds) in self.truth(condition, state, returned) {
                    if let Some(met) = self.met.conditions.entry(step.place).or_default().get_mut(usize::from(holds)) {
                        *met = true;
                    }
                    ways.extend(self.block(if holds { then } else { otherwise }, vec![state], returned));
                }
                ways
            }
            Does::Block(block) => self.block(block, vec![state], returned),
            Does::Try { body, handler, error } => {
                // Whether and where it fails is not followed: the handler runs with nothing sure.
                let mut caught = state.clone();
                caught.known.lose();
                let outer = caught.variables.len();
                caught.variables.iter_mut().for_each(|(_, value)| *value = Value::Unknown);
                caught.variables.extend(error.as_deref().map(|name| (name, Value::Unknown)));
                let mut ways = self.block(body, vec![state], returned);
                let mut handled = self.block(handler, vec![caught], returned);
                handled.iter_mut().for_each(|(state, _)| state.variables.truncate(outer));
                ways.extend(handled);
                ways
            }
            Does::Let { name, value } => {
                let mut ways = self.term(value, state, returned);
                for (state, value) in &mut ways {
                    state.variables.push((name, std::mem::replace(value, Value::Unit)));
                    if state.variables.len() > VARIABLES {
                        self.left = 0;
                    }
                }
                ways
            }
            Does::Set { name, value, whole } => {
                let mut ways = self.term(value, state, returned);
                for (state, value) in &mut ways {
                    let value = std::mem::replace(value, Value::Unit);
                    if let Some((_, known)) = state.variables.iter_mut().rev().find(|(known, _)| known == name) {
                        *known = if *whole { value } else { Value::Unknown };
                    }
                }
                ways
            }
            Does::Return(None) => {
                returned.push((state, Value::Unit));
                Vec::new()
            }
            Does::Return(Some(value)) => {
                let ways = self.term(value, state, returned);
                returned.extend(ways);
                Vec::new()
            }
            Does::Throw(value) => {
                if let Some(value) = value {
                    self.term(value, state, returned);
                }
                Vec::new()
            }
            Does::Value(value) => self.term(value, state, returned),
            Does::Other => {
                state.known.lose();
                vec![(state, Value::Unknown)]
            }
        }
    }

    fn term(
        &mut self,
        term: &'o Term,
        mut state: State<'o>,
        returned: &mut Ways<'o, Value<'o>>,
    ) -> Ways<'o, Value<'o>> {
        let value = match &term.is {
            Is::Unit => Value::Unit,
            Is::Bool(value) => Value::Bool(*value),
            Is::Number(number) => Value::Number(*number),
            Is::Text(_) => Value::Unknown,
            Is::Name(name) => self.named(name, &state),
            Is::Fact(fact) => {
                state.looked |= is_standing(*fact);
                Value::Fact(*fact)
            }
            Is::Asked(ask, texts) => Value::Asked(*ask, texts),
            Is::Call(name, arguments) => return self.call(name, term.place, arguments, state, returned),
            Is::Block(block) => return self.block(block, vec![state], returned),
            Is::Operator(operator, operands) if operator != "!" && compare(operator, 0, 0).is_none() => {
                let ways = self.terms(operands, state, returned);
                let is_number = |value: &Value| matches!(value, Value::Number(_) | Value::Fact(_) | Value::Made(..));
                let made = |values: Vec<Value<'o>>| {
                    if values.iter().all(is_number) { Value::made(operator, values) } else { Value::Unknown }
                };
                return ways.into_iter().map(|(state, values)| (state, made(values))).collect();
            }
            Is::Operator(..) | Is::All(_) | Is::Any(_) => {
                let ways = self.truth(term, state, returned);
                return ways.into_iter().map(|(state, holds)| (state, Value::Bool(holds))).collect();
            }
            Is::Other(operands) => {
                let ways = self.terms(operands, state, returned);
                return ways.into_iter().map(|(state, _)| (state, Value::Unknown)).collect();
            }
        };
        vec![(state, value)]
    }

    fn terms(
        &mut self,
        terms: &'o [Term],
        state: State<'o>,
        returned: &mut Ways<'o, Value<'o>>,
    ) -> Ways<'o, Vec<Value<'o>>> {
        self.below(|walk| {
            let mut ways = vec![(state, Vec::new())];
            for term in terms {
                let mut after = Vec::new();
                for (state, values) in ways {
                    for (state, value) in walk.term(term, state, returned) {
                        let mut values = values.clone();
                        values.push(value);
                        after.push((state, values));
                    }
                }
                ways = after;
            }
            ways
        })
    }

    fn named(&self, name: &str, state: &State<'o>) -> Value<'o> {
        if let Some((_, value)) = state.variables.iter().rev().find(|(known, _)| *known == name) {
            return value.clone();
        }
        match self.outline.literals.get(name) {
            Some(Constant::Number(number)) => Value::Number(*number),
            Some(Constant::Bool(value)) => Value::Switch(*value),
            _ => Value::Unknown,
        }
    }

    fn call(
        &mut self,
        name: &'o str,
        place: Place,
        arguments: &'o [Term],
        state: State<'o>,
        returned: &mut Ways<'o, Value<'o>>,
    ) -> Ways<'o, Value<'o>> {
        let mut ways = Vec::new();
        for (mut state, values) in self.terms(arguments, state, returned) {
            if !self.spend(1) {
                return Vec::new();
            }
            if let Some(call) = Call::by_name(name) {
                match call {
                    Call::Next => self.leaving.push(State { by_next: true, ..state }),
                    Call::Allow if !state.looked && !self.met.unasked.contains(&place) => {
                        self.spend(WITNESS);
                        if state.is_certain() {
                            self.met.unasked.insert(place);
                        }
                    }
                    Call::Allow | Call::Drop | Call::Hold => {}
                }
                continue;
            }
            let callee = |found: &&Function| found.name == name && found.parameters.len() == values.len();
            let Some(function) = self.outline.functions.iter().find(callee) else {
                state.known.lose();
                ways.push((state, Value::Unknown));
                continue;
            };
            let parameters = function.parameters.iter().map(String::as_str).zip(values).collect();
            let outside = std::mem::replace(&mut state.variables, parameters);
            let mut back = Vec::new();
            let fallen = self.block(&function.body, vec![state], &mut back);
            ways.extend(fallen.into_iter().chain(back).map(|(mut state, value)| {
                state.variables.clone_from(&outside);
                (state, value)
            }));
        }
        ways
    }

    /// Whether a term is true, on every way on.
    fn truth(&mut self, term: &'o Term, state: State<'o>, returned: &mut Ways<'o, Value<'o>>) -> Ways<'o, bool> {
        if !self.spend(1) {
            return Vec::new();
        }
        self.below(|walk| walk.truth_below(term, state, returned))
    }

    fn truth_below(&mut self, term: &'o Term, state: State<'o>, returned: &mut Ways<'o, Value<'o>>) -> Ways<'o, bool> {
        match &term.is {
            Is::All(operands) => self.until(false, operands, state, returned),
            Is::Any(operands) => self.until(true, operands, state, returned),
            Is::Operator(operator, operands) => match operands.as_slice() {
                [only] if operator == "!" => {
                    let ways = self.truth(only, state, returned);
                    ways.into_iter().map(|(state, holds)| (state, !holds)).collect()
                }
                [_, _] if compare(operator, 0, 0).is_some() => {
                    let ways = self.terms(operands, state, returned);
                    let mut after = Vec::new();
                    for (state, values) in ways {
                        let mut values = values.into_iter();
                        if let (Some(left), Some(right)) = (values.next(), values.next()) {
                            after.extend(self.comparison(term.place, operator, left, right, state));
                        }
                    }
                    after
                }
                _ => self.truth_of_value(term, state, returned),
            },
            _ => self.truth_of_value(term, state, returned),
        }
    }

    fn truth_of_value(
        &mut self,
        term: &'o Term,
        state: State<'o>,
        returned: &mut Ways<'o, Value<'o>>,
    ) -> Ways<'o, bool> {
        let ways = self.term(term, state, returned);
        ways.into_iter().flat_map(|(state, value)| self.is_true(&value, state)).collect()
    }

    /// Looks at one operand after the other, until one is `end`.
    fn until(
        &mut self,
        end: bool,
        operands: &'o [Term],
        state: State<'o>,
        returned: &mut Ways<'o, Value<'o>>,
    ) -> Ways<'o, bool> {
        let mut ended = Vec::new();
        let mut open = vec![state];
        for operand in operands {
            let mut after = Vec::new();
            for state in open {
                for (state, holds) in self.truth(operand, state, returned) {
                    if holds == end { ended.push((state, end)) } else { after.push(state) }
                }
            }
            open = after;
        }
        ended.extend(open.into_iter().map(|state| (state, !end)));
        ended
    }

    /// Whether a value is true: one way, or two.
    fn is_true(&mut self, value: &Value<'o>, state: State<'o>) -> Ways<'o, bool> {
        match value {
            Value::Bool(holds) => vec![(state, *holds)],
            // An owner turns a constant over, so neither side of it is dead; only one is sure.
            Value::Switch(holds) => {
                let mut other = state.clone();
                other.known.lose();
                vec![(state, *holds), (other, !holds)]
            }
            Value::Fact(fact) if fact.entry().domain == Domain::Bool => {
                fork(state, |known, holds| known.narrow(*fact, if holds { 2 } else { 1 }))
            }
            Value::Asked(ask, texts) => {
                let numbers = self.literals(*ask, texts);
                fork(state, |known, holds| match &numbers {
                    Some(numbers) => known.answer(*ask, numbers, holds),
                    None => {
                        known.lose();
                        true
                    }
                })
            }
            _ => fork(state, |known, _| {
                known.lose();
                true
            }),
        }
    }

    /// The numbers of literals; none if there are too many. Channels and tools are compared without letter case.
    fn literals(&mut self, ask: Ask, texts: &'o [String]) -> Option<Rc<[usize]>> {
        if let Some(known) = self.asked.get(&texts.as_ptr()) {
            return known.clone();
        }
        let number = |text: &String| {
            let text = match ask {
                Ask::ChannelIn | Ask::ToolIn => text.trim().to_ascii_lowercase(),
                _ => text.clone(),
            };
            let next = self.literals.len();
            let number = *self.literals.entry((ask, text)).or_insert(next);
            (number < Questions::MAX).then_some(number)
        };
        let numbers: Option<Rc<[usize]>> = texts.iter().map(number).collect();
        self.asked.insert(texts.as_ptr(), numbers.clone());
        numbers
    }

    fn comparison(
        &mut self,
        place: Place,
        operator: &'o str,
        left: Value<'o>,
        right: Value<'o>,
        state: State<'o>,
    ) -> Ways<'o, bool> {
        if is_yes_or_no(&left) || is_yes_or_no(&right) {
            let mut ways = Vec::new();
            for (state, left) in self.is_true(&left, state) {
                for (state, right) in self.is_true(&right, state) {
                    ways.push((state, (left == right) == (operator == "==")));
                }
            }
            return ways;
        }
        match (left, right) {
            (Value::Number(left), Value::Number(right)) => {
                vec![(state, compare(operator, left, right).unwrap_or_default())]
            }
            (Value::Fact(fact), Value::Number(number)) => {
                self.bounded(place, Comparison { fact, operator, number }, state)
            }
            (Value::Number(number), Value::Fact(fact)) => {
                let operator = match operator {
                    "<" => ">",
                    "<=" => ">=",
                    ">" => "<",
                    ">=" => "<=",
                    other => other,
                };
                self.bounded(place, Comparison { fact, operator, number }, state)
            }
            (left, right) if left != Value::Unknown && right != Value::Unknown => {
                fork(state, |known, holds| known.compared(operator, left.clone(), right.clone(), holds))
            }
            _ => self.is_true(&Value::Unknown, state),
        }
    }

    /// A comparison of a fact with a number.
    fn bounded(&mut self, place: Place, comparison: Comparison<'o>, state: State<'o>) -> Ways<'o, bool> {
        let known = self.met.comparisons.entry(place).or_insert(Some(comparison));
        *known = known.filter(|known| *known == comparison);
        let Comparison { fact, operator, number } = comparison;
        let holding = holding(fact, operator, number);
        fork(state, |known, holds| known.narrow(fact, if holds { holding } else { all(fact) & !holding }))
    }
}

/// Both outcomes, as far as they are possible.
fn fork<'o>(state: State<'o>, possible: impl Fn(&mut Known<'o>, bool) -> bool) -> Ways<'o, bool> {
    let mut yes = state.clone();
    let mut no = state;
    let mut ways = Vec::new();
    if possible(&mut yes.known, true) {
        ways.push((yes, true));
    }
    if possible(&mut no.known, false) {
        ways.push((no, false));
    }
    ways
}

fn is_yes_or_no(value: &Value) -> bool {
    match value {
        Value::Bool(_) | Value::Switch(_) | Value::Asked(..) => true,
        Value::Fact(fact) => fact.entry().domain == Domain::Bool,
        _ => false,
    }
}

/// Whether a fact tells the standing of the sender.
const fn is_standing(fact: FactId) -> bool {
    matches!(
        fact,
        FactId::SenderOwner
            | FactId::SenderApproved
            | FactId::SenderPending
            | FactId::SenderBlocked
            | FactId::SenderUnknown
    )
}

/// Whether every value of the fact, or none, fits the comparison.
pub(super) fn always(comparison: Comparison) -> Option<bool> {
    let bits = holding(comparison.fact, comparison.operator, comparison.number);
    if bits == 0 { Some(false) } else { (bits == all(comparison.fact)).then_some(true) }
}
