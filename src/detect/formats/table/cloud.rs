//! Clouds, hosts and networks.

use std::ops::Range;

use crate::detect::formats::format::{Format, Match, found_at, named, token};
use crate::detect::formats::hay::Hay;
use crate::detect::formats::near::Near;
use crate::detect::formats::random::is_random;
use crate::detect::formats::set::{ALNUM, BASE32, BASE64, BASE64URL, DIGIT, HEX, Set};
use crate::detect::formats::shape::Part::{One, Run, Text};
use crate::detect::formats::shape::{bound, free};

const AWS_IDS: &str = "AWS IAM User Guide, IAM identifiers: unique ID prefixes; Manage access keys";
const CLOUDFLARE: &str = "Cloudflare Docs, Token formats";
const SHARED: &str = "Microsoft Purview, Azure storage account key, Azure Service Bus and IoT shared access keys";

pub(super) static FORMATS: &[Format] = &[
    token(
        "aws-access-key-id",
        "AWS access key id, long-lived or temporary",
        AWS_IDS,
        &[
            bound(&[Text("AKIA"), Run(BASE32, 16, 16)]),
            bound(&[Text("ASIA"), Run(BASE32, 16, 16)]),
            bound(&[Text("ABIA"), Run(BASE32, 16, 16)]),
            bound(&[Text("ACCA"), Run(BASE32, 16, 16)]),
        ],
    ),
    named(
        "aws-secret-access-key",
        "AWS secret access key",
        "AWS CLI User Guide, Configuration and credential file settings",
        Near::new(
            &[
                "secret_access_key",
                "secretaccesskey",
                "secret access key",
                "aws_secret",
                "aws secret",
                "secret-access-key",
            ],
            BASE64,
            &[40],
        ),
    ),
    token(
        "aws-session-token",
        "AWS session token",
        "AWS STS API Reference, Credentials: the token is opaque, and every one begins with its length and origin",
        &[
            bound(&[Text("IQoJb3JpZ2lu"), Run(PADDED, 100, 2_000)]),
            bound(&[Text("FwoGZXIvYXdz"), Run(PADDED, 100, 2_000)]),
            bound(&[Text("FQoGZXIvYXdz"), Run(PADDED, 100, 2_000)]),
            bound(&[Text("AQoDYXdz"), Run(PADDED, 100, 2_000)]),
        ],
    ),
    token(
        "aws-bedrock-key",
        "Amazon Bedrock API key",
        "Amazon Bedrock User Guide, API keys",
        &[bound(&[Text("ABSK"), Run(PADDED, 109, 270)]), free(&[Text("bedrock-api-key-"), Run(PADDED, 60, 2_000)])],
    ),
    token(
        "google-api-key",
        "Google Cloud or Firebase API key",
        "Google Cloud Docs, Manage API keys",
        &[bound(&[Text("AIza"), Run(BASE64URL, 35, 35)])],
    ),
    token(
        "google-oauth-secret",
        "Google OAuth client secret, access token or refresh token",
        "Google Identity Docs, Using OAuth 2.0",
        &[
            bound(&[Text("GOCSPX-"), Run(BASE64URL, 28, 28)]),
            bound(&[Text("ya29."), Run(BASE64URL, 40, 2_000)]),
            bound(&[Text("1//0"), Run(BASE64URL, 40, 512)]),
        ],
    ),
    named(
        "gcp-service-account",
        "key id in the key file of a Google Cloud service account",
        "Google Cloud Docs, Create and delete service account keys",
        Near::new(&["private_key_id"], HEX, &[40]),
    ),
    named(
        "azure-storage-key",
        "Azure storage account key",
        SHARED,
        Near::new(&["accountkey", "account_key", "storage_key", "storagekey"], BASE64, &[86]),
    ),
    named(
        "azure-shared-access-key",
        "shared access key of Azure Service Bus, Event Hubs or IoT Hub",
        SHARED,
        Near::new(&["sharedaccesskey"], BASE64, &[43]),
    ),
    found_at(
        "azure-sas",
        "Azure shared access signature",
        "Microsoft Purview, Azure SAS; Azure Storage Docs, Create a service SAS",
        &["sig="],
        shared_access_signature,
    )
    .spans(1, 80),
    found_at(
        "azure-client-secret",
        "client secret of a Microsoft Entra application",
        "Microsoft Purview, Microsoft Entra client secret",
        &["q~"],
        entra_client_secret,
    )
    .spans(5, 40),
    found_at(
        "azure-devops-pat",
        "Azure DevOps personal access token",
        "Azure DevOps Docs, Use personal access tokens: format",
        &["azdo"],
        azure_devops,
    )
    .spans(77, 84),
    token(
        "digitalocean-token",
        "DigitalOcean personal, OAuth or refresh token",
        "DigitalOcean Docs, API tokens",
        &[
            free(&[Text("dop_v1_"), Run(HEX, 64, 64)]),
            free(&[Text("doo_v1_"), Run(HEX, 64, 64)]),
            free(&[Text("dor_v1_"), Run(HEX, 64, 64)]),
        ],
    ),
    named(
        "linode-token",
        "Linode (Akamai) personal access token",
        "Akamai Cloud Docs, Manage personal access tokens",
        Near::new(&["linode"], HEX, &[64]),
    ),
    token(
        "heroku-key",
        "Heroku API key or OAuth token",
        "Heroku Changelog, Authorization tokens have a prefix",
        &[free(&[Text("HRKU-"), Run(BASE64URL, 36, 80)])],
    ),
    named(
        "heroku-legacy-key",
        "Heroku API key without a prefix: a UUID",
        "Heroku Dev Center, Platform API reference: authentication",
        Near::new(&["heroku"], HEX.with(Set::of("-")), &[36]),
    ),
    token(
        "cloudflare-token",
        "Cloudflare API key or token",
        CLOUDFLARE,
        &[
            free(&[Text("cfut_"), Run(ALNUM, 40, 60)]),
            free(&[Text("cfat_"), Run(ALNUM, 40, 60)]),
            bound(&[Text("cfk_"), Run(ALNUM, 40, 60)]),
            bound(&[Text("v1.0-"), Run(HEX, 24, 24), Text("-"), Run(HEX, 146, 146)]),
        ],
    ),
    named(
        "cloudflare-legacy-token",
        "Cloudflare API token or global key without a prefix",
        CLOUDFLARE,
        Near::new(&["cloudflare", "cf_api", "x-auth-key"], BASE64URL, &[37, 40]),
    ),
    named(
        "fastly-token",
        "Fastly API token",
        "Fastly Docs, Using API tokens",
        Near::new(&["fastly"], BASE64URL, &[32]),
    ),
    token(
        "fly-io-token",
        "Fly.io access token: a macaroon",
        "Fly.io Docs, Access tokens",
        &[
            bound(&[Text("fm2_"), Run(PADDED, 100, 2_000)]),
            bound(&[Text("fm1r_"), Run(PADDED, 100, 2_000)]),
            bound(&[Text("fo1_"), Run(BASE64URL, 43, 43)]),
        ],
    ),
    token(
        "netlify-token",
        "Netlify access token",
        "Netlify Docs, Get started with the API",
        &[bound(&[Text("nf"), One(&["p_", "c_", "o_", "u_", "b_"]), Run(ALNUM, 36, 36)])],
    ),
    token(
        "supabase-token",
        "Supabase personal access token or secret API key",
        "Supabase Docs, Understanding API keys; Management API",
        &[free(&[Text("sbp_"), Run(HEX, 40, 40)]), free(&[Text("sb_secret_"), Run(BASE64URL, 31, 50)])],
    ),
    token(
        "planetscale-token",
        "PlanetScale service token, OAuth token or password",
        "PlanetScale Docs, Service tokens; Passwords",
        &[
            free(&[Text("pscale_tkn_"), Run(BASE64URL, 32, 64)]),
            free(&[Text("pscale_pw_"), Run(BASE64URL, 32, 64)]),
            free(&[Text("pscale_oauth_"), Run(BASE64URL, 32, 64)]),
        ],
    ),
    token(
        "databricks-token",
        "Databricks personal access token",
        "Databricks Docs, Personal access token authentication",
        &[
            // The longer one first: what is found begins where it begins.
            bound(&[Text("dapi"), Run(HEX, 32, 32), Text("-"), Run(DIGIT, 1, 1)]),
            bound(&[Text("dapi"), Run(HEX, 32, 32)]),
        ],
    ),
    token(
        "alibaba-key-id",
        "Alibaba Cloud access key id",
        "Alibaba Cloud Docs, AccessKey pair",
        &[bound(&[Text("LTAI"), Run(ALNUM, 12, 20)])],
    ),
    found_at(
        "terraform-cloud-token",
        "HCP Terraform or Terraform Enterprise API token",
        "HCP Terraform Docs, API tokens",
        &[".atlasv1."],
        terraform,
    )
    .spans(15, 151),
    token(
        "tailscale-key",
        "Tailscale auth, API, OAuth client, SCIM or webhook key",
        "Tailscale Docs, Key prefixes",
        &[free(&[
            Text("tskey-"),
            One(&["auth-", "api-", "client-", "scim-", "webhook-"]),
            Run(ALNUM, 8, 40),
            Text("-"),
            Run(ALNUM, 16, 64),
        ])],
    ),
    token(
        "ngrok-key",
        "ngrok API key",
        "ngrok Docs, API: authentication",
        &[bound(&[Text("ak_"), Run(ALNUM, 27, 27)])],
    ),
    named(
        "ngrok-authtoken",
        "ngrok authtoken",
        "ngrok Docs, Agent authtokens",
        Near::new(&["ngrok", "authtoken"], BASE64URL, &[48, 49]),
    ),
    named(
        "wireguard-key",
        "WireGuard private or preshared key",
        "wg(8): 32 bytes in base64",
        Near::new(&["privatekey", "presharedkey"], BASE64, &[43]),
    ),
    named(
        "vercel-token",
        "Vercel access token",
        "Vercel Docs, REST API: authentication",
        Near::new(&["vercel"], ALNUM, &[24]),
    ),
];

