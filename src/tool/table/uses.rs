//! How programs use their arguments: which run another command, which read a script, and which arguments are files.

/// A program that runs another command, which stands in its arguments.
#[derive(Debug)]
pub(in crate::tool) struct Wrapper {
    /// Its names.
    pub(in crate::tool) names: &'static [&'static str],
    /// The subcommand that runs something; empty if the program itself does.
    pub(in crate::tool) subcommands: &'static [&'static str],
    /// Options whose value is the next word.
    pub(in crate::tool) valued: &'static [&'static str],
    /// Words before the command, apart from options.
    pub(in crate::tool) skips: usize,
    /// Whether the words after that are joined into a script.
    pub(in crate::tool) joins: bool,
}

const fn wrapper(names: &'static [&'static str], valued: &'static [&'static str], skips: usize) -> Wrapper {
    Wrapper { names, subcommands: &[], valued, skips, joins: false }
}

/// All wrappers.
pub(in crate::tool) const WRAPPERS: &[Wrapper] = &[
    wrapper(
        &["sudo", "sudoedit", "doas", "pkexec", "run0", "gosu", "su-exec", "sux"],
        &["-u", "-g", "-h", "-p", "-C", "-r", "-t", "-T", "-U", "-D", "-R", "--user", "--group", "--chdir", "--host"],
        0,
    ),
    wrapper(&["env"], &["-u", "-C", "-S", "--unset", "--chdir", "--split-string"], 0),
    wrapper(&["nohup", "setsid", "builtin", "noglob", "nocorrect", "busybox", "toybox", "command"], &[], 0),
    wrapper(&["exec"], &["-a"], 0),
    wrapper(&["time", "gtime"], &["-f", "-o", "--format", "--output"], 0),
    wrapper(&["nice"], &["-n", "--adjustment"], 0),
    wrapper(&["ionice"], &["-c", "-n", "-p", "--class", "--classdata"], 0),
    wrapper(&["chrt"], &["-T", "-P", "-D"], 1),
    wrapper(&["taskset"], &[], 1),
    wrapper(&["timeout", "gtimeout"], &["-s", "-k", "--signal", "--kill-after"], 1),
    wrapper(&["stdbuf", "unbuffer"], &["-i", "-o", "-e", "--input", "--output", "--error"], 0),
    wrapper(&["strace", "ltrace", "perf", "valgrind"], &["-e", "-o", "-p", "-s", "-E", "-P"], 0),
    wrapper(&["chroot"], &["--userspec", "--groups"], 1),
    wrapper(
        &["unshare", "nsenter", "firejail", "bwrap", "proot", "fakeroot", "systemd-nspawn", "prlimit", "setpriv"],
        &["-t", "-S", "-G", "--target"],
        0,
    ),
    wrapper(
        &["systemd-run", "systemd-inhibit", "systemd-cat"],
        &["-p", "-u", "-t", "--unit", "--property", "--on-calendar"],
        0,
    ),
    wrapper(
        &["xargs", "gxargs", "parallel"],
        &[
            "-I",
            "-n",
            "-P",
            "-L",
            "-d",
            "-E",
            "-a",
            "-s",
            "-j",
            "--max-args",
            "--max-procs",
            "--delimiter",
            "--arg-file",
            "--jobs",
        ],
        0,
    ),
    wrapper(&["flock"], &["-w", "-E", "--timeout", "--wait"], 1),
    wrapper(
        &[
            "caffeinate",
            "arch",
            "linux32",
            "linux64",
            "setarch",
            "catchsegv",
            "dbus-run-session",
            "xvfb-run",
            "winpty",
            "proxychains",
            "proxychains4",
            "torsocks",
            "torify",
            "tsocks",
            "faketime",
            "chronic",
            "rlwrap",
            "softlimit",
            "cpulimit",
            "numactl",
            "start",
            "call",
        ],
        &["-t", "-w", "-s", "-l", "-p"],
        0,
    ),
    wrapper(&["sshpass"], &["-p", "-f", "-d", "-P"], 0),
    wrapper(
        &[
            "poetry",
            "pipenv",
            "uv",
            "pdm",
            "rye",
            "hatch",
            "bundle",
            "pixi",
            "nix",
            "mise",
            "asdf",
            "op",
            "doppler",
            "infisical",
            "aws-vault",
            "git-annex",
        ],
        &[],
        0,
    )
    .of(&["run", "exec"]),
    wrapper(
        &["docker", "podman", "nerdctl"],
        &[
            "-e",
            "-u",
            "-w",
            "--env",
            "--user",
            "--workdir",
            "--env-file",
            "-v",
            "--volume",
            "--name",
            "-p",
            "--network",
            "--mount",
            "--entrypoint",
            "-l",
            "--label",
            "-h",
            "--hostname",
            "--add-host",
            "--cpus",
            "-m",
            "--memory",
            "--platform",
        ],
        1,
    )
    .of(&["exec", "run"]),
    wrapper(&["docker-compose"], &["-e", "-u", "-w", "--env", "--user", "--workdir"], 1).of(&["exec", "run"]),
    wrapper(&["kubectl", "oc"], &["-c", "-n", "--container", "--namespace"], 1).of(&["exec"]),
    wrapper(&["lxc", "incus"], &["--env", "--cwd"], 1).of(&["exec"]),
    Wrapper { names: &["watch", "gwatch"], subcommands: &[], valued: &["-n", "--interval"], skips: 0, joins: true },
    Wrapper {
        names: &["ssh", "autossh", "mosh", "rsh"],
        subcommands: &[],
        valued: &[
            "-b", "-c", "-D", "-E", "-e", "-F", "-I", "-i", "-J", "-L", "-l", "-m", "-O", "-o", "-p", "-Q", "-R", "-S",
            "-W", "-w", "-B", "-M",
        ],
        skips: 1,
        joins: true,
    },
    Wrapper { names: &["eval"], subcommands: &[], valued: &[], skips: 0, joins: true },
];

