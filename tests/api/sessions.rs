//! Signing in, tokens, keys of machines, an outside provider of identities.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::Duration;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use solieu::{
    domain::account::{Account, Role},
    server, store,
    usecase::{
        accounts::{self, NewKey},
        act, authority, session,
    },
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{Person, TestApp, operator};

const PASSWORD: &str = "chín con trâu gặm cỏ";
const WHO: &str = "{ viewer { name roles } }";
const SIGN_IN: &str =
    "mutation($input: SignInInput!) { signIn(input: $input) { accessToken refreshToken viewer { name } } }";
const REFRESH: &str =
    "mutation($input: RefreshSessionInput!) { refreshSession(input: $input) { accessToken refreshToken } }";

/// What a client holds.
#[derive(Debug)]
struct Pair {
    access: String,
    refresh: String,
}

fn pair(answer: &Value, mutation: &str) -> Option<Pair> {
    let text = |name: &str| answer["data"][mutation][name].as_str().map(str::to_owned);
    Some(Pair { access: text("accessToken")?, refresh: text("refreshToken")? })
}

async fn sign_in(app: &TestApp, name: &str, password: &str) -> Result<Pair, Value> {
    let input = json!({ "input": { "name": name, "password": password } });
    let answer = app.anonymous().ask_with(SIGN_IN, input).await;
    pair(&answer, "signIn").ok_or(answer)
}

