//! Versions of metadata, laid over what the registers first said, in the order of publication.

use std::{collections::HashMap, sync::Arc};

use entity::{metadata_version, rule};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder};
use serde::{Deserialize, Serialize};

use super::indicators::read_quantity;
use crate::{
    domain::{
        catalogue::{Catalogue, Parts},
        id::*,
        indicator::Direction,
        metadata::{Change, Subject, Version},
        rule::{CheckKind, Rule, Severity},
        text::Text,
    },
    store::{
        Result,
        rows::{corrupt, insert, known, next_id},
    },
};

const TABLE: &str = "metadata_version";

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Body {
    name: (String, String),
    text: (String, String),
    direction: String,
    decimals: i16,
    aliases: Vec<String>,
    valid_to: Option<chrono::NaiveDate>,
    severity: String,
    check: String,
    quantity: Option<String>,
    parts: Vec<String>,
    dimension: Option<String>,
    threshold: Option<String>,
    is_new: bool,
    is_retired: bool,
}

fn pair(text: &Text) -> (String, String) {
    (text.vi.clone(), text.en.clone())
}

/// Writes a version.
///
/// # Errors
/// As the database says.
pub async fn save_version(connection: &impl ConnectionTrait, catalogue: &Catalogue, version: &Version) -> Result<()> {
    let mut body = Body::default();
    match &version.change {
        Change::Indicator { name, definition, direction, decimals, aliases } => {
            (body.name, body.text) = (pair(name), pair(definition));
            body.direction = direction.code().to_owned();
            body.decimals = *decimals;
            body.aliases = aliases.clone();
        }
        Change::Unit { name, aliases, valid_to } => {
            body.name = pair(name);
            body.aliases = aliases.clone();
            body.valid_to = *valid_to;
        }
        Change::Rule { rule, is_new, is_retired } => {
            (body.name, body.text) = (pair(&rule.name), pair(&rule.explanation));
            body.severity = rule.severity.code().to_owned();
            body.check = rule.check.code().to_owned();
            body.quantity = rule.quantity.as_ref().map(|q| catalogue.quantity_ref(q).to_string());
            body.parts = rule.parts.iter().map(|q| catalogue.quantity_ref(q).to_string()).collect();
            body.dimension = rule.dimension.clone();
            body.threshold = rule.threshold.map(|t| t.to_string());
            (body.is_new, body.is_retired) = (*is_new, *is_retired);
        }
    }
    let model = metadata_version::ActiveModel {
        id: Set(next_id(connection, metadata_version::Entity, metadata_version::Column::Id).await?),
        kind: Set(version.subject.code().to_owned()),
        code: Set(version.code.clone()),
        release_number: Set(version.release),
        // Structs of text can always be written.
        body: Set(serde_json::to_string(&body).unwrap_or_default()),
        reason: Set(version.reason.clone()),
        actor: Set(version.actor.clone()),
    };
    insert(connection, [model]).await
}

/// True if a rule ever had this code.
///
/// # Errors
/// As the database says.
pub async fn is_rule(connection: &impl ConnectionTrait, code: &str) -> Result<bool> {
    Ok(rule::Entity::find_by_id(code.to_owned()).one(connection).await?.is_some())
}

/// Writes the row that findings of a new rule refer to.
///
/// # Errors
/// As the database says.
pub async fn add_rule(connection: &impl ConnectionTrait, catalogue: &Catalogue, new: &Rule) -> Result<()> {
    let written = |q: &crate::domain::indicator::Quantity| catalogue.quantity_ref(q).to_string();
    let model = rule::ActiveModel {
        code: Set(new.code.clone()),
        position: Set(next_id(connection, rule::Entity, rule::Column::Position).await?),
        severity: Set(new.severity.code().to_owned()),
        check_kind: Set(new.check.code().to_owned()),
        quantity: Set(new.quantity.as_ref().map(written)),
        parts: Set(new.parts.iter().map(written).collect::<Vec<_>>().join("|")),
        dimension_code: Set(new.dimension.clone()),
        threshold: Set(new.threshold.map(|t| t.to_string())),
        name_vi: Set(new.name.vi.clone()),
        name_en: Set(new.name.en.clone()),
        explanation_vi: Set(new.explanation.vi.clone()),
        explanation_en: Set(new.explanation.en.clone()),
    };
    insert(connection, [model]).await
}

