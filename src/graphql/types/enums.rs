//! The enums of the schema, each the mirror of a closed list of the domain.

use async_graphql::Enum;

use crate::{domain, search};

/// A language of labels. Vietnamese is the language of record.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::text::Language")]
pub enum Language {
    /// Vietnamese.
    Vi,
    /// English; falls back to Vietnamese where there is no translation.
    En,
}

/// Kind of a unit.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::unit::UnitKind")]
pub enum UnitKind {
    /// A country.
    Country,
    /// A province or a city of the central level.
    Province,
    /// A city of the district level.
    City,
    /// A rural district.
    District,
    /// An urban commune-level unit (phường).
    Ward,
    /// A rural commune (xã).
    Commune,
    /// A township (thị trấn).
    Township,
    /// A provincial department (sở).
    Department,
    /// Another provincial body (ban, thanh tra, văn phòng).
    Agency,
    /// The national or a local government as an issuer.
    Government,
    /// A ministry or a body of its rank.
    Ministry,
    /// A body of the Party.
    Party,
    /// Any other public or social organisation.
    Organisation,
    /// An enterprise.
    Enterprise,
}

/// What happened to units at a date.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::unit::UnitEventKind")]
pub enum UnitEventKind {
    /// A new unit without a predecessor.
    Created,
    /// A new name for the same body and territory.
    Renamed,
    /// The parent or the territory of responsibility changed.
    Moved,
    /// Several units became one.
    Merged,
    /// One unit became several.
    Split,
    /// The unit ended.
    Abolished,
}

/// How much of a former unit went to the new one.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::unit::Extent")]
pub enum Extent {
    /// All of it.
    Full,
    /// A part of it.
    Partial,
}

/// How figures of an indicator behave over time and under addition.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::indicator::MeasureKind")]
pub enum MeasureKind {
    /// A level at a moment.
    Stock,
    /// Something that happens over a period.
    Flow,
    /// A share or rate made of two quantities.
    Ratio,
    /// A score.
    Index,
    /// A place in an order, with the size of its field.
    Rank,
    /// A printed rate of change against a named base period.
    Change,
    /// A mean.
    Average,
}

/// Which way an indicator gets better.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::indicator::Direction")]
pub enum Direction {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither.
    Neutral,
}

/// An axis along which figures of an indicator may be summed.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::indicator::Axis")]
pub enum Axis {
    /// Over units of one kind.
    Unit,
    /// Over disjoint periods.
    Period,
    /// Over the values of a breakdown.
    Breakdown,
}

/// How a figure relates to the time of its period.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::observation::Accumulation")]
pub enum Accumulation {
    /// What happened within the period, or a mean over it.
    InPeriod,
    /// Since 1 January.
    YearToDate,
    /// Since the counting began.
    Cumulative,
    /// A stock or state at a date.
    AsOf,
}

/// State of a figure, after OBS_STATUS of SDMX.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::observation::Status")]
pub enum Status {
    /// A normal figure.
    Normal,
    /// An estimate.
    Estimated,
    /// A provisional figure.
    Provisional,
    /// There is no value because it cannot exist, such as 0/0.
    CannotExist,
    /// There is no value because nobody supplied it.
    Missing,
    /// There is no value, to protect persons.
    Suppressed,
}

/// The vagueness or bound that is printed with a figure.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::observation::Qualifier")]
pub enum Qualifier {
    /// None is printed.
    Exact,
    /// About (khoảng, ước).
    Approximate,
    /// Almost (gần).
    JustBelow,
    /// More than (trên, hơn).
    AtLeast,
    /// At most (tối đa).
    AtMost,
    /// Only the power of ten is known (hàng trăm).
    OrderOfMagnitude,
}

/// What kind of span a period is.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::period::Shape")]
pub enum PeriodShape {
    /// A calendar year.
    Year,
    /// A calendar half-year.
    HalfYear,
    /// A calendar quarter.
    Quarter,
    /// A calendar month.
    Month,
    /// One day.
    Day,
    /// Whole months that make no unit of the calendar, such as nine months.
    Months,
    /// Any other span of days.
    Range,
}

