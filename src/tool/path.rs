//! Paths as text: `~`, `..`, doubled slashes and drives undone, patterns kept.

use super::shell::{MADE, PROCESS, UNKNOWN};

/// Bytes of the longest path that a system takes.
const MOST_BYTES: usize = 4096;

/// Where a path begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Root {
    /// At the root of the machine, or of a drive.
    Absolute,
    /// In somebody's home folder. Whose it is does not matter: `/home/NAME`, `/Users/NAME`, `/root` and `~` are one.
    Home,
    /// Where the command runs, or this many folders above.
    Here(usize),
    /// Where only the running shell knows: `$DIR/x`.
    Unknown,
}

/// A path in its normal form: lower case, since some systems do not tell cases apart, without `.`, `..` and `//`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Path {
    pub(super) root: Root,
    /// Names of folders, and of the file. `*` stands for anything and `?` for one character.
    pub(super) parts: Vec<String>,
    /// Whether the home folder is written as `~` or belongs to the administrator, so that it is nobody's workspace.
    pub(super) tilde: bool,
}

impl Path {
    /// The folder in which a command runs that changes to none.
    pub(super) fn here() -> Self {
        Self { root: Root::Here(0), parts: Vec::new(), tilde: false }
    }

    /// Reads a path; none where the text is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix("file://").unwrap_or(text);
        if text.is_empty() || text.len() > MOST_BYTES || text.contains(['\n', '\r']) {
            return None;
        }
        let lower = text.to_lowercase();
        let slashes = |c| c == '/' || c == '\\';
        let mut rest = lower.as_str();
        let mut path = Self::here();
        if let [b'a'..=b'z', b':', ..] = rest.as_bytes() {
            rest = rest.get(2..).unwrap_or_default();
            path.root = Root::Absolute;
        }
        if rest.starts_with(slashes) {
            path.root = Root::Absolute;
        } else if rest.starts_with('~') {
            let end = rest.find(slashes).unwrap_or(rest.len());
            path.root = match rest.get(..end) {
                Some("~+" | "~-") => Root::Here(0),
                _ => Root::Home,
            };
            path.tilde = path.root == Root::Home;
            rest = rest.get(end..).unwrap_or_default();
        } else if rest.starts_with([UNKNOWN, MADE]) {
            let after = rest.trim_start_matches([UNKNOWN, MADE]);
            if after.starts_with(slashes) {
                path.root = Root::Unknown;
                rest = after;
            }
        }
        for part in rest.split(slashes) {
            path.push(part);
        }
        path.settle();
        Some(path)
    }

    fn push(&mut self, part: &str) {
        match part {
            "" | "." => {}
            ".." => self.up(),
            _ => self.parts.push(pattern(part)),
        }
    }

    fn up(&mut self) {
        if self.parts.pop().is_some() {
            return;
        }
        match &mut self.root {
            Root::Here(above) => *above += 1,
            Root::Home => {
                self.root = Root::Absolute;
                self.parts.push("home".to_owned());
            }
            Root::Absolute | Root::Unknown => {}
        }
    }

    /// Names of one place become one.
    fn settle(&mut self) {
        if self.root != Root::Absolute {
            return;
        }
        let part = |number: usize| self.parts.get(number).map(String::as_str);
        // What leads to the same place by a longer way.
        let skip = match (part(0), part(1), part(2)) {
            (Some("private"), Some("etc" | "var" | "tmp"), _) => 1,
            (Some("proc"), Some(_), Some("root")) => 3,
            (Some("proc"), Some(_), Some("cwd")) => {
                self.root = Root::Here(0);
                3
            }
            (Some("mnt"), Some(drive), Some("users" | "windows")) if drive.len() == 1 => 2,
            (Some(drive), Some("users" | "windows"), _) if drive.len() == 1 => 1,
            _ => 0,
        };
        self.parts.drain(..skip.min(self.parts.len()));
        if self.root != Root::Absolute {
            return;
        }
        let part = |number: usize| self.parts.get(number).map(String::as_str);
        let home = match (part(0), part(1)) {
            (Some("home" | "users" | "documents and settings"), Some(_)) => 2,
            (Some("root"), _) => {
                self.tilde = true;
                1
            }
            (Some("var"), Some("root")) => {
                self.tilde = true;
                2
            }
            _ => return,
        };
        self.root = Root::Home;
        self.parts.drain(..home);
    }

    /// This path, if it is meant from `base`.
    pub(super) fn from(&self, base: &Self) -> Self {
        let Root::Here(above) = self.root else { return self.clone() };
        let mut joined = base.clone();
        for _ in 0..above {
            joined.up();
        }
        joined.parts.extend(self.parts.iter().cloned());
        joined.settle();
        joined
    }

    /// The name at its end.
    pub(super) fn name(&self) -> &str {
        self.parts.last().map_or("", String::as_str)
    }

    /// Whether this is `folder`, or lies below it.
    pub(super) fn is_within(&self, folder: &Self) -> bool {
        self.root == folder.root
            && self.parts.len() >= folder.parts.len()
            && self.parts.iter().zip(&folder.parts).all(|(own, other)| may_be(own, other) || may_be(other, own))
    }
}

