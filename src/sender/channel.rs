//! How the ids of a channel are written.

use std::borrow::Cow;

/// The grammar of the ids on a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grammar {
    /// Phone numbers, and addresses such as `15550100123:12@s.whatsapp.net`.
    WhatsApp,
    /// Phone numbers, and what is clearly none: an e-mail address, a UUID, a sender name.
    Phone,
    /// Numbers, or names whose case does not matter.
    Telegram,
    /// Numbers.
    Discord,
    /// `@user:server`.
    Matrix,
    /// Addresses whose case does not matter.
    Email,
    /// Nothing is known of it.
    Other,
}

impl Grammar {
    /// The grammar of a channel, by its [name](name).
    pub(super) fn of(channel: &str) -> Self {
        match name(channel).as_ref() {
            "whatsapp" => Self::WhatsApp,
            "signal" | "imessage" | "sms" => Self::Phone,
            "telegram" => Self::Telegram,
            "discord" => Self::Discord,
            "matrix" => Self::Matrix,
            "email" => Self::Email,
            _ => Self::Other,
        }
    }
}

/// The name of a channel in its one spelling: without blanks around it, in lower case. The gateway gives it, not the sender,
/// so nobody gains by it.
pub(crate) fn name(channel: &str) -> Cow<'_, str> {
    let channel = channel.trim();
    if channel.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(channel.to_ascii_lowercase())
    } else {
        Cow::Borrowed(channel)
    }
}
