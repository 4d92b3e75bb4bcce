//! How points fade: halving with time, in whole numbers.

/// Steps in a half-life. Time counts in whole steps, 4.7 s for a half-life of five minutes.
const STEPS: usize = 64;

/// Entry k is 2^(-k/64) in units of 2^-31, rounded down.
static FACTORS: [u32; STEPS] = factors();

/// The table, made by the compiler from integer square roots alone: no floating point, so the same on every machine.
#[expect(clippy::indexing_slicing, reason = "run by the compiler: an index out of range would not build")]
const fn factors() -> [u32; STEPS] {
    const ONE: u128 = 1 << 62;
    // Six square roots of a half are the 64th.
    let mut root = ONE / 2;
    let mut halvings = 0;
    while halvings < STEPS.ilog2() {
        root = (root * ONE).isqrt();
        halvings += 1;
    }
    let mut table = [0; STEPS];
    let (mut power, mut step) = (ONE, 0);
    while step < STEPS {
        table[step] = (power >> 31) as u32;
        power = power * root / ONE;
        step += 1;
    }
    table
}

/// What is left at the time `to` of a `value` as of the time `from`, both in milliseconds, rounded down. Never rises with
/// time, and is 0 after at most 16 half-lives. A half-life of zero is taken as one millisecond.
pub(super) fn decayed(value: u16, from: u64, to: u64, half_life_ms: u64) -> u16 {
    // INVARIANT: steps are counted on one scale for all times, so that fading twice is fading once over both spans. Were
    // they counted from `from`, whoever gathers points faster than a step would never see them fade.
    let step_of = |time: u64| time.saturating_mul(STEPS as u64) / half_life_ms.max(1);
    let steps = step_of(to).saturating_sub(step_of(from));
    let (halvings, rest) = (steps / STEPS as u64, steps % STEPS as u64);
    if halvings >= 16 {
        return 0;
    }
    let factor = usize::try_from(rest).ok().and_then(|rest| FACTORS.get(rest)).copied().unwrap_or_default();
    // 16 bits times 32 bits fit 64, and the result is at most `value`.
    u16::try_from((u64::from(value) * u64::from(factor)) >> (31 + halvings)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Exact product of two numbers in base 2^32, least digit first.
    fn product(a: &[u32], b: &[u32]) -> Vec<u32> {
        let mut out = vec![0_u32; a.len() + b.len()];
        for (i, x) in a.iter().enumerate() {
            let mut carry = 0_u64;
            for (j, y) in b.iter().enumerate() {
                let sum = u64::from(*x) * u64::from(*y) + u64::from(out[i + j]) + carry;
                out[i + j] = sum as u32;
                carry = sum >> 32;
            }
            out[i + b.len()] = carry as u32;
        }
        out
    }

    /// The exact 64th power of `x`.
    fn power_64(x: u32) -> Vec<u32> {
        (0..6).fold(vec![x], |power, _| product(&power, &power))
    }

    /// 2 to the power of `bits`, with as many digits as `power_64` gives.
    fn power_of_two(bits: usize) -> Vec<u32> {
        let mut out = vec![0; 64];
        out[bits / 32] = 1 << (bits % 32);
        out
    }

    fn not_above(a: &[u32], b: &[u32]) -> bool {
        a.iter().rev().le(b.iter().rev())
    }

    #[test]
    fn every_entry_of_the_table_is_exact() {
        for (k, entry) in FACTORS.iter().enumerate() {
            // entry = floor(2^31 · 2^(-k/64)) says the same as entry^64 <= 2^(31·64-k) < (entry+1)^64.
            let exact = power_of_two(31 * 64 - k);
            assert!(not_above(&power_64(*entry), &exact), "entry {k} is too high");
            assert!(!not_above(&power_64(entry + 1), &exact), "entry {k} is too low");
        }
    }

    #[test]
    fn halves_in_a_half_life_and_ends_at_nothing() {
        let cases = [(0, 7_936), (299_999, 4_011), (300_000, 3_968), (600_000, 1_984), (3_600_000, 1), (3_900_000, 0)];
        for (elapsed, left) in cases {
            assert_eq!(decayed(7_936, 0, elapsed, 300_000), left, "31 points after {elapsed} ms");
        }
        assert_eq!(decayed(u16::MAX, 0, u64::MAX, u64::from(u32::MAX) * 1_000), 0, "far in the future");
        assert_eq!(decayed(256, 7, 7, 0), 256, "a half-life of zero does not divide by zero");
    }

    proptest! {
        #[test]
        fn never_rises_with_time_nor_above_a_larger_value(
            value in 0_u16..=7_936, more in 0_u16..=100, from in 0_u64..1 << 42, elapsed in 0_u64..8_000_000,
            later in 0_u64..8_000_000, half_life in 1_u64..1_000_000,
        ) {
            let (to, end) = (from + elapsed, from + elapsed + later);
            let left = decayed(value, from, to, half_life);
            prop_assert!(left <= value);
            prop_assert!(decayed(value.saturating_add(more), from, to, half_life) >= left);
            let (once, twice) = (decayed(value, from, end, half_life), decayed(left, to, end, half_life));
            prop_assert!(once <= left);
            prop_assert!(twice <= once && once - twice <= 2, "fading twice gave {twice}, fading once {once}");
        }
    }
}
