//! The database: engines, loading, starting again, starting twice.

use std::{path::Path, sync::Arc};

use sea_orm::ConnectionTrait;
use solieu::{
    ingest::dataset,
    store::{self, Database, OpenError, Pools, Scope},
    usecase::load_dataset::{self, LoadError, Outcome},
};

use crate::support::{TestDatabase, on_postgres, shipped_data};

const POOLS: Pools = Pools {
    readers: 2,
    acquire_timeout: std::time::Duration::from_secs(20),
    statement_timeout: std::time::Duration::from_secs(20),
};

fn now() -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp_nanos(1_750_000_000_123_456_789)
}

async fn open(database: &TestDatabase) -> Database {
    let opened = Database::open(&database.url, POOLS).await.expect("opens");
    opened.migrate().await.expect("migrates");
    opened
}

#[tokio::test]
async fn the_suite_runs_on_the_engine_that_it_was_told() {
    let database = TestDatabase::empty().await;
    let opened = open(&database).await;
    let is_postgres = opened.reader().get_database_backend() == sea_orm::DatabaseBackend::Postgres;
    assert_eq!(is_postgres, on_postgres());
}

#[tokio::test]
async fn what_is_loaded_is_what_the_files_say() {
    let database = TestDatabase::empty().await;
    let opened = open(&database).await;
    let loaded = load_dataset::run(&opened, &shipped_data(), now(), true).await.expect("loads");
    let files = dataset::read(&shipped_data()).expect("no mistakes");
    assert_eq!(loaded, Outcome::Loaded { observations: files.observations.len(), releases: 2 });
    let scope = Scope::of_release(2);
    let catalogue = store::load_catalogue(opened.reader(), scope).await.expect("a catalogue");
    let sorted = |parts: &solieu::domain::catalogue::Parts| {
        let mut parts = parts.clone();
        // The database keeps these as sets, in orders of its own.
        for unit in parts.units.iter_mut().map(Arc::make_mut) {
            unit.aliases.sort();
            unit.identifiers.sort_by(|a, b| (&a.scheme, &a.value).cmp(&(&b.scheme, &b.value)));
        }
        for indicator in parts.indicators.iter_mut().map(Arc::make_mut) {
            indicator.aliases.sort();
        }
        for system in parts.systems.iter_mut().map(Arc::make_mut) {
            system.aliases.sort();
            system.indicators.sort();
        }
        for release in parts.releases.iter_mut().map(Arc::make_mut) {
            release.recorded_at = release.published_at;
        }
        parts.topics.sort_by(|a, b| (a.position, &a.code).cmp(&(b.position, &b.code)));
        parts
    };
    let (stored, read) = (sorted(&catalogue), sorted(&files.catalogue));
    assert_eq!(stored.units, read.units);
    assert_eq!(stored.unit_events, read.unit_events);
    assert_eq!(stored.indicators, read.indicators);
    assert_eq!(stored.documents, read.documents);
    assert_eq!(stored.tables, read.tables);
    assert_eq!(stored.systems, read.systems);
    assert_eq!(stored, read);
    let uids: Vec<String> = files.observations.iter().map(|o| o.uid.clone()).collect();
    let mut stored = store::observations::by_uid(opened.reader(), scope, &uids).await.expect("figures");
    stored.sort_by_key(|o| o.id);
    assert_eq!(stored, files.observations);
}

#[tokio::test]
async fn a_release_sees_only_what_it_knew() {
    let database = TestDatabase::loaded().await;
    let opened = open(&database).await;
    let first = store::load_catalogue(opened.reader(), Scope::of_release(1)).await.expect("a catalogue");
    assert_eq!((first.releases.len(), first.reports.len()), (1, 0));
    let all = solieu::domain::selection::Condition::All(Vec::new());
    let old = store::observations::count(opened.reader(), Scope::of_release(1), &all).await.expect("a count");
    let new = store::observations::count(opened.reader(), Scope::of_release(2), &all).await.expect("a count");
    assert_eq!(old, 26);
    assert!(new > 500);
}

