//! Links and the hosts that they lead to.

use std::collections::HashSet;

use super::settings::LinkSettings;

/// The hosts that the owner knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Hosts {
    exact: HashSet<String>,
    /// Domains of which every host below is known, each with a dot before it.
    below: Vec<String>,
}

impl Hosts {
    pub(super) fn new(settings: &LinkSettings) -> Self {
        let mut hosts = Self::default();
        for host in &settings.known_hosts {
            let host = host.to_lowercase();
            match host.strip_prefix('*') {
                Some(domain) => hosts.below.push(domain.to_owned()),
                None => {
                    hosts.exact.insert(host);
                }
            }
        }
        hosts
    }

    /// Whether the owner knows a host. It is compared whole, character by character.
    pub(super) fn know(&self, host: &str) -> bool {
        let host = host.strip_suffix('.').unwrap_or(host).to_lowercase();
        // A name is written plainly or not at all: what is encoded, or has an empty part, is meant to be misread.
        let plain = host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
        plain
            && !host.split('.').any(str::is_empty)
            && (self.exact.contains(&host) || self.below.iter().any(|domain| host.ends_with(domain.as_str())))
    }
}

/// The links of some texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Links {
    /// How many there are.
    pub count: usize,
    /// Whether one leads to a host that the owner has not named.
    pub unknown_host: bool,
}

/// Links of one text that are read; a text with more has a host that is not known.
const MOST_LINKS: usize = 1_000;

impl super::Scene {
    /// The links of some texts: whatever has `://` in it, or `www.` at the beginning of a word.
    ///
    /// Costs two searches for single bytes in a text without them, and is linear in the rest.
    #[must_use]
    pub fn links<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> Links {
        let mut links = Links::default();
        for text in texts {
            for host in hosts_of(text) {
                links.count += 1;
                links.unknown_host |= links.count > MOST_LINKS || !self.hosts().know(host);
                if links.count > MOST_LINKS {
                    return links;
                }
            }
        }
        links
    }
}

/// The hosts of all links of a text, as they are written.
fn hosts_of(text: &str) -> impl Iterator<Item = &str> {
    let schemes = places(text, b':').filter_map(move |at| {
        let rest = text.get(at + 1..)?;
        // Browsers take a backslash for a slash.
        let after = rest.strip_prefix(['/', '\\'])?.strip_prefix(['/', '\\'])?;
        let letter = text.get(..at)?.bytes().next_back()?;
        letter.is_ascii_alphanumeric().then(|| host(after))
    });
    let bare = places(text, b'.').filter_map(move |at| {
        let before = text.get(..at)?.as_bytes();
        let (before, www) = before.split_at_checked(before.len().checked_sub(3)?)?;
        let begins = before.last().is_none_or(|byte| !byte.is_ascii_alphanumeric() && !b"-.@/\\_".contains(byte));
        (www.eq_ignore_ascii_case(b"www") && begins).then(|| host(text.get(at - 3..).unwrap_or_default()))
    });
    schemes.chain(bare)
}

/// The places of a byte.
fn places(text: &str, byte: u8) -> impl Iterator<Item = usize> {
    memchr::memchr_iter(byte, text.as_bytes())
}

/// The host at the beginning of what follows `://`. What stands before an `@` is a user's name, however much it looks like
/// a host.
pub(super) fn host(rest: &str) -> &str {
    let end = rest.find(|c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '/' | '\\' | '?' | '#' | '<' | '>' | '"' | '`')
    });
    let authority = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if authority.starts_with('[') {
        return authority;
    }
    let part = |c: char| c.is_alphanumeric() || !c.is_ascii() || matches!(c, '.' | '-' | '_' | '%');
    let end = authority.find(|c| !part(c)).unwrap_or(authority.len());
    let host = authority.get(..end).unwrap_or_default();
    // The stop of a sentence.
    host.strip_suffix('.').unwrap_or(host)
}

