//! Spans of time as people write them.

use std::time::Duration;

/// Reads `90s`, `10m`, `8h` or `2d`; a bare number is seconds. At most ten years.
///
/// # Errors
/// What is wrong with it.
pub fn parse(text: &str) -> Result<Duration, String> {
    const TEN_YEARS: u64 = 3_652 * 86_400;
    let (number, unit) = match text.char_indices().last() {
        Some((at, 's')) => (text.get(..at), 1),
        Some((at, 'm')) => (text.get(..at), 60),
        Some((at, 'h')) => (text.get(..at), 3_600),
        Some((at, 'd')) => (text.get(..at), 86_400),
        _ => (Some(text), 1),
    };
    let number = number.filter(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    let seconds = number.and_then(|digits| digits.parse::<u64>().ok()).and_then(|number| number.checked_mul(unit));
    match seconds {
        Some(seconds) if seconds <= TEN_YEARS => Ok(Duration::from_secs(seconds)),
        Some(_) => Err("at most ten years".to_owned()),
        None => Err("a span of time is a number with s, m, h or d, such as 90s, 10m, 8h or 2d".to_owned()),
    }
}

/// Milliseconds of a span.
pub fn milliseconds(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write_and_nothing_else() {
        let cases = [("90", 90), ("90s", 90), ("10m", 600), ("8h", 28_800), ("2d", 172_800), ("0", 0)];
        for (text, seconds) in cases {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "m", "-1s", "1.5h", "10 m", "1w", "99999999999999999999", "3653d", "١٠s", "1日"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