#[tokio::test]
async fn started_again_nothing_is_loaded_anew() {
    let database = TestDatabase::loaded().await;
    let opened = open(&database).await;
    let nowhere = Path::new("/nonexistent");
    assert_eq!(
        load_dataset::run(&opened, nowhere, now(), true).await.expect("no need to read"),
        Outcome::AlreadyLoaded
    );
}

#[tokio::test]
async fn started_twice_at_once_one_loads() {
    let database = TestDatabase::empty().await;
    let (a, b) = (open(&database).await, open(&database).await);
    let data = shipped_data();
    let (a, b) = tokio::join!(load_dataset::run(&a, &data, now(), true), load_dataset::run(&b, &data, now(), true));
    let outcomes = [a.expect("loads"), b.expect("waits")];
    assert_eq!(outcomes.iter().filter(|o| matches!(o, Outcome::Loaded { .. })).count(), 1, "{outcomes:?}");
}

#[tokio::test]
async fn one_bad_row_loads_nothing_and_is_named() {
    let folder = copy_of_data();
    let file = folder.path().join("report-3872-2024/figures/3.5.csv");
    let text = std::fs::read_to_string(&file).expect("a file");
    std::fs::write(&file, text.replacen(",12026,", ",12027,", 1)).expect("changed");
    let database = TestDatabase::empty().await;
    let opened = open(&database).await;
    let error = load_dataset::run(&opened, folder.path(), now(), true).await.expect_err("a mistake");
    let LoadError::Problems(problems) = error else { panic!("{error}") };
    assert_eq!(problems.0.len(), 1, "{:?}", problems.0);
    let message = problems.0[0].to_string();
    assert!(
        message.starts_with("report-3872-2024/figures/3.5.csv:")
            && message.contains("(value)")
            && message.contains("reads 12026"),
        "{message}"
    );
    assert_eq!(store::releases::newest(opened.reader()).await.expect("answers"), None);
}

