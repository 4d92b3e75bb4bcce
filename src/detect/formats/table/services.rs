//! Payment, shops, monitoring, and services for teams.

use std::ops::Range;

use crate::detect::formats::format::{Format, Match, found_at, named, token};
use crate::detect::formats::hay::Hay;
use crate::detect::formats::near::Near;
use crate::detect::formats::random::is_random;
use crate::detect::formats::set::{ALNUM, BASE64URL, DIGIT, HEX, LOWER, Set, UPPER, WORD};
use crate::detect::formats::shape::Part::{One, Run, Text};
use crate::detect::formats::shape::{bound, free};

const STRIPE: &str = "Stripe Docs, API keys; Webhook signatures";
const SENTRY: &str = "Sentry Docs, Token and credential formats";
const SQUARE: &str = "Square Developer Docs, Access tokens and other Square credentials";

pub(super) static FORMATS: &[Format] = &[
    token(
        "stripe-live-key",
        "Stripe secret or restricted key of live mode",
        STRIPE,
        &[
            free(&[Text("sk_live_"), Run(WORD, 24, 250)]),
            free(&[Text("rk_live_"), Run(WORD, 24, 250)]),
            free(&[Text("sk_org_live_"), Run(WORD, 24, 250)]),
        ],
    ),
    token(
        "stripe-test-key",
        "Stripe secret or restricted key of test mode",
        STRIPE,
        &[free(&[Text("sk_test_"), Run(WORD, 24, 250)]), free(&[Text("rk_test_"), Run(WORD, 24, 250)])],
    ),
    token(
        "stripe-webhook-secret",
        "signing secret of a Stripe (or Svix) webhook",
        STRIPE,
        &[free(&[Text("whsec_"), Run(ALNUM.with(Set::of("+/=")), 24, 100)])],
    ),
    token(
        "square-token",
        "Square access token or OAuth secret",
        SQUARE,
        &[
            bound(&[Text("EAAA"), Run(BASE64URL, 60, 60)]),
            free(&[Text("sq0atp-"), Run(BASE64URL, 22, 22)]),
            free(&[Text("sq0csp-"), Run(BASE64URL, 43, 43)]),
        ],
    ),
    token(
        "braintree-token",
        "PayPal Braintree access token",
        "Braintree Docs, OAuth access tokens",
        &[free(&[
            Text("access_token$"),
            One(&["production$", "sandbox$"]),
            Run(LOWER.with(DIGIT), 16, 16),
            Text("$"),
            Run(HEX, 32, 32),
        ])],
    ),
    named(
        "paypal-secret",
        "PayPal REST client secret",
        "PayPal Developer, Get started: client ID and secret",
        Near::new(&["paypal"], BASE64URL, &[80]),
    ),
    token(
        "shopify-token",
        "Shopify access token or shared secret",
        "Shopify Changelog, Length of the Shopify access token is increasing; Access tokens",
        &[
            free(&[Text("shpat_"), Run(HEX, 32, 32)]),
            free(&[Text("shpca_"), Run(HEX, 32, 32)]),
            free(&[Text("shppa_"), Run(HEX, 32, 32)]),
            free(&[Text("shpss_"), Run(HEX, 32, 32)]),
            free(&[Text("shptka_"), Run(HEX, 32, 32)]),
        ],
    ),
    token(
        "adyen-key",
        "Adyen API key",
        "Adyen Docs, API credentials",
        &[bound(&[Text("AQE"), Run(ALNUM.with(Set::of("+/=-^.*")), 80, 300)])],
    ),
    token(
        "shippo-token",
        "Shippo API token",
        "Shippo Docs, Authentication",
        &[free(&[Text("shippo_live_"), Run(HEX, 40, 40)]), free(&[Text("shippo_test_"), Run(HEX, 40, 40)])],
    ),
    named(
        "datadog-key",
        "Datadog API or application key",
        "Datadog Docs, API and application keys",
        Near::new(&["datadog", "dd_api_key", "dd_app_key", "dd-api-key", "dd-application-key"], HEX, &[32, 40]),
    ),
    token(
        "newrelic-key",
        "New Relic user, ingest, browser or licence key",
        "New Relic Docs, API keys",
        &[
            free(&[Text("NRAK-"), Run(UPPER.with(DIGIT), 27, 27)]),
            free(&[Text("NRII-"), Run(BASE64URL, 32, 32)]),
            free(&[Text("NRIQ-"), Run(BASE64URL, 32, 32)]),
            free(&[Text("NRJS-"), Run(HEX, 19, 19)]),
        ],
    ),
    found_at(
        "newrelic-licence",
        "New Relic licence key",
        "New Relic Docs, API keys: license keys",
        &["nral"],
        newrelic_licence,
    )
    .spans(37, 40),
    token(
        "sentry-token",
        "Sentry personal, organisation, integration or user application token",
        SENTRY,
        &[
            free(&[Text("sntryu_"), Run(HEX, 64, 64)]),
            free(&[Text("sntrya_"), Run(HEX, 64, 64)]),
            free(&[Text("sntryi_"), Run(HEX, 64, 64)]),
            free(&[Text("sntrys_eyJ"), Run(WORD.with(Set::of("+/=-")), 60, 500)]),
        ],
    ),
    token(
        "grafana-token",
        "Grafana service account token or Grafana Cloud access policy token",
        "Grafana Docs, Token leak check; Access policies",
        &[
            free(&[Text("glsa_"), Run(ALNUM, 32, 32), Text("_"), Run(HEX, 8, 8)]),
            bound(&[Text("glc_eyJ"), Run(ALNUM.with(Set::of("+/=")), 40, 400)]),
            bound(&[Text("eyJrIjoi"), Run(ALNUM.with(Set::of("+/=")), 60, 120)]),
        ],
    ),
    token(
        "dynatrace-token",
        "Dynatrace access token",
        "Dynatrace Docs, Access tokens: format",
        &[bound(&[
            Text("dt0"),
            One(&["c01.", "s01.", "s02.", "s16."]),
            Run(UPPER.with(DIGIT), 8, 24),
            Text("."),
            Run(UPPER.with(DIGIT), 64, 64),
        ])],
    ),
    named(
        "pagerduty-key",
        "PagerDuty REST API key or integration key",
        "PagerDuty Developer, Authentication",
        Near::new(&["pagerduty", "pd_api", "token token="], ALNUM.with(Set::of("+_-")), &[20, 32]),
    ),
    token(
        "honeycomb-key",
        "Honeycomb ingest or management key",
        "Honeycomb Docs, API keys",
        &[bound(&[Text("hc"), One(&["aik_", "xik_", "amk_"]), Run(LOWER.with(DIGIT), 58, 64)])],
    ),
    token(
        "linear-key",
        "Linear API key or OAuth token",
        "Linear Developers, Getting started: authentication",
        &[free(&[Text("lin_api_"), Run(ALNUM, 40, 40)]), free(&[Text("lin_oauth_"), Run(HEX, 64, 64)])],
    ),
    token(
        "notion-token",
        "Notion integration token",
        "Notion Developers, Changelog: token format; Authorization",
        &[bound(&[Text("ntn_"), Run(ALNUM, 40, 50)]), bound(&[Text("secret_"), Run(ALNUM, 43, 43)])],
    ),
    token(
        "airtable-pat",
        "Airtable personal access token",
        "Airtable Support, Creating personal access tokens",
        &[bound(&[Text("pat"), Run(ALNUM, 14, 14), Text("."), Run(HEX, 64, 64)])],
    ),
    found_at(
        "asana-pat",
        "Asana personal access token",
        "Asana Developers, Personal access token",
        &["0/", "1/", "2/"],
        asana,
    )
    .spans(1, 74),
    token(
        "figma-token",
        "Figma personal access or OAuth token",
        "Figma Developers, Access tokens",
        &[free(&[Text("figd_"), Run(BASE64URL, 38, 60)]), free(&[Text("figo_"), Run(BASE64URL, 38, 60)])],
    ),
    token(
        "dropbox-token",
        "Dropbox access token",
        "Dropbox Developers, OAuth guide",
        &[bound(&[Text("sl.u."), Run(BASE64URL, 100, 2_000)]), bound(&[Text("sl."), Run(BASE64URL, 130, 2_000)])],
    ),
    token(
        "typeform-token",
        "Typeform personal access token",
        "Typeform Developers, Personal access token",
        &[bound(&[Text("tfp_"), Run(BASE64URL.with(Set::of("=.")), 44, 70)])],
    ),
    token(
        "contentful-token",
        "Contentful management token",
        "Contentful Docs, Content Management API: authentication",
        &[free(&[Text("CFPAT-"), Run(BASE64URL, 43, 64)])],
    ),
    token(
        "hubspot-token",
        "HubSpot private app token",
        "HubSpot Developers, Private apps",
        &[bound(&[
            Text("pat-"),
            One(&["na1-", "na2-", "na3-", "eu1-", "ap1-"]),
            Run(HEX, 8, 8),
            Text("-"),
            Run(HEX.with(Set::of("-")), 27, 27),
        ])],
    ),
    token(
        "1password-token",
        "1Password service account token or secret key",
        "1Password Developer, Service accounts; Secret Key",
        &[
            free(&[Text("ops_eyJ"), Run(ALNUM.with(Set::of("+/=_-")), 100, 2_000)]),
            bound(&[Text("A3-"), Run(UPPER.with(DIGIT), 6, 6), Text("-"), Run(SECRET_KEY, 29, 30)]),
        ],
    ),
    token(
        "facebook-token",
        "Meta (Facebook, Instagram, WhatsApp) access token",
        "Meta for Developers, Access tokens",
        &[bound(&[Text("EAA"), Run(ALNUM, 100, 400)])],
    ),
    token(
        "mapbox-secret",
        "Mapbox secret token",
        "Mapbox Docs, Access tokens",
        &[bound(&[Text("sk.eyJ"), Run(BASE64URL, 40, 120), Text("."), Run(BASE64URL, 22, 22)])],
    ),
    named("algolia-key", "Algolia admin API key", "Algolia Docs, API keys", Near::new(&["algolia"], HEX, &[32])),
    named(
        "okta-token",
        "Okta API token",
        "Okta Developer, Create an API token",
        Near::new(&["okta", "authorization: ssws"], BASE64URL, &[42]),
    ),
    named(
        "zendesk-token",
        "Zendesk API token",
        "Zendesk Developer, API token authentication",
        Near::new(&["zendesk"], ALNUM, &[40]),
    ),
    named(
        "trello-token",
        "Trello API token",
        "Atlassian Developer, Trello REST API: authorization",
        Near::new(&["trello"], HEX, &[32, 64]),
    ),
];

