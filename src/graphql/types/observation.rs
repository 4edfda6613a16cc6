//! Observations.

mod comparison;
mod connection;

use std::sync::Arc;

use async_graphql::{ID, Object, SimpleObject};

use self::comparison::Comparison;
pub use self::connection::ObservationConnection;
use super::{
    document::{Document, Locator},
    enums::{Accumulation, Language, Qualifier, Status},
    indicator::{Breakdown, Indicator, UnitOfMeasure},
    period::{Period, period_label},
    release::Release,
    report::Report,
    target::Target,
    unit::Unit,
};
use crate::{
    domain::{
        change,
        indicator::{self, Quantity},
        observation,
    },
    graphql::{
        context::View,
        cost,
        error::Result,
        node::{NodeKind, global_id},
        scalars::{Date, Decimal},
    },
};

/// A figure, as one release has it.
#[derive(Clone)]
pub struct Observation {
    view: View,
    it: Arc<observation::Observation>,
}

impl Observation {
    /// The output type of a figure.
    pub fn new(view: &View, observation: observation::Observation) -> Self {
        Self { view: view.clone(), it: Arc::new(observation) }
    }

    /// The figure itself.
    pub fn domain(&self) -> &observation::Observation {
        &self.it
    }

    fn indicator_of(&self) -> Result<&indicator::Indicator> {
        Ok(self.view.indicator(self.it.series.indicator)?.as_ref())
    }

    /// The figure of another quantity for the same unit and period.
    async fn beside(&self, quantity: Option<&Quantity>) -> Result<Option<Observation>> {
        let Some(quantity) = quantity else { return Ok(None) };
        let own = &self.it.series;
        let breakdown = quantity.beside(&own.breakdown);
        let found = self.view.loaders.related((quantity.indicator, own.unit, breakdown)).await?;
        let same = found.iter().filter(|o| o.period == self.it.period);
        let best = same.max_by_key(|o| (o.series.accumulation == own.accumulation, o.document == self.it.document));
        Ok(best.cloned().map(|o| Observation::new(&self.view, o)))
    }

    /// The preferred figures of its own series.
    async fn history(&self) -> Result<Vec<observation::Observation>> {
        let own = &self.it.series;
        let mut found = self.view.loaders.related((own.indicator, own.unit, own.breakdown.clone())).await?;
        found.retain(|o| o.series_id == self.it.series_id);
        Ok(found)
    }

    /// The value with qualifier, scale word and symbol.
    fn display(&self, lang: Language) -> Result<String> {
        let o = &self.it;
        let Some(value) = o.value else { return Ok("–".to_owned()) };
        let indicator = self.indicator_of()?;
        let measure = UnitOfMeasure::of(&self.view, &indicator.unit_of_measure)?;
        let number = value.display(lang.into());
        let symbol = measure.0.symbol.get(lang.into());
        let field = match (indicator.kind, o.field_size) {
            (indicator::MeasureKind::Rank | indicator::MeasureKind::Index, Some(size)) => format!("/{size}"),
            _ => String::new(),
        };
        let space = if symbol.is_empty() || (symbol == "%" && lang == Language::En) { "" } else { " " };
        Ok(format!("{}{number}{field}{space}{symbol}", o.qualifier.word(lang.into())))
    }
}

/// One figure of an official document, with everything that qualifies it.
#[Object]
impl Observation {
    /// Global id; the same in every database that holds the same data.
    pub async fn id(&self) -> ID {
        global_id(NodeKind::Observation, &self.it.uid)
    }

    /// What is measured.
    async fn indicator(&self) -> Result<Indicator> {
        Indicator::by_id(&self.view, self.it.series.indicator)
    }

    /// Of whom.
    async fn unit(&self) -> Result<Unit> {
        Unit::by_id(&self.view, self.it.series.unit)
    }

    /// Position on the extra axes of the indicator.
    async fn breakdown(&self) -> Breakdown {
        Breakdown { view: self.view.clone(), breakdown: self.it.series.breakdown.clone() }
    }

    /// How it relates to the time of its period.
    async fn accumulation(&self) -> Accumulation {
        self.it.series.accumulation.into()
    }

    /// The span of days that it refers to.
    async fn period(&self) -> Period {
        Period(self.it.period)
    }

    /// Exact value in the unit of measure; null only with a status that says why. Null is not zero.
    async fn value(&self) -> Option<Decimal> {
        self.it.value.map(Decimal::from)
    }

    /// The value as a double, for charts; null as `value`.
    async fn number(&self) -> Option<f64> {
        self.it.value.map(|v| v.to_f64())
    }

