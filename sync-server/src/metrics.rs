//! What the relay counts about itself, as Prometheus reads it. Nothing here names a campaign, a
//! device or a station: labels are words that stand in this program.

mod histogram;
mod text;

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use palier_core::wire::Pushed;

use self::{histogram::Histogram, text::Text};

/// Seconds, for what should take milliseconds and may take longer.
const SPANS_S: &[f64] = &[
    0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];
/// Envelopes in a push.
const SIZES: &[f64] = &[
    1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1_000.0,
];

/// What the relay counts about itself.
#[derive(Debug)]
pub(crate) struct Metrics {
    routes: Vec<Route>,
    faults: Words,
    spent: Words,
    stored: AtomicU64,
    duplicate: AtomicU64,
    refused: Words,
    received_bytes: AtomicU64,
    sent_bytes: AtomicU64,
    batch: Histogram,
    commit: Histogram,
    ended_streams: Words,
}

#[derive(Debug)]
struct Route {
    labels: String,
    answers: Words,
    took: Histogram,
}

/// What is so at the moment when it is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gauges {
    /// Open connections.
    pub(crate) connections: usize,
    /// Open event streams.
    pub(crate) streams: usize,
    /// Bytes of requests in memory, of introduced devices and of others.
    pub(crate) body_bytes: [usize; 2],
    /// Devices whose budgets are counted.
    pub(crate) counted_devices: usize,
    /// Size of the store, where it is known.
    pub(crate) store_bytes: Option<u64>,
    /// Whether the relay takes requests.
    pub(crate) ready: bool,
}

impl Metrics {
    /// Counts for these routes, each a method and a path.
    pub(crate) fn new(routes: &[(&str, &str)]) -> Self {
        let routes = routes.iter().map(|(method, path)| Route {
            labels: format!("method=\"{method}\",route=\"{path}\""),
            answers: Words::default(),
            took: Histogram::new(SPANS_S),
        });
        Self {
            routes: routes.collect(),
            faults: Words::default(),
            spent: Words::default(),
            stored: AtomicU64::default(),
            duplicate: AtomicU64::default(),
            refused: Words::default(),
            received_bytes: AtomicU64::default(),
            sent_bytes: AtomicU64::default(),
            batch: Histogram::new(SIZES),
            commit: Histogram::new(SPANS_S),
            ended_streams: Words::default(),
        }
    }

    /// A route answered.
    pub(crate) fn answered(&self, route: usize, status: u16, took: Duration) {
        if let Some(route) = self.routes.get(route) {
            route.answers.add(&status.to_string());
            route.took.observe(took.as_secs_f64());
        }
    }

    /// A request was not granted, for the reason of a word.
    pub(crate) fn faulted(&self, code: &str) {
        self.faults.add(code);
    }

    /// A request met a limit.
    pub(crate) fn spent(&self, of: &str) {
        self.spent.add(of);
    }

    /// A body came.
    pub(crate) fn received(&self, bytes: usize) {
        self.received_bytes.fetch_add(bytes as u64, Relaxed);
    }

    /// A body of a known size goes out.
    pub(crate) fn sent(&self, bytes: u64) {
        self.sent_bytes.fetch_add(bytes, Relaxed);
    }

    /// A push was answered, so long after it was handed to the store.
    pub(crate) fn pushed(&self, pushed: &[Pushed], took: Duration) {
        #[expect(clippy::cast_precision_loss, reason = "at most 1,000")]
        self.batch.observe(pushed.len() as f64);
        self.commit.observe(took.as_secs_f64());
        for one in pushed {
            match one {
                Pushed::Stored(_) => {
                    self.stored.fetch_add(1, Relaxed);
                }
                Pushed::Duplicate(_) => {
                    self.duplicate.fetch_add(1, Relaxed);
                }
                Pushed::Refused(refusal) => self.refused.add(&refusal.to_string()),
            }
        }
    }

    /// The relay ended an event stream.
    pub(crate) fn ended_stream(&self, why: &str) {
        self.ended_streams.add(why);
    }

    /// All of it, in the text format of Prometheus (version 0.0.4).
    pub(crate) fn text(&self, gauges: &Gauges) -> String {
        let mut text = Text::default();
        self.write_requests(&mut text);
        self.write_pushes(&mut text);
        write_gauges(&mut text, gauges);
        text.done()
    }

