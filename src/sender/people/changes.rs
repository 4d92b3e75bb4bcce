//! Changing what the owner says of people.

use super::{Capabilities, EVERY_ACCOUNT, Outcome, People, PeopleError, PersonRecord};
use crate::sender::Standing;
use crate::store::{Actor, Commit, Deed, Expect, Kept, Person, Write};

/// How often a change is tried again when others change the same records at the same time.
const TRIES: usize = 64;

/// One id as it was read, and as it shall be.
struct Member {
    expect: Expect,
    before: PersonRecord,
    after: PersonRecord,
}

impl People {
    /// Approves a person, with these capabilities, and all ids that are linked. Who is approved already gets the capabilities.
    ///
    /// # Errors
    /// [`PeopleError::Blocked`] where the person is blocked: a block is lifted by [`unblock`](Self::unblock) alone. Or when
    /// the store fails.
    pub fn approve(
        &self,
        who: &Person,
        capabilities: Capabilities,
        at: u64,
        by: Actor,
    ) -> Result<Outcome, PeopleError> {
        self.approve_as(who, Some(capabilities), None, at, by)
    }

    /// The same, with a name in the same commit. Without capabilities, those that the person has stay, and who has none yet gets
    /// the [default](Capabilities::default).
    ///
    /// # Errors
    /// As [`approve`](Self::approve) and [`rename`](Self::rename); nothing is changed then.
    pub fn approve_as(
        &self,
        who: &Person,
        capabilities: Option<Capabilities>,
        name: Option<&str>,
        at: u64,
        by: Actor,
    ) -> Result<Outcome, PeopleError> {
        if name.is_some_and(|name| name.len() > PersonRecord::LONGEST_NAME) {
            return Err(PeopleError::TooLong(PersonRecord::LONGEST_NAME));
        }
        let noted = capabilities.map_or_else(|| "as before".to_owned(), |given| given.to_string());
        let deed = Deed::new(at, "approved", by).with("capabilities", noted);
        self.change(who, at, deed, |record| match record.standing {
            Standing::Blocked => Err(PeopleError::Blocked),
            before => {
                // Those that the commit finds, so nothing comes back that somebody is just taking away.
                let kept = (before == Standing::Approved).then_some(record.capabilities);
                record.stand(at, Standing::Approved, capabilities.or(kept).unwrap_or_default());
                if let Some(name) = name {
                    name.clone_into(&mut record.name);
                }
                Ok(())
            }
        })
    }

    /// Blocks a person, whatever the standing was, and all ids that are linked. A block for every account takes back what single
    /// accounts had given, so that whoever is unblocked later is unknown everywhere. Needs no secret: it only closes.
    ///
    /// # Errors
    /// When the store fails.
    pub fn block(&self, who: &Person, at: u64, by: Actor) -> Result<Outcome, PeopleError> {
        let deed = Deed::new(at, "blocked", by).to(who.clone());
        self.attempt(at, &deed, || {
            let mut members = self.changed(who, at, |record| {
                record.stand(at, Standing::Blocked, Capabilities::NONE);
                Ok(())
            })?;
            // A block is not to fail because some record cannot be read, such as one that is sealed with a newer key.
            self.forget_accounts(who, at, self.accounts(who).unwrap_or_default(), &mut members)?;
            Ok(members)
        })
    }

    /// The single accounts for which the store lets somebody in who is meant for every account. Waits for the disk.
    ///
    /// # Errors
    /// When the store fails.
    pub fn accounts(&self, who: &Person) -> Result<Vec<Person>, PeopleError> {
        if who.account != EVERY_ACCOUNT {
            return Ok(Vec::new());
        }
        let same = |record: &PersonRecord| {
            let apart = record.who.account != who.account && record.who.channel == who.channel;
            apart && record.who.id == who.id && matches!(record.standing, Standing::Approved | Standing::Pending)
        };
        Ok(self.list()?.into_iter().filter(same).map(|record| record.who).collect())
    }

