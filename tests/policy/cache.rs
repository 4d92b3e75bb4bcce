//! The decision cache makes no difference.

use sluicegate::Kind;
use sluicegate::config::STARTER_POLICIES;
use sluicegate::diagnostic::Source;
use sluicegate::facts::{Domain, Facts, TABLE};
use sluicegate::policy::{Limits, PolicySet};

/// Asks different things about different kinds of event, so that what one kind may see another may not.
const ASKING: &str = r#"
fn on_message(m) {
    if m.says("alpha") || known(m) { hold("asked") }
    if m.found("secret") { drop("secret", #{reply: "no"}) }
    if m.length >= 80 && m.escalation + m.score > 20 { hold("long", #{expires: "10m"}) }
    allow(#{redact: ["personal"]})
}
fn on_reply(r) { if known(r) || r.links >= 2 { hold("reply") } if r.score == 7 { throw "seven" } allow(#{replace: "x"}) }
fn on_tool_call(c) { if c.tool_in(["bash", "exec"]) && c.tool_commands >= 2 { hold("tool") } next() }
fn on_tool_result(r) { if r.says("alpha") { drop("alpha") } }
fn known(e) { e.channel_in(["whatsapp"]) && e.says("beta") }
"#;

/// Numbers that are the same in every run: xorshift64*.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() >> 33) as usize % end
    }
}

/// Facts of any kind. A few are set, or the cache would hardly ever be met again.
fn facts(numbers: &mut Numbers) -> Facts {
    let mut facts = Facts::new(Kind::ALL[numbers.below(Kind::ALL.len())]);
    for _ in 0..numbers.below(6) {
        let fact = &TABLE[numbers.below(TABLE.len())];
        let value = match fact.domain {
            Domain::Bool => 1,
            Domain::Number(edges) => edges[numbers.below(edges.len())].into(),
        };
        facts.set(fact.id, value);
    }
    for _ in 0..numbers.below(4) {
        facts.answer_yes(numbers.below(9) as u16);
    }
    facts
}

/// 40,000 random events, and 1,000,000 with `EVENTS=all`.
#[test]
fn with_and_without_the_cache_every_ruling_is_the_same() {
    let events = if std::env::var_os("EVENTS").is_some_and(|given| given == "all") { 1_000_000 } else { 40_000 };
    let mut limits = Limits::default();
    limits.deadline_ms = 60_000;
    let load = |chain: &[Source]| PolicySet::load(chain, limits).unwrap_or_else(|error| panic!("{error}")).set;
    let starter =
        |name: &str| STARTER_POLICIES.iter().find(|(it, _)| *it == name).map(|(it, text)| Source::new(*it, *text));
    let sets = [
        load(&[starter("personal.rhai").unwrap()]),
        load(&[starter("public.rhai").unwrap()]),
        load(&[starter("readonly.rhai").unwrap()]),
        load(&[Source::new("asking.rhai", ASKING), starter("personal.rhai").unwrap()]),
    ];
    let mut numbers = Numbers(0x5EED);
    let (mut failures, mut decisions) = (0_u64, [0_u64; 3]);
    for number in 0..events {
        let set = &sets[number % sets.len()];
        let facts = facts(&mut numbers);
        let (cached, fresh) = (set.decide(&facts), set.decide_uncached(&facts));
        assert_eq!(cached, fresh, "event {number}: {facts:?}");
        failures += u64::from(fresh.failure.is_some());
        decisions[fresh.decision as usize] += 1;
    }
    let stats = sets.each_ref().map(PolicySet::cache_stats);
    println!("{events} events; allow, drop, hold: {decisions:?}; {failures} failures; {stats:?}");
    assert!(decisions.iter().all(|count| *count > 0) && failures > 0);
    assert_eq!(stats.iter().map(|stats| stats.hits + stats.misses).sum::<u64>(), events as u64);
    assert!(stats.iter().all(|stats| stats.hits > 0 && stats.misses > 0 && stats.rate() < 1.0));
}

/// What only another kind of event is asked makes no event a new one.
#[test]
fn answers_that_a_kind_does_not_ask_for_are_not_looked_at() {
    let set = PolicySet::load(&[Source::new("asking.rhai", ASKING)], Limits::default()).unwrap().set;
    let answers = [None, Some("bash"), Some("alpha")].map(|literal| {
        let mut facts = Facts::new(Kind::ToolResult);
        let number = set.questions().iter().find(|(_, question)| Some(&*question.literal) == literal);
        number.into_iter().for_each(|(number, _)| facts.answer_yes(number));
        set.decide(&facts).decision
    });
    assert_eq!(answers[0], answers[1], "a tool's name is for calls");
    assert_ne!(answers[0], answers[2]);
    let stats = set.cache_stats();
    assert_eq!((stats.hits, stats.misses), (1, 2));
}
