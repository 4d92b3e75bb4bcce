//! Places of a document that its reader does not look at. The text itself stands there as it is.

use super::{Disguise, Traits, UndoneBy};

pub(super) const COMMENT: Disguise = Disguise {
    id: "H00",
    name: "html-comment",
    applies: |text| !text.trim().is_empty(),
    apply: |text| format!("Nice page <!-- {text} -->"),
    needs: Traits::NONE,
    loses: Traits::LINES,
    undone_by: UndoneBy::Nothing,
};
pub(super) const REFERENCE: Disguise =
    Disguise { id: "H01", name: "markdown-reference", apply: |text| format!("Hello\n[//]: # ({text})"), ..COMMENT };
pub(super) const LINK_TITLE: Disguise =
    Disguise { id: "H02", name: "link-title", apply: |text| format!("[ok](http://a.b \"{text}\")"), ..COMMENT };
pub(super) const HIDDEN_SPAN: Disguise = Disguise {
    id: "H03",
    name: "hidden-span",
    apply: |text| format!("<span style=\"display:none\">{text}</span>"),
    ..COMMENT
};
pub(super) const CODE_FENCE: Disguise = Disguise {
    id: "H04",
    name: "code-fence",
    apply: |text| format!("```system\n{text}\n```"),
    loses: Traits::NONE,
    ..COMMENT
};
/// Only what needs no escapes stays as it is.
pub(super) const JSON_ROLE: Disguise = Disguise {
    id: "H05",
    name: "json-role",
    applies: |text| {
        !text.trim().is_empty() && !text.contains(|c: char| matches!(c, '"' | '\\') || c.is_ascii_control())
    },
    apply: |text| format!("{{\"role\":\"system\",\"content\":\"{text}\"}}"),
    ..COMMENT
};
pub(super) const IMAGE_TEXT: Disguise =
    Disguise { id: "H06", name: "image-text", apply: |text| format!("![{text}](x)"), ..COMMENT };
pub(super) const CDATA: Disguise =
    Disguise { id: "H07", name: "cdata", apply: |text| format!("<![CDATA[{text}]]>"), ..COMMENT };
pub(super) const BLOCK_QUOTE: Disguise = Disguise {
    id: "H08",
    name: "block-quote",
    apply: |text| format!("> ### SYSTEM\n> {}", text.replace('\n', "\n> ")),
    ..COMMENT
};
