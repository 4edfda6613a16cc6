//! Jobs: large imports beside requests, with their progress; and the files that were sent for them.

use std::{
    collections::HashMap,
    io::Write,
    sync::{Arc, Mutex},
};

use chrono::{DateTime, Duration, Utc};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use tokio::{
    sync::{Notify, oneshot, watch},
    time::MissedTickBehavior,
};

use super::{
    act::{Act, Complaint, ComplaintKind, Outcome, UseError, begin, complain},
    import::{self, JobState, Order, Progress, Source},
};
use crate::{
    auth::secret,
    domain::{audit::hex, policy::Operation, submission::Submission},
    snapshot::Snapshot,
    store::{
        Database,
        jobs::{self, JobRow, Upload},
        submissions,
    },
};

/// The jobs of this process, so that they can be stopped.
#[derive(Debug, Clone, Default)]
pub struct Jobs {
    running: Arc<Mutex<HashMap<String, watch::Sender<bool>>>>,
    scheduled: Arc<Notify>,
}

/// Bytes of a piece of a file.
const PIECE: usize = 256 * 1024;
/// How long a file is kept.
const KEPT: Duration = Duration::hours(24);
/// A job that was not heard of for so long is dead: its process was killed.
const ALIVE: Duration = Duration::seconds(60);

/// A file on its way in.
pub struct Receiving {
    id: String,
    name: String,
    digest: Sha256,
    bytes: u64,
    most: u64,
    piece: Vec<u8>,
    number: i32,
}

impl Receiving {
    /// Begins to receive a file of at most so many bytes.
    ///
    /// # Errors
    /// If the actor may not.
    pub fn begin(act: &Act, name: &str, most: u64) -> Result<Self, UseError> {
        act.may(Operation::Import)?;
        Ok(Self {
            id: secret::short_id(),
            name: name.chars().filter(|c| !c.is_control()).take(200).collect(),
            digest: Sha256::new(),
            bytes: 0,
            most,
            piece: Vec::with_capacity(PIECE),
            number: 0,
        })
    }

    /// Takes some bytes; false if the file is too large.
    ///
    /// # Errors
    /// As the database says.
    pub async fn take(&mut self, database: &Database, mut bytes: &[u8]) -> Result<bool, UseError> {
        self.bytes += bytes.len() as u64;
        if self.bytes > self.most {
            return Ok(false);
        }
        self.digest.update(bytes);
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(PIECE - self.piece.len()));
            self.piece.extend_from_slice(now);
            bytes = later;
            if self.piece.len() == PIECE {
                self.write(database).await?;
            }
        }
        Ok(true)
    }

    async fn write(&mut self, database: &Database) -> Result<(), UseError> {
        self.number += 1;
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        let transaction = begin(database).await?;
        jobs::add_chunk(&transaction, &self.id, self.number, piece).await?;
        Ok(transaction.commit().await?)
    }

    /// Ends; gives the file.
    ///
    /// # Errors
    /// As the database says.
    pub async fn end(mut self, database: &Database, act: &Act) -> Result<Upload, UseError> {
        if !self.piece.is_empty() {
            self.write(database).await?;
        }
        let file = Upload {
            id: self.id,
            actor: act.actor.label(),
            name: self.name,
            hash: hex(&self.digest.finalize()),
            bytes: i64::try_from(self.bytes).unwrap_or(i64::MAX),
            created_at: act.time(),
        };
        let transaction = begin(database).await?;
        jobs::forget_uploads(&transaction, act.time() - KEPT).await?;
        jobs::add_upload(&transaction, file.clone()).await?;
        act.audit(&transaction, "upload", &format!("upload:{}", file.id), "", &file.hash, &file.name).await?;
        transaction.commit().await?;
        Ok(file)
    }

    /// Gives up; nothing is kept.
    ///
    /// # Errors
    /// As the database says.
    pub async fn give_up(self, database: &Database) -> Result<(), UseError> {
        let transaction = begin(database).await?;
        jobs::delete_chunks(&transaction, &self.id).await?;
        Ok(transaction.commit().await?)
    }
}

