//! Codes that are asked for by writing to the agent, for the owner to approve.

use super::{Code, Pairing, PairingCode, TRIES, same};
use crate::sender::people::{Capabilities, People, PeopleError};
use crate::sender::{PersonRecord, Standing};
use crate::store::{Actor, Commit, Deed, Expect, Person};

impl Pairing {
    /// The most codes that senders of one channel and account may have asked for and that wait.
    pub const ASKED: usize = 3;
}

impl People {
    /// Makes a code for a sender who has written. None where one waits for the sender already, or as many as may.
    pub(in crate::sender) fn ask(
        &self,
        who: &Person,
        name: &str,
        at: u64,
        expires_in: u64,
    ) -> Result<Option<Code>, PeopleError> {
        let pairing = self.pairing();
        let room = |codes: &[PairingCode]| {
            let mut asked = codes.iter().filter_map(|code| code.asked.as_ref());
            let here = |asked: &Person| asked.channel == who.channel && asked.account == who.account;
            codes.len() < Pairing::MOST
                && !asked.clone().any(|asked| asked == who)
                && asked.by_ref().filter(|asked| here(asked)).count() < Pairing::ASKED
        };
        // From memory: whoever writes on and on costs no look into the store.
        if !room(&pairing.list(at)) {
            return Ok(None);
        }
        // Nobody who lacks the key can tell what it will be, and the same event gives the same code again.
        let parts = [b"asked".as_slice(), who.channel.as_bytes(), who.account.as_bytes(), who.id.as_bytes()];
        let drawn = pairing.key.mac(&[&parts[..], &[&at.to_le_bytes()]].concat());
        let code = Code::of(std::array::from_fn(|index| drawn.get(index).copied().unwrap_or_default()));
        let key = pairing.key.half(&[b"id", code.as_bytes()]);
        let mut id = hex::encode(key);
        id.truncate(6);
        // At most four bytes a character.
        let name = name.chars().take(PersonRecord::LONGEST_NAME / 4).collect();
        let made = PairingCode {
            id: id.clone(),
            channel: who.channel.clone(),
            account: who.account.clone(),
            name,
            capabilities: Capabilities::default(),
            created: at,
            expires: at.saturating_add(expires_in),
            asked: Some(who.clone()),
            hash: hex::encode(pairing.hash(&code)),
        };
        let mut writes = Vec::new();
        let mut waiting = Vec::new();
        for changed in pairing.book.all()? {
            match changed.value {
                Some(old) if at < old.expires => waiting.push(old),
                _ => writes.push(pairing.book.remove(&changed.key, Expect::Version(changed.version))),
            }
        }
        if !room(&waiting) {
            return Ok(None);
        }
        writes.push(pairing.book.put(&key, Expect::Nothing, &made)?);
        writes.push(self.deed(&Deed::new(at, "pairing_asked", Actor::Gate).to(who.clone()).with("code", id))?);
        // Where others change the codes at the same time, the sender meets silence, and may write again.
        Ok(matches!(pairing.book.store().commit(&writes)?, Commit::Done(_)).then_some(code))
    }

    /// Approves the sender who was answered with this code. `code` is as the sender tells it, in any case.
    ///
    /// # Errors
    /// [`PeopleError::NoCode`] where nobody waits with this code, [`PeopleError::Blocked`] where the sender was blocked since.
    /// Or when the store fails.
    pub fn approve_pairing(
        &self,
        code: &str,
        capabilities: Capabilities,
        at: u64,
        by: Actor,
    ) -> Result<Person, PeopleError> {
        let pairing = self.pairing();
        let hash = hex::encode(pairing.hash(&Code::in_message(code).ok_or(PeopleError::NoCode)?));
        for _ in 0..TRIES {
            let mut found = None;
            for changed in pairing.book.all()? {
                let Some(waits) = changed.value.filter(|waits| at < waits.expires) else { continue };
                if same(waits.hash.as_bytes(), hash.as_bytes()) {
                    found = Some((changed.key, changed.version, waits));
                }
            }
            let (key, version, waits) = found.ok_or(PeopleError::NoCode)?;
            let who = waits.asked.ok_or(PeopleError::NoCode)?;
            let admitted = self.admission(&who, Standing::Approved, capabilities, &waits.name, at)?;
            let Some(mut writes) = admitted else { return Err(PeopleError::Blocked) };
            writes.push(pairing.book.remove(&key, Expect::Version(version)));
            writes.push(self.deed(&Deed::new(at, "approved", by.clone()).to(who.clone()).with("code", waits.id))?);
            if let Commit::Done(_) = pairing.book.store().commit(&writes)? {
                return Ok(who);
            }
        }
        Err(PeopleError::Busy)
    }
}
