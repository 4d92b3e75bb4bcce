//! Personal data: what stands for one person or an account of theirs, told by its check digits wherever it has any.

pub(super) mod card;
pub(super) mod email;
pub(super) mod iban;
pub(super) mod national_id;
pub(super) mod phone;
