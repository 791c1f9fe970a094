use std::sync::atomic::{AtomicUsize, Ordering};

use secrecy::ExposeSecret;
use testkit::{FakeClock, TempDir};

use super::environment::Environment;
use super::files::Files;
use super::*;

fn name(text: &str) -> SecretName {
    SecretName::parse(text).unwrap()
}

async fn read(source: &dyn SecretSource, text: &str) -> Result<Option<String>, String> {
    let found = source.read(&name(text)).await;
    found.map(|value| value.map(|value| value.expose_secret().to_owned())).map_err(|error| error.to_string())
}

/// A source whose answer a test changes.
#[derive(Debug, Default)]
struct Told {
    answer: Mutex<Option<Result<String, ()>>>,
    reads: AtomicUsize,
}

impl Told {
    fn say(&self, answer: Option<Result<&str, ()>>) {
        *self.answer.lock().unwrap() = answer.map(|answer| answer.map(ToOwned::to_owned));
    }
}

impl SecretSource for Told {
    fn name(&self) -> &'static str {
        "told"
    }

    fn read<'a>(&'a self, name: &'a SecretName) -> Read<'a> {
        Box::pin(async move {
            self.reads.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            let answer = self.answer.lock().unwrap().clone();
            let broken =
                |()| SecretError::Unreadable { name: name.clone(), source_name: "told", detail: "down".into() };
            answer.transpose().map(|value| value.map(SecretString::from)).map_err(broken)
        })
    }
}

#[test]
fn names_cannot_climb() {
    for sound in ["comexstat-credentials/api-key", "a/b", "a/tls.crt", "0/K_1"] {
        assert!(SecretName::parse(sound).is_ok(), "{sound}");
    }
    for wrong in
        ["", "a", "a/", "/a", "../a", "a/..", "a/.", "a/..data", "a/b/c", "A/b", "-a/b", "a b/c", "a/b c", "a/é"]
    {
        assert!(SecretName::parse(wrong).is_err(), "{wrong}");
    }
    assert!(SecretName::parse(&format!("{}/k", "n".repeat(64))).is_err());
}

#[tokio::test]
async fn the_environment() {
    let variables = |variable: &str| match variable {
        "COMEXSTAT_CREDENTIALS_API_KEY" => Some("s3cret".to_owned()),
        "A_EMPTY" => Some(String::new()),
        _ => None,
    };
    let source = Environment::new(Arc::new(variables));
    assert_eq!(read(&source, "comexstat-credentials/api-key").await, Ok(Some("s3cret".into())));
    assert_eq!(read(&source, "a/empty").await, Ok(None));
    assert_eq!(source.place(&name("a/tls.crt")), "the variable A_TLS_CRT");
    let secrets = Secrets::new(vec![Arc::new(source)]);
    assert_eq!(secrets.get(&name("comexstat-credentials/api-key")).await.unwrap().expose_secret(), "s3cret");
    assert!(!format!("{secrets:?}").contains("s3cret"));
}

#[tokio::test]
async fn files() {
    let directory = TempDir::new("secrets");
    let source = Files::new(directory.path());
    assert_eq!(read(&source, "a/key").await, Ok(None));
    std::fs::create_dir(directory.join("a")).unwrap();
    let write = |key: &str, bytes: &[u8]| std::fs::write(directory.join("a").join(key), bytes).unwrap();
    write("key", b"s3cret\r\n");
    assert_eq!(read(&source, "a/key").await, Ok(Some("s3cret".into())));
    write("empty", b"\n");
    write("binary", &[0xff, 0xfe]);
    write("large", &vec![b'a'; BYTES_MAX + 1]);
    std::fs::create_dir(directory.join("a/room")).unwrap();
    for (key, why) in [("empty", "empty"), ("binary", "UTF-8"), ("large", "more than 65536"), ("room", "is no file")] {
        let error = read(&source, &format!("a/{key}")).await.unwrap_err();
        assert!(
            error.contains(why) && error.starts_with(&format!("the secret a/{key} could not be read from files")),
            "{error}"
        );
    }
    assert_eq!(read(&source, "a.b/key".replace('.', "").as_str()).await, Ok(None));
    let unsound = SecretName { name: "..".into(), key: "passwd".into() };
    assert!(matches!(source.read(&unsound).await, Err(SecretError::Unreadable { .. })));
}

