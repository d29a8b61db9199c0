//! The way to the database, encrypted where its address asks for it.

use std::{path::PathBuf, sync::Arc};

use rustls::{
    ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::fault::PostgresFault;

/// What an address asks of the way to its database, as `sslmode` and `sslrootcert` say it.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(super) enum Way {
    /// Nothing is encrypted: a socket of the same machine, or a network of one's own.
    #[default]
    Plain,
    /// Whoever listens on the way reads nothing; who stands in it is not noticed.
    Encrypted,
    /// The server shows a certificate for its name that these authorities signed.
    Verified(Authorities),
}

/// Who says which server is the one that was meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Authorities {
    /// Those that the system trusts.
    System,
    /// Those in a file of PEM certificates.
    File(PathBuf),
}

impl Way {
    /// Reads the two words of an address; `sslmode` is plain where it is absent.
    pub(super) fn read(
        mode: Option<&str>,
        authorities: Option<String>,
    ) -> Result<Self, PostgresFault> {
        match (mode, authorities) {
            (None | Some("disable" | "prefer"), None) => Ok(Self::Plain),
            (Some("require"), None) => Ok(Self::Encrypted),
            // Who names authorities wants them asked.
            (Some("verify-full" | "require"), Some(file)) if file != "system" => {
                Ok(Self::Verified(Authorities::File(file.into())))
            }
            (Some("verify-full"), _) => Ok(Self::Verified(Authorities::System)),
            _ => Err(PostgresFault::said(
                "sslmode is disable, require or verify-full, the last with sslrootcert where the \
                 system does not know the authority",
            )),
        }
    }

    /// What connections are made with.
    pub(super) fn connector(&self) -> Result<MakeRustlsConnect, PostgresFault> {
        let provider = Arc::new(ring::default_provider());
        let settings = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|_never| PostgresFault::said("no version of TLS"))?;
        let settings = match self {
            Self::Plain => settings.with_root_certificates(RootCertStore::empty()),
            Self::Encrypted => settings
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Anybody(provider))),
            Self::Verified(authorities) => settings.with_root_certificates(authorities.roots()?),
        };
        Ok(MakeRustlsConnect::new(settings.with_no_client_auth()))
    }
}

impl Authorities {
    fn roots(&self) -> Result<RootCertStore, PostgresFault> {
        let certificates = match self {
            Self::System => rustls_native_certs::load_native_certs().certs,
            Self::File(file) => CertificateDer::pem_file_iter(file)
                .and_then(Iterator::collect)
                .map_err(|_reason| PostgresFault::said("sslrootcert is no file of certificates"))?,
        };
        let mut roots = RootCertStore::empty();
        let (taken, _not_understood) = roots.add_parsable_certificates(certificates);
        match taken {
            0 => Err(PostgresFault::said(
                "there is no authority to verify the server with",
            )),
            _ => Ok(roots),
        }
    }
}

/// Takes any certificate, and has whoever shows it prove that it is theirs: what `require` means
/// wherever PostgreSQL is.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _shown: &CertificateDer<'_>,
        _between: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, shown, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, shown, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_how_its_way_is_guarded() {
        let file = |name: &str| Way::Verified(Authorities::File(name.into()));
        for (mode, authorities, expected) in [
            (None, None, Some(Way::Plain)),
            (Some("disable"), None, Some(Way::Plain)),
            (Some("prefer"), None, Some(Way::Plain)),
            (Some("require"), None, Some(Way::Encrypted)),
            (Some("require"), Some("/ca.pem"), Some(file("/ca.pem"))),
            (Some("verify-full"), Some("/ca.pem"), Some(file("/ca.pem"))),
            (
                Some("verify-full"),
                None,
                Some(Way::Verified(Authorities::System)),
            ),
            (
                Some("verify-full"),
                Some("system"),
                Some(Way::Verified(Authorities::System)),
            ),
            // Nothing that was asked for is left out in silence.
            (None, Some("/ca.pem"), None),
            (Some("disable"), Some("/ca.pem"), None),
            (Some("require"), Some("system"), None),
            (Some("verify-ca"), Some("/ca.pem"), None),
            (Some("allow"), None, None),
        ] {
            let read = Way::read(mode, authorities.map(str::to_owned)).ok();
            assert_eq!(read, expected, "{mode:?} {authorities:?}");
        }
    }
}
