use testkit::TempDir;

use super::*;

/// A connector that is right; tests break it in one place.
const SOUND: &str = "\
id: example
title: An example
base_url: https://api.example.org/v1
redirect_hosts: [files.example.org]
headers: { User-Agent: bgc }
auth:
  api_key: { header: X-Api-Key, secret: example-credentials/api-key }
limits:
  rate: { requests: 1, per_ms: 1000 }
  timeout_ms: 1000
endpoints:
  things:
    title: Things
    path: /things/{kind}
    parameters:
      kind: { title: Kind, choice: [a, b] }
      code: { title: Code, digits: { length: 3, length_min: 1 }, most: 5, optional: true }
    values:
      first: ['{kind}-{kind}']
      second: ['{first}!']
    body:
      list: ['{*code}', '{second}']
    response:
      list: [data]
      fields:
        id: { type: digits, length: 3 }
    cache: { fresh_s: 60 }
";

fn faults(text: &str) -> Vec<String> {
    match read(text.as_bytes(), "x.yaml", None) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(ToString::to_string).collect(),
    }
}

/// The faults of the sound file with one text replaced.
fn broken(from: &str, to: &str) -> Vec<String> {
    assert!(SOUND.contains(from), "{from}");
    faults(&SOUND.replacen(from, to, 1))
}

/// The place of a text in the sound file, as a fault begins.
fn place(text: &str) -> String {
    let at = SOUND.find(text).unwrap();
    let line = SOUND[..at].lines().count().max(1) + usize::from(SOUND[..at].ends_with('\n'));
    let column = SOUND[..at].rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("x.yaml:{line}:{column}: ")
}

#[test]
fn the_sound_file_is_sound() {
    assert_eq!(faults(SOUND), [""; 0]);
    let (_, connector) = read(SOUND.as_bytes(), "x.yaml", None).unwrap();
    let values: Vec<&str> =
        connector.endpoints["things"].request.values.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(values, ["first", "second"]);
    assert_eq!(connector.auth.secrets()[0].to_string(), "example-credentials/api-key");
}

#[test]
fn a_fault_has_its_place_and_its_reason() {
    for (from, to, at, reason) in [
        ("example\n", "Example\n", "example\n", "an id is a-z"),
        ("An example", "''", "An example", "title must have"),
        (
            "https://api.example.org/v1",
            "http://api.example.org",
            "https://api",
            "use https, or set allow_private_network",
        ),
        ("https://api.example.org/v1", "https://u:p@api.example.org", "https://api", "holds no credentials"),
        ("https://api.example.org/v1", "https://api.example.org?a=b", "https://api", "has no query"),
        ("https://api.example.org/v1", "https://10.0.0.1", "https://api", "needs allow_private_network"),
        ("https://api.example.org/v1", "https://0x7f.1/", "https://api", "needs allow_private_network"),
        ("https://api.example.org/v1", "'https://[::ffff:127.0.0.1]'", "https://api", "needs allow_private_network"),
        ("https://api.example.org/v1", "https://localhost", "https://api", "only with allow_private_network"),
        ("https://api.example.org/v1", "file:///etc/passwd", "https://api", "file is not spoken here"),
        ("https://api.example.org/v1", "nonsense", "https://api", "no address"),
        ("files.example.org", "'https://files.example.org'", "files.example.org", "a host is a name"),
        ("files.example.org", "127.0.0.1", "files.example.org", "a host is a name"),
        ("User-Agent", "Host", "User-Agent", "host is not for files to set"),
        ("User-Agent", "Authorization", "User-Agent", "credentials belong under auth"),
        ("User-Agent: bgc", "User-Agent: \"a\\r\\nb\"", "bgc }", "printable ASCII"),
        ("example-credentials/api-key", "../etc", "example-credentials", "a secret is NAME/KEY"),
        ("example-credentials/api-key", "a/..", "example-credentials", "a secret is NAME/KEY"),
        ("per_ms: 1000", "per_ms: 0", "1000 }", "per_ms must be from 1 to 3600000, not 0"),
        ("timeout_ms: 1000", "timeout_ms: 600001", "1000\nendpoints", "timeout_ms must be from"),
        ("fresh_s: 60", "fresh_s: 9999999999", "60 }\n", "fresh_s must be from 0 to 2592000"),
        ("/things/{kind}", "/things/../{kind}", "/things/{", "no . and .. segments"),
        ("/things/{kind}", "/things?a={kind}", "/things/{", "no query"),
        ("/things/{kind}", "'{kind}'", "/things/{", "begins with /"),
        ("/things/{kind}", "/things/{code}", "/things/{", "code cannot stand in a path"),
        ("/things/{kind}", "/things/{kinds}", "/things/{", "there is no parameter and no value kinds"),
        ("/things/{kind}", "/things/{kind", "/things/{", "a lone {"),
        ("'{second}'", "'{*second}'", "'{second}'", "second is no set"),
        ("length: 3 }\n", "length: 19 }\n", "3 }\n", "length must be from 1 to 18"),
        ("type: digits, length: 3", "type: digits", "digits, length: 3 }\n", "digits need a length"),
        ("list: [data]", "list: [data, a..b]", "data]", "a place is names and indexes"),
    ] {
        let found = broken(from, to);
        let line = place(at).rsplit_once(':').map(|(start, _)| start.rsplit_once(':').unwrap().0.to_owned()).unwrap();
        let right = found.len() == 1 && found[0].starts_with(&format!("{line}:")) && found[0].contains(reason);
        assert!(right, "{from} → {to}: {found:?}, expected line {line} and {reason}");
    }
    assert_eq!(broken("timeout_ms: 1000", "timeout_ms: 0")[0].split(": ").next(), Some("x.yaml:10:15"));
}

