//! The steps of a submission: review, publication, correction, withdrawal.

use async_graphql::{Context, InputObject, MaybeUndefined, Object};

use super::payload;
use crate::{
    domain::submission::{Action, Submission as It},
    graphql::{
        caller::{after_write, caller, newest},
        error::Result,
        scalars::{DateTime, given},
        types::{release::Release, submission::Submission},
    },
    usecase::{
        act::Complaint,
        publish,
        workflow::{self, Step},
    },
};

#[derive(Default)]
pub struct SubmissionMutation;

/// Declares the input of a step.
macro_rules! step_input {
    ($(#[$doc:meta])* $name:ident { $comment:ident: $(#[$cdoc:meta])* $ty:ty $(, $(#[$edoc:meta])* $extra:ident: $ety:ty)* }) => {
        $(#[$doc])*
        #[derive(InputObject)]
        pub struct $name {
            /// Code of the submission: `S-7`.
            pub submission: String,
            /// The version that the caller has seen; the step fails with `STALE` if it has changed since. Any if left out.
            pub version: MaybeUndefined<i32>,
            $(#[$cdoc])*
            pub $comment: $ty,
            $($(#[$edoc])* pub $extra: $ety,)*
        }
    };
}

step_input! {
    /// A draft to submit for review.
    SubmitReportInput { comment: /** What to say with it: at most 4,000 characters. */ MaybeUndefined<String> }
}
step_input! {
    /// A submission to send back.
    ReturnReportInput { reason: /** Why: 1 to 4,000 characters. */ String }
}
step_input! {
    /// A submission to approve.
    ApproveReportInput { comment: /** What to say with it: at most 4,000 characters. */ MaybeUndefined<String> }
}
step_input! {
    /// An approved submission to publish.
    PublishReportInput {
        comment: /** What to say with it: at most 4,000 characters. */ MaybeUndefined<String>,
        /** When: an instant in the future, at most 400 days ahead. Now if left out. */
        at: MaybeUndefined<DateTime>
    }
}
step_input! {
    /// A scheduled submission whose time is taken back.
    UnscheduleReportInput { comment: /** What to say with it: at most 4,000 characters. */ MaybeUndefined<String> }
}
step_input! {
    /// A draft to give up.
    DiscardReportInput { comment: /** What to say with it: at most 4,000 characters. */ MaybeUndefined<String> }
}
step_input! {
    /// A comment.
    CommentOnReportInput { comment: /** What to say: 1 to 4,000 characters. */ String }
}
step_input! {
    /// A finding to accept.
    WaiveFindingInput {
        reason: /** Why: 1 to 4,000 characters. It stays visible. */ String,
        /** Code of the finding. */
        finding: String
    }
}

/// A published report to correct.
#[derive(InputObject)]
pub struct CorrectReportInput {
    /// Official number of the report.
    pub report: String,
    /// Why: 1 to 4,000 characters. It is published with the new version.
    pub reason: String,
}

/// A published report to withdraw.
#[derive(InputObject)]
pub struct WithdrawReportInput {
    /// Official number of the report.
    pub report: String,
    /// Why: 1 to 4,000 characters. It is published with the withdrawal.
    pub reason: String,
}

/// Declares the payload of a step.
macro_rules! step_payload {
    ($payload:ident, $error:ident, $code:ident $(, $(#[$doc:meta])* $variant:ident)*) => {
        payload! {
            /// The submission after the step.
            $payload {
                /// The submission as it is now, also if the step was not taken; null if there is none.
                submission: Option<Submission>,
            }
            $error: $code {
                /// There is no such submission.
                NotFound,
                /// Somebody was faster: look at the submission and try again.
                Stale,
                /// It cannot be done in this state.
                WrongState,
                /// The text is too long.
                TooLarge,
                $($(#[$doc])* $variant,)*
            }
        }

        impl $payload {
            async fn of(
                ctx: &Context<'_>,
                code: &str,
                outcome: std::result::Result<It, Vec<Complaint>>,
            ) -> Result<Self> {
                let view = after_write(ctx).await?;
                let actor = &caller(ctx).act.actor;
                let (it, complaints) = match outcome {
                    Ok(it) => (Some(it), Vec::new()),
                    Err(complaints) => (current(&view, code).await?, complaints),
                };
                let (errors, error_count) = $error::list(complaints)?;
                Ok(Self { submission: it.map(|it| Submission::of(&view, it, actor)), errors, error_count })
            }
        }
    };
}

step_payload!(SubmitReportPayload, SubmitReportError, SubmitReportErrorCode,
    /// It has no figures.
    Empty);
step_payload!(ReturnReportPayload, ReturnReportError, ReturnReportErrorCode,
    /// A reason is needed.
    ReasonRequired);
step_payload!(ApproveReportPayload, ApproveReportError, ApproveReportErrorCode,
    /// It has no figures.
    Empty,
    /// Findings of severity ERROR are neither mended nor waived.
    BlockedByFindings);
step_payload!(PublishReportPayload, PublishReportError, PublishReportErrorCode,
    /// It has no figures.
    Empty,
    /// Findings of severity ERROR are neither mended nor waived.
    BlockedByFindings,
    /// Its content is not what was approved.
    NotApproved,
    /// The time is not in the future, or too far ahead.
    BadTime);
step_payload!(UnscheduleReportPayload, UnscheduleReportError, UnscheduleReportErrorCode);
step_payload!(DiscardReportPayload, DiscardReportError, DiscardReportErrorCode);
step_payload!(CommentOnReportPayload, CommentOnReportError, CommentOnReportErrorCode,
    /// There is nothing in it.
    ReasonRequired);
step_payload!(WaiveFindingPayload, WaiveFindingError, WaiveFindingErrorCode,
    /// A reason is needed.
    ReasonRequired);
step_payload!(CorrectReportPayload, CorrectReportError, CorrectReportErrorCode,
    /// A reason is needed.
    ReasonRequired);

payload! {
    /// The withdrawal.
    WithdrawReportPayload {
        /// The release that withdraws the figures; null if they were not withdrawn.
        release: Option<Release>,
    }
    WithdrawReportError: WithdrawReportErrorCode {
        /// No such report is published.
        NotFound,
        /// It is withdrawn already.
        WrongState,
        /// A reason is needed.
        ReasonRequired,
        /// The text is too long.
        TooLarge,
    }
}

/// The submission as it is now, for those who may see it.
async fn current(view: &crate::graphql::context::View, code: &str) -> Result<Option<It>> {
    use crate::graphql::error::InternalExt;
    crate::store::submissions::by_code(view.database.reader(), code).await.internal()
}

fn text(comment: MaybeUndefined<String>, argument: &str) -> Result<String> {
    Ok(given(comment, argument)?.unwrap_or_default())
}

fn step(submission: String, version: MaybeUndefined<i32>, comment: String) -> Result<Step> {
    Ok(Step { code: submission, seen: given(version, "input.version")?, comment })
}

async fn take(
    ctx: &Context<'_>,
    action: Action,
    step: &Step,
    at: Option<chrono::DateTime<chrono::Utc>>,
) -> Result<std::result::Result<It, Vec<Complaint>>> {
    let (view, database) = newest(ctx);
    Ok(workflow::step(&database, view.catalogue(), &caller(ctx).act, action, step, at).await?)
}

#[Object]
impl SubmissionMutation {
    /// Submits a draft for review. For EDITOR with a part in it or grants for its units.
    async fn submit_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft.")] input: SubmitReportInput,
    ) -> Result<SubmitReportPayload> {
        let step = step(input.submission, input.version, text(input.comment, "input.comment")?)?;
        SubmitReportPayload::of(ctx, &step.code, take(ctx, Action::Submit, &step, None).await?).await
    }

    /// Sends a submission back. For REVIEWER without a part in it.
    async fn return_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The submission and the reason.")] input: ReturnReportInput,
    ) -> Result<ReturnReportPayload> {
        let step = step(input.submission, input.version, input.reason)?;
        ReturnReportPayload::of(ctx, &step.code, take(ctx, Action::Return, &step, None).await?).await
    }

    /// Approves a submission as it is: a later change sends it back. For REVIEWER without a part in it.
    async fn approve_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The submission.")] input: ApproveReportInput,
    ) -> Result<ApproveReportPayload> {
        let step = step(input.submission, input.version, text(input.comment, "input.comment")?)?;
        ApproveReportPayload::of(ctx, &step.code, take(ctx, Action::Approve, &step, None).await?).await
    }

    /// Publishes an approved submission, now or at a time. For PUBLISHER.
    #[graphql(complexity = "500 + child_complexity")]
    async fn publish_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The submission and the time.")] input: PublishReportInput,
    ) -> Result<PublishReportPayload> {
        let step = step(input.submission, input.version, text(input.comment, "input.comment")?)?;
        let at = given(input.at, "input.at")?.map(|at| at.instant("input.at")).transpose()?;
        let outcome = match at {
            Some(at) => {
                let scheduled = take(ctx, Action::Schedule, &step, Some(at)).await?;
                caller(ctx).jobs.note_schedule();
                scheduled
            }
            None => {
                let (view, database) = newest(ctx);
                publish::publish(&database, view.catalogue(), &caller(ctx).act, &step).await?
            }
        };
        PublishReportPayload::of(ctx, &step.code, outcome).await
    }

    /// Takes the time of publication back: the submission is approved again. For PUBLISHER.
    async fn unschedule_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The submission.")] input: UnscheduleReportInput,
    ) -> Result<UnscheduleReportPayload> {
        let step = step(input.submission, input.version, text(input.comment, "input.comment")?)?;
        UnscheduleReportPayload::of(ctx, &step.code, take(ctx, Action::Unschedule, &step, None).await?).await
    }

    /// Gives up a draft or what was returned. For EDITOR with a part in it or grants for its units.
    async fn discard_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The submission.")] input: DiscardReportInput,
    ) -> Result<DiscardReportPayload> {
        let step = step(input.submission, input.version, text(input.comment, "input.comment")?)?;
        DiscardReportPayload::of(ctx, &step.code, take(ctx, Action::Discard, &step, None).await?).await
    }

    /// Says something about a submission. For EDITOR, REVIEWER, PUBLISHER, STEWARD.
    async fn comment_on_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The submission and the comment.")] input: CommentOnReportInput,
    ) -> Result<CommentOnReportPayload> {
        let step = step(input.submission, input.version, input.comment)?;
        CommentOnReportPayload::of(ctx, &step.code, take(ctx, Action::Comment, &step, None).await?).await
    }

    /// Accepts a finding, with a reason that stays visible. For REVIEWER and STEWARD without a part in it.
    async fn waive_finding(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The finding and the reason.")] input: WaiveFindingInput,
    ) -> Result<WaiveFindingPayload> {
        let (view, database) = newest(ctx);
        let step = step(input.submission, input.version, input.reason)?;
        let waived = workflow::waive(&database, view.catalogue(), &caller(ctx).act, &step, &input.finding);
        WaiveFindingPayload::of(ctx, &step.code, waived.await?).await
    }

    /// Begins a correction of a published report: an empty draft, whose figures will replace those of the same keys.
    /// For PUBLISHER.
    async fn correct_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The report and the reason.")] input: CorrectReportInput,
    ) -> Result<CorrectReportPayload> {
        let (view, database) = newest(ctx);
        let act = &caller(ctx).act;
        let begun = publish::correct(&database, view.catalogue(), act, &input.report, &input.reason).await?;
        CorrectReportPayload::of(ctx, "", begun).await
    }

    /// Withdraws a published report: its figures are gone from now on; earlier states keep them. For PUBLISHER.
    #[graphql(complexity = "500 + child_complexity")]
    async fn withdraw_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The report and the reason.")] input: WithdrawReportInput,
    ) -> Result<WithdrawReportPayload> {
        let (view, database) = newest(ctx);
        let act = &caller(ctx).act;
        let done = publish::withdraw(&database, view.catalogue(), act, &input.report, &input.reason).await?;
        Ok(match done {
            Ok(number) => {
                let view = after_write(ctx).await?;
                let it = view.item(&view.catalogue().releases, |r| r.number == number, "release")?;
                WithdrawReportPayload { release: Some(Release::of(&view, it)), errors: Vec::new(), error_count: 0 }
            }
            Err(complaints) => {
                let (errors, error_count) = WithdrawReportError::list(complaints)?;
                WithdrawReportPayload { release: None, errors, error_count }
            }
        })
    }
}
