//! Every reader of bytes from outside, fed with what a fuzzer makes of them.
//!
//! `TARGET` names the reader. A panic that the product itself catches is no finding; one that
//! gets out of a reader ends the process.

#![no_main]

mod seeds;
mod session;
mod targets;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::LazyLock,
};

use libfuzzer_sys::fuzz_target;

use targets::Target;

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("TARGET").unwrap_or_default();
    let found = targets::ALL.iter().find(|(known, _)| *known == name);
    let Some((_, target)) = found else {
        let names: Vec<_> = targets::ALL.iter().map(|(name, _)| *name).collect();
        eprintln!("TARGET is one of {}", names.join(" "));
        std::process::exit(2);
    };
    *target
});

fuzz_target!(
    init: {
        if let Some(folder) = std::env::var_os("SEEDS") {
            seeds::write(folder.as_ref()).unwrap();
            std::process::exit(0);
        }
        if std::env::var_os("TARGET").is_some_and(|name| name == "bundle") {
            targets::bundle::prepare();
        }
        // What is caught further in stays quiet.
        std::panic::set_hook(Box::new(|_| {}));
    },
    |bytes: &[u8]| {
        if let Err(fell) = catch_unwind(AssertUnwindSafe(|| (*TARGET)(bytes))) {
            let text = fell
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| fell.downcast_ref::<&str>().copied());
            eprintln!("fell: {}", text.unwrap_or("without a word"));
            std::process::abort();
        }
    }
);