    /// The person whose approval is meant by who names one without an account: whoever was let in for one account alone, as by
    /// pairing, is meant by that too. Waits for the disk.
    ///
    /// # Errors
    /// [`PeopleError::SeveralAccounts`] where it is not plain which of them is meant. Or when the store fails.
    pub fn meant(&self, who: Person) -> Result<Person, PeopleError> {
        let mut accounts = self.accounts(&who)?;
        if accounts.is_empty() || self.show(&who)?.is_some_and(|record| !record.says_nothing()) {
            return Ok(who);
        }
        match (accounts.pop(), accounts.is_empty()) {
            (Some(only), true) => Ok(only),
            (last, _) => Err(PeopleError::SeveralAccounts(
                accounts.into_iter().chain(last).map(|person| person.account).collect(),
            )),
        }
    }

    /// Lifts a block: the person, with all ids that are linked, is unknown again, and not what was before the block.
    ///
    /// # Errors
    /// [`PeopleError::NotBlocked`] where there is no block in the store. Or when the store fails.
    pub fn unblock(&self, who: &Person, at: u64, by: Actor) -> Result<Outcome, PeopleError> {
        self.change(who, at, Deed::new(at, "unblocked", by), |record| match record.standing {
            Standing::Blocked => {
                record.stand(at, Standing::Unknown, Capabilities::NONE);
                Ok(())
            }
            _ => Err(PeopleError::NotBlocked),
        })
    }

    /// Takes an approval back, or refuses who waits for one: the person, with all ids that are linked, is unknown again.
    /// Needs no secret: it only closes.
    ///
    /// # Errors
    /// [`PeopleError::Blocked`] where the person is blocked, [`PeopleError::NotApproved`] where there is nothing to take back.
    /// Or when the store fails.
    pub fn revoke(&self, who: &Person, at: u64, by: Actor) -> Result<Outcome, PeopleError> {
        let deed = Deed::new(at, "revoked", by).to(who.clone());
        self.attempt(at, &deed, || {
            let mut members = self.changed(who, at, |record| match record.standing {
                Standing::Approved | Standing::Pending => {
                    record.stand(at, Standing::Unknown, Capabilities::NONE);
                    Ok(())
                }
                Standing::Blocked => Err(PeopleError::Blocked),
                _ => Err(PeopleError::NotApproved),
            })?;
            // What is taken back for every account is taken back for each.
            self.forget_accounts(who, at, self.accounts(who)?, &mut members)?;
            Ok(members)
        })
    }

    /// Makes a person unknown on single accounts too.
    fn forget_accounts(
        &self,
        who: &Person,
        at: u64,
        accounts: Vec<Person>,
        members: &mut Vec<Member>,
    ) -> Result<(), PeopleError> {
        for account in accounts {
            if account != *who && !members.iter().any(|member| member.before.who == account) {
                let mut member = self.member(&account)?;
                member.after.stand(at, Standing::Unknown, Capabilities::NONE);
                members.push(member);
            }
        }
        Ok(())
    }

    /// Sets what an approved person may have done, and all ids that are linked.
    ///
    /// # Errors
    /// [`PeopleError::NotApproved`] where the store does not approve the person. Or when the store fails.
    pub fn capabilities(
        &self,
        who: &Person,
        capabilities: Capabilities,
        at: u64,
        by: Actor,
    ) -> Result<Outcome, PeopleError> {
        let others = self.accounts(who)?;
        if !others.is_empty() && self.show(who)?.is_some_and(|record| record.standing == Standing::Approved) {
            // Taken away for every account, they would still be there for one.
            let accounts = std::iter::once(who).chain(&others).map(|person| person.account.clone()).collect();
            return Err(PeopleError::SeveralAccounts(accounts));
        }
        let deed = Deed::new(at, "capabilities", by).with("capabilities", capabilities.to_string());
        self.change(who, at, deed, |record| match record.standing {
            Standing::Approved => {
                record.stand(at, Standing::Approved, capabilities);
                Ok(())
            }
            _ => Err(PeopleError::NotApproved),
        })
    }

