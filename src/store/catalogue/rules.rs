//! Validation rules and their findings.

use std::{collections::HashMap, sync::Arc};

use entity::{finding, finding_figure, rule};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder};

use super::{indicators::read_quantity, is_current, release_of};
use crate::{
    domain::{
        catalogue::{Catalogue, Parts},
        id::*,
        number::{Exact, NumberError},
        rule::{CheckKind, Finding, Rule, Severity, Waiver},
        text::Text,
    },
    store::{
        Result,
        rows::{corrupt, exact, insert, known, next_id},
    },
};

pub async fn save(connection: &impl ConnectionTrait, parts: &Parts) -> Result<()> {
    let catalogue = Catalogue::new(parts.clone());
    let models = parts.rules.iter().zip(1..).map(|(r, position)| rule::ActiveModel {
        code: Set(r.code.clone()),
        position: Set(position),
        severity: Set(r.severity.code().to_owned()),
        check_kind: Set(r.check.code().to_owned()),
        quantity: Set(r.quantity.as_ref().map(|q| catalogue.quantity_ref(q).to_string())),
        parts: Set(r.parts.iter().map(|q| catalogue.quantity_ref(q).to_string()).collect::<Vec<_>>().join("|")),
        dimension_code: Set(r.dimension.clone()),
        threshold: Set(r.threshold.map(|t| t.to_string())),
        name_vi: Set(r.name.vi.clone()),
        name_en: Set(r.name.en.clone()),
        explanation_vi: Set(r.explanation.vi.clone()),
        explanation_en: Set(r.explanation.en.clone()),
    });
    insert(connection, models.collect::<Vec<_>>()).await?;
    for finding in &parts.findings {
        let release = release_of(parts, finding.document);
        save_findings(connection, std::slice::from_ref(finding), release).await?;
    }
    Ok(())
}

/// Writes findings about a document that a release brings.
pub async fn save_findings(connection: &impl ConnectionTrait, findings: &[Arc<Finding>], release: i32) -> Result<()> {
    let first = next_id(connection, finding::Entity, finding::Column::Id).await?;
    let mantissa = |value: Option<Exact>| Set(value.map(|v| v.mantissa()));
    let scale = |value: Option<Exact>| Set(value.map(|v| v.scale()));
    let models = findings.iter().zip(first..).map(|(f, id)| finding::ActiveModel {
        id: Set(id),
        code: Set(f.code.clone()),
        rule_code: Set(f.rule.clone()),
        document_id: Set(f.document.0),
        expected_mantissa: mantissa(f.expected),
        expected_scale: scale(f.expected),
        actual_mantissa: mantissa(f.actual),
        actual_scale: scale(f.actual),
        difference_mantissa: mantissa(f.difference),
        difference_scale: scale(f.difference),
        message_vi: Set(f.message.vi.clone()),
        message_en: Set(f.message.en.clone()),
        release_from: Set(release),
        release_to: Set(None),
        waived_by: Set(f.waiver.as_ref().map(|w| w.by.clone())),
        waived_reason: Set(f.waiver.as_ref().map(|w| w.reason.clone()).unwrap_or_default()),
    });
    insert(connection, models).await?;
    let figures =
        findings.iter().zip(first..).flat_map(|(f, id)| f.figures.iter().zip(1..).map(move |(uid, n)| (id, n, uid)));
    let models = figures.map(|(finding, position, uid)| finding_figure::ActiveModel {
        finding_id: Set(finding),
        position: Set(position),
        observation_uid: Set(uid.clone()),
    });
    insert(connection, models).await
}

fn read_threshold(text: &str) -> Result<Exact> {
    text.parse().map_err(|e: NumberError| corrupt("rule", e.to_string()))
}

pub async fn load(connection: &impl ConnectionTrait, parts: &mut Parts) -> Result<()> {
    let ids: HashMap<String, IndicatorId> = parts.indicators.iter().map(|i| (i.code.clone(), i.id)).collect();
    for row in rule::Entity::find().order_by_asc(rule::Column::Position).all(connection).await? {
        let quantities = row.parts.split('|').filter(|p| !p.is_empty()).map(|p| read_quantity(&ids, p));
        parts.rules.push(
            Rule {
                severity: known("rule", &row.severity, Severity::from_code)?,
                check: known("rule", &row.check_kind, CheckKind::from_code)?,
                quantity: row.quantity.as_deref().map(|q| read_quantity(&ids, q)).transpose()?,
                parts: quantities.collect::<Result<_>>()?,
                code: row.code,
                dimension: row.dimension_code,
                threshold: row.threshold.map(|text| read_threshold(&text)).transpose()?,
                name: Text::new(row.name_vi, row.name_en),
                explanation: Text::new(row.explanation_vi, row.explanation_en),
            }
            .into(),
        );
    }
    let mut figures: HashMap<i32, Vec<String>> = HashMap::new();
    for row in finding_figure::Entity::find().order_by_asc(finding_figure::Column::Position).all(connection).await? {
        figures.entry(row.finding_id).or_default().push(row.observation_uid);
    }
    for row in finding::Entity::find().order_by_asc(finding::Column::Id).all(connection).await? {
        if !is_current(parts, row.release_from, row.release_to) {
            continue;
        }
        parts.findings.push(
            Finding {
                code: row.code,
                rule: row.rule_code,
                document: DocumentId(row.document_id),
                expected: exact("finding", row.expected_mantissa, row.expected_scale)?,
                actual: exact("finding", row.actual_mantissa, row.actual_scale)?,
                difference: exact("finding", row.difference_mantissa, row.difference_scale)?,
                message: Text::new(row.message_vi, row.message_en),
                figures: figures.remove(&row.id).unwrap_or_default(),
                waiver: row.waived_by.map(|by| Waiver { by, reason: row.waived_reason }),
            }
            .into(),
        );
    }
    Ok(())
}
