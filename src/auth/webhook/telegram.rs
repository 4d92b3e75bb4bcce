//! The header `X-Telegram-Bot-Api-Secret-Token`.

use crate::keys::SharedSecret;

/// Whether a request comes from Telegram: the header `X-Telegram-Bot-Api-Secret-Token` is a secret that `setWebhook` was given
/// as `secret_token`, one of at least 16 characters.
///
/// The header says nothing of the body, which is protected by TLS alone, and of the time: give events the `update_id` that
/// Telegram gives updates, and the gate knows those of late again.
///
/// ```
/// use sluicegate::auth::webhook;
/// use sluicegate::keys::SharedSecret;
///
/// let secrets = [SharedSecret::new(*b"kept_between_two-of_us")?];
/// assert!(webhook::telegram("kept_between_two-of_us", &secrets));
/// assert!(!webhook::telegram("kept_between_two-of_u", &secrets));
/// # Ok::<(), sluicegate::keys::KeyError>(())
/// ```
#[must_use]
pub fn telegram(token: &str, secrets: &[SharedSecret]) -> bool {
    secrets.iter().fold(false, |right, secret| right | secret.is(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_secret_and_no_other() {
        let secret = |text: &str| SharedSecret::new(text.as_bytes()).unwrap();
        let secrets = [secret("an-old_secret-of-1"), secret("kept_between_two-of_us")];
        for (token, expected) in [
            ("kept_between_two-of_us", true),
            ("an-old_secret-of-1", true),
            ("kept_between_two-of_u", false),
            ("kept_between_two-of_us ", false),
            ("KEPT_between_two-of_us", false),
            ("", false),
        ] {
            assert_eq!(telegram(token, &secrets), expected, "{token}");
            assert!(!telegram(token, &[]), "no secret, no token");
        }
    }
}