impl Wrapper {
    const fn of(self, subcommands: &'static [&'static str]) -> Self {
        Self { subcommands, ..self }
    }
}

/// The wrapper with this name.
pub(in crate::tool) fn wrapper_named(name: &str) -> Option<&'static Wrapper> {
    WRAPPERS.iter().find(|wrapper| wrapper.names.contains(&name))
}

/// Shells: `-c` takes a script, and so does their input.
pub(in crate::tool) const SHELLS: &[&str] = &[
    "sh", "bash", "zsh", "dash", "ksh", "ksh93", "mksh", "ash", "fish", "csh", "tcsh", "rbash", "yash", "elvish", "nu",
    "xonsh",
];
/// Shells of Windows.
pub(in crate::tool) const WINDOWS_SHELLS: &[&str] = &["powershell", "pwsh", "cmd", "command"];

/// Interpreters, with the options that take code. A version at the end of the name does not count.
pub(in crate::tool) const INTERPRETERS: &[(&[&str], &[&str])] = &[
    (&["python", "pypy", "ipython", "jython", "micropython"], &["-c"]),
    (&["node", "nodejs", "bun", "tsx", "ts-node", "deno", "electron"], &["-e", "-p", "--eval", "--print", "-pe"]),
    (&["perl"], &["-e", "-E"]),
    (&["ruby", "irb", "jruby"], &["-e"]),
    (&["php"], &["-r", "-B", "-R", "-E", "--run"]),
    (
        &[
            "lua",
            "luajit",
            "julia",
            "rscript",
            "r",
            "octave",
            "scala",
            "groovy",
            "elixir",
            "erl",
            "guile",
            "racket",
            "osascript",
            "sbcl",
            "clojure",
            "kotlin",
            "swift",
            "ghc",
            "crystal",
            "raku",
            "gjs",
            "qjs",
        ],
        &["-e", "-E", "--eval", "-eval"],
    ),
    (&["tclsh", "expect"], &["-c"]),
];

/// Programs whose first argument is a program of their own.
pub(in crate::tool) const SCRIPTED: &[&str] = &["awk", "gawk", "mawk", "nawk", "sed", "gsed"];

