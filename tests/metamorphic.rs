//! The metamorphic contract of the starter rules: what they find in plain text they find in every disguise that can carry
//! it, but for what stands in their `known_evasions`.

use std::sync::LazyLock;

use sluicegate::config::starter_rules;
use sluicegate::detect::{Detector, RuleSet};
use sluicegate::text::disguise;
use sluicegate::workbench::{Contract, Outcome, Pairs};

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::load(&starter_rules()).unwrap());
static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::new(&RULES).unwrap());

#[test]
fn every_rule_sees_through_every_disguise_or_says_which_not() {
    let contract = Contract::of(&RULES, &DETECTOR);
    let mut wrong = Vec::new();
    for (rule, outcomes) in RULES.rules().iter().zip(&contract.rules) {
        for (disguise, outcome) in disguise::all().iter().zip(outcomes) {
            match outcome {
                Outcome::Missed => wrong.push(format!("{} is hidden by {} {}", rule.id, disguise.id, disguise.name)),
                Outcome::Improved => {
                    wrong.push(format!("{} sees through {}: remove the entry", rule.id, disguise.name))
                }
                _ => {}
            }
        }
    }
    for (disguise, tally) in disguise::all().iter().zip(&contract.disguises) {
        println!(
            "{} {}: {} of {}, {} n/a",
            disguise.id, disguise.name, tally.found, tally.applicable, tally.not_applicable
        );
    }
    let known = contract.count(Outcome::Known);
    let applicable = known + contract.count(Outcome::Found) + contract.count(Outcome::Missed);
    println!(
        "{applicable} pairs of rule and disguise, {known} known evasions, {} n/a",
        contract.count(Outcome::NotApplicable)
    );
    assert!(wrong.is_empty(), "{} broken promises:\n{}", wrong.len(), wrong.join("\n"));
    assert!(known * 100 <= applicable * 5, "{known} of {applicable} are known evasions: more than 5 in 100");
}

#[test]
fn disguises_lie_over_one_another() {
    let pairs = Pairs::of(&RULES, &DETECTOR);
    for (inner, outer, tally) in &pairs.pairs {
        println!("{} under {}: {} of {}", inner.name, outer.name, tally.found, tally.applicable);
    }
    let sum = pairs.sum();
    println!("sum: {} of {} ({} n/a)", sum.found, sum.applicable, sum.not_applicable);
    assert!(sum.share() >= 9_200, "{} of {} in pairs of disguises", sum.found, sum.applicable);
}