async fn refresh(app: &TestApp, token: &str) -> Result<Pair, Value> {
    let answer = app.anonymous().ask_with(REFRESH, json!({ "input": { "refreshToken": token } })).await;
    pair(&answer, "refreshSession").ok_or(answer)
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

/// Status and name of the caller as the service sees it.
async fn who(app: &TestApp, credential: &str) -> (u16, Value) {
    let response = app.bearer(Some(credential.to_owned())).post(WHO, json!({})).await;
    let status = response.status().as_u16();
    let answer: Value = response.json().await.expect("JSON");
    (status, answer["data"]["viewer"]["name"].clone())
}

async fn is_good(app: &TestApp, credential: &str) -> bool {
    match who(app, credential).await {
        (200, Value::String(_)) => true,
        (401, Value::Null) => false,
        other => panic!("{other:?}"),
    }
}

async fn actions(app: &TestApp) -> Vec<String> {
    let events = store::audit::after(app.state.database.reader(), 0, 1000).await.expect("the trail");
    events.into_iter().map(|event| event.entry.action).collect()
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_look_the_same() {
    let app = TestApp::start().await;
    app.account("known", Some(PASSWORD), &[Role::Reader], &[]).await;
    app.account("elsewhere", None, &[Role::Reader], &[]).await;
    let pair = sign_in(&app, "known", PASSWORD).await.expect("signed in");
    assert_eq!(who(&app, &pair.access).await, (200, json!("known")));
    let mut seen = Vec::new();
    for (name, password) in [("known", "wrong"), ("unknown", PASSWORD), ("elsewhere", "")] {
        let input = json!({ "input": { "name": name, "password": password } });
        let response = app.anonymous().post(SIGN_IN, input).await;
        let headers: Vec<_> = response
            .headers()
            .iter()
            .filter(|(name, _)| !["x-request-id", "date"].contains(&name.as_str()))
            .map(|(name, value)| (name.to_string(), value.clone()))
            .collect();
        seen.push((response.status(), headers, response.text().await.expect("text")));
    }
    assert!(seen[0].2.contains("UNAUTHENTICATED"), "{seen:?}");
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
}

#[tokio::test]
async fn guessing_is_slowed_down_whether_or_not_there_is_such_an_account() {
    let mut texts = Vec::new();
    for name in ["known", "unknown"] {
        let app = TestApp::start().await;
        app.account("known", Some(PASSWORD), &[Role::Reader], &[]).await;
        for _ in 0..5 {
            assert_eq!(code(&sign_in(&app, name, "wrong").await.expect_err("wrong")), "UNAUTHENTICATED");
        }
        // The first wait is a second, which a slow machine may need for the next attempt; each failure doubles it.
        let mut answer = Value::Null;
        for _ in 0..8 {
            answer = sign_in(&app, name, "wrong").await.expect_err("wrong");
            if code(&answer) == "RATE_LIMITED" {
                break;
            }
        }
        assert_eq!(code(&answer), "RATE_LIMITED", "{answer}");
        assert!(answer["errors"][0]["extensions"]["retryAfter"].as_u64().is_some_and(|s| s >= 1), "{answer}");
        texts.push(answer["errors"][0]["message"].as_str().expect("a text").replace(char::is_numeric, ""));
    }
    assert_eq!(texts[0], texts[1]);
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_once() {
    let app = TestApp::start().await;
    app.account("lan", Some(PASSWORD), &[Role::Reader], &[]).await;
    let first = sign_in(&app, "lan", PASSWORD).await.expect("signed in");
    let second = refresh(&app, &first.refresh).await.expect("exchanged");
    assert_ne!(first.refresh, second.refresh);
    assert!(is_good(&app, &second.access).await);
    let third = refresh(&app, &second.refresh).await.expect("exchanged");
    assert!(!actions(&app).await.contains(&"refresh-token-reused".to_owned()));

    // Again: somebody else has it, so that nobody goes on with this session, at whatever time it is noticed. The other
    // sign-in of the same account has nothing to do with it.
    let other = sign_in(&app, "lan", PASSWORD).await.expect("signed in");
    assert_eq!(code(&refresh(&app, &first.refresh).await.expect_err("used")), "UNAUTHENTICATED");
    assert_eq!(code(&refresh(&app, &third.refresh).await.expect_err("ended")), "UNAUTHENTICATED");
    assert_eq!(actions(&app).await.iter().filter(|action| *action == "refresh-token-reused").count(), 1);
    refresh(&app, &other.refresh).await.expect("another family");
    assert_eq!(code(&refresh(&app, "nonsense").await.expect_err("unknown")), "UNAUTHENTICATED");
    assert_eq!(code(&refresh(&app, &third.access).await.expect_err("an access token")), "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_session_ends_when_it_lies_idle_and_when_it_is_old() {
    let app = TestApp::start().await;
    app.account("lan", Some(PASSWORD), &[Role::Reader], &[]).await;
    let state = &app.state;
    let at = |days: i64| {
        let mut act = operator();
        act.now += Duration::days(days);
        act
    };
    let exchange = async |days: i64, token: &str| {
        let done = session::refresh(&state.database, &state.authority, &at(days), token).await;
        done.map(|session| session.refresh_token.expose().to_owned())
    };
    let idle = sign_in(&app, "lan", PASSWORD).await.expect("signed in").refresh;
    exchange(8, &idle).await.expect_err("unused for more than 7 days");
    let mut token = sign_in(&app, "lan", PASSWORD).await.expect("signed in").refresh;
    for day in [6, 12, 18, 24, 29] {
        token = exchange(day, &token).await.expect("in use");
    }
    exchange(31, &token).await.expect_err("older than 30 days");
}

#[tokio::test]
async fn of_two_refreshes_at_once_one_wins_and_the_session_ends() {
    let app = TestApp::start().await;
    app.account("lan", Some(PASSWORD), &[Role::Reader], &[]).await;
    for _ in 0..5 {
        let newest = sign_in(&app, "lan", PASSWORD).await.expect("signed in");
        let (one, two) = tokio::join!(refresh(&app, &newest.refresh), refresh(&app, &newest.refresh));
        let (won, lost) = match (one, two) {
            (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
            (one, two) => panic!("{} and {}", one.is_ok(), two.is_ok()),
        };
        assert_eq!(code(&lost), "UNAUTHENTICATED");
        // Which of the two was the thief cannot be told.
        assert_eq!(code(&refresh(&app, &won.refresh).await.expect_err("ended")), "UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn signing_out_ends_one_session() {
    let app = TestApp::start().await;
    app.account("lan", Some(PASSWORD), &[Role::Reader], &[]).await;
    let (here, there) = (sign_in(&app, "lan", PASSWORD).await, sign_in(&app, "lan", PASSWORD).await);
    let (here, there) = (here.expect("signed in"), there.expect("signed in"));
    // The family ends with any token of it, and twice is once.
    let newer = refresh(&app, &here.refresh).await.expect("exchanged");
    for token in [&newer.refresh, &newer.refresh, &"nonsense".to_owned()] {
        let done = app.anonymous().call("signOut", json!({ "refreshToken": token }), "isSignedOut").await;
        assert_eq!(done["isSignedOut"], true);
    }
    refresh(&app, &newer.refresh).await.expect_err("ended");
    refresh(&app, &there.refresh).await.expect("another session");
}

#[tokio::test]
async fn a_new_password_ends_all_sessions_at_once() {
    let app = TestApp::start().await;
    app.account("lan", Some(PASSWORD), &[Role::Reader], &[]).await;
    let here = sign_in(&app, "lan", PASSWORD).await.expect("signed in");
    let there = sign_in(&app, "lan", PASSWORD).await.expect("signed in");
    let person = app.bearer(Some(here.access.clone()));
    let new = "mười con vịt bơi ao";
    let query =
        "mutation($input: ChangePasswordInput!) { changePassword(input: $input) { viewer { name } errors { code } } }";
    let change = |old: &str, new: &str| json!({ "input": { "oldPassword": old, "newPassword": new } });
    assert_eq!(person.code(query, change("wrong", new)).await, "UNAUTHENTICATED");
    let weak = person.ask_with(query, change(PASSWORD, "short")).await;
    assert_eq!(weak["data"]["changePassword"]["errors"][0]["code"], "WEAK_PASSWORD", "{weak}");
    assert!(is_good(&app, &here.access).await && is_good(&app, &there.access).await);
    let changed = person.ask_with(query, change(PASSWORD, new)).await;
    assert_eq!(changed["data"]["changePassword"]["viewer"]["name"], "lan", "{changed}");
    for session in [&here, &there] {
        assert!(!is_good(&app, &session.access).await);
        refresh(&app, &session.refresh).await.expect_err("ended");
    }
    sign_in(&app, "lan", PASSWORD).await.expect_err("the old password");
    let again = sign_in(&app, "lan", new).await.expect("signed in");
    assert!(is_good(&app, &again.access).await);
}

#[tokio::test]
async fn no_session_slips_through_while_a_password_changes() {
    let app = TestApp::start().await;
    app.account("lan", Some(PASSWORD), &[Role::Reader], &[]).await;
    // Somebody with the old password has passed the check when the new one is written.
    let transaction = act::begin(&app.state.database).await.expect("a transaction");
    let change = async {
        tokio::time::sleep(std::time::Duration::from_millis(800)).await;
        let statement = "UPDATE account SET token_epoch = token_epoch + 1, password_hash = 'x' WHERE name = 'lan'";
        transaction.execute_unprepared(statement).await.expect("changed");
        transaction.commit().await.expect("committed");
    };
    let (signed_in, ()) = tokio::join!(sign_in(&app, "lan", PASSWORD), change);
    if let Ok(session) = signed_in {
        assert!(!is_good(&app, &session.access).await);
        refresh(&app, &session.refresh).await.expect_err("a session of the old password");
    }
    assert_eq!(app.count("refresh_token").await, 0);
}

#[tokio::test]
async fn of_two_new_passwords_at_once_one_is_taken() {
    let app = TestApp::start().await;
    app.account("lan", Some(PASSWORD), &[Role::Reader], &[]).await;
    let lan = app.bearer(Some(sign_in(&app, "lan", PASSWORD).await.expect("signed in").access));
    let query = "mutation($input: ChangePasswordInput!) { changePassword(input: $input) { errorCount } }";
    let change = |new: &str| json!({ "input": { "oldPassword": PASSWORD, "newPassword": new } });
    let (one, two) = ("mười con vịt bơi ao", "một đàn cò trắng bay");
    // Both have passed the check before either is written.
    let transaction = act::begin(&app.state.database).await.expect("a transaction");
    let wait = async {
        tokio::time::sleep(std::time::Duration::from_millis(800)).await;
        transaction.rollback().await.expect("ended");
    };
    let (first, second, ()) = tokio::join!(lan.code(query, change(one)), lan.code(query, change(two)), wait);
    let mut codes = [first, second];
    codes.sort();
    assert_eq!(codes, ["", "UNAUTHENTICATED"]);
}

#[tokio::test]
async fn who_is_deactivated_is_out_at_once() {
    let app = TestApp::start().await;
    app.account("lan", Some(PASSWORD), &[Role::Reader], &[]).await;
    let admin = app.person("admin", &[Role::Admin], &[]).await;
    let session = sign_in(&app, "lan", PASSWORD).await.expect("signed in");
    assert!(is_good(&app, &session.access).await);
    let change = |active: bool| json!({ "name": "lan", "isActive": active });
    let changed = admin.call("changeAccount", change(false), "account { isActive } errors { code }").await;
    assert_eq!(changed["account"]["isActive"], false);
    assert!(!is_good(&app, &session.access).await);
    refresh(&app, &session.refresh).await.expect_err("ended");
    assert_eq!(code(&sign_in(&app, "lan", PASSWORD).await.expect_err("out")), "UNAUTHENTICATED");
    admin.call("changeAccount", change(true), "errors { code }").await;
    assert!(!is_good(&app, &session.access).await, "what has ended stays ended");
    refresh(&app, &session.refresh).await.expect_err("what has ended stays ended");
    sign_in(&app, "lan", PASSWORD).await.expect("in again");
    // Roles are not what the token says but what the account has now.
    let lan = app.bearer(Some(sign_in(&app, "lan", PASSWORD).await.expect("in").access));
    assert_eq!(lan.code("{ submissions { totalCount } }", json!({})).await, "");
    admin.call("changeAccount", json!({ "name": "lan", "roles": [] }), "errors { code }").await;
    assert_eq!(lan.code("{ submissions { totalCount } }", json!({})).await, "FORBIDDEN");
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn claims(account: &Account) -> Value {
    let now = server::clock().timestamp();
    json!({
        "iss": "solieu", "aud": "solieu", "sub": account.id.to_string(), "exp": now + 600, "iat": now, "jti": "x",
        "epoch": account.epoch, "name": account.name, "roles": ["ADMIN"],
    })
}

fn changed(value: &Value, name: &str, to: Value) -> Value {
    let mut value = value.clone();
    value[name] = to;
    value
}

#[tokio::test]
async fn tokens_that_lie_are_refused() {
    let app = TestApp::start().await;
    let account = app.account("lan", Some(PASSWORD), &[Role::Reader], &[]).await;
    let session = sign_in(&app, "lan", PASSWORD).await.expect("signed in");
    let keys = store::accounts::signing_keys(app.state.database.reader()).await.expect("keys");
    let private = EncodingKey::from_ed_der(&STANDARD.decode(&keys[0].private_key).expect("base64"));
    let public = STANDARD.decode(&keys[0].public_key).expect("base64");
    let sign = |header: &Value, claims: &Value| {
        let message = format!("{}.{}", part(header), part(claims));
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &private, Algorithm::EdDSA).expect("signed");
        format!("{message}.{signature}")
    };
    let header = json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": keys[0].kid });
    let good = claims(&account);
    let control = sign(&header, &good);
    assert_eq!(who(&app, &control).await, (200, json!("lan")), "what the attacks start from is accepted");

    let now = server::clock().timestamp();
    let none = format!("{}.{}.", part(&changed(&header, "alg", json!("none"))), part(&good));
    let hmac_header = changed(&header, "alg", json!("HS256"));
    let hmac = |secret: &[u8]| {
        let message = format!("{}.{}", part(&hmac_header), part(&good));
        let key = EncodingKey::from_secret(secret);
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).expect("signed");
        format!("{message}.{signature}")
    };
    let other_claims = changed(&good, "jti", json!("y"));
    let signature = control.rsplit('.').next().expect("a signature");
    let mut attacks: Vec<(&str, String)> = vec![
        ("alg none", none),
        ("alg none with a signature", sign(&changed(&header, "alg", json!("none")), &good)),
        ("HS256 with the public key", hmac(&public)),
        ("HS256 with the public key as text", hmac(keys[0].public_key.as_bytes())),
        ("unknown kid", sign(&changed(&header, "kid", json!("other")), &good)),
        ("a kid that is SQL", sign(&changed(&header, "kid", json!("' OR 1=1 --")), &good)),
        ("no kid", sign(&json!({ "alg": "EdDSA", "typ": "at+jwt" }), &good)),
        ("expired", sign(&header, &changed(&good, "exp", json!(now - 60)))),
        ("not valid yet", sign(&header, &changed(&good, "nbf", json!(now + 600)))),
        ("other audience", sign(&header, &changed(&good, "aud", json!("other")))),
        ("other issuer", sign(&header, &changed(&good, "iss", json!("other")))),
        ("typ JWT", sign(&changed(&header, "typ", json!("JWT")), &good)),
        ("another epoch", sign(&header, &changed(&good, "epoch", json!(account.epoch + 1)))),
        ("nobody's account", sign(&header, &changed(&good, "sub", json!("999999")))),
        ("no account", sign(&header, &changed(&good, "sub", json!("lan")))),
        ("claims changed", format!("{}.{}.{signature}", part(&header), part(&other_claims))),
        ("signature cut off", control.trim_end_matches(signature).to_owned()),
        ("refresh token", session.refresh.clone()),
        ("garbage", "garbage".to_owned()),
        ("dots", "...".to_owned()),
        ("half a key", "sol_".to_owned()),
        ("an unknown key", format!("sol_{}_{}", "0".repeat(24), URL_SAFE_NO_PAD.encode([7; 32]))),
        ("two parts", format!("{control} {control}")),
        ("two schemes", format!("{control}, Bearer {control}")),
        ("100 KB", "a".repeat(100_000)),
    ];
    attacks.iter_mut().for_each(|(_, token)| token.insert_str(0, "Bearer "));
    attacks.extend([
        ("Basic", format!("Basic {}", STANDARD.encode(format!("lan:{PASSWORD}")))),
        ("Basic with a token", format!("Basic {control}")),
        ("no scheme", control.clone()),
        ("scheme only", "Bearer".to_owned()),
        ("nothing after the scheme", "Bearer ".to_owned()),
    ]);
    for (name, authorization) in attacks {
        refused(&app, name, &[&authorization]).await;
    }
    // Which of two would be meant? Whoever stands before the service might have looked at the other.
    let bearer = format!("Bearer {control}");
    refused(&app, "two headers", &[&bearer, &bearer]).await;
    refused(&app, "two headers, one good", &[&bearer, "Bearer garbage"]).await;
    assert_eq!(who(&app, &control).await, (200, json!("lan")), "and still is");
}

/// Sends a public query with these headers of authorization; it must be refused.
async fn refused(app: &TestApp, name: &str, authorization: &[&str]) {
    for address in ["graphql", "uploads"] {
        let mut request = app.client.post(format!("{}/{address}", app.address)).json(&json!({ "query": WHO }));
        for value in authorization {
            request = request.header("authorization", *value);
        }
        let response = request.send().await.unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(response.status(), 401, "{name} to {address}");
        let challenge = response.headers().get("www-authenticate").and_then(|v| v.to_str().ok()).unwrap_or_default();
        assert!(challenge.starts_with("Bearer"), "{name} to {address}: {challenge}");
        let answer: Value = response.json().await.expect("JSON");
        assert_eq!(code(&answer), "UNAUTHENTICATED", "{name}: {answer}");
        assert!(answer["data"].is_null());
        let text = answer.to_string().to_lowercase();
        for word in ["expired", "signature", "audience", "issuer", "kid", "epoch"] {
            assert!(!text.contains(word), "{name} says why: {answer}");
        }
    }
}

#[tokio::test]
async fn keys_rotate_while_tokens_stay_good() {
    let app = TestApp::start().await;
    let account = app.account("lan", None, &[Role::Reader], &[]).await;
    let state = &app.state;
    let old = state.authority.issue(&state.database, &account, server::clock()).await.expect("a token");
    let published = async || -> Value {
        let response =
            app.client.get(format!("{}/.well-known/jwks.json", app.address)).send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        response.json().await.expect("JSON")
    };
    let before = published().await;
    assert_eq!(before["keys"].as_array().map(Vec::len), Some(1), "{before}");
    authority::rotate(&state.database, server::clock()).await.expect("rotated");
    // A minute later this node knows: it is made to look now.
    state.authority.jwks(&state.database, server::clock() + Duration::seconds(61)).await.expect("keys");
    let new = state.authority.issue(&state.database, &account, server::clock()).await.expect("a token");
    let set = published().await;
    let keys = set["keys"].as_array().expect("keys");
    assert_eq!(keys.len(), 2, "{set}");
    assert!(keys.iter().all(|key| key.get("d").is_none() && key["kty"] == "OKP"), "{set}");
    let kid_of = |token: &str| jsonwebtoken::decode_header(token).expect("a header").kid.expect("a kid");
    assert_ne!(kid_of(&old), kid_of(&new));
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&["solieu"]);
    validation.set_issuer(&["solieu"]);
    for token in [&old, &new] {
        assert_eq!(who(&app, token).await, (200, json!("lan")));
        for key in keys {
            let decoding = DecodingKey::from_ed_components(key["x"].as_str().expect("x")).expect("a key");
            let read = jsonwebtoken::decode::<Value>(token, &decoding, &validation);
            assert_eq!(read.is_ok(), key["kid"] == kid_of(token).as_str(), "{key} {read:?}");
            assert!(read.is_err() || read.is_ok_and(|token| token.claims["name"] == "lan"));
        }
    }
    let private = &store::accounts::signing_keys(state.database.reader()).await.expect("keys")[0].private_key;
    assert!(!set.to_string().contains(private.as_str()));
}

#[tokio::test]
async fn a_key_is_shown_once_and_ends() {
    let app = TestApp::start().await;
    let admin = app.person("admin", &[Role::Admin], &[]).await;
    let input = json!({
        "name": "cổng dịch vụ công", "units": ["164"], "indicators": ["dossiers.received"],
        "expiresAt": (server::clock() + Duration::days(9)).to_rfc3339(),
    });
    let made =
        admin.call("createApiKey", input.clone(), "secret apiKey { id name units indicators } errors { code }").await;
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    let id = made["apiKey"]["id"].as_str().expect("an id").to_owned();
    let hidden = secret.strip_prefix(&format!("sol_{id}_")).expect("the form of keys");
    let machine = app.bearer(Some(secret.clone()));
    let seen = machine.ask("{ viewer { name isMachine roles units } }").await;
    let expected = json!({ "name": "cổng dịch vụ công", "isMachine": true, "roles": [], "units": ["164"] });
    assert_eq!(seen["data"]["viewer"], expected);

    let dump = app.dump().await;
    assert!(dump.contains(&id) && dump.contains("cổng dịch vụ công"), "the dump is one");
    assert!(!dump.contains(hidden), "the secret is kept");
    let listed = admin.ask("{ apiKeys { nodes { id name revokedAt } } auditEvents { action subject detail } }").await;
    assert!(listed["data"]["apiKeys"].to_string().contains(&id) && !listed.to_string().contains(hidden));

    // Another secret of the same key.
    let other = format!("sol_{id}_{}", URL_SAFE_NO_PAD.encode([7; 32]));
    assert!(!is_good(&app, &other).await);
    for (field, value, code) in [
        ("expiresAt", json!((server::clock() - Duration::days(1)).to_rfc3339()), "BAD_TIME"),
        ("expiresAt", json!((server::clock() + Duration::days(731)).to_rfc3339()), "BAD_TIME"),
        ("units", json!([]), "BAD_INPUT"),
        ("units", json!(["no such"]), "BAD_INPUT"),
        ("indicators", json!(["no such"]), "BAD_INPUT"),
    ] {
        let refused = admin.call("createApiKey", changed(&input, field, value), "secret errors { code }").await;
        assert_eq!((&refused["errors"][0]["code"], &refused["secret"]), (&json!(code), &Value::Null));
    }

    let revoked = admin.call("revokeApiKey", json!({ "id": id }), "apiKey { revokedAt } errors { code }").await;
    assert!(revoked["apiKey"]["revokedAt"].is_string(), "{revoked}");
    assert!(!is_good(&app, &secret).await);

    // One that was made two days ago for a day.
    let mut earlier = operator();
    earlier.now -= Duration::days(2);
    let new = NewKey {
        name: "old".to_owned(),
        units: ["164".to_owned()].into(),
        indicators: [].into(),
        expires_at: earlier.now + Duration::days(1),
    };
    let snapshot = app.state.snapshots.newest(&app.state.database).await.expect("a snapshot");
    let made = accounts::create_key(&app.state.database, &snapshot.catalogue, &earlier, new).await;
    let (_, text) = made.expect("the operator may").expect("nothing to put right");
    refused_key(&app, &text.to_string()).await;
}

async fn refused_key(app: &TestApp, key: &str) {
    refused(app, "a key", &[&format!("Bearer {key}")]).await;
}

/// A key set on this machine.
async fn provide(set: Value) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}/keys", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = vec![0; 4096];
            let _ = socket.read(&mut request).await;
            let body = set.to_string();
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length";
            let _ = socket.write_all(format!("{head}: {}\r\n\r\n{body}", body.len()).as_bytes()).await;
        }
    });
    address
}

