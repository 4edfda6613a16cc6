//! Who somebody is, as arithmetic: password hashes, opaque secrets, signed tokens, the keys of an outside
//! identity provider, and the brake on guessing. No database, no GraphQL, no server: rows and requests
//! are the caller's, the time is an argument. What somebody may do is decided elsewhere.

pub mod external;
mod jws;
pub mod password;
pub mod secret;
pub mod signing;
pub mod throttle;
pub mod token;

/// Seconds by which the clocks of two machines may differ.
const LEEWAY_SECONDS: i64 = 5;