    fn write_requests(&self, text: &mut Text) {
        text.family(
            "palier_requests_total",
            "counter",
            "Requests by route and status.",
        );
        for route in &self.routes {
            for (status, count) in route.answers.all() {
                let labels = format!("{},status=\"{status}\"", route.labels);
                text.sample("palier_requests_total", &labels, count);
            }
        }
        let took = "palier_request_seconds";
        text.family(took, "histogram", "Until an answer begins, by route.");
        for route in &self.routes {
            text.histogram(took, &route.labels, &route.took);
        }
        let faults = "palier_faults_total";
        text.family(
            faults,
            "counter",
            "Requests that were not granted, by word.",
        );
        text.words(faults, "code", &self.faults.all());
        let spent = "palier_limit_refusals_total";
        text.family(spent, "counter", "Requests that met a limit, by limit.");
        text.words(spent, "limit", &self.spent.all());
        let received = "palier_received_bytes_total";
        text.family(received, "counter", "Bytes of requests that were read.");
        text.sample(received, "", self.received_bytes.load(Relaxed));
        let sent = "palier_sent_bytes_total";
        text.family(sent, "counter", "Bytes of answers whose size is known.");
        text.sample(sent, "", self.sent_bytes.load(Relaxed));
        let ended = "palier_ended_streams_total";
        text.family(
            ended,
            "counter",
            "Event streams that the relay ended, by reason.",
        );
        text.words(ended, "why", &self.ended_streams.all());
    }

    fn write_pushes(&self, text: &mut Text) {
        let envelopes = "palier_envelopes_total";
        text.family(envelopes, "counter", "Envelopes by what became of them.");
        text.sample(envelopes, "answer=\"stored\"", self.stored.load(Relaxed));
        text.sample(
            envelopes,
            "answer=\"duplicate\"",
            self.duplicate.load(Relaxed),
        );
        let refused = self.refused.all();
        let all: u64 = refused.iter().map(|(_, count)| count).sum();
        text.sample(envelopes, "answer=\"refused\"", all);
        let refusals = "palier_refusals_total";
        text.family(refusals, "counter", "Refused envelopes by word.");
        text.words(refusals, "code", &refused);
        let batch = "palier_push_envelopes";
        text.family(batch, "histogram", "Envelopes in a push.");
        text.histogram(batch, "", &self.batch);
        let commit = "palier_commit_seconds";
        text.family(
            commit,
            "histogram",
            "From a push that is checked to its commit.",
        );
        text.histogram(commit, "", &self.commit);
    }
}

fn write_gauges(text: &mut Text, gauges: &Gauges) {
    let [members, strangers] = gauges.body_bytes;
    let count = |count: usize| count as u64;
    for (name, help, labels, value) in [
        (
            "palier_connections",
            "Open connections.",
            "",
            Some(count(gauges.connections)),
        ),
        (
            "palier_streams",
            "Open event streams.",
            "",
            Some(count(gauges.streams)),
        ),
        (
            "palier_counted_devices",
            "Devices whose budgets are counted.",
            "",
            Some(count(gauges.counted_devices)),
        ),
        (
            "palier_store_bytes",
            "Size of the store.",
            "",
            gauges.store_bytes,
        ),
        (
            "palier_ready",
            "1 where the relay takes requests.",
            "",
            Some(gauges.ready.into()),
        ),
        (
            "palier_body_bytes",
            "Bytes of requests in memory, by who sends them.",
            "from=\"devices\"",
            Some(count(members)),
        ),
        (
            "palier_body_bytes",
            "",
            "from=\"strangers\"",
            Some(count(strangers)),
        ),
        (
            "process_resident_memory_bytes",
            "Memory in use.",
            "",
            resident_bytes(),
        ),
        (
            "palier_info",
            "The program's version.",
            concat!("version=\"", env!("CARGO_PKG_VERSION"), "\""),
            Some(1),
        ),
    ] {
        if let Some(value) = value {
            if !help.is_empty() {
                text.family(name, "gauge", help);
            }
            text.sample(name, labels, value);
        }
    }
}

/// Memory that this process holds, where the system says it.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1_024)
}

/// Counts by word. The words are those of this program, so that there are few.
#[derive(Debug, Default)]
struct Words(Mutex<BTreeMap<String, u64>>);

impl Words {
    fn add(&self, word: &str) {
        let mut words = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match words.get_mut(word) {
            Some(count) => *count += 1,
            None => {
                words.insert(word.to_owned(), 1);
            }
        }
    }

    fn all(&self) -> Vec<(String, u64)> {
        let words = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        words
            .iter()
            .map(|(word, count)| (word.clone(), *count))
            .collect()
    }
}
