use std::sync::{
    Mutex as StdMutex,
    atomic::{AtomicUsize, Ordering},
};

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
        RsaPublicKeyComponents,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;

/// A key of the provider; it can sign and it can be published.
enum Pair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

impl Pair {
    fn rsa() -> Self {
        Self::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    fn p256() -> Self {
        Self::P256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    fn ed() -> Self {
        Self::Ed(Ed25519KeyPair::generate().unwrap())
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "RS256",
            Self::P256(_) => "ES256",
            Self::Ed(_) => "EdDSA",
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).unwrap();
                signature
            }
            Self::P256(pair) => pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec(),
            Self::Ed(pair) => pair.sign(message).as_ref().to_vec(),
        }
    }

    fn jwk(&self, kid: &str) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Rsa(pair) => {
                let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                json!({ "kty": "RSA", "kid": kid, "use": "sig", "n": text(&public.n), "e": text(&public.e) })
            }
            Self::P256(pair) => {
                let point = pair.public_key().as_ref();
                json!({ "kty": "EC", "crv": "P-256", "kid": kid, "x": text(&point[1..33]), "y": text(&point[33..]) })
            }
            Self::Ed(pair) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "kid": kid, "x": text(pair.public_key().as_ref()) })
            }
        }
    }

    fn token(&self, kid: &str, claims: &Value) -> String {
        self.token_with(&json!({ "alg": self.algorithm(), "kid": kid, "typ": "JWT" }), claims)
    }

    fn token_with(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.sign(message.as_bytes()));
        format!("{message}.{signature}")
    }
}

/// A provider on this machine that answers what it is told to.
struct Server {
    address: String,
    answer: Arc<StdMutex<(String, String)>>,
    asked: Arc<AtomicUsize>,
}

impl Server {
    async fn start(keys: &[Value]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/keys", listener.local_addr().unwrap());
        let server = Self { address, answer: Arc::default(), asked: Arc::default() };
        server.publish(keys);
        let (answer, asked) = (server.answer.clone(), server.asked.clone());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\n") {
                    match stream.read_u8().await {
                        Ok(byte) => request.push(byte),
                        Err(_) => break,
                    }
                }
                asked.fetch_add(1, Ordering::SeqCst);
                let (head, body) = answer.lock().unwrap().clone();
                let length = body.len();
                let text = format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
                let _ = stream.write_all(text.as_bytes()).await;
            }
        });
        server
    }

    fn publish(&self, keys: &[Value]) {
        self.answer("200 OK", &json!({ "keys": keys }).to_string());
    }

    fn answer(&self, head: &str, body: &str) {
        *self.answer.lock().unwrap() = (head.to_owned(), body.to_owned());
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn provider(&self, algorithms: &[&str]) -> Provider {
        Provider::new(settings(&self.address, algorithms)).unwrap()
    }
}

fn settings(url: &str, algorithms: &[&str]) -> ProviderSettings {
    ProviderSettings {
        issuer: "https://id.test/realm".into(),
        audience: "solieu".into(),
        jwks_url: url.into(),
        algorithms: algorithms.iter().map(|a| (*a).to_owned()).collect(),
        name_claim: "preferred_username".into(),
        allow_http_loopback: true,
    }
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a time")
}

fn claims() -> Value {
    json!({
        "iss": "https://id.test/realm",
        "aud": "solieu",
        "sub": "f3b1",
        "exp": at(86_400).timestamp(),
        "iat": at(-60).timestamp(),
        "preferred_username": "hoa",
    })
}

const ALL: &[&str] = &["RS256", "ES256", "EdDSA"];

#[tokio::test]
async fn tokens_of_every_kind_of_key_are_read() {
    let pairs = [("r", Pair::rsa()), ("p", Pair::p256()), ("e", Pair::ed())];
    let server = Server::start(&pairs.each_ref().map(|(kid, pair)| pair.jwk(kid))).await;
    let provider = server.provider(ALL);
    for (kid, pair) in &pairs {
        let expected = ExternalClaims {
            subject: "f3b1".into(),
            issuer: "https://id.test/realm".into(),
            name: Some("hoa".into()),
            expires_at: at(86_400),
        };
        assert_eq!(provider.verify(&pair.token(kid, &claims()), at(0)).await, Ok(expected), "{kid}");
        // Another key under the same name.
        let other = match pair {
            Pair::Rsa(_) => Pair::rsa(),
            Pair::P256(_) => Pair::p256(),
            Pair::Ed(_) => Pair::ed(),
        };
        let forged = other.token(kid, &claims());
        assert_eq!(provider.verify(&forged, at(0)).await, Err(TokenError::Signature), "{kid}");
    }
    assert_eq!(server.asked(), 1, "the keys are kept");
}