#[tokio::test]
async fn tokens_of_an_outside_provider_are_good_for_accounts_here() {
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
    let pair = Ed25519KeyPair::generate().expect("a key");
    let x = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
    let set = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "theirs", "use": "sig", "x": x }] });
    let jwks_url = provide(set).await;
    let app = TestApp::start_with(|config| {
        let provider = &mut config.auth.provider;
        provider.issuer = "https://id.example".to_owned();
        provider.audience = "solieu-clients".to_owned();
        provider.jwks_url = jwks_url;
        provider.allow_http_loopback = true;
    })
    .await;
    app.account("lan", None, &[Role::Editor], &["164"]).await;
    let der = pair.to_pkcs8().expect("a key");
    let private = EncodingKey::from_ed_der(der.as_ref());
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some("theirs".to_owned());
    let token = |claims: &Value| jsonwebtoken::encode(&header, claims, &private).expect("a token");
    let now = server::clock().timestamp();
    let good = json!({
        "iss": "https://id.example", "aud": ["solieu-clients"], "sub": "7f", "exp": now + 300, "iat": now,
        "preferred_username": "lan", "roles": ["ADMIN"], "realm_access": { "roles": ["ADMIN"] },
    });
    let lan = app.bearer(Some(token(&good)));
    let seen = lan.ask("{ viewer { name roles units } }").await;
    let expected = json!({ "name": "lan", "roles": ["EDITOR"], "units": ["164"] });
    assert_eq!(seen["data"]["viewer"], expected, "{seen}");
    assert_eq!(lan.code("{ accounts { totalCount } }", json!({})).await, "FORBIDDEN");
    for (name, value) in [
        ("preferred_username", json!("nobody")),
        ("aud", json!("others")),
        ("aud", json!([])),
        ("iss", json!("solieu")),
        ("exp", json!(now - 60)),
    ] {
        refused(&app, name, &[&format!("Bearer {}", token(&changed(&good, name, value)))]).await;
    }
    // Our own tokens go on being good, and who is deactivated is out.
    let own = app.person("admin", &[Role::Admin], &[]).await;
    own.call("changeAccount", json!({ "name": "lan", "isActive": false }), "errors { code }").await;
    refused(&app, "deactivated", &[&format!("Bearer {}", token(&good))]).await;
}

