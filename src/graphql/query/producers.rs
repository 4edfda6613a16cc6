//! What is not public: who calls, submissions, accounts, keys, the audit trail.

use async_graphql::{Context, MaybeUndefined, Object};

use crate::{
    domain::{account::Actor, policy::Operation},
    graphql::{
        caller::{caller, newest, require},
        connection::PageArgs,
        cost,
        error::{InternalExt, Result},
        scalars::given,
        types::{
            account::{Account, AccountConnection, ApiKey, ApiKeyConnection, Viewer},
            audit::AuditEvent,
            enums::SubmissionState,
            import::ImportJob,
            submission::{Submission, SubmissionConnection},
        },
    },
    store::{self, submissions::Which},
};

#[derive(Default)]
pub struct ProducerQuery;

#[Object]
impl ProducerQuery {
    /// Who calls; null for anonymous callers.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Viewer> {
        let actor = &caller(ctx).act.actor;
        (*actor != Actor::Anonymous).then(|| Viewer::of(actor.clone()))
    }

    /// Submissions, newest first, at most 1,000. For accounts with any role.
    #[graphql(complexity = "20 + cost::connection(first, last, child_complexity)")]
    async fn submissions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only in these states.")] states: MaybeUndefined<Vec<SubmissionState>>,
        #[graphql(desc = "Only of the report with this official number.")] report: MaybeUndefined<String>,
        #[graphql(desc = "Number of items from the beginning, 1 to 100; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<SubmissionConnection> {
        let actor = require(ctx, Operation::SeeSubmissions)?;
        let (view, database) = newest(ctx);
        let states = given(states, "states")?;
        let which = Which {
            report: given(report, "report")?,
            states: states.map(|list| list.into_iter().map(Into::into).collect()),
            ..Which::default()
        };
        let found = store::submissions::find(database.reader(), &which).await.internal()?;
        let nodes = found.into_iter().map(|it| Submission::of(&view, it, actor)).collect();
        let page = PageArgs { first, after, last, before };
        SubmissionConnection::cut("submissions", nodes, |s| s.it.code.clone(), &page)
    }

    /// A submission by its code; null if there is none. For accounts with any role.
    #[graphql(complexity = "20 + child_complexity")]
    async fn submission(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code: `S-7`.")] code: String,
    ) -> Option<Result<Submission>> {
        let find = async || {
            let actor = require(ctx, Operation::SeeSubmissions)?;
            let (view, database) = newest(ctx);
            let found = store::submissions::by_code(database.reader(), &code).await.internal()?;
            Ok(found.map(|it| Submission::of(&view, it, actor)))
        };
        find().await.transpose()
    }

    /// A job; null if the caller has begun none of this id. For EDITOR.
    #[graphql(complexity = "20 + child_complexity")]
    async fn import_job(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the job.")] id: String,
    ) -> Option<Result<ImportJob>> {
        let find = async || {
            let actor = require(ctx, Operation::Import)?;
            let (view, database) = newest(ctx);
            let found = store::jobs::by_id(database.reader(), &id).await.internal()?;
            let own = found.filter(|j| j.actor == actor.label());
            Ok(own.map(|it| ImportJob { view, it, actor: actor.clone() }))
        };
        find().await.transpose()
    }

    /// Accounts by name. For ADMIN.
    #[graphql(complexity = "20 + cost::connection(first, last, child_complexity)")]
    async fn accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of items from the beginning, 1 to 100; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<AccountConnection> {
        require(ctx, Operation::Administer)?;
        let (_, database) = newest(ctx);
        let found = store::accounts::all(database.reader()).await.internal()?;
        let nodes = found.into_iter().map(Account::of).collect();
        AccountConnection::cut("accounts", nodes, |a| a.it.name.clone(), &PageArgs { first, after, last, before })
    }

    /// Keys of machines, newest first. For ADMIN.
    #[graphql(complexity = "20 + cost::connection(first, last, child_complexity)")]
    async fn api_keys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of items from the beginning, 1 to 100; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<ApiKeyConnection> {
        require(ctx, Operation::Administer)?;
        let (_, database) = newest(ctx);
        let found = store::accounts::api_keys(database.reader()).await.internal()?;
        let nodes = found.into_iter().map(ApiKey::of).collect();
        ApiKeyConnection::cut("apiKeys", nodes, |k| k.it.id.clone(), &PageArgs { first, after, last, before })
    }

    /// The audit trail, newest first. For ADMIN.
    #[graphql(complexity = "20 + cost::list(Some(first), 50, child_complexity)")]
    async fn audit_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only about this subject: `submission:S-7`, `account:name`, `report:…`.")]
        subject: MaybeUndefined<String>,
        #[graphql(desc = "Only events with a smaller number.")] before: MaybeUndefined<i32>,
        #[graphql(default = 50, desc = "Most items, 1 to 500.")] first: i32,
    ) -> Result<Vec<AuditEvent>> {
        require(ctx, Operation::ReadAudit)?;
        let (_, database) = newest(ctx);
        let first = crate::graphql::scalars::bounded(first, 500, "first")?;
        let subject = given(subject, "subject")?;
        let before = given(before, "before")?.map(i64::from);
        let found = store::audit::newest(database.reader(), subject.as_deref(), before, first as u64).await;
        Ok(found.internal()?.into_iter().map(AuditEvent::of).collect())
    }
}