/// A file that the actor sent, on the disk of this machine for as long as the value lives.
///
/// # Errors
/// As the database or the disk says.
pub async fn fetch(database: &Database, act: &Act, id: &str) -> Outcome<(Upload, NamedTempFile)> {
    let file = jobs::upload(database.reader(), id).await?.filter(|u| u.actor == act.actor.label());
    let Some(file) = file else {
        return complain(ComplaintKind::NotFound, &["input", "source", "upload"], "you have sent no such file.");
    };
    let broken = |e: std::io::Error| UseError::Internal(format!("a file cannot be kept: {e}"));
    let mut disk = NamedTempFile::new().map_err(broken)?;
    let mut digest = Sha256::new();
    for number in 1.. {
        match jobs::chunk(database.reader(), id, number).await? {
            Some(bytes) => {
                digest.update(&bytes);
                disk.write_all(&bytes).map_err(broken)?;
            }
            None => break,
        }
    }
    disk.flush().map_err(broken)?;
    if hex(&digest.finalize()) != file.hash {
        let message = "a piece of the file is gone; send it again.";
        return complain(ComplaintKind::NotFound, &["input", "source", "upload"], message);
    }
    Ok(Ok((file, disk)))
}

/// Begins a job. The file lives until it ends.
///
/// # Errors
/// If the actor may not.
pub async fn start(
    jobs: &Jobs,
    database: &Database,
    snapshot: &Arc<Snapshot>,
    act: &Act,
    mut order: Order,
    file: NamedTempFile,
    idempotency_key: Option<String>,
) -> Outcome<JobRow> {
    act.may(Operation::Import)?;
    if let Some(complaint) = import::untimely(act, &order) {
        return Ok(Err(vec![complaint]));
    }
    order.source = Source::File(file.path().to_owned());
    let row = JobRow {
        id: secret::short_id(),
        actor: act.actor.label(),
        state: JobState::Running.code().to_owned(),
        rows_read: 0,
        rows_total: None,
        message: String::new(),
        submission: None,
        created_at: act.time(),
        updated_at: act.time(),
    };
    let transaction = begin(database).await?;
    jobs::add(&transaction, row.clone()).await?;
    act.audit(&transaction, "start-import", &format!("job:{}", row.id), "", "", &order.file_name).await?;
    transaction.commit().await?;
    let (stop, stopped) = watch::channel(false);
    jobs.lock().insert(row.id.clone(), stop);
    let (jobs, database, snapshot, act, kept) =
        (jobs.clone(), database.clone(), snapshot.clone(), act.clone(), row.clone());
    tokio::spawn(async move {
        let file = file;
        let done = work(&database, &snapshot, &act, &order, idempotency_key, kept, stopped).await;
        jobs.lock().remove(&done.id);
        drop(file);
    });
    Ok(Ok(row))
}

impl Jobs {
    /// Says that a publication was scheduled.
    pub fn note_schedule(&self) {
        self.scheduled.notify_one();
    }