#[tokio::test]
async fn an_algorithm_must_be_agreed_and_fit_the_key() {
    let (rsa, ed) = (Pair::rsa(), Pair::ed());
    let server = Server::start(&[rsa.jwk("r"), ed.jwk("e")]).await;
    let provider = server.provider(&["RS256", "ES256"]);
    assert!(provider.verify(&rsa.token("r", &claims()), at(0)).await.is_ok());
    for (pair, kid, algorithm) in [
        (&ed, "e", "EdDSA"),
        (&ed, "e", "RS256"),
        (&rsa, "r", "ES256"),
        (&rsa, "r", "RS512"),
        (&rsa, "r", "none"),
        (&rsa, "r", "rs256"),
    ] {
        let token = pair.token_with(&json!({ "alg": algorithm, "kid": kid }), &claims());
        assert_eq!(provider.verify(&token, at(0)).await, Err(TokenError::Algorithm), "{kid} {algorithm}");
    }

    // A public key taken as the secret of an HMAC.
    let jwk = ed.jwk("e");
    let public = URL_SAFE_NO_PAD.decode(jwk["x"].as_str().unwrap()).unwrap();
    let mut header = jsonwebtoken::Header::new(Algorithm::HS256);
    header.kid = Some("e".into());
    let token = jsonwebtoken::encode(&header, &claims(), &jsonwebtoken::EncodingKey::from_secret(&public)).unwrap();
    assert_eq!(server.provider(ALL).verify(&token, at(0)).await, Err(TokenError::Algorithm));
}

#[tokio::test]
async fn claims_are_required_and_compared() {
    let pair = Pair::ed();
    let server = Server::start(&[pair.jwk("e")]).await;
    let provider = server.provider(ALL);
    for (change, expected) in [
        (("aud", json!(["other", "solieu"])), Ok(())),
        (("aud", json!(["other"])), Err(TokenError::Audience)),
        (("aud", json!([])), Err(TokenError::Audience)),
        (("aud", json!("other")), Err(TokenError::Audience)),
        (("aud", json!(7)), Err(TokenError::Claims)),
        (("aud", Value::Null), Err(TokenError::Claims)),
        (("iss", json!("https://id.test/realm/")), Err(TokenError::Issuer)),
        (("iss", json!(["https://id.test/realm"])), Err(TokenError::Claims)),
        (("iss", Value::Null), Err(TokenError::Claims)),
        (("sub", json!("")), Err(TokenError::Claims)),
        (("sub", Value::Null), Err(TokenError::Claims)),
        (("exp", json!(at(-6).timestamp())), Err(TokenError::Expired)),
        (("exp", json!(at(-4).timestamp())), Ok(())),
        (("exp", json!(at(100).timestamp() as f64 + 0.5)), Ok(())),
        (("exp", json!(1e300)), Err(TokenError::Claims)),
        (("exp", Value::Null), Err(TokenError::Claims)),
        (("nbf", json!(at(6).timestamp())), Err(TokenError::NotYetValid)),
        (("nbf", json!(at(4).timestamp())), Ok(())),
        (("iat", json!(at(6).timestamp())), Err(TokenError::NotYetValid)),
        (("iat", Value::Null), Ok(())),
        (("preferred_username", json!({})), Ok(())),
    ] {
        let mut changed = claims();
        changed[change.0] = change.1.clone();
        let found = provider.verify(&pair.token("e", &changed), at(0)).await;
        assert_eq!(found.map(drop), expected, "{change:?}");
    }
    let header = |typ: &str| json!({ "alg": "EdDSA", "kid": "e", "typ": typ });
    for (typ, expected) in [("at+jwt", Ok(())), ("jwt", Ok(())), ("logout+jwt", Err(TokenError::Type))] {
        let token = pair.token_with(&header(typ), &claims());
        assert_eq!(provider.verify(&token, at(0)).await.map(drop), expected, "{typ}");
    }
    let nameless = json!({ "alg": "EdDSA" });
    let token = pair.token_with(&nameless, &claims());
    assert_eq!(provider.verify(&token, at(0)).await, Err(TokenError::UnknownKey));
    assert_eq!(provider.verify(&"a".repeat(100_000), at(0)).await, Err(TokenError::TooLong));
    assert_eq!(provider.verify("a.b", at(0)).await, Err(TokenError::Malformed));
}

#[tokio::test]
async fn a_rotated_key_is_fetched_at_most_twice_a_minute() {
    let (old, new) = (Pair::p256(), Pair::p256());
    let server = Server::start(&[old.jwk("old")]).await;
    let provider = server.provider(&["ES256"]);
    let (of_old, of_new) = (old.token("old", &claims()), new.token("new", &claims()));
    assert!(provider.verify(&of_old, at(0)).await.is_ok());
    server.publish(&[new.jwk("new")]);
    for second in [0, 1, 29] {
        assert_eq!(provider.verify(&of_new, at(second)).await, Err(TokenError::UnknownKey));
    }
    assert_eq!(server.asked(), 1);
    assert!(provider.verify(&of_new, at(30)).await.is_ok());
    assert_eq!(provider.verify(&of_old, at(30)).await, Err(TokenError::UnknownKey), "the old one is gone");
    assert_eq!(server.asked(), 2);
}

