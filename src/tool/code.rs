//! Code of other languages, read for its words: which of them destroy, reach out, or hide what they do.
//!
//! Nothing here understands a program. A word that can run or build other code makes it unclear, so what is not read is told.

use super::effect::Effects;

/// Words that delete or overwrite.
const DESTRUCTIVE: &[&str] = &[
    "deleteone",
    "deletemany",
    "drop_all",
    "drop_database",
    "dropdatabase",
    "flushall",
    "removedirs",
    "removesync",
    "rimraf",
    "rm_r",
    "rm_rf",
    "rmdirsync",
    "rmsync",
    "rmtree",
    "shred",
    "truncatesync",
    "unlink",
    "unlinksync",
    "removedir",
    "rm_f",
    "delete_many",
    "remove_tree",
];
/// Words that do so behind a dot: `os.remove`.
const DESTRUCTIVE_METHODS: &[&str] = &["remove", "rmdir", "rm", "truncate", "delete", "reboot", "kill", "destroy"];
/// What must stand before that dot, since lists and sets have such methods too.
const OWNERS: &[&str] =
    &["os", "fs", "file", "dir", "fileutils", "path", "shutil", "promises", "fsp", "files", "s3", "io"];
/// Words that reach over the network.
const NETWORK: &[&str] = &[
    "aiohttp",
    "axios",
    "boto3",
    "createconnection",
    "curl",
    "fetch",
    "file_get_contents",
    "fsockopen",
    "ftplib",
    "httpclient",
    "httpx",
    "imaplib",
    "lwp",
    "net",
    "paramiko",
    "requests",
    "smtplib",
    "socket",
    "telnetlib",
    "tcpsocket",
    "urllib",
    "urllib2",
    "urllib3",
    "urlopen",
    "webclient",
    "websocket",
    "xmlhttprequest",
    "downloadstring",
    "httplib",
    "nodemailer",
    "got",
    "superagent",
];
/// Words that read the environment or a keyring.
const SECRETS: &[&str] = &["environ", "environb", "getenv", "keyring", "getpass", "printenv"];
/// Words that run another program, or build code.
const UNCLEAR: &[&str] = &[
    "__import__",
    "atob",
    "b16decode",
    "b32decode",
    "b64decode",
    "b85decode",
    "base64",
    "child_process",
    "codecs",
    "compile",
    "ctypes",
    "decode_base64",
    "dlopen",
    "eval",
    "eval_gemfile",
    "exec",
    "execfile",
    "execfilesync",
    "execl",
    "execlp",
    "execsync",
    "execv",
    "execve",
    "execvp",
    "fork",
    "forkpty",
    "fromcharcode",
    "fromcodepoint",
    "function",
    "getattr",
    "importlib",
    "instance_eval",
    "marshal",
    "open3",
    "passthru",
    "pcntl_exec",
    "pickle",
    "popen",
    "popen2",
    "popen3",
    "posix_spawn",
    "proc_open",
    "pty",
    "runpy",
    "shell_exec",
    "shelljs",
    "spawn",
    "spawnsync",
    "startfile",
    "subprocess",
    "system",
    "syscall",
    "unescape",
    "unhexlify",
    "unpack",
    "zx",
    "execa",
    "loadstring",
    "dofile",
    "do_shell_script",
    "os_system",
    "globals",
    "__builtins__",
    "setattr",
    "fromhex",
    "invokecommand",
    "cmd",
    "qx",
    "readpipe",
];
/// Words of which the string behind them is a command.
const RUNS: &[&str] = &[
    "system",
    "popen",
    "exec",
    "execsync",
    "spawn",
    "subprocess",
    "shell_exec",
    "passthru",
    "run",
    "call",
    "check_output",
    "getoutput",
    "qx",
    "os_system",
];
/// Words that write files.
const WRITES: &[&str] = &[
    "write",
    "writefile",
    "writefilesync",
    "write_text",
    "write_bytes",
    "appendfile",
    "appendfilesync",
    "w",
    "a",
    "wb",
    "ab",
    "copy",
    "copyfile",
    "move",
    "rename",
    "file_put_contents",
    "symlink",
    "chmod",
    "chown",
    "open3",
    "put",
    "savetxt",
    "to_csv",
    "dump",
];

