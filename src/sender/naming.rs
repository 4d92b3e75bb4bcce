//! The names of records under another key.

use zeroize::Zeroizing;

use super::keyring::Keyring;
use super::people::PersonRecord;
use super::strangers;
use crate::keys::{Keys, Purpose};
use crate::store::Table;

/// The name that a durable record has under these keys, from its table, its name until now and what it says; none where that
/// cannot be told. For a [rotation](crate::rotation) of the key: people and strangers are named by keyed hashes of their ids,
/// which their records hold. All others keep their names.
#[must_use]
pub fn name_under(keys: &Keys, table: Table, name: &[u8], text: &[u8]) -> Option<Vec<u8>> {
    let who = match table {
        Table::Person => serde_json::from_slice::<PersonRecord>(text).ok()?.who,
        Table::Stranger => match strangers::who_of(text)? {
            Some(who) => who,
            None => return Some(name.to_vec()),
        },
        _ => return Some(name.to_vec()),
    };
    let secret = Zeroizing::new(keys.derive(Purpose::SenderRecord).mac(&[]));
    Some(Keyring::new(&secret).person(&who).as_bytes().to_vec())
}
