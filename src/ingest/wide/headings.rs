//! What a column measures, by its headings: known wordings first, then names of indicators, then the same words in
//! another order. A heading that fits nothing, or several things, is a mistake and never a guess.

use chrono::Datelike;

use super::{
    layout::Heading,
    words::{in_brackets, is_generic, show, telling_words},
};
use crate::{
    domain::{
        catalogue::Catalogue,
        column::{ColumnName, heading_key, taught_by},
        indicator::{MeasureKind, Quantity, QuantityRef},
        observation::Accumulation,
        period::{Period, Shape},
        text::fold,
    },
    ingest::{nearest::nearest, problem::ProblemCode},
};

/// Why a heading stands for nothing.
pub struct NoMatch {
    /// Unknown or ambiguous.
    pub code: ProblemCode,
    /// What is wrong.
    pub message: String,
    /// The nearest known heading.
    pub suggestion: Option<String>,
}

/// Every heading that is known.
pub struct Headings<'a> {
    catalogue: &'a Catalogue,
    mapping: &'a [ColumnName],
    /// The register first, then what published tables teach.
    known: [Vec<ColumnName>; 2],
    period: Option<Period>,
}

impl<'a> Headings<'a> {
    /// Collects what is known. `mapping` was kept from last time and wins.
    pub fn new(catalogue: &'a Catalogue, mapping: &'a [ColumnName], period: Option<Period>) -> Self {
        let taught = catalogue.tables.iter().flat_map(|t| taught_by(&t.columns)).collect();
        Self { catalogue, mapping, known: [catalogue.column_names.clone(), taught], period }
    }

    /// What stands below a heading.
    ///
    /// # Errors
    /// Nothing, or several quantities.
    pub fn find(&self, heading: &Heading) -> Result<ColumnName, NoMatch> {
        let group = self.group_of(heading);
        let key = (heading_key(&group), heading_key(&heading.label));
        let fits = |name: &&ColumnName| self.fits(heading, &name.quantity);
        let steps: [&dyn Fn() -> Vec<ColumnName>; 7] = [
            &|| self.mapping.iter().filter(|n| n.key() == key).cloned().collect(),
            &|| self.written(&heading.label).into_iter().collect(),
            &|| self.known[0].iter().filter(|n| n.key() == key).filter(fits).cloned().collect(),
            &|| self.known[1].iter().filter(|n| n.key() == key).filter(fits).cloned().collect(),
            &|| self.all().filter(|n| self.label_alone(n, &key)).filter(fits).cloned().collect(),
            &|| match key.0.is_empty() {
                true => self.indicators_named(&key.1).into_iter().filter(|n| fits(&n)).collect(),
                false => Vec::new(),
            },
            &|| {
                let words = telling_words(&[&group, &heading.label]);
                let same = |n: &&ColumnName| !words.is_empty() && telling_words(&[&n.group, &n.label]) == words;
                self.all().filter(same).filter(fits).cloned().collect()
            },
        ];
        for step in steps {
            let found = step();
            let Some(first) = found.first() else { continue };
            let other = found.iter().find(|n| (&n.quantity, n.accumulation) != (&first.quantity, first.accumulation));
            return match other {
                None => Ok(ColumnName { group: group.clone(), label: heading.label.clone(), ..first.clone() }),
                Some(other) => Err(NoMatch {
                    code: ProblemCode::AmbiguousColumn,
                    message: format!(
                        "the heading stands for `{}` and for `{}`",
                        self.catalogue.quantity_ref(&first.quantity),
                        self.catalogue.quantity_ref(&other.quantity)
                    ),
                    suggestion: Some(show(first)),
                }),
            };
        }
        let wanted = format!("{group} {}", heading.label);
        let shown: Vec<String> = self.all().map(show).collect();
        Err(NoMatch {
            code: ProblemCode::UnknownColumn,
            message: "no quantity is known by this heading".to_owned(),
            suggestion: nearest(&wanted, shown.iter().map(String::as_str)).map(str::to_owned),
        })
    }

    fn all(&self) -> impl Iterator<Item = &ColumnName> {
        self.known.iter().flatten()
    }

