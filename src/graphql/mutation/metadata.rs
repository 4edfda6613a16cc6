//! What stewards keep: names and definitions of indicators and units, and rules.

use async_graphql::{Context, InputObject, MaybeUndefined, Object};

use super::payload;
use crate::{
    domain::{
        metadata::{Change, Subject},
        policy::Operation,
        rule,
        text::Text,
    },
    graphql::{
        caller::{after_write, caller, newest, require},
        context::View,
        error::{Fault, Result},
        filter,
        scalars::{Date, Decimal, at_most, given},
        types::{
            enums::{CheckKind, Direction, Severity},
            indicator::Indicator,
            release::Release,
            rule::Rule,
            unit::Unit,
        },
    },
    usecase::metadata::{self, Order},
};

#[derive(Default)]
pub struct MetadataMutation;

/// What to say of an indicator; what is left out stays.
#[derive(InputObject)]
pub struct ReviseIndicatorInput {
    /// Code of the indicator.
    pub code: String,
    /// Name in Vietnamese.
    pub name: MaybeUndefined<String>,
    /// Name in English.
    pub name_en: MaybeUndefined<String>,
    /// Definition in Vietnamese.
    pub definition: MaybeUndefined<String>,
    /// Definition in English.
    pub definition_en: MaybeUndefined<String>,
    /// Which way is better.
    pub direction: MaybeUndefined<Direction>,
    /// Decimals usually shown.
    pub decimals: MaybeUndefined<i32>,
    /// Other names; at most 100.
    pub aliases: MaybeUndefined<Vec<String>>,
    /// Why: 1 to 4,000 characters. It is published.
    pub reason: String,
}

/// What to say of a version of a unit; what is left out stays.
#[derive(InputObject)]
pub struct ReviseUnitInput {
    /// The version: `code@first-day`, as `164@`.
    pub unit: String,
    /// Name in Vietnamese.
    pub name: MaybeUndefined<String>,
    /// Name in English.
    pub name_en: MaybeUndefined<String>,
    /// Other names and spellings; at most 100.
    pub aliases: MaybeUndefined<Vec<String>>,
    /// Its last day.
    pub valid_to: MaybeUndefined<Date>,
    /// Why: 1 to 4,000 characters. It is published.
    pub reason: String,
}

/// A rule.
#[derive(InputObject)]
pub struct SaveRuleInput {
    /// Code; that of a known rule changes it.
    pub code: String,
    /// What a finding means.
    pub severity: Severity,
    /// What it looks at.
    pub check: CheckKind,
    /// The quantity that is checked: `dossiers.received[intake=online]`.
    pub quantity: MaybeUndefined<String>,
    /// The quantities that it is held against; at most 20.
    pub parts: MaybeUndefined<Vec<String>>,
    /// The axis that is summed over.
    pub dimension: MaybeUndefined<String>,
    /// How many times more or less is a jump; 10 if left out.
    pub threshold: MaybeUndefined<Decimal>,
    /// Short title in Vietnamese.
    pub name: String,
    /// The same in English.
    pub name_en: MaybeUndefined<String>,
    /// What a finding may come from, in Vietnamese.
    pub explanation: String,
    /// The same in English.
    pub explanation_en: MaybeUndefined<String>,
    /// Why: 1 to 4,000 characters. It is published.
    pub reason: String,
}

/// The rule to retire.
#[derive(InputObject)]
pub struct RetireRuleInput {
    /// Code of the rule.
    pub code: String,
    /// Why: 1 to 4,000 characters. It is published.
    pub reason: String,
}

