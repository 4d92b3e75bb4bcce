//! The header `X-Hub-Signature-256`.

use super::signed;
use crate::keys::SharedSecret;

/// Whether Meta (WhatsApp, Messenger, Instagram) has sent this body. `signature` is the header `X-Hub-Signature-256`, and a
/// secret is the app secret of the app's dashboard.
///
/// The signature has no time, so a body that was caught on the way is right for ever: give events the id that Meta gives
/// messages, and the gate knows those of late again.
#[must_use]
pub fn meta(signature: &str, body: &[u8], secrets: &[SharedSecret]) -> bool {
    hub(signature, body, secrets)
}

/// Whether GitHub has sent this body. `signature` is the header `X-Hub-Signature-256`, and a secret is the one that the
/// webhook's page was given. The older header `X-Hub-Signature`, with SHA-1, is not read.
///
/// The signature has no time, so a body that was caught on the way is right for ever.
///
/// ```
/// use sluicegate::auth::webhook;
/// use sluicegate::keys::SharedSecret;
///
/// // The example of GitHub's documentation.
/// let secret = SharedSecret::new(*b"It's a Secret to Everybody")?;
/// let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
/// assert!(webhook::github(signature, b"Hello, World!", &[secret]));
/// # Ok::<(), sluicegate::keys::KeyError>(())
/// ```
#[must_use]
pub fn github(signature: &str, body: &[u8], secrets: &[SharedSecret]) -> bool {
    hub(signature, body, secrets)
}

fn hub(signature: &str, body: &[u8], secrets: &[SharedSecret]) -> bool {
    signature.strip_prefix("sha256=").is_some_and(|digits| signed(secrets, &[body], digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_code_of_the_whole_body_under_a_secret_that_is_valid() {
        let secret = |text: &str| SharedSecret::new(text.as_bytes()).unwrap();
        let (old, new) = (secret("It's a Secret to Everybody"), secret("another secret altogether"));
        let right = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        let upper = right.to_uppercase().replace("SHA", "sha");
        let cases = [
            (right, &b"Hello, World!"[..], vec![old.clone()], true, "the published example"),
            (right, b"Hello, World!", vec![new.clone(), old.clone()], true, "while secrets are changed"),
            (right, b"Hello, World!", vec![old.clone(), new.clone()], true, "in any order"),
            (&upper, b"Hello, World!", vec![old.clone()], true, "digits in any case"),
            (right, b"Hello, World!", vec![new], false, "the secret was changed"),
            (right, b"Hello, World!", vec![], false, "no secret"),
            (right, b"Hello, World?", vec![old.clone()], false, "another body"),
            (&right[..right.len() - 1], b"Hello, World!", vec![old.clone()], false, "a short code"),
            (&right[..7], b"Hello, World!", vec![old.clone()], false, "no code"),
            (&right[7..], b"Hello, World!", vec![old.clone()], false, "no prefix"),
            ("", b"", vec![old.clone()], false, "nothing"),
            ("sha1=757107ea0eb2509fc211221cce984b8a37570b6d", b"Hello, World!", vec![old], false, "the older header"),
        ];
        for (signature, body, secrets, expected, why) in cases {
            assert_eq!(github(signature, body, &secrets), expected, "{why}");
            assert_eq!(meta(signature, body, &secrets), expected, "{why}");
        }
    }
}
