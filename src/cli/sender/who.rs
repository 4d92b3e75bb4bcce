//! Whom a command is about.

use sluicegate::sender::{EVERY_ACCOUNT, People, PeopleError, person};
use sluicegate::store::Person;

use crate::cli::failure::Failure;
use crate::cli::mask::masked;
use crate::cli::stored::of_people;
use crate::cli::visible;

/// A sender: by channel and id, or by the number of a stranger.
#[derive(clap::Args)]
pub struct Who {
    /// The channel, such as `whatsapp`.
    #[arg(required_unless_present = "knocked")]
    channel: Option<String>,
    /// The whole id on that channel, such as `+1 555 010-0123`.
    #[arg(required_unless_present = "knocked", allow_hyphen_values = true)]
    id: Option<String>,
    /// The account of yours on that channel that it holds for; without it, every account.
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
    /// The stranger with this number in `sluicegate sender knocked`, instead of a channel and an id.
    #[arg(long, value_name = "N", conflicts_with_all = ["channel", "id", "account"])]
    knocked: Option<u64>,
}

impl Who {
    /// The person whose approval is changed. Whoever was let in for one account alone, as by pairing, is meant without
    /// `--account` too.
    pub fn known(&self, people: &People) -> Result<Person, Failure> {
        people.meant(self.person(people)?).map_err(|error| match error {
            PeopleError::SeveralAccounts(_) => Failure::Misuse(format!("{error} (`--account`)")),
            error => of_people(&error),
        })
    }

    /// The person.
    pub fn person(&self, people: &People) -> Result<Person, Failure> {
        match (self.knocked, &self.channel, &self.id) {
            (Some(number), ..) => Ok(people.strangers().find(number).map_err(|error| of_people(&error))?.who),
            (None, Some(channel), Some(id)) => {
                person(channel, self.account.as_deref(), id).map_err(|error| Failure::Misuse(error.to_string()))
            }
            _ => Err(Failure::Misuse("name a channel and an id, or --knocked N".to_owned())),
        }
    }
}

/// A person on the screen, with the middle of the id hidden: `whatsapp +1•••0123`, `telegram/main @wa•••in`.
pub fn shown(who: &Person) -> String {
    let account = if who.account == EVERY_ACCOUNT || who.account.is_empty() {
        String::new()
    } else {
        format!("/{}", who.account)
    };
    visible::lines(&format!("{}{account} {}", who.channel, masked(&who.id)))
}
