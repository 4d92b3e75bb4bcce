//! The message gatekeeper of openclaw-secure-baseline.

use std::collections::BTreeMap;
use std::path::Path;

use super::{ImportError, Imported, clip, json, source};
use crate::event::Json;
use crate::sender::Listing;

const PLATFORMS: [&str; 4] = ["imessage", "signal", "telegram", "whatsapp"];
/// Its capabilities, and ours. `can_admin` is not among them: it is given by hand.
const CAPABILITIES: [(&str, &str); 5] = [
    ("can_chat", "chat"),
    ("can_status", "status"),
    ("can_run_jobs", "run_jobs"),
    ("can_files", "files"),
    ("can_network", "network"),
];

/// Reads `sender-registry.json`.
pub(super) fn read(path: &Path) -> Result<Imported, ImportError> {
    let registry = json::object(path)?;
    let file = source::name(path);
    let known = ["approved", "pending", "blocked"].iter().any(|part| json::member(&registry, part).is_some());
    if !known {
        let why = "this is no sender-registry.json: it has neither `approved` nor `pending` nor `blocked`";
        return Err(ImportError::NotThis { path: path.to_owned(), why });
    }
    let mut imported = Imported::default();
    for (part, standing) in [("blocked", Listing::Blocked), ("approved", Listing::Approved)] {
        each(&registry, part, &file, &mut imported, |imported, place, platform, id, record| {
            let id = native(platform, id);
            if let Some(person) = imported.person(place, platform, None, id, standing) {
                person.name = record.and_then(|record| json::string(record, "name")).map(clip);
                if standing == Listing::Approved {
                    let (capabilities, odd) = capabilities(record);
                    person.capabilities = capabilities;
                    for why in odd {
                        imported.remark(place, id, why);
                    }
                }
            }
        });
    }
    each(&registry, "pending", &file, &mut imported, |imported, place, _, id, _| {
        imported.remark(place, id, "waited for approval: not approved; make a new code with `sluicegate pair new`");
    });
    Ok(imported)
}

/// Goes through one part of the registry.
fn each(
    registry: &BTreeMap<String, Json>,
    part: &str,
    file: &str,
    imported: &mut Imported,
    mut take: impl FnMut(&mut Imported, &str, &str, &str, Option<&BTreeMap<String, Json>>),
) {
    let Some(platforms) = registry.get(part) else { return };
    let Json::Object(platforms) = platforms else {
        imported.remark(&format!("{file}: {part}"), part, "this should be an object; nothing of it was taken");
        return;
    };
    for (platform, people) in platforms {
        let place = format!("{file}: {part}.{platform}");
        let Json::Object(people) = people else {
            imported.remark(&place, platform, "this should be an object; nothing of it was taken");
            continue;
        };
        for (id, record) in people {
            if !PLATFORMS.contains(&platform.as_str()) {
                imported.remark(&place, id, "the gatekeeper has no such platform; add the sender by hand");
                continue;
            }
            let record = match record {
                Json::Object(record) => Some(record),
                _ => None,
            };
            take(imported, &place, platform, id, record);
        }
    }
}

/// An id as the channel has it: the gatekeeper writes `user_N` for Telegram's N.
fn native<'a>(platform: &str, id: &'a str) -> &'a str {
    let number = id.strip_prefix("user_").filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    number.filter(|digits| platform == "telegram" && !digits.is_empty()).unwrap_or(id)
}

/// What somebody may have done, and what was odd about it. Without a word about it, what the gatekeeper gave everybody.
fn capabilities(record: Option<&BTreeMap<String, Json>>) -> (Option<Vec<&'static str>>, Vec<&'static str>) {
    let mut odd = Vec::new();
    let given = match record.and_then(|record| record.get("capabilities")) {
        None | Some(Json::Null) => return (None, odd),
        Some(Json::Object(given)) => given,
        Some(_) => return (Some(Vec::new()), vec!["its capabilities cannot be read; approved without any"]),
    };
    let has = |name: &str| given.get(name) == Some(&Json::Bool(true));
    if has("can_admin") {
        odd.push("had `can_admin`, which is not taken over; give `admin` by hand if it shall be so");
    }
    if given.iter().any(|(name, value)| {
        let known = name == "can_admin" || CAPABILITIES.iter().any(|(theirs, _)| theirs == name);
        !known || !matches!(value, Json::Bool(_))
    }) {
        odd.push("has a capability that is not known here; it was left out");
    }
    (Some(CAPABILITIES.iter().filter(|(theirs, _)| has(theirs)).map(|(_, ours)| *ours).collect()), odd)
}
