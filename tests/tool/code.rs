//! Code that is handed to an interpreter.

use super::{Case, assert_effects};

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("python -c 'print(1)'", "runs_code"),
    ("python3.11 -c 'print(1)'", "runs_code"),
    ("python3 <<EOF\nprint(1)\nEOF", "runs_code"),
    ("python3 - <<'EOF'\nimport os\nos.remove('x')\nEOF", "destructive runs_code"),
    ("echo 'print(1)' | python3", "runs_code"),
    ("cat > t.py <<'EOF'\nprint(1)\nEOF\npython3 t.py", "runs_code"),
    ("node -e 'console.log(1)'", "runs_code"),
    ("node -p '1+1'", "runs_code"),
    ("node --eval=\"1\"", "runs_code"),
    ("perl -e 'print 1'", "runs_code"),
    ("perl -pe 's/a/b/' x", "runs_code"),
    ("perl -lane 'print' x", "runs_code"),
    ("ruby -e 'puts 1'", "runs_code"),
    ("php -r 'echo 1;'", "runs_code"),
    ("deno eval '1'", "runs_code"),
    ("osascript -e 'say 1'", "runs_code"),
    ("python -c \"import shutil; shutil.rmtree('/data')\"", "destructive runs_code"),
    ("python -c \"open('.env').read()\"", "reads_secrets runs_code"),
    ("python -c \"open('/home/x/.bashrc','a').write('x')\"", "changes_system runs_code"),
    ("python -c \"import urllib.request as u; u.urlopen('http://x')\"", "network runs_code"),
    ("python -c \"import os; print(os.environ)\"", "reads_secrets runs_code"),
    ("python -c \"import os; os.system('rm -rf x')\"", "destructive runs_code unclear"),
    ("python -c \"import subprocess; subprocess.run(['ls'])\"", "runs_code unclear"),
    ("python -c \"exec(__import__('base64').b64decode('eA=='))\"", "runs_code unclear"),
    ("node -e \"require('fs').rmSync('x')\"", "destructive runs_code"),
    ("node -e \"require('child_process').execSync('rm x')\"", "destructive runs_code unclear"),
    ("perl -e 'unlink \"x\"'", "destructive runs_code"),
    ("ruby -e 'system(\"rm x\")'", "destructive runs_code unclear"),
    ("python -c \"$CODE\"", "runs_code unclear"),
    ("python script.py -c foo", ""),
    ("python -m venv .venv", ""),
    ("node server.js -e production", ""),
    ("sudo python3 -c 'print(1)'", "runs_code"),
    ("uv run python -c 'print(1)'", "network runs_code"),
    ("gdb -ex 'p 1' x", "runs_code"),
    ("vim -c ':q' x", "runs_code"),
];

#[test]
fn code_is_told_and_read_for_its_words() {
    assert_effects(CASES);
}
