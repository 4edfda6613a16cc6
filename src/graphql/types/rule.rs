//! Validation rules and what they find.

use async_graphql::Object;

use super::{
    document::Document,
    enums::{CheckKind, Language, Severity},
    indicator::Quantity,
    observation::Observation,
};
use crate::{
    domain::{id::DocumentId, rule},
    graphql::{
        connection::connection,
        context::{View, entry},
        cost,
        error::{Fault, Result},
        scalars::{Decimal, bounded},
    },
};

connection!(RuleConnection, RuleEdge, Rule);

entry! {
    /// A validation rule.
    Rule of rule::Rule
}

/// A validation rule: what figures have to hold.
#[Object]
impl Rule {
    /// Stable code.
    async fn code(&self) -> &str {
        &self.it.code
    }

    /// What a finding means.
    async fn severity(&self) -> Severity {
        self.it.severity.into()
    }

    /// What it looks at.
    async fn check(&self) -> CheckKind {
        self.it.check.into()
    }

    /// Short title: what has to hold.
    async fn name(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.it.name.get(lang.into())
    }

    /// What a finding of this rule may come from.
    async fn explanation(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.it.explanation.get(lang.into())
    }

    /// The quantity that is checked; null for rules about all figures of a kind.
    async fn quantity(&self) -> Option<Quantity> {
        self.it.quantity.clone().map(|quantity| Quantity { view: self.view.clone(), quantity })
    }

    /// The quantities that it is held against; at most 20.
    #[graphql(complexity = "cost::list(None, 3, child_complexity)")]
    async fn parts(&self) -> Vec<Quantity> {
        let parts = self.it.parts.iter().take(20).cloned();
        parts.map(|quantity| Quantity { view: self.view.clone(), quantity }).collect()
    }

    /// For a rule that looks for a jump: how many times more or less than the median of earlier periods is too much;
    /// null for the default, which is 10, and for all other rules.
    async fn threshold(&self) -> Option<Decimal> {
        self.it.threshold.map(Decimal::from)
    }

    /// Number of findings in all documents.
    async fn finding_count(&self) -> i32 {
        self.view.catalogue().findings.iter().filter(|f| f.rule == self.it.code).count() as i32
    }
}

entry! {
    /// A contradiction.
    Finding of rule::Finding
}

/// A contradiction that a rule found in a document. It changes nothing: what is printed stays as printed.
#[Object]
impl Finding {
    /// Stable code.
    async fn code(&self) -> &str {
        &self.it.code
    }

    /// The rule.
    async fn rule(&self) -> Result<Rule> {
        let found = self.view.catalogue().rule(&self.it.rule).map(|it| Rule::of(&self.view, it));
        found.ok_or_else(|| Fault::Internal(format!("rule {} is not in the snapshot", self.it.rule)))
    }

    /// The document.
    async fn document(&self) -> Result<Document> {
        Document::by_id(&self.view, self.it.document)
    }

    /// What is wrong, in one sentence or two.
    async fn message(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.it.message.get(lang.into())
    }

    /// What the rule expects, in the unit of measure of the first figure; null where it is no number.
    async fn expected(&self) -> Option<Decimal> {
        self.it.expected.map(Decimal::from)
    }

    /// What is printed, in the unit of measure of the first figure; null where it is no number.
    async fn actual(&self) -> Option<Decimal> {
        self.it.actual.map(Decimal::from)
    }

    /// Printed minus expected; null where they are no numbers.
    async fn difference(&self) -> Option<Decimal> {
        self.it.difference.map(Decimal::from)
    }

    /// The figures concerned, the checked one first; their `locator` says where they stand. At most 100.
    #[graphql(complexity = "cost::list(None, 5, child_complexity)")]
    async fn observations(&self) -> Result<Vec<Observation>> {
        let loads = self.it.figures.iter().take(100).map(|uid| self.view.loaders.by_uid(uid.clone()));
        let found = futures_util::future::join_all(loads).await.into_iter().collect::<Result<Vec<_>>>()?;
        Ok(found.into_iter().flatten().map(|o| Observation::new(&self.view, o)).collect())
    }

    /// True if somebody looked at it and accepted it; the reason stays visible.
    async fn is_waived(&self) -> bool {
        self.it.waiver.is_some()
    }

    /// Why it was accepted; null if it was not.
    async fn waived_reason(&self) -> Option<&str> {
        self.it.waiver.as_ref().map(|w| w.reason.as_str())
    }
}

/// The findings in a document, in the order of the rules.
pub fn findings(view: &View, document: DocumentId, severity: Option<Severity>, first: i32) -> Result<Vec<Finding>> {
    let first = bounded(first, 500, "first")?;
    let of_severity = |f: &rule::Finding| {
        severity
            .is_none_or(|wanted| view.catalogue().rule(&f.rule).is_some_and(|r| Severity::from(r.severity) == wanted))
    };
    let found = view.catalogue().findings.iter().filter(|f| f.document == document && of_severity(f));
    Ok(found.take(first).map(|it| Finding::of(view, it)).collect())
}
