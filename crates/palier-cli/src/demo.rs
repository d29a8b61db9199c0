//! A demonstration (in progress).
use std::path::Path;

use crate::{args::Demo, failure::Failure, out::Out};

pub(crate) async fn run(_home: &Path, _wanted: Demo, _out: Out) -> Result<(), Failure> {
    Ok(())
}