#[tokio::test]
async fn many_who_need_a_key_fetch_once() {
    let pair = Pair::ed();
    let server = Server::start(&[pair.jwk("e")]).await;
    let provider = server.provider(ALL);
    let (good, unknown) = (pair.token("e", &claims()), pair.token("x", &claims()));
    let all = (0..50).map(|n| {
        let (provider, token) = (provider.clone(), if n % 2 == 0 { good.clone() } else { unknown.clone() });
        tokio::spawn(async move { provider.verify(&token, at(0)).await })
    });
    for (n, one) in all.collect::<Vec<_>>().into_iter().enumerate() {
        let found = one.await.unwrap().map(drop);
        assert_eq!(found, if n % 2 == 0 { Ok(()) } else { Err(TokenError::UnknownKey) });
    }
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn a_withdrawn_key_is_believed_for_an_hour() {
    let pair = Pair::ed();
    let server = Server::start(&[pair.jwk("e")]).await;
    let provider = server.provider(ALL);
    let token = pair.token("e", &claims());
    assert!(provider.verify(&token, at(0)).await.is_ok());
    server.publish(&[]);
    assert!(provider.verify(&token, at(3599)).await.is_ok());
    assert_eq!(provider.verify(&token, at(3600)).await, Err(TokenError::UnknownKey));
}

#[tokio::test]
async fn a_failing_provider_leaves_the_old_keys() {
    let pair = Pair::ed();
    let server = Server::start(&[pair.jwk("e")]).await;
    let provider = server.provider(ALL);
    let (token, unknown) = (pair.token("e", &claims()), pair.token("x", &claims()));
    assert!(provider.verify(&token, at(0)).await.is_ok());
    let good = json!({ "keys": [pair.jwk("x")] }).to_string();
    let too_long = format!("{good}{}", " ".repeat(MAX_KEY_SET));
    let moved = format!("302 Found\r\nlocation: {}", Server::start(&[pair.jwk("x")]).await.address);
    let mut now = 10_000;
    for (head, body) in [
        ("500 Internal Server Error", good.as_str()),
        ("404 Not Found", &good),
        (&moved, &good),
        ("200 OK", "<html>"),
        ("200 OK", "{}"),
        ("200 OK", &too_long),
    ] {
        server.answer(head, body);
        assert!(provider.verify(&token, at(now)).await.is_ok(), "{head}");
        assert_eq!(provider.verify(&unknown, at(now)).await, Err(TokenError::ProviderUnreachable), "{head}");
        now += 30;
    }
    assert_eq!(server.asked(), 7);
    server.answer("200 OK", &good);
    assert_eq!(provider.verify(&unknown, at(now - 1)).await, Err(TokenError::ProviderUnreachable));
    assert!(provider.verify(&unknown, at(now)).await.is_ok(), "it recovers");
}

#[tokio::test]
async fn without_any_keys_nothing_is_accepted() {
    let pair = Pair::ed();
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let provider = Provider::new(settings(&format!("http://{closed}/"), ALL)).unwrap();
    let found = provider.verify(&pair.token("e", &claims()), at(0)).await;
    assert_eq!(found, Err(TokenError::ProviderUnreachable));
}

#[tokio::test]
async fn a_fetch_outlives_whoever_wanted_it() {
    let pair = Pair::ed();
    let server = Server::start(&[pair.jwk("e")]).await;
    let provider = server.provider(ALL);
    let token = pair.token("e", &claims());
    let mut first = Box::pin(provider.verify(&token, at(0)));
    assert!(futures_util::poll!(&mut first).is_pending());
    drop(first);
    let asked = async {
        while server.asked() == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), asked).await.expect("the fetch goes on");
    assert!(provider.verify(&token, at(0)).await.is_ok());
    assert_eq!(server.asked(), 1);
}

#[test]
fn settings_that_are_not_safe_are_refused() {
    let refused = |settings| Provider::new(settings).expect_err("not safe");
    for name in ["HS256", "HS384", "HS512", "none", "", "ES256K", "rs256"] {
        let expected = ProviderError::Algorithm(name.into());
        assert_eq!(refused(settings("https://id.test/keys", &["RS256", name])), expected);
    }
    let missing = ProviderError::Missing("algorithms");
    assert_eq!(refused(settings("https://id.test/keys", &[])), missing);
    let nobody = ProviderSettings { audience: String::new(), ..settings("https://id.test/keys", ALL) };
    assert_eq!(refused(nobody), ProviderError::Missing("audience"));

    for bad in ["", "id.test", "http://id.test/keys", "ftp://127.0.0.1/", "http://127.0.0.1.id.test/", "file:///keys"] {
        assert_eq!(refused(settings(bad, ALL)), ProviderError::Address, "{bad}");
    }
    for bad in ["https://user@id.test/keys", "https://:secret@id.test/keys"] {
        assert_eq!(refused(settings(bad, ALL)), ProviderError::Address, "{bad}");
    }
    for good in ["https://id.test/keys", "http://127.0.0.1:8080/", "http://[::1]:8080/", "http://localhost/"] {
        assert!(Provider::new(settings(good, ALL)).is_ok(), "{good}");
        let strict = ProviderSettings { allow_http_loopback: false, ..settings(good, ALL) };
        assert_eq!(Provider::new(strict).is_ok(), good.starts_with("https"), "{good}");
    }
}