/// Options whose value is a command: programs and options.
pub(in crate::tool) const COMMAND_OPTIONS: &[(&[&str], &[&str])] = &[
    (&["rsync"], &["-e", "--rsh"]),
    (&["tar", "gtar", "bsdtar"], &["--to-command", "--use-compress-program", "-I"]),
    (&["su", "runuser", "script", "flock", "sg", "newgrp"], &["-c", "--command", "--session-command"]),
    (&["man"], &["-P", "--pager"]),
    (&["sort"], &["--compress-program"]),
    (&["split"], &["--filter"]),
    (&["nodemon", "onchange", "watchexec", "cargo-watch"], &["--exec", "-x", "-s"]),
    (&["xterm", "gnome-terminal", "konsole", "alacritty", "kitty"], &["-e", "-x", "--command"]),
    (&["env"], &["-S", "--split-string"]),
    (&["nc", "ncat", "netcat"], &["-e", "-c", "--exec", "--sh-exec"]),
    (&["git"], &["--exec", "--upload-pack", "--receive-pack"]),
    (&["rg"], &["--pre"]),
    (&["fzf"], &["--preview", "--bind"]),
    (&["fd"], &["-x", "-X", "--exec", "--exec-batch"]),
    (&["make", "gmake"], &["--eval"]),
    (&["npm", "npx", "pnpm"], &["-c", "--call"]),
];

/// What a program does with the files among its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tool) enum Use {
    /// Its arguments are no files.
    Nothing,
    /// It names them: lists, compares times, changes to them.
    Names,
    /// It reads them.
    Reads,
    /// It reads them; the first argument is a pattern or a program.
    ReadsAfterFirst,
    /// It writes them.
    Writes,
    /// It writes them; the first argument is a mode or an owner.
    WritesAfterFirst,
    /// It reads all and writes the last.
    Copies,
    /// It writes and reads all of them.
    Moves,
    /// It does with each what its own syntax says: `if=`, `of=`.
    ByPrefix,
}

/// The use that a program makes of its arguments; reading, if it is not known.
pub(in crate::tool) fn use_of(program: &str) -> Use {
    match program {
        "echo" | "printf" | "print" | "true" | "false" | ":" | "expr" | "seq" | "sleep" | "basename" | "dirname"
        | "date" | "alias" | "unalias" | "set" | "export" | "declare" | "typeset" | "local" | "readonly" | "unset"
        | "kill" | "killall" | "pkill" | "pgrep" | "read" | "return" | "exit" | "trap" | "hash" | "cd" | "pushd"
        | "popd" | "chdir" | "sl" | "set-location" | "push-location" | "which" | "whereis" | "man" | "let"
        | "logger" | "write-host" | "write-output" | "write-error" | "write-verbose" | "say" | "notify-send"
        | "figlet" | "cowsay" | "apropos" | "whatis" | "info" | "help" | "break" | "continue" | "shift" | "wait"
        | "tr" | "id" | "whoami" => Use::Nothing,
        "ls" | "dir" | "ll" | "la" | "l" | "exa" | "eza" | "tree" | "stat" | "file" | "test" | "[" | "[[" | "du"
        | "df" | "find" | "fd" | "fdfind" | "locate" | "realpath" | "readlink" | "wc" | "rmdir" | "mkdir"
        | "get-childitem" | "gci" | "get-item" | "gi" | "test-path" | "resolve-path" | "lsattr" | "getfacl"
        | "namei" | "lsof" | "fuser" | "md5sum" | "sha1sum" | "sha256sum" | "sha512sum" | "shasum" | "cksum" | "z"
        | "zoxide" => Use::Names,
        "grep" | "egrep" | "fgrep" | "zgrep" | "rg" | "ag" | "ack" | "ugrep" | "sed" | "gsed" | "awk" | "gawk"
        | "mawk" | "nawk" | "jq" | "yq" | "select-string" | "findstr" | "xmllint" | "git-grep" => Use::ReadsAfterFirst,
        "tee" | "touch" | "truncate" | "shred" | "rm" | "unlink" | "srm" | "wipe" | "trash" | "rimraf" | "del"
        | "erase" | "rd" | "remove-item" | "ri" | "clear-content" | "set-content" | "sc" | "add-content" | "ac"
        | "out-file" | "new-item" | "ni" | "vi" | "vim" | "nvim" | "view" | "nano" | "pico" | "emacs" | "ed" | "ex"
        | "code" | "micro" | "joe" | "helix" | "hx" | "patch" | "tee-object" | "mkfifo" | "mknod" | "mkfs"
        | "wipefs" | "fallocate" | "sponge" | "crudini" | "ex.exe" | "dos2unix" | "unix2dos" | "sudoedit"
        | "visudo" | "fdisk" | "parted" | "sgdisk" | "sfdisk" | "mkswap" | "blkdiscard" | "augtool" | "uniq2"
        | "notepad" | "gedit" | "kate" => Use::Writes,
        "chmod" | "chown" | "chgrp" | "chattr" | "setfacl" | "setcap" | "chcon" | "icacls" | "attrib" | "takeown"
        | "cacls" => Use::WritesAfterFirst,
        "cp" | "install" | "copy" | "copy-item" | "cpi" | "xcopy" | "robocopy" | "ditto" | "rsync" | "scp"
        | "rclone" | "gcp" | "ginstall" => Use::Copies,
        "mv" | "move" | "move-item" | "mi" | "ren" | "rename" | "rename-item" | "rni" | "ln" | "mklink" | "gmv"
        | "rename.ul" | "mmv" | "mount" | "bind" | "swap" => Use::Moves,
        "dd" | "gdd" | "dcfldd" => Use::ByPrefix,
        _ => Use::Reads,
    }
}

