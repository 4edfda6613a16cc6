//! The example queries in `examples/queries/`: tabs of the page at `/`, sections of the documentation, and
//! tests.

/// An example.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// Name of its file, without the ending.
    pub name: &'static str,
    /// The query; its first line says what it is for.
    pub query: &'static str,
}

macro_rules! examples {
    ($($name:literal),* $(,)?) => {
        /// All examples, in the order of the tabs.
        pub const ALL: &[Example] =
            &[$(Example { name: $name, query: include_str!(concat!("../../examples/queries/", $name, ".graphql")) }),*];
    };
}

examples![
    "portal-home",
    "scorecard",
    "unit-card",
    "league-table",
    "chart",
    "fact-check",
    "availability",
    "system",
    "legal-basis",
    "vintage",
    "reconciliation",
    "search",
];
