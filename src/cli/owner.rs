//! What a command needs that only the owner may give.

use super::failure::Failure;
use super::stored::Stored;

/// How the owner proves to be the owner.
#[derive(clap::Args)]
pub struct AsOwner {
    /// Ask for your secret on the terminal, also where standard input is something else.
    #[arg(long)]
    as_owner: bool,
}

/// The owner, proved by the secret.
///
/// # Errors
/// Always, as long as this program knows of no secret of the owner's: what nobody can prove nobody may do.
pub fn require(_: &Stored, as_owner: &AsOwner, _: u64) -> Result<(), Failure> {
    let _ = as_owner.as_owner;
    Err(Failure::Broken("this program knows no secret of the owner's yet, so only a gateway may do this".to_owned()))
}
