//! A sender's record as bytes.

use super::{EventMark, Points, Record, Window};
use crate::store::window::SLOTS;

/// The first byte: which form the rest has.
///
/// INVARIANT: a form stays readable for ever, since files hold it; a new one gets a new number.
const FORM: u8 = 1;

impl Record {
    /// The longest that [`to_bytes`](Self::to_bytes) gives, in bytes.
    pub const MAX_BYTES: usize = 1 + 10 + 10 + 3 + 1 + 8 * Self::MARKS + 2 + 3 * SLOTS;

    /// The record in a compact form, for stores that keep records outside of this process: 20 bytes for a sender who wrote
    /// once, some 100 for a busy one. It starts with the number of the form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(Self::MAX_BYTES);
        bytes.push(FORM);
        number(&mut bytes, self.clock);
        // Points are mostly as old as the clock, so the distance is a small number in either direction.
        let ahead = self.points_at.wrapping_sub(self.clock).cast_signed();
        number(&mut bytes, ((ahead << 1) ^ (ahead >> 63)).cast_unsigned());
        number(&mut bytes, u64::from(self.points.as_256ths()));
        bytes.push(self.next << 4 | self.marked);
        for mark in self.marks.iter().take(usize::from(self.marked)) {
            bytes.extend(mark.id.to_le_bytes());
            bytes.extend(mark.digest.to_le_bytes());
        }
        let slots = self.window.slots();
        let used = slots.iter().zip(0..).fold(0_u16, |used, (count, slot)| used | u16::from(*count > 0) << slot);
        bytes.extend(used.to_le_bytes());
        slots.iter().filter(|count| **count > 0).for_each(|count| number(&mut bytes, u64::from(*count)));
        bytes
    }

    /// The record that [`to_bytes`](Self::to_bytes) wrote, in this version or an older one. None for anything else; there is
    /// no guessing.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        if byte(&mut rest)? != FORM {
            return None;
        }
        let clock = read_number(&mut rest)?;
        let folded = read_number(&mut rest)?;
        let ahead = (folded >> 1).cast_signed() ^ -(folded & 1).cast_signed();
        let points_at = clock.wrapping_add(ahead.cast_unsigned());
        let points = u16::try_from(read_number(&mut rest)?).ok()?;
        let places = byte(&mut rest)?;
        let (next, marked) = (places >> 4, places & 0xf);
        let full = marked == Self::MARKS as u8;
        if points > Points::new(Points::CAP).as_256ths() || marked > Self::MARKS as u8 || (!full && next != marked) {
            return None;
        }
        if usize::from(next) >= Self::MARKS {
            return None;
        }
        let mut marks = [EventMark::default(); Self::MARKS];
        for mark in marks.iter_mut().take(usize::from(marked)) {
            *mark = EventMark { id: word(&mut rest)?, digest: word(&mut rest)? };
        }
        let used = u16::from_le_bytes([byte(&mut rest)?, byte(&mut rest)?]);
        let mut slots = [0; SLOTS];
        for (slot, count) in slots.iter_mut().enumerate() {
            if used >> slot & 1 == 1 {
                *count = u16::try_from(read_number(&mut rest)?).ok().filter(|count| *count > 0)?;
            }
        }
        let window = Window::from_slots(slots);
        let whole = rest.is_empty() && used >> SLOTS == 0;
        whole.then_some(Self { clock, points_at, marks, window, points: Points::from_256ths(points), marked, next })
    }
}

/// Seven bits a byte, the lowest first; the high bit says that more follow.
fn number(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn read_number(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let next = byte(rest)?;
        let part = u64::from(next & 0x7f);
        if (part << shift) >> shift != part {
            return None;
        }
        value |= part << shift;
        if next & 0x80 == 0 {
            // One number has one form: a last byte of zero would be a longer one.
            return (next != 0 || shift == 0).then_some(value);
        }
    }
    None
}

fn byte(rest: &mut &[u8]) -> Option<u8> {
    let (first, others) = rest.split_first()?;
    *rest = others;
    Some(*first)
}

fn word(rest: &mut &[u8]) -> Option<u32> {
    let (first, others) = rest.split_first_chunk::<4>()?;
    *rest = others;
    Some(u32::from_le_bytes(*first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Arrival, Terms};
    use proptest::prelude::*;

    const TERMS: Terms = Terms { window_ms: 60_000, half_life_ms: 300_000 };

    /// A record as events make it.
    fn records() -> impl Strategy<Value = Record> {
        let time = prop_oneof![Just(0), Just(u64::MAX), 1_764_000_000_000..1_764_000_600_000_u64];
        prop::collection::vec((time, any::<Option<(u32, u32)>>(), any::<bool>(), any::<i8>()), 0..40).prop_map(
            |events| {
                let mut record = Record::default();
                for (at, mark, counts, points) in events {
                    let mark = mark.map(|(id, digest)| EventMark { id, digest });
                    record.arrive(&Arrival { at, mark, counts }, &TERMS);
                    record.add_points(at, points, &TERMS);
                }
                record
            },
        )
    }

    proptest! {
        #[test]
        fn a_record_is_read_as_it_was_written_and_in_no_other_form(record in records()) {
            let bytes = record.to_bytes();
            prop_assert!(bytes.len() <= Record::MAX_BYTES);
            prop_assert_eq!(Record::from_bytes(&bytes), Some(record));
            for length in 0..bytes.len() {
                prop_assert_eq!(Record::from_bytes(&bytes[..length]), None, "cut to {}", length);
            }
            prop_assert_eq!(Record::from_bytes(&[bytes.as_slice(), &[0]].concat()), None);
        }

        #[test]
        fn what_is_read_from_any_bytes_is_written_as_these_bytes(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let bytes = [&[FORM], bytes.as_slice()].concat();
            if let Some(record) = Record::from_bytes(&bytes) {
                prop_assert_eq!(record.to_bytes(), bytes);
            }
        }

        #[test]
        fn two_records_joined_are_never_milder_than_either(one in records(), two in records()) {
            let joined = one.joined(&two, &TERMS);
            for record in [&one, &two] {
                let now = joined.arrive_to_look(record.clock);
                let alone = record.arrive_to_look(joined.clock);
                // Points that fade in two steps lose up to 2/256 more than in one.
                prop_assert!(now.points.as_256ths() + 2 >= alone.points.as_256ths());
                prop_assert!(now.messages >= alone.messages && now.now >= alone.now);
            }
            prop_assert_eq!(one.joined(&one, &TERMS), one, "nothing is counted twice");
        }
    }

    impl Record {
        fn arrive_to_look(&self, at: u64) -> crate::store::Presence {
            self.clone().arrive(&Arrival { at, mark: None, counts: false }, &TERMS)
        }
    }

    #[test]
    fn the_form_of_files_stays() {
        let mut record = Record::default();
        let mark = Some(EventMark { id: 0x0102_0304, digest: 0x0506_0708 });
        record.arrive(&Arrival { at: 1_764_000_000_000, mark, counts: true }, &TERMS);
        record.add_points(1_764_000_001_000, 8, &TERMS);
        let hex = "0180d0dfb4ab33d00f8010110403020108070605010001";
        assert_eq!(hex::encode(record.to_bytes()), hex);
    }
}
