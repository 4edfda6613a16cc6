//! Errors of resolvers. [`Fault`] has no `Display`, so no cause can slip into an answer by way of `?`:
//! every error of the store must be turned into one on purpose.

use async_graphql::{Error, ErrorExtensions};

/// Message of every error that is not the caller's.
pub const INTERNAL_MESSAGE: &str =
    "The server could not answer. Try again later and name the request id if it goes on.";

/// Why a resolver has no answer.
#[derive(Debug, Clone)]
pub enum Fault {
    /// An argument is wrong.
    BadInput {
        /// Path of the argument: `filter.periods`.
        argument: String,
        /// What is wrong and what is allowed.
        message: String,
    },
    /// More is asked than is allowed.
    LimitExceeded {
        /// Name of the limit.
        limit: &'static str,
        /// What is asked and what is allowed.
        message: String,
    },
    /// Nobody has signed in, or not rightly.
    Unauthenticated(String),
    /// The caller may not.
    Forbidden(String),
    /// Too many attempts.
    RateLimited {
        /// How long to wait.
        seconds: u64,
        /// What is said.
        message: String,
    },
    /// The server's own failure; logged with its cause.
    Internal(String),
}

/// Result of a resolver.
pub type Result<T> = std::result::Result<T, Fault>;

impl Fault {
    /// An argument is wrong.
    pub fn bad_input(argument: impl Into<String>, message: impl Into<String>) -> Self {
        Self::BadInput { argument: argument.into(), message: message.into() }
    }
}

/// Turns an error of a lower layer into an internal one.
pub trait InternalExt<T> {
    /// The cause is kept for the log only.
    fn internal(self) -> Result<T>;
}

impl<T, E: std::fmt::Display> InternalExt<T> for std::result::Result<T, E> {
    fn internal(self) -> Result<T> {
        self.map_err(|cause| Fault::Internal(cause.to_string()))
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::BadInput { argument, message } => {
                Error::new(format!("{argument}: {message}")).extend_with(|_, e| {
                    e.set("code", "BAD_INPUT");
                    e.set("argument", argument);
                })
            }
            Fault::LimitExceeded { limit, message } => Error::new(message).extend_with(|_, e| {
                e.set("code", "LIMIT_EXCEEDED");
                e.set("limit", limit);
            }),
            Fault::Unauthenticated(message) => Error::new(message).extend_with(|_, e| e.set("code", "UNAUTHENTICATED")),
            Fault::Forbidden(message) => Error::new(message).extend_with(|_, e| e.set("code", "FORBIDDEN")),
            Fault::RateLimited { seconds, message } => Error::new(message).extend_with(|_, e| {
                e.set("code", "RATE_LIMITED");
                e.set("retryAfter", seconds);
            }),
            Fault::Internal(cause) => {
                tracing::error!(%cause, "a resolver failed");
                Error::new(INTERNAL_MESSAGE).extend_with(|_, e| e.set("code", "INTERNAL"))
            }
        }
    }
}
