//! Verdicts as a table that a person reads.

use sluicegate::verdict::{Finding, Part, Station};
use sluicegate::{Decision, Event, Kind, Verdict};

use super::excerpt::{field, marked};
use super::mask::masked;
use super::output::counted;
use super::paint::{self, BROKEN, DIM, Paint, UNDONE};
use super::utc::Utc;
use super::visible::{cut, pad, width};

/// Columns from the time to the decision, with the blanks that follow it.
const HEAD: usize = 39;
/// Columns of the place in the policy.
const PLACE: usize = 18;
/// What stands before a found text.
const INDENT: &str = "       ";
/// The most places in one event that are shown; a flood of findings must not push the other rows off the screen.
const PLACES: usize = 5;

/// Draws one row an event and keeps count.
pub struct Table {
    paint: Paint,
    width: usize,
    day: Option<String>,
    events: u64,
    decided: [u64; 3],
    unreadable: u64,
}

impl Table {
    /// A table for a screen of `width` columns.
    pub fn new(paint: Paint, width: usize) -> Self {
        Self { paint, width: width.max(HEAD + PLACE + 20), day: None, events: 0, decided: [0; 3], unreadable: 0 }
    }

    /// The row of one event, with a line before it where a new day begins, and what was found in it beneath.
    ///
    /// A line that is no event has none; `place` says where that line stands.
    pub fn row(&mut self, event: Option<&Event>, verdict: &Verdict, place: &str) -> String {
        self.count(verdict);
        let mut lines = Vec::new();
        let time = event.and_then(|event| Utc::of(event.at));
        if let Some(time) = &time
            && self.day.as_ref() != Some(&time.date)
        {
            lines.push(self.paint.draw(DIM, &format!("{} UTC", time.date)));
            self.day = Some(time.date.clone());
        }
        lines.push(self.head(event, verdict, time.as_ref(), place));
        if let Some(event) = event {
            findings(&verdict.findings, |name| field(event, name), self.width, self.paint, &mut lines);
            lines.extend(counted_only(&verdict.counted, self.width, self.paint));
        }
        self.tail(verdict, &mut lines);
        lines.join("\n")
    }

    fn head(&self, event: Option<&Event>, verdict: &Verdict, time: Option<&Utc>, place: &str) -> String {
        let paint = self.paint;
        let score = if verdict.score == 0 { String::new() } else { verdict.score.to_string() };
        let sender = event.map(|event| masked(event.sender_id())).unwrap_or_default();
        let place = self.place(verdict, place);
        let why = self.why(event, verdict);
        let reason = self.width - HEAD - if place.is_empty() { 0 } else { PLACE + 2 };
        let row = format!(
            "{}  {}  {} {score:>2}  {}  {}  {}",
            paint.draw(DIM, &pad(time.map_or("", |time| time.clock.as_str()), 5)),
            pad(event.map_or("", |event| event.channel.as_str()), 8),
            pad(&sender, 10),
            paint.draw(paint::of(verdict.decision), verdict.decision.name()) + blanks(5, verdict.decision.name()),
            pad(&why, reason),
            paint.draw(DIM, &place),
        );
        row.trim_end().to_owned()
    }

    /// The reason, after the kind where it is no message, and what would have been decided where nothing is enforced.
    fn why(&self, event: Option<&Event>, verdict: &Verdict) -> String {
        let tool = event.and_then(|event| event.tool.as_ref()).map_or("", |tool| tool.name.as_str());
        let kind = match event.map(|event| event.kind) {
            None | Some(Kind::Message) => String::new(),
            Some(Kind::Reply) => "reply".to_owned(),
            Some(Kind::ToolCall) => format!("call of {}", cut(tool, 16)),
            Some(Kind::ToolResult) => format!("result of {}", cut(tool, 16)),
        };
        let would = verdict.would.map(|decision| format!("would {decision}")).unwrap_or_default();
        let reason = verdict.error.as_deref().unwrap_or(&verdict.reason);
        let parts = [kind.as_str(), would.as_str(), reason];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ")
    }

    /// Where the decision was made; an allowed event needs none.
    fn place(&self, verdict: &Verdict, place: &str) -> String {
        let by = &verdict.by;
        let text = match (by.station, &by.policy) {
            _ if verdict.decision == Decision::Allow && verdict.would.is_none() => String::new(),
            (Station::Event, _) => place.to_owned(),
            (_, Some(policy)) => by.line.map_or_else(|| policy.to_string(), |line| format!("{policy}:{line}")),
            (Station::Policy, None) => "end of the chain".to_owned(),
            (Station::Command, None) => "owner command".to_owned(),
            (Station::Size, None) => "size limit".to_owned(),
            (Station::Override, None) => "settings".to_owned(),
            _ => "failure".to_owned(),
        };
        // The line number at the end says more than the directory at the beginning.
        if width(&text) <= PLACE {
            cut(&text, PLACE)
        } else {
            format!("…{}", cut(super::visible::tail(&text, PLACE - 1), PLACE - 1))
        }
    }

