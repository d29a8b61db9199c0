//! A small storm in each run of the tests: what it counts must hold at any size.

use std::process::Command;

/// Devices, where `PALIER_STORM_DEVICES` says nothing else.
const DEVICES: &str = "300";
/// The most memory of a connection that waits, in KiB. A debug build holds more than a release.
const IDLE_KIB: f64 = 80.0;

#[test]
fn a_relay_that_is_killed_among_its_devices_loses_nothing() {
    let devices = std::env::var("PALIER_STORM_DEVICES").unwrap_or_else(|_unset| DEVICES.into());
    let ran = Command::new(env!("CARGO_BIN_EXE_palier-bench"))
        .args(["storm", "--patience", "120", "--devices", &devices])
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{errors}");
    let figure: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(figure["lost"], 0);
    assert_eq!(figure["devices"].to_string(), devices);
    assert!(figure["answered_envelopes"].as_u64().unwrap() > 0);
    // Everybody lost a connection, and came back.
    assert!(figure["reconnections"].as_u64() >= figure["devices"].as_u64());
    assert!(
        figure["idle_kib_per_connection"].as_f64().unwrap() < IDLE_KIB,
        "{figure}"
    );
}
