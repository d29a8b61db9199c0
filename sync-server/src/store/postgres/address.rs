//! Where a database is, without ever showing it: the address may hold a password.

use std::{fmt, str::FromStr, time::Duration};

use percent_encoding::percent_decode_str;
use tokio_postgres::{Config, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{fault::PostgresFault, tls::Way};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a silent connection is trusted before it is asked whether it lives.
const SILENT: Duration = Duration::from_secs(10);
/// How long what was sent may stay unheard before the connection is given up: a primary that
/// lost its power does not say so.
const UNHEARD: Duration = Duration::from_secs(15);
/// Bounds that the server itself keeps, since nothing of ours takes as long unless it hangs;
/// and plans for keys alone: one that was made while a table was empty reads all of it, and is
/// kept.
const BOUNDS: &str = "-c statement_timeout=30s -c lock_timeout=20s \
                      -c idle_in_transaction_session_timeout=30s \
                      -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off \
                      -c jit=off";

/// Where a PostgreSQL database is, written `postgres://…` or `postgresql://…`.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl(String);

impl PostgresUrl {
    /// How connections are made.
    pub(crate) fn settings(&self) -> Result<Config, PostgresFault> {
        let (place, way) = self.place_and_way()?;
        // What the driver says about an address may repeat a part of it.
        let mut settings = Config::from_str(&place)
            .map_err(|_may_hold_a_password| PostgresFault::said("its address does not read"))?;
        settings.ssl_mode(match way {
            Way::Plain => SslMode::Disable,
            Way::Encrypted | Way::Verified(_) => SslMode::Require,
        });
        let options = settings.get_options().map(str::to_owned);
        let options = options.map_or_else(|| BOUNDS.to_owned(), |own| format!("{BOUNDS} {own}"));
        settings
            .options(options)
            .keepalives_idle(SILENT)
            .keepalives_interval(SILENT)
            .tcp_user_timeout(UNHEARD);
        if settings.get_application_name().is_none() {
            settings.application_name("palier-relay");
        }
        if settings.get_connect_timeout().is_none() {
            settings.connect_timeout(CONNECT);
        }
        Ok(settings)
    }

    /// What guards the way there.
    pub(crate) fn connector(&self) -> Result<MakeRustlsConnect, PostgresFault> {
        self.place_and_way()?.1.connector()
    }

    /// The words about TLS, and the address without them: the driver knows them only in part.
    fn place_and_way(&self) -> Result<(String, Way), PostgresFault> {
        // A password may hold a question mark, and stands before the first `@`.
        let before = self.0.find('@').unwrap_or_default();
        let (from, to) = self.0.split_at(before);
        let Some((to, words)) = to.split_once('?') else {
            return Ok((self.0.clone(), Way::Plain));
        };
        let (mut mode, mut authorities, mut others) = (None, None, Vec::new());
        for word in words.split('&') {
            match word.split_once('=') {
                Some(("sslmode", value)) => mode = Some(value),
                Some(("sslrootcert", value)) => {
                    authorities = Some(percent_decode_str(value).decode_utf8_lossy().into_owned());
                }
                _ => others.push(word),
            }
        }
        let way = Way::read(mode, authorities)?;
        Ok((format!("{from}{to}?{}", others.join("&")), way))
    }
}

/// What is no address of a database.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotAnAddress;

impl FromStr for PostgresUrl {
    type Err = NotAnAddress;

    /// Takes anything that begins like one: what does not read is said at the start, where
    /// nothing repeats it.
    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let is_one = ["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| text.len() > scheme.len() && text.starts_with(scheme));
        is_one.then(|| Self(text.to_owned())).ok_or(NotAnAddress)
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://…")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_never_shows_its_password() {
        for text in [
            "postgres://relay:geheim@db/relay",
            "postgresql://relay:geheim@db:5432,other:5432/relay?target_session_attrs=read-write",
            "postgres://relay:geheim@db/relay?geheim=1",
            "postgres://geheim@db:port",
            "postgres://%geheim",
        ] {
            let url: PostgresUrl = text.parse().unwrap();
            assert!(!format!("{url:?}").contains("geheim"));
            if let Err(fault) = url.settings() {
                let said = format!("{fault} {fault:?}");
                assert!(!said.contains("geheim"), "{said}");
            }
        }
    }

    #[test]
    fn the_server_bounds_what_hangs_and_keeps_the_options_of_the_address() {
        let url: PostgresUrl = "postgres://db/relay?options=-c%20search_path%3Dother"
            .parse()
            .unwrap();
        let settings = url.settings().unwrap();
        let options = settings.get_options().unwrap();
        assert!(options.contains("lock_timeout") && options.ends_with("search_path=other"));
        assert_eq!(settings.get_application_name(), Some("palier-relay"));
    }
}