/// Lays the versions of releases in scope over the parts.
///
/// # Errors
/// As the database says.
pub async fn apply(connection: &impl ConnectionTrait, parts: &mut Parts) -> Result<()> {
    let rows = metadata_version::Entity::find().order_by_asc(metadata_version::Column::Id).all(connection).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let order: HashMap<i32, usize> = parts.releases.iter().enumerate().map(|(i, r)| (r.number, i)).collect();
    let ids: HashMap<String, IndicatorId> = parts.indicators.iter().map(|i| (i.code.clone(), i.id)).collect();
    let mut versions = Vec::new();
    for row in rows {
        let body: Body = serde_json::from_str(&row.body).map_err(|e| corrupt(TABLE, e.to_string()))?;
        match order.get(&row.release_number) {
            Some(place) => versions.push((*place, read(row, body, &ids)?)),
            // A rule made by a release out of scope is not there yet.
            None if body.is_new => parts.rules.retain(|r| r.code != row.code),
            None => {}
        }
    }
    versions.sort_by_key(|(place, _)| *place);
    for (_, version) in versions {
        lay(parts, &version);
        parts.versions.push(version.into());
    }
    Ok(())
}

fn read(row: metadata_version::Model, body: Body, ids: &HashMap<String, IndicatorId>) -> Result<Version> {
    let text = |(vi, en): (String, String)| Text::new(vi, en);
    let subject = known(TABLE, &row.kind, Subject::from_code)?;
    let change = match subject {
        Subject::Indicator => Change::Indicator {
            name: text(body.name),
            definition: text(body.text),
            direction: known(TABLE, &body.direction, Direction::from_code)?,
            decimals: body.decimals,
            aliases: body.aliases,
        },
        Subject::Unit => Change::Unit { name: text(body.name), aliases: body.aliases, valid_to: body.valid_to },
        Subject::Rule => Change::Rule {
            is_new: body.is_new,
            is_retired: body.is_retired,
            rule: Box::new(Rule {
                code: row.code.clone(),
                severity: known(TABLE, &body.severity, Severity::from_code)?,
                check: known(TABLE, &body.check, CheckKind::from_code)?,
                quantity: body.quantity.map(|q| read_quantity(ids, &q)).transpose()?,
                parts: body.parts.iter().map(|q| read_quantity(ids, q)).collect::<Result<_>>()?,
                dimension: body.dimension,
                threshold: body
                    .threshold
                    .map(|t| t.parse().map_err(|_| corrupt(TABLE, "a threshold cannot be read")))
                    .transpose()?,
                name: text(body.name),
                explanation: text(body.text),
            }),
        },
    };
    Ok(Version { subject, code: row.code, release: row.release_number, change, reason: row.reason, actor: row.actor })
}

fn lay(parts: &mut Parts, version: &Version) {
    match &version.change {
        Change::Indicator { name, definition, direction, decimals, aliases } => {
            for indicator in parts.indicators.iter_mut().filter(|i| i.code == version.code) {
                let it = Arc::make_mut(indicator);
                it.name = name.clone();
                it.definition = definition.clone();
                it.direction = *direction;
                it.decimals = *decimals;
                it.aliases = aliases.clone();
            }
        }
        Change::Unit { name, aliases, valid_to } => {
            for unit in parts.units.iter_mut().filter(|u| u.key() == version.code) {
                let it = Arc::make_mut(unit);
                it.name = name.clone();
                it.aliases = aliases.clone();
                it.valid_to = *valid_to;
            }
        }
        Change::Rule { rule, is_retired, .. } => {
            let place = parts.rules.iter().position(|r| r.code == version.code);
            match (place, is_retired) {
                (Some(i), true) => drop(parts.rules.remove(i)),
                (Some(i), false) => parts.rules[i] = Arc::new(Rule::clone(rule)),
                (None, false) => parts.rules.push(Arc::new(Rule::clone(rule))),
                (None, true) => {}
            }
        }
    }
}
