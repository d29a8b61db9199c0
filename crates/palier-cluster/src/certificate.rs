//! A certificate for a server, by an authority that lives as long as its cluster. `openssl` makes
//! it, which Debian's PostgreSQL brings with it.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{Place, run};

/// Keys on this curve, and not for longer than a day.
const NEW: [&str; 8] = [
    "req",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-days",
    "1",
];

/// Where the files of a certificate are.
#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    folder: PathBuf,
}

impl Certificate {
    /// A certificate for a server of this name.
    pub(crate) fn issue(place: &Place, name: &str) -> io::Result<Self> {
        let folder = place.folder.join("certificate");
        fs::create_dir(&folder)?;
        place.account.own(&folder)?;
        let openssl = || -> Command {
            let mut command = Command::new("openssl");
            command.current_dir(&folder);
            place.account.runs(&mut command);
            command
        };
        run(openssl()
            .args(NEW)
            .args(["-x509", "-subj", "/CN=authority"])
            .args(["-keyout", "authority.key", "-out", "authority.pem"]))?;
        run(openssl().args(NEW).args(["-subj", "/CN=server"]).args([
            "-keyout",
            "server.key",
            "-out",
            "server.csr",
        ]))?;
        let says = folder.join("server.ext");
        fs::write(&says, format!("subjectAltName = DNS:{name}\n"))?;
        place.account.own(&says)?;
        run(openssl()
            .args(["x509", "-req", "-days", "1", "-in", "server.csr"])
            .args([
                "-CA",
                "authority.pem",
                "-CAkey",
                "authority.key",
                "-CAcreateserial",
            ])
            .args(["-extfile", "server.ext", "-out", "server.pem"]))?;
        Ok(Self { folder })
    }

    pub(crate) fn authority(&self) -> PathBuf {
        self.folder.join("authority.pem")
    }

    /// What a server is told of it.
    pub(crate) fn settings(&self) -> [(&'static str, String); 3] {
        let file = |name: &str| Path::display(&self.folder.join(name)).to_string();
        [
            ("ssl", "on".to_owned()),
            ("ssl_cert_file", file("server.pem")),
            ("ssl_key_file", file("server.key")),
        ]
    }
}
