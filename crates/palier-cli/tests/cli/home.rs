//! A device in a temporary folder, asked through the binary.

use std::{
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use palier_core::demo::{self, Town};
use serde_json::Value;
use tempfile::TempDir;

/// The binary.
pub(crate) const PALIER: &str = env!("CARGO_BIN_EXE_palier");
/// A relay that does not answer: nobody listens on this port (RFC 6335, §6: it is reserved).
pub(crate) const AWAY: &str = "http://127.0.0.1:1";

/// A folder with a device.
pub(crate) struct Home {
    folder: TempDir,
}

impl Home {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
        }
    }

    /// An organiser with the town, one team `Nord` and the turf `Un` of station 1.
    pub(crate) fn with_a_turf(town: &Town) -> Self {
        let home = Self::new();
        home.json(["campaign", "create", "--name", "Essai", "--relay", AWAY]);
        for (subject, file) in home.files(town) {
            home.json(["import", subject, &file]);
        }
        home.json(["team", "create", "--name", "Nord"]);
        let turf = [
            "turf",
            "create",
            "--name",
            "Un",
            "--team",
            "Nord",
            "--station",
            "1",
        ];
        home.json(turf);
        home
    }

    /// The town's three files, written beside the device.
    pub(crate) fn files(&self, town: &Town) -> [(&'static str, String); 3] {
        [
            (
                "stations",
                self.write("stations.geojson", &town.stations_geojson()),
            ),
            (
                "addresses",
                self.write("addresses.csv", &town.addresses_csv()),
            ),
            ("results", self.write("results.csv", &town.results_csv())),
        ]
    }

    /// Writes a file beside the device.
    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Where the device is.
    pub(crate) fn device(&self) -> PathBuf {
        self.folder.path().join("device")
    }

    /// The command, not yet started.
    pub(crate) fn command<const N: usize>(&self, args: [&str; N]) -> Command {
        let mut command = Command::new(PALIER);
        command
            .args(args)
            .arg("--home")
            .arg(self.device())
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run<const N: usize>(&self, args: [&str; N]) -> Output {
        self.command(args).output().unwrap()
    }

    /// What a person reads.
    pub(crate) fn lines<const N: usize>(&self, args: [&str; N]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The one JSON value.
    pub(crate) fn json<const N: usize>(&self, args: [&str; N]) -> Value {
        let output = self.command(args).arg("--json").output().unwrap();
        assert!(output.status.success(), "{args:?}: {output:?}");
        assert!(output.stderr.is_empty(), "{args:?}: {output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The one line of a refusal, which is the same with `--json`.
    pub(crate) fn refused<const N: usize>(&self, args: [&str; N]) -> String {
        let output = self.run(args);
        let with_json = self.command(args).arg("--json").output().unwrap();
        for output in [&output, &with_json] {
            assert_eq!(output.status.code(), Some(1), "{args:?}: {output:?}");
            assert!(output.stdout.is_empty(), "{args:?}: {output:?}");
        }
        let line = String::from_utf8(output.stderr).unwrap();
        assert!(line.starts_with("palier: "), "{line}");
        assert_eq!(line.lines().count(), 1, "{line}");
        line
    }

    /// The ids of the doors of a turf.
    pub(crate) fn doors(&self, turf: &str) -> Vec<String> {
        let doors = self.json(["doors", "--turf", turf]);
        let doors = doors.as_array().unwrap();
        doors.iter().map(|row| text(&row["door"])).collect()
    }
}

/// A JSON string.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The town of every test.
pub(crate) fn town() -> Town {
    demo::town(7)
}
