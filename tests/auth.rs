//! Signed messages, as a gateway hands them in; the format by its vectors; the defects of AI-COMMS, each by its name.

#[path = "auth/support.rs"]
mod support;

#[path = "auth/ai_comms.rs"]
mod ai_comms;
#[path = "auth/gate.rs"]
mod gate;
#[path = "auth/signed.rs"]
mod signed;
