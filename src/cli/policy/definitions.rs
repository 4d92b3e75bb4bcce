//! The facts as definitions for editors: what Rhai's language server reads from a `.d.rhai` file.

use std::fmt::Write;

use sluicegate::facts::{Ask, Domain, TABLE};

/// The calls that end a policy, with what they do.
const CALLS: [(&str, &str); 4] = [
    ("allow", "Passes the event on. Options: `redact`, and `replace` for a reply."),
    ("drop", "Does nothing, and tells nobody; the reason is for the log. Options: `reply`."),
    ("hold", "Keeps the event until the owner has answered. Options: `reply`, `expires`."),
    ("next", "Leaves the decision to the next policy of the chain."),
];

/// The whole file.
pub fn definitions() -> String {
    let mut text = String::from("module static;\n");
    for (name, doc) in CALLS {
        let forms: &[&str] = match name {
            "next" => &[""],
            "allow" => &["", "options: Map"],
            _ => &["reason: String", "reason: String, options: Map"],
        };
        for parameters in forms {
            let _ = write!(text, "\n/// {doc}\nfn {name}({parameters}) -> ();\n");
        }
    }
    for fact in TABLE {
        let kind = if fact.domain == Domain::Bool { "bool" } else { "int" };
        let _ = write!(text, "\n/// {}\nfn get {}(event: Event) -> {kind};\n", fact.doc, fact.name);
    }
    for ask in Ask::ALL {
        let argument = if ask.takes_list() { "texts: Array" } else { "text: String" };
        let _ = write!(text, "\n/// {}\nfn {}(event: Event, {argument}) -> bool;\n", ask.doc(), ask.name());
    }
    text
}
