//! The header `X-Slack-Signature`.

use super::signed;
use crate::keys::SharedSecret;

/// Milliseconds that a request may be under way, and that the clocks may differ, as Slack recommends: five minutes.
const WINDOW: u64 = 300_000;

/// Whether Slack has sent this body, in the last five minutes. `signature` is the header `X-Slack-Signature`, `timestamp` is
/// `X-Slack-Request-Timestamp`, both as they came; a secret is the app's signing secret; `now` is in milliseconds since 1970.
///
/// Within the five minutes a request that was caught on the way can come again: give events the id that Slack gives them,
/// and the gate knows them again.
///
/// ```
/// use sluicegate::auth::webhook;
/// use sluicegate::keys::SharedSecret;
///
/// let secret = SharedSecret::new(*b"8f742231b10e8888abcd99yyyzzz85a5")?;
/// let signature = format!("v0={}", hex::encode(secret.mac(&[b"v0:1531420618:", b"text=hello"])));
/// assert!(webhook::slack(&signature, "1531420618", b"text=hello", &[secret], 1_531_420_619_000));
/// # Ok::<(), sluicegate::keys::KeyError>(())
/// ```
#[must_use]
pub fn slack(signature: &str, timestamp: &str, body: &[u8], secrets: &[SharedSecret], now: u64) -> bool {
    let digits = signature.strip_prefix("v0=").unwrap_or_default();
    let right = signed(secrets, &[b"v0:", timestamp.as_bytes(), b":", body], digits);
    // What is signed ends where the colon stands, so only digits may come before it.
    let is_number = (1..=12).contains(&timestamp.len()) && timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let sent_at = timestamp.parse::<u64>().ok().filter(|_| is_number).map(|seconds| seconds * 1_000);
    right & sent_at.is_some_and(|sent_at| sent_at.abs_diff(now) <= WINDOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Slack's documentation.
    const BODY: &[u8] =
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&\
channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=\
https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=\
398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const SIGNATURE: &str = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
    const SENT: &str = "1531420618";

    #[test]
    fn the_published_example_within_five_minutes_of_its_time() {
        let secret = SharedSecret::new(*b"8f742231b10e8888abcd99yyyzzz85a5").unwrap();
        let other = SharedSecret::new(*b"another secret altogether").unwrap();
        let (sent, both) = (1_531_420_618_000, [other.clone(), secret.clone()]);
        assert!(slack(SIGNATURE, SENT, BODY, &both, sent + 1_000));
        let secrets = [secret];
        for (now, expected) in
            [(sent, true), (sent + 300_000, true), (sent - 300_000, true), (sent + 300_001, false), (0, false)]
        {
            assert_eq!(slack(SIGNATURE, SENT, BODY, &secrets, now), expected, "{now}");
        }
        assert!(!slack(SIGNATURE, SENT, BODY, &[other], sent), "another secret");
        assert!(!slack(SIGNATURE, SENT, &BODY[1..], &secrets, sent), "another body");
        for signature in ["", "v0=", &SIGNATURE[3..], &SIGNATURE[..66], &SIGNATURE.replace("v0", "v1")] {
            assert!(!slack(signature, SENT, BODY, &secrets, sent), "{signature}");
        }
        for timestamp in ["", "1531420619", " 1531420618", "+1531420618", "1531420618.0", "9999999999999999999999"] {
            assert!(!slack(SIGNATURE, timestamp, BODY, &secrets, sent), "{timestamp}");
        }
    }

    #[test]
    fn a_part_of_the_body_is_no_time() {
        let secret = SharedSecret::new(*b"8f742231b10e8888abcd99yyyzzz85a5").unwrap();
        let signature = format!("v0={}", hex::encode(secret.mac(&[b"v0:1531420618:1:text"])));
        let (secrets, now) = ([secret], 1_531_420_618_000);
        assert!(slack(&signature, "1531420618", b"1:text", &secrets, now));
        assert!(!slack(&signature, "1531420618:1", b"text", &secrets, now));
    }
}