#[test]
fn all_faults_are_told_at_once_in_order() {
    let text = SOUND.replace("per_ms: 1000", "per_ms: 0").replace("/v1", "?x").replace("/things/", "things/");
    let found = faults(&text);
    assert_eq!(found.len(), 3, "{found:?}");
    let lines: Vec<&str> = found.iter().map(|fault| fault.split(':').nth(1).unwrap()).collect();
    assert_eq!(lines, ["3", "9", "14"]);
}

#[test]
fn what_is_not_used_and_what_needs_itself_is_told() {
    let found = broken("['{first}!']", "['x']");
    assert_eq!(found, [format!("{}the value first is not used", place("first:"))]);
    let found = broken("/things/{kind}", "/things").join("\n");
    assert_eq!(found, "", "kind is used by a value");
    let found = broken("['{kind}-{kind}']", "['{second}{kind}']");
    assert_eq!(
        found,
        [
            format!("{}a cycle: first needs first → second → first", place("first:")),
            format!("{}a cycle: second needs second → first → second", place("second:")),
        ]
    );
    let found = broken("['{kind}-{kind}']", "['{first}']");
    assert!(found[0].ends_with("a cycle: first needs first → first"), "{found:?}");
}

#[test]
fn unknown_keys_and_wrong_types_have_their_line() {
    for (from, to, line, reason) in [
        ("timeout_ms:", "timeout:", 10, "unknown field"),
        ("title: Things", "titel: Things", 13, "unknown field"),
        ("timeout_ms: 1000", "timeout_ms: soon", 10, "a whole number"),
        ("choice: [a, b]", "choices: [a, b]", 16, "unknown field"),
        ("type: digits", "type: number", 26, "unknown variant"),
        ("title: An example\n", "title: An example\ntitle: Another\n", 3, "duplicate"),
        ("limits:\n", "limits:\n\ttimeout_ms: 1\n", 9, "tab"),
        ("api_key:", "password:", 7, "unknown variant"),
    ] {
        let found = broken(from, to);
        let right = found.len() == 1 && found[0].to_lowercase().contains(reason);
        assert!(right && found[0].starts_with(&format!("x.yaml:{line}:")), "{from} → {to}: {found:?}");
    }
    assert!(broken("base_url: https://api.example.org/v1\n", "")[0].contains("base_url"));
}

