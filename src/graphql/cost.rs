//! Cost of fields, for the limit on complexity. Arguments come from strangers, so nothing is multiplied
//! before it is clamped.

/// Limits that hold once a document is parsed and validated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemaLimits {
    /// Cost of an operation: a point a field, multiplied by the lengths of the lists that it stands in.
    pub complexity: usize,
}

/// Largest number that a list argument counts for.
const MAX: usize = 1_000;

/// Cost of a list of at most `items` (the default if `None`), each costing `child`.
pub fn list(items: Option<i32>, default: usize, child: usize) -> usize {
    let items = items.map_or(default, |n| usize::try_from(n).unwrap_or(1));
    1usize.saturating_add(items.clamp(1, MAX).saturating_mul(child))
}

/// Cost of a connection.
pub fn connection(first: Option<i32>, last: Option<i32>, child: usize) -> usize {
    list(first.or(last), 20, child)
}

/// Cost of series with their points: each of `first` series has up to `last` points, which are what is
/// selected below.
pub fn series(first: i32, last: i32, child: usize) -> usize {
    list(Some(first), 100, list(Some(last), 24, child))
}

/// Cost of a ranking: the figures of all its units are read, whatever is selected of them.
pub fn ranking(child: usize) -> usize {
    child.saturating_add(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_numbers_do_not_wrap() {
        for n in [-1, 0, i32::MAX, i32::MIN] {
            assert!(list(Some(n), 20, 1 << 40) >= 1 << 40);
            assert_eq!(list(Some(n), 20, usize::MAX), usize::MAX);
        }
    }
}
