//! Information systems, the indicators that they feed, and where the documents name them.

use super::*;
use crate::domain::{
    document::Document,
    id::*,
    observation::Locator,
    system::{Mention, System},
};

pub fn read(folder: &Folder, parts: &mut Parts) {
    let catalogue = Catalogue::new(parts.clone());
    let rows = folder.rows(
        "systems.csv",
        &["code", "name_vi", "name_en", "owner", "purpose_vi", "purpose_en", "aliases", "named_in"],
    );
    refuse_duplicates(rows.iter().map(|r| (r, r.cell("code").to_owned())), "code");
    let feeds = folder.rows("system_indicators.csv", &["system", "indicator"]);
    refuse_duplicates(feeds.iter().map(|r| (r, format!("{} {}", r.cell("system"), r.cell("indicator")))), "indicator");
    for row in feeds.iter().filter(|f| !rows.iter().any(|r| r.cell("code") == f.cell("system"))) {
        row.fail("system", format!("unknown system `{}`", row.cell("system")));
    }
    for (i, row) in rows.iter().enumerate() {
        let code = row.required("code");
        let indicators = feeds.iter().filter(|f| f.cell("system") == code).filter_map(|f| {
            f.need("indicator", |c| {
                catalogue.indicator_by_code(c).map(|i| i.id).ok_or_else(|| format!("unknown indicator `{c}`"))
            })
        });
        row.required("named_in");
        let mentions = row
            .cell("named_in")
            .split('|')
            .filter(|place| !place.is_empty())
            .filter_map(|place| mention(&catalogue, place).map_err(|message| row.fail("named_in", message)).ok());
        parts.systems.push(
            System {
                id: SystemId(key(i)),
                indicators: indicators.collect(),
                mentions: mentions.collect(),
                name: row.text("name"),
                owner: row.convert("owner", |c| {
                    catalogue.unit_latest(c).map(|u| u.id).ok_or_else(|| format!("unknown unit `{c}`"))
                }),
                purpose: row.text("purpose"),
                aliases: row.cell("aliases").split('|').filter(|a| !a.is_empty()).map(str::to_owned).collect(),
                code,
            }
            .into(),
        );
    }
}

/// Reads `document:section`, `document:section#footnote` or `document:PL table.row`.
fn mention(catalogue: &Catalogue, place: &str) -> Result<Mention, String> {
    let (document, place) = place.split_once(':').ok_or_else(|| format!("`{place}`: write document:section"))?;
    let document: &Document =
        catalogue.document_by_code(document).ok_or_else(|| format!("unknown document `{document}`"))?;
    let locator = match place.strip_prefix("PL ") {
        Some(cell) => {
            let (table, row) = cell.split_once('.').map_or((cell, None), |(t, r)| (t, Some(r.to_owned())));
            Locator { table: Some(table.to_owned()), row, ..Locator::default() }
        }
        None => {
            let (section, footnote) = place.split_once('#').map_or((place, None), |(s, n)| (s, Some(n)));
            if !document.sections.iter().any(|s| s.code == section) {
                return Err(format!("document {} has no section `{section}`", document.code));
            }
            let footnote =
                footnote.map(|n| n.parse().map_err(|_| format!("`{n}` is not a footnote number"))).transpose()?;
            Locator { section: Some(section.to_owned()), footnote, ..Locator::default() }
        }
    };
    Ok(Mention { document: document.id, locator })
}