/// Type of a document.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::document::DocumentType")]
pub enum DocumentType {
    /// A resolution (nghị quyết).
    Resolution,
    /// A directive (chỉ thị).
    Directive,
    /// A plan (kế hoạch).
    Plan,
    /// A decision (quyết định).
    Decision,
    /// A decree (nghị định).
    Decree,
    /// An official letter (công văn).
    OfficialLetter,
    /// A report (báo cáo).
    Report,
    /// A press article.
    Article,
    /// A regulation (quy chế).
    Regulation,
    /// A project (đề án).
    Project,
    /// A press release (thông cáo báo chí).
    PressRelease,
}

/// How one document refers to another.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::document::ReferenceKind")]
pub enum ReferenceKind {
    /// It mentions it.
    Cites,
    /// It was written in execution of it.
    LegalBasis,
    /// It takes figures from it.
    Source,
}

/// What a target demands of its figure.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::target::Comparator")]
pub enum Comparator {
    /// More than the value (trên).
    GreaterThan,
    /// The value or more (tối thiểu).
    AtLeast,
    /// Exactly the value.
    Equal,
    /// The value or less, such as a place among the first fifteen.
    AtMost,
    /// A demand in words, without a number.
    Text,
}

/// Level of government that a target is set for.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::target::Level")]
pub enum Level {
    /// Province.
    Province,
    /// District.
    District,
    /// Commune.
    Commune,
}

/// How a target stands.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::target::Rating")]
pub enum Rating {
    /// Met (đạt).
    Achieved,
    /// Not met yet, with the due date ahead (đang thực hiện).
    InProgress,
    /// Not met, with the due date past.
    NotAchieved,
    /// Cannot be rated (chưa đánh giá).
    NotAssessed,
}

/// Why there is no change to show.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::change::NoChange")]
pub enum NoChange {
    /// Nothing is known for the earlier period.
    NoEarlierFigure,
    /// An earlier figure covers a span of another length or another part of the year.
    PeriodsNotComparable,
    /// A period of this kind has none of the same kind right before it.
    NoPrecedingPeriod,
    /// One of the two figures has no value.
    ValueMissing,
    /// The ranks are places in fields of different size.
    FieldsDiffer,
}

/// Why figures on two sides of a point cannot simply be compared.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::series::BreakKind")]
pub enum BreakKind {
    /// The periods differ in length or in their part of the year.
    PeriodShape,
    /// The unit was merged, split, moved or abolished.
    UnitEvent,
}

/// Why a unit has no place in a ranking.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::ranking::Unranked")]
pub enum Unranked {
    /// No figure of the unit is known for the period.
    NoFigure,
    /// The figure cannot exist, such as 0/0.
    CannotExist,
    /// The figure is missing or suppressed.
    Missing,
}

/// What kind of thing a search finds.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "search::Kind")]
pub enum SearchKind {
    /// Indicators.
    Indicator,
    /// Units, in all their versions.
    Unit,
    /// Documents.
    Document,
    /// Reports.
    Report,
    /// Information systems.
    System,
    /// Topics.
    Topic,
    /// Targets.
    Target,
}

/// What a finding means for publication.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::rule::Severity")]
pub enum Severity {
    /// The figures cannot be right.
    Error,
    /// The figures contradict each other or look wrong.
    Warning,
}

/// What a validation rule looks at.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::rule::CheckKind")]
pub enum CheckKind {
    /// A total is the sum over the values of one axis.
    BreakdownsAddUp,
    /// The total line of a complete table is the sum of its rows.
    RowsAddUp,
    /// One quantity is the sum of others.
    Balance,
    /// One quantity is not more than another.
    NotMore,
    /// A ratio is its numerator over its denominator, as rounded.
    RatioHolds,
    /// Shares lie between 0 and 100 %, ranks and scores within their field.
    WithinBounds,
    /// Printings of one key have one value.
    PrintingsAgree,
    /// What accumulates from the start does not fall.
    NeverFalls,
    /// The published rating of a target is that of its numbers.
    RatingAgrees,
    /// Within a document, the figure of a unit is the sum over the units right below it, where each has one.
    UnitsAddUp,
    /// A figure is of the size that its series had in earlier periods of the same kind.
    Jump,
    /// Nothing in a document is dated after it, and its tables bear its date.
    DatesAgree,
    /// The columns of a printed table stand under their own headings.
    ColumnMatches,
}

