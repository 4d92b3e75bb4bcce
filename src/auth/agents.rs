//! The agents that the owner knows, and their keys.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;

use super::ai_comms::{self, Cipher};
use super::envelope::Envelope;
use super::nonces::Message;
use super::signer::SIGNS;
use super::{
    AgentFormat, AgentKeySettings, AgentSettings, AuthSettings, Check, MAX_BYTES, Nonces, Refusal, Verified, content,
};
use crate::diagnostic::Diagnostic;
use crate::event::{Chat, Event, Kind, Sender};
use crate::keys::{KeyError, SharedSecret};

/// The agents of the settings with their keys, read. What they sign is verified here.
#[derive(Default)]
pub struct Agents {
    pub(super) audience: String,
    window_ms: u64,
    nonces: usize,
    pub(super) agents: Vec<Agent>,
}

/// One agent.
pub(super) struct Agent {
    pub(super) id: Arc<str>,
    /// A name that no other agent has.
    name: String,
    channel: String,
    account: String,
    pub(super) format: AgentFormat,
    pub(super) encrypted: bool,
    pub(super) keys: Vec<AgentKey>,
    /// Of an agent with the format of AI-COMMS.
    pub(super) cipher: Option<Cipher>,
}

/// One key of an agent.
pub(super) struct AgentKey {
    pub(super) id: String,
    pub(super) secret: SharedSecret,
    /// What signs: made of the secret, or the secret itself, as the format has it.
    pub(super) signs: SharedSecret,
    pub(super) not_after: Option<u64>,
}

/// A message of which all is known but whether it came before.
pub(super) struct Admitted {
    pub(super) sent_at: u64,
    pub(super) nonce: [u8; 16],
    pub(super) event: Event,
}

impl Agents {
    /// Reads the keys of all agents. For each AI-COMMS agent that encrypts, 100,000 rounds of HMAC to derive its key.
    ///
    /// # Errors
    /// All keys that cannot be read, are open to others, or are two agents' (`S006`).
    pub fn load(settings: &AuthSettings, agents: &[AgentSettings]) -> Result<Self, Vec<Diagnostic>> {
        let (mut loaded, mut faults) = (Vec::new(), Vec::new());
        for agent in agents {
            match Agent::load(agent) {
                Ok(agent) => loaded.push(agent),
                Err(fault) => faults.push(fault),
            }
        }
        let agents = Self {
            audience: settings.audience.clone().unwrap_or_default(),
            window_ms: u64::from(settings.window_seconds) * 1_000,
            nonces: settings.nonces as usize,
            agents: loaded,
        };
        faults.extend(agents.same_keys());
        if faults.is_empty() { Ok(agents) } else { Err(faults) }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.agents.is_empty()
    }

    /// Verifies a message as it was received, at this time in milliseconds since 1970, and notes it as seen: it will not be
    /// taken again. Linear in its length; a key that nobody has costs what another costs.
    ///
    /// # Errors
    /// Where anything is not as it should be.
    pub fn verify(&self, bytes: &[u8], received_at: u64, nonces: &Nonces) -> Result<Verified, Refusal> {
        if bytes.len() > MAX_BYTES {
            return Err(Refusal::new(Check::Size));
        }
        let other =
            !bytes.starts_with(b"{\"v\":") && self.agents.iter().any(|agent| agent.format == AgentFormat::AiComms);
        let (agent, admitted) =
            if other { ai_comms::verify(self, bytes, received_at)? } else { self.open(bytes, received_at)? };
        let refuse = |check| Refusal::of(check, &agent.id);
        let Admitted { sent_at, nonce, event } = admitted;
        let message = Message { agent: &agent.name, sent_at, nonce, received_at };
        // INVARIANT: this comes last, so that nobody but the agent itself fills its room.
        nonces.note(&message, self.window_ms, self.nonces).map_err(refuse)?;
        Ok(Verified { agent: Arc::clone(&agent.id), event })
    }

    /// What tells one set of keys from another, without telling the keys.
    pub(crate) fn print(&self) -> [u8; 32] {
        let mut print = [0; 32];
        for secret in self
            .agents
            .iter()
            .flat_map(|agent| agent.keys.iter().map(|key| &key.secret).chain(agent.cipher.as_ref().map(Cipher::print)))
        {
            print = secret.mac(&[b"print", &print]);
        }
        print
    }

