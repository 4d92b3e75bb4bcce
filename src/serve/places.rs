//! Places for connections: how many may be open at once, and who has to go when all are taken.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// The places of a server. Whoever has shown a token keeps a place until the connection ends; of those who have not, the one that
/// has been there the longest goes when somebody comes and all places are taken. So a crowd that says nothing keeps nobody out.
#[derive(Debug)]
pub(super) struct Places {
    most: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    count: usize,
    /// Given to the next who comes.
    number: u64,
    /// Those who have shown no token yet, in the order in which they came.
    strangers: BTreeMap<u64, Arc<Notify>>,
}

/// A place; free again when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    number: u64,
    known: AtomicBool,
    leave: Arc<Notify>,
}

impl Places {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most: most.max(1), taken: Mutex::default() })
    }

    /// A place, if there is one, or can be made.
    pub(super) fn enter(self: &Arc<Self>) -> Option<Place> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.count >= self.most {
            let (_, leave) = taken.strangers.pop_first()?;
            leave.notify_one();
            // The place of whoever goes passes to whoever comes, and is not free again when the other is gone.
        } else {
            taken.count += 1;
        }
        let (number, leave) = (taken.number, Arc::<Notify>::default());
        taken.number += 1;
        taken.strangers.insert(number, Arc::clone(&leave));
        drop(taken);
        Some(Place { places: Arc::clone(self), number, known: AtomicBool::new(false), leave })
    }

    /// How many are taken.
    #[cfg(test)]
    fn count(&self) -> usize {
        self.taken.lock().unwrap().count
    }
}

impl Place {
    /// Whether a token was shown over this connection.
    pub(super) fn is_known(&self) -> bool {
        self.known.load(Ordering::Relaxed)
    }

    /// A token was shown.
    pub(super) fn know(&self) {
        let mut taken = self.places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        // Who was asked to leave before leaves.
        if taken.strangers.remove(&self.number).is_some() {
            self.known.store(true, Ordering::Relaxed);
        }
    }

    /// Ends when the place is wanted for somebody else.
    pub(super) async fn wanted(&self) {
        self.leave.notified().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let stranger = taken.strangers.remove(&self.number).is_some();
        if stranger || self.is_known() {
            taken.count -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_shown_nothing_goes_first_and_the_longest_there_before_others() {
        let places = Places::new(3);
        let [first, second, third] = [(); 3].map(|()| places.enter().unwrap());
        second.know();
        let is_wanted = |place: &Place| place.places.taken.lock().unwrap().strangers.contains_key(&place.number);
        let fourth = places.enter().expect("in the place of the first");
        assert!(!is_wanted(&first) && is_wanted(&third) && is_wanted(&fourth) && second.is_known());
        first.know();
        assert!(!first.is_known(), "too late");
        drop(first);
        assert_eq!(places.count(), 3, "its place is taken");
        third.know();
        fourth.know();
        assert!(places.enter().is_none(), "nobody goes who has shown a token");
        drop(third);
        assert_eq!(places.count(), 2);
        let fifth = places.enter().unwrap();
        drop((second, fourth, fifth));
        assert_eq!(places.count(), 0);
    }
}