/// Declares the payload of a change.
macro_rules! change_payload {
    ($payload:ident, $error:ident, $code:ident, $(#[$doc:meta])* $field:ident: $ty:ty) => {
        payload! {
            /// The change.
            $payload {
                $(#[$doc])*
                $field: Option<$ty>,
                /// The release that brings it; null if nothing was changed.
                release: Option<Release>,
            }
            $error: $code {
                /// There is no such thing.
                NotFound,
                /// Another input is wrong.
                BadInput,
                /// A reason is needed.
                ReasonRequired,
                /// A text is too long.
                TooLarge,
                /// Something was published meanwhile; look again.
                Stale,
            }
        }
    };
}

change_payload!(ReviseIndicatorPayload, ReviseIndicatorError, ReviseIndicatorErrorCode,
    /// The indicator as it is now; null if nothing was changed.
    indicator: Indicator);
change_payload!(ReviseUnitPayload, ReviseUnitError, ReviseUnitErrorCode,
    /// The unit as it is now; null if nothing was changed.
    unit: Unit);
change_payload!(SaveRulePayload, SaveRuleError, SaveRuleErrorCode,
    /// The rule as it is now; null if nothing was changed.
    rule: Rule);
change_payload!(RetireRulePayload, RetireRuleError, RetireRuleErrorCode,
    /// The rule as it was; null if nothing was changed.
    rule: Rule);

/// Makes a change; gives the view with it and its release.
async fn make(
    ctx: &Context<'_>,
    order: Order,
) -> Result<std::result::Result<(View, Release), Vec<crate::usecase::act::Complaint>>> {
    let (view, database) = newest(ctx);
    let done = metadata::change(&database, view.catalogue(), view.scope(), &caller(ctx).act, order).await?;
    Ok(match done {
        Ok(number) => {
            let view = after_write(ctx).await?;
            let release = Release::of(&view, view.item(&view.catalogue().releases, |r| r.number == number, "release")?);
            Ok((view, release))
        }
        Err(complaints) => Err(complaints),
    })
}

fn text(old: &Text, vi: MaybeUndefined<String>, en: MaybeUndefined<String>, field: &str) -> Result<Text> {
    let vi = given(vi, &format!("input.{field}"))?.unwrap_or_else(|| old.vi.clone());
    let en = given(en, &format!("input.{field}En"))?.unwrap_or_else(|| old.en.clone());
    Ok(Text::new(vi, en))
}

fn names(list: MaybeUndefined<Vec<String>>, old: &[String]) -> Result<Vec<String>> {
    let list = given(list, "input.aliases")?.map(|list| at_most(list, 100, "input.aliases")).transpose()?;
    Ok(list.unwrap_or_else(|| old.to_vec()))
}

#[Object]
impl MetadataMutation {
    /// Changes what is said of an indicator, as a release of its own. For STEWARD.
    #[graphql(complexity = "500 + child_complexity")]
    async fn revise_indicator(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to say.")] input: ReviseIndicatorInput,
    ) -> Result<ReviseIndicatorPayload> {
        require(ctx, Operation::EditMetadata)?;
        let (view, _) = newest(ctx);
        let old = view.indicator(filter::indicator(&view, &input.code, "input.code")?)?;
        let decimals = given(input.decimals, "input.decimals")?.unwrap_or(old.decimals.into());
        let change = Change::Indicator {
            name: text(&old.name, input.name, input.name_en, "name")?,
            definition: text(&old.definition, input.definition, input.definition_en, "definition")?,
            direction: given(input.direction, "input.direction")?.map_or(old.direction, Into::into),
            decimals: i16::try_from(decimals).map_err(|_| Fault::bad_input("input.decimals", "-12 to 9."))?,
            aliases: names(input.aliases, &old.aliases)?,
        };
        let order = Order { subject: Subject::Indicator, code: old.code.clone(), change, reason: input.reason };
        Ok(match make(ctx, order).await? {
            Ok((view, release)) => {
                let now = view.item(&view.catalogue().indicators, |i| i.code == input.code, "indicator")?;
                ReviseIndicatorPayload {
                    indicator: Some(Indicator::of(&view, now)),
                    release: Some(release),
                    errors: Vec::new(),
                    error_count: 0,
                }
            }
            Err(complaints) => {
                let (errors, error_count) = ReviseIndicatorError::list(complaints)?;
                ReviseIndicatorPayload { indicator: None, release: None, errors, error_count }
            }
        })
    }

    /// Changes what is said of a version of a unit, as a release of its own. For STEWARD.
    #[graphql(complexity = "500 + child_complexity")]
    async fn revise_unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to say.")] input: ReviseUnitInput,
    ) -> Result<ReviseUnitPayload> {
        require(ctx, Operation::EditMetadata)?;
        let (view, _) = newest(ctx);
        let unknown = || Fault::bad_input("input.unit", "there is no such version; write `code@first-day`.");
        let old = view.catalogue().unit_by_key(&input.unit).ok_or_else(unknown)?;
        let last = given(input.valid_to, "input.validTo")?.map(|d| d.day("input.validTo")).transpose()?;
        let change = Change::Unit {
            name: text(&old.name, input.name, input.name_en, "name")?,
            aliases: names(input.aliases, &old.aliases)?,
            valid_to: last.or(old.valid_to),
        };
        let order = Order { subject: Subject::Unit, code: old.key(), change, reason: input.reason };
        Ok(match make(ctx, order).await? {
            Ok((view, release)) => {
                let now = view.catalogue().unit_by_key(&input.unit).ok_or_else(unknown)?.id;
                ReviseUnitPayload {
                    unit: Some(Unit::by_id(&view, now)?),
                    release: Some(release),
                    errors: Vec::new(),
                    error_count: 0,
                }
            }
            Err(complaints) => {
                let (errors, error_count) = ReviseUnitError::list(complaints)?;
                ReviseUnitPayload { unit: None, release: None, errors, error_count }
            }
        })
    }

    /// Makes or changes a rule, as a release of its own, and applies it to everything that is published. For STEWARD.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn save_rule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rule.")] input: SaveRuleInput,
    ) -> Result<SaveRulePayload> {
        require(ctx, Operation::EditRules)?;
        let (view, _) = newest(ctx);
        let quantity = given(input.quantity, "input.quantity")?;
        let parts = at_most(given(input.parts, "input.parts")?.unwrap_or_default(), 20, "input.parts")?;
        let dimension = given(input.dimension, "input.dimension")?;
        if let Some(code) = dimension.as_ref().filter(|code| view.catalogue().dimension(code).is_none()) {
            return Err(Fault::bad_input("input.dimension", format!("there is no dimension `{code}`.")));
        }
        let rule = rule::Rule {
            code: input.code.clone(),
            severity: input.severity.into(),
            check: input.check.into(),
            quantity: quantity.map(|q| filter::quantity(&view, &q, "input.quantity")).transpose()?,
            parts: parts.iter().map(|q| filter::quantity(&view, q, "input.parts")).collect::<Result<_>>()?,
            dimension,
            threshold: given(input.threshold, "input.threshold")?.map(|t| t.exact("input.threshold")).transpose()?,
            name: Text::new(input.name, given(input.name_en, "input.nameEn")?.unwrap_or_default()),
            explanation: Text::new(
                input.explanation,
                given(input.explanation_en, "input.explanationEn")?.unwrap_or_default(),
            ),
        };
        let is_new = view.catalogue().rule(&input.code).is_none();
        let change = Change::Rule { rule: Box::new(rule), is_new, is_retired: false };
        let order = Order { subject: Subject::Rule, code: input.code.clone(), change, reason: input.reason };
        Ok(match make(ctx, order).await? {
            Ok((view, release)) => {
                let now = view.item(&view.catalogue().rules, |r| r.code == input.code, "rule")?;
                SaveRulePayload {
                    rule: Some(Rule::of(&view, now)),
                    release: Some(release),
                    errors: Vec::new(),
                    error_count: 0,
                }
            }
            Err(complaints) => {
                let (errors, error_count) = SaveRuleError::list(complaints)?;
                SaveRulePayload { rule: None, release: None, errors, error_count }
            }
        })
    }

    /// Retires a rule, as a release of its own: its findings are gone from now on. For STEWARD.
    #[graphql(complexity = "500 + child_complexity")]
    async fn retire_rule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rule and the reason.")] input: RetireRuleInput,
    ) -> Result<RetireRulePayload> {
        require(ctx, Operation::EditRules)?;
        let (view, _) = newest(ctx);
        let unknown = || Fault::bad_input("input.code", "there is no such rule.");
        let old = view.catalogue().rule(&input.code).ok_or_else(unknown)?.clone();
        let change = Change::Rule { rule: Box::new(rule::Rule::clone(&old)), is_new: false, is_retired: true };
        let order = Order { subject: Subject::Rule, code: input.code, change, reason: input.reason };
        Ok(match make(ctx, order).await? {
            Ok((_, release)) => RetireRulePayload {
                rule: Some(Rule::of(&view, &old)),
                release: Some(release),
                errors: Vec::new(),
                error_count: 0,
            },
            Err(complaints) => {
                let (errors, error_count) = RetireRuleError::list(complaints)?;
                RetireRulePayload { rule: None, release: None, errors, error_count }
            }
        })
    }
}
