//! The settings as types.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use crate::audit::AuditSettings;
use crate::auth::{AgentSettings, AuthSettings};
use crate::detect::{DetectSettings, Guarded, MAX_PROMPT};
use crate::diagnostic::{Diagnostic, Level, LoadError, Source, nearest};
use crate::event::Kind;
use crate::hold::HoldSettings;
use crate::policy;
use crate::sender::{
    Capability, DmPolicy, DmRule, EscalationSettings, GroupPolicy, GroupRule, Listed, Listing, PairingSettings,
    RateSettings, SenderSettings,
};
use crate::store::MemoryStore;
use crate::tool::{LinkSettings, Scene, ToolSettings};
use crate::verdict::Decision;

use super::defaults::DEFAULTS;
use super::files::{all, read, read_folder, unreadable};
use super::notify::NotifySettings;
use super::serve::ServeSettings;
use super::starter::{starter_policy, starter_rules};

/// Whether the gate acts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Decisions hold.
    #[default]
    Enforce,
    /// Everything passes that is not from a blocked sender; what would have been decided is recorded in `would`.
    Observe,
}

/// What may be done with a text that is over the size limit. There is no `allow`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverSize {
    /// Drop it.
    Drop,
    /// Hold it.
    Hold,
}

impl From<OverSize> for Decision {
    fn from(over: OverSize) -> Self {
        match over {
            OverSize::Drop => Self::Drop,
            OverSize::Hold => Self::Hold,
        }
    }
}

/// How long texts may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct SizeLimits {
    /// Characters of the authored text of a message.
    pub message_characters: usize,
    /// What is done with a message whose text is longer.
    pub message_over: OverSize,
    /// Bytes of all other texts of an event together: replies, tool calls and results, quoted text, attachments.
    pub other_bytes: usize,
    /// What is done with an event that has more.
    pub other_over: OverSize,
}

impl Default for SizeLimits {
    fn default() -> Self {
        Self {
            message_characters: 10_000,
            message_over: OverSize::Drop,
            other_bytes: 1_048_576,
            other_over: OverSize::Hold,
        }
    }
}

/// From how many points the facts `suspect` and `attack` are true, 1–31.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Thresholds {
    /// Starter policies hold from here.
    pub suspect: u8,
    /// Starter policies drop from here, on what is wrong in itself.
    pub attack: u8,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { suspect: 5, attack: 8 }
    }
}

/// What is decided when a station fails, kind by kind. Never `allow`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Closed {
    /// For a message.
    pub message: OverSize,
    /// For a reply.
    pub reply: OverSize,
    /// For a tool call.
    pub tool_call: OverSize,
    /// For a tool result.
    pub tool_result: OverSize,
}

impl Default for Closed {
    fn default() -> Self {
        Self { message: OverSize::Drop, reply: OverSize::Hold, tool_call: OverSize::Hold, tool_result: OverSize::Hold }
    }
}

impl Closed {
    /// The closed decision for a kind of event.
    #[must_use]
    pub fn decision(&self, kind: Kind) -> Decision {
        match kind {
            Kind::Message => self.message,
            Kind::Reply => self.reply,
            Kind::ToolCall => self.tool_call,
            Kind::ToolResult => self.tool_result,
        }
        .into()
    }
}

/// Where the audit log is and how much of it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct AuditFile {
    /// The log; none is written where there is no file.
    pub file: Option<PathBuf>,
    /// Bytes of a file when the next is begun.
    pub rotate_bytes: u64,
    /// Days that records are kept, by the times of their events.
    pub keep_days: u32,
}

impl AuditFile {
    /// What the log needs of these settings; none where none is written.
    #[must_use]
    pub fn log(&self) -> Option<AuditSettings> {
        let mut log = AuditSettings::new(self.file.as_ref()?);
        (log.rotate_bytes, log.keep_days) = (self.rotate_bytes, self.keep_days);
        Some(log)
    }
}