/// What a person may do.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::account::Role")]
pub enum Role {
    /// Imports figures for granted units and what lies below them.
    Editor,
    /// Returns or approves what others submitted.
    Reviewer,
    /// Publishes, schedules, corrects and withdraws.
    Publisher,
    /// Keeps indicators, units and rules.
    Steward,
    /// Keeps accounts, keys and grants, and reads the audit trail.
    Admin,
    /// Reads submissions.
    Reader,
}

/// Where a submission stands.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::submission::State")]
pub enum SubmissionState {
    /// Being put together.
    Draft,
    /// Waiting for review.
    Submitted,
    /// Sent back with a reason.
    Returned,
    /// Approved as its content hash says.
    Approved,
    /// Approved, and to be published at a time.
    Scheduled,
    /// Public.
    Published,
    /// Replaced by a later version.
    Superseded,
    /// Taken back.
    Withdrawn,
}

/// What can be done with a submission.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::submission::Action")]
pub enum Action {
    /// Bring figures, which replace those of the same keys.
    Import,
    /// Submit for review.
    Submit,
    /// Give up what is not public.
    Discard,
    /// Send back.
    Return,
    /// Approve.
    Approve,
    /// Accept a finding.
    Waive,
    /// Set the time of publication.
    Schedule,
    /// Take the time back.
    Unschedule,
    /// Publish.
    Publish,
    /// Begin a correction.
    Correct,
    /// A later version was published.
    Supersede,
    /// Withdraw what is public.
    Withdraw,
    /// Say something.
    Comment,
}

/// Form of what is imported.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "crate::usecase::import::Format")]
pub enum ImportFormat {
    /// A row a figure.
    Long,
    /// Units down, indicators across.
    Wide,
    /// The text of a report.
    Text,
    /// Figures pushed by a machine.
    Push,
}

/// How a file writes numbers.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::number_style::NumberStyle")]
pub enum NumberStyle {
    /// 1.234,5: dots group, a comma is the decimal sign.
    Vietnamese,
    /// 1,234.5: commas group, a dot is the decimal sign.
    International,
}

/// Kinds of mistakes in a file.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "crate::ingest::problem::ProblemCode")]
pub enum CellProblemCode {
    /// The file is damaged, of an unknown format or not UTF-8.
    BadFile,
    /// The file, a row or a cell is larger than allowed.
    TooLarge,
    /// A column that is needed is missing.
    MissingColumn,
    /// A heading that stands for no known quantity.
    UnknownColumn,
    /// A heading that stands for several quantities.
    AmbiguousColumn,
    /// A name or code that no unit has.
    UnknownUnit,
    /// A name that several units have.
    AmbiguousUnit,
    /// A code that no indicator has.
    UnknownIndicator,
    /// A code out of a closed list, or a breakdown, that is not known.
    UnknownCode,
    /// A period or date that cannot be read.
    BadPeriod,
    /// A cell that holds no number.
    NotANumber,
    /// A number that can be read in more than one way.
    AmbiguousNumber,
    /// A number in another style than the rest of the file.
    MixedNumberStyle,
    /// A formula, whose cached result is not trusted.
    Formula,
    /// A required cell is empty, or one that must be empty is not.
    BadCell,
    /// The same figure twice.
    Duplicate,
    /// No figure was found.
    NothingFound,
}

/// Where a job stands.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[graphql(remote = "crate::usecase::import::JobState")]
pub enum JobState {
    /// Reading and writing.
    Running,
    /// Done: the submission has the figures.
    Done,
    /// It came to nothing, for the reason given.
    Failed,
    /// Somebody stopped it; nothing was kept.
    Cancelled,
}
