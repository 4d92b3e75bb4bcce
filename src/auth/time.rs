//! Dates, without a calendar library: only days are counted.

/// Days from 1970-01-01 to a date of the Gregorian calendar, which may lie before it.
pub(super) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    // The year begins in March, so that the leap day is its last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Milliseconds since 1970 of a time as JavaScript's `toISOString` writes it, `2026-11-26T17:30:00.000Z`; none for any other
/// spelling, and for what the calendar does not have.
pub(super) fn from_iso(text: &str) -> Option<u64> {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00.000Z";
    let shaped = text.len() == SHAPE.len()
        && text.bytes().zip(SHAPE).all(|(byte, shape)| match shape {
            b'0' => byte.is_ascii_digit(),
            _ => byte == *shape,
        });
    if !shaped {
        return None;
    }
    let part = |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse::<i64>().ok());
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let (hour, minute, second, millisecond) = (part(11, 13)?, part(14, 16)?, part(17, 19)?, part(20, 23)?);
    let next_month = if month == 12 { days_from_civil(year + 1, 1, 1) } else { days_from_civil(year, month + 1, 1) };
    let days = next_month - days_from_civil(year, month, 1);
    let real = (1..=12).contains(&month) && (1..=days).contains(&day) && hour < 24 && minute < 60 && second < 60;
    let seconds = ((days_from_civil(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    real.then_some(seconds * 1_000 + millisecond).and_then(|time| u64::try_from(time).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_of_a_time_that_there_is() {
        let cases = [
            ("1970-01-01T00:00:00.000Z", Some(0)),
            ("2024-02-29T23:59:59.999Z", Some(1_709_251_199_999)),
            ("2000-03-01T00:00:00.000Z", Some(951_868_800_000)),
            ("2026-11-26T17:30:00.250Z", Some(1_795_714_200_250)),
            ("2023-02-29T00:00:00.000Z", None),
            ("2026-13-01T00:00:00.000Z", None),
            ("2026-00-01T00:00:00.000Z", None),
            ("2026-11-26T24:00:00.000Z", None),
            ("1969-12-31T23:59:59.999Z", None),
            ("2026-11-26T17:30:00Z", None),
            ("2026-11-26 17:30:00.000Z", None),
            ("2026-11-26T17:30:00.000+", None),
            ("2026-11-2éT17:30:00.000Z", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(from_iso(text), expected, "{text}");
        }
    }
}
