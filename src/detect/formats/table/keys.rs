//! Keys of machines and wallets, and what is known by the words around it.

use crate::detect::formats::code::{assigned, coin, header, jwt, private_key, seed_phrase, url};
use crate::detect::formats::format::{Format, found_at, found_through, named};
use crate::detect::formats::near::Near;
use crate::detect::formats::set::HEX;

pub(super) static FORMATS: &[Format] = &[
    found_at(
        "private-key",
        "private key in PEM, of OpenSSH, PGP or SSH2",
        "RFC 7468; RFC 5958; OpenSSH, PROTOCOL.key; RFC 9580, 6.2; RFC 4716",
        &["-----begin ", "---- begin "],
        private_key::block,
    ),
    found_at(
        "putty-key",
        "private key of PuTTY",
        "PuTTY User Manual, appendix C: PPK file format",
        &["putty-user-key-file-"],
        private_key::putty,
    ),
    found_at(
        "age-key",
        "age identity",
        "C2SP, age.md: the X25519 recipient type",
        &["age-secret-key-1", "age-secret-key-pq-1"],
        private_key::age,
    )
    .spans(1, 128),
    found_at("jwt", "JSON web token, signed or encrypted", "RFC 7519; RFC 7515; RFC 7516", &["eyj"], jwt::find),
    found_through("bitcoin-wif", "private key of Bitcoin", "Bitcoin Wiki, Wallet import format", coin::wif)
        .spans(0, 52),
    found_at(
        "bitcoin-xprv",
        "extended private key of a wallet",
        "BIP-32, serialization format; SLIP-132",
        &["xprv", "yprv", "zprv", "tprv"],
        coin::extended,
    )
    .spans(1, 111),
    named(
        "ethereum-key",
        "private key of Ethereum",
        "Ethereum Yellow Paper, appendix F: 32 bytes",
        Near::new(&["private key", "private_key", "privatekey", "privkey", "ethereum", "metamask"], HEX, &[64]),
    ),
    found_through("bip39-seed", "seed phrase of a wallet", "BIP-39, English word list and checksum", seed_phrase::find),
    found_at("database-url", "password in the URL of a database", "RFC 3986, 3.2.1", &["://"], url::database)
        .spans(32, 256),
    found_at("basic-auth-url", "password in a URL", "RFC 3986, 3.2.1", &["://"], url::other).spans(32, 256).generic(),
    found_at(
        "bearer-token",
        "bearer token in a header",
        "RFC 6750, 2.1",
        &["bearer ", "authorization: token ", "authorization: apikey "],
        header::bearer,
    )
    .spans(1, 4_096)
    .generic(),
    found_at("basic-auth-header", "name and password in a header", "RFC 7617", &["basic "], header::basic)
        .spans(1, 514),
    found_at(
        "docker-config-auth",
        "name and password of a registry",
        "Docker Docs, docker login: credentials",
        &["\"auth\"", "\\\"auth\\\""],
        header::docker_auth,
    )
    .spans(0, 514),
    found_at("curl-user", "name and password for curl", "curl(1), --user", &["curl "], header::curl_user)
        .spans(0, 512)
        .generic(),
    found_at("netrc", "password in a .netrc file", "netrc(5)", &["machine "], header::netrc).spans(1, 4_096),
    found_at(
        "password-hash",
        "hash of a password",
        "crypt(5); PHC string format",
        &["$2a$", "$2b$", "$2y$", "$5$", "$6$", "$y$", "$7$", "$argon2i$", "$argon2id$", "$argon2d$", "$scrypt$"],
        header::password_hash,
    )
    .spans(0, 256),
    found_at(
        "assigned-password",
        "password behind its name",
        "no vendor: letters and digits behind a name that says so",
        &[
            "password",
            "passwd",
            "passphrase",
            "pwd",
            "db_pass",
            "passwort",
            "kennwort",
            "senha",
            "wachtwoord",
            "contrasena",
        ],
        assigned::password,
    )
    .spans(48, 512)
    .generic(),
    found_at(
        "assigned-token",
        "key or token behind its name",
        "no vendor: entropy behind a name that says so",
        &[
            "secret",
            "token",
            "api_key",
            "apikey",
            "api-key",
            "api key",
            "access_key",
            "accesskey",
            "access-key",
            "access key",
            "auth_key",
            "authkey",
            "private_key",
            "signing_key",
            "signingkey",
            "encryption_key",
            "encryptionkey",
            "master_key",
            "masterkey",
            "account_key",
            "app_key",
            "appkey",
            "client_key",
            "credential",
        ],
        assigned::token,
    )
    .spans(48, 512)
    .generic(),
];