impl Default for AuditFile {
    fn default() -> Self {
        Self { file: None, rotate_bytes: 10_000_000, keep_days: 90 }
    }
}

/// Where the gate keeps what it remembers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct StoreFile {
    /// The store's file; without one everything is in memory, and gone when the program ends.
    pub file: Option<PathBuf>,
    /// How many senders are remembered, 1 to 16,777,216. A record takes 128 bytes of memory.
    pub remembered: usize,
}

impl Default for StoreFile {
    fn default() -> Self {
        Self { file: None, remembered: MemoryStore::SENDERS }
    }
}

/// What replies must not give away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ReplySettings {
    /// A file with the agent's system prompt. A reply or a tool call that quotes it is found as `leak.system-prompt`. None: no
    /// prompt is guarded; the canary of the key always is.
    pub system_prompt: Option<PathBuf>,
}

/// How policies are looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct PolicySettings {
    /// Codes of warnings that are not told, such as `P102`. Errors are always told.
    pub quiet: Vec<String>,
}

/// Everything that the owner sets.
///
/// ```
/// use sluicegate::config::Settings;
///
/// let settings = Settings::parse("sluicegate.toml", "format = 1\n[rate]\nmessages = 5")?;
/// assert_eq!(settings.rate.messages, 5);
/// assert_eq!(settings.thresholds.suspect, 5);
/// assert!(Settings::parse("sluicegate.toml", "format = 1\nmoed = \"observe\"").is_err());
/// # Ok::<(), sluicegate::diagnostic::LoadError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Settings {
    /// The format of the file: 1.
    pub format: u32,
    /// Whether the gate acts.
    pub mode: Mode,
    /// Closes the gate: every event gets the closed decision of its kind.
    pub lockdown: bool,
    /// Whether only what the owner has sealed may judge. Once such settings are sealed, nothing but another seal switches it off.
    pub seal: bool,
    /// The policy files, in the order in which they are asked. None: the built-in `personal.rhai`.
    pub policies: Vec<PathBuf>,
    /// Rule files, and folders whose `.toml` files are rule files. None: the built-in rules.
    pub rules: Vec<PathBuf>,
    /// The key file, or a secret that a container has mounted.
    pub key: Option<PathBuf>,
    /// How long texts may be.
    pub limits: SizeLimits,
    /// How closely texts are looked at.
    pub detect: DetectSettings,
    /// What replies must not give away.
    pub reply: ReplySettings,
    /// From how many points something is suspect, or an attack.
    pub thresholds: Thresholds,
    /// What is decided when a station fails.
    pub closed: Closed,
    /// How much a sender may write.
    pub rate: RateSettings,
    /// How a sender's points gather and fade.
    pub escalation: EscalationSettings,
    /// The senders whose standing the owner has set.
    pub sender: Vec<Listed>,
    /// How much may wait for the owner.
    pub hold: HoldSettings,
    /// Who may write in direct chats for which no entry says otherwise.
    pub dm_policy: DmPolicy,
    /// Who may write in the direct chats of a channel or account.
    pub dm: Vec<DmRule>,
    /// In which groups the agent may be written to.
    pub group_policy: GroupPolicy,
    /// Groups, each by its id.
    pub group: Vec<GroupRule>,
    /// How pairing goes.
    pub pairing: PairingSettings,
    /// The audit log.
    pub audit: AuditFile,
    /// Where the gate keeps what it remembers.
    pub store: StoreFile,
    /// Where tools may work.
    pub tool: ToolSettings,
    /// Which hosts links may lead to.
    pub links: LinkSettings,
    /// How policies are looked at.
    pub policy: PolicySettings,
    /// The sidecar.
    pub serve: ServeSettings,
    /// How the owner is told what waits.
    pub notify: NotifySettings,
    /// How signed messages are taken.
    pub auth: AuthSettings,
    /// The agents that sign their messages.
    pub agent: Vec<AgentSettings>,
    /// The file that the settings were read from.
    #[serde(skip)]
    pub file: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            format: 1,
            mode: Mode::default(),
            lockdown: false,
            seal: false,
            policies: Vec::new(),
            rules: Vec::new(),
            key: None,
            limits: SizeLimits::default(),
            detect: DetectSettings::default(),
            reply: ReplySettings::default(),
            thresholds: Thresholds::default(),
            closed: Closed::default(),
            rate: RateSettings::default(),
            escalation: EscalationSettings::default(),
            sender: Vec::new(),
            hold: HoldSettings::default(),
            dm_policy: DmPolicy::default(),
            dm: Vec::new(),
            group_policy: GroupPolicy::default(),
            group: Vec::new(),
            pairing: PairingSettings::default(),
            audit: AuditFile::default(),
            store: StoreFile::default(),
            tool: ToolSettings::default(),
            links: LinkSettings::default(),
            policy: PolicySettings::default(),
            serve: ServeSettings::default(),
            notify: NotifySettings::default(),
            auth: AuthSettings::default(),
            agent: Vec::new(),
            file: None,
        }
    }
}

