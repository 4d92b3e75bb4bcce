//! Personal data.

use crate::detect::formats::format::{Format, found_at, found_through};
use crate::detect::formats::personal::{card, email, iban, national_id, phone};

pub(super) static FORMATS: &[Format] = &[
    found_through("payment-card", "number of a payment card", "ISO/IEC 7812-1; the issuers' ranges", card::find)
        .spans(0, 23),
    found_through("iban", "international bank account number", "ISO 13616; SWIFT, IBAN Registry", iban::find),
    found_at("email", "e-mail address", "RFC 5322, 3.4.1", &["@"], email::find).spans(65, 319),
    found_at(
        "phone-international",
        "telephone number with a country code",
        "ITU-T E.164",
        &["+"],
        phone::international,
    )
    .spans(1, 64),
    found_at(
        "phone-national",
        "telephone number without a country code, behind a word that says so",
        "ITU-T E.123, notation for national numbers",
        &[
            "phone",
            "mobile",
            "tel:",
            "tel.",
            "tel ",
            "cell",
            "call ",
            "fax",
            "whatsapp",
            "sms",
            "handy",
            "telefon",
            "mobil",
            "teléfono",
            "téléphone",
            "ring ",
            "text me at",
        ],
        phone::national,
    )
    .spans(1, 64),
    found_at(
        "us-ssn",
        "US social security number",
        "Social Security Administration, Social Security number randomization",
        &["ssn", "social security"],
        national_id::us_ssn,
    )
    .spans(1, 11),
];
