//! TLS by rustls: own authorities from a PEM file or the system's, client certificate, host names checked unless told not to.

use crate::config::{Identity, TlsConfig};
use model::{Fault, FaultKind};
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    self, CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};

#[derive(Clone)]
pub(crate) struct Tls(TlsConnector);

impl Tls {
    /// Reads the files; blocking. The fault names the file that is wrong.
    pub fn load(config: &TlsConfig) -> Result<Self, Fault> {
        let provider = Arc::new(ring::default_provider());
        let roots = Arc::new(match &config.ca {
            Some(path) => own_roots(path)?,
            None => system_roots()?,
        });
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| broken(format!("tls: {error}")))?;
        let builder = if config.verify_hostname {
            builder.with_root_certificates(roots)
        } else {
            let chain = WebPkiServerVerifier::builder_with_provider(roots, provider)
                .build()
                .map_err(|error| broken(format!("tls.ca: {error}")))?;
            builder.dangerous().with_custom_certificate_verifier(Arc::new(AnyHostName(chain)))
        };
        let config = match &config.identity {
            None => builder.with_no_client_auth(),
            Some(Identity { cert, key }) => {
                let chain = certificates("tls.cert", cert)?;
                let key = PrivateKeyDer::from_pem_file(key)
                    .map_err(|error| broken(format!("tls.key {}: {error:?}", key.display())))?;
                builder
                    .with_client_auth_cert(chain, key)
                    .map_err(|error| broken(format!("tls.cert and tls.key: {error}")))?
            }
        };
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }

    /// The handshake with a server that is to prove it is `host`.
    pub async fn wrap(&self, tcp: TcpStream, host: &str) -> std::io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| std::io::Error::other(format!("'{host}' cannot stand in a certificate")))?;
        self.0.connect(name, tcp).await
    }
}

/// Whether the other side, which hung up on plain text, answers a TLS greeting: only to word the fault.
pub(crate) async fn is_spoken(tcp: TcpStream) -> bool {
    let provider = Arc::new(ring::default_provider());
    let Ok(builder) = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions() else {
        return false;
    };
    let config = builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth();
    let Ok(name) = ServerName::try_from("localhost") else { return false };
    match TlsConnector::from(Arc::new(config)).connect(name, tcp).await {
        Ok(_) => true,
        Err(error) => error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()).is_some_and(|error| {
            matches!(error, rustls::Error::InvalidCertificate(_) | rustls::Error::AlertReceived(_))
        }),
    }
}

fn broken(words: String) -> Fault {
    Fault::new(FaultKind::Tls, words)
}

fn certificates(field: &str, path: &Path) -> Result<Vec<CertificateDer<'static>>, Fault> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match read {
        Ok(chain) if !chain.is_empty() => Ok(chain),
        Ok(_) => Err(broken(format!("{field} {}: no certificate in it", path.display()))),
        Err(error) => Err(broken(format!("{field} {}: {error:?}", path.display()))),
    }
}

fn own_roots(path: &Path) -> Result<RootCertStore, Fault> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates("tls.ca", path)? {
        roots.add(certificate).map_err(|error| broken(format!("tls.ca {}: {error}", path.display())))?;
    }
    Ok(roots)
}

fn system_roots() -> Result<RootCertStore, Fault> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        return Err(broken("tls: the system has no certificate authorities; name one with `tls.ca`".to_owned()));
    }
    Ok(roots)
}

/// Checks the chain and forgives the name: Kafka's `ssl.endpoint.identification.algorithm=`.
#[derive(Debug)]
struct AnyHostName(Arc<WebPkiServerVerifier>);

impl ServerCertVerifier for AnyHostName {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        // The chain is verified before the name, so a name error means the chain is sound.
        match self.0.verify_server_cert(certificate, intermediates, name, ocsp, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }

    fn root_hint_subjects(&self) -> Option<&[rustls::DistinguishedName]> {
        self.0.root_hint_subjects()
    }
}