    /// Gives a person the owner's name for them; the empty one takes it away. Says nothing of the standing.
    ///
    /// # Errors
    /// [`PeopleError::TooLong`] over [`PersonRecord::LONGEST_NAME`] bytes. Or when the store fails.
    pub fn rename(&self, who: &Person, name: &str, at: u64, by: Actor) -> Result<Outcome, PeopleError> {
        if name.len() > PersonRecord::LONGEST_NAME {
            return Err(PeopleError::TooLong(PersonRecord::LONGEST_NAME));
        }
        self.change(who, at, Deed::new(at, "named", by), |record| {
            name.clone_into(&mut record.name);
            Ok(())
        })
    }

    /// Keeps the owner's note on a person; the empty one takes it away.
    ///
    /// # Errors
    /// [`PeopleError::TooLong`] over [`PersonRecord::LONGEST_NOTE`] bytes. Or when the store fails.
    pub fn note(&self, who: &Person, note: &str, at: u64, by: Actor) -> Result<Outcome, PeopleError> {
        if note.len() > PersonRecord::LONGEST_NOTE {
            return Err(PeopleError::TooLong(PersonRecord::LONGEST_NOTE));
        }
        self.change(who, at, Deed::new(at, "noted", by), |record| {
            note.clone_into(&mut record.note);
            Ok(())
        })
    }

    /// Says that two ids are one person. All ids that are linked with either become one: blocked where one of them is, else
    /// with the standing and capabilities of `who`, or of `other` where `who` has none.
    ///
    /// # Errors
    /// [`PeopleError::TooManyLinked`] over [`PersonRecord::MOST_LINKED`] ids. Or when the store fails.
    pub fn link(&self, who: &Person, other: &Person, at: u64, by: Actor) -> Result<Outcome, PeopleError> {
        let deed = Deed::new(at, "linked", by).to(who.clone());
        self.attempt(at, &deed, || {
            let mut members = self.members(who)?;
            for member in self.members(other)? {
                if !members.iter().any(|known| known.before.who == member.before.who) {
                    members.push(member);
                }
            }
            if members.len() > PersonRecord::MOST_LINKED {
                return Err(PeopleError::TooManyLinked);
            }
            let with =
                |standing| members.iter().map(|member| &member.before).find(|record| record.standing == standing);
            let chosen =
                with(Standing::Blocked).or_else(|| with(Standing::Approved)).or_else(|| with(Standing::Pending));
            let (standing, capabilities) =
                chosen.map_or((Standing::Unknown, Capabilities::NONE), |record| (record.standing, record.capabilities));
            let everybody: Vec<Person> = members.iter().map(|member| member.before.who.clone()).collect();
            for member in &mut members {
                member.after.stand(at, standing, capabilities);
                member.after.linked = everybody.iter().filter(|one| **one != member.before.who).cloned().collect();
                // The order says nothing, and must not make a change of what is as it was.
                member.after.linked.sort();
            }
            Ok(members)
        })
    }

    /// Says that an id is not the person of the others with whom it is linked. All keep their standing and capabilities.
    ///
    /// # Errors
    /// [`PeopleError::NotLinked`] where there is no other. Or when the store fails.
    pub fn unlink(&self, who: &Person, at: u64, by: Actor) -> Result<Outcome, PeopleError> {
        let deed = Deed::new(at, "unlinked", by).to(who.clone());
        self.attempt(at, &deed, || {
            let mut members = self.members(who)?;
            if members.len() < 2 {
                return Err(PeopleError::NotLinked);
            }
            for member in &mut members {
                if member.before.who == *who {
                    member.after.linked.clear();
                } else {
                    member.after.linked.retain(|other| other != who);
                }
            }
            Ok(members)
        })
    }

    /// Changes a person, and gives all linked ids the standing and capabilities that come of it.
    fn change(
        &self,
        who: &Person,
        at: u64,
        deed: Deed,
        change: impl Fn(&mut PersonRecord) -> Result<(), PeopleError>,
    ) -> Result<Outcome, PeopleError> {
        self.attempt(at, &deed.to(who.clone()), || self.changed(who, at, &change))
    }

