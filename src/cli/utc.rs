//! Times on the screen.

/// A time in UTC, to the minute.
#[derive(Debug, PartialEq, Eq)]
pub struct Utc {
    /// Year, month and day: `2025-11-24`.
    pub date: String,
    /// Hour and minute: `16:00`.
    pub clock: String,
}

impl Utc {
    /// The time `at` milliseconds since 1970; none for 0, which stands for an unknown time, and beyond the year 9999.
    pub fn of(at: u64) -> Option<Self> {
        const DAY: u64 = 86_400_000;
        const YEAR_10000: u64 = 2_932_897 * DAY;
        if at == 0 || at >= YEAR_10000 {
            return None;
        }
        // Days are counted from 1 March of the year 0, so that a leap day is the last of its year. An era is 400 years.
        let days = at / DAY + 719_468;
        let (era, day) = (days / 146_097, days % 146_097);
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        let minutes = at % DAY / 60_000;
        Some(Self {
            date: format!("{:04}-{month:02}-{day:02}", era * 400 + year + next),
            clock: format!("{:02}:{:02}", minutes / 60, minutes % 60),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_civil_calendar() {
        let cases = [
            (1, "1970-01-01 00:00"),
            (951_782_400_000, "2000-02-29 00:00"),
            (951_868_799_999, "2000-02-29 23:59"),
            (951_868_800_000, "2000-03-01 00:00"),
            (1_764_000_000_000, "2025-11-24 16:00"),
            (4_107_542_399_000, "2100-02-28 23:59"),
            (4_107_542_400_000, "2100-03-01 00:00"),
            (253_402_300_799_999, "9999-12-31 23:59"),
        ];
        for (at, expected) in cases {
            let time = Utc::of(at).unwrap();
            assert_eq!(format!("{} {}", time.date, time.clock), expected);
        }
        assert_eq!((Utc::of(0), Utc::of(253_402_300_800_000), Utc::of(u64::MAX)), (None, None, None));
    }
}
