//! The text format of Prometheus: <https://prometheus.io/docs/instrumenting/exposition_formats/>.

use std::fmt::{Display, Write};

use super::histogram::Histogram;

/// Lines of metrics.
#[derive(Debug, Default)]
pub(super) struct Text(String);

impl Text {
    /// What the next lines are.
    pub(super) fn family(&mut self, name: &str, kind: &str, help: &str) {
        self.line(format_args!("# HELP {name} {help}\n# TYPE {name} {kind}"));
    }

    /// One value.
    pub(super) fn sample(&mut self, name: &str, labels: &str, value: impl Display) {
        if labels.is_empty() {
            self.line(format_args!("{name} {value}"));
        } else {
            self.line(format_args!("{name}{{{labels}}} {value}"));
        }
    }

    /// One value for each word.
    pub(super) fn words(&mut self, name: &str, label: &str, words: &[(String, u64)]) {
        for (word, count) in words {
            self.sample(name, &format!("{label}=\"{word}\""), count);
        }
    }

    /// The lines of a histogram.
    pub(super) fn histogram(&mut self, name: &str, labels: &str, histogram: &Histogram) {
        let comma = if labels.is_empty() { "" } else { "," };
        let mut all = 0;
        for (bound, count) in histogram.cumulated() {
            let labels = format!("{labels}{comma}le=\"{bound}\"");
            self.sample(&format!("{name}_bucket"), &labels, count);
            all = count;
        }
        self.sample(&format!("{name}_sum"), labels, histogram.sum());
        self.sample(&format!("{name}_count"), labels, all);
    }

    pub(super) fn done(self) -> String {
        self.0
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing into a text never fails.
        let _always = writeln!(self.0, "{line}");
    }
}