impl Settings {
    /// Reads settings from their text. Paths stay as they are written.
    ///
    /// # Errors
    /// With the place, when a key is unknown or a value is out of range. Codes `S001` to `S003`.
    pub fn parse(name: &str, text: &str) -> Result<Self, LoadError> {
        let name: Arc<str> = name.into();
        let settings: Self = toml::from_str(text).map_err(|error| {
            Diagnostic::toml("S001", &name, text, &error, DEFAULTS.iter().map(|default| default.name()))
        })?;
        let place =
            |fault: Diagnostic, key: &str| match text.lines().position(|line| line.trim_start().starts_with(key)) {
                Some(line) => fault.at(text, u32::try_from(line + 1).unwrap_or(u32::MAX), 1),
                None => fault,
            };
        if settings.format != 1 {
            let message = format!("format {} is not known; this version reads format 1", settings.format);
            return Err(place(Diagnostic::error("S002", &name, message), "format").into());
        }
        if !text.lines().any(|line| line.trim_start().starts_with("format")) {
            return Err(Diagnostic::error("S002", &name, "the first line must be `format = 1`").at(text, 1, 1).into());
        }
        if let Some((key, message)) = settings.out_of_range() {
            return Err(place(Diagnostic::error("S003", &name, message), key).into());
        }
        Ok(settings)
    }

    /// The first setting whose value makes no sense, and why; types alone do not tell.
    pub(crate) fn out_of_range(&self) -> Option<(&'static str, String)> {
        let Thresholds { suspect, attack } = self.thresholds;
        for (key, value) in [("suspect", suspect), ("attack", attack)] {
            if !(1..=31).contains(&value) {
                return Some((key, format!("`{key}` is 1 to 31 points, not {value}")));
            }
        }
        if !(1..=1 << 24).contains(&self.store.remembered) {
            let message = format!("`remembered` is 1 to 16777216 senders, not {}", self.store.remembered);
            return Some(("remembered", message));
        }
        if let Some(folder) = self.tool.workspace.as_deref().filter(|folder| !folder.has_root()) {
            return Some(("workspace", format!("`workspace` is an absolute path, not `{}`", folder.display())));
        }
        for given in &self.policy.quiet {
            let message = match policy::code(given) {
                Some(code) if code.level == Level::Warning => continue,
                Some(code) => format!("`{}` is an error, and errors cannot be switched off", code.code),
                None => match nearest(&given.to_ascii_uppercase(), policy::warnings()) {
                    Some(near) => format!("there is no code `{given}`; did you mean `{near}`?"),
                    None => format!("there is no code `{given}`; the codes of warnings begin with `P1`"),
                },
            };
            return Some(("quiet", message));
        }
        if let Some(fault) = self.auth.out_of_range(&self.agent) {
            return Some(fault);
        }
        if let Some(message) =
            self.agent.iter().find_map(|agent| Listed::new(&agent.channel, &agent.id, Listing::Approved).err())
        {
            return Some(("[[agent]]", message));
        }
        if self.dm_policy == DmPolicy::Open {
            let why = "`dm_policy` cannot be \"open\": open one channel by a [[dm]] with `policy = \"open\"` and `allow = [\"*\"]`";
            return Some(("dm_policy", why.to_owned()));
        }
        let mut seen = BTreeSet::new();
        if !self.dm.iter().all(|dm| seen.insert((&dm.channel, &dm.account))) {
            return Some(("[[dm]]", "two [[dm]] are about the same channel and account: make them one".to_owned()));
        }
        let mut seen = BTreeSet::new();
        if !self.group.iter().all(|group| seen.insert((&group.channel, &group.account, &group.id))) {
            return Some(("[[group]]", "two [[group]] are about the same group: make them one".to_owned()));
        }
        (suspect > attack).then(|| ("suspect", format!("`suspect` ({suspect}) is above `attack` ({attack})")))
    }

