//! League tables: figures of one indicator and period put in order, honestly.

use std::cmp::Ordering;

use super::{indicator::Direction, number::Exact, observation::Observation};

closed_list! {
    /// Why a unit has no place.
    Unranked {
        /// No figure of the unit is known for the period.
        NoFigure => "NO_FIGURE",
        /// The figure cannot exist, such as 0/0.
        CannotExist => "CANNOT_EXIST",
        /// The figure is missing or suppressed.
        Missing => "MISSING",
    }
}

/// A unit's place.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Place from 1; equal values share it, and the next place counts them all (1, 2, 2, 4).
    pub rank: i32,
    /// How many units share it.
    pub tied: i32,
    /// The figure.
    pub observation: Observation,
}

/// Orders figures that have a value; the better end first (for a neutral indicator the higher).
pub fn rank(direction: Direction, figures: Vec<Observation>) -> Vec<Place> {
    let mut figures: Vec<(Exact, Observation)> = figures.into_iter().filter_map(|o| o.value.map(|v| (v, o))).collect();
    let compare = |a: Exact, b: Exact| match direction {
        Direction::Lower => a.decimal().cmp(&b.decimal()),
        Direction::Higher | Direction::Neutral => b.decimal().cmp(&a.decimal()),
    };
    figures.sort_by(|a, b| compare(a.0, b.0));
    let values: Vec<Exact> = figures.iter().map(|(value, _)| *value).collect();
    figures
        .into_iter()
        .map(|(value, observation)| {
            let better = values.iter().filter(|v| compare(**v, value) == Ordering::Less).count();
            let tied = values.iter().filter(|v| compare(**v, value) == Ordering::Equal).count();
            Place { rank: better as i32 + 1, tied: tied as i32, observation }
        })
        .collect()
}