    /// Decimals known: 2 for 99.78, 0 for 428, −5 for "5,9 triệu"; null as `value`.
    async fn decimals(&self) -> Option<i32> {
        self.it.value.map(|v| v.scale().into())
    }

    /// The figure for people, with qualifier and symbol: "gần 25 %", "46.821 hồ sơ"; a dash for no value.
    async fn display_value(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Result<String> {
        self.display(lang)
    }

    /// What the value counts.
    async fn unit_of_measure(&self) -> Result<UnitOfMeasure> {
        let _view = &self.view;
        UnitOfMeasure::of(&self.view, &self.indicator_of()?.unit_of_measure)
    }

    /// State of the figure.
    async fn status(&self) -> Status {
        self.it.status.into()
    }

    /// Vagueness or bound printed with it.
    async fn qualifier(&self) -> Qualifier {
        self.it.qualifier.into()
    }

    /// The days that the counting covered; null where the text does not say.
    async fn coverage(&self) -> Option<Coverage> {
        self.it.coverage.map(|(start, end)| Coverage { start: start.into(), end: end.into() })
    }

    /// The date of a stock; null where the text does not say.
    async fn as_of(&self) -> Option<Date> {
        self.it.as_of.map(Date::from)
    }

    /// The figure as printed.
    async fn as_printed(&self) -> &str {
        &self.it.as_printed
    }

    /// For a rate of change: the period compared with; null for other figures.
    async fn base_period(&self) -> Option<Period> {
        self.it.base_period.map(Period)
    }

    /// For a rank the number ranked, for a score the maximum; null for other figures.
    async fn field_size(&self) -> Option<i32> {
        self.it.field_size
    }

    /// For a rate of change: the value that the quantity had in the base period, as the printed rate implies.
    /// Derived, never printed; null if the quantity is not printed for this period.
    async fn implied_base(&self) -> Option<Result<ImpliedBase>> {
        self.implied().await.transpose()
    }

    /// The document that prints it.
    async fn document(&self) -> Result<Document> {
        Document::by_id(&self.view, self.it.document)
    }

    /// The report that prints it; null if the document is no report.
    async fn report(&self) -> Option<Report> {
        self.view.catalogue().report_of(self.it.document).map(|it| Report::of(&self.view, it))
    }

    /// Where the document prints it.
    async fn locator(&self) -> Locator {
        Locator(self.it.locator.clone())
    }

    /// A line to cite it by: figure, indicator, unit, period, document, place.
    async fn citation(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Result<String> {
        let view = &self.view;
        let document = view.document(self.it.document)?;
        let issued = match (document.issued_on, lang) {
            (Some(day), Language::Vi) => format!(", {}", day.format("%d/%m/%Y")),
            (Some(day), Language::En) => format!(", {}", day.format("%-d %B %Y")),
            (None, _) => String::new(),
        };
        let breakdown = view.catalogue().breakdown_label(&self.it.series.breakdown);
        let breakdown = match breakdown.get(lang.into()) {
            "" => String::new(),
            label => format!(" ({label})"),
        };
        Ok(format!(
            "{}{breakdown}, {}, {}: {}. {} ({}{issued}), {}.",
            self.indicator_of()?.name.get(lang.into()),
            view.unit(self.it.series.unit)?.name.get(lang.into()),
            period_label(&self.it.period, lang),
            self.display(lang)?,
            document.title.get(lang.into()),
            document.number.as_deref().unwrap_or(&document.code),
            self.it.locator.describe(lang.into()),
        ))
    }

    /// What a reader should know, such as a contradiction or why there is no value; null if nothing.
    async fn note(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Option<&str> {
        self.it.note.as_ref().map(|n| n.get(lang.into()))
    }

    /// True for the one figure of its key that answers by default.
    async fn is_preferred(&self) -> bool {
        self.it.preferred
    }

    /// Other printings of the same key, which may differ; at most 20.
    #[graphql(complexity = "cost::list(None, 2, child_complexity)")]
    async fn alternatives(&self) -> Result<Vec<Observation>> {
        let printings = self.view.loaders.printings(self.it.series_id).await?;
        let others = printings.into_iter().filter(|o| o.period == self.it.period && o.id != self.it.id);
        Ok(others.take(20).map(|o| Observation::new(&self.view, o)).collect())
    }

    /// What its document has said of its key, oldest first, this figure included; what was only repeated is left out.
    /// `release` tells when each was published. At most 50.
    #[graphql(complexity = "cost::list(None, 3, child_complexity)")]
    async fn revisions(&self) -> Result<Vec<Observation>> {
        let said = self.view.loaders.statements(self.it.series_id).await?;
        let mut revisions: Vec<observation::Observation> = Vec::new();
        let of_key = |o: &observation::Observation| o.period == self.it.period && o.document == self.it.document;
        for o in said.into_iter().filter(of_key) {
            let same = |known: &&observation::Observation| {
                known.uid == o.uid
                    && known.value == o.value
                    && known.status == o.status
                    && known.note == o.note
                    && known.qualifier == o.qualifier
                    && known.as_printed == o.as_printed
            };
            if revisions.iter().rev().find(|known| known.uid == o.uid).filter(same).is_none() {
                revisions.push(o);
            }
        }
        Ok(revisions.into_iter().take(50).map(|o| Observation::new(&self.view, o)).collect())
    }

    /// For a ratio: the figure above the line; null if it is not printed.
    async fn numerator(&self) -> Option<Result<Observation>> {
        let _view = &self.view;
        let quantity = self.indicator_of().map(|i| i.numerator.as_ref());
        match quantity {
            Ok(quantity) => self.beside(quantity).await.transpose(),
            Err(fault) => Some(Err(fault)),
        }
    }

    /// For a ratio: the figure below the line; null if it is not printed.
    async fn denominator(&self) -> Option<Result<Observation>> {
        let _view = &self.view;
        let quantity = self.indicator_of().map(|i| i.denominator.as_ref());
        match quantity {
            Ok(quantity) => self.beside(quantity).await.transpose(),
            Err(fault) => Some(Err(fault)),
        }
    }

    /// Targets that its series is measured against; their `assessments` say how they stand. At most 20.
    #[graphql(complexity = "cost::list(None, 2, child_complexity)")]
    async fn targets(&self) -> Vec<Target> {
        self.view.catalogue().targets_of(&self.it.series).take(20).map(|it| Target::of(&self.view, it)).collect()
    }

    /// Change on the period right before, of the same kind; for a single day, on the latest earlier day that has a
    /// figure. Figures since January have no period before them but the year.
    async fn change_on_period(&self) -> Result<Comparison> {
        let _view = &self.view;
        let change = change::on_period(self.indicator_of()?, &self.it, &self.history().await?);
        Ok(Comparison { view: self.view.clone(), change, kind: self.indicator_of()?.kind.into() })
    }

    /// Change on the same period of the year before.
    async fn change_on_year(&self) -> Result<Comparison> {
        let _view = &self.view;
        let change = change::on_year(self.indicator_of()?, &self.it, &self.history().await?);
        Ok(Comparison { view: self.view.clone(), change, kind: self.indicator_of()?.kind.into() })
    }

    /// The act of publication that brought it.
    async fn release(&self) -> Result<Release> {
        let view = &self.view;
        let release = view.item(&view.catalogue().releases, |r| r.number == self.it.release, "release")?;
        Ok(Release::of(view, release))
    }
}

impl Observation {
    async fn implied(&self) -> Result<Option<ImpliedBase>> {
        let indicator = self.indicator_of()?;
        let Some((growth, base_period)) = self.it.value.zip(self.it.base_period) else { return Ok(None) };
        let Some(of) = self.beside(indicator.growth_of.as_ref()).await? else { return Ok(None) };
        let value = of.it.value.and_then(|value| change::implied_base(value, growth));
        Ok(value.map(|value| ImpliedBase {
            value: value.into(),
            number: value.to_f64(),
            period: Period(base_period),
            is_exact: [&of.it.qualifier, &self.it.qualifier].iter().all(|q| **q == observation::Qualifier::Exact),
            from: of,
            is_derived: true,
        }))
    }
}

/// The days that the counting of a figure covered.
#[derive(Debug, Clone, SimpleObject)]
pub struct Coverage {
    /// First day.
    pub start: Date,
    /// Last day, included.
    pub end: Date,
}

/// The value of an earlier period that a printed rate of change implies.
#[derive(SimpleObject)]
pub struct ImpliedBase {
    /// The value in the unit of measure of the figure that grew, rounded to what is known of that figure.
    pub value: Decimal,
    /// The value as a double.
    pub number: f64,
    /// The period that it is of.
    pub period: Period,
    /// The printed figure that it is derived from, together with the rate.
    pub from: Observation,
    /// Always true: no document prints this value.
    pub is_derived: bool,
    /// False if the figure or the rate is vague, so that the value is no more than an indication.
    pub is_exact: bool,
}