    /// Verifies a message in our own format.
    fn open(&self, bytes: &[u8], received_at: u64) -> Result<(&Agent, Admitted), Refusal> {
        let envelope = Envelope::read(bytes).map_err(|at| Refusal::new(Check::Form { at }))?;
        let known = self.key(envelope.key);
        // A key that nobody has costs the same as one that somebody has.
        let Some((agent, key)) = known.or_else(|| self.any_key()) else { return Err(Refusal::new(Check::Key)) };
        let right = key.signs.verify(&[envelope.covered], &envelope.code);
        if known.is_none() {
            return Err(Refusal::new(Check::Key));
        }
        if !right {
            return Err(Refusal::new(Check::Code));
        }
        let refuse = |check| Refusal::of(check, &agent.id);
        if key.not_after.is_some_and(|last| received_at > last) {
            return Err(refuse(Check::Expired));
        }
        if envelope.to != self.audience {
            return Err(refuse(Check::Audience));
        }
        self.within(envelope.sent_at, received_at).map_err(refuse)?;
        if agent.encrypted && !envelope.encrypted {
            return Err(refuse(Check::Plain));
        }
        let body = envelope.body().ok_or_else(|| refuse(Check::Event))?;
        let event = if envelope.encrypted {
            let body = content::open(&key.secret, envelope.header, &body).ok_or_else(|| refuse(Check::Sealed))?;
            read(&body)
        } else {
            read(&body)
        };
        let event = event.ok_or_else(|| refuse(Check::Event))?;
        if event.kind != Kind::Message {
            return Err(refuse(Check::Kind));
        }
        let id = event.id.filter(|id| !id.is_empty()).unwrap_or_else(|| BASE64URL_NOPAD.encode(&envelope.nonce));
        // INVARIANT: of what a message says of itself only what it says is taken. Who, where and when is the gate's to say.
        let said = Event {
            id: Some(id),
            text: event.text,
            quoted: event.quoted,
            attachments: event.attachments,
            ..Event::default()
        };
        let event = agent.event(said, "", envelope.sent_at, received_at);
        Ok((agent, Admitted { sent_at: envelope.sent_at, nonce: envelope.nonce, event }))
    }

    /// Whether a message can have been under way so long.
    pub(super) fn within(&self, sent_at: u64, received_at: u64) -> Result<(), Check> {
        if sent_at.saturating_add(self.window_ms) < received_at {
            Err(Check::Late)
        } else if sent_at > received_at.saturating_add(self.window_ms) {
            Err(Check::Early)
        } else {
            Ok(())
        }
    }

    fn key(&self, id: &str) -> Option<(&Agent, &AgentKey)> {
        self.all_keys().find(|(_, key)| key.id == id)
    }

    fn any_key(&self) -> Option<(&Agent, &AgentKey)> {
        self.all_keys().next()
    }

    fn all_keys(&self) -> impl Iterator<Item = (&Agent, &AgentKey)> {
        let ours = self.agents.iter().filter(|agent| agent.format == AgentFormat::Sluicegate);
        ours.flat_map(|agent| agent.keys.iter().map(move |key| (agent, key)))
    }

    /// Two agents with one secret: each could sign as the other. AI-COMMS is made that way, so there it is let be.
    fn same_keys(&self) -> Vec<Diagnostic> {
        let mut keys: Vec<_> = self.all_keys().map(|(agent, key)| (key.secret.bytes(), key, &agent.id)).collect();
        keys.sort_unstable_by_key(|(bytes, ..)| *bytes);
        let same = keys.windows(2).filter_map(|pair| match pair {
            [(one, key, agent), (two, other, owner)] if one == two => {
                let message = format!("the keys `{}` of {agent} and `{}` of {owner} are the same", key.id, other.id);
                Some(Diagnostic::error("S006", &Arc::from("[[agent]]"), message).help("make a new key for one of them"))
            }
            _ => None,
        });
        same.collect()
    }
}

impl fmt::Debug for Agents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Agents").field("agents", &self.agents.len()).finish_non_exhaustive()
    }
}

impl Agent {
    fn load(settings: &AgentSettings) -> Result<Self, Diagnostic> {
        let AgentSettings { id, channel, account, format, encrypted, .. } = settings;
        let cipher = settings.encryption_file.as_deref().map(|file| {
            let secret = SharedSecret::load_text(file).map_err(|error| unreadable(file, &error))?;
            Ok(Cipher::new(&secret))
        });
        Ok(Self {
            id: id.as_str().into(),
            name: format!("{channel}\n{account}\n{id}"),
            channel: channel.clone(),
            account: account.clone(),
            format: *format,
            encrypted: *encrypted,
            keys: settings.key.iter().map(|key| AgentKey::load(key, *format)).collect::<Result<_, _>>()?,
            cipher: cipher.transpose()?,
        })
    }

    /// What the agent said, as an event of this agent.
    pub(super) fn event(&self, said: Event, name: &str, sent_at: u64, received_at: u64) -> Event {
        Event {
            kind: Kind::Message,
            at: received_at,
            sent_at: Some(sent_at),
            channel: self.channel.clone(),
            account: self.account.clone(),
            chat: Chat::default(),
            sender: Some(Sender { id: self.id.to_string(), name: name.to_owned() }),
            ..said
        }
    }
}

impl AgentKey {
    fn load(settings: &AgentKeySettings, format: AgentFormat) -> Result<Self, Diagnostic> {
        let AgentKeySettings { id, file, not_after } = settings;
        let secret = match format {
            AgentFormat::Sluicegate => SharedSecret::load_digits(file),
            AgentFormat::AiComms => SharedSecret::load_text(file),
        };
        let secret = secret.map_err(|error| unreadable(file, &error))?;
        let signs = match format {
            AgentFormat::Sluicegate => secret.derive(SIGNS),
            AgentFormat::AiComms => secret.clone(),
        };
        Ok(Self { id: id.clone(), secret, signs, not_after: *not_after })
    }
}

/// An event from the bytes of a body. A list of the right length would be taken for an object otherwise.
fn read(body: &[u8]) -> Option<Event> {
    body.starts_with(b"{").then(|| serde_json::from_slice(body).ok()).flatten()
}

fn unreadable(file: &Path, error: &KeyError) -> Diagnostic {
    let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy();
    Diagnostic::error("S006", &name.as_ref().into(), error.to_string())
}
