//! Breakdowns: the position of a figure on the extra axes of its indicator.

use std::{collections::BTreeMap, fmt, str::FromStr};

/// Dimension → value, sorted by dimension. The empty breakdown is the total.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Breakdown(BTreeMap<String, String>);

/// Why a text is no breakdown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a breakdown: write `dimension=value`, several joined by `;`, each dimension once")]
pub struct BreakdownError(String);

impl Breakdown {
    /// A breakdown of the given pairs; a repeated dimension is refused by its name.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, String> {
        let mut axes = BTreeMap::new();
        for (dimension, value) in pairs {
            if axes.insert(dimension.clone(), value).is_some() {
                return Err(dimension);
            }
        }
        Ok(Self(axes))
    }

    /// True for the total.
    pub fn is_total(&self) -> bool {
        self.0.is_empty()
    }

    /// The pairs, in the order of the dimension codes.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(d, v)| (d.as_str(), v.as_str()))
    }
}

impl fmt::Display for Breakdown {
    /// The key under which a series is stored: `channel=online;level=district`, empty for the total.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (dimension, value)) in self.pairs().enumerate() {
            write!(f, "{}{dimension}={value}", if i > 0 { ";" } else { "" })?;
        }
        Ok(())
    }
}

impl FromStr for Breakdown {
    type Err = BreakdownError;

    fn from_str(text: &str) -> Result<Self, BreakdownError> {
        let fail = || BreakdownError(text.chars().take(80).collect());
        if text.is_empty() {
            return Ok(Self::default());
        }
        let pairs = text.split(';').map(|pair| match pair.split_once('=') {
            Some((d, v)) if is_code(d) && is_code(v) => Ok((d.to_owned(), v.to_owned())),
            _ => Err(fail()),
        });
        Self::from_pairs(pairs.collect::<Result<Vec<_>, _>>()?).map_err(|_| fail())
    }
}

/// True for the codes of indicators, topics, dimensions and their values: lower-case ASCII letters and
/// digits, in groups joined by one `.` or `-`.
pub fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text
            .split(['.', '-'])
            .all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_does_not_depend_on_the_order_of_writing() {
        let a: Breakdown = "level=district;channel=online".parse().expect("a");
        let b: Breakdown = "channel=online;level=district".parse().expect("b");
        assert_eq!(a, b);
        assert_eq!(a.to_string(), "channel=online;level=district");
    }

    #[test]
    fn half_pairs_and_repetitions_are_refused() {
        for bad in ["level", "level=", "=x", "level=a;level=b", "a=b;", "Level=x", "a=b=c"] {
            assert!(bad.parse::<Breakdown>().is_err(), "{bad}");
        }
    }
}
