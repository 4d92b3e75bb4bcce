//! What names places outside of the workspace.

use sluicegate::config::Settings;
use sluicegate::tool::{Effects, Scene};

fn leaves(scene: &Scene, command: &str) -> bool {
    scene.shell(command).effects.has(Effects::LEAVES_WORKSPACE)
}

#[test]
fn a_workspace_of_the_settings_is_kept_to_the_letter() {
    let settings =
        Settings::parse("sluicegate.toml", "format = 1\n[tool]\nworkspace = \"/home/mara/Project\"\n").unwrap();
    let scene = Scene::new(&settings.tool, &settings.links);
    #[rustfmt::skip]
    let inside = [
        "ls", "cat src/main.rs", "cat /home/mara/project/x", "cat ~/project/x", "cat src/../x", "cd src && cat ../x", "cd src && cd .. && ls", "cat ../project/x", "ls /tmp/x",
        "ls > /dev/null", "sed -n '/foo/p' x", "awk '/foo/ {print}' x", "grep /etc/passwd x", "echo /etc/passwd", "git commit -m /etc/passwd", "/usr/bin/env ls", "cat $DIR/x",
        "curl https://example.org/a",
    ];
    #[rustfmt::skip]
    let outside = [
        "ls /", "cat /home/mara/other", "cat ~/x", "ls ..", "cat ../x", "cd .. && ls", "cat /home/mara/project/../x", "cat /data/x", "cat /home/mara/projects/x", "ls ~", "cd && ls",
        "cp x /data", "echo x > /data/y", "cat < /data/x", "tar xf x -C /data", "curl -o /data/x y", "dd if=/data/x", "mytool --file=/data/x", "cd src && cat ../../x", "mytool -f/data/x",
    ];
    for command in inside {
        assert!(!leaves(&scene, command), "{command}");
    }
    for command in outside {
        assert!(leaves(&scene, command), "{command}");
    }
}

#[test]
fn without_a_workspace_only_what_is_clearly_outside_counts() {
    let scene = super::scene();
    for command in ["ls /home/kim/project", "cat /data/x", "cat /work/x", "ls", "ls /tmp"] {
        assert!(!leaves(&scene, command), "{command}");
    }
    for command in ["ls /etc", "cat ~/x", "ls ..", "cat /var/log/x", "ls /", "cat C:\\\\Windows\\\\x", "cat /root/x"] {
        assert!(leaves(&scene, command), "{command}");
    }
}