/// Base64 with its padding.
const PADDED: Set = BASE64URL.with(Set::of("+/="));

/// The value of `sig` in the query of a URL: 32 bytes in base64, percent-encoded.
fn shared_access_signature(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    let query = matches!(hay.before(gate.start), b'?' | b'&' | b';' | b' ');
    let run = hay.run(gate.end, ALNUM.with(Set::of("%+/=")), 80);
    let value = hay.slice(gate.end..gate.end + run);
    let padded = value.len() >= 44 && (value.ends_with(b"%3D") || value.ends_with(b"%3d") || value.ends_with(b"="));
    (query && padded && is_random(value)).then(|| Match::of(gate.end..gate.end + run))
}

/// Three characters, a digit, `Q~` and 31 to 34 more.
fn entra_client_secret(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    const SECRET: Set = BASE64URL.with(Set::of("~."));
    let start = gate.start.checked_sub(4)?;
    let run = hay.run(gate.end, SECRET, 35);
    let head = hay.slice(start..gate.start);
    let stands = hay.starts(gate.start, "Q~")
        && head.iter().all(|byte| SECRET.has(*byte))
        && head.last().is_some_and(u8::is_ascii_digit)
        && !SECRET.has(hay.before(start))
        && (31..=34).contains(&run);
    (stands && is_random(hay.slice(start..gate.end + run))).then(|| Match::of(start..gate.end + run))
}

/// 84 characters, of which those from the 77th to the 80th are `AZDO`.
fn azure_devops(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    let start = gate.start.checked_sub(76)?;
    let whole =
        hay.starts(gate.start, "AZDO") && hay.run_back(gate.start, ALNUM, 77) == 76 && hay.run(gate.end, ALNUM, 5) == 4;
    (whole && is_random(hay.slice(start..gate.start))).then(|| Match::of(start..gate.end + 4))
}

/// Fourteen characters, `.atlasv1.`, and some sixty-seven more.
fn terraform(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    let start = gate.start.checked_sub(14)?;
    let run = hay.run(gate.end, BASE64URL.with(Set::of("=")), 128);
    let whole = hay.starts(gate.start, ".atlasv1.") && hay.run_back(gate.start, ALNUM, 15) == 14 && run >= 60;
    (whole && is_random(hay.slice(gate.end..gate.end + 60))).then(|| Match::of(start..gate.end + run))
}
