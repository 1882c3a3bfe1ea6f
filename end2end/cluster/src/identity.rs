//! Who a broker is: Kafka's random ids, and the certificates of its TLS listeners.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};

use crate::error::{Result, at};
use crate::listener::ALICE;

/// A new id as Kafka writes them: 16 bytes in URL-safe base64, 22 letters.
pub(crate) fn random_id() -> Result<String> {
    let source = Path::new("/dev/urandom");
    let mut bytes = [0; 22];
    File::open(source).and_then(|mut file| file.read_exact(&mut bytes)).map_err(at("reading", source))?;
    Ok(id_of(bytes))
}

fn id_of(bytes: [u8; 22]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let letter = |n: u8| char::from(LETTERS[usize::from(n % 64)]);
    let mut id: String = bytes.iter().map(|&b| letter(b)).collect();
    // Kafka makes no ids that begin with a dash: tools would take them for options.
    if id.starts_with('-') {
        id.replace_range(..1, "A");
    }
    // 22 letters hold 132 bits: the last four of 128 must be zero.
    id.pop();
    id.push(letter(bytes[21] & 0b11_0000));
    id
}

/// Writes `ca.pem`, `server.pem`, `client.pem` (key, certificate and CA in one file each) and `wrong-ca.pem`, an authority
/// that signed nothing here.
pub(crate) fn write_certificates(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(at("creating", folder))?;
    let (ca_pem, ca) = authority("Steward development CA")?;
    let (wrong_pem, _) = authority("Another CA")?;
    let server = signed("broker", &["127.0.0.1", "localhost"], &ca)?;
    let client = signed(ALICE.name, &[], &ca)?;
    for (name, content) in [
        ("ca.pem", ca_pem.clone()),
        ("wrong-ca.pem", wrong_pem),
        ("server.pem", server + &ca_pem),
        ("client.pem", client + &ca_pem),
    ] {
        let path = folder.join(name);
        fs::write(&path, content).map_err(at("writing", &path))?;
    }
    Ok(())
}

fn authority(name: &str) -> Result<(String, Issuer<'static, KeyPair>)> {
    let key = KeyPair::generate()?;
    let mut params = params(name, &[])?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let pem = params.self_signed(&key)?.pem();
    Ok((pem, Issuer::new(params, key)))
}

fn signed(name: &str, addresses: &[&str], ca: &Issuer<'static, KeyPair>) -> Result<String> {
    let key = KeyPair::generate()?;
    let mut params = params(name, addresses)?;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    let certificate = params.signed_by(&key, ca)?;
    Ok(key.serialize_pem() + &certificate.pem())
}

fn params(name: &str, addresses: &[&str]) -> Result<CertificateParams> {
    let addresses: Vec<String> = addresses.iter().map(|&a| a.to_owned()).collect();
    let mut params = CertificateParams::new(addresses)?;
    params.distinguished_name.push(DnType::CommonName, name);
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_what_kafka_can_decode() {
        let id = id_of([255; 22]);
        assert_eq!(id.len(), 22);
        assert!(id.ends_with('w'), "{id}");
        assert_eq!(&id_of([62; 22])[..1], "A");
        assert_ne!(random_id().expect("id"), random_id().expect("id"));
    }
}
