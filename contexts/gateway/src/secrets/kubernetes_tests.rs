use axum::Router;
use axum::extract::Path;
use axum::response::IntoResponse;
use axum::routing::get;
use secrecy::ExposeSecret;

use super::*;

/// As the API answers: base64 data, or a Status with the code.
async fn answer(Path((namespace, name)): Path<(String, String)>) -> axum::response::Response {
    let status = |code: u16, reason: &str| {
        let body = serde_json::json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": reason, "reason": reason, "code": code});
        let code = axum::http::StatusCode::from_u16(code).unwrap();
        (code, axum::Json(body)).into_response()
    };
    assert_eq!(namespace, "data");
    match name.as_str() {
        "comexstat-credentials" => axum::Json(serde_json::json!({"kind": "Secret", "apiVersion": "v1",
            "metadata": {"name": name}, "data": {"api-key": "czNjcmV0Cg=="}}))
        .into_response(),
        "forbidden" => status(403, "Forbidden"),
        "broken" => status(500, "InternalError"),
        "strange" => axum::Json(serde_json::json!({"data": {"api-key": "s3cret, not base64"}})).into_response(),
        "silent" => std::future::pending().await,
        _ => status(404, "NotFound"),
    }
}

async fn source() -> Kubernetes {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/api/v1/namespaces/{namespace}/secrets/{name}", get(answer));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let mut config = Config::new(format!("http://{address}").parse().unwrap());
    config.default_namespace = "data".to_owned();
    Kubernetes::with_config(config).unwrap()
}

#[tokio::test]
async fn secrets_of_the_api() {
    let source = source().await;
    let read = async |name: &str, key: &str| {
        let name = SecretName { name: name.into(), key: key.into() };
        let found = source.read(&name).await.map_err(|error| error.to_string());
        found.map(|value| value.map(|value| value.expose_secret().to_owned()))
    };
    assert_eq!(read("comexstat-credentials", "api-key").await, Ok(Some("s3cret".into())));
    assert_eq!(read("comexstat-credentials", "other").await, Ok(None));
    assert_eq!(read("unknown", "api-key").await, Ok(None));
    for (name, why) in [
        ("forbidden", "may not get Secret forbidden in namespace data"),
        ("broken", "the API answered 500"),
        ("strange", "the API's answer is no Secret"),
        ("../pods", "no name of a secret"),
    ] {
        let error = read(name, "api-key").await.unwrap_err();
        assert!(error.contains(why) && !error.contains("s3cret"), "{error}");
    }
    let place = source.place(&SecretName { name: "a".into(), key: "b".into() });
    assert_eq!(place, "key b of Secret a in namespace data");
}

#[tokio::test]
async fn an_api_that_is_not_there_or_does_not_answer() {
    let gone = Config::new("http://127.0.0.1:1".parse().unwrap());
    let name = SecretName { name: "silent".into(), key: "b".into() };
    let error = Kubernetes::with_config(gone).unwrap().read(&name).await.unwrap_err();
    assert!(error.to_string().contains("the API cannot be reached"), "{error}");
    let mut source = source().await;
    source.deadline = Duration::from_millis(50);
    let error = source.read(&name).await.unwrap_err();
    assert!(error.to_string().contains("did not answer within"), "{error}");
}
