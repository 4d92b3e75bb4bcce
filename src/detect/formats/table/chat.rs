//! Chat and mail, calls and messages.

use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::detect::formats::format::{Format, Match, found_at, named, token};
use crate::detect::formats::hay::Hay;
use crate::detect::formats::near::Near;
use crate::detect::formats::random::is_random;
use crate::detect::formats::set::{ALNUM, BASE64URL, DIGIT, HEX, Set, WORD};
use crate::detect::formats::shape::Part::{One, Run, Text};
use crate::detect::formats::shape::{bound, free};

const SLACK: &str = "Slack Docs, Tokens: token types";

pub(super) static FORMATS: &[Format] = &[
    token(
        "slack-token",
        "Slack bot, user, workspace, refresh, session or configuration token",
        SLACK,
        &[
            free(&[Text("xoxb-"), Run(DASHED, 20, 260)]),
            free(&[Text("xoxp-"), Run(DASHED, 20, 260)]),
            free(&[Text("xoxa-"), Run(DASHED, 20, 260)]),
            free(&[Text("xoxr-"), Run(DASHED, 20, 260)]),
            free(&[Text("xoxs-"), Run(DASHED, 20, 260)]),
            free(&[Text("xoxc-"), Run(DASHED, 20, 260)]),
            free(&[Text("xoxd-"), Run(DASHED.with(Set::of("%+/=")), 40, 400)]),
            free(&[Text("xoxe.xox"), One(&["b-", "p-"]), Run(DASHED, 20, 400)]),
            free(&[Text("xoxe-"), Run(DASHED, 20, 400)]),
        ],
    ),
    token(
        "slack-app-token",
        "Slack app-level token",
        SLACK,
        &[free(&[
            Text("xapp-"),
            Run(DIGIT, 1, 2),
            Text("-"),
            Run(ALNUM, 9, 14),
            Text("-"),
            Run(DIGIT, 9, 16),
            Text("-"),
            Run(HEX, 64, 64),
        ])],
    ),
    token(
        "slack-webhook",
        "Slack incoming webhook, workflow or trigger",
        "Slack Docs, Sending messages using incoming webhooks",
        &[free(&[
            Text("hooks.slack.com/"),
            One(&["services/", "workflows/", "triggers/"]),
            Run(ALNUM, 8, 14),
            Text("/"),
            Run(ALNUM, 8, 20),
            Text("/"),
            Run(ALNUM.with(Set::of("/")), 18, 64),
        ])],
    ),
    found_at(
        "discord-bot-token",
        "Discord bot token: the id of the bot in base64, a time and a signature",
        "Discord Docs, API reference: authentication",
        // What the first two digits of an id are in base64.
        &["mt", "mj", "mz", "nd", "nt", "nj", "nz", "od", "ot"],
        discord_token,
    )
    .spans(0, 84),
    token(
        "discord-webhook",
        "Discord webhook",
        "Discord Docs, Webhook resource",
        &[
            free(&[Text("discord.com/api/webhooks/"), Run(DIGIT, 17, 20), Text("/"), Run(BASE64URL, 60, 80)]),
            free(&[Text("discordapp.com/api/webhooks/"), Run(DIGIT, 17, 20), Text("/"), Run(BASE64URL, 60, 80)]),
        ],
    ),
    found_at(
        "telegram-bot-token",
        "Telegram bot token",
        "Telegram Bot API, Authorizing your bot",
        &[":a"],
        telegram_token,
    )
    .spans(16, 49),
    token(
        "microsoft-teams-webhook",
        "Microsoft Teams incoming webhook",
        "Microsoft Learn, Create an incoming webhook",
        &[free(&[Text(".webhook.office.com/webhookb2/"), Run(TEAMS, 80, 200)])],
    ),
    token(
        "sendgrid-key",
        "Twilio SendGrid API key",
        "SendGrid Docs, API keys",
        &[bound(&[Text("SG."), Run(BASE64URL, 22, 22), Text("."), Run(BASE64URL, 43, 43)])],
    ),
    token(
        "mailgun-key",
        "Mailgun private API key",
        "Mailgun Docs, Where can I find my API keys",
        &[bound(&[Text("key-"), Run(HEX, 32, 32)])],
    ),
    named(
        "mailgun-new-key",
        "Mailgun API or webhook signing key",
        "Mailgun Docs, Where can I find my API keys",
        Near::new(&["mailgun"], HEX.with(Set::of("-")), &[50]),
    ),
    found_at(
        "mailchimp-key",
        "Mailchimp API key",
        "Mailchimp Developer, Marketing API quick start",
        &["-us"],
        mailchimp,
    )
    .spans(33, 37),
    token(
        "mandrill-key",
        "Mailchimp Transactional (Mandrill) API key",
        "Mailchimp Developer, Transactional API",
        &[bound(&[Text("md-"), Run(BASE64URL, 22, 22)])],
    ),
    token(
        "brevo-key",
        "Brevo (Sendinblue) API or SMTP key",
        "Brevo Docs, API keys",
        &[
            free(&[Text("xkeysib-"), Run(HEX, 64, 64), Text("-"), Run(ALNUM, 16, 16)]),
            free(&[Text("xsmtpsib-"), Run(HEX, 64, 64), Text("-"), Run(ALNUM, 16, 16)]),
        ],
    ),
    token(
        "resend-key",
        "Resend API key",
        "Resend Docs, API keys",
        &[bound(&[Text("re_"), Run(ALNUM, 8, 8), Text("_"), Run(ALNUM, 24, 24)])],
    ),
    token(
        "twilio-api-key",
        "Twilio API key SID",
        "Twilio Docs, API keys",
        &[bound(&[Text("SK"), Run(LOWER_HEX, 32, 32)])],
    ),
    named(
        "twilio-auth-token",
        "Twilio auth token",
        "Twilio Docs, Auth tokens and how to change them",
        Near::new(&["twilio", "auth_token", "authtoken"], LOWER_HEX, &[32]),
    ),
    named(
        "messagebird-key",
        "Bird (MessageBird) access key",
        "Bird Docs, API access",
        Near::new(&["messagebird"], ALNUM, &[25]),
    ),
];