    /// Reads a settings file. Relative paths in it are meant from its folder.
    ///
    /// # Errors
    /// When it cannot be read, or as [`parse`](Self::parse).
    pub fn load(path: &Path) -> Result<Self, LoadError> {
        let source = read(path)?;
        let mut settings = Self::parse(&source.name, &source.text)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let paths = settings.policies.iter_mut().chain(&mut settings.rules);
        let serve = &mut settings.serve;
        let paths = paths.chain(&mut serve.socket).chain(&mut serve.tls_certificate).chain(&mut serve.tls_key);
        for path in paths
            .chain(&mut settings.key)
            .chain(&mut settings.audit.file)
            .chain(&mut settings.store.file)
            .chain(&mut settings.reply.system_prompt)
        {
            *path = folder.join(&*path);
        }
        for path in settings.agent.iter_mut().flat_map(AgentSettings::files_mut) {
            *path = folder.join(&*path);
        }
        settings.file = Some(path.to_owned());
        Ok(settings)
    }

    /// The built-in settings for trying things out, which know a handful of senders that cannot exist: telephone numbers
    /// kept for fiction, Telegram names that are too short, the domain `example.org`. Not for a gateway.
    #[must_use]
    pub fn demonstration() -> Self {
        use Capability::{Chat, Files, Network, RunJobs, Status};
        use Listing::{Approved, Blocked, Owner};
        let known = [
            ("whatsapp", "+1 555 010-0100", Owner),
            ("whatsapp", "+1 555 010-0101", Approved),
            ("whatsapp", "+1 555 010-0102", Approved),
            ("whatsapp", "+1 555 010-0123", Approved),
            ("whatsapp", "+1 555 010-0177", Approved),
            ("whatsapp", "+1 555 010-0199", Blocked),
            ("signal", "+1 555 010-0101", Approved),
            ("signal", "+1 555 010-0102", Approved),
            ("signal", "+1 555 010-0123", Approved),
            ("telegram", "@ana", Approved),
            ("telegram", "@lui", Approved),
            ("telegram", "@drp", Approved),
            ("telegram", "@spm", Blocked),
            ("matrix", "@kim:example.org", Approved),
        ];
        let may = [Chat, Status, RunJobs, Files, Network].into_iter().collect();
        let sender = known.iter().filter_map(|(channel, id, standing)| Listed::new(channel, id, *standing).ok());
        let sender = sender.map(|listed| listed.may(may)).collect();
        let group = [("whatsapp", "g-street"), ("telegram", "g-padel")];
        let group = group.iter().filter_map(|(channel, id)| GroupRule::new(channel, id).ok()).collect();
        Self { sender, group, ..Self::default() }
    }