/// Options that make a program go through everything below a folder.
pub(in crate::tool) fn goes_below(program: &str, arguments: &[String]) -> bool {
    let always = [
        "mv",
        "move",
        "move-item",
        "tar",
        "gtar",
        "bsdtar",
        "zip",
        "7z",
        "7za",
        "rg",
        "ag",
        "ack",
        "rsync",
        "find",
        "tree",
        "rclone",
        "restic",
        "borg",
        "robocopy",
        "xcopy",
        "trash",
        "rimraf",
        "chattr",
        "du",
        "ditto",
        "git",
        "gitleaks",
        "trufflehog",
        "docker",
        "podman",
    ];
    always.contains(&program)
        || arguments.iter().any(|argument| {
            let letters = argument.strip_prefix('-').unwrap_or_default();
            match letters.strip_prefix('-') {
                Some(long) => matches!(long, "recursive" | "archive" | "dereference-recursive"),
                None => {
                    argument.eq_ignore_ascii_case("/s")
                        || letters.eq_ignore_ascii_case("recurse")
                        || (letters.len() <= 8 && letters.contains(['r', 'R', 'a']))
                }
            }
        })
}

/// Options whose value is text and no file.
pub(in crate::tool) fn takes_text(program: &str) -> &'static [&'static str] {
    match program {
        "git" => &[
            "-m",
            "--message",
            "--author",
            "--date",
            "--grep",
            "-S",
            "-G",
            "--format",
            "--pretty",
            "--since",
            "--until",
            "-c",
            "--trailer",
        ],
        "gh" | "glab" | "hub" => {
            &["-t", "--title", "-b", "--body", "-m", "--message", "-n", "--notes", "--jq", "-q", "--template"]
        }
        "docker" | "podman" => &["--name", "-e", "--label", "--tag", "-t"],
        "curl" | "wget" => {
            &["-H", "--header", "-A", "--user-agent", "-X", "--request", "-e", "--referer", "-w", "--write-out"]
        }
        "grep" | "egrep" | "fgrep" | "rg" | "ag" | "ack" | "sed" | "gsed" => {
            &["-e", "--regexp", "--expression", "--include", "--exclude", "-g", "--glob"]
        }
        "find" | "fd" => &[
            "-name",
            "-iname",
            "-path",
            "-ipath",
            "-regex",
            "-iregex",
            "-wholename",
            "-printf",
            "-not",
            "-E",
            "--exclude",
        ],
        "tar" | "zip" | "rsync" => &["--exclude", "-x", "--include", "--filter"],
        "awk" | "gawk" | "mawk" | "nawk" => &["-F", "-v"],
        "tr" | "cut" | "column" => &["-d", "-s", "--output-delimiter"],
        "npm" | "cargo" | "make" | "pnpm" | "yarn" => &["--"],
        _ => &[],
    }
}