/// Whether a host is one at which clouds hand out credentials, however its number is written.
pub(super) fn is_metadata(host: &str) -> bool {
    const ADDRESSES: [[u8; 4]; 4] =
        [[169, 254, 169, 254], [169, 254, 170, 2], [169, 254, 169, 253], [100, 100, 100, 200]];
    let host = host.to_ascii_lowercase();
    let host = host.trim_matches(['[', ']']).trim_end_matches('.');
    if matches!(
        host,
        "metadata.google.internal" | "metadata" | "instance-data" | "fd00:ec2::254" | "metadata.azure.com"
    ) {
        return true;
    }
    let host = host.strip_prefix("::ffff:").unwrap_or(host);
    let numbers: Option<Vec<u32>> = host.split('.').map(number).collect();
    let Some(numbers) = numbers.filter(|numbers| (1..=4).contains(&numbers.len())) else { return false };
    // The last number fills what the others leave: `169.254.43518`.
    let mut address = 0_u32;
    let Some((last, first)) = numbers.split_last() else { return false };
    for (place, number) in (0_u32..).zip(first) {
        address |= (number & 0xff) << (24 - 8 * place);
    }
    address |= last;
    ADDRESSES.iter().any(|known| u32::from_be_bytes(*known) == address)
}

/// A number as addresses are written: decimal, octal with a zero before it, or hexadecimal.
fn number(digits: &str) -> Option<u32> {
    if let Some(hex) = digits.strip_prefix("0x") {
        return u32::from_str_radix(hex, 16).ok();
    }
    match digits.strip_prefix('0') {
        Some(octal) if !octal.is_empty() => u32::from_str_radix(octal, 8).ok(),
        _ => digits.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tool::{Scene, ToolSettings};

    fn links(text: &str) -> (usize, bool) {
        let settings =
            LinkSettings { known_hosts: vec!["Example.org".into(), "*.example.net".into(), "bücher.example".into()] };
        let links = Scene::new(&ToolSettings::default(), &settings).links([text]);
        (links.count, links.unknown_host)
    }

    #[test]
    fn links_to_hosts_that_the_owner_named_are_known() {
        let known = [
            "see https://example.org/a?b=c#d.",
            "HTTPS://EXAMPLE.ORG",
            "(https://example.org)",
            "https://example.org:8443/x",
            "https://user:secret@example.org/",
            "https://example.org.",
            "ftp://a.b.example.net",
            "https://bücher.example/x",
        ];
        for text in known {
            assert_eq!(links(text), (1, false), "{text}");
        }
        assert_eq!(links("nothing here: a//b, w.w.w, example.org"), (0, false));
        assert_eq!(links("https://example.org https://a.example.net"), (2, false));
    }

    #[test]
    fn links_that_are_meant_to_be_misread_are_not_known() {
        let unknown = [
            "https://evil.example.com",
            "https://example.org@evil.example.com/",
            "https://example.org:443@evil.example.com/",
            "https://example.org)@evil.example.com",
            "https://evil.example.com\\@example.org",
            "https:\\\\evil.example.com",
            "https://evil.example.com#@example.org",
            "https://example.org.evil.example.com",
            "https://notexample.org",
            "https://www.example.org",
            "https://example.net",
            "https://evilexample.net",
            "https://exаmple.org",
            "https://ex%61mple.org",
            "https://example。org",
            "https://[::1]/",
            "https://2130706433/",
            "https://",
            "https://.example.net",
            "https://xn--bcher-kva.example",
            "www.evil.example.com",
            "WWW.evil.example.com",
            "javascript://example.com",
        ];
        for text in unknown {
            let (count, unknown) = links(text);
            assert!(count >= 1 && unknown, "{text}: {count}");
        }
    }

    #[test]
    fn the_place_where_clouds_keep_credentials_is_known_in_every_spelling() {
        let yes = [
            "169.254.169.254",
            "0xA9FEA9FE",
            "2852039166",
            "169.254.43518",
            "0251.0376.0251.0376",
            "[::ffff:169.254.169.254]",
            "metadata.google.internal.",
        ];
        assert!(yes.into_iter().all(is_metadata));
        assert!(!["169.254.169.1", "example.org", "", "1.2.3.4.5"].into_iter().any(is_metadata));
    }
}
