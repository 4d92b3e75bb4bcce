use super::*;
use crate::event::Kind;

fn relations(questions: &Questions) -> Relations {
    Relations::new(Levels::default(), questions)
}

/// What is left of `facts` when each of `given` has exactly this value.
fn narrowed(given: &[(FactId, u16)]) -> Option<Possible> {
    let mut possible = Possible::new(Kind::Message);
    given.iter().for_each(|(fact, value)| possible.keep(*fact, |other| other == *value));
    relations(&Questions::default()).narrow(&mut possible, &mut Used::default()).then_some(possible)
}

#[test]
fn what_follows_is_fixed() {
    type Values = &'static [(FactId, u16)];
    let cases: &[(Values, Values)] = &[
        (&[(SenderOwner, 1)], &[(SenderApproved, 1), (SenderBlocked, 0), (SenderUnknown, 0), (SenderPending, 0)]),
        (&[(SenderApproved, 0)], &[(SenderOwner, 0)]),
        (&[(SenderApproved, 0), (SenderPending, 0), (SenderBlocked, 0)], &[(SenderUnknown, 1)]),
        (&[(Score, 4)], &[(Suspect, 0), (Attack, 0), (AttackArtifact, 0), (AttackAuthored, 0)]),
        (&[(Score, 5)], &[(Suspect, 1), (Attack, 0)]),
        (&[(AttackAuthored, 1)], &[(AttackArtifact, 1), (Attack, 1), (Suspect, 1)]),
        (&[(Score, 0)], &[(ScoreQuoted, 0), (Disguised, 0)]),
        (&[(ScoreAuthored, 31)], &[(Score, 31), (Attack, 1)]),
        (&[(Quotes, 0)], &[(ScoreQuoted, 0)]),
        (&[(Attachments, 0)], &[(ScoreAttached, 0)]),
        (&[(Links, 0)], &[(LinkHostsUnknown, 0)]),
        (&[(Escalation, 8)], &[(Escalated, 1)]),
        (&[(Escalation, 7)], &[(Escalated, 0)]),
    ];
    for (given, follows) in cases {
        let possible = narrowed(given).unwrap_or_else(|| panic!("{given:?} is possible"));
        for (fact, value) in *follows {
            assert_eq!(possible.fixed(*fact), Some(*value), "{given:?}: {fact:?}");
        }
    }
}

#[test]
fn what_cannot_be_is_ruled_out() {
    let cases: &[&[(FactId, u16)]] = &[
        &[(SenderBlocked, 1), (SenderApproved, 1)],
        &[(SenderOwner, 1), (SenderApproved, 0)],
        &[(SenderApproved, 0), (SenderPending, 0), (SenderBlocked, 0), (SenderUnknown, 0)],
        &[(Suspect, 0), (Attack, 1)],
        &[(AttackAuthored, 1), (ScoreArtifact, 7)],
        &[(Score, 3), (ScoreAttached, 4)],
        &[(Disguised, 1), (Score, 0)],
        &[(Escalated, 1), (Escalation, 7)],
    ];
    for given in cases {
        assert_eq!(narrowed(given), None, "{given:?}");
    }
}

#[test]
fn names_exclude_each_other_and_spellings_do_not() {
    let mut questions = Questions::default();
    let asked = ["bash", "Bash ", "exec"].map(|name| questions.add(Ask::ToolIn, name).unwrap());
    let found = questions.add(Ask::Found, "secret").unwrap();
    let relations = relations(&questions);
    let mut possible = Possible::new(Kind::ToolCall);
    possible.answer(asked[0], true);
    assert!(relations.narrow(&mut possible, &mut Used::default()));
    assert_eq!(asked.map(|number| possible.answered(number)), [Some(true), Some(true), Some(false)]);
    let mut both = possible;
    both.answer(asked[2], true);
    assert!(!relations.narrow(&mut both, &mut Used::default()));

    let mut harmless = Possible::new(Kind::ToolCall);
    harmless.keep(Score, |points| points == 0);
    assert!(relations.narrow(&mut harmless, &mut Used::default()));
    assert_eq!(harmless.answered(found), Some(false));
    possible.answer(found, true);
    let facts = relations.example(&possible).unwrap();
    assert_eq!((facts.get(Score), facts.answer(found), relations.broken(&facts)), (1, true, None));
}

/// `narrow` says whether anything is possible at all; trying every combination says the same.
#[test]
fn where_something_is_left_some_event_is_possible() {
    let facts = [SenderOwner, SenderApproved, SenderPending, SenderBlocked, SenderUnknown, Suspect, AttackAuthored];
    let relations = relations(&Questions::default());
    // Each fact is no, yes, or open.
    for mut number in 0..3_usize.pow(7) {
        let mut possible = Possible::new(Kind::Message);
        for fact in facts {
            match number % 3 {
                2 => {}
                value => possible.keep(fact, |other| usize::from(other) == value),
            }
            number /= 3;
        }
        let given = possible;
        let left = relations.narrow(&mut possible, &mut Used::default());
        match relations.example(&given) {
            Some(facts) => {
                assert!(left && given.contains(&facts) && possible.contains(&facts));
                assert_eq!(relations.broken(&facts), None, "{facts:?}");
            }
            None => assert!(!left, "{given:?}"),
        }
    }
}

#[test]
fn relations_that_say_nothing_of_the_facts_asked_for_are_left_out() {
    let bit = |fact: FactId| 1_u64 << fact as u64;
    let about = |facts: &[FactId]| -> Vec<usize> {
        let relevant = facts.iter().fold(0, |all, fact| all | bit(*fact));
        relations(&Questions::default()).about(relevant).living().collect()
    };
    assert!(about(&[Suspect, Escalated, SenderBlocked]).is_empty(), "nothing else is asked");
    assert!(about(&[ScoreQuoted]).is_empty());
    assert_eq!(about(&[SenderBlocked, SenderApproved]), [0]);
    assert_eq!(about(&[Suspect, AttackArtifact]), [3, 5, 6, 7], "by way of the scores");
    assert_eq!(about(&[Escalation, Escalated]), [2]);
}

#[test]
fn a_broken_relation_is_named() {
    let mut facts = Facts::new(Kind::Message);
    assert_eq!(relations(&Questions::default()).broken(&facts), Some(RELATIONS[0].says), "no standing at all");
    facts.set(SenderUnknown, 1);
    assert_eq!(relations(&Questions::default()).broken(&facts), None);
    facts.set(Attack, 1);
    assert_eq!(relations(&Questions::default()).broken(&facts), Some(RELATIONS[4].says));
}