    /// What the tools' room needs of the settings: the workspace, and every file of Sluicegate's own that the settings name.
    ///
    /// Paths that are not absolute are meant from the folder that the program runs in.
    #[must_use]
    pub fn scene(&self) -> Scene {
        let mut scene = Scene::new(&self.tool, &self.links);
        let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let file = self.file.as_deref().map(whole);
        let home = file.as_deref().and_then(Path::parent);
        let files = self.policies.iter().chain(&self.rules).chain(&self.key).chain(&self.reply.system_prompt);
        let serve = &self.serve;
        let files = files.chain(&serve.socket).chain(&serve.tls_certificate).chain(&serve.tls_key);
        let files = files.chain(self.agent.iter().flat_map(AgentSettings::files)).map(|path| whole(path));
        for path in files.chain(file.clone()) {
            if path.extension().is_some() {
                scene.own_file(&path);
            } else {
                scene.own_folder(&path);
            }
            // The folder of a policy is Sluicegate's too, unless it is the one that everything lies in.
            let folder = path
                .parent()
                .filter(|folder| self.policies.iter().any(|policy| whole(policy).parent() == Some(*folder)));
            if let Some(folder) = folder.filter(|folder| home.is_some() && Some(*folder) != home) {
                scene.own_folder(folder);
            }
        }
        if let Some(log) = self.audit.file.as_deref().map(whole) {
            scene.own_log(&log);
        }
        if let Some(store) = self.store.file.as_deref().map(whole) {
            scene.own_store(&store);
        }
        scene
    }

    /// What the senders' room needs of the settings.
    #[must_use]
    pub fn senders(&self) -> SenderSettings {
        let mut settings = SenderSettings::default();
        settings.listed.clone_from(&self.sender);
        settings.dm_policy = self.dm_policy;
        settings.dms.clone_from(&self.dm);
        settings.group_policy = self.group_policy;
        settings.groups.clone_from(&self.group);
        settings.pairing = self.pairing;
        settings.rate = self.rate;
        settings.escalation = self.escalation;
        settings.remembered = self.store.remembered;
        settings
    }

    /// The policies, read: the files of the settings, or the built-in `personal.rhai`.
    ///
    /// # Errors
    /// When files cannot be read; all of them are told (`S004`).
    pub fn read_policies(&self) -> Result<Vec<Source>, LoadError> {
        if self.policies.is_empty() {
            return Ok(starter_policy("personal.rhai").into_iter().collect());
        }
        all(self.policies.iter().map(|path| read(path)))
    }

    /// The rule files, read: those of the settings, or the built-in ones.
    ///
    /// # Errors
    /// When files or folders cannot be read, or a folder holds no rule file; all of them are told (`S004`).
    pub fn read_rules(&self) -> Result<Vec<Source>, LoadError> {
        if self.rules.is_empty() {
            return Ok(starter_rules());
        }
        let files = self
            .rules
            .iter()
            .map(|path| if path.is_dir() { read_folder(path) } else { read(path).map(|source| vec![source]) });
        Ok(all(files)?.into_iter().flatten().collect())
    }

    /// The system prompt that is guarded, read; none where the settings name none.
    ///
    /// # Errors
    /// When the file cannot be read (`S004`), or is so short that nothing in a reply could be told to be a quote of it (`S005`).
    pub fn read_system_prompt(&self) -> Result<Option<Source>, LoadError> {
        let Some(path) = &self.reply.system_prompt else { return Ok(None) };
        let source = read(path)?;
        if source.text.len() > MAX_PROMPT {
            return Err(unreadable(path, format_args!("it is larger than {MAX_PROMPT} bytes")));
        }
        if !Guarded::is_long_enough(&source.text) {
            let message =
                "the system prompt has fewer than eight words, so a quote of it could not be told from other text";
            return Err(Diagnostic::error("S005", &source.name, message).into());
        }
        Ok(Some(source))
    }
}
