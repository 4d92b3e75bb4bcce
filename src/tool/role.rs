//! What a tool is for, told by its name.

use super::scene::Access;

/// What a tool does with its arguments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a name may say several of these at once")]
pub(super) struct Role {
    /// It runs commands of a shell.
    pub(super) shell: bool,
    /// That shell is one of Windows.
    pub(super) windows: bool,
    /// It runs code.
    pub(super) code: bool,
    /// It asks a database.
    pub(super) database: bool,
    /// It reaches over the network.
    pub(super) network: bool,
    /// It removes something.
    pub(super) removes: bool,
    /// It changes how the system or the gateway is set up.
    pub(super) system: bool,
    /// What it does with files; both where the name does not tell.
    pub(super) files: Access,
}

impl Role {
    /// The role of a tool with this name. The words of the name count, however they are joined.
    pub(super) fn of(name: &str) -> Self {
        let words = words(name);
        let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
        let reads = has(&[
            "read",
            "view",
            "open",
            "cat",
            "get",
            "show",
            "load",
            "fetch",
            "head",
            "tail",
            "download",
            "grep",
            "search",
            "query",
            "analyze",
            "parse",
            "summarize",
        ]);
        let names = has(&["list", "ls", "stat", "exists", "glob", "find", "tree", "browse"]);
        let removes = has(&[
            "delete", "remove", "rm", "unlink", "trash", "purge", "destroy", "wipe", "erase", "drop", "truncate",
        ]);
        let writes = removes
            || has(&[
                "write",
                "create",
                "edit",
                "append",
                "patch",
                "update",
                "replace",
                "insert",
                "save",
                "move",
                "rename",
                "copy",
                "mkdir",
                "touch",
                "put",
                "modify",
                "apply",
                "upload",
                "set",
                "edits",
                "multiedit",
                "multi",
                "chmod",
                "chown",
                "link",
                "symlink",
                "unzip",
                "extract",
                "overwrite",
                "store",
                "add",
                "str",
            ]);
        let files = match (reads, writes, names) {
            (false, false, false) => Access::BOTH,
            (false, false, true) => Access::NAMES,
            (reads, writes, _) => {
                Access { reads: reads || has(&["copy", "move", "rename", "upload", "multi"]), writes, below: false }
            }
        };
        let windows = has(&["powershell", "pwsh", "cmd", "batch"]);
        let shell = windows
            || has(&[
                "bash",
                "sh",
                "zsh",
                "fish",
                "shell",
                "exec",
                "execute",
                "terminal",
                "command",
                "commands",
                "console",
                "run",
                "spawn",
                "subprocess",
                "ssh",
                "tty",
                "process",
            ]);
        let code = has(&[
            "python",
            "python3",
            "py",
            "javascript",
            "js",
            "node",
            "code",
            "interpreter",
            "repl",
            "jupyter",
            "notebook",
            "ipython",
            "ruby",
            "perl",
            "php",
            "lua",
            "evaluate",
            "eval",
        ]);
        // `execute_code` runs code, `run_shell_code` runs a shell.
        let of_shells = has(&["bash", "sh", "zsh", "shell", "terminal", "command", "commands", "console", "ssh"]);
        Self {
            shell: shell && (!code || of_shells),
            windows,
            code,
            database: has(&[
                "sql",
                "db",
                "database",
                "postgres",
                "postgresql",
                "mysql",
                "sqlite",
                "mongo",
                "mongodb",
                "bigquery",
                "snowflake",
                "duckdb",
                "redis",
            ]),
            network: has(&[
                "http", "https", "fetch", "web", "browser", "url", "request", "curl", "wget", "download", "upload",
                "email", "mail", "gmail", "smtp", "ftp", "sftp", "webhook", "ssh", "scp", "internet", "slack",
                "telegram", "discord", "tweet", "twitter", "sms", "whatsapp", "github", "gitlab", "s3", "api", "crawl",
                "scrape", "navigate",
            ]),
            removes,
            system: has(&[
                "cron",
                "crontab",
                "systemd",
                "launchd",
                "registry",
                "sudo",
                "gateway",
                "scheduler",
                "firewall",
            ]),
            files: files.below(
                removes
                    || has(&["move", "rename", "copy", "grep", "search", "multi", "zip", "archive", "backup", "sync"]),
            ),
        }
    }
}

/// The words of a name, in lower case: `mcp__fs__readFile` is `mcp`, `fs`, `read`, `file`.
fn words(name: &str) -> Vec<String> {
    const MOST: usize = 128;
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars().take(MOST) {
        if !c.is_alphanumeric() {
            words.push(String::new());
        } else {
            if c.is_uppercase() && before.is_lowercase() {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(c.to_lowercase());
            }
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_roles() {
        for name in [
            "bash",
            "Bash",
            "system.run",
            "shell_exec",
            "mcp__server__run_command",
            "executeCommand",
            "terminal",
            "exec",
        ] {
            assert!(Role::of(name).shell, "{name}");
        }
        for name in ["python", "code_interpreter", "execute_code", "runPython"] {
            assert!(Role::of(name).code && !Role::of(name).shell, "{name}");
        }
        assert!(Role::of("powershell").windows && Role::of("sql.query").database && Role::of("web_fetch").network);
        assert_eq!(Role::of("read_file").files, Access::READS);
        assert_eq!(Role::of("write_file").files, Access::WRITES);
        assert_eq!(Role::of("list_directory").files, Access::NAMES);
        assert_eq!(Role::of("frobnicate").files, Access::BOTH);
        assert!(Role::of("delete_file").removes && !Role::of("notes.append").removes && !Role::of("brunch").shell);
    }
}
