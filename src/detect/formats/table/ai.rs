//! Providers of models.

use crate::detect::formats::format::{Format, named, token};
use crate::detect::formats::near::Near;
use crate::detect::formats::set::{ALNUM, BASE64URL, HEX, LETTER, LOWER, Set};
use crate::detect::formats::shape::Part::{One, Run, Text};
use crate::detect::formats::shape::{bound, free};

const OPENAI: &str = "OpenAI API Reference, Authentication; Admin API keys; Project service accounts";

pub(super) static FORMATS: &[Format] = &[
    token(
        "openai-project-key",
        "OpenAI project, service account or admin key",
        OPENAI,
        &[
            free(&[Text("sk-proj-"), Run(BASE64URL, 40, 200)]),
            free(&[Text("sk-svcacct-"), Run(BASE64URL, 40, 200)]),
            free(&[Text("sk-admin-"), Run(BASE64URL, 40, 200)]),
        ],
    ),
    token(
        "openai-legacy-key",
        "OpenAI user key, or a key of one of the many providers that copy its shape",
        OPENAI,
        &[bound(&[Text("sk-"), Run(ALNUM, 32, 64)]), free(&[Text("sk-None-"), Run(BASE64URL, 40, 200)])],
    ),
    token(
        "anthropic-key",
        "Anthropic API key, admin key or OAuth token",
        "Anthropic Docs, API overview: authentication; Admin API",
        &[free(&[
            Text("sk-ant-"),
            One(&["api03-", "api04-", "admin01-", "oat01-", "ort01-", "sid01-", "sid02-"]),
            Run(BASE64URL, 80, 140),
        ])],
    ),
    token(
        "openrouter-key",
        "OpenRouter API key",
        "OpenRouter Docs, API authentication",
        &[free(&[Text("sk-or-v1-"), Run(HEX, 64, 64)])],
    ),
    token(
        "huggingface-token",
        "Hugging Face user or organisation token",
        "Hugging Face Docs, User access tokens",
        &[bound(&[Text("hf_"), Run(ALNUM, 34, 40)]), free(&[Text("api_org_"), Run(LETTER, 34, 34)])],
    ),
    token(
        "replicate-token",
        "Replicate API token",
        "Replicate Docs, HTTP API: authentication",
        &[bound(&[Text("r8_"), Run(ALNUM, 37, 37)])],
    ),
    token("groq-key", "Groq API key", "GroqCloud Docs, API reference", &[bound(&[Text("gsk_"), Run(ALNUM, 52, 52)])]),
    token(
        "xai-key",
        "xAI API key",
        "xAI Docs, API reference: authentication",
        &[bound(&[Text("xai-"), Run(ALNUM, 80, 80)])],
    ),
    token(
        "perplexity-key",
        "Perplexity API key",
        "Perplexity Docs, API keys",
        &[free(&[Text("pplx-"), Run(ALNUM, 48, 56)])],
    ),
    token(
        "nvidia-key",
        "NVIDIA API catalogue key",
        "NVIDIA NIM Docs, API key",
        &[free(&[Text("nvapi-"), Run(BASE64URL, 60, 70)])],
    ),
    token(
        "fireworks-key",
        "Fireworks AI API key",
        "Fireworks Docs, API keys",
        &[bound(&[Text("fw_"), Run(ALNUM, 22, 32)])],
    ),
    token(
        "langsmith-key",
        "LangSmith personal or service key",
        "LangSmith Docs, Create an API key",
        &[free(&[Text("lsv2_"), One(&["pt_", "sk_"]), Run(HEX, 32, 32), Text("_"), Run(HEX, 10, 10)])],
    ),
    token(
        "elevenlabs-key",
        "ElevenLabs API key",
        "ElevenLabs Docs, API authentication",
        &[bound(&[Text("sk_"), Run(HEX, 48, 48)])],
    ),
    token("tavily-key", "Tavily API key", "Tavily Docs, Quickstart", &[free(&[Text("tvly-"), Run(TAVILY, 32, 48)])]),
    named(
        "cohere-key",
        "Cohere API key",
        "Cohere Docs, API reference",
        Near::new(&["cohere", "co_api_key"], ALNUM, &[40]),
    ),
    named("mistral-key", "Mistral API key", "Mistral Docs, Quickstart", Near::new(&["mistral"], ALNUM, &[32])),
    named(
        "wandb-key",
        "Weights & Biases API key",
        "W&B Docs, wandb login",
        Near::new(&["wandb"], LOWER.with(HEX), &[40, 86]),
    ),
];

/// Letters, digits and the hyphen behind `dev` or `prod`.
const TAVILY: Set = ALNUM.with(Set::of("-"));
