//! The calls of a policy, as the engine knows them.

use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString, Map, NativeCallContext, Position};

use super::call::Call;
use super::options::{Options, Value};
use super::paths::Open;
use crate::event::Kind;

/// How a policy ended. It travels in Rhai's `ErrorTerminated`, which no script can catch.
///
/// INVARIANT: `allow`, `drop`, `hold` and `next` never return to the script. A forgotten `return`, a helper or a `try`
/// cannot open the gate.
#[derive(Clone, Debug)]
pub(super) enum Signal {
    /// A call that decided, or `next()`.
    Called(Box<Called>),
    /// A call that makes no sense, such as an unknown option. Closed, like every failure.
    Fault(String, u32, u32),
    /// The deadline has passed.
    Overdue,
    /// A fact was read that has no value yet; only where paths are [explored](super::paths).
    Open(Open),
}

/// A call and what it said.
#[derive(Clone, Debug)]
pub(super) struct Called {
    pub(super) call: Call,
    pub(super) reason: ImmutableString,
    pub(super) options: Options,
    /// Kept here, since Rhai overwrites the position of a termination with that of the outermost call.
    pub(super) line: u32,
    pub(super) column: u32,
}

/// A failure that no script can catch, at the place of the call.
pub(super) fn fault(context: &NativeCallContext, message: String) -> Box<EvalAltResult> {
    let (line, column) = place(context.call_position());
    terminated(Signal::Fault(message, line, column))
}

/// Line and column of a position, both from 1; 0 where there is none.
pub(super) fn place(position: Position) -> (u32, u32) {
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    match position.line() {
        Some(line) => (number(line), number(position.position().unwrap_or(1))),
        None => (0, 0),
    }
}

pub(super) fn terminated(signal: Signal) -> Box<EvalAltResult> {
    Box::new(EvalAltResult::ErrorTerminated(Dynamic::from(signal), Position::NONE))
}

/// Gives the engine `allow`, `drop`, `hold` and `next`. They take any value, so that a wrong one is a failure and not a
/// missing function, which a script could catch.
pub(super) fn register(engine: &mut Engine) {
    type Never = Result<(), Box<EvalAltResult>>;
    for call in Call::ALL {
        let name = call.name();
        if call.accepts(0) {
            engine.register_fn(name, move |context: NativeCallContext| -> Never { Err(end(&context, call, &[])) });
        }
        if call.accepts(1) {
            engine.register_fn(name, move |context: NativeCallContext, first: Dynamic| -> Never {
                Err(end(&context, call, &[first]))
            });
        }
        if call.accepts(2) {
            engine.register_fn(name, move |context: NativeCallContext, first: Dynamic, second: Dynamic| -> Never {
                Err(end(&context, call, &[first, second]))
            });
        }
    }
}

/// Reads the arguments of a call and ends the policy.
fn end(context: &NativeCallContext, call: Call, arguments: &[Dynamic]) -> Box<EvalAltResult> {
    let (reason, rest) = match (call.takes_reason(), arguments) {
        (true, [reason, rest @ ..]) => (Some(reason), rest),
        (_, rest) => (None, rest),
    };
    let reason = match reason.map(|reason| reason.clone().into_immutable_string()) {
        None => ImmutableString::new(),
        Some(Ok(reason)) => reason,
        Some(Err(other)) => return fault(context, format!("the reason of `{}` is a text, not {other}", call.name())),
    };
    let mut options = Options::default();
    if let [given] = rest {
        let Some(given) = given.read_lock::<Map>() else {
            return fault(context, format!("the options of `{}` are written `#{{name: value}}`", call.name()));
        };
        let Some(kind) = kind_of(context) else {
            return fault(context, "the kind of event is not known".to_owned());
        };
        for (name, value) in given.iter() {
            if let Err(wrong) = options.set(call, &[kind], name, &read(value)) {
                return fault(context, wrong.message);
            }
        }
    }
    let (line, column) = place(context.call_position());
    terminated(Signal::Called(Box::new(Called { call, reason, options, line, column })))
}

/// The kind of event that is judged: the number that `decide` hands through the engine's tag.
fn kind_of(context: &NativeCallContext) -> Option<Kind> {
    let number = context.tag()?.as_int().ok()?;
    Kind::ALL.get(usize::try_from(number).ok()?).copied()
}

/// A value of a running policy as an option.
fn read(value: &Dynamic) -> Value {
    if let Ok(text) = value.clone().into_immutable_string() {
        return Value::Text(text.to_string());
    }
    if let Some(list) = value.read_lock::<rhai::Array>() {
        // A list holds texts here; what is nested in it is nothing that an option could mean.
        let flat = |entry: &Dynamic| match entry.clone().into_immutable_string() {
            Ok(text) => Value::Text(text.to_string()),
            Err(_) => Value::Other("something else"),
        };
        return Value::List(list.iter().map(flat).collect());
    }
    if value.is_int() {
        Value::Other("a number")
    } else if value.is_bool() {
        Value::Other("yes or no")
    } else {
        Value::Other("something else")
    }
}
