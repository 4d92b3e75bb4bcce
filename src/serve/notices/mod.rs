//! Owner notices, delivered: handed to a program, or posted on loopback.
//!
//! A verdict waits for none of it. Notices stand in a short queue, and one after another goes out; what there is no room for is
//! counted, and the next notice says how many were left out: `sluicegate hold list` has them all.

mod command;
mod webhook;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use crate::config::{NotifySettings, Webhook};
use crate::verdict::Verdict;

/// Notices that wait at most.
const QUEUE: usize = 64;
/// How long one delivery may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The pauses before a delivery that failed is tried again.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];

/// Holds that are remembered as told, and how long: the same one is told again after that, should its event come again.
const TOLD: usize = 256;
const AGAIN: Duration = Duration::from_secs(60);

/// One notice, as a webhook gets it.
#[derive(Clone, Debug, Serialize)]
struct Told {
    /// What the owner reads.
    text: String,
    /// The hold that it is about, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    hold: Option<String>,
}

/// How deliveries went.
#[derive(Debug, Default)]
pub(super) struct Deliveries {
    pub(super) delivered: AtomicU64,
    pub(super) failed: AtomicU64,
    /// Notices for which there was no room since the last one that went out.
    left_out: AtomicU64,
}

/// Where notices are put. Nothing is done where the settings name nobody to tell.
#[derive(Debug)]
pub(super) struct Notices {
    queue: Mutex<Option<mpsc::Sender<Told>>>,
    /// The holds that the owner was told of last, and when.
    told: Mutex<VecDeque<(Instant, Ticket)>>,
    pub(super) deliveries: Arc<Deliveries>,
}

/// A hold, and when it lapses: one that was used and is put to the owner anew has the same id, and lapses later.
type Ticket = (String, u64);

/// Takes notices from the queue and delivers them.
pub(super) struct Deliverer {
    queue: mpsc::Receiver<Told>,
    settings: NotifySettings,
    deliveries: Arc<Deliveries>,
}

/// Whom a failed delivery is told: the text says what and why, and nothing of the notice.
pub type Fault = Box<dyn Fn(&str) + Send + Sync>;

impl Notices {
    /// The queue, and what empties it.
    pub(super) fn new(settings: &NotifySettings) -> (Self, Option<Deliverer>) {
        let deliveries = Arc::<Deliveries>::default();
        if settings.command.is_empty() && settings.webhook.is_none() {
            return (Self { queue: Mutex::default(), told: Mutex::default(), deliveries }, None);
        }
        let (sender, queue) = mpsc::channel(QUEUE);
        let deliverer = Deliverer { queue, settings: settings.clone(), deliveries: Arc::clone(&deliveries) };
        (Self { queue: Mutex::new(Some(sender)), told: Mutex::default(), deliveries }, Some(deliverer))
    }

    /// Puts the notices of a verdict into the queue; never waits.
    pub(super) fn tell(&self, verdict: &Verdict) {
        if verdict.notices.is_empty() {
            return;
        }
        let Some(queue) = self.queue.lock().unwrap_or_else(PoisonError::into_inner).clone() else { return };
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|(at, _)| at.elapsed() < AGAIN);
        for notice in &verdict.notices {
            let of = verdict.hold.as_ref().filter(|hold| notice.text.contains(hold.id.as_str()));
            let ticket = of.map(|hold| (hold.id.clone(), hold.expires));
            // Whoever sends an event again has not made it more urgent.
            if ticket.as_ref().is_some_and(|ticket| told.iter().any(|(_, before)| before == ticket)) {
                continue;
            }
            if queue.try_send(Told { text: notice.text.clone(), hold: of.map(|hold| hold.id.clone()) }).is_err() {
                self.deliveries.left_out.fetch_add(1, Ordering::Relaxed);
            } else if let Some(ticket) = ticket {
                told.truncate(TOLD - 1);
                told.push_front((Instant::now(), ticket));
            }
        }
    }

    /// Takes no more.
    pub(super) fn close(&self) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl Deliverer {
    /// Delivers until there is nobody left who could put anything into the queue.
    pub(super) async fn run(mut self, fault: Fault) {
        while let Some(mut told) = self.queue.recv().await {
            let left_out = self.deliveries.left_out.swap(0, Ordering::Relaxed);
            if left_out > 0 {
                told.text = format!("{} ({left_out} more notices were left out: sluicegate hold list)", told.text);
            }
            let Self { settings, deliveries, .. } = &self;
            let command = async {
                if !settings.command.is_empty() {
                    let outcome = delivered(|| command::run(&settings.command, &told.text)).await;
                    account(deliveries, &fault, "`notify.command`", outcome);
                }
            };
            let webhook = async {
                if let Some(webhook) = &settings.webhook {
                    let outcome = delivered(|| post(webhook, &told)).await;
                    account(deliveries, &fault, "`notify.webhook`", outcome);
                }
            };
            tokio::join!(command, webhook);
        }
    }
}

async fn post(webhook: &Webhook, told: &Told) -> Result<(), String> {
    let body = serde_json::to_vec(told).map_err(|error| error.to_string())?;
    webhook::post(webhook, body).await
}

/// Tries a delivery, and tries again where it fails. What was done in vain may have been seen by the owner all the same: a
/// notice comes at least once, and perhaps twice, if it comes at all.
async fn delivered<F: Future<Output = Result<(), String>>>(attempt: impl Fn() -> F) -> Result<(), String> {
    let once = || async { timeout(PATIENCE, attempt()).await.unwrap_or_else(|_| Err("took too long".to_owned())) };
    let mut outcome = once().await;
    for pause in PAUSES {
        if outcome.is_ok() {
            break;
        }
        sleep(pause).await;
        outcome = once().await;
    }
    outcome
}

fn account(deliveries: &Deliveries, fault: &Fault, by: &str, outcome: Result<(), String>) {
    match outcome {
        Ok(()) => deliveries.delivered.fetch_add(1, Ordering::Relaxed),
        Err(why) => {
            fault(&format!("a notice could not be delivered by {by}: {why}"));
            deliveries.failed.fetch_add(1, Ordering::Relaxed)
        }
    };
}