#[tokio::test]
async fn private_answers_are_neither_kept_nor_compressed() {
    let app = TestApp::start().await;
    app.account("lan", Some(PASSWORD), &[Role::Editor], &["164"]).await;
    let session = sign_in(&app, "lan", PASSWORD).await.expect("signed in");
    let (machine, _) = app.machine(&["164"], &[]).await;
    let long =
        "{ indicators(first: 100) { nodes { code name description } } viewer { name } }".replace(" description", "");
    let sign_in = json!({ "query": SIGN_IN, "variables": { "input": { "name": "lan", "password": PASSWORD } } });
    let wrong = json!({ "query": SIGN_IN, "variables": { "input": { "name": "lan", "password": "wrong" } } });
    let public = json!({ "query": long });
    let send = async |body: &Value, credential: Option<&str>| {
        let mut request =
            app.client.post(format!("{}/graphql", app.address)).json(body).header("accept-encoding", "gzip");
        if let Some(credential) = credential {
            request = request.bearer_auth(credential);
        }
        let response = request.send().await.expect("an answer");
        let header =
            |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let found = (header("cache-control"), header("content-encoding"));
        (found, response.bytes().await.expect("bytes"))
    };
    let ((_, encoding), _) = send(&public, None).await;
    assert_eq!(encoding, "gzip", "public answers are compressed");
    for (name, body, credential) in [
        ("a session", &sign_in, None),
        ("no session", &wrong, None),
        ("a query of a person", &public, Some(session.access.as_str())),
        ("a query of a machine", &public, machine.credential.as_deref()),
    ] {
        let ((kept, encoding), bytes) = send(body, credential).await;
        assert_eq!(kept, "no-store", "{name}");
        assert!(encoding.is_empty() || encoding == "identity", "{name}: {encoding}");
        serde_json::from_slice::<Value>(&bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
    }
    let lan: Person = app.bearer(Some(session.access));
    let sent = lan.send_file("x.csv", b"a,b\n".to_vec()).await;
    assert_eq!(sent.status(), 201);
    assert_eq!(sent.headers().get("cache-control").and_then(|v| v.to_str().ok()), Some("no-store"));
}
