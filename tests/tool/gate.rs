//! What touches Sluicegate: never for an agent.

use sluicegate::tool::{Effects, LinkSettings, Scene, ToolSettings};

use super::scene;

#[rustfmt::skip]
const TOUCHES: &[&str] = &[
    "sluicegate", "sluicegate check --text x", "./sluicegate policy check", "/usr/local/bin/sluicegate audit verify", "sluicegate.exe", "SluiceGate init x", "sudo sluicegate doctor",
    "ls; sluicegate init x", "$(sluicegate check)", "env A=1 sluicegate", "xargs sluicegate", "sh -c 'sluicegate check'", "sluice''gate check", "sluice\\gate", "g=sluicegate; $g check",
    "{sluicegate,check}", "timeout 5 sluicegate",
    "cat sluicegate.toml", "cat ./x/sluicegate.toml", "cat sluice*", "cat s*.toml", "cat sluicegat?.toml", "cat sluicegate.[t]oml", "cat sluice${Z}gate.toml", "cat SLUICEGATE.TOML",
    "ls sluicegate.toml", "echo x > sluicegate.toml", "echo mode = observe >> sluicegate.toml", "sed -i s/a/b/ sluicegate.toml", "rm sluicegate.toml", "vim sluicegate.toml",
    "cp x sluicegate.toml", "f=sluicegate; cat $f.toml", "cat {sluicegate.toml,x}", "python -c \"open('sluicegate.toml')\"", "git checkout x -- sluicegate.toml",
    "cat ~/gw/sluicegate.toml", "cat /home/mara/gw/gate.key", "cat ~/gw/gate.key", "cat $HOME/gw/gate.key", "cat ~mara/gw/gate.key", "cat /home/mara/x/../gw/gate.key", "cat /proc/self/root/home/mara/gw/gate.key",
    "cat gate.key", "cat gw/gate.key", "cd ~/gw && cat gate.key", "cd ~ && cat gw/gate.key", "cat ~/gw/*.key", "cat ~/gw/*", "cat ~/*/gate.key",
    "ls ~/gw/policies", "cat ~/gw/policies/personal.rhai", "echo x > ~/gw/policies/new.rhai", "cat policies/personal.rhai", "cat gw/policies/x", "rm -rf ~/gw", "rm -rf ~", "rm -rf /home/mara",
    "mv ~/gw ~/x", "tar c ~/gw", "grep -r x ~", "chmod -R 777 ~/gw", "chown -R x ~", "find ~/gw -exec cat {} +", "cp -r ~/gw x", "rsync -a ~/gw x",
    "cat /srv/gw-log/audit.jsonl", "truncate -s 0 /srv/gw-log/audit.jsonl", "cat /srv/gw-log/audit-000000000001.jsonl", "rm /srv/gw-log/audit.jsonl.head", "cat audit.jsonl", "rm -rf /srv",
    "SLUICEGATE_CONFIG=x ls", "export SLUICEGATE_CONFIG=x", "echo $SLUICEGATE_CONFIG", "env SLUICEGATE_CONFIG=x ls",
    "pkill sluicegate", "killall sluicegate", "pkill -f sluicegate", "systemctl stop sluicegate", "docker stop sluicegate", "cat ~/.config/sluicegate/x", "cat /etc/sluicegate/x",
    "type C:\\Users\\mara\\gw\\gate.key", "Get-Content $HOME\\gw\\gate.key",
];

#[rustfmt::skip]
const LEAVES: &[&str] = &[
    "ls", "cat gate.txt", "cat *", "ls *.toml", "cat Cargo.toml", "rm -rf target", "cat ~/other/sluice.txt", "ls policies2", "echo sluicegate.toml", "git commit -m 'sluicegate.toml'",
    "cd projects/sluicegate-docs && ls", "find ~ -name x", "ls ~", "ls -la ~", "du -sh ~", "cat /srv/other", "cat audit.rs", "cat src/audit-x.rs", "grep -r x src", "cat keys/x",
];

#[test]
fn whatever_touches_sluicegate_is_told() {
    let scene = scene();
    let touches = |command: &&&str| scene.shell(command).effects.has(Effects::TOUCHES_GATE);
    let missed: Vec<_> = TOUCHES.iter().filter(|command| !touches(command)).collect();
    assert!(missed.is_empty(), "{missed:#?}");
    let wrong: Vec<_> = LEAVES.iter().filter(touches).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_settings_may_name_further_places() {
    let settings = "format = 1\n[tool]\ngate_paths = [\"/opt/guard\"]\nsystem_paths = [\"~/.mybot\"]\n";
    let settings = sluicegate::config::Settings::parse("sluicegate.toml", settings).unwrap();
    let scene = Scene::new(&settings.tool, &settings.links);
    assert!(scene.shell("ls /opt/guard/x").effects.has(Effects::TOUCHES_GATE));
    assert!(scene.shell("echo x > ~/.mybot/y").effects.has(Effects::CHANGES_SYSTEM));
    assert!(!scene.shell("cat ~/.mybot/y").effects.has(Effects::CHANGES_SYSTEM));
    let plain = Scene::new(&ToolSettings::default(), &LinkSettings::default());
    assert!(!plain.shell("ls /opt/guard/x").effects.has(Effects::TOUCHES_GATE));
}
