//! Where code is kept, built, packed and checked.

use crate::detect::formats::checksum::crc32_base62;
use crate::detect::formats::format::{Format, checked, named, token};
use crate::detect::formats::near::Near;
use crate::detect::formats::random::is_random;
use crate::detect::formats::set::{ALNUM, BASE64URL, DIGIT, HEX, LOWER, Set, WORD};
use crate::detect::formats::shape::Part::{One, Run, Text};
use crate::detect::formats::shape::{bound, free};

const GITHUB: &str = "GitHub Blog, Behind GitHub's new authentication token formats; GitHub Docs, GitHub's token types";
const GITLAB: &str = "GitLab Docs, Token overview: token prefixes; GitLab handbook, Routable tokens";

/// Thirty characters and their checksum, or what looks random: the examples of the documentation have no right checksum.
fn is_summed(secret: &[u8]) -> bool {
    let summed = secret.split_at_checked(30).is_some_and(|(random, sum)| crc32_base62(random) == *sum);
    summed || is_random(secret)
}

pub(super) static FORMATS: &[Format] = &[
    checked(
        "github-pat",
        "GitHub personal access token (classic)",
        GITHUB,
        &[free(&[Text("ghp_"), Run(ALNUM, 36, 251)])],
        is_summed,
    ),
    token(
        "github-fine-grained-pat",
        "GitHub fine-grained personal access token",
        GITHUB,
        &[free(&[Text("github_pat_"), Run(ALNUM, 22, 22), Text("_"), Run(ALNUM, 59, 59)])],
    ),
    checked(
        "github-app-token",
        "GitHub OAuth, user-to-server, installation or refresh token",
        GITHUB,
        &[
            free(&[Text("gho_"), Run(ALNUM, 36, 251)]),
            free(&[Text("ghu_"), Run(ALNUM, 36, 251)]),
            free(&[Text("ghs_"), Run(ALNUM, 36, 251)]),
            free(&[Text("ghr_"), Run(ALNUM, 36, 251)]),
        ],
        is_summed,
    ),
    token(
        "gitlab-pat",
        "GitLab personal, group or project access token",
        GITLAB,
        &[free(&[Text("glpat-"), Run(ROUTABLE, 20, 320)])],
    ),
    token(
        "gitlab-token",
        "GitLab deploy, runner, trigger, feed, mail, agent, OAuth or CI job token",
        GITLAB,
        &[
            free(&[Text("gldt-"), Run(ROUTABLE, 20, 320)]),
            free(&[Text("glrt-"), Run(ROUTABLE, 20, 320)]),
            free(&[Text("glrtr-"), Run(ROUTABLE, 20, 320)]),
            free(&[Text("glcbt-"), Run(ROUTABLE, 20, 320)]),
            free(&[Text("glptt-"), Run(ROUTABLE, 20, 320)]),
            free(&[Text("glft-"), Run(ROUTABLE, 20, 320)]),
            free(&[Text("glimt-"), Run(ROUTABLE, 20, 320)]),
            free(&[Text("glagent-"), Run(ROUTABLE, 20, 320)]),
            free(&[Text("gloas-"), Run(ROUTABLE, 20, 320)]),
            free(&[Text("glsoat-"), Run(ROUTABLE, 20, 320)]),
            free(&[Text("glffct-"), Run(ROUTABLE, 20, 320)]),
        ],
    ),
    token(
        "atlassian-api-token",
        "Atlassian API token, or one of a Bitbucket repository, project or workspace",
        "Atlassian Support, Manage API tokens; Bitbucket Cloud, Access tokens",
        &[
            free(&[Text("ATATT3xFf"), Run(ATLASSIAN, 100, 260)]),
            free(&[Text("ATCTT3xFf"), Run(ATLASSIAN, 100, 260)]),
            bound(&[Text("ATBB"), Run(ALNUM, 32, 32)]),
        ],
    ),
    checked(
        "npm-token",
        "npm access token",
        "GitHub Blog, Announcing npm's new access token format",
        &[free(&[Text("npm_"), Run(ALNUM, 36, 36)])],
        is_summed,
    ),
    token(
        "pypi-token",
        "PyPI or TestPyPI API token: a macaroon that names its index",
        "PyPI, API tokens; pypi/warehouse, macaroons",
        &[
            free(&[Text("pypi-AgEIcHlwaS5vcmc"), Run(BASE64URL, 50, 1_000)]),
            free(&[Text("pypi-AgENdGVzdC5weXBpLm9yZw"), Run(BASE64URL, 50, 1_000)]),
        ],
    ),
    token(
        "rubygems-key",
        "RubyGems API key",
        "RubyGems Guides, API key scopes; rubygems.org, API keys",
        &[free(&[Text("rubygems_"), Run(HEX, 48, 48)])],
    ),
    token(
        "crates-io-token",
        "crates.io API token",
        "rust-lang/crates.io, util/token.rs: tokens begin with `cio`",
        &[bound(&[Text("cio"), Run(ALNUM, 32, 32)])],
    ),
    token(
        "clojars-token",
        "Clojars deploy token",
        "Clojars wiki, Deploy tokens",
        &[free(&[Text("CLOJARS_"), Run(ALNUM, 60, 60)])],
    ),
    token(
        "docker-pat",
        "Docker Hub personal or organisation access token",
        "Docker Docs, Personal access tokens; Organization access tokens",
        &[free(&[Text("dckr_pat_"), Run(BASE64URL, 27, 40)]), free(&[Text("dckr_oat_"), Run(BASE64URL, 27, 40)])],
    ),
    token(
        "circleci-token",
        "CircleCI personal or project API token",
        "CircleCI Docs, Managing API tokens",
        &[
            free(&[Text("CCIPAT_"), Run(ALNUM, 22, 22), Text("_"), Run(HEX, 40, 40)]),
            free(&[Text("CCIPRJ_"), Run(ALNUM, 22, 22), Text("_"), Run(HEX, 40, 40)]),
        ],
    ),
    token(
        "buildkite-token",
        "Buildkite API access token",
        "Buildkite Docs, Managing API access tokens",
        &[free(&[Text("bkua_"), Run(HEX, 40, 40)])],
    ),
    token(
        "sonarqube-token",
        "SonarQube user, project or global token",
        "SonarQube Docs, Managing your tokens",
        &[
            free(&[Text("squ_"), Run(HEX, 40, 40)]),
            free(&[Text("sqp_"), Run(HEX, 40, 40)]),
            free(&[Text("sqa_"), Run(HEX, 40, 40)]),
        ],
    ),
    token(
        "sourcegraph-token",
        "Sourcegraph access token",
        "Sourcegraph Docs, Access tokens",
        &[
            free(&[Text("sgp_"), Run(HEX, 40, 40)]),
            free(&[Text("sgp_"), Run(HEX, 16, 16), Text("_"), Run(HEX, 40, 40)]),
            free(&[Text("sgp_local_"), Run(HEX, 40, 40)]),
        ],
    ),
    token(
        "artifactory-token",
        "JFrog Artifactory API key or reference token",
        "JFrog Help Center, Access tokens; API key",
        &[bound(&[Text("AKCp"), Run(ALNUM, 69, 69)]), bound(&[Text("cmVmdGtuO"), Run(ALNUM, 55, 55)])],
    ),
    token(
        "hashicorp-vault-token",
        "HashiCorp Vault service, batch or recovery token",
        "HashiCorp Vault Docs, Tokens: token prefixes",
        &[
            bound(&[Text("hvs."), Run(BASE64URL, 24, 512)]),
            bound(&[Text("hvb."), Run(BASE64URL, 24, 512)]),
            bound(&[Text("hvr."), Run(BASE64URL, 24, 512)]),
        ],
    ),
    token(
        "pulumi-token",
        "Pulumi access token",
        "Pulumi Docs, Access tokens",
        &[bound(&[Text("pul-"), Run(HEX, 40, 40)])],
    ),
    token(
        "doppler-token",
        "Doppler personal, service, account, CLI, SCIM or audit token",
        "Doppler Docs, Auth token formats",
        &[
            bound(&[Text("dp."), One(&["pt.", "ct.", "sa.", "scim.", "audit.", "said."]), Run(ALNUM, 40, 44)]),
            bound(&[Text("dp.st."), Run(Set::of("._-").with(WORD), 40, 80)]),
        ],
    ),
    token(
        "infracost-key",
        "Infracost API key",
        "Infracost Docs, Environment variables",
        &[bound(&[Text("ico-"), Run(ALNUM, 32, 32)])],
    ),
    token(
        "prefect-key",
        "Prefect API key",
        "Prefect Docs, Manage API keys",
        &[free(&[Text("pnu_"), Run(ALNUM, 36, 36)]), free(&[Text("pnb_"), Run(ALNUM, 36, 36)])],
    ),
    token(
        "postman-key",
        "Postman API or collection access key",
        "Postman Learning Center, API keys; Secret Scanner: supported types",
        &[
            free(&[Text("PMAK-"), Run(HEX, 24, 24), Text("-"), Run(HEX, 34, 34)]),
            free(&[Text("PMAT-"), Run(ALNUM, 26, 26)]),
        ],
    ),
    token(
        "readme-key",
        "ReadMe API key",
        "ReadMe Docs, Authentication",
        &[bound(&[Text("rdme_"), Run(LOWER.with(DIGIT), 70, 70)])],
    ),
    token(
        "launchdarkly-key",
        "LaunchDarkly SDK key, mobile key or access token",
        "LaunchDarkly Docs, API access tokens; SDK keys",
        &[
            bound(&[Text("sdk-"), Run(HEX, 8, 8), Text("-"), Run(HEX, 4, 4), Text("-"), Run(UUID, 22, 22)]),
            bound(&[Text("mob-"), Run(HEX, 8, 8), Text("-"), Run(HEX, 4, 4), Text("-"), Run(UUID, 22, 22)]),
            bound(&[Text("api-"), Run(HEX, 8, 8), Text("-"), Run(HEX, 4, 4), Text("-"), Run(UUID, 22, 22)]),
        ],
    ),
    named(
        "codecov-token",
        "Codecov upload token",
        "Codecov Docs, Codecov tokens",
        Near::new(&["codecov"], UUID, &[36]),
    ),
    named("snyk-token", "Snyk API token", "Snyk Docs, Authentication for API", Near::new(&["snyk"], UUID, &[36])),
];

/// What a routable token has besides base64: dots between its parts.
const ROUTABLE: Set = BASE64URL.with(Set::of("."));
/// Base64 with a checksum behind `=`.
const ATLASSIAN: Set = BASE64URL.with(Set::of("="));
/// The hexadecimal digits and hyphens of a UUID (RFC 9562).
const UUID: Set = HEX.with(Set::of("-"));
