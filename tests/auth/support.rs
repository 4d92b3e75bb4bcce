//! Agents with keys in a folder of their own, and the vectors.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;
use sluicegate::auth::{Agents, Check, Nonces, Outgoing, Signer, Verified};
use sluicegate::config::Settings;
use sluicegate::keys::SharedSecret;

/// When everything here happens.
pub const NOW: u64 = 1_764_000_000_000;

/// The file that other implementations are tried on too.
pub fn vectors() -> &'static Value {
    static VECTORS: OnceLock<Value> = OnceLock::new();
    VECTORS.get_or_init(|| serde_json::from_str(include_str!("vectors.json")).unwrap())
}

pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no `{name}` in {value}"))
}

/// A folder that is gone when the test is.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("sluicegate-auth-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A file that only its owner can read.
    pub fn secret(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        }
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The secret with this seed: 32 bytes, all different.
pub fn digits(seed: u8) -> String {
    hex::encode((seed..seed + 32).collect::<Vec<u8>>())
}

pub fn signer(key: &str, seed: u8) -> Signer {
    let secret = SharedSecret::new((seed..seed + 32).collect::<Vec<u8>>()).unwrap();
    Signer::new(key, &secret).unwrap()
}

/// A message sent now, with a nonce of this byte.
pub fn outgoing(body: &[u8], nonce: u8) -> Outgoing<'_> {
    Outgoing { to: "home", sent_at: NOW, nonce: [nonce; 16], body }
}

/// Settings with the gateway's name in front, and keys `one` to `three` beside them.
pub fn settings(folder: &Folder, agents: &str) -> Settings {
    for (seed, name) in ["one", "two", "three"].iter().enumerate() {
        folder.secret(name, &digits(seed as u8 * 40));
    }
    let file = folder.secret("sluicegate.toml", &format!("format = 1\n[auth]\naudience = \"home\"\n{agents}"));
    Settings::load(&file).unwrap_or_else(|error| panic!("{error}"))
}

/// The agents of these settings, and what they have seen: nothing, for an hour.
pub struct Receiver {
    pub agents: Agents,
    pub nonces: Nonces,
    _folder: Folder,
}

impl Receiver {
    pub fn new(agents: &str) -> Self {
        let folder = Folder::new();
        Self::of(&settings(&folder, agents), folder)
    }

    pub fn of(settings: &Settings, folder: Folder) -> Self {
        let agents = Agents::load(&settings.auth, &settings.agent).unwrap();
        Self { agents, nonces: Nonces::since(NOW - 3_600_000), _folder: folder }
    }

    /// One agent, `billing`, with the key of the vectors.
    pub fn billing() -> Self {
        Self::new("[[agent]]\nid = \"billing\"\nkey = [{ id = \"billing-2026\", file = \"one\" }]")
    }

    pub fn verify(&self, message: &str) -> Result<Verified, Check> {
        self.verify_at(message, NOW)
    }

    pub fn verify_at(&self, message: &str, received_at: u64) -> Result<Verified, Check> {
        self.agents.verify(message.as_bytes(), received_at, &self.nonces).map_err(|refusal| {
            assert_eq!(refusal.to_string(), "not a readable event", "what is told is always the same");
            refusal.check()
        })
    }
}
