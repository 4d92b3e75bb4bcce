//! The one table of defaults.

use std::fmt::Write as _;

/// One setting with its default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Default {
    /// The key, with its table in front: `rate.messages`.
    pub key: &'static str,
    /// The value, as TOML; empty where there is none.
    pub value: &'static str,
    /// What it means, for the owner.
    pub doc: &'static str,
}

impl Default {
    /// The last part of the key.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.key.rsplit('.').next().unwrap_or(self.key)
    }
}

const fn entry(key: &'static str, value: &'static str, doc: &'static str) -> Default {
    Default { key, value, doc }
}

/// All settings with their defaults, in the order of the file. A test asserts that they are the defaults of
/// [`Settings`](super::Settings).
pub const DEFAULTS: &[Default] = &[
    entry("format", "1", "The format of this file."),
    entry(
        "mode",
        "\"enforce\"",
        "\"observe\" lets everything pass that is not from a blocked sender, and records what would have been decided.",
    ),
    entry("lockdown", "false", "true closes the gate: nothing passes until it is false again."),
    entry(
        "seal",
        "false",
        "true: only what you have sealed may judge (`sluicegate policy seal`, which asks for your secret).",
    ),
    entry(
        "dm_policy",
        "\"pairing\"",
        "Who may write in direct chats: those whom you have approved (\"allowlist\"), also by a code of yours (\"pairing\"), or \"disabled\".",
    ),
    entry(
        "group_policy",
        "\"allowlist\"",
        "In which groups the agent may be written to: those listed below (\"allowlist\"), \"open\" or \"disabled\".",
    ),
    entry("policies", "[]", "Your policies, asked in this order until one decides. None: the built-in personal.rhai."),
    entry("rules", "[]", "Your rule files, or folders of them. None: the built-in rules."),
    entry("key", "", "The key file. It must be readable by you alone."),
    entry("limits.message_characters", "10000", "Characters of a message's text; a longer one is not searched."),
    entry("limits.message_over", "\"drop\"", "What happens to a longer one: \"drop\" or \"hold\"."),
    entry(
        "limits.other_bytes",
        "1048576",
        "Bytes of all other texts of an event together: replies, tools, quotes, attachments.",
    ),
    entry("limits.other_over", "\"hold\"", "What happens to more: \"drop\" or \"hold\"."),
    entry(
        "detect.level",
        "1",
        "Rules up to this level count, 1 to 4. Higher levels find more, and are wrong more often.",
    ),
    entry(
        "detect.counted_level",
        "1",
        "Rules above that, up to this level, are recorded and decide nothing: try a level before you set it.",
    ),
    entry("detect.model", "true", "Whether the lexical model looks too; false leaves it to the rules alone."),
    entry(
        "reply.system_prompt",
        "",
        "A file with your agent's system prompt: a reply that quotes it is found, in whatever disguise.",
    ),
    entry("thresholds.suspect", "5", "Points from which the policies' fact `suspect` is true."),
    entry("thresholds.attack", "8", "Points from which `attack` and `attack_artifact` are true."),
    entry("closed.message", "\"drop\"", "What happens to a message when something breaks, such as a policy."),
    entry("closed.reply", "\"hold\"", "The same for a reply,"),
    entry("closed.tool_call", "\"hold\"", "a tool call"),
    entry("closed.tool_result", "\"hold\"", "and a tool result."),
    entry("pairing.expires_minutes", "60", "Minutes after which a pairing code is worth nothing."),
    entry("pairing.confirm", "false", "true: who has written a pairing code waits until you have confirmed."),
    entry(
        "pairing.by_sender",
        "false",
        "true: an unknown sender is answered with a code that you may approve. It tells strangers that somebody is there.",
    ),
    entry("rate.messages", "20", "Messages that a sender may write"),
    entry("rate.seconds", "60", "in this many seconds."),
    entry(
        "escalation.half_life_seconds",
        "300",
        "After this time, half of the points that a sender has gathered are left.",
    ),
    entry("escalation.threshold", "8", "Points from which the fact `escalated` is true."),
    entry(
        "hold.most",
        "1000",
        "Events that may wait for you. Where there are more, the noisiest sender's newest is refused.",
    ),
    entry("hold.most_bytes", "67108864", "Bytes that these events may have together."),
    entry("audit.file", "", "The log of all decisions. It holds no name, no id and no text."),
    entry("audit.rotate_bytes", "10000000", "Bytes after which a new file is begun."),
    entry("audit.keep_days", "90", "Days that records are kept."),
    entry(
        "store.file",
        "",
        "The file that the gate keeps what it remembers in: senders, and what you decided. None: memory, until it ends.",
    ),
    entry("store.remembered", "65536", "Senders that are remembered; each takes 128 bytes of memory."),
    entry(
        "tool.workspace",
        "",
        "The folder that tools work in, as an absolute path. None: only places that are clearly outside of any count.",
    ),
    entry("tool.gate_paths", "[]", "Files and folders that no tool may touch, besides what this file names."),
    entry(
        "tool.system_paths",
        "[]",
        "Places that count as configuration of the system, such as your gateway's own settings.",
    ),
    entry(
        "links.known_hosts",
        "[]",
        "Hosts that links may lead to: \"example.org\" is that host alone, \"*.example.org\" every host below it.",
    ),
    entry("auth.audience", "", "The name of this gateway, which agents write into what they sign."),
    entry(
        "auth.window_seconds",
        "300",
        "Seconds that a signed message may be under way, and that the clocks may differ.",
    ),
    entry(
        "auth.nonces",
        "4096",
        "Messages of one agent that are remembered that long, against repetition; more are refused.",
    ),
    entry("auth.ai_comms", "false", "Whether agents may sign as AI-COMMS does, which covers less."),
    entry("policy.quiet", "[]", "Codes of warnings about policies that you do not want to be told, such as \"P102\"."),
    entry(
        "serve.listen",
        "[\"127.0.0.1:8787\"]",
        "Where `sluicegate serve` listens. Beyond this machine only with TLS.",
    ),
    entry("serve.socket", "", "A Unix socket to listen at as well, for your own user alone."),
    entry(
        "serve.tick_ms",
        "5",
        "What is dropped or held is answered every so many milliseconds, so that nobody can tell from the time why.",
    ),
    entry("serve.body_bytes", "4194304", "Bytes of the longest request."),
    entry("serve.batch", "1000", "Events or texts that one request may bring."),
    entry("serve.read_seconds", "10", "Seconds in which a request must be there."),
    entry("serve.connections", "512", "Connections at once; more are closed."),
    entry("serve.requests", "256", "Requests at once; more get the closed decision."),
    entry("serve.hosts", "[]", "Names by which the sidecar may be addressed, besides localhost."),
    entry("serve.tls_certificate", "", "The certificate chain (PEM) for TLS."),
    entry("serve.tls_key", "", "The private key (PEM) for TLS."),
    entry(
        "notify.command",
        "[]",
        "A program and its arguments, to which `sluicegate serve` hands what waits for you, at its standard input.",
    ),
    entry(
        "notify.webhook",
        "",
        "An address on this machine where the same is posted, such as \"http://127.0.0.1:9000/\".",
    ),
];

