//! What stewards keep: names and definitions of indicators and units, and rules. Each change is a release; a changed
//! rule is applied to everything that is published.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use sea_orm::DatabaseTransaction;

use super::{
    act::{Act, Complaint, ComplaintKind, Outcome, complain},
    publish::next_release,
    workflow::check_comment,
};
use crate::{
    domain::{
        audit::sha256,
        breakdown::is_code,
        catalogue::Catalogue,
        document::Release,
        id::DocumentId,
        metadata::{Change, Subject, Version},
        policy::Operation,
        rule::{CheckKind, Evaluator, Finding, Rule},
        selection::Condition,
        text::Text,
    },
    store::{self, Database, Scope, StoreError},
};

/// A change to be made.
#[derive(Debug, Clone)]
pub struct Order {
    /// What kind of thing.
    pub subject: Subject,
    /// Its code.
    pub code: String,
    /// What it is to say.
    pub change: Change,
    /// Why.
    pub reason: String,
}

/// Makes a change; gives the number of its release.
///
/// # Errors
/// If the actor may not.
pub async fn change(database: &Database, catalogue: &Catalogue, scope: Scope, act: &Act, order: Order) -> Outcome<i32> {
    act.may(if order.subject == Subject::Rule { Operation::EditRules } else { Operation::EditMetadata })?;
    let mut complaints: Vec<Complaint> = check_comment(&order.reason, true, "reason").into_iter().collect();
    complaints.extend(wrong(&order));
    if !complaints.is_empty() {
        return Ok(Err(complaints));
    }
    let is_known = match order.subject {
        Subject::Indicator => catalogue.indicator_by_code(&order.code).is_some(),
        Subject::Unit => catalogue.unit_by_key(&order.code).is_some(),
        Subject::Rule => match &order.change {
            Change::Rule { is_new, .. } => *is_new || catalogue.rule(&order.code).is_some(),
            _ => false,
        },
    };
    if !is_known {
        return complain(ComplaintKind::NotFound, &["input", "code"], "there is no such thing.");
    }
    let transaction = act.begin(database).await?;
    if store::releases::newest(&transaction).await? != Some(scope.release) {
        return complain(ComplaintKind::Stale, &["input"], "something was published meanwhile; look again.");
    }
    let (number, published_at) = next_release(&transaction, None, act.time()).await?;
    let version = Version {
        subject: order.subject,
        code: order.code.clone(),
        release: number,
        change: order.change,
        reason: order.reason.clone(),
        actor: act.actor.label(),
    };
    if let Change::Rule { rule, is_retired, is_new } = &version.change {
        if *is_new && store::is_rule(&transaction, &rule.code).await? {
            return complain(ComplaintKind::BadInput, &["input", "code"], "a retired rule had this code.");
        }
        if *is_new {
            store::add_rule(&transaction, catalogue, rule).await?;
        }
        reapply(&transaction, catalogue, scope, rule, *is_retired, number).await?;
    }
    let subject = format!("{}:{}", order.subject.code().to_lowercase(), order.code);
    act.audit(&transaction, "CHANGE_METADATA", &subject, "", &sha256(&format!("{version:?}")), &order.reason).await?;
    let row = Release {
        number,
        published_at,
        recorded_at: act.time(),
        title: Text::new(format!("{}: thông tin mô tả", order.code), format!("{}: metadata", order.code)),
        note: Text::new(order.reason.as_str(), order.reason.as_str()).into_option(),
        document: None,
        withdraws: None,
    };
    store::releases::save(&transaction, &[row]).await?;
    store::save_version(&transaction, catalogue, &version).await?;
    transaction.commit().await?;
    Ok(Ok(number))
}

fn wrong(order: &Order) -> Vec<Complaint> {
    let mut found = Vec::new();
    let mut need = |ok: bool, field: &str, message: &str| {
        if !ok {
            found.push(Complaint::new(ComplaintKind::BadInput, &["input", field], message));
        }
    };
    let fits = |text: &str, most: usize| !text.trim().is_empty() && text.chars().count() <= most;
    match &order.change {
        Change::Indicator { name, definition, decimals, .. } => {
            need(fits(&name.vi, 300), "name", "1 to 300 characters.");
            need(fits(&definition.vi, 4000), "definition", "1 to 4,000 characters.");
            need((-12..=9).contains(decimals), "decimals", "-12 to 9.");
        }
        Change::Unit { name, .. } => need(fits(&name.vi, 300), "name", "1 to 300 characters."),
        Change::Rule { rule, is_retired: false, .. } => {
            let check = rule.check;
            use CheckKind::{Balance, BreakdownsAddUp, ColumnMatches, Jump, NotMore};
            let needs_quantity = matches!(check, BreakdownsAddUp | Balance | NotMore | ColumnMatches);
            need(
                is_code(&rule.code) && rule.code.len() <= 100,
                "code",
                "lower-case letters and digits joined by - or .",
            );
            need(fits(&rule.name.vi, 300), "name", "1 to 300 characters.");
            need(fits(&rule.explanation.vi, 4000), "explanation", "1 to 4,000 characters.");
            need(
                needs_quantity == rule.quantity.is_some(),
                "quantity",
                "stands with BREAKDOWNS_ADD_UP, BALANCE, NOT_MORE and COLUMN_MATCHES, and only there.",
            );
            need(
                matches!(check, Balance | NotMore | ColumnMatches) != rule.parts.is_empty(),
                "parts",
                "stand with BALANCE, NOT_MORE and COLUMN_MATCHES, and only there.",
            );
            need(
                (check == BreakdownsAddUp) == rule.dimension.is_some(),
                "dimension",
                "stands with BREAKDOWNS_ADD_UP, and only there.",
            );
            let is_fit = rule.threshold.is_none_or(|t| check == Jump && t.decimal() > rust_decimal::Decimal::ONE);
            need(is_fit, "threshold", "more than 1, and only with JUMP.");
        }
        Change::Rule { .. } => {}
    }
    found
}

/// Applies a changed rule to everything that is published, in place of what it found before.
async fn reapply(
    transaction: &DatabaseTransaction,
    catalogue: &Catalogue,
    scope: Scope,
    rule: &Rule,
    is_retired: bool,
    release: i32,
) -> Result<(), StoreError> {
    let mut findings: Vec<Finding> = Vec::new();
    if !is_retired {
        let rules = [Arc::new(rule.clone())];
        let mut evaluator = Evaluator::new(&rules, catalogue, None);
        let units: Vec<_> = store::observations::units_with_figures(transaction, scope).await?;
        for some in super::validate::together(transaction, scope, units).await? {
            let condition = Condition::Units(some.clone());
            let mut by_unit: HashMap<_, Vec<_>> = HashMap::new();
            for o in store::observations::of_condition(transaction, scope, &condition).await? {
                by_unit.entry(o.series.unit).or_default().push(o);
            }
            some.iter().filter_map(|unit| by_unit.get(unit)).for_each(|figures| evaluator.unit(figures));
        }
        findings = evaluator.finish();
    }
    let mut by_document: BTreeMap<DocumentId, Vec<Finding>> = BTreeMap::new();
    for finding in findings {
        by_document.entry(finding.document).or_default().push(finding);
    }
    store::publish::contents::replace_findings_of_rule(transaction, &rule.code, by_document, release).await
}
