//! `/v1/senders`: the people whom the owner knows, and those who knocked. For clients with the scope `admin`, once the owner's
//! secret was given: a list of people is as private as what they write.

use std::sync::Arc;

use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};

use super::super::answer::{Refusal, json};
use super::super::app::App;
use super::{Answered, in_name_of, object};
use crate::config::Scope;
use crate::sender::{Capabilities, Outcome, People, PeopleError, PersonRecord, Standing, person};
use crate::store::{Actor, Person};

/// Which people are asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// Only those of this standing.
    standing: Option<Standing>,
    /// Only those on this channel.
    channel: Option<String>,
    /// Only the one with this id, on whatever accounts; with `channel`.
    id: Option<String>,
}

#[derive(Serialize)]
struct Listed {
    senders: Vec<PersonRecord>,
}

/// Those of whom the owner has said something, the last changed first. Who is named in the settings alone is not among them.
pub(super) async fn list(State(app): State<Arc<App>>, Query(asked): Query<Asked>, headers: HeaderMap) -> Answered {
    in_name_of(app, headers, Scope::Admin, move |app, _| {
        // In the spelling in which people are kept.
        let one = match (&asked.channel, &asked.id) {
            (Some(channel), Some(id)) => Some(person(channel, None, id)?),
            (None, Some(_)) => return Err(Refusal(StatusCode::BAD_REQUEST, "an id needs its channel")),
            _ => None,
        };
        let mut senders = app.gate.people().list()?;
        senders.retain(|it| {
            asked.standing.is_none_or(|standing| it.standing == standing)
                && asked.channel.as_ref().is_none_or(|channel| it.who.channel.eq_ignore_ascii_case(channel))
                && one.as_ref().is_none_or(|one| (&it.who.channel, &it.who.id) == (&one.channel, &one.id))
        });
        Ok(json(&Listed { senders }))
    })
    .await
}

/// Unknown senders who wrote in direct chats, the last one first. They are marked as seen, as at the command line.
pub(super) async fn knocked(State(app): State<Arc<App>>, headers: HeaderMap) -> Answered {
    in_name_of(app, headers, Scope::Admin, |app, _| {
        let strangers = app.gate.people().strangers();
        let knocked = strangers.list()?;
        strangers.mark_seen(&knocked)?;
        Ok(json(&knocked))
    })
    .await
}

/// What is to be said of whom.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    channel: String,
    /// The gateway's account; every account where it is not named.
    account: Option<String>,
    id: String,
    capabilities: Option<Capabilities>,
    name: Option<String>,
    note: Option<String>,
}

#[derive(Serialize)]
struct Changed {
    who: Person,
    before: Standing,
    after: Standing,
    changed: bool,
    linked: usize,
}

/// Says something of a person: `approve`, `block`, `unblock`, `revoke`, `capabilities`, `name`, `note`.
pub(super) async fn change(State(app): State<Arc<App>>, Path(what): Path<String>, request: Request) -> Answered {
    let headers = request.headers().clone();
    app.client(&headers, Scope::Admin)?;
    let body = app.body(request).await?;
    in_name_of(app, headers, Scope::Admin, move |app, client| {
        let given: Given = object(&body)?;
        let who = person(&given.channel, given.account.as_deref(), &given.id)?;
        let (who, outcome) = changed(app.gate.people(), &what, who, given, app.now(), client.actor)?;
        let Outcome { before, after, changed, linked, .. } = outcome;
        Ok(json(&Changed { who, before, after, changed, linked }))
    })
    .await
}

/// Does it, if something is called so and everything is given that it needs. What is not given is never guessed: no
/// capabilities and no name are something else than none said.
fn changed(
    people: &People,
    what: &str,
    who: Person,
    given: Given,
    at: u64,
    by: Actor,
) -> Result<(Person, Outcome), Refusal> {
    // Whom these are about is known already, perhaps for one account alone.
    let known = |change: &dyn Fn(&Person) -> Result<Outcome, PeopleError>| {
        people.meant(who.clone()).and_then(|who| change(&who).map(|outcome| (who, outcome)))
    };
    let any = |outcome: Result<Outcome, PeopleError>| outcome.map(|outcome| (who.clone(), outcome));
    let done = match (what, given.capabilities, given.name, given.note) {
        ("approve", capabilities, name, None) => any(people.approve_as(&who, capabilities, name.as_deref(), at, by)),
        ("block", None, None, None) => any(people.block(&who, at, by)),
        ("unblock", None, None, None) => any(people.unblock(&who, at, by)),
        ("revoke", None, None, None) => known(&|who| people.revoke(who, at, by.clone())),
        ("capabilities", Some(them), None, None) => known(&|who| people.capabilities(who, them, at, by.clone())),
        ("name", None, Some(name), None) => known(&|who| people.rename(who, &name, at, by.clone())),
        ("note", None, None, Some(note)) => known(&|who| people.note(who, &note, at, by.clone())),
        ("approve" | "block" | "unblock" | "revoke" | "capabilities" | "name" | "note", ..) => {
            return Err(Refusal::JSON);
        }
        _ => return Err(Refusal::NOT_FOUND),
    };
    Ok(done?)
}

/// What a client is told. The store's own words stay inside.
impl From<PeopleError> for Refusal {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Nobody(_) => Self(StatusCode::BAD_REQUEST, "channel and id name nobody"),
            PeopleError::TooLong(_) => Self(StatusCode::BAD_REQUEST, "the name or note is too long"),
            PeopleError::Blocked => Self(StatusCode::CONFLICT, "the person is blocked: unblock first"),
            PeopleError::NotBlocked => Self(StatusCode::CONFLICT, "the person is not blocked by the store"),
            PeopleError::NotApproved => Self(StatusCode::CONFLICT, "the person is not approved by the store"),
            PeopleError::SeveralAccounts(_) => {
                Self(StatusCode::CONFLICT, "the person is known for several accounts: say which")
            }
            _ => Self::STORE,
        }
    }
}