/// Whether a name stands for several.
pub(super) fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?'])
}

/// A name with sets of characters and unknown parts as patterns.
fn pattern(name: &str) -> String {
    if !name.contains(['[', UNKNOWN, MADE, PROCESS]) {
        return name.to_owned();
    }
    let mut made = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            UNKNOWN | MADE | PROCESS => made.push('*'),
            '[' => match rest.char_indices().skip(1).find(|(_, c)| *c == ']') {
                Some((end, _)) => {
                    made.push('?');
                    rest = rest.get(end + 1..).unwrap_or_default();
                }
                None => {
                    made.push('[');
                    made.push_str(rest);
                    break;
                }
            },
            other => made.push(other),
        }
    }
    made
}

/// Whether a name, or one that the pattern stands for, is `exact`. Costs at most the product of their lengths.
pub(super) fn may_be(pattern: &str, exact: &str) -> bool {
    if !is_pattern(pattern) {
        return pattern == exact;
    }
    let (pattern, exact) = (pattern.as_bytes(), exact.as_bytes());
    let (mut p, mut e) = (0, 0);
    // Where the last star stands, and how far what it stands for has been taken to reach.
    let mut star: Option<(usize, usize)> = None;
    while e < exact.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, e));
                p += 1;
            }
            Some(b'?') => {
                p += 1;
                e += 1;
            }
            Some(byte) if exact.get(e) == Some(byte) => {
                p += 1;
                e += 1;
            }
            _ => {
                let Some((at, reached)) = star else { return false };
                star = Some((at, reached + 1));
                p = at + 1;
                e = reached + 1;
            }
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(|byte| *byte == b'*')
}

/// Whether a pattern says enough of a name to be taken for it: a letter or digit of its own, apart from an ending such as
/// `.toml`. `*` and `*.json` stand for whatever is there, and mean no file in particular.
pub(super) fn aims(pattern: &str) -> bool {
    let stem = pattern.rsplit_once('.').map_or(pattern, |(stem, ending)| if stem.is_empty() { ending } else { stem });
    stem.bytes().any(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_ways_lead_to_one_path() {
        let home = [
            "~/.ssh/id",
            "$HOME/.ssh/id",
            "/home/me/.ssh/id",
            "/root//.ssh/./x/../id",
            "C:\\Users\\me\\.ssh\\id",
            "/proc/self/root/home/me/.ssh/id",
            "~me/.ssh/id",
            "/mnt/c/Users/me/.ssh/id",
            "/etc/../home/me/.ssh/id",
        ];
        for text in home {
            let path = Path::parse(&text.replace("$HOME", "~")).unwrap();
            assert_eq!((path.root, path.parts.join("/").as_str()), (Root::Home, ".ssh/id"), "{text}");
        }
        let cases = [
            ("//etc///passwd", Root::Absolute, "etc/passwd"),
            ("/../../etc/passwd", Root::Absolute, "etc/passwd"),
            ("~/../../etc/passwd", Root::Absolute, "etc/passwd"),
            ("../../x", Root::Here(2), "x"),
            ("a/b/../../..", Root::Here(1), ""),
            ("C:/Windows", Root::Absolute, "windows"),
            ("/private/etc/x", Root::Absolute, "etc/x"),
            ("\0/etc/passwd", Root::Unknown, "etc/passwd"),
            ("/e[tx]c/pass\0", Root::Absolute, "e?c/pass*"),
            ("a[b", Root::Here(0), "a[b"),
        ];
        for (text, root, parts) in cases {
            let path = Path::parse(text).unwrap();
            assert_eq!((path.root, path.parts.join("/").as_str()), (root, parts), "{text:?}");
        }
        assert_eq!(Path::parse(""), None);
    }

    #[test]
    fn patterns_stand_for_names() {
        let yes =
            [("id_*", "id_rsa"), ("*", "x"), ("i?_r*a", "id_rsa"), ("**x", "aax"), ("a*b*c", "aXbXbXc"), ("x", "x")];
        let no = [("id_*", "rsa"), ("?", "xy"), ("a*b", "ac"), ("", "x"), ("x?", "x")];
        assert!(yes.iter().all(|(pattern, name)| may_be(pattern, name)));
        assert!(no.iter().all(|(pattern, name)| !may_be(pattern, name)));
        assert!(aims("s*") && aims(".e*") && aims("c*.json") && !aims("*") && !aims("*.json") && !aims(".*"));
    }
}
