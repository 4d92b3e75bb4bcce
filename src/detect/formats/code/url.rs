//! Passwords in URLs (RFC 3986, userinfo): of databases, and of anything else.

use std::ops::Range;

use crate::detect::formats::code::assigned::is_stand_in;
use crate::detect::formats::format::Match;
use crate::detect::formats::hay::Hay;
use crate::detect::formats::set::{ALNUM, Set};

/// Schemes of databases and queues, as their drivers document them.
const DATABASES: &[&str] = &[
    "postgres",
    "postgresql",
    "mysql",
    "mysqlx",
    "mariadb",
    "mongodb",
    "mongodb+srv",
    "redis",
    "rediss",
    "valkey",
    "amqp",
    "amqps",
    "mssql",
    "sqlserver",
    "cockroachdb",
    "clickhouse",
    "cassandra",
    "couchbase",
    "neo4j",
    "bolt",
    "influxdb",
    "elasticsearch",
    "nats",
    "kafka",
    "mqtt",
    "mqtts",
    "ldap",
    "ldaps",
];

/// Bytes of name and password.
const USERINFO: usize = 256;

/// The password of a database.
pub(in crate::detect::formats) fn database(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    password(hay, gate, true)
}

/// The password of anything else.
pub(in crate::detect::formats) fn other(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    password(hay, gate, false)
}

/// The password in the URL whose `://` stands at the gate.
fn password(hay: &Hay<'_>, gate: Range<usize>, of_database: bool) -> Option<Match> {
    let scheme = hay.run_back(gate.start, ALNUM.with(Set::of("+.-")), 32);
    let scheme = hay.text(gate.start - scheme..gate.start).to_ascii_lowercase();
    // `postgresql+asyncpg`, `jdbc:mysql`.
    let plain = scheme.split('+').next().unwrap_or_default();
    let is_database = DATABASES.contains(&scheme.as_str()) || DATABASES.contains(&plain);
    if scheme.is_empty() || is_database != of_database {
        return None;
    }
    let ends =
        |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | b'@' | b'|' | 0);
    let at = hay.find(gate.end, USERINFO, ends).filter(|at| hay.at(*at) == b'@')?;
    let colon = hay.find(gate.end, at - gate.end, |byte| matches!(byte, b':' | b'/' | b'?' | b'#'))?;
    // A host, or a variable, follows.
    let host = hay.at(at + 1);
    if hay.at(colon) != b':' || !(ALNUM.has(host) || matches!(host, b'[' | b'$' | b'{' | b'/' | b'_')) {
        return None;
    }
    let (user, password) = (hay.slice(gate.end..colon), hay.slice(colon + 1..at));
    let known = password.len() >= 4 && !password.eq_ignore_ascii_case(user) && !is_stand_in(password);
    known.then(|| Match::of(colon + 1..at))
}
