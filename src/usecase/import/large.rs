//! Imports of large files in the long format: read in a thread, written in pieces, with constant memory. What is
//! written belongs to nobody until the last transaction makes it part of a submission.

use std::{ops::ControlFlow, sync::Arc, time::Duration};

use tokio::sync::{mpsc, watch};

use super::{
    attach, cell_complaint,
    read::{self, Format, Hasher, Known, Order, Source, Unreadable},
    repeated, unreadable,
};
use crate::{
    domain::{
        observation::Observation,
        policy::{self, Operation},
        submission::{Header, Submission},
    },
    ingest::{
        long::LongSummary,
        problem::{CellProblem, ProblemCode, Problems100},
    },
    snapshot::Snapshot,
    store::{
        Database,
        submissions::{self, Import},
    },
    usecase::act::{Act, ComplaintKind, Outcome, UseError, complain},
};

crate::domain::id::closed_list! {
    /// Where a job stands.
    JobState {
        /// Reading and writing.
        Running => "RUNNING",
        /// Done: the submission has the figures.
        Done => "DONE",
        /// It came to nothing, for the reason given.
        Failed => "FAILED",
        /// Somebody stopped it; nothing was kept.
        Cancelled => "CANCELLED",
    }
}

/// An import that runs beside requests.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// Who began it.
    pub actor: String,
    /// Where it stands.
    pub state: JobState,
    /// Rows read so far.
    pub rows_read: u64,
    /// Rows of the file, if that is known.
    pub rows_total: Option<u64>,
    /// Why it failed.
    pub message: String,
    /// The submission it became part of.
    pub submission: Option<String>,
}

/// How far an import is, and whether it is to stop.
#[derive(Debug, Clone)]
pub struct Progress {
    /// Rows read, and rows of the file if known.
    pub rows: watch::Sender<(u64, Option<u64>)>,
    /// True stops it.
    pub stop: watch::Receiver<bool>,
}

/// Figures in a piece, and pieces on their way.
const PIECE: usize = 2_000;
const PIECES: usize = 2;
/// Pieces in one transaction: readers of SQLite are not blocked, other writers are for that long.
const PIECES_A_TRANSACTION: usize = 20;

/// What the reading thread ends with.
type Ended = Result<(LongSummary, Problems100), Unreadable>;

/// Imports a file of the long format.
///
/// # Errors
/// If the actor may not.
pub async fn run(
    database: &Database,
    snapshot: &Arc<Snapshot>,
    act: &Act,
    order: &Order,
    idempotency_key: Option<String>,
    progress: &Progress,
) -> Outcome<Submission> {
    act.may(Operation::Import)?;
    let Source::File(_) = &order.source else {
        return complain(ComplaintKind::BadInput, &["input", "source"], "a job imports a file.");
    };
    if let Some(complaint) = super::untimely(act, order) {
        return Ok(Err(vec![complaint]));
    }
    let open = match &order.report.code {
        Some(code) => super::open_submission(database.reader(), code).await?.map(|s| s.header),
        None => None,
    };
    let known = Known { catalogue: &snapshot.catalogue, open: open.clone(), most: 0 };
    let header = match read::header(&order.report, &known, None, None) {
        Ok(header) => header,
        Err(missing) => return Ok(Err(unreadable(Unreadable::Header(missing)))),
    };
    let (sender, receiver) = mpsc::channel::<Vec<Observation>>(PIECES);
    let reader = spawn_reader(snapshot.clone(), order.clone(), header.clone(), sender, progress.clone());
    let staged = stage(database, act, &header, receiver, progress).await;
    let ended = reader.await.map_err(|_| UseError::Internal("reading a file panicked".to_owned()))?;
    let import = staged.as_ref().ok().and_then(|s| s.as_ref().map(|s| s.import));
    let outcome = match (staged, ended) {
        (Err(error), _) => Err(error),
        (Ok(_), Err(error)) => Ok(Err(unreadable(error))),
        (Ok(_), Ok((_, problems))) if problems.count > 0 => {
            Ok(Err(problems.first.iter().map(cell_complaint).collect()))
        }
        (Ok(None), _) => complain(ComplaintKind::Empty, &["input", "source"], "no figure was found."),
        (Ok(Some(_)), _) if *progress.stop.borrow() => {
            complain(ComplaintKind::WrongState, &["input"], "it was cancelled.")
        }
        (Ok(Some(staged)), Ok(_)) => finish(database, snapshot, act, order, header, staged, idempotency_key).await,
    };
    if let Some(import) = import.filter(|_| !matches!(outcome, Ok(Ok(_)))) {
        // Nobody owns the rows; what cannot be deleted now is deleted at the next start.
        let transaction = act.begin(database).await?;
        submissions::delete_rows(&transaction, import).await?;
        transaction.commit().await?;
    }
    outcome
}

