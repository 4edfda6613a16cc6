//! Observations.

mod comparison;
mod connection;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};

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
        self, change,
        indicator::{self, Quantity},
        observation,
    },
    graphql::{
        context::{Reader, reader},
        cost,
        error::{InternalExt, Result},
        node::{NodeKind, global_id},
        scalars::{Date, Decimal},
    },
};

/// A figure.
#[derive(Debug, Clone)]
pub struct Observation(Arc<observation::Observation>);

impl From<observation::Observation> for Observation {
    fn from(observation: observation::Observation) -> Self {
        Self(Arc::new(observation))
    }
}

impl Observation {
    /// The figure itself.
    pub fn domain(&self) -> &observation::Observation {
        &self.0
    }

    fn indicator_of<'c>(&self, reader: &'c Reader) -> Result<&'c indicator::Indicator> {
        reader.indicator(self.0.series.indicator)
    }

    /// The figure of another quantity for the same unit and period.
    async fn beside(&self, reader: &Reader, quantity: Option<&Quantity>) -> Result<Option<Observation>> {
        let Some(quantity) = quantity else { return Ok(None) };
        let own = &self.0.series;
        // The figure's own position holds on the axes that the quantity does not name.
        let mut pairs: Vec<(String, String)> =
            quantity.breakdown.pairs().map(|(d, v)| (d.to_owned(), v.to_owned())).collect();
        let named: Vec<String> = pairs.iter().map(|(d, _)| d.clone()).collect();
        pairs.extend(
            own.breakdown
                .pairs()
                .filter(|(d, _)| !named.iter().any(|n| n == d))
                .map(|(d, v)| (d.to_owned(), v.to_owned())),
        );
        let breakdown = domain::breakdown::Breakdown::from_pairs(pairs).internal()?;
        let found = reader.loaders.related((quantity.indicator, own.unit, breakdown)).await?;
        let same = found.iter().filter(|o| o.period == self.0.period);
        let best = same.max_by_key(|o| (o.series.accumulation == own.accumulation, o.document == self.0.document));
        let best = best.or_else(|| found.iter().find(|o| o.period.end() == self.0.period.end()));
        Ok(best.cloned().map(Observation::from))
    }

    /// The preferred figures of its own series.
    async fn history(&self, reader: &Reader) -> Result<Vec<observation::Observation>> {
        let own = &self.0.series;
        let mut found = reader.loaders.related((own.indicator, own.unit, own.breakdown.clone())).await?;
        found.retain(|o| o.series_id == self.0.series_id);
        Ok(found)
    }

    /// The value with qualifier, scale word and symbol.
    fn display(&self, reader: &Reader, lang: Language) -> Result<String> {
        let o = &self.0;
        let Some(value) = o.value else { return Ok("–".to_owned()) };
        let indicator = self.indicator_of(reader)?;
        let measure = UnitOfMeasure::of(reader, &indicator.unit_of_measure)?;
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
        global_id(NodeKind::Observation, &self.0.uid)
    }

    /// What is measured.
    async fn indicator(&self, ctx: &Context<'_>) -> Result<Indicator> {
        Indicator::of(reader(ctx), self.0.series.indicator)
    }

    /// Of whom.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Unit> {
        Unit::of(reader(ctx), self.0.series.unit)
    }

    /// Position on the extra axes of the indicator.
    async fn breakdown(&self) -> Breakdown {
        Breakdown(self.0.series.breakdown.clone())
    }

    /// How it relates to the time of its period.
    async fn accumulation(&self) -> Accumulation {
        self.0.series.accumulation.into()
    }

    /// The span of days that it refers to.
    async fn period(&self) -> Period {
        Period(self.0.period)
    }

    /// Exact value in the unit of measure; null only with a status that says why. Null is not zero.
    async fn value(&self) -> Option<Decimal> {
        self.0.value.map(Decimal::from)
    }

    /// The value as a double, for charts; null as `value`.
    async fn number(&self) -> Option<f64> {
        self.0.value.map(|v| v.to_f64())
    }

    /// Decimals known: 2 for 99.78, 0 for 428, −5 for "5,9 triệu"; null as `value`.
    async fn decimals(&self) -> Option<i32> {
        self.0.value.map(|v| v.scale().into())
    }

    /// The figure for people, with qualifier and symbol: "gần 25 %", "46.821 hồ sơ"; a dash for no value.
    async fn display_value(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Result<String> {
        self.display(reader(ctx), lang)
    }

    /// What the value counts.
    async fn unit_of_measure(&self, ctx: &Context<'_>) -> Result<UnitOfMeasure> {
        let reader = reader(ctx);
        UnitOfMeasure::of(reader, &self.indicator_of(reader)?.unit_of_measure)
    }

    /// State of the figure.
    async fn status(&self) -> Status {
        self.0.status.into()
    }

    /// Vagueness or bound printed with it.
    async fn qualifier(&self) -> Qualifier {
        self.0.qualifier.into()
    }

    /// The days that the counting covered; null where the text does not say.
    async fn coverage(&self) -> Option<Coverage> {
        self.0.coverage.map(|(start, end)| Coverage { start: start.into(), end: end.into() })
    }

    /// The date of a stock; null where the text does not say.
    async fn as_of(&self) -> Option<Date> {
        self.0.as_of.map(Date::from)
    }

    /// The figure as printed.
    async fn as_printed(&self) -> &str {
        &self.0.as_printed
    }

    /// For a rate of change: the period compared with; null for other figures.
    async fn base_period(&self) -> Option<Period> {
        self.0.base_period.map(Period)
    }

    /// For a rank the number ranked, for a score the maximum; null for other figures.
    async fn field_size(&self) -> Option<i32> {
        self.0.field_size
    }

    /// For a rate of change: the value that the quantity had in the base period, as the printed rate implies.
    /// Derived, never printed; null if the quantity is not printed for this period.
    async fn implied_base(&self, ctx: &Context<'_>) -> Option<Result<ImpliedBase>> {
        self.implied(reader(ctx)).await.transpose()
    }

    /// The document that prints it.
    async fn document(&self, ctx: &Context<'_>) -> Result<Document> {
        Document::of(reader(ctx), self.0.document)
    }

    /// The report that prints it; null if the document is no report.
    async fn report(&self, ctx: &Context<'_>) -> Option<Report> {
        reader(ctx).catalogue().report_of(self.0.document).map(Report::of)
    }

    /// Where the document prints it.
    async fn locator(&self) -> Locator {
        Locator(self.0.locator.clone())
    }

    /// A line to cite it by: figure, indicator, unit, period, document, place.
    async fn citation(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Result<String> {
        let reader = reader(ctx);
        let document = reader.document(self.0.document)?;
        let issued = match (document.issued_on, lang) {
            (Some(day), Language::Vi) => format!(", {}", day.format("%d/%m/%Y")),
            (Some(day), Language::En) => format!(", {}", day.format("%-d %B %Y")),
            (None, _) => String::new(),
        };
        let breakdown = reader.catalogue().breakdown_label(&self.0.series.breakdown);
        let breakdown = match breakdown.get(lang.into()) {
            "" => String::new(),
            label => format!(" ({label})"),
        };
        Ok(format!(
            "{}{breakdown}, {}, {}: {}. {} ({}{issued}), {}.",
            self.indicator_of(reader)?.name.get(lang.into()),
            reader.unit(self.0.series.unit)?.name.get(lang.into()),
            period_label(&self.0.period, lang),
            self.display(reader, lang)?,
            document.title.get(lang.into()),
            document.number.as_deref().unwrap_or(&document.code),
            self.0.locator.describe(lang.into()),
        ))
    }

    /// What a reader should know, such as a contradiction or why there is no value; null if nothing.
    async fn note(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Option<&str> {
        self.0.note.as_ref().map(|n| n.get(lang.into()))
    }

    /// True for the one figure of its key that answers by default.
    async fn is_preferred(&self) -> bool {
        self.0.preferred
    }

    /// Other printings of the same key, which may differ; at most 20.
    #[graphql(complexity = "cost::list(None, 2, child_complexity)")]
    async fn alternatives(&self, ctx: &Context<'_>) -> Result<Vec<Observation>> {
        let printings = reader(ctx).loaders.printings(self.0.series_id).await?;
        let others = printings.into_iter().filter(|o| o.period == self.0.period && o.id != self.0.id);
        Ok(others.take(20).map(Observation::from).collect())
    }

    /// For a ratio: the figure above the line; null if it is not printed.
    async fn numerator(&self, ctx: &Context<'_>) -> Option<Result<Observation>> {
        let reader = reader(ctx);
        let quantity = self.indicator_of(reader).map(|i| i.numerator.as_ref());
        match quantity {
            Ok(quantity) => self.beside(reader, quantity).await.transpose(),
            Err(fault) => Some(Err(fault)),
        }
    }

    /// For a ratio: the figure below the line; null if it is not printed.
    async fn denominator(&self, ctx: &Context<'_>) -> Option<Result<Observation>> {
        let reader = reader(ctx);
        let quantity = self.indicator_of(reader).map(|i| i.denominator.as_ref());
        match quantity {
            Ok(quantity) => self.beside(reader, quantity).await.transpose(),
            Err(fault) => Some(Err(fault)),
        }
    }

    /// Targets that its series is measured against; their `assessments` say how they stand. At most 20.
    #[graphql(complexity = "cost::list(None, 2, child_complexity)")]
    async fn targets(&self, ctx: &Context<'_>) -> Vec<Target> {
        reader(ctx).catalogue().targets_of(&self.0.series).take(20).map(Target::of).collect()
    }

    /// Change on the period right before, of the same kind.
    async fn change_on_period(&self, ctx: &Context<'_>) -> Result<Comparison> {
        let reader = reader(ctx);
        let change = change::on_period(self.indicator_of(reader)?, &self.0, &self.history(reader).await?);
        Ok(Comparison { change, kind: self.indicator_of(reader)?.kind.into() })
    }

    /// Change on the same period of the year before.
    async fn change_on_year(&self, ctx: &Context<'_>) -> Result<Comparison> {
        let reader = reader(ctx);
        let change = change::on_year(self.indicator_of(reader)?, &self.0, &self.history(reader).await?);
        Ok(Comparison { change, kind: self.indicator_of(reader)?.kind.into() })
    }

    /// The act of publication that brought it.
    async fn release(&self, ctx: &Context<'_>) -> Result<Release> {
        let reader = reader(ctx);
        Ok(Release(reader.item(&reader.catalogue().releases, |r| r.number == self.0.release, "release")?.clone()))
    }
}

impl Observation {
    async fn implied(&self, reader: &Reader) -> Result<Option<ImpliedBase>> {
        let indicator = self.indicator_of(reader)?;
        let Some((growth, base_period)) = self.0.value.zip(self.0.base_period) else { return Ok(None) };
        let Some(of) = self.beside(reader, indicator.growth_of.as_ref()).await? else { return Ok(None) };
        let value = of.0.value.and_then(|value| change::implied_base(value, growth));
        Ok(value.map(|value| ImpliedBase {
            value: value.into(),
            number: value.to_f64(),
            period: Period(base_period),
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
    /// The value, rounded to the decimals of the figure that grew, in its unit of measure.
    pub value: Decimal,
    /// The value as a double.
    pub number: f64,
    /// The period that it is of.
    pub period: Period,
    /// The printed figure that it is derived from, together with the rate.
    pub from: Observation,
    /// Always true: no document prints this value.
    pub is_derived: bool,
}