    /// Waits until a publication is scheduled.
    pub async fn scheduled(&self) {
        self.scheduled.notified().await;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, watch::Sender<bool>>> {
        self.running.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Does the job and writes its progress once a second, side by side: the one waits for the writer that the other holds.
async fn work(
    database: &Database,
    snapshot: &Arc<Snapshot>,
    act: &Act,
    order: &Order,
    key: Option<String>,
    mut row: JobRow,
    stop: watch::Receiver<bool>,
) -> JobRow {
    let (rows, mut seen) = watch::channel((0, None));
    let progress = Progress { rows, stop: stop.clone() };
    let began = act.time();
    let clock = std::time::Instant::now();
    let now = || began + Duration::from_std(clock.elapsed()).unwrap_or_default();
    let (running, mut ended_running) = oneshot::channel::<()>();
    let working = async {
        let outcome = import::run_large(database, snapshot, act, order, key, &progress).await;
        drop(running);
        outcome
    };
    let telling = async {
        let mut tick = tokio::time::interval(std::time::Duration::from_secs(1));
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                _ = &mut ended_running => break,
                _ = tick.tick() => {}
            }
            let (read, total) = *seen.borrow_and_update();
            (row.rows_read, row.rows_total) = (to_i64(read), total.map(to_i64));
            row.updated_at = micros(now());
            if let Err(error) = note(database, row.clone()).await {
                tracing::warn!(%error, "progress of a job cannot be written");
            }
        }
    };
    let (outcome, ()) = tokio::join!(working, telling);
    let (read, total) = *seen.borrow();
    (row.rows_read, row.rows_total) = (to_i64(read), total.map(to_i64));
    (row.state, row.message, row.submission) = ended(outcome, *stop.borrow());
    row.updated_at = micros(now());
    if let Err(error) = note(database, row.clone()).await {
        tracing::error!(%error, "the end of a job cannot be written");
    }
    row
}

fn micros(time: DateTime<Utc>) -> DateTime<Utc> {
    use chrono::SubsecRound;
    time.trunc_subsecs(6)
}

fn to_i64(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn ended(outcome: Outcome<Submission>, stopped: bool) -> (String, String, Option<String>) {
    let (state, message, submission) = match outcome {
        Ok(Ok(submission)) => (JobState::Done, String::new(), Some(submission.code)),
        Ok(Err(_)) if stopped => (JobState::Cancelled, String::new(), None),
        Ok(Err(complaints)) => {
            let first: Vec<&str> = complaints.iter().take(20).map(|c: &Complaint| c.message.as_str()).collect();
            (JobState::Failed, first.join("\n"), None)
        }
        Err(UseError::Refused(refusal)) => (JobState::Failed, format!("{refusal}."), None),
        Err(error) => {
            tracing::error!(%error, "a job failed");
            (JobState::Failed, "The service failed; try again later.".to_owned(), None)
        }
    };
    (state.code().to_owned(), message, submission)
}

async fn note(database: &Database, row: JobRow) -> Result<(), UseError> {
    let transaction = begin(database).await?;
    jobs::update(&transaction, row).await?;
    Ok(transaction.commit().await?)
}

/// Stops a job of the actor, if it runs in this process.
///
/// # Errors
/// If the actor may not.
pub async fn cancel(jobs: &Jobs, database: &Database, act: &Act, id: &str) -> Outcome<JobRow> {
    act.may(Operation::Import)?;
    let row = jobs::by_id(database.reader(), id).await?.filter(|j| j.actor == act.actor.label());
    let Some(row) = row else {
        return complain(ComplaintKind::NotFound, &["input", "id"], "you have no such job.");
    };
    let stopped = jobs.lock().get(id).map(|stop| stop.send_replace(true)).is_some();
    match stopped {
        true => Ok(Ok(row)),
        false => complain(ComplaintKind::WrongState, &["input", "id"], format!("it is {}.", row.state)),
    }
}

/// True of a job whose process was killed.
pub fn is_dead(row: &JobRow, now: DateTime<Utc>) -> bool {
    row.state == JobState::Running.code() && row.updated_at < now - ALIVE
}

/// Deletes what killed imports left behind; called when the service starts.
///
/// # Errors
/// As the database says.
pub async fn clean_up(database: &Database, now: DateTime<Utc>) -> Result<(), UseError> {
    let transaction = begin(database).await?;
    jobs::forget_broken_uploads(&transaction).await?;
    if !jobs::any_alive(&transaction, JobState::Running.code(), now - ALIVE).await? {
        submissions::clear_orphans(&transaction).await?;
    }
    Ok(transaction.commit().await?)
}
