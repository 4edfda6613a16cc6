//! Every query in the documentation is run, and the answer printed below it is the real one.
//!
//! `UPDATE_DOCS=1 cargo test examples` writes the answers anew.

use serde_json::Value;
use solieu::graphql::examples;

use crate::support::{TestApp, root};

#[tokio::test]
async fn the_example_queries_answer() {
    let app = TestApp::start().await;
    for example in examples::ALL {
        assert!(example.query.starts_with("# "), "{} says what it is for", example.name);
        let answer = app.ask(example.query).await;
        assert!(answer["errors"].is_null(), "{}: {}", example.name, answer["errors"]);
        assert!(
            !answer["data"].as_object().is_some_and(|d| d.values().any(Value::is_null)),
            "{}: {answer}",
            example.name
        );
    }
}

#[tokio::test]
async fn printed_answers_are_real() {
    let app = TestApp::start().await;
    for file in ["README.md", "docs/examples.md"] {
        let path = root().join(file);
        let text = std::fs::read_to_string(&path).expect(file);
        let mut fresh = String::new();
        let mut rest = text.as_str();
        let mut count = 0;
        while let Some(start) = rest.find("```graphql\n") {
            let (before, block) = rest.split_at(start + "```graphql\n".len());
            let (query, after) = block.split_once("```\n").expect("a block ends");
            fresh.push_str(before);
            fresh.push_str(query);
            fresh.push_str("```\n");
            rest = after;
            let Some(answer) = after.trim_start().strip_prefix("```json\n") else { continue };
            let (printed, after) = answer.split_once("```\n").expect("a block ends");
            let real = app.ask(query).await;
            assert!(real["errors"].is_null(), "{file}: {query}: {real}");
            if std::env::var_os("UPDATE_DOCS").is_none() {
                let printed: Value = serde_json::from_str(printed).expect("the printed answer is JSON");
                assert_eq!(printed, real["data"], "{file} is stale; run UPDATE_DOCS=1 cargo test examples\n{query}");
            }
            fresh
                .push_str(&format!("\n```json\n{}\n```\n", serde_json::to_string_pretty(&real["data"]).expect("JSON")));
            rest = after;
            count += 1;
        }
        fresh.push_str(rest);
        assert!(count >= 5, "{file} shows {count} queries with answers");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, fresh).expect("written");
        }
    }
}

#[tokio::test]
async fn every_example_is_documented() {
    let text = std::fs::read_to_string(root().join("docs/examples.md")).expect("docs/examples.md");
    for example in examples::ALL {
        assert!(text.contains(example.query.trim()), "docs/examples.md shows {}", example.name);
    }
}
