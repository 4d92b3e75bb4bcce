//! What one event may cost: law 4.

/// How many decoders may stand one inside the other.
pub const DECODE_DEPTH: usize = 4;

/// Bytes that may come out of decoders for an event with `input` bytes of text: four times as many, and 64 KiB.
#[must_use]
pub const fn decoded_bytes(input: usize) -> usize {
    input.saturating_mul(4).saturating_add(64 * 1024)
}

/// Comparisons of pieces that the search may make for `bytes` of text, decoded ones included. Ordinary text needs less than
/// one a byte; a text made of the index's own anchors needs some twenty.
#[must_use]
pub const fn search_steps(bytes: usize) -> u64 {
    (bytes as u64).saturating_mul(64).saturating_add(65_536)
}

/// Bytes that may come out of decoders for a stretch of a reply, besides four times as many as it has.
const OF_A_STRETCH: usize = 4 * 1_024;

/// What is left for one event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    /// Bytes that decoders may still give.
    pub(super) bytes: usize,
    /// Comparisons that the search may still make.
    pub(super) steps: u64,
    /// Whether something was left undone for want of it.
    pub(super) spent: bool,
}

impl Budget {
    pub(super) const fn new(input: usize) -> Self {
        let bytes = decoded_bytes(input);
        Self { bytes, steps: search_steps(input.saturating_add(bytes)), spent: false }
    }

    /// For a stretch of a reply that is searched again and again while the reply comes in: what every text is granted
    /// besides what it needs would add up.
    pub(super) const fn of_stretch(input: usize) -> Self {
        let bytes = input.saturating_mul(4).saturating_add(OF_A_STRETCH);
        Self { bytes, steps: (input.saturating_add(bytes) as u64).saturating_mul(64), spent: false }
    }
}
