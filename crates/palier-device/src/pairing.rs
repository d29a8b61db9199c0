//! Letting one device near another: a short code, shown on the one and typed on the other.
//!
//! The code never travels: each request bears an HMAC-SHA256 (RFC 2104) of its signed
//! `authorization` header under the code. It is another one at each start, and a device that
//! hears too many wrong ones listens no more.

use std::sync::atomic::{AtomicU32, Ordering};

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{clock::random, error::Error, reason::BadTeam};

/// The header with the proof of the code.
pub const HEADER: &str = "x-palier-code";
/// What a device answers to who does not know its code.
pub const WRONG_CODE: &str = "wrong_code";
/// Signs and letters that are not mistaken for each other.
const SYMBOLS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// How many symbols a code has: 40 bits, guessed online [`MAX_WRONG`] times at most.
const LENGTH: usize = 8;
/// How many wrong codes are heard before nothing is answered any more.
const MAX_WRONG: u32 = 20;

/// A code.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code")
    }
}

impl Code {
    /// A new one.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn new() -> Result<Self, Error> {
        let symbols = random::<LENGTH>()?.map(|byte| {
            let place = usize::from(byte) % SYMBOLS.len();
            char::from(SYMBOLS.get(place).copied().unwrap_or(b'2'))
        });
        Ok(Self(symbols.iter().collect()))
    }

    /// Reads what a person typed.
    ///
    /// # Errors
    /// It is no code.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let code: String = text
            .chars()
            .filter(|sign| !sign.is_whitespace() && *sign != '-')
            .map(|sign| sign.to_ascii_uppercase())
            .collect();
        let fits = code.len() == LENGTH && code.bytes().all(|sign| SYMBOLS.contains(&sign));
        if fits {
            Ok(Self(code))
        } else {
            Err(Error::bad_input(BadTeam::PairingCode { signs: LENGTH }))
        }
    }

    /// As it is shown.
    #[must_use]
    pub fn text(&self) -> String {
        let (first, second) = self.0.split_at_checked(LENGTH / 2).unwrap_or_default();
        format!("{first}-{second}")
    }

    /// What proves that the code is known, for one request.
    #[must_use]
    pub fn prove(&self, authorization: &str) -> String {
        HEXLOWER.encode(&self.mac(authorization).finalize().into_bytes())
    }

    fn mac(&self, authorization: &str) -> Hmac<Sha256> {
        let mut key = [0; 64];
        for (place, sign) in key.iter_mut().zip(self.0.bytes()) {
            *place = sign;
        }
        // A key as long as the hash's block is taken as it is.
        let mut mac = Hmac::<Sha256>::new(&key.into());
        mac.update(b"palier peer 1");
        mac.update(authorization.as_bytes());
        mac
    }
}

/// Where a device listens for others that know its code.
#[derive(Debug)]
pub struct Door {
    code: Code,
    wrong: AtomicU32,
}

impl Door {
    /// A door with a new code.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn open() -> Result<Self, Error> {
        Ok(Self {
            code: Code::new()?,
            wrong: AtomicU32::new(0),
        })
    }

    /// The code to show.
    #[must_use]
    pub const fn code(&self) -> &Code {
        &self.code
    }

    /// Whether a request proves that it knows the code. Compared in constant time.
    #[must_use]
    pub fn lets_in(&self, authorization: &str, proof: &str) -> bool {
        if self.wrong.load(Ordering::Relaxed) >= MAX_WRONG {
            return false;
        }
        let right = HEXLOWER
            .decode(proof.as_bytes())
            .is_ok_and(|proof| self.code.mac(authorization).verify_slice(&proof).is_ok());
        if !right {
            self.wrong.fetch_add(1, Ordering::Relaxed);
        }
        right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = Code::new().unwrap();
        let typed = format!(" {} ", code.text().to_lowercase());
        assert_eq!(Code::parse(&typed).unwrap(), code);
        for wrong in ["", "ABCD", "ABCD-EFG1", "ABCD-EFGHJ", "ÀBCD-EFGH"] {
            assert_eq!(Code::parse(wrong).unwrap_err().code(), "bad_input");
        }
    }

    #[test]
    fn who_knows_the_code_is_let_in_and_who_guesses_is_heard_no_more() {
        let door = Door::open().unwrap();
        let proof = door.code().prove("Palier x");
        assert!(door.lets_in("Palier x", &proof));
        assert!(!door.lets_in("Palier y", &proof));
        let guess = loop {
            let guess = Code::new().unwrap();
            if guess != *door.code() {
                break guess.prove("Palier x");
            }
        };
        for _ in 0..MAX_WRONG {
            assert!(!door.lets_in("Palier x", &guess));
        }
        assert!(!door.lets_in("Palier x", &proof));
    }
}