/// What the words of some code tell, and the texts in its quotes.
#[derive(Debug, Default)]
pub(super) struct Code<'a> {
    /// What its words do.
    pub(super) effects: Effects,
    /// What stands in quotes.
    pub(super) strings: Vec<&'a str>,
    /// Whether some of that may be commands.
    pub(super) runs: bool,
    /// Whether it writes files.
    pub(super) writes: bool,
}

/// Reads code. One pass and a look-up for each word.
pub(super) fn read(text: &str) -> Code<'_> {
    let mut code = Code::default();
    let mut dotted = false;
    let mut lower = String::new();
    let mut owner = String::new();
    for word in text.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_') {
        let (name, end) = match word.char_indices().next_back() {
            Some((at, last)) if !last.is_alphanumeric() && last != '_' => {
                (word.get(..at).unwrap_or_default(), Some(last))
            }
            _ => (word, None),
        };
        if !name.is_empty() && name.len() <= 32 {
            lower.clear();
            lower.extend(name.chars().map(|c| c.to_ascii_lowercase()));
            let is = |list: &[&str]| list.contains(&lower.as_str());
            if is(DESTRUCTIVE) || (dotted && is(DESTRUCTIVE_METHODS) && OWNERS.contains(&owner.as_str())) {
                code.effects |= Effects::DESTRUCTIVE;
            }
            if is(NETWORK) {
                code.effects |= Effects::NETWORK;
            }
            if is(SECRETS) || (dotted && lower == "env") || name == "ENV" || name == "_ENV" {
                code.effects |= Effects::READS_SECRETS;
            }
            if is(UNCLEAR) && !(lower == "function" && name == "function") {
                code.effects |= Effects::UNCLEAR;
            }
            code.runs |= is(RUNS);
            code.writes |= is(WRITES);
            std::mem::swap(&mut owner, &mut lower);
        }
        dotted = end == Some('.') && !name.is_empty();
        // What stands in backticks is run by some languages.
        code.runs |= end == Some('`');
    }
    code.strings = strings(text);
    code
}

/// What stands between quotes of one kind, as far as they come in pairs. Escapes are left as they are.
fn strings(text: &str) -> Vec<&str> {
    const MOST: usize = 1_000;
    let mut strings = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\'', '`']) {
        let Some((_, from)) = rest.split_at_checked(at) else { break };
        let quote = from.chars().next().unwrap_or('"');
        let inner = from.get(1..).unwrap_or_default();
        match inner.split_once(quote) {
            Some((string, after)) => {
                if !string.is_empty() && strings.len() < MOST {
                    strings.push(string);
                }
                rest = after;
            }
            None => {
                strings.push(inner);
                break;
            }
        }
    }
    strings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_code_tell_what_it_may_do() {
        let cases: &[(&str, &[&str])] = &[
            ("print(1 + 2)", &[]),
            ("import shutil; shutil.rmtree('/')", &["destructive"]),
            ("import os\nos.remove('x')", &["destructive"]),
            ("items.remove('x')", &[]),
            ("fs.rmSync('x', {recursive: true})", &["destructive"]),
            ("import urllib.request", &["network"]),
            ("print(os.environ)", &["reads_secrets"]),
            ("console.log(process.env)", &["reads_secrets"]),
            ("exec(b64decode(x))", &["unclear"]),
            ("new Function('x')", &["unclear"]),
            ("function f() { return 1 }", &[]),
            ("os.system('ls')", &["unclear"]),
        ];
        for (text, names) in cases {
            assert_eq!(read(text).effects.names().collect::<Vec<_>>(), *names, "{text}");
        }
        assert_eq!(read("a('b', \"c\") `d").strings, ["b", "c", "d"]);
    }
}
