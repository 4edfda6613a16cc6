//! [`Condition`] as SQL.

use sea_orm::sea_query::{Condition as Cond, Expr, ExprTrait, Query, SimpleExpr};

use crate::domain::selection::Condition;

/// The condition over `observation o` and `series s`.
pub fn sql(condition: &Condition) -> Cond {
    let o = |column: &'static str| Expr::col(("o", column));
    let s = |column: &'static str| Expr::col(("s", column));
    let one = |expression: SimpleExpr| Cond::all().add(expression);
    match condition {
        Condition::All(parts) => parts.iter().map(sql).fold(Cond::all().add(Expr::val(1).eq(1)), Cond::add),
        Condition::Any(parts) if parts.is_empty() => one(Expr::val(1).eq(2)),
        Condition::Any(parts) => parts.iter().map(sql).fold(Cond::any(), Cond::add),
        Condition::Not(part) => sql(part).not(),
        Condition::Indicators(ids) => one(s("indicator_id").is_in(ids.iter().map(|id| id.0))),
        Condition::Units(ids) => one(s("unit_id").is_in(ids.iter().map(|id| id.0))),
        Condition::Breakdowns(keys) => one(s("breakdown_key").is_in(keys.iter().map(ToString::to_string))),
        Condition::Dimension(dimension, values) => {
            let mut with = Query::select();
            with.column("series_id")
                .from("series_breakdown")
                .and_where(Expr::col("dimension_code").eq(dimension.as_str()))
                .and_where(Expr::col("value_code").is_in(values));
            one(o("series_id").in_subquery(with))
        }
        Condition::Accumulations(list) => one(s("accumulation").is_in(list.iter().map(|a| a.code()))),
        Condition::Periods(periods) => periods.iter().fold(Cond::any().add(Expr::val(1).eq(2)), |any, period| {
            any.add(Cond::all().add(o("period_start").eq(period.start())).add(o("period_end").eq(period.end())))
        }),
        Condition::EndsFrom(day) => one(o("period_end").gte(*day)),
        Condition::EndsTo(day) => one(o("period_end").lte(*day)),
        Condition::Statuses(list) => one(o("status").is_in(list.iter().map(|x| x.code()))),
        Condition::Qualifiers(list) => one(o("qualifier").is_in(list.iter().map(|x| x.code()))),
        Condition::Documents(ids) => one(o("document_id").is_in(ids.iter().map(|id| id.0))),
        Condition::Sections(codes) => Cond::all().add(o("section").is_not_null()).add(o("section").is_in(codes)),
        Condition::Footnote(number) => Cond::all().add(o("footnote").is_not_null()).add(o("footnote").eq(*number)),
        Condition::Table(code) => Cond::all().add(o("table_code").is_not_null()).add(o("table_code").eq(code.as_str())),
        Condition::AtLeast(value) => Cond::all().add(o("number").is_not_null()).add(o("number").gte(value.to_f64())),
        Condition::AtMost(value) => Cond::all().add(o("number").is_not_null()).add(o("number").lte(value.to_f64())),
        Condition::HasValue(true) => one(o("mantissa").is_not_null()),
        Condition::HasValue(false) => one(o("mantissa").is_null()),
        Condition::Preferred(preferred) => one(o("preferred").eq(*preferred)),
    }
}
