//! Keys of wallets.

use std::ops::Range;

use crate::detect::formats::checksum::base58check;
use crate::detect::formats::format::Match;
use crate::detect::formats::hay::Hay;
use crate::detect::formats::set::{ALNUM, BASE64URL};

/// Bitcoin's wallet import format: a private key of main or test net in Base58Check.
pub(in crate::detect::formats) fn wif(hay: &Hay<'_>, found: &mut dyn FnMut(Match)) {
    let mut at = 0;
    while let Some(start) = hay.next(at, |byte| ALNUM.has(byte)) {
        let run = hay.run(start, ALNUM, 53);
        let prefix = matches!((run, hay.at(start)), (51, b'5' | b'9') | (52, b'K' | b'L' | b'c'));
        let alone = !BASE64URL.has(hay.before(start)) && !BASE64URL.has(hay.at(start + run));
        if prefix && alone {
            let key = base58check(hay.slice(start..start + run)).unwrap_or_default();
            if matches!((key.first(), key.len()), (Some(0x80 | 0xef), 33 | 34)) {
                found(Match::of(start..start + run));
            }
        }
        at = start + run;
        // What is longer is no key from any of its characters on.
        if run == 53 {
            hay.try_nothing();
            at += hay.run(at, ALNUM, usize::MAX);
        }
    }
}

/// An extended private key of BIP-32, `xprv…` and its siblings of SLIP-132.
pub(in crate::detect::formats) fn extended(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    let run = hay.run(gate.start, ALNUM, 112);
    let alone = !ALNUM.has(hay.before(gate.start)) && run == 111;
    let key = alone.then(|| base58check(hay.slice(gate.start..gate.start + run)))??;
    (key.len() == 78).then(|| Match { span: gate.start..gate.start + run, public: gate.len() })
}
