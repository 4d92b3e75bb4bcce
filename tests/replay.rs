//! The same events give the same answers, in whatever order the events of different senders come in between, and whatever
//! breaks below.

use std::sync::Arc;

use proptest::prelude::*;
use sluicegate::event::{Event, Kind};
use sluicegate::sender::{Listed, Listing, Met, SenderSettings, Senders, Standing};
use sluicegate::store::{Fault, FaultyStore, MemoryStore, Store, StoreError};

const SENDERS: [&str; 4] = ["+1 555 010-0001", "+1 555 010-0002", "15550100003@s.whatsapp.net", ""];
const START: u64 = 1_764_000_000_000;

/// An event of a test: which sender, and what.
#[derive(Clone, Debug)]
struct Step {
    sender: usize,
    event: Event,
    points: u8,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..SENDERS.len(), 0_u64..200_000, 0..5_u8, 0..3_u8, 0..4_u8, 0..9_u8);
    prop::collection::vec(step, 1..80).prop_map(|steps| {
        let step = |(sender, at, id, text, kind, points): (usize, u64, u8, u8, u8, u8)| {
            // All are in one group but the nameless sender, who has another.
            let group = if SENDERS[sender].is_empty() { "g2" } else { "g1" };
            let mut event = Event::message(START + at, format!("text {text}")).channel("whatsapp").group(group);
            event.kind = if kind == 0 { Kind::Reply } else { Kind::Message };
            event.id = (id > 0).then(|| format!("m{id}"));
            let event = event.sender(SENDERS[sender]);
            Step { sender, event, points }
        };
        steps.into_iter().map(step).collect()
    })
}

fn senders(store: Arc<dyn Store>) -> Senders {
    let mut settings = SenderSettings::default();
    settings.listed.push(Listed::new("whatsapp", SENDERS[0], Listing::Approved).unwrap());
    settings.listed.push(Listed::new("whatsapp", SENDERS[1], Listing::Blocked).unwrap());
    Senders::new(&settings, &[3; 32], store)
}

fn answer(senders: &Senders, step: &Step) -> Result<(Met, u8), StoreError> {
    let met = senders.meet(&step.event)?;
    let escalation = senders.escalate(&met, step.points)?;
    Ok((met, escalation))
}

/// The answers to each sender's events, in the sender's own order.
fn answers<'a>(steps: impl IntoIterator<Item = &'a Step>) -> Vec<Vec<(Met, u8)>> {
    let senders = senders(Arc::new(MemoryStore::default()));
    let mut answers = vec![Vec::new(); SENDERS.len()];
    for step in steps {
        answers[step.sender].push(answer(&senders, step).unwrap());
    }
    answers
}

/// The steps in another order, which `turns` chooses, keeping each sender's own order.
fn interleaved<'a>(steps: &'a [Step], turns: &[usize]) -> Vec<&'a Step> {
    let mut waiting: Vec<_> = (0..SENDERS.len())
        .map(|sender| steps.iter().filter(move |step| step.sender == sender).collect::<Vec<_>>().into_iter())
        .collect();
    let mut order: Vec<_> = turns.iter().filter_map(|turn| waiting[turn % SENDERS.len()].next()).collect();
    order.extend(waiting.into_iter().flatten());
    order
}

proptest! {
    #[test]
    fn any_interleaving_of_senders_gives_the_same_answers(
        steps in steps(), turns in prop::collection::vec(0_usize..4, 0..120),
    ) {
        prop_assert_eq!(answers(&steps), answers(interleaved(&steps, &turns)));
    }

    #[test]
    fn the_same_events_give_the_same_answers_again(steps in steps()) {
        prop_assert_eq!(answers(&steps), answers(&steps));
    }

    #[test]
    fn a_lying_store_grants_no_standing_and_hides_no_event(steps in steps(), every in 1_u64..4) {
        let senders = senders(Arc::new(FaultyStore::new(MemoryStore::default(), Fault::Lie, every)));
        for step in &steps {
            let (met, escalation) = answer(&senders, step).unwrap();
            let expected = [Standing::Approved, Standing::Blocked, Standing::Unknown, Standing::Unknown];
            prop_assert_eq!(met.standing, expected[step.sender]);
            prop_assert!(met.now >= step.event.at && met.escalation_before <= 31 && escalation <= 31);
            prop_assert!(!met.counts || escalation >= step.points, "the event's own points stay");
        }
    }

    #[test]
    fn a_failing_store_is_an_error_and_a_reordering_one_is_not(steps in steps(), every in 1_u64..4) {
        for fault in [Fault::Fail, Fault::Stall] {
            let broken = senders(Arc::new(FaultyStore::new(MemoryStore::default(), fault, 1)));
            for step in &steps {
                prop_assert!(answer(&broken, step).is_err(), "{:?} is told, not guessed away", fault);
            }
        }
        let reordering = senders(Arc::new(FaultyStore::new(MemoryStore::default(), Fault::Reorder, every)));
        for step in &steps {
            let (met, escalation) = answer(&reordering, step).unwrap();
            prop_assert!(escalation <= 31 && (!met.counts || escalation >= step.points));
        }
    }
}

#[test]
fn standings_are_known_without_the_store() {
    let senders = senders(Arc::new(FaultyStore::new(MemoryStore::default(), Fault::Fail, 1)));
    let event = |id| Event::message(START, "").channel("whatsapp").sender(id);
    assert!(senders.meet(&event("15550100002")).is_err());
    assert_eq!(senders.standing(&event("15550100002")), Standing::Blocked);
}
