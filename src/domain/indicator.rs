//! Indicators: what is measured, in which unit, and what may be done with the figures.

use std::{fmt, str::FromStr};

use super::{
    breakdown::{Breakdown, is_code},
    id::*,
    text::Text,
};

closed_list! {
    /// Measure kind: how the figure behaves over time and under addition.
    MeasureKind {
        /// A level at a moment.
        Stock => "STOCK",
        /// Something that happens over a period.
        Flow => "FLOW",
        /// A share or rate made of two quantities.
        Ratio => "RATIO",
        /// A score.
        Index => "INDEX",
        /// A place in an order, with the size of its field.
        Rank => "RANK",
        /// A printed rate of change against a named base period.
        Change => "CHANGE",
        /// A mean.
        Average => "AVERAGE",
    }
}

closed_list! {
    /// Which way is better.
    Direction {
        /// More is better.
        Higher => "HIGHER",
        /// Less is better.
        Lower => "LOWER",
        /// Neither.
        Neutral => "NEUTRAL",
    }
}

closed_list! {
    /// An axis along which figures of an indicator may be summed.
    Axis {
        /// Over units of one kind.
        Unit => "unit",
        /// Over disjoint periods.
        Period => "period",
        /// Over the values of a breakdown.
        Breakdown => "breakdown",
    }
}

/// What the figures count: %, dossiers, billion VND. Never called just "unit".
#[derive(Debug, Clone, PartialEq)]
pub struct UnitOfMeasure {
    /// Code, such as `BILLION_VND`.
    pub code: String,
    /// Power of ten of the base unit: 9 for billions (UNIT_MULT of SDMX).
    pub multiplier: i16,
    /// Name.
    pub name: Text,
    /// Symbol printed after a figure; may be empty.
    pub symbol: Text,
}

/// A chapter or sub-chapter: the pillars of the digital-transformation index.
#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    /// Code.
    pub code: String,
    /// Code of the topic above.
    pub parent: Option<String>,
    /// Order among its siblings.
    pub position: i32,
    /// Name.
    pub name: Text,
}

/// An extra axis of indicators.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimension {
    /// Code.
    pub code: String,
    /// Order.
    pub position: i32,
    /// Name.
    pub name: Text,
    /// Its values in order.
    pub values: Vec<DimensionValue>,
}

/// A value of a dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct DimensionValue {
    /// Code, unique within the dimension.
    pub code: String,
    /// Order.
    pub position: i32,
    /// Name.
    pub name: Text,
}

/// A quantity named by indicator and breakdown: `services.full-online-dossiers[channel=online]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Quantity {
    /// The indicator.
    pub indicator: IndicatorId,
    /// Its position on the extra axes.
    pub breakdown: Breakdown,
}

impl Quantity {
    /// The position of this quantity beside a figure: its own axes, and those of the figure that it does not name.
    pub fn beside(&self, of: &Breakdown) -> Breakdown {
        let own: Vec<(&str, &str)> = self.breakdown.pairs().collect();
        let others = of.pairs().filter(|(d, _)| !own.iter().any(|(name, _)| name == d));
        let pairs = own.iter().copied().chain(others).map(|(d, v)| (d.to_owned(), v.to_owned()));
        // Every dimension is named once by construction.
        Breakdown::from_pairs(pairs).unwrap_or_default()
    }
}

/// A quantity as written in a file, before its code is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuantityRef {
    /// Code of the indicator.
    pub indicator: String,
    /// Its position on the extra axes.
    pub breakdown: Breakdown,
}

impl FromStr for QuantityRef {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (code, breakdown) = match text.strip_suffix(']').and_then(|t| t.split_once('[')) {
            Some((code, breakdown)) => {
                (code, breakdown.parse().map_err(|e: super::breakdown::BreakdownError| e.to_string())?)
            }
            None => (text, Breakdown::default()),
        };
        match is_code(code) {
            true => Ok(Self { indicator: code.to_owned(), breakdown }),
            false => Err(format!("`{text}` is not `indicator` or `indicator[dimension=value]`")),
        }
    }
}

impl fmt::Display for QuantityRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.breakdown.is_total() {
            true => f.write_str(&self.indicator),
            false => write!(f, "{}[{}]", self.indicator, self.breakdown),
        }
    }
}

/// What is measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Surrogate key.
    pub id: IndicatorId,
    /// Stable code.
    pub code: String,
    /// Short title.
    pub name: Text,
    /// What is counted, of what, where.
    pub definition: Text,
    /// Code of the topic.
    pub topic: String,
    /// Code of the unit of measure.
    pub unit_of_measure: String,
    /// Measure kind.
    pub kind: MeasureKind,
    /// Which way is better.
    pub direction: Direction,
    /// Decimals usually shown.
    pub decimals: i16,
    /// What it may be summed over.
    pub additive_over: Vec<Axis>,
    /// For a ratio: what is counted above the line.
    pub numerator: Option<Quantity>,
    /// For a ratio: what is counted below the line.
    pub denominator: Option<Quantity>,
    /// For a printed rate of change: the quantity that changes.
    pub growth_of: Option<Quantity>,
    /// The unit that answers for the figures.
    pub owner: Option<UnitId>,
    /// Other names.
    pub aliases: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_is_read_and_printed() {
        for text in ["dossiers.received", "dossiers.received[intake=online]"] {
            assert_eq!(text.parse::<QuantityRef>().expect(text).to_string(), text);
        }
        for bad in ["", "Dossiers", "a[b]", "a[b=c", "a..b"] {
            assert!(bad.parse::<QuantityRef>().is_err(), "{bad}");
        }
    }
}
