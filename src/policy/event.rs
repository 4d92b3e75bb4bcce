//! The event as a policy sees it: its facts, and nothing else.

use std::collections::HashMap;
use std::sync::Arc;

use rhai::{Dynamic, Engine, EvalAltResult, INT, ImmutableString, NativeCallContext, Position};

use super::host::fault;
use crate::facts::{Ask, Domain, FactId, Facts, Questions, TABLE};

/// The parameter of a hook. A clone is a count, so helpers may take it.
#[derive(Clone)]
pub(super) struct Event(Arc<Asked>);

struct Asked {
    facts: Facts,
    numbers: Arc<Numbers>,
}

impl Event {
    pub(super) fn new(facts: &Facts, numbers: &Arc<Numbers>) -> Self {
        Self(Arc::new(Asked { facts: *facts, numbers: Arc::clone(numbers) }))
    }
}

/// The numbers of the questions, found without building a key.
#[derive(Debug, Default)]
pub(super) struct Numbers([HashMap<Box<str>, u16>; Ask::ALL.len()]);

impl Numbers {
    pub(super) fn new(questions: &Questions) -> Self {
        let mut numbers = Self::default();
        for (number, question) in questions.iter() {
            if let Some(of_ask) = numbers.0.get_mut(question.ask as usize) {
                of_ask.insert(question.literal.clone(), number);
            }
        }
        numbers
    }

    fn get(&self, ask: Ask, literal: &str) -> Option<u16> {
        self.0.get(ask as usize)?.get(literal).copied()
    }
}

/// What a script is told of the type of an event.
pub(super) const TYPE: &str = "event";

/// Gives the engine a getter for every fact of the table and a method for every question. There are no setters.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Event>(TYPE);
    for fact in TABLE {
        let id = fact.id;
        match fact.domain {
            Domain::Bool => engine.register_get(fact.name, move |event: &mut Event| event.0.facts.get(id) > 0),
            Domain::Number(_) => {
                engine.register_get(fact.name, move |event: &mut Event| INT::from(event.0.facts.get(id)))
            }
        };
    }
    for ask in Ask::ALL {
        engine.register_fn(
            ask.name(),
            move |context: NativeCallContext,
                  event: &mut Event,
                  argument: Dynamic|
                  -> Result<bool, Box<EvalAltResult>> {
                answer(&event.0, ask, argument).ok_or_else(|| unasked(&context, ask))
            },
        );
    }
}

/// A literal, the number of its question, and the answer.
type Answered<'a> = (&'a str, u16, bool);

/// As [`register`], and tells what is read and asked, and where.
pub(super) fn register_watched(
    engine: &mut Engine,
    read: fn(FactId, u16, Position),
    asked: fn(Ask, &[Answered<'_>], Position),
) {
    register(engine);
    for fact in TABLE {
        let id = fact.id;
        let get = move |context: &NativeCallContext, event: &Event| {
            let value = event.0.facts.get(id);
            read(id, value, context.call_position());
            value
        };
        match fact.domain {
            Domain::Bool => engine
                .register_get(fact.name, move |context: NativeCallContext, event: &mut Event| get(&context, event) > 0),
            Domain::Number(_) => engine
                .register_get(fact.name, move |context: NativeCallContext, event: &mut Event| {
                    INT::from(get(&context, event))
                }),
        };
    }
    for ask in Ask::ALL {
        engine.register_fn(
            ask.name(),
            move |context: NativeCallContext,
                  event: &mut Event,
                  argument: Dynamic|
                  -> Result<bool, Box<EvalAltResult>> {
                let literals = literals(ask, &argument);
                let number = |text: &ImmutableString| event.0.numbers.get(ask, text);
                let known = literals.iter().filter_map(|text| Some((text.as_str(), number(text)?)));
                let known: Vec<_> = known.map(|(text, number)| (text, number, event.0.facts.answer(number))).collect();
                asked(ask, &known, context.call_position());
                answer(&event.0, ask, argument).ok_or_else(|| unasked(&context, ask))
            },
        );
    }
}

/// The literals of a question, as far as they are texts.
fn literals(ask: Ask, argument: &Dynamic) -> Vec<ImmutableString> {
    if !ask.takes_list() {
        return argument.clone().into_immutable_string().into_iter().collect();
    }
    let list = argument.read_lock::<rhai::Array>();
    list.iter().flat_map(|list| list.iter()).filter_map(|text| text.clone().into_immutable_string().ok()).collect()
}

/// The answer to a question; none if it was not known when the policies were loaded.
fn answer(asked: &Asked, ask: Ask, argument: Dynamic) -> Option<bool> {
    let mut any = false;
    each(&asked.numbers, ask, argument, |number| any |= asked.facts.answer(number))?;
    Some(any)
}

/// The number of each question that is asked with this argument; none if one was not known when the policies were loaded.
pub(super) fn each(numbers: &Numbers, ask: Ask, argument: Dynamic, mut tell: impl FnMut(u16)) -> Option<()> {
    let mut one = |text: ImmutableString| {
        tell(numbers.get(ask, &text)?);
        Some(())
    };
    if !ask.takes_list() {
        return one(argument.into_immutable_string().ok()?);
    }
    for entry in argument.into_array().ok()? {
        one(entry.into_immutable_string().ok()?)?;
    }
    Some(())
}

/// The failure of a question that was not known when the policies were loaded.
pub(super) fn unasked(context: &NativeCallContext, ask: Ask) -> Box<EvalAltResult> {
    fault(context, format!("`{}` was asked with something that is not written out", ask.name()))
}