#[cfg(unix)]
#[tokio::test]
async fn links_stay_in_their_secret() {
    use std::os::unix::fs::symlink;
    let directory = TempDir::new("secret-links");
    std::fs::write(directory.join("outside"), "s3cret").unwrap();
    // As a mounted Secret is: the key leads to `..data`, which leads to the version of today.
    std::fs::create_dir_all(directory.join("a/..2025")).unwrap();
    std::fs::write(directory.join("a/..2025/key"), "inside\n").unwrap();
    symlink("..2025", directory.join("a/..data")).unwrap();
    symlink("..data/key", directory.join("a/key")).unwrap();
    symlink("../outside", directory.join("a/stolen")).unwrap();
    let source = Files::new(directory.path());
    assert_eq!(read(&source, "a/key").await, Ok(Some("inside".into())));
    let error = read(&source, "a/stolen").await.unwrap_err();
    assert!(error.contains("leads out of") && !error.contains("s3cret"), "{error}");
}

#[tokio::test]
async fn sources_in_order_and_where_they_looked() {
    let (first, second) = (Arc::new(Told::default()), Arc::new(Told::default()));
    let environment = Arc::new(Environment::new(Arc::new(|_: &str| None)));
    let secrets = Secrets::new(vec![environment, first.clone(), second.clone()]);
    let error = secrets.get(&name("a/key")).await.unwrap_err();
    let said = "the secret a/key does not exist; looked in the variable A_KEY, told, told";
    assert_eq!(error.to_string(), said);
    second.say(Some(Ok("second")));
    assert_eq!(secrets.get(&name("a/key")).await.unwrap().expose_secret(), "second");
    first.say(Some(Ok("first")));
    secrets.forget(&name("a/key"));
    assert_eq!(secrets.get(&name("a/key")).await.unwrap().expose_secret(), "first");
}

#[tokio::test]
async fn values_are_kept_for_ten_seconds() {
    let (source, clock) = (Arc::new(Told::default()), FakeClock::default());
    let secrets = Secrets::with_clock(vec![source.clone()], Arc::new(clock.clone()));
    let get = async || secrets.get(&name("a/key")).await.map(|value| value.expose_secret().to_owned());
    source.say(Some(Ok("old")));
    let together = futures_util::future::join_all((0..100).map(|_| get())).await;
    assert!(together.iter().all(|value| value.as_deref() == Ok("old")));
    assert_eq!(source.reads.load(Ordering::Relaxed), 1, "a hundred calls ask once");
    source.say(Some(Ok("new")));
    clock.advance(TimeDelta::seconds(9));
    assert_eq!(get().await.as_deref(), Ok("old"));
    clock.advance(TimeDelta::seconds(1));
    assert_eq!(get().await.as_deref(), Ok("new"));
    clock.advance(TimeDelta::hours(-1));
    source.say(Some(Ok("newer")));
    assert_eq!(get().await.as_deref(), Ok("newer"), "a clock set back keeps nothing for ever");
}

#[tokio::test]
async fn a_source_that_is_down_does_not_take_the_known_value_away() {
    let (source, clock) = (Arc::new(Told::default()), FakeClock::default());
    let secrets = Secrets::with_clock(vec![source.clone()], Arc::new(clock.clone()));
    let get = async || secrets.get(&name("a/key")).await.map(|value| value.expose_secret().to_owned());
    source.say(Some(Ok("known")));
    assert_eq!(get().await.as_deref(), Ok("known"));
    source.say(Some(Err(())));
    clock.advance(TimeDelta::minutes(1));
    assert_eq!(get().await.as_deref(), Ok("known"));
    secrets.forget(&name("a/key"));
    assert!(matches!(get().await, Err(SecretError::Unreadable { .. })));
    source.say(None);
    assert!(matches!(get().await, Err(SecretError::Missing { .. })));
}

#[tokio::test]
async fn a_source_that_is_down_is_asked_once_in_ten_seconds_however_many_wait() {
    let (source, clock) = (Arc::new(Told::default()), FakeClock::default());
    let secrets = Secrets::with_clock(vec![source.clone()], Arc::new(clock.clone()));
    source.say(Some(Ok("known")));
    secrets.get(&name("a/key")).await.unwrap();
    source.say(Some(Err(())));
    for reads in 2..5 {
        clock.advance(TimeDelta::seconds(10));
        let key = name("a/key");
        let together = futures_util::future::join_all((0..100).map(|_| secrets.get(&key))).await;
        assert!(together.iter().all(|value| value.as_ref().unwrap().expose_secret() == "known"));
        assert_eq!(source.reads.load(Ordering::Relaxed), reads, "a hundred calls ask once");
        clock.advance(TimeDelta::seconds(9));
        assert_eq!(secrets.get(&key).await.unwrap().expose_secret(), "known");
        assert_eq!(source.reads.load(Ordering::Relaxed), reads);
        clock.advance(TimeDelta::seconds(-9));
    }
    clock.advance(TimeDelta::seconds(10));
    source.say(Some(Ok("new")));
    assert_eq!(secrets.get(&name("a/key")).await.unwrap().expose_secret(), "new");
}
