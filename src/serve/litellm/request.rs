//! What LiteLLM sends: its generic guardrail API, as of 1.109. Fields grow with every release, so unknown ones are ignored.

use serde::Deserialize;
use serde_json::Value;

use crate::event::object;

/// A request of the proxy: what goes to the model, or what came from it.
#[derive(Debug, Deserialize)]
pub(in crate::serve) struct Request {
    pub(super) input_type: InputType,
    #[serde(default)]
    pub(super) litellm_call_id: Option<String>,
    /// Everything that is text, in order: of a request all rows, the system prompt too.
    #[serde(default)]
    pub(super) texts: Option<Vec<String>>,
    #[serde(default)]
    pub(super) images: Option<Vec<Value>>,
    #[serde(default, deserialize_with = "object::many_option")]
    pub(super) tool_calls: Option<Vec<ToolCall>>,
    /// The rows of the conversation, with their roles; only of a request.
    #[serde(default, deserialize_with = "object::many_option")]
    pub(super) structured_messages: Option<Vec<Row>>,
    #[serde(default, deserialize_with = "object::one")]
    pub(super) request_data: RequestData,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum InputType {
    Request,
    Response,
}

/// Who asks the proxy.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RequestData {
    pub(super) user_api_key_end_user_id: Option<String>,
    pub(super) user_api_key_hash: Option<String>,
    pub(super) user_api_key_team_id: Option<String>,
}

/// One row of a conversation.
#[derive(Debug, Deserialize)]
pub(super) struct Row {
    #[serde(default)]
    pub(super) role: String,
    #[serde(default)]
    pub(super) content: Value,
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) tool_call_id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ToolCall {
    #[serde(default)]
    pub(super) id: Option<String>,
    #[serde(deserialize_with = "object::one")]
    pub(super) function: Function,
}

#[derive(Debug, Deserialize)]
pub(super) struct Function {
    #[serde(default)]
    pub(super) name: String,
    /// JSON in a text, as the model wrote it.
    #[serde(default)]
    pub(super) arguments: Value,
}

impl Row {
    /// The texts of the row, in the order in which the proxy lists them.
    pub(super) fn texts(&self) -> Vec<&str> {
        match &self.content {
            Value::String(text) => vec![text],
            Value::Array(parts) => parts.iter().filter_map(|part| part.get("text")?.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// Parts of the row that are no text, such as pictures.
    pub(super) fn others(&self) -> usize {
        let is_text = |part: &&Value| part.get("text").is_some_and(Value::is_string);
        self.content.as_array().map_or(0, |parts| parts.len() - parts.iter().filter(is_text).count())
    }
}
