//! The authorities that a phone trusts.
//!
//! On Android the network's own verifier asks the Java side, for which an app has to bring a part
//! in Kotlin. The same authorities stand in files, one in each; these are read instead.

use std::{fs, path::Path};

use reqwest::Certificate;

/// Where Android keeps them: with its updates since 14, with the system before.
#[cfg(target_os = "android")]
const FOLDERS: [&str; 2] = [
    "/apex/com.android.conscrypt/cacerts",
    "/system/etc/security/cacerts",
];

/// What this phone trusts.
#[cfg(target_os = "android")]
pub(super) fn of_this_phone() -> Vec<Certificate> {
    in_the_first_of(FOLDERS.map(Path::new))
}

/// The certificates of the first folder that holds any. A file that holds none is passed over.
fn in_the_first_of<'a>(folders: impl IntoIterator<Item = &'a Path>) -> Vec<Certificate> {
    let found = folders.into_iter().map(in_folder);
    found
        .into_iter()
        .find(|all| !all.is_empty())
        .unwrap_or_default()
}

fn in_folder(folder: &Path) -> Vec<Certificate> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let texts = files.filter_map(|file| fs::read(file.path()).ok());
    texts
        .filter_map(|text| Certificate::from_pem_bundle(&text).ok())
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_s_authorities_are_read_from_its_files() {
        let place = tempfile::tempdir().unwrap();
        let [missing, empty, full] =
            ["missing", "empty", "full"].map(|name| place.path().join(name));
        fs::create_dir(&empty).unwrap();
        fs::create_dir(&full).unwrap();
        fs::write(full.join("note.txt"), "no certificate").unwrap();
        // As Android has it: the certificate, and then what it says in words.
        let certificate = include_str!("roots/authority.pem");
        fs::write(
            full.join("5f1c2a3b.0"),
            format!("{certificate}Certificate:\n    Data:\n"),
        )
        .unwrap();

        let found = in_the_first_of([missing.as_path(), &empty, &full]);
        assert_eq!(found.len(), 1);
        assert!(in_the_first_of([missing.as_path(), &empty]).is_empty());

        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().tls_certs_only(found).build();
        assert!(client.is_ok(), "{client:?}");
    }
}
