//! Mutations, one file a group of verbs. Each takes one input and gives a payload: the changed object and errors
//! that the user can put right. What the caller may not do at all is a top-level error.

pub mod accounts;
pub mod imports;
pub mod metadata;
pub mod session;
pub mod submissions;

use async_graphql::MergedObject;

/// What can be done. Nothing here is open to anonymous callers but signing in.
#[derive(MergedObject, Default)]
pub struct Mutation(
    session::SessionMutation,
    accounts::AccountMutation,
    imports::ImportMutation,
    metadata::MetadataMutation,
    submissions::SubmissionMutation,
);

/// Declares the payload of a mutation, its error type and the codes of its errors.
macro_rules! payload {
    (
        $(#[$doc:meta])* $payload:ident { $($(#[$fdoc:meta])* $field:ident: $ty:ty),* $(,)? }
        $error:ident: $code:ident { $($(#[$cdoc:meta])* $variant:ident),* $(,)? }
    ) => {
        $(#[$doc])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $payload {
            $($(#[$fdoc])* pub $field: $ty,)*
            /// What to put right; empty if it was done. At most 100.
            pub errors: Vec<$error>,
            /// How many errors there are in all.
            pub error_count: i32,
        }

        /// Something to put right.
        #[derive(async_graphql::SimpleObject)]
        pub struct $error {
            /// What kind.
            pub code: $code,
            /// What is wrong and what would be right.
            pub message: String,
            /// The input concerned, from the outside in.
            pub path: Vec<String>,
            /// Row of the file, from 1; null if no row is concerned.
            pub row: Option<i32>,
            /// Column of the file, from 1; null if no column is concerned.
            pub column: Option<i32>,
        }

        /// Kinds of errors.
        #[derive(async_graphql::Enum, Debug, Copy, Clone, PartialEq, Eq)]
        pub enum $code { $($(#[$cdoc])* $variant),* }

        impl $error {
            /// The errors of a payload, and how many there are in all.
            fn list(
                complaints: Vec<$crate::usecase::act::Complaint>,
            ) -> $crate::graphql::error::Result<(Vec<Self>, i32)> {
                use $crate::usecase::act::ComplaintKind;
                let count = i32::try_from(complaints.len()).unwrap_or(i32::MAX);
                let error = |c: $crate::usecase::act::Complaint| Ok(Self {
                    code: match c.kind {
                        $(ComplaintKind::$variant => $code::$variant,)*
                        #[allow(unreachable_patterns)]
                        other => {
                            return Err($crate::graphql::error::Fault::Internal(format!("unexpected {other:?}")));
                        }
                    },
                    message: c.message,
                    path: c.path,
                    row: c.row.and_then(|row| i32::try_from(row).ok()),
                    column: c.column.and_then(|column| i32::try_from(column).ok()),
                });
                Ok((complaints.into_iter().take(100).map(error).collect::<$crate::graphql::error::Result<_>>()?, count))
            }
        }
    };
}
use payload;