    /// The group as far as it says something: headings such as `Trong đó` do not count.
    pub fn group_of(&self, heading: &Heading) -> String {
        let is_known =
            |group: &str| self.all().chain(self.mapping).any(|n| heading_key(&n.group) == heading_key(group));
        let telling: Vec<&str> =
            heading.groups.iter().map(String::as_str).filter(|g| is_known(g) || !is_generic(g)).collect();
        telling.join(" ")
    }

    /// True if the label alone decides: the column stands under no group, or under one that says nothing which the
    /// known label does not say too.
    fn label_alone(&self, name: &ColumnName, key: &(String, String)) -> bool {
        let label = heading_key(&name.label);
        let within = || {
            let words = telling_words(&[&name.label]);
            name.group.is_empty() && telling_words(&[&key.0]).iter().all(|w| words.contains(w))
        };
        label == key.1 && (key.0.is_empty() || within())
    }

    /// A quantity is excluded if the heading names another unit of measure in brackets, or says that it is a share.
    fn fits(&self, heading: &Heading, quantity: &Quantity) -> bool {
        let Some(indicator) = self.catalogue.indicator(quantity.indicator) else { return false };
        let measure = self.catalogue.unit_of_measure(&indicator.unit_of_measure);
        let is_share = measure.is_some_and(|m| m.symbol.vi == "%");
        let label = &heading.label;
        if !is_share && (label.contains('%') || fold(label).starts_with("ty le ")) {
            return false;
        }
        let named = |text: &str| {
            let text = fold(text);
            let of = |m: &&std::sync::Arc<crate::domain::indicator::UnitOfMeasure>| {
                [&m.name.vi, &m.symbol.vi, &m.name.en].iter().any(|n| !text.is_empty() && fold(n) == text)
            };
            self.catalogue.units_of_measure.iter().filter(of).map(|m| m.code.clone()).collect::<Vec<_>>()
        };
        in_brackets(label)
            .map(named)
            .filter(|codes| !codes.is_empty())
            .all(|codes| codes.contains(&indicator.unit_of_measure))
    }

    /// A heading that is the code of a quantity, perhaps with an accumulation: `indicator[dim=value] AS_OF`.
    fn written(&self, label: &str) -> Option<ColumnName> {
        let (code, accumulation) = match label.split_once(' ') {
            Some((code, rest)) => (code, Some(Accumulation::from_code(rest.trim())?)),
            None => (label, None),
        };
        let quantity = self.catalogue.quantity(&code.parse::<QuantityRef>().ok()?).ok()?;
        let accumulation = accumulation.or_else(|| self.usual(&quantity))?;
        Some(ColumnName { group: String::new(), label: label.to_owned(), quantity, accumulation })
    }

    fn indicators_named(&self, label: &str) -> Vec<ColumnName> {
        let bears = |i: &&std::sync::Arc<crate::domain::indicator::Indicator>| {
            [&i.name.vi, &i.name.en].into_iter().chain(&i.aliases).any(|n| heading_key(n) == label)
        };
        let found = self.catalogue.indicators.iter().filter(bears);
        found
            .filter_map(|i| {
                let quantity = Quantity { indicator: i.id, breakdown: Default::default() };
                let accumulation = self.usual(&quantity)?;
                Some(ColumnName { group: String::new(), label: i.name.vi.clone(), quantity, accumulation })
            })
            .collect()
    }

    /// How the figures of a quantity usually relate to time: as its known headings say, else by its measure kind.
    fn usual(&self, quantity: &Quantity) -> Option<Accumulation> {
        if let Some(name) = self.all().find(|n| n.quantity.indicator == quantity.indicator) {
            return Some(name.accumulation);
        }
        let indicator = self.catalogue.indicator(quantity.indicator)?;
        let is_named_by_calendar = self
            .period
            .is_some_and(|p| matches!(p.shape(), Shape::Year | Shape::HalfYear | Shape::Quarter | Shape::Month));
        Some(match indicator.kind {
            MeasureKind::Stock | MeasureKind::Ratio => Accumulation::AsOf,
            MeasureKind::Flow if !is_named_by_calendar => Accumulation::YearToDate,
            _ => Accumulation::InPeriod,
        })
    }
}

/// Since 1 January only holds for periods that begin then.
pub fn within(accumulation: Accumulation, period: Period) -> Accumulation {
    match accumulation {
        Accumulation::YearToDate if (period.start().month(), period.start().day()) != (1, 1) => Accumulation::InPeriod,
        other => other,
    }
}
