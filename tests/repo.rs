//! Rules of the house that no compiler holds.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use crate::support::root;

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => found.extend(sources(&path)),
            false if path.extension().is_some_and(|e| e == "rs") => found.push(path),
            false => {}
        }
    }
    found
}

#[test]
fn the_schema_file_is_current() {
    let kept = std::fs::read_to_string(root().join("schema.graphql")).expect("schema.graphql");
    assert!(
        kept == solieu::graphql::schema::sdl(),
        "schema.graphql is stale; run: cargo run -- export-schema --output schema.graphql"
    );
}

/// Who may import whom; a module not listed may be imported by all.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("auth", &["domain"]),
    ("ingest", &["domain"]),
    ("search", &["domain"]),
    ("store", &["domain"]),
    ("snapshot", &["domain", "search", "store"]),
    ("usecase", &["auth", "domain", "ingest", "snapshot", "store"]),
    ("graphql", &["domain", "ingest", "search", "snapshot", "store", "usecase"]),
    ("http", &["config", "domain", "graphql", "ingest", "snapshot", "store", "usecase"]),
    ("config", &["graphql", "ingest"]),
    ("telemetry", &["config"]),
    ("server", &["auth", "config", "graphql", "http", "snapshot", "store", "usecase"]),
    ("cli", &["config", "domain", "graphql", "ingest", "server", "snapshot", "store", "telemetry", "usecase"]),
];

/// Crates that a module must not know.
const MUST_NOT_KNOW: &[(&str, &[&str])] = &[
    ("domain", &["async_graphql", "actix_web", "sea_orm", "entity", "serde"]),
    ("auth", &["async_graphql", "actix_web", "sea_orm", "entity"]),
    ("ingest", &["async_graphql", "actix_web", "sea_orm", "entity"]),
    ("graphql", &["sea_orm", "entity", "actix_web"]),
    ("http", &["sea_orm", "entity"]),
    ("usecase", &["async_graphql", "actix_web", "entity"]),
    ("store", &["async_graphql", "actix_web"]),
];

#[test]
fn imports_go_one_way() {
    let src = root().join("src");
    for path in sources(&src) {
        let relative = path.strip_prefix(&src).expect("below src").with_extension("");
        let module = relative.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("a file");
        let imported = imported_modules(&text);
        if let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == module) {
            for other in
                imported.iter().filter(|other| **other != module && MAY_IMPORT.iter().any(|(name, _)| name == other))
            {
                assert!(allowed.contains(&other.as_str()), "{}: {module} must not import {other}", path.display());
            }
        }
        for (_, forbidden) in MUST_NOT_KNOW.iter().filter(|(name, _)| *name == module) {
            for name in *forbidden {
                let used = text
                    .lines()
                    .any(|line| !line.trim_start().starts_with("//") && line.contains(&format!("{name}::")));
                assert!(!used, "{}: {module} must not know {name}", path.display());
            }
        }
    }
}

/// Top modules named after `crate::`, alone or in braces.
fn imported_modules(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for part in text.split("crate::").skip(1) {
        let word = |s: &str| s.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        match part.strip_prefix('{') {
            None => {
                found.insert(word(part));
            }
            Some(list) => {
                let mut depth = 0;
                let mut item = String::new();
                for c in list.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => {
                            found.insert(word(item.trim()));
                            item.clear();
                            continue;
                        }
                        _ => {}
                    }
                    item.push(c);
                }
                found.insert(word(item.trim()));
            }
        }
    }
    found
}

#[test]
fn write_transactions_begin_in_one_place() {
    for path in sources(&root().join("src")).into_iter().filter(|p| !p.ends_with("store/connection.rs")) {
        let text = std::fs::read_to_string(&path).expect("a file");
        for line in text.lines().filter(|line| line.contains(".begin()")) {
            assert!(line.contains("database.begin()"), "{}: {line}", path.display());
        }
    }
}

#[test]
fn nothing_of_the_province_is_in_the_code() {
    for path in sources(&root().join("src")) {
        let text = std::fs::read_to_string(&path).expect("a file");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//") && !line.contains("desc = "));
        for line in lines {
            assert!(!line.contains("Thái Nguyên") && !line.contains("3872"), "{}: {line}", path.display());
        }
    }
}

/// Every described thing of the schema, with its description.
fn members() -> Vec<(String, String)> {
    use async_graphql::{
        Positioned,
        parser::{
            parse_schema,
            types::{InputValueDefinition, TypeKind, TypeSystemDefinition},
        },
    };
    type Described = Option<Positioned<String>>;
    let document = parse_schema(solieu::graphql::schema::sdl()).expect("the schema is read back");
    let mut members = Vec::new();
    let mut add = |name: String, text: &Described| {
        members.push((name, text.as_ref().map(|t| t.node.clone()).unwrap_or_default()))
    };
    for definition in document.definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let definition = definition.node;
        let owner = definition.name.node.to_string();
        add(owner.clone(), &definition.description);
        let inputs = |list: &[Positioned<InputValueDefinition>], owner: &str| -> Vec<(String, Described)> {
            list.iter().map(|i| (format!("{owner}.{}", i.node.name.node), i.node.description.clone())).collect()
        };
        let mut found = Vec::new();
        let fields = match &definition.kind {
            TypeKind::Object(object) => object.fields.clone(),
            TypeKind::Interface(interface) => interface.fields.clone(),
            TypeKind::InputObject(object) => {
                found.extend(inputs(&object.fields, &owner));
                Vec::new()
            }
            TypeKind::Enum(list) => {
                found.extend(
                    list.values.iter().map(|v| (format!("{owner}.{}", v.node.value.node), v.node.description.clone())),
                );
                Vec::new()
            }
            TypeKind::Scalar | TypeKind::Union(_) => Vec::new(),
        };
        for field in fields {
            let name = format!("{owner}.{}", field.node.name.node);
            found.extend(inputs(&field.node.arguments, &name));
            found.push((name, field.node.description.clone()));
        }
        for (name, text) in found {
            add(name, &text);
        }
    }
    members
}

#[test]
fn every_member_of_the_schema_is_described_in_sentences() {
    let members = members();
    assert!(members.len() > 500, "{}", members.len());
    let wrong: Vec<_> = members.iter().filter(|(_, text)| !text.trim_end().ends_with('.')).collect();
    assert!(wrong.is_empty(), "without a description that ends in a period: {wrong:#?}");
}
