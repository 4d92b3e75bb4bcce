use std::sync::OnceLock;
use std::{fs, process};

use sluicegate::auth::{Agents, Check, Nonces, Outgoing, Signer, webhook};
use sluicegate::config::Settings;
use sluicegate::keys::SharedSecret;
use sluicegate::{Event, Kind};

/// When the seeds were sent.
const NOW: u64 = 1_764_000_000_000;
const SECRET: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// The input is a message as it comes over the line.
///
/// It is believed only where it says what was signed (the seeds say `hello`), comes from an agent of the settings, and was
/// not believed before. As the body of a message that is signed here, plain and encrypted, it is believed exactly where it is
/// an event that may be sent, and the event says that. As a signature it is nobody's.
pub fn holds_for(data: &[u8]) {
    let agents = agents();
    let nonces = Nonces::since(0);
    if let Ok(verified) = agents.verify(data, NOW, &nonces) {
        let event = verified.event();
        assert_eq!(
            (event.text.as_str(), event.at, event.kind),
            ("hello", NOW, Kind::Message),
            "nobody has signed this"
        );
        assert!(["billing", "helper-7"].contains(&event.sender_id()));
        assert_eq!(agents.verify(data, NOW, &nonces).unwrap_err().check(), Check::Replayed);
    }

    let secret = SharedSecret::new((0..32).collect::<Vec<u8>>()).unwrap();
    let signer = Signer::new("billing-2026", &secret).unwrap();
    let message = Outgoing { to: "home", sent_at: NOW, nonce: [0xa5; 16], body: data };
    let said = serde_json::from_slice::<Event>(data).ok().filter(|_| data.first() == Some(&b'{'));
    for signed in [signer.sign(&message), signer.sign_encrypted(&message)] {
        let Ok(signed) = signed else { continue };
        let verified = agents.verify(signed.as_bytes(), NOW, &Nonces::since(0)).map_err(|refusal| refusal.check());
        match (&said, verified) {
            (Some(said), Ok(verified)) => {
                let event = verified.event();
                assert_eq!(said.kind, Kind::Message);
                assert_eq!(
                    (&event.text, &event.quoted, &event.attachments),
                    (&said.text, &said.quoted, &said.attachments)
                );
                assert_eq!((event.sender_id(), event.channel.as_str(), event.at), ("billing", "agent", NOW));
            }
            (Some(said), Err(check)) => assert!(check == Check::Kind && said.kind != Kind::Message, "{check}"),
            (None, Err(check)) => assert_eq!(check, Check::Event),
            (None, Ok(_)) => panic!("this is no event"),
        }
    }

    let text = String::from_utf8_lossy(data);
    let secrets = [secret];
    assert!(!webhook::github(&text, data, &secrets) && !webhook::meta(&text, data, &secrets));
    assert!(!webhook::slack(&text, &text, data, &secrets, NOW) && !webhook::telegram(&text, &secrets));
}

/// An agent of each format, with the secrets of the seeds.
fn agents() -> &'static Agents {
    static AGENTS: OnceLock<Agents> = OnceLock::new();
    AGENTS.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("sluicegate-auth-law-{}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        let secret = |name: &str, text: &str| {
            let path = folder.join(name);
            fs::write(&path, text).unwrap();
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            }
            path
        };
        secret("billing", SECRET);
        secret("shared", "a secret that all agents of AI-COMMS share");
        let file = secret(
            "sluicegate.toml",
            "format = 1\n[auth]\naudience = \"home\"\nai_comms = true\n\
             [[agent]]\nid = \"billing\"\nkey = [{ id = \"billing-2026\", file = \"billing\" }]\n\
             [[agent]]\nid = \"helper-7\"\nformat = \"ai-comms\"\nkey = [{ id = \"shared\", file = \"shared\" }]\n",
        );
        let settings = Settings::load(&file).unwrap();
        let agents = Agents::load(&settings.auth, &settings.agent).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        agents
    })
}
