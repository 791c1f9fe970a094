//! Tokens: accepted by signature, issuer, audience and time alone.

use identity::token::Issuers;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::keys::{ed25519, rsa};
use crate::world::{EMAIL, SECRET, World};

/// The clock of tests, in seconds since 1970.
const NOW: i64 = 1_742_040_000;

fn claims() -> Value {
    json!({"iss": "bgc", "aud": "bgc-api", "sub": "nightly", "tier": "premium", "scope": "a b", "iat": NOW, "nbf": NOW, "exp": NOW + 60})
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn signed(claims: &Value) -> String {
    encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap()
}

async fn accepted(world: &World, token: &str) {
    // A route for anybody: the token is checked all the same, and its subject needs no account.
    let answer = world.get("/v1/session").bearer(token).done(200).await;
    assert_eq!(answer.json()["user"], Value::Null);
}

async fn refused(world: &World, token: &str) -> String {
    for uri in ["/v1/session", "/v1/account"] {
        let answer = world.get(uri).bearer(token).refused(401, "unauthenticated").await;
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
        assert!(!answer.text().contains(token));
    }
    // What is wrong with a token is for its programmer: the English text says it, the Portuguese what to do.
    let english = world.get("/v1/session").bearer(token).header("accept-language", "en").send().await;
    english.json()["detail"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn times_and_audience_must_hold() {
    let world = World::new().await;
    accepted(&world, &signed(&claims())).await;
    accepted(&world, &signed(&without("nbf"))).await;
    accepted(&world, &signed(&with("aud", json!(["core-dict", "bgc-api"])))).await;
    world.get("/v1/account").bearer(&signed(&claims())).refused(404, "not_found").await;
    world.get("/v1/account/activity").bearer(&signed(&claims())).refused(404, "not_found").await;
    world.get("/v1/account/api-keys").bearer(&signed(&claims())).refused(403, "forbidden").await;
    for (wrong, told) in [
        (with("exp", json!(NOW - 31)), "has expired"),
        (with("nbf", json!(NOW + 31)), "not valid yet"),
        (with("aud", json!("core-dict")), "another audience"),
        (with("aud", json!([])), "another audience"),
        (with("tier", json!("gold")), "a claim"),
        (with("ispb", json!("1")), "a claim"),
        (without("exp"), "cannot be read"),
        (without("aud"), "cannot be read"),
        (without("sub"), "cannot be read"),
        (with("exp", json!("tomorrow")), "cannot be read"),
        (with("sub", json!(["a", "b"])), "cannot be read"),
    ] {
        let detail = refused(&world, &signed(&wrong)).await;
        assert!(detail.contains(told), "{wrong}: {detail}");
    }
    world.clock.advance(chrono::TimeDelta::seconds(90));
    refused(&world, &signed(&claims())).await;
}

#[tokio::test]
async fn nobody_but_the_issuer_signs() {
    let world = World::new().await;
    let token = signed(&claims());
    let [head, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
    let foreign = encode(
        &Header::new(Algorithm::HS256),
        &claims(),
        &EncodingKey::from_secret(b"another secret of at least 32 bytes"),
    )
    .unwrap();
    assert!(refused(&world, &foreign).await.contains("signature"));
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        let other = encode(&Header::new(algorithm), &claims(), &EncodingKey::from_secret(SECRET.as_bytes())).unwrap();
        assert!(refused(&world, &other).await.contains("no issuer"));
    }
    // {"alg":"none","typ":"JWT"} and {"alg":"None"}
    let none = ["eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0", "eyJhbGciOiJOb25lIn0"];
    for forged in [
        format!("{}.{payload}.", none[0]),
        format!("{}.{payload}.{signature}", none[0]),
        format!("{}.{payload}.", none[1]),
        format!("{head}.{payload}."),
        format!("{head}.{payload}"),
        format!("{head}.{}.{signature}", signed(&with("tier", json!("free"))).split('.').nth(1).unwrap()),
        format!("{head}.{payload}.{signature}."),
        format!("{head}.{payload}.{}", &signature[1..]),
        "a.b.c".to_owned(),
        "..".to_owned(),
        "x".to_owned(),
    ] {
        refused(&world, &forged).await;
    }
    assert!(refused(&world, &signed(&with("iss", json!("somebody")))).await.contains("no issuer"));
    refused(&world, &signed(&with("iss", json!(["bgc"])))).await;
    let crit = Header { crit: Some(vec!["exp".to_owned()]), ..Header::new(Algorithm::HS256) };
    refused(&world, &encode(&crit, &claims(), &EncodingKey::from_secret(SECRET.as_bytes())).unwrap()).await;
    let kid = Header { kid: Some("../../etc/passwd".to_owned()), ..Header::new(Algorithm::HS256) };
    refused(&world, &encode(&kid, &claims(), &EncodingKey::from_secret(SECRET.as_bytes())).unwrap()).await;
}

#[tokio::test]
async fn large_tokens_are_not_looked_at() {
    let world = World::new().await;
    let large = signed(&with("padding", json!("x".repeat(4000))));
    assert!(large.len() > 4096 && large.len() < 8192);
    assert!(refused(&world, &large).await.contains("cannot be read"));
    refused(&world, &signed(&with("padding", json!("x".repeat(9000))))).await;
}

fn jwks(keys: Vec<(EncodingKey, Algorithm, Option<&str>)>) -> String {
    let key = |(key, algorithm, kid): (EncodingKey, Algorithm, Option<&str>)| {
        let mut jwk = Jwk::from_encoding_key(&key, algorithm).unwrap();
        jwk.common.key_id = kid.map(str::to_owned);
        jwk
    };
    serde_json::to_string(&JwkSet { keys: keys.into_iter().map(key).collect() }).unwrap()
}

fn with_kid(algorithm: Algorithm, kid: Option<&str>) -> Header {
    Header { kid: kid.map(str::to_owned), ..Header::new(algorithm) }
}

#[tokio::test]
async fn other_issuers_sign_by_their_own_algorithm_and_key_only() {
    let rsa_jwks = jwks(vec![(rsa(), Algorithm::RS256, Some("r1"))]);
    let ed_jwks = jwks(vec![(ed25519(), Algorithm::EdDSA, None)]);
    let trusted = |own: Issuers| {
        let own = own.with_issuer("https://sso.example", Algorithm::RS256, &rsa_jwks).unwrap();
        own.with_issuer("edwards", Algorithm::EdDSA, &ed_jwks).unwrap()
    };
    let world = World::trusting(trusted).await;
    let of = |iss: &str| with("iss", json!(iss));
    let sso = of("https://sso.example");
    let good = encode(&with_kid(Algorithm::RS256, Some("r1")), &sso, &rsa()).unwrap();
    accepted(&world, &good).await;
    accepted(&world, &encode(&with_kid(Algorithm::RS256, None), &sso, &rsa()).unwrap()).await;
    accepted(&world, &encode(&with_kid(Algorithm::EdDSA, None), &of("edwards"), &ed25519()).unwrap()).await;
    for (header, claims, key) in [
        (with_kid(Algorithm::RS256, Some("r2")), sso.clone(), rsa()),
        (with_kid(Algorithm::RS512, Some("r1")), sso.clone(), rsa()),
        (with_kid(Algorithm::EdDSA, Some("r1")), sso.clone(), ed25519()),
        (with_kid(Algorithm::RS256, None), of("edwards"), rsa()),
        (with_kid(Algorithm::RS256, None), of("bgc"), rsa()),
        // The installation's own secret does not speak for others.
        (with_kid(Algorithm::HS256, None), sso.clone(), EncodingKey::from_secret(SECRET.as_bytes())),
        // The public key of an issuer, which everybody has, taken for an HMAC secret: as JWKS text, as modulus.
        (with_kid(Algorithm::HS256, Some("r1")), sso.clone(), EncodingKey::from_secret(rsa_jwks.as_bytes())),
        (with_kid(Algorithm::HS256, Some("r1")), sso.clone(), EncodingKey::from_secret(&modulus(&rsa_jwks))),
        (with_kid(Algorithm::HS256, None), of("edwards"), EncodingKey::from_secret(ed_jwks.as_bytes())),
    ] {
        let token = encode(&header, &claims, &key).unwrap();
        assert!(refused(&world, &token).await.contains("no issuer"), "{header:?} {claims}");
    }
}

/// The modulus as its characters in the JWKS: what a careless verifier would hand to HMAC.
fn modulus(jwks: &str) -> Vec<u8> {
    let jwks: Value = serde_json::from_str(jwks).unwrap();
    jwks["keys"][0]["n"].as_str().unwrap().as_bytes().to_vec()
}

#[tokio::test]
async fn the_subject_of_another_issuer_is_not_ours() {
    let ed_jwks = jwks(vec![(ed25519(), Algorithm::EdDSA, None)]);
    let world = World::trusting(|own| own.with_issuer("edwards", Algorithm::EdDSA, &ed_jwks).unwrap()).await;
    world.sign_up(EMAIL).await;
    let id = world.text("SELECT id FROM identity.users").await.trim().to_owned();
    let mut claims = with("sub", json!(id));
    world.get("/v1/account").bearer(&signed(&claims)).done(200).await;
    claims["iss"] = json!("edwards");
    let foreign = encode(&with_kid(Algorithm::EdDSA, None), &claims, &ed25519()).unwrap();
    world.get("/v1/account").bearer(&foreign).refused(404, "not_found").await;
}

#[test]
fn a_file_of_issuers_is_read_strictly() {
    let dir = testkit::TempDir::new("issuers");
    let write = |name: &str, text: &str| {
        std::fs::write(dir.join(name), text).unwrap();
        dir.join(name)
    };
    write("rsa.json", &jwks(vec![(rsa(), Algorithm::RS256, Some("r1"))]));
    write("two.json", &jwks(vec![(rsa(), Algorithm::RS256, Some("r1")), (rsa(), Algorithm::RS256, None)]));
    write("secret.json", &jwks(vec![(EncodingKey::from_secret(b"x"), Algorithm::HS256, Some("s"))]));
    write("none.json", "{\"keys\": []}");
    write("weak.json", "{\"keys\": [{\"kty\": \"RSA\", \"n\": \"AQAB\", \"e\": \"AQAB\"}]}");
    let own = || Issuers::own("bgc", SECRET.as_bytes());
    let issuer = |name: &str, algorithm: &str, file: &str| {
        format!("[[issuer]]\nname = \"{name}\"\nalgorithm = \"{algorithm}\"\njwks_file = \"{file}\"\n")
    };
    let good = write("good.toml", &issuer("sso", "RS256", "rsa.json"));
    own().with_file(&good).unwrap();
    own().with_file(&write("empty.toml", "")).unwrap();
    for (text, told) in [
        (issuer("bgc", "RS256", "rsa.json"), "issuer \"bgc\" already"),
        (issuer("sso", "HS256", "secret.json"), "say RS256 or EdDSA"),
        (issuer("sso", "none", "rsa.json"), "say RS256 or EdDSA"),
        (issuer("sso", "RS256", "secret.json"), "is none for RS256"),
        (issuer("sso", "EdDSA", "rsa.json"), "is none for EdDSA"),
        (issuer("sso", "RS256", "two.json"), "each needs its kid"),
        (issuer("sso", "RS256", "none.json"), "there are 0"),
        (issuer("sso", "RS256", "weak.json"), "fewer than 2048 bits"),
        (issuer("sso", "RS256", "absent.json"), "absent.json"),
        (issuer("sso", "RS256", "good.toml"), "no JWKS"),
        ("[[issuer]]\nname = \"x\"\n".to_owned(), "missing field"),
        ("issuers = []\n".to_owned(), "unknown field"),
    ] {
        let error = own().with_file(&write("wrong.toml", &text)).unwrap_err().to_string();
        assert!(error.contains(told), "{text}: {error}");
    }
}