    /// What comes with the verdict beside the findings.
    fn tail(&self, verdict: &Verdict, lines: &mut Vec<String>) {
        let room = self.width - INDENT.len();
        let mut line = |mark: &str, text: &str, style| {
            let text = format!("{mark} {}", cut(text, room - width(mark) - 1));
            lines.push(format!("{INDENT}{}", self.paint.draw(style, &text)));
        };
        if let Some(reply) = &verdict.reply {
            line("reply ▸", reply, DIM);
        }
        if let Some(redacted) = &verdict.redacted {
            line("redacted ▸", redacted, DIM);
        }
        // A line that is no event has said so in its row.
        for broken in verdict.degraded.iter().filter(|_| verdict.error.is_none()) {
            line("!", &format!("{}: {}", broken.station, broken.why), BROKEN);
        }
    }

    fn count(&mut self, verdict: &Verdict) {
        self.events += 1;
        self.unreadable += u64::from(verdict.error.is_some());
        let [allowed, dropped, held] = &mut self.decided;
        match verdict.decision {
            Decision::Allow => *allowed += 1,
            Decision::Drop => *dropped += 1,
            Decision::Hold => *held += 1,
        }
    }

    /// The last line: how many of each; none after no event.
    pub fn summary(&self) -> Option<String> {
        if self.events == 0 {
            return None;
        }
        let [allowed, dropped, held] = self.decided;
        let draw = |decision, text: String| self.paint.draw(paint::of(decision), &text);
        let mut line = format!(
            "{}   {}   {}   {}",
            counted(self.events, "event"),
            draw(Decision::Allow, format!("{allowed} allowed")),
            draw(Decision::Drop, format!("{dropped} dropped")),
            draw(Decision::Hold, format!("{held} held")),
        );
        if self.unreadable > 0 {
            line += &format!("   {}", self.paint.draw(BROKEN, &format!("{} unreadable", self.unreadable)));
        }
        Some(line)
    }
}

/// The found texts, each with the rules that found it beneath. `text` gives the text of a field by its name.
pub fn findings<'a>(
    findings: &[Finding],
    text: impl Fn(&str) -> Option<&'a str>,
    columns: usize,
    paint: Paint,
    lines: &mut Vec<String>,
) {
    let room = columns.saturating_sub(INDENT.len() + 3);
    let places = findings.chunk_by(|one, other| one.field == other.field && one.span == other.span);
    let count = places.clone().count();
    for place in places.take(PLACES) {
        let Some(first) = place.first() else { continue };
        let name = if first.field == "text" { String::new() } else { format!("{}: ", cut(&first.field, room / 2)) };
        let found = text(&first.field).map(|text| marked(text, first.span, room - width(&name), paint));
        let frame = paint.draw(DIM, &format!("│ {name}"));
        lines.push(format!("{INDENT}{frame}{}", found.unwrap_or_default()));
        for (number, finding) in place.iter().enumerate() {
            let corner = if number + 1 < place.len() { "├─" } else { "╰─" };
            lines.push(format!("{INDENT}{} {}", paint.draw(DIM, corner), rule(finding, room, paint)));
        }
    }
    if count > PLACES {
        lines.push(format!("{INDENT}{}", paint.draw(DIM, &format!("… and {} more places", count - PLACES))));
    }
}

/// The rule, its points and the earlier messages that a phrase was cut over, after the text that stood in the disguise.
fn rule(finding: &Finding, room: usize, paint: Paint) -> String {
    let with = format!("{}{}", with(finding), by(finding));
    let rule = format!("{}  +{}{with}", cut(&finding.rule, room / 2), finding.points);
    if finding.via.is_empty() {
        return rule;
    }
    let steps = finding.via.iter().map(|step| step.name()).collect::<Vec<_>>().join(" ▸ ") + " ▸ ";
    let steps = cut(&steps, room / 2);
    let left = room.saturating_sub(width(&steps) + width(&rule) + 2);
    let shows = cut(finding.shows.as_deref().unwrap_or_default(), left);
    let gap = " ".repeat(left.saturating_sub(width(&shows)) + 2);
    format!("{}{}{gap}{rule}", paint.draw(DIM, &steps), paint.draw(UNDONE, &shows))
}

/// The earlier messages that hold the beginning of a finding: by id, or by time where there is none.
fn with(finding: &Finding) -> String {
    let name = |part: &Part| match (&part.id, Utc::of(part.at)) {
        (Some(id), _) => cut(id, 12),
        (None, time) => time.map(|time| time.clock).unwrap_or_default(),
    };
    let names: Vec<String> = finding.earlier.iter().map(name).collect();
    if names.is_empty() { String::new() } else { format!("  with {}", names.join(", ")) }
}

/// The words that weighed most in the model.
fn by(finding: &Finding) -> String {
    let words: Vec<String> = finding.words.iter().map(|words| cut(words, 30)).collect();
    if words.is_empty() { String::new() } else { format!("  by {}", words.join(" · ")) }
}

/// The rules that fired above the level that counts, in one line.
pub fn counted_only(findings: &[Finding], columns: usize, paint: Paint) -> Option<String> {
    let rules: Vec<String> = findings.iter().map(|finding| format!("{} +{}", finding.rule, finding.points)).collect();
    let line = format!("· at a higher level: {}", rules.join(", "));
    (!rules.is_empty())
        .then(|| format!("{INDENT}{}", paint.draw(DIM, &cut(&line, columns.saturating_sub(INDENT.len())))))
}

/// The blanks that fill `text` up to `columns`, which is at most eight.
fn blanks(columns: usize, text: &str) -> &'static str {
    "        ".get(..columns.saturating_sub(text.len())).unwrap_or_default()
}
