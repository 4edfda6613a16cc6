//! Surrogate keys, one type a table, so that a unit's key cannot be passed for an indicator's; and the
//! macro for closed lists of values.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub i32);
        impl From<$name> for i32 {
            fn from(id: $name) -> i32 { id.0 }
        }
    )*};
}

ids! {
    /// Key of a unit version.
    UnitId,
    /// Key of a unit event.
    UnitEventId,
    /// Key of an indicator.
    IndicatorId,
    /// Key of a document.
    DocumentId,
    /// Key of a printed table of a document.
    TableId,
    /// Key of a report.
    ReportId,
    /// Key of a target (a part of a numbered target is a target of its own).
    TargetId,
    /// Key of an information system.
    SystemId,
}

/// Declares an enum of values that are stored and exchanged by a fixed code.
macro_rules! closed_list {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident => $code:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The code under which the value is stored.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// The value of a code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

pub(crate) use closed_list;