fn spawn_reader(
    snapshot: Arc<Snapshot>,
    order: Order,
    header: Header,
    sender: mpsc::Sender<Vec<Observation>>,
    progress: Progress,
) -> tokio::task::JoinHandle<Ended> {
    tokio::task::spawn_blocking(move || {
        let known = Known { catalogue: &snapshot.catalogue, open: None, most: 0 };
        let Source::File(path) = &order.source else {
            return Err(Unreadable::File(CellProblem::of_file(ProblemCode::BadFile, "no file.".to_owned())));
        };
        let (book, is_long) = read::open_book(&order, &known, path)?;
        if !is_long {
            let message = "a job reads the long format: a row a figure.".to_owned();
            return Err(Unreadable::File(CellProblem::of_file(ProblemCode::MissingColumn, message)));
        }
        let total = book.size_hint();
        let (mut piece, mut read) = (Vec::with_capacity(PIECE), 0u64);
        let mut problems = Problems100::default();
        let mut sink = |o: Observation| {
            piece.push(o);
            read += 1;
            if piece.len() < PIECE {
                return ControlFlow::Continue(());
            }
            progress.rows.send_replace((read, total));
            let full = std::mem::replace(&mut piece, Vec::with_capacity(PIECE));
            match *progress.stop.borrow() || sender.blocking_send(full).is_err() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        let summary = read::stream_long(&order, &known, &book, &header, &mut sink, &mut problems)?;
        if !piece.is_empty() {
            // If nobody listens any more, the writer has failed and says why.
            let _ = sender.blocking_send(piece);
        }
        progress.rows.send_replace((summary.rows, total));
        Ok((summary, problems))
    })
}

/// Figures that are written and belong to nobody yet.
struct Staged {
    import: i32,
    figures: i32,
    hash: String,
}

async fn stage(
    database: &Database,
    act: &Act,
    header: &Header,
    mut pieces: mpsc::Receiver<Vec<Observation>>,
    progress: &Progress,
) -> Result<Option<Staged>, UseError> {
    let mut staged: Option<Staged> = None;
    let mut hash = Hasher::new(header, Format::Long);
    loop {
        let Some(mut piece) = pieces.recv().await else { break };
        let transaction = act.begin(database).await?;
        let import = match &staged {
            Some(staged) => staged.import,
            None => submissions::next_import(&transaction).await?,
        };
        let mut written = 0;
        for n in 1.. {
            piece.iter().for_each(|o| hash.figure(o));
            submissions::insert_rows(&transaction, import, &piece).await?;
            written += piece.len();
            if n == PIECES_A_TRANSACTION || *progress.stop.borrow() {
                break;
            }
            // Waiting for the reader with the lock held would keep others out.
            match tokio::time::timeout(Duration::from_millis(50), pieces.recv()).await {
                Ok(Some(next)) => piece = next,
                _ => break,
            }
        }
        transaction.commit().await?;
        let kept = staged.get_or_insert_with(|| Staged { import, figures: 0, hash: String::new() });
        kept.figures += i32::try_from(written).unwrap_or(i32::MAX);
    }
    if let Some(staged) = &mut staged {
        staged.hash = hash.finish();
    }
    Ok(staged)
}

async fn finish(
    database: &Database,
    snapshot: &Arc<Snapshot>,
    act: &Act,
    order: &Order,
    header: Header,
    staged: Staged,
    idempotency_key: Option<String>,
) -> Outcome<Submission> {
    let transaction = act.begin(database).await?;
    let label = act.actor.label();
    let key = idempotency_key.as_deref();
    match repeated(&transaction, &label, key, &staged.hash).await? {
        Ok(Some(submission)) => {
            submissions::delete_rows(&transaction, staged.import).await?;
            transaction.commit().await?;
            return Ok(Ok(submission));
        }
        Ok(None) => {}
        Err(complaints) => return Ok(Err(complaints)),
    }
    // A node that starts deletes what belongs to nobody, if it has not heard of this import for long.
    if submissions::count_rows(&transaction, staged.import).await? != i64::from(staged.figures) {
        return Err(UseError::Internal(format!("figures of import {} are lost", staged.import)));
    }
    let figures = submissions::unit_indicators(&transaction, &[staged.import]).await?;
    policy::may_bring(&act.actor, &snapshot.catalogue, figures.into_iter())?;
    let doubled = submissions::doubled_keys(&transaction, staged.import).await?;
    if !doubled.is_empty() {
        let complaint = |(first, last, preferred): (i32, i32, i32)| {
            let message = format!(
                "{preferred} preferred figures of one indicator, unit, breakdown and period instead of one: rows {first} to {last}."
            );
            let problem = CellProblem::of_file(ProblemCode::Duplicate, message).in_row(last.unsigned_abs().into());
            cell_complaint(&problem)
        };
        return Ok(Err(doubled.into_iter().map(complaint).collect()));
    }
    let import = Import {
        id: staged.import,
        submission: 0,
        actor: label,
        format: Format::Long.code().to_owned(),
        file_name: order.file_name.chars().take(200).collect(),
        content_hash: staged.hash,
        idempotency_key,
        figures: staged.figures,
        created_at: act.time(),
    };
    let attached = attach(&transaction, snapshot, act, header, import, &[]).await?;
    if attached.is_ok() {
        transaction.commit().await?;
    }
    Ok(attached)
}
