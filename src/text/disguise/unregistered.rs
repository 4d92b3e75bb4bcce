//! What the catalogue has and [`all`](super::all) has not.

/// The ids of the catalogue that are no disguises here, each with the reason.
pub(super) const NOT_REGISTERED: &[(&str, &str)] = &[
    ("A00", "the text as it is"),
    ("A16", "a letter left out leaves no rule by which to put it back; the catalogue does not define it"),
    ("D04", "a rail fence is not undone: models that should read it fail as well"),
    (
        "D06",
        "lines by turns in either direction are found where the phrase fits a line; the catalogue does not define it",
    ),
    ("E05", "Vigenere cannot be undone without the key"),
    ("G52", "yEnc needs all bytes of Latin-1, and what is no UTF-8 does not reach the detector"),
    ("K00", "the first of two messages; the carry over split messages is held to it in tests of its own"),
    ("K01", "the second of two messages; see K00"),
];