/// Programs that write what they are given into their files.
pub(in crate::tool) const FILLS: &[&str] =
    &["tee", "sponge", "tee-object", "set-content", "add-content", "out-file", "ac", "new-item", "ni"];

/// Options whose value is a file that is written, of any program.
pub(in crate::tool) const WRITING_OPTIONS: &[&str] = &[
    "-o",
    "-O",
    "--output",
    "--output-document",
    "--output-file",
    "--output-dir",
    "--out",
    "--outfile",
    "--target-directory",
    "-t",
    "--directory-prefix",
    "-P",
    "--dump-header",
    "--cookie-jar",
    "--logfile",
    "--log-file",
    "-outfile",
    "-filepath",
    "-destination",
];
/// Programs of which these options write.
pub(in crate::tool) const WRITING_PROGRAMS: &[&str] = &[
    "curl",
    "wget",
    "wget2",
    "aria2c",
    "gcc",
    "g++",
    "clang",
    "cc",
    "ld",
    "sort",
    "gpg",
    "openssl",
    "age",
    "pandoc",
    "go",
    "rustc",
    "cp",
    "mv",
    "install",
    "ln",
    "unzip",
    "invoke-webrequest",
    "iwr",
    "out-file",
    "tee-object",
    "start-bitstransfer",
    "strace",
    "nmap",
    "tcpdump",
    "yt-dlp",
    "objcopy",
    "tsc",
];

/// Variables whose value is a command that some other program runs.
pub(in crate::tool) const COMMAND_VARIABLES: &[&str] = &[
    "PAGER",
    "GIT_PAGER",
    "MANPAGER",
    "EDITOR",
    "VISUAL",
    "GIT_EDITOR",
    "GIT_SEQUENCE_EDITOR",
    "GIT_SSH_COMMAND",
    "GIT_SSH",
    "GIT_EXTERNAL_DIFF",
    "GIT_ASKPASS",
    "SSH_ASKPASS",
    "SUDO_ASKPASS",
    "PROMPT_COMMAND",
    "LESSOPEN",
    "LESSCLOSE",
    "BROWSER",
    "RSYNC_RSH",
    "GIT_PROXY_COMMAND",
    "PS1",
    "PS4",
];
/// Variables that bring code of their own into every program.
pub(in crate::tool) const CODE_VARIABLES: &[&str] = &[
    "LD_PRELOAD",
    "LD_AUDIT",
    "DYLD_INSERT_LIBRARIES",
    "BASH_ENV",
    "ENV",
    "PERL5OPT",
    "PERL5DB",
    "PYTHONSTARTUP",
    "PYTHONINSPECT",
    "RUBYOPT",
    "NODE_OPTIONS",
    "JAVA_TOOL_OPTIONS",
    "BASHOPTS",
    "SHELLOPTS",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_COUNT",
    "GIT_EXEC_PATH",
    "ZDOTDIR",
    "GCONV_PATH",
    "RUSTC_WRAPPER",
    "RUSTC",
];

/// Whether a variable holds a secret by its name.
pub(in crate::tool) fn is_secret_variable(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let part = |part: &str| {
        matches!(
            part,
            "SECRET"
                | "SECRETS"
                | "TOKEN"
                | "TOKENS"
                | "PASSWORD"
                | "PASSWD"
                | "PASSPHRASE"
                | "PASS"
                | "PWD"
                | "APIKEY"
                | "CREDENTIAL"
                | "CREDENTIALS"
                | "PAT"
                | "PRIVATE"
        )
    };
    if matches!(name.as_str(), "PWD" | "OLDPWD") {
        return false;
    }
    name.split('_').any(part)
        || [
            "API_KEY",
            "ACCESS_KEY",
            "SECRET_KEY",
            "PRIVATE_KEY",
            "AUTH_KEY",
            "ENCRYPTION_KEY",
            "SIGNING_KEY",
            "MASTER_KEY",
            "DATABASE_URL",
            "CONNECTION_STRING",
        ]
        .iter()
        .any(|known| name.contains(known))
}
