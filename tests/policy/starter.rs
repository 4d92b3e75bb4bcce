//! The starter policies decide as their cases say, and the cases say enough: every line is reached, and no small change
//! of a policy goes unnoticed.

use sluicegate::config::{STARTER_CASES, STARTER_POLICIES, starter_policy, starter_rules};
use sluicegate::diagnostic::Source;
use sluicegate::facts::{Levels, Relations};
use sluicegate::policy::{Limits, PolicySet};
use sluicegate::workbench::cases::{CaseFile, Given, Suite, coverage, try_mutants};

fn suites() -> Vec<Suite> {
    let suite = |(name, text): &(&str, &str)| {
        let file = CaseFile::load(&Source::new(*name, *text)).unwrap_or_else(|error| panic!("{error}"));
        let chain = file.policies.iter().map(|name| starter_policy(name).unwrap()).collect();
        Suite::new(file, chain, &starter_rules()).unwrap_or_else(|error| panic!("{error}"))
    };
    STARTER_CASES.iter().map(suite).collect()
}

#[test]
fn the_starter_policies_load_without_a_warning() {
    for (name, text) in STARTER_POLICIES {
        let loaded = PolicySet::load(&[Source::new(*name, *text)], Limits::default()).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(loaded.warnings, [], "{name}");
    }
}

#[test]
fn every_starter_policy_decides_as_its_cases_say() {
    let suites = suites();
    let tested: Vec<&str> = suites.iter().flat_map(|suite| suite.chain()).map(|source| &*source.name).collect();
    assert_eq!(tested, STARTER_POLICIES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    for suite in &suites {
        for outcome in suite.run() {
            assert!(outcome.passed(), "{}:{}: {:#?}", suite.file().source.name, outcome.line, outcome.seen);
        }
    }
}

/// What is filled in makes of the facts of a case those of an event that there can be; else a case would test nothing.
#[test]
fn the_facts_of_every_starter_case_go_together() {
    for suite in suites() {
        let questions = suite.policies().questions();
        let relations = Relations::new(Levels::default(), questions);
        for case in &suite.file().cases {
            let Given::Facts(given) = &case.given else { continue };
            let mut facts = given.facts;
            for answer in &given.answers {
                facts.answer_yes(questions.number(answer.ask, &answer.literal).unwrap());
            }
            assert_eq!(relations.broken(&facts), None, "{}:{}", suite.file().source.name, case.line);
        }
    }
}

#[test]
fn every_line_and_branch_of_the_starter_policies_is_reached() {
    for suite in suites() {
        for of_file in coverage(std::slice::from_ref(&suite)) {
            let missed: Vec<_> = of_file.lines.iter().filter(|line| line.hits == 0).collect();
            assert!(missed.is_empty() && !of_file.lines.is_empty(), "{}: {missed:?}", of_file.source.name);
            let missed: Vec<_> = of_file.conditions.iter().filter(|one| one.yes == 0 || one.no == 0).collect();
            assert!(missed.is_empty() && !of_file.conditions.is_empty(), "{}: {missed:?}", of_file.source.name);
        }
    }
}

#[test]
fn no_small_change_of_a_starter_policy_goes_unnoticed() {
    for suite in suites() {
        let tried = try_mutants(std::slice::from_ref(&suite));
        // `agents.rhai` is the smallest.
        assert!(tried.len() > 50, "{} mutants", tried.len());
        let missed: Vec<_> = tried.iter().filter(|tried| tried.fate.is_missed()).collect();
        assert!(missed.is_empty(), "{missed:#?}");
    }
}