/// What most Slack tokens are made of.
const DASHED: Set = ALNUM.with(Set::of("-"));
/// The path of a Teams webhook.
const TEAMS: Set = WORD.with(Set::of("-/@"));
/// Hexadecimal digits, where capitals say that it is something else.
const LOWER_HEX: Set = DIGIT.with(Set::of("abcdef"));

/// 17 to 20 digits in base64, six characters, and 27 to 38 more.
fn discord_token(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    if !matches!(hay.at(gate.start), b'M' | b'N' | b'O') || BASE64URL.has(hay.before(gate.start)) {
        return None;
    }
    let id = hay.run(gate.start, ALNUM, 32);
    let dot = gate.start + id;
    if !(22..=28).contains(&id) || hay.at(dot) != b'.' {
        return None;
    }
    let time = hay.run(dot + 1, BASE64URL, 8);
    let signature = hay.run(dot + 2 + time, BASE64URL, 64);
    if time != 6 || hay.at(dot + 1 + time) != b'.' || !(27..=48).contains(&signature) {
        return None;
    }
    let id = URL_SAFE_NO_PAD.decode(hay.slice(gate.start..dot)).ok()?;
    let is_id = (17..=20).contains(&id.len()) && id.iter().all(u8::is_ascii_digit);
    let end = dot + 2 + time + signature;
    (is_id && is_random(hay.slice(dot + 2 + time..end))).then(|| Match::of(gate.start..end))
}

/// The number of the bot, a colon and some 35 characters, of which today the first two are `AA`.
fn telegram_token(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    let number = hay.run_back(gate.start, DIGIT, 13);
    let start = gate.start - number;
    // In a URL the number follows `bot`.
    let alone = !WORD.has(hay.before(start)) || hay.starts_folded(start.saturating_sub(3), "bot");
    let run = hay.run(gate.start + 1, BASE64URL, 37);
    let new = hay.starts(gate.start, ":AA") && (8..=12).contains(&number);
    let stands = alone && hay.at(gate.start + 1) == b'A' && (34..=36).contains(&run);
    let end = gate.start + 1 + run;
    (stands && (new || (6..=12).contains(&number)) && is_random(hay.slice(gate.start + 1..end)))
        .then(|| Match::of(start..end))
}

/// 32 hexadecimal digits, `-us` and the number of the data centre.
fn mailchimp(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    let start = gate.start.checked_sub(32)?;
    let digits = hay.run(gate.end, DIGIT, 3);
    let stands = hay.run_back(gate.start, LOWER_HEX, 33) == 32
        && !WORD.has(hay.before(start))
        && (1..=2).contains(&digits)
        && !WORD.with(Set::of("-")).has(hay.at(gate.end + digits));
    (stands && is_random(hay.slice(start..gate.start))).then(|| Match::of(start..gate.end + digits))
}
