//! Statements of SQL that destroy.

/// Whether a text holds a statement that drops, truncates, or deletes or updates without saying which rows. One pass.
pub(super) fn destroys(text: &str) -> bool {
    text.split(';').any(|statement| {
        let mut words = Words { rest: statement };
        let mut before = String::new();
        let (mut deletes, mut updates, mut sets, mut narrowed) = (false, false, false, false);
        while let Some(word) = words.next() {
            let object = matches!(
                word.as_str(),
                "table"
                    | "database"
                    | "schema"
                    | "index"
                    | "view"
                    | "user"
                    | "role"
                    | "column"
                    | "function"
                    | "trigger"
                    | "collection"
                    | "keyspace"
                    | "sequence"
                    | "type"
                    | "extension"
                    | "tablespace"
                    | "materialized"
                    | "procedure"
                    | "constraint"
                    | "if"
            );
            match before.as_str() {
                "drop" if object => return true,
                "truncate" => return true,
                "delete" if word == "from" => deletes = true,
                "update" => updates = true,
                _ => {}
            }
            sets |= word == "set";
            narrowed |= matches!(word.as_str(), "where" | "limit");
            if matches!(word.as_str(), "dropdatabase" | "xp_cmdshell" | "deletemany" | "flushall") {
                return true;
            }
            before = word;
        }
        (deletes || (updates && sets)) && !narrowed
    })
}

/// The words of a statement in lower case, without comments; what stands in quotes is one word.
struct Words<'a> {
    rest: &'a str,
}

impl Words<'_> {
    fn next(&mut self) -> Option<String> {
        loop {
            let c = self.rest.chars().next()?;
            if let Some(comment) = self.rest.strip_prefix("/*") {
                self.rest = comment.split_once("*/").map_or("", |(_, rest)| rest);
            } else if self.rest.starts_with("--") {
                self.rest = self.rest.split_once('\n').map_or("", |(_, rest)| rest);
            } else if c == '\'' || c == '"' || c == '`' {
                let inner = self.rest.get(1..).unwrap_or_default();
                self.rest = inner.split_once(c).map_or("", |(_, rest)| rest);
                return Some("'".to_owned());
            } else if c.is_alphanumeric() || c == '_' {
                let end = self.rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(self.rest.len());
                let (word, rest) = self.rest.split_at_checked(end)?;
                self.rest = rest;
                return Some(word.to_ascii_lowercase());
            } else {
                self.rest = self.rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::destroys;

    #[test]
    fn statements_that_destroy_are_told_from_those_that_do_not() {
        let yes = [
            "DROP TABLE users; --",
            "select 1; drop/**/table x",
            "truncate orders",
            "TRUNCATE TABLE x",
            "delete from users",
            "update users set a = 1",
            "DELETE FROM \"users\";",
            "db.dropDatabase()",
            "drop schema public cascade",
            "ALTER TABLE x DROP COLUMN y",
            "/* x */ drop view v",
            "--\ndrop view v",
        ];
        let no = [
            "select * from drops",
            "delete from users where id = 1",
            "update users set a = 'drop table' where id = 2",
            "insert into x values ('delete from users')",
            "SELECT count(*) FROM jobs WHERE state = 'failed'",
            "",
            "select 'truncate x'",
            "-- drop table x",
            "select 1 --\n",
            "create table t (a int)",
        ];
        for text in yes {
            assert!(destroys(text), "{text}");
        }
        for text in no {
            assert!(!destroys(text), "{text}");
        }
    }
}