    fn changed(
        &self,
        who: &Person,
        at: u64,
        change: impl Fn(&mut PersonRecord) -> Result<(), PeopleError>,
    ) -> Result<Vec<Member>, PeopleError> {
        let mut members = self.members(who)?;
        let mut standing = None;
        for member in &mut members {
            match standing {
                None => {
                    change(&mut member.after)?;
                    standing = Some((member.after.standing, member.after.capabilities));
                }
                Some((standing, capabilities)) => member.after.stand(at, standing, capabilities),
            }
        }
        Ok(members)
    }

    /// The record of a person, and those of all linked ids.
    fn members(&self, who: &Person) -> Result<Vec<Member>, PeopleError> {
        let first = self.member(who)?;
        let others: Vec<Person> = first.before.linked.clone();
        let mut members = vec![first];
        for other in &others {
            members.push(self.member(other)?);
        }
        Ok(members)
    }

    fn member(&self, who: &Person) -> Result<Member, PeopleError> {
        let kept = self.memory.book.read(self.key(who).as_bytes())?;
        let (expect, before) = match kept {
            Some(Kept { value, version }) => (Expect::Version(version), value),
            None => (Expect::Nothing, PersonRecord::of(who)),
        };
        Ok(Member { expect, after: before.clone(), before })
    }

    /// Makes what `members` gives durable, with its deed, in one commit; where somebody else was faster, asks it again. The
    /// first member is the one whom the change is about.
    ///
    /// INVARIANT: a record of a person is never removed, only emptied, so that no process that was away for long misses that
    /// an approval was taken back.
    fn attempt(
        &self,
        at: u64,
        deed: &Deed,
        members: impl Fn() -> Result<Vec<Member>, PeopleError>,
    ) -> Result<Outcome, PeopleError> {
        for _ in 0..TRIES {
            let members = members()?;
            let Some(first) = members.first() else { return Err(PeopleError::Busy) };
            let (before, after) = (first.before.standing, first.after.standing);
            let mut writes = self.writes(at, &members)?;
            let other = |member: &&Member| member.before.who.id != first.before.who.id && member.after != member.before;
            let linked = members.iter().filter(other).count();
            if writes.is_empty() {
                return Ok(Outcome { before, after, changed: false, linked: 0 });
            }
            writes.push(self.journal.note(deed)?);
            if after != Standing::Unknown {
                // Whom the owner knows is no stranger any more.
                writes.extend(self.strangers().removal(&self.key(&first.before.who))?);
            }
            if let Commit::Done(_) = self.memory.book.store().commit(&writes)? {
                return Ok(Outcome { before, after, changed: true, linked });
            }
        }
        Err(PeopleError::Busy)
    }

    fn writes(&self, at: u64, members: &[Member]) -> Result<Vec<Write>, PeopleError> {
        let changed = members.iter().filter(|member| member.after != member.before);
        let writes = changed.map(|member| {
            let record = PersonRecord { changed: at, ..member.after.clone() };
            self.memory.book.put(self.key(&record.who).as_bytes(), member.expect, &record)
        });
        Ok(writes.collect::<Result<_, _>>()?)
    }

    /// The writes that make who has written a pairing code known, for the commit that spends the code. None where the person
    /// has a standing already that a code must not change.
    pub(in crate::sender) fn admission(
        &self,
        who: &Person,
        standing: Standing,
        capabilities: Capabilities,
        name: &str,
        at: u64,
    ) -> Result<Option<Vec<Write>>, PeopleError> {
        let members = self.changed(who, at, |record| {
            if record.standing == Standing::Unknown {
                record.stand(at, standing, capabilities);
                if record.name.is_empty() {
                    name.clone_into(&mut record.name);
                }
            }
            Ok(())
        })?;
        if members.first().is_none_or(|member| member.before.standing != Standing::Unknown) {
            return Ok(None);
        }
        let mut writes = self.writes(at, &members)?;
        writes.extend(self.strangers().removal(&self.key(who))?);
        Ok(Some(writes))
    }

    /// The write of a deed, for the commit that does it.
    pub(in crate::sender) fn deed(&self, deed: &Deed) -> Result<Write, PeopleError> {
        Ok(self.journal.note(deed)?)
    }
}