#[tokio::test]
async fn mistakes_of_every_kind_are_named() {
    // File, text to find, text to put there, what the complaint says.
    let cases = [
        (
            "report-3872-2024/figures/3.5.csv",
            "dossiers.on-time-rate,,",
            "dossiers.nothing,,",
            "unknown indicator `dossiers.nothing`",
        ),
        (
            "report-3872-2024/figures/3.5.csv",
            "2024-01-01/2024-09-03,2024-01-01/2024-09-03,,99.78",
            "2024-01-01/2024-09-31,2024-01-01/2024-09-03,,99.78",
            "must be a date",
        ),
        ("report-3872-2024/figures/3.5.csv", ",99.78,", ",99;78,", "is not a number"),
        ("report-3872-2024/figures/3.5.csv", "II.3.5.c", "II.9.9", "has no section `II.9.9`"),
        ("report-3872-2024/tables/II.csv", "46.821", "46.82.1", "more than one way"),
        ("report-3872-2024/tables/II.csv", "Sở Ngoại vụ,TN-SNGV", "Sở Ngoại vụ,TN-STC", "is no name or alias"),
        ("report-3872-2024/tables/II.csv", "2,Sở Ngoại vụ", "1,Sở Ngoại vụ", "stands in line 2 already"),
        ("report-3872-2024/targets.csv", ",2025-12-31,", ",31/12/2025,", "is not a date"),
        ("units.csv", "\nVN,,,Việt Nam,Viet Nam,", "\nVN,,,Việt Nam,,", "must not be empty"),
        ("documents.csv", "TN-BCSD,2024-09-20", "TN-NOBODY,2024-09-20", "no unit `TN-NOBODY`"),
        ("topics.csv", "workforce,,4", "workforce,nothing,4", "no topic `nothing` above"),
        ("system_indicators.csv", "dossier-system,", "dossier-system-x,", "unknown system `dossier-system-x`"),
        ("report-3872-2024/figures/3.5.csv", ",II.3.5.b,13,", ",II.3.5.b,99,", "has footnotes 1 to 19"),
        ("unit_event_links.csv", ",PARTIAL,\n", ",PARTIAL,7.5\n", "between 0 and 1"),
        ("units_of_measure.csv", "MBPS,", "SPARE,0,dự phòng,spare,,\nMBPS,", "(code): `SPARE` is an orphan"),
        (
            "documents.csv",
            "article-2023,,ARTICLE",
            "x-1,,PLAN,,,Kế hoạch,Plan,,\narticle-2023,,ARTICLE",
            "(code): `x-1` is an orphan",
        ),
        ("rules.csv", "NOT_MORE,services.full-online-dossiers", "NOT_MORE,services.nothing", "unknown indicator"),
        ("rules.csv", "WARNING,JUMP,,,,10,", "WARNING,JUMP,,,,1,", "is not more than 1"),
        ("rules.csv", "WARNING,NEVER_FALLS,,,,,", "WARNING,NEVER_FALLS,,,,2,", "stands with JUMP"),
        ("rules.csv", "dossiers.received[intake=online],,,Các cột", ",,,Các cột", "stand with BALANCE"),
        ("unit_events.csv", "2022-04-10.172-renamed,", "2022-04-10.172-renamed-x,", "-x` has no link"),
        ("dataset.toml", "sources = ", "source = ", "unknown field"),
        ("article-2023/source.toml", "2023-01-01/P9M", "2023-Q7", "is not a period"),
    ];
    for (file, find, put, complaint) in cases {
        let folder = copy_of_data();
        let path = folder.path().join(file);
        let text = std::fs::read_to_string(&path).expect(file);
        assert!(text.contains(find), "{file} has `{find}`");
        std::fs::write(&path, text.replacen(find, put, 1)).expect("changed");
        let problems = dataset::read(folder.path()).expect_err(complaint);
        let said: Vec<String> = problems.0.iter().map(ToString::to_string).collect();
        assert!(said.iter().any(|p| p.starts_with(file) && p.contains(complaint)), "{file} `{put}`: {said:?}");
    }
}

#[tokio::test]
async fn broken_files_are_named_and_nothing_panics() {
    for (file, bytes) in [
        ("units.csv", b"\xff\xfe".as_slice()),
        ("topics.csv", b""),
        ("documents.csv", b"a,b\n1,2\n"),
        ("indicators/a-awareness-security.csv", b"code\n\"unclosed"),
        ("report-3872-2024/source.toml", b"document = "),
    ] {
        let folder = copy_of_data();
        std::fs::write(folder.path().join(file), bytes).expect("written");
        let problems = dataset::read(folder.path()).expect_err(file);
        assert!(problems.0.iter().any(|p| p.file == file), "{file}: {:?}", problems.0.first());
    }
}

#[tokio::test]
async fn a_newer_schema_and_a_wrong_address_are_refused() {
    let database = TestDatabase::loaded().await;
    let opened = open(&database).await;
    let transaction = opened.begin().await.expect("begins");
    let statement = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_future', 0)";
    transaction.execute_unprepared(statement).await.expect("inserts");
    transaction.commit().await.expect("commits");
    let refused = opened.migrate().await;
    assert!(matches!(&refused, Err(OpenError::SchemaNewer(name)) if name.contains("future")), "{refused:?}");
    let wrong = Database::open("mysql://u:secret@localhost/x", POOLS).await.expect_err("unknown").to_string();
    assert!(wrong.contains("postgres://") && !wrong.contains("secret"), "{wrong}");
}

pub fn copy_of_data() -> tempfile::TempDir {
    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).expect("a folder");
        for entry in std::fs::read_dir(from).expect("a folder").flatten() {
            let target = to.join(entry.file_name());
            match entry.path().is_dir() {
                true => copy(&entry.path(), &target),
                false => drop(std::fs::copy(entry.path(), target).expect("a copy")),
            }
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    copy(&shipped_data(), folder.path());
    folder
}
