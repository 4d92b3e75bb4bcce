//! What a policy may spend.

/// What a policy may spend. The defaults suit every policy that a person would write.
///
/// A policy has no loops and no recursion, so only one that was written to do harm comes near them. Sizes of texts (4 KiB),
/// lists (256), variables (64), functions (64), calls (16 deep) and expressions (32 deep) are fixed. A decision needs 256
/// KiB of free stack; so does loading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Steps of the interpreter that one file may take for one event. Default 50,000; 0 counts as 1.
    pub operations: u64,
    /// Milliseconds that the whole chain may take for one event. Default 10.
    pub deadline_ms: u64,
    /// Bytes of one policy file. Default 64 KiB; a larger file is refused when it is loaded.
    pub file_bytes: usize,
    /// Files in one chain. Default 16.
    pub files: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { operations: 50_000, deadline_ms: 10, file_bytes: 64 * 1024, files: 16 }
    }
}
