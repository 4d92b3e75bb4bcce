//! An explanation as one page for a browser.
//!
//! INVARIANT: nothing of an event or a policy goes into the page but through [`safe`], and the page may load nothing and
//! run nothing: it says so to the browser itself, should anything slip through.

use std::collections::BTreeMap;
use std::fmt::Write;

use sluicegate::facts::FactId;
use sluicegate::policy::Run;
use sluicegate::verdict::Finding;
use sluicegate::workbench::Explanation;

use super::view::{self, Line};
use crate::cli::excerpt::field;
use crate::cli::mask::masked;
use crate::cli::utc::Utc;
use crate::cli::visible::cut;

/// Columns of a stranger's text that are shown.
const TEXT: usize = 2_000;
/// Columns of everything else.
const WORDS: usize = 400;
/// Characters before and behind what was found.
const AROUND: usize = 200;
/// Findings that are shown.
const FINDINGS: usize = 50;

const STYLE: &str = include_str!("page.css");

/// The whole page.
pub fn page(explanation: &Explanation) -> String {
    let inquiry = &explanation.inquiry;
    let (event, verdict) = (inquiry.event(), inquiry.verdict());
    let decision = verdict.would.unwrap_or(verdict.decision);
    let mut page = String::new();
    let mut add = |html: &str| {
        page.push_str(html);
        page.push('\n');
    };
    add("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">");
    add("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">");
    add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    add("<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">");
    let id = event.id.as_deref().unwrap_or("event");
    add(&format!("<title>{}: {decision}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>", safe(id, 60)));

    let time = Utc::of(event.at).map(|time| format!("{} {} UTC", time.date, time.clock)).unwrap_or_default();
    let kind = event.kind.name().replace('_', " ");
    let parts = [event.id.as_deref().unwrap_or_default(), &kind, &time, &event.channel, &masked(event.sender_id())];
    let parts: Vec<String> = parts.iter().filter(|part| !part.is_empty()).map(|part| bdi(part, 80)).collect();
    add(&format!("<header>\n<p class=\"dim\">{}</p>", parts.join(" · ")));
    let would = if verdict.would.is_some() { "would " } else { "" };
    add(&format!("<h1><b class=\"{decision}\">{would}{decision}</b> {}</h1>", safe(&verdict.reason, WORDS)));
    add(&format!("<p>{}<br>{}</p>", safe(&view::place(verdict), WORDS), safe(&view::situation(explanation), WORDS)));
    if let Some(told) = explanation.beside_the_policy() {
        add(&format!("<p class=\"note\">{}</p>", safe(told, WORDS)));
    }
    for broken in &verdict.degraded {
        add(&format!("<p class=\"note\">{}: {}</p>", safe(broken.station, WORDS), safe(&broken.why, WORDS)));
    }
    add("</header>");

    let mut changes: Vec<String> =
        explanation.changes.iter().map(|change| format!("{}, {}", change.words, change.outcome())).collect();
    if changes.is_empty() {
        changes.push(view::no_change(explanation).to_owned());
    }
    add(&list("What would have changed it", &changes));
    add(&list("What tipped it", &view::tipped(explanation)));
    if !event.text.is_empty() {
        add(&format!("<section>\n<h2>Text</h2>\n<blockquote>{}</blockquote>\n</section>", bdi(&event.text, TEXT)));
    }
    if !verdict.findings.is_empty() {
        add("<section>\n<h2>Findings</h2>");
        for (place, finding) in verdict.findings.iter().enumerate().take(FINDINGS) {
            add(&found(finding, field(event, &finding.field), explanation.tipped(place)));
        }
        if verdict.findings.len() > FINDINGS {
            add(&format!("<p>… and {} more</p>", verdict.findings.len() - FINDINGS));
        }
        add("</section>");
    }
    for run in &inquiry.trace().runs {
        add(&policy(explanation, run));
    }
    add(&facts(explanation));
    add(&format!(
        "<footer class=\"dim\">Sluicegate {} · {}</footer>",
        env!("CARGO_PKG_VERSION"),
        safe(&verdict.revision, WORDS)
    ));
    add("</main>\n</body>\n</html>");
    page
}

/// A list of sentences; nothing where there are none.
fn list(title: &str, sentences: &[String]) -> String {
    if sentences.is_empty() {
        return String::new();
    }
    let items: String = sentences.iter().map(|told| format!("<li>{}</li>\n", safe(told, WORDS))).collect();
    format!("<section>\n<h2>{title}</h2>\n<ul>\n{items}</ul>\n</section>")
}

/// A finding with the part of the text that it stands in.
fn found(finding: &Finding, text: Option<&str>, tipped: bool) -> String {
    let mut html = String::from("<div class=\"finding\">\n<p>");
    let _ = write!(html, "<code>{}</code> +{}", safe(&finding.rule, WORDS), finding.points);
    if tipped {
        html.push_str(" <b>tipped it</b>");
    }
    let steps: Vec<&str> = finding.via.iter().map(|step| step.name()).collect();
    let _ = write!(html, " <span class=\"dim\">in {}", safe(&finding.field, 80));
    if !steps.is_empty() {
        let _ = write!(html, ", undone: {}", steps.join(" ▸ "));
    }
    html.push_str("</span></p>\n");
    let (start, end) = finding.span;
    if let Some(((before, hit), after)) =
        text.and_then(|text| Some(((text.get(..start)?, text.get(start..end)?), text.get(end..)?)))
    {
        let lead: Vec<char> = before.chars().rev().take(AROUND).collect();
        let lead: String = lead.into_iter().rev().collect();
        let cut_off = if lead.len() < before.len() { "…" } else { "" };
        let _ = writeln!(
            html,
            "<blockquote><bdi>{cut_off}{}<mark>{}</mark>{}</bdi></blockquote>",
            safe(&lead, TEXT),
            safe(hit, TEXT),
            safe(after, AROUND)
        );
    }
    if let Some(shows) = &finding.shows {
        let _ = writeln!(html, "<blockquote class=\"undone\">{}</blockquote>", bdi(shows, TEXT));
    }
    html.push_str("</div>");
    html
}

/// A policy with the path that was taken.
fn policy(explanation: &Explanation, run: &Run) -> String {
    let passed = view::passed(run).map(|how| format!(", {how}")).unwrap_or_default();
    let mut html = format!(
        "<section>\n<h2>{} <small>{} · {} operations{passed}</small></h2>\n<div class=\"code\">\n",
        safe(&run.source.name, 80),
        run.hook,
        run.operations
    );
    let coverable = explanation.inquiry.coverable().get(run.index);
    for line in coverable.map(|coverable| view::lines(run, coverable)).unwrap_or_default() {
        if line.after_gap {
            html.push_str("<div class=\"gap\">⋮</div>\n");
        }
        html.push_str(&self::line(&line));
    }
    html.push_str("</div>\n");
    if !run.complete {
        html.push_str("<p class=\"note\">The run was cut short, so not all of it is shown.</p>\n");
    }
    html.push_str("</section>");
    html
}

fn line(line: &Line<'_>) -> String {
    let class = match (line.ended, line.ran) {
        (true, _) => "ran end",
        (_, true) => "ran",
        _ => "idle",
    };
    let text = safe(&line.text.replace('\t', "    "), WORDS);
    let mut html = format!("<div class=\"{class}\"><i>{}</i><code>{text}</code>", line.number);
    if !line.notes.is_empty() {
        html.push_str("<span>");
        for note in &line.notes {
            let _ = match note.outcome {
                Some(yes) => write!(html, "<b class=\"{0}\">→ {0}</b> ", view::yes_no(yes)),
                None => write!(html, "<em>{}</em> ", safe(&note.text, WORDS)),
            };
        }
        html.push_str("</span>");
    }
    html.push_str("</div>\n");
    html
}

/// The facts that were read, each once, with what they mean.
fn facts(explanation: &Explanation) -> String {
    let mut read: BTreeMap<&str, (FactId, u16)> = BTreeMap::new();
    for (fact, value, _) in explanation.inquiry.trace().runs.iter().flat_map(|run| run.reads()) {
        read.insert(fact.entry().name, (fact, value));
    }
    if read.is_empty() {
        return String::new();
    }
    let row = |(name, (fact, value)): (&&str, &(FactId, u16))| {
        let (doc, value) = (safe(fact.entry().doc, WORDS), view::valued(*fact, *value));
        format!("<tr><th scope=\"row\"><code>{name}</code></th><td><b>{value}</b></td><td>{doc}</td></tr>\n")
    };
    let rows: String = read.iter().map(row).collect();
    format!("<section>\n<h2>Facts that were read</h2>\n<table>\n{rows}</table>\n</section>")
}

/// A text with a direction of its own.
fn bdi(text: &str, limit: usize) -> String {
    format!("<bdi>{}</bdi>", safe(text, limit))
}

/// Text for the page: what steers or hides is made visible as on a terminal, and no character is markup.
fn safe(text: &str, limit: usize) -> String {
    let mut html = String::new();
    for character in cut(text, limit).chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup_or_steers() {
        let cases = [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("\" onload='x' &amp;", "&quot; onload=&#39;x&#39; &amp;amp;"),
            ("a\u{202e}b\u{2066}c", "a&lt;202E&gt;b&lt;2066&gt;c"),
            ("\u{1b}[2J\u{200b}\0", "␛[2J·␀"),
        ];
        for (text, shown) in cases {
            assert_eq!(safe(text, 100), shown);
        }
        assert_eq!(safe(&"<".repeat(1_000), 3), "&lt;&lt;…");
    }
}