#[test]
fn parameters_are_checked() {
    for (to, reason) in [
        ("code: { title: Code, most: 5 }", "say what it looks like"),
        ("code: { title: Code, choice: [a], integer: { min: 1, max: 2 }, most: 5 }", "say what it looks like"),
        ("code: { title: Code, choice: [a, A], most: 5 }", "A is there twice"),
        ("code: { title: Code, choice: ['..'], most: 5 }", "not . or .."),
        ("code: { title: Code, choice: [], most: 5 }", "1 to 300 choices"),
        ("code: { title: Code, integer: { min: 2, max: 1 }, most: 5 }", "max must be at least min"),
        ("code: { title: Code, digits: { length: 2, length_min: 3 }, most: 5 }", "length_min must be from 1 to 2"),
        ("code: { title: Code, digits: { length: 2, min: 5, max: 4 }, most: 5 }", "max must be from 5 to 99"),
        ("code: { title: Code, digits: { length: 2 }, most: 0 }", "most must be from 1 to 500"),
        ("code: { title: Code, text: { characters: [], length_max: 3 }, most: 5 }", "which characters"),
        ("code: { title: Code, text: { characters: [dot], length_max: 300 }, most: 5 }", "length_max must be"),
        (
            "code: { title: Code, digits: { length: 2 }, most: 5, default: '123' }",
            "the default must be a code of 2 digits",
        ),
        ("code: { title: Code, digits: { length: 2 }, most: 5, default: 12, optional: true }", "leave optional out"),
        ("Code: { title: Code, digits: { length: 2 }, most: 5 }", "a parameter's name is"),
    ] {
        let line = "code: { title: Code, digits: { length: 3, length_min: 1 }, most: 5, optional: true }";
        let found = broken(line, to);
        assert!(found.iter().any(|fault| fault.contains(reason) && fault.starts_with("x.yaml:17:")), "{to}: {found:?}");
    }
}

#[test]
fn credentials_are_named_and_never_written_down() {
    let key = "\n  api_key: { header: X-Api-Key, secret: example-credentials/api-key }";
    let auth = |text: &str| {
        let text = SOUND.replace(&format!("auth:{key}"), &format!("auth: {text}"));
        read(text.as_bytes(), "x.yaml", None)
            .map(|(_, connector)| connector.auth)
            .map_err(|faults| faults[0].to_string())
    };
    for (text, name, secrets) in [
        ("none", "none", 0),
        ("{ api_key: { header: Authorization, prefix: 'Bearer ', secret: a/b } }", "api_key", 1),
        ("{ api_key: { query: key, secret: a/b } }", "api_key", 1),
        (
            "{ oauth2_client_credentials: { token_url: 'https://a.example/t', client_id: a/b, client_secret: a/c, scopes: [x.read] } }",
            "oauth2_client_credentials",
            2,
        ),
        ("{ mtls: { certificate: a/tls.crt, key: a/tls.key } }", "mtls", 2),
    ] {
        let auth = auth(text).unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!((auth.name(), auth.secrets().len()), (name, secrets));
    }
    for (text, reason) in [
        ("{ api_key: { header: X, query: y, secret: a/b } }", "name one of them"),
        ("{ api_key: { secret: a/b } }", "name one of them"),
        ("{ api_key: { header: Host, secret: a/b } }", "host cannot carry a key"),
        ("{ api_key: { query: y, prefix: z, secret: a/b } }", "goes with a header only"),
        (
            "{ oauth2_client_credentials: { token_url: 'http://a.example', client_id: a/b, client_secret: a/c } }",
            "use https",
        ),
        ("{ mtls: { certificate: a/tls.crt, key: '-----BEGIN' } }", "a secret is NAME/KEY"),
    ] {
        let fault = auth(text).unwrap_err();
        assert!(fault.starts_with("x.yaml:6:") && fault.contains(reason), "{text}: {fault}");
    }
}

#[test]
fn hostile_files_are_errors() {
    let mut bomb = "id: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, before) in ('b'..='z').zip('a'..) {
        bomb.push_str(&format!("{name}: &{name} [{}]\n", vec![format!("*{before}"); 9].join(", ")));
    }
    let deep = format!("id: {}", "[".repeat(100_000));
    let large = format!("# {}\n{SOUND}", "x".repeat(10 << 20));
    for text in
        [&bomb, &deep, &large, "", "---\n", "null", "a: b: c", "- 1", "id: *nothing", "%YAML", "\0", "id: !!binary x"]
    {
        assert_eq!(faults(text).len(), 1, "{}", &text[..text.len().min(40)]);
    }
    let found = faults(&large);
    assert_eq!(found, ["x.yaml: has more than 262144 bytes, which no connector needs"]);
    let found = read(b"id: x\ntitle: \xff\n", "x.yaml", None).unwrap_err();
    assert_eq!(found[0].to_string(), "x.yaml:2:1: is not UTF-8 text");
    let two = format!("{SOUND}---\n{SOUND}");
    assert_eq!(faults(&two).len(), 1);
}

