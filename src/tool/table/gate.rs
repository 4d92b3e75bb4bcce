//! Commands that stop or change Sluicegate. Its own command line counts under any name of its folder; its files are in
//! `places.rs` and in the settings.

pub(super) const LINES: &[&str] = &[
    "sluicegate",
    "pkill|killall|pgrep|taskkill|stop-process|kill|skill|xkill|pidof *sluicegate*",
    "pkill|killall|taskkill|stop-process -f|-im|/im|-name|/fi *sluicegate*",
    "systemctl|service|launchctl|rc-service|initctl|supervisorctl|pm2|sv|sc|net|stop-service|set-service|remove-service|journalctl *sluicegate*",
    "systemctl * *sluicegate*",
    "launchctl * *sluicegate*",
    "supervisorctl|pm2|sc|net|sv|rc-service * *sluicegate*",
    "docker|podman|nerdctl|kubectl|oc|helm * *sluicegate*",
    "docker|podman|nerdctl|kubectl|oc|helm * * *sluicegate*",
    "apt|apt-get|dnf|yum|brew|pacman|snap|choco|winget|cargo remove|purge|uninstall|install|upgrade *sluicegate*",
    "apt-mark|update-alternatives|dpkg *sluicegate*",
    "gdb|strace|ltrace|perf|ptrace -p|attach *sluicegate*",
];
