//! Bearer tokens.

use std::collections::BTreeMap;
use std::fmt;

use data_encoding::BASE64URL_NOPAD;

use super::ServeError;
use crate::config::{Scope, TokenSettings};
use crate::keys::{Keys, MacKey, Purpose};

/// What every token begins with, so that it is known for one where it was left lying about.
const PREFIX: &str = "sluicegate_";
/// The longest name.
const NAME: usize = 64;

/// The tokens of the settings. A token is its name and a code made with the key, so none is written down anywhere, and
/// whoever has no key file can make none.
pub struct Tokens {
    key: MacKey,
    known: BTreeMap<String, Known>,
}

struct Known {
    scopes: Vec<Scope>,
    serial: u32,
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Client<'a> {
    /// The token's name.
    pub(super) name: &'a str,
    /// What it may do.
    pub(super) scopes: &'a [Scope],
}

impl Client<'_> {
    pub(super) fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }
}

impl Tokens {
    /// The tokens of the settings.
    ///
    /// # Errors
    /// Where there is none, or one has no name, or a name is given twice.
    pub fn new(settings: &[TokenSettings], keys: &Keys) -> Result<Self, ServeError> {
        let mut known = BTreeMap::new();
        for token in settings {
            let plain = token.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            let entry = Known { scopes: token.scopes.clone(), serial: token.serial };
            if !plain
                || token.name.is_empty()
                || token.name.len() > NAME
                || known.insert(token.name.clone(), entry).is_some()
            {
                return Err(ServeError::TokenName(token.name.clone()));
            }
        }
        if known.is_empty() { Err(ServeError::NoToken) } else { Ok(Self { key: keys.derive(Purpose::Token), known }) }
    }

    /// The token of a name, to be given to its client; none where the settings know no such name.
    #[must_use]
    pub fn token(&self, name: &str) -> Option<String> {
        let serial = self.known.get(name)?.serial;
        let code = self.key.mac(&[name.as_bytes(), &serial.to_le_bytes()]);
        Some(format!("{PREFIX}{name}_{}", BASE64URL_NOPAD.encode(&code)))
    }

    /// Whose token this is. The code is compared in constant time, also for a name that nobody has.
    pub(super) fn client(&self, token: &str) -> Option<Client<'_>> {
        let (name, code) = token.strip_prefix(PREFIX)?.split_once('_')?;
        let mut given = [0; 32];
        // A code of another length is none; what length it has is no secret.
        let right_length = BASE64URL_NOPAD.decode_len(code.len()) == Ok(given.len());
        let decoded = right_length && BASE64URL_NOPAD.decode_mut(code.as_bytes(), &mut given).is_ok();
        let known = self.known.get_key_value(name);
        let serial = known.map_or(0, |(_, known)| known.serial);
        let right = self.key.verify(&[name.as_bytes(), &serial.to_le_bytes()], &given);
        known.filter(|_| decoded && right).map(|(name, known)| Client { name, scopes: &known.scopes })
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.known.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(seed: u8) -> Keys {
        Keys::new(std::array::from_fn(|index| index as u8 ^ seed)).unwrap()
    }

    fn settings(serial: u32) -> Vec<TokenSettings> {
        let token =
            |name: &str, scopes: &[Scope]| TokenSettings { name: name.to_owned(), scopes: scopes.to_vec(), serial };
        vec![token("gateway", &[Scope::Check]), token("owner-app", &[Scope::Check, Scope::Approve])]
    }

    #[test]
    fn a_token_is_known_by_its_name_and_code_under_this_key_and_serial() {
        let tokens = Tokens::new(&settings(0), &keys(0)).unwrap();
        let (gateway, app) = (tokens.token("gateway").unwrap(), tokens.token("owner-app").unwrap());
        let client = tokens.client(&gateway).unwrap();
        assert_eq!((client.name, client.may(Scope::Check), client.may(Scope::Approve)), ("gateway", true, false));
        assert!(tokens.client(&app).unwrap().may(Scope::Approve));
        assert_eq!(tokens.token("nobody"), None);
        assert!(Tokens::new(&settings(1), &keys(0)).unwrap().client(&gateway).is_none(), "counted up: void");
        assert!(Tokens::new(&settings(0), &keys(1)).unwrap().client(&gateway).is_none(), "another key");
        let code = gateway.rsplit_once('_').unwrap().1;
        for forged in
            [format!("sluicegate_owner-app_{code}"), format!("sluicegate_x_{code}"), "sluicegate_gateway_".into()]
        {
            assert!(tokens.client(&forged).is_none(), "{forged}");
        }
        for place in 0..gateway.len() {
            let mut changed = gateway.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            assert!(tokens.client(std::str::from_utf8(&changed).unwrap()).is_none(), "byte {place}");
        }
    }

    #[test]
    fn names_that_are_none_are_refused() {
        let named = |name: &str| vec![TokenSettings { name: name.to_owned(), scopes: Vec::new(), serial: 0 }];
        for name in ["", "a b", "a_b", "grün", &"a".repeat(65)] {
            assert!(matches!(Tokens::new(&named(name), &keys(0)), Err(ServeError::TokenName(_))), "{name}");
        }
        let twice = [named("a"), named("a")].concat();
        assert!(matches!(Tokens::new(&twice, &keys(0)), Err(ServeError::TokenName(_))));
        assert!(matches!(Tokens::new(&[], &keys(0)), Err(ServeError::NoToken)));
    }
}
