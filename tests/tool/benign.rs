//! What agents do all day: none of it has an effect that is looked for.

use super::scene;

#[rustfmt::skip]
const NOTHING: &[&str] = &[
    "", "   ", "\n\n", "# only a comment", "true", ":", "ls", "ls -la", "ls -la src tests", "pwd", "whoami", "date", "date +%Y-%m-%d", "date -Iseconds",
    "cargo test", "cargo test --lib parser:: -- --quiet", "cargo build --release", "cargo clippy --all-targets -- -D warnings", "cargo fmt", "cargo run",
    "git status", "git diff", "git log --oneline -5", "git add -A", "git commit -m \"rm old stuff; curl docs\"", "git commit -am 'fix /etc/passwd parsing'",
    "git checkout -b feature/rm-rf", "git checkout main", "git switch main", "git stash", "git stash pop", "git show HEAD~1", "git blame src/main.rs",
    "git branch", "git branch -a", "git merge main", "git rebase main", "git restore --staged file.rs", "git -C sub status", "git log --format='%h %s' | head -3",
    "git tag v1.0", "git reset HEAD file", "git rev-parse --show-toplevel", "ps -ef",
    "grep -r foo src", "grep -rn \"deprecated\" src | wc -l", "grep -E 'a|b;c' file", "rg 'rm -rf' src", "rg -n foo -g '*.rs'", "grep -e '/etc/passwd' README.md",
    "find . -name '*.rs'", "find src -type f -name '*.py' | xargs wc -l", "find . -name '*.rs' -exec grep -l foo {} +", "fd main src",
    "npm run build", "npm test", "npm run lint -- --fix", "yarn test", "pnpm run dev", "node script.js", "node --version", "tsc --noEmit", "make", "make test", "make -j4 all",
    "python script.py", "python3 -m pytest -q", "pytest tests/test_x.py -k 'a and b'", "python -m json.tool data.json", "cat data.json | python3 -m json.tool", "ruff check .",
    "go test ./...", "go build ./cmd/x", "mvn test", "./gradlew test", "dotnet build", "php artisan test", "bundle exec rspec", "mix test",
    "echo \"rm -rf / is bad\"", "echo 'curl http://x | sh'", "echo hello > out.txt", "echo $PATH", "echo \"$HOME\"", "printf '%s\\n' a b", "echo {a,b}{1,2}", "echo \"it's; fine\"",
    "cat README.md", "cat src/main.rs | head -50", "head -20 file.txt", "tail -n 5 log.txt", "sed -n '1,20p' src/main.rs", "sed 's/a;b/c/' file", "awk '{print $1}' file.txt",
    "sort a.txt | uniq -c | sort -rn", "cut -d: -f1 data.txt", "tr a-z A-Z < in.txt", "wc -l *.rs", "diff a.txt b.txt", "diff <(ls a) <(ls b)", "jq '.a' data.json", "tee out.log",
    "mkdir -p build/x", "touch a.txt", "cp a.txt b.txt", "cp -r src backup", "mv a.txt b.txt", "chmod +x script.sh", "chmod 755 script.sh", "ln -s a b", "tar czf out.tgz src",
    "tar xzf in.tgz", "unzip in.zip", "zip -r out.zip src", "rmdir empty", "cd src && ls", "cd src && cargo test && cd ..", "cd src; make; cd -", "pushd src; ls; popd",
    "for f in *.txt; do cat $f; done", "for f in a b c; do echo $f; done", "while read -r line; do echo \"$line\"; done < list.txt", "if [ -f x ]; then cat x; fi",
    "[[ -f x && -d y ]] && echo yes", "case $x in a) echo a;; b|c) echo bc;; *) echo other;; esac", "f() { echo hi; }; f", "((i++))", "echo $((1+2*(3-1)))", "x=1; y=$x; echo $y",
    "cat > notes.txt <<'EOF'\nrm -rf /\ncurl x | sh\nEOF", "cat <<EOF > a.md\nhello $USER `date`\nEOF", "ls 2>/dev/null", "ls > /dev/null 2>&1", "make 2>&1 | tee build.log", "sleep 1 & wait",
    "time ls", "nohup make &", "timeout 10 cargo test", "nice -n 5 make", "env RUST_LOG=debug cargo run", "RUST_LOG=debug cargo run", "sudo ls", "xargs -n1 echo < list", "command -v rm",
    "which sluicegate_x", "type ls", "ps aux", "top -b -n1", "df -h", "du -sh .", "free -m", "uname -a", "uptime", "kill 1234", "kill -9 1234", "kill -15 123", "kill $(pgrep foo)",
    "docker ps", "docker logs web", "docker images", "systemctl status nginx", "systemctl --user list-timers", "crontab -l", "journalctl -u nginx -n 50", "mount", "id", "hostname",
    "rm -f /tmp/x.log", "rm -rf /tmp/build-123", "ls /tmp", "cat /tmp/x.log", "echo x > /tmp/y", "NODE_OPTIONS=--max-old-space-size=4096 npm run build",
    "cat .env.example", "cat id.pub", "cat .github/workflows/ci.yml", "cat package.json", "vim src/main.rs", "code .", "open report.pdf", "ls *.rs src/*.ts", "cat *.json",
    "test -f .env || echo none", "ls -la .env", "stat secrets.json", "sqlite3 db.sqlite 'select * from users'", "psql -c 'select 1'", "bash script.sh", "sh ./run.sh a b", "sed -i s/a/b/ x.py && python x.py", "cp a.sh b.sh && sh b.sh", "chmod +x a.sh && ./a.sh", "bash -n script.sh",
    "bash -c 'ls && pwd'", "bash -lc \"cargo test\"", "eval ls", "bash <<EOF\nls\nEOF", "exec ls", "alias ll='ls -la'", "set -euo pipefail; ls", "export A=1 B=2", "trap 'echo bye' EXIT",
];

#[test]
fn everyday_commands_have_no_effect_that_is_looked_for() {
    let scene = scene();
    let wrong: Vec<String> = NOTHING
        .iter()
        .map(|command| (command, scene.shell(command).effects))
        .filter(|(_, effects)| effects.names().next().is_some())
        .map(|(command, effects)| format!("{command:?}: {effects:?}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), NOTHING.len(), wrong.join("\n"));
}

/// Commands are counted as the shell would run them, whatever stands between them.
#[test]
fn commands_are_counted() {
    let cases = [
        ("", 0),
        ("ls", 1),
        ("ls && rm -rf /", 2),
        ("a; b & c || d | e\nf", 6),
        ("a $(b `c`)", 3),
        ("(a; b) | { c; d; }", 4),
        ("bash -c 'a; b'", 3),
        ("bash <<EOF\na\nb\nEOF\nc", 4),
        ("echo 'a; b' \"c; d\" e\\;f", 1),
        ("if a; then b; else c; fi", 3),
        ("for x in 1 2; do a; done", 1),
        ("case a in b) c;; esac", 1),
        ("a <(b) >(c)", 3),
        ("a # b; c", 1),
        ("x=1", 0),
    ];
    for (script, commands) in cases {
        assert_eq!(scene().shell(script).commands, commands, "{script:?}");
    }
}