/// A settings file with every setting, its default and its meaning; `given` replaces values, as TOML, by key.
#[must_use]
pub fn template(given: &[(&str, &str)]) -> String {
    let mut text = String::from(
        "# Settings of Sluicegate. Lines that begin with # are comments; the values here are the defaults.\n",
    );
    let mut table = "";
    for default in DEFAULTS {
        let (of, name) = default.key.split_once('.').unwrap_or(("", default.key));
        if of != table {
            let _ = write!(text, "\n[{of}]\n");
            table = of;
        }
        let value = given.iter().find(|(key, _)| *key == default.key).map_or(default.value, |(_, value)| *value);
        let _ = writeln!(text, "# {}", default.doc);
        let _ =
            if value.is_empty() { writeln!(text, "# {name} = \"…\"") } else { writeln!(text, "{name} = {value}") };
    }
    text.push_str(
        "\n# The people whom you know, one block each. `account` is optional: which of your own accounts it holds for.\n\
         # [[sender]]\n# channel = \"whatsapp\"\n# id = \"+1 555 010-0123\"\n# standing = \"approved\"   # or \"owner\", or \"blocked\"\n\
         # capabilities = [\"chat\", \"status\"]   # and \"run_jobs\", \"files\", \"network\", \"admin\"\n\
         \n# The groups in which your agent may be written to, one block each.\n\
         # [[group]]\n# channel = \"telegram\"\n# id = \"-1001234567890\"\n# mention_patterns = [\"@bot\", \"hey bot\"]\n\
         \n# Direct chats of one channel, or of one of your accounts on it, that differ from `dm_policy`.\n\
         # [[dm]]\n# channel = \"webchat\"\n# policy = \"open\"\n# allow = [\"*\"]\n\
         \n# The agents that sign their messages, one block each, with a key from `sluicegate keys agent new`.\n\
         # [[agent]]\n# id = \"billing\"\n# [[agent.key]]\n# id = \"billing-1\"\n# file = \"billing.key\"\n\
         \n# Who may ask the sidecar, one block each; `sluicegate keys token NAME` prints the token.\n\
         # [[serve.token]]\n# name = \"gateway\"\n# scopes = [\"check\"]   # and \"approve\", \"admin\", which need the owner's secret too\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    #[test]
    fn the_table_is_what_the_code_does() {
        let written = Settings::parse("sluicegate.toml", &template(&[])).expect("the template is a settings file");
        assert_eq!(written, Settings::default());
    }

    #[test]
    fn says_what_is_wrong_where_and_how_to_mend_it() {
        let cases = [
            ("format = 1\nmoed = \"observe\"", "S001", 2, "did you mean `mode`?"),
            ("format = 1\nmode = \"observ\"", "S001", 2, "unknown variant `observ`"),
            ("format = 2", "S002", 1, "this version reads format 1"),
            ("mode = \"observe\"", "S002", 1, "first line must be `format = 1`"),
            ("format = 1\n[thresholds]\nsuspect = 0", "S003", 3, "1 to 31 points, not 0"),
            ("format = 1\n[thresholds]\nsuspect = 9", "S003", 3, "above `attack` (8)"),
            ("format = 1\n[closed]\nmessage = \"allow\"", "S001", 3, "unknown variant `allow`"),
            (
                "format = 1\n[[sender]]\nchannel = \"whatsapp\"\nid = \"*\"\nstanding = \"approved\"",
                "S001",
                2,
                "no wildcards",
            ),
            ("format = 1\n[rate", "S001", 2, ""),
            ("format = 1\n[links]\nknown_hosts = [\"exam*.org\"]", "S001", 3, "is no host"),
            ("format = 1\n[links]\nknown_hosts = [\"*.org\"]", "S001", 3, "half of the net"),
            ("format = 1\n[store]\nremembered = 0", "S003", 3, "1 to 16777216 senders, not 0"),
            ("format = 1\n[tool]\nworkspace = \"project\"", "S003", 3, "absolute"),
            ("format = 1\n[policy]\nquiet = [\"P113\"]", "S003", 3, "there is no code `P113`; did you mean `P1"),
            ("format = 1\n[policy]\nquiet = [\"P003\"]", "S003", 3, "`P003` is an error"),
            ("format = 1\n[policy]\nquite = [\"P103\"]", "S001", 3, "did you mean `quiet`?"),
        ];
        for (text, code, line, part) in cases {
            let error = Settings::parse("sluicegate.toml", text).expect_err(text);
            let fault = &error.diagnostics[0];
            assert_eq!((fault.code, fault.line), (code, line), "{text}: {fault}");
            assert!(fault.to_string().contains(part), "{text}: {fault}");
        }
    }
}