/// The letters, digits and hyphens of a secret key.
const SECRET_KEY: Set = UPPER.with(DIGIT).with(Set::of("-"));

/// 36 hexadecimal digits and `NRAL`, or 32 and `FFFFNRAL`.
fn newrelic_licence(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    let start = gate.end.checked_sub(40)?;
    // Keys of a region begin with its name, such as `eu01xx`.
    let digits = hay.run_back(gate.start, LOWER.with(HEX), 37);
    let whole = digits == gate.start - start && !WORD.has(hay.before(start)) && !WORD.has(hay.at(gate.end));
    let marked = hay.text(gate.clone()).ends_with("NRAL");
    (whole && marked && is_random(hay.slice(start..start + 32))).then(|| Match::of(start..gate.end))
}

/// A digit, a slash, one or two numbers of some sixteen digits, a colon and 32 hexadecimal digits.
fn asana(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    if WORD.with(Set::of("/")).has(hay.before(gate.start)) {
        return None;
    }
    let mut at = gate.end;
    for _ in 0..2 {
        let digits = hay.run(at, DIGIT, 20);
        if !(13..=19).contains(&digits) {
            break;
        }
        at += digits;
        match hay.at(at) {
            b'/' => at += 1,
            b':' if hay.run(at + 1, HEX, 33) == 32 => {
                let (start, end) = (at + 1, at + 33);
                return is_random(hay.slice(start..end)).then(|| Match::of(gate.start..end));
            }
            _ => break,
        }
    }
    None
}