#[test]
fn a_directory_replaces_and_adds() {
    let directory = TempDir::new("connectors");
    let write = |name: &str, text: &str| std::fs::write(directory.join(name), text).unwrap();
    let load = || load(Some(directory.path()));
    assert_eq!(load().unwrap().connectors.len(), SHIPPED.len());
    write("example.yaml", SOUND);
    write("mine.yml", &SOUND.replace("id: example", "id: restcountries"));
    write(".hidden.yaml", "nonsense");
    write("notes.txt", "nonsense");
    let catalogue = load().unwrap();
    assert_eq!(catalogue.connectors.len(), SHIPPED.len() + 1);
    assert_eq!(catalogue.connectors["restcountries"].title, "An example");
    write("twice.yaml", &format!("\n{SOUND}"));
    write("wrong.yaml", "id: x");
    let found: Vec<String> = load().unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(found.len(), 2);
    assert!(found[0].contains("twice.yaml:2:5: the id example is taken already by"), "{found:?}");
    assert!(found[1].contains("wrong.yaml:"), "{found:?}");
    let absent = super::load(Some(&directory.join("absent"))).unwrap_err();
    assert!(absent[0].reason.starts_with("the directory cannot be read"), "{absent:?}");
}

#[test]
fn certificates_are_there_and_can_be_read() {
    let directory = TempDir::new("certificates");
    let text = SOUND.replace("auth:", "extra_ca_file: ca.pem\nauth:");
    let faults = |text: &str| {
        read(text.as_bytes(), "x.yaml", Some(directory.path())).map(|(_, c)| c).map_err(|f| f[0].to_string())
    };
    assert!(faults(&text).unwrap_err().starts_with("x.yaml:6:16: "));
    let write = |text: &str| std::fs::write(directory.join("ca.pem"), text).unwrap();
    write("nothing\n");
    assert!(faults(&text).unwrap_err().contains("holds no PEM certificate"));
    write("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assert!(faults(&text).unwrap_err().contains("certificate 1"));
    let roots = rustls_native_certs::load_native_certs().certs;
    if let Some(root) = roots.first() {
        let mut pem = "-----BEGIN CERTIFICATE-----\n".to_owned();
        pem.push_str(&base64(root));
        pem.push_str("\n-----END CERTIFICATE-----\n");
        write(&pem);
        assert_eq!(faults(&text).unwrap().extra_ca_file, Some(directory.join("ca.pem")));
    }
    assert!(super::read(text.as_bytes(), "x.yaml", None).is_err(), "a shipped file has no directory");
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0_u32, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        let digit = |at: usize| char::from(DIGITS[(group >> (18 - 6 * at)) as usize & 63]);
        (0..4).for_each(|at| out.push(if at <= chunk.len() { digit(at) } else { '=' }));
    }
    out
}

#[test]
fn the_version_follows_what_shapes_an_answer() {
    let version = |text: &str| read(text.as_bytes(), "x.yaml", None).unwrap().1.endpoints["things"].version.clone();
    let first = version(SOUND);
    assert_eq!(first.len(), 12);
    assert_eq!(version(&SOUND.replace("title: Things", "title: Other")), first);
    assert_eq!(version(&SOUND.replace("fresh_s: 60", "fresh_s: 61")), first);
    for (from, to) in
        [("list: [data]", "list: [rows]"), ("/things/", "/items/"), ("'{first}!'", "'{first}?'"), ("/v1", "/v2")]
    {
        assert_ne!(version(&SOUND.replace(from, to)), first, "{to}");
    }
}

#[test]
fn the_published_schema_is_the_one_of_the_code() {
    let published: serde_json::Value =
        serde_json::from_str(include_str!("../../../../connectors/connector.schema.json")).unwrap();
    assert!(published == schema(), "write connectors/connector.schema.json anew: bgc config schema");
}

#[test]
fn two_secrets_that_would_be_one_variable_are_refused() {
    let directory = TempDir::new("secret-names");
    let write = |name: &str, id: &str, secret: &str| {
        let text =
            SOUND.replace("id: example\n", &format!("id: {id}\n")).replace("example-credentials/api-key", secret);
        std::fs::write(directory.join(name), text).unwrap();
    };
    let load = || super::load(Some(directory.path()));
    write("a.yaml", "first", "a-b/c");
    write("b.yaml", "second", "a-b/c");
    assert!(load().is_ok(), "one secret of two connectors is one");
    write("b.yaml", "second", "a/b-c");
    let found: Vec<String> = load().unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].contains("b.yaml:1:5: the secrets a/b-c here and a-b/c of ") && found[0].contains("A_B_C"),
        "{found:?}"
    );
}
