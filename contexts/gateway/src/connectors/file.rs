//! The text form of a connector: what its YAML file may say. The comments here are the descriptions of the published
//! schema.

use schemars::JsonSchema;
use serde::Deserialize;

use super::located::{At, Ordered, Tree};

/// A connector of the gateway: one outside source, what may be asked of it, and how.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectorFile {
    /// Its name in addresses, cache keys and metrics: a-z, then a-z, 0-9 and - (at most 40). A file replaces the
    /// shipped connector of the same id.
    pub id: At<String>,
    /// What a person calls it.
    pub title: At<String>,
    /// Every request goes below this address. https; http only with allow_private_network.
    pub base_url: At<String>,
    /// Whether addresses of private networks and of this machine may be called. Default: false.
    #[serde(default)]
    pub allow_private_network: bool,
    /// Other hosts that a redirect may lead to, over https and without credentials.
    #[serde(default)]
    pub redirect_hosts: Vec<At<String>>,
    /// PEM certificates besides the system's, relative to this file: an intermediate that the host leaves out, or a
    /// root of one's own.
    pub extra_ca_file: Option<At<String>>,
    /// Whether an intermediate that the host leaves out is fetched from where the host's certificate says that it is,
    /// under the guards of every other request. It counts only if it leads to a trusted root. Default: false.
    #[serde(default)]
    pub fetch_missing_issuer: bool,
    /// Headers of every request. Credentials do not belong here but under auth.
    #[serde(default)]
    pub headers: Ordered<At<String>>,
    /// How we show who we are. Default: none.
    #[serde(default)]
    pub auth: AuthFile,
    /// What protects the source from us, and us from it.
    #[serde(default)]
    pub limits: LimitsFile,
    /// What a failure looks like inside an answer of status 200, for every endpoint; the first that fits counts.
    #[serde(default)]
    pub failures: Vec<FailureFile>,
    /// What can be asked, by name: a-z, then a-z, 0-9, - and _ (at most 40).
    pub endpoints: Ordered<EndpointFile>,
}

/// How a connector shows who it is. A secret is NAME/KEY, as in a Kubernetes Secret.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthFile {
    /// The source is open.
    #[default]
    None,
    /// A key in a header or in the query.
    ApiKey(At<ApiKeyFile>),
    /// A token by client credentials (RFC 6749, section 4.4).
    #[serde(rename = "oauth2_client_credentials")]
    OAuth2ClientCredentials(OAuth2File),
    /// A client certificate.
    Mtls(MutualTlsFile),
}

/// A key; either header or query is given.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyFile {
    /// The header that carries the key.
    pub header: Option<At<String>>,
    /// What stands before the key in the header, for example `Bearer ` with its space.
    pub prefix: Option<At<String>>,
    /// The query parameter that carries the key.
    pub query: Option<At<String>>,
    /// The key.
    pub secret: At<String>,
}

/// Client credentials.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OAuth2File {
    /// Where tokens are asked for.
    pub token_url: At<String>,
    /// The client's id, a secret.
    pub client_id: At<String>,
    /// The client's secret.
    pub client_secret: At<String>,
    /// The scopes asked for.
    #[serde(default)]
    pub scopes: Vec<At<String>>,
    /// The audience, where the server wants one.
    pub audience: Option<At<String>>,
}

/// A client certificate.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MutualTlsFile {
    /// The PEM certificate chain, a secret.
    pub certificate: At<String>,
    /// The PEM private key, a secret.
    pub key: At<String>,
}

/// What protects the source from us, and us from it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsFile {
    /// At most so many requests in so long a time. Default: no limit.
    pub rate: Option<RateFile>,
    /// Requests on their way at once, 1 to 256. Default: 8.
    pub concurrency: Option<At<u64>>,
    /// How long a request waits for its turn, at most 600,000. Default: 10,000.
    pub queue_ms: Option<At<u64>>,
    /// Until there is a connection, 1 to 60,000. Default: 5,000.
    pub connect_ms: Option<At<u64>>,
    /// One attempt; for files, the longest silence between two reads. 1 to 600,000. Default: 30,000.
    pub timeout_ms: Option<At<u64>>,
    /// The largest answer, decompressed, at most 256 MiB. Default: 16 MiB.
    pub answer_bytes_max: Option<At<u64>>,
    /// Further attempts.
    pub retry: RetryFile,
    /// When the source is left alone.
    pub breaker: BreakerFile,
}

/// Requests in a time, spread evenly.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateFile {
    /// How many, 1 to 10,000.
    pub requests: At<u64>,
    /// In how long, 1 to 3,600,000.
    pub per_ms: At<u64>,
}

/// Further attempts after no connection, a time-out, 429, 500, 502, 503 or 504.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RetryFile {
    /// Attempts in all, 1 to 10. Default: 3.
    pub attempts: Option<At<u64>>,
    /// The first pause, before jitter; it doubles. 1 to 60,000. Default: 500.
    pub base_ms: Option<At<u64>>,
    /// The longest pause, 1 to 300,000; a Retry-After above it ends the attempts. Default: 20,000.
    pub longest_ms: Option<At<u64>>,
}

/// When a source that fails is left alone.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BreakerFile {
    /// Failed calls one after the other, 1 to 1,000. Default: 5.
    pub failures: Option<At<u64>>,
    /// How long nothing is sent, 1 to 3,600,000; then one call tries. Default: 30,000.
    pub open_ms: Option<At<u64>>,
}

/// One thing that can be asked of a source. Texts in path, query, body and values may hold {name}: a parameter, or a
/// value. A part whose name stands for nothing is left out.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndpointFile {
    /// What it answers, for a person.
    pub title: At<String>,
    /// It answers a file, which is downloaded to disk and never cached; then there is no response and no cache.
    pub file: Option<DownloadFile>,
    /// Default: POST when there is a body, else GET.
    pub method: Option<At<MethodFile>>,
    /// Below base_url. What a placeholder stands for is part of one segment, whatever it holds.
    #[serde(default)]
    pub path: At<String>,
    /// What a caller says, by name: a-z, then a-z, 0-9 and _ (at most 40).
    #[serde(default)]
    pub parameters: Ordered<ParameterFile>,
    /// Values made of parameters and of each other: the first of the texts that is complete.
    #[serde(default)]
    pub values: Ordered<Vec<At<String>>>,
    /// Query parameters.
    #[serde(default)]
    pub query: Ordered<At<String>>,
    /// The JSON body. A text that is one placeholder keeps the type of what it stands for; {*name} as an item of a
    /// list stands for every value of a set; an object with $if: name is there only if the name stands for something.
    pub body: Option<Tree>,
    /// How the answer becomes ours. Default: as it is.
    pub response: Option<ResponseFile>,
    /// What is kept, for how long.
    pub cache: Option<CacheFile>,
}

/// A file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DownloadFile {
    /// The largest that is taken, at most 64 GiB.
    pub bytes_max: At<u64>,
}

/// A method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum MethodFile {
    /// Without a body.
    #[serde(rename = "GET")]
    Get,
    /// With a JSON body.
    #[serde(rename = "POST")]
    Post,
}

/// A parameter: exactly one of integer, digits, text, choice and choice_sent_as says what it looks like.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParameterFile {
    /// What it means, for a person.
    pub title: At<String>,
    /// A number without decimals.
    pub integer: Option<IntegerFile>,
    /// A code of digits, filled with zeros on the left.
    pub digits: Option<DigitsFile>,
    /// Words.
    pub text: Option<TextFile>,
    /// One of a closed list.
    pub choice: Option<Vec<At<String>>>,
    /// One of a closed list, with what the source calls each.
    pub choice_sent_as: Option<Ordered<At<String>>>,
    /// A set of at most so many values instead of one, 1 to 500.
    pub most: Option<At<u64>>,
    /// Whether it may be left out. Default: false.
    #[serde(default)]
    pub optional: bool,
    /// What it is when left out.
    pub default: Option<Tree>,
}

/// A number without decimals.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IntegerFile {
    /// The least.
    pub min: At<i64>,
    /// The greatest.
    pub max: At<i64>,
}

/// A code of digits.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DigitsFile {
    /// Its digits, 1 to 18.
    pub length: At<u64>,
    /// The fewest that are taken; zeros are put before them. Default: length, so that a code that is cut off is
    /// not taken for another one.
    pub length_min: Option<At<u64>>,
    /// Whether dots between digits are left out. Default: false.
    #[serde(default)]
    pub dotted: bool,
    /// The least code, as a number.
    pub min: Option<At<u64>>,
    /// The greatest code, as a number.
    pub max: Option<At<u64>>,
}

/// Words.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextFile {
    /// Which characters may stand in it.
    pub characters: At<Vec<CharactersFile>>,
    /// The fewest, at least 1. Default: 1.
    pub length_min: Option<At<u64>>,
    /// The most, at most 200.
    pub length_max: At<u64>,
    /// The letter case that it is brought to. Default: as_said.
    #[serde(default)]
    pub letters: LettersFile,
}

/// A set of characters.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CharactersFile {
    /// Letters of any language.
    Letters,
    /// a to z and A to Z.
    AsciiLetters,
    /// 0 to 9.
    Digits,
    /// A space.
    Space,
    /// -
    Hyphen,
    /// _
    Underscore,
    /// .
    Dot,
    /// , ' ( ) & /
    Punctuation,
}

/// A letter case.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LettersFile {
    /// As it was said.
    #[default]
    AsSaid,
    /// Lower.
    Lower,
    /// Upper.
    Upper,
}

/// How an answer becomes ours: one record, or a list of records. A place is names and indexes with dots between
/// them (data.list, data.0); $ is all of the answer.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ResponseFile {
    /// Where the one record may be; the first of these that is an object counts, and its fields become the members of
    /// our answer.
    pub record: Vec<At<String>>,
    /// Where the list of records may be; the first of these that is a list counts.
    pub list: Vec<At<String>>,
    /// What our list is called. Default: data.
    #[serde(rename = "as")]
    pub name: Option<At<String>>,
    /// The fields of a record by our names; without any, records are passed on as they are.
    pub fields: Ordered<FieldFile>,
    /// Further members of our answer that are always the same.
    pub constants: Ordered<Tree>,
    /// Further members of our answer: parameters, as the caller said them.
    pub arguments: Vec<At<String>>,
    /// Further failures, before those of the connector.
    pub failures: Vec<FailureFile>,
    /// What an answer without records means. Default: answer.
    pub empty: EmptyFile,
}

/// A field of a record. What is missing is null with us, never zero.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldFile {
    /// Where it is in the record. Default: under our name.
    pub from: Option<At<String>>,
    /// What it is, whether the source writes it as JSON or as text.
    #[serde(rename = "type")]
    pub kind: At<FieldTypeFile>,
    /// The digits of a code, 1 to 18, for the type digits.
    pub length: Option<At<u64>>,
    /// Which part of what is there. Default: value.
    #[serde(default)]
    pub part: PartFile,
    /// Whether it may be missing. Default: key.
    #[serde(default)]
    pub presence: PresenceFile,
}

/// What a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldTypeFile {
    /// Text.
    Text,
    /// A number without decimals, exact.
    Integer,
    /// A number with decimals: exact, or refused.
    Decimal,
    /// True or false.
    Boolean,
    /// A code of so many digits, filled with zeros on the left.
    Digits,
    /// A month, 1 to 12.
    Month,
    /// A day, YYYY-MM-DD.
    Date,
    /// Whatever it is.
    Any,
}

/// Which part of what stands at a place is read.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartFile {
    /// The value itself.
    #[default]
    Value,
    /// The names of an object's members, as a list.
    Keys,
    /// The values of an object's members or of a list, as a list.
    Values,
}

/// Whether a field may be missing.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PresenceFile {
    /// It has a value.
    Value,
    /// It is there, and may be null or empty.
    #[default]
    Key,
    /// It may be absent.
    Optional,
}

/// What an answer without records means.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EmptyFile {
    /// What it says.
    #[default]
    Answer,
    /// Perhaps not what it says: kept only for the short time of missing_s.
    Doubtful,
    /// There is no such thing.
    Missing,
}

/// A failure inside an answer of status 200: exactly one of equals, contains and empty says what is there.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FailureFile {
    /// Where to look.
    pub at: At<String>,
    /// This value; 429 and "429" are the same.
    pub equals: Option<Tree>,
    /// A text that holds this one, in any letter case.
    pub contains: Option<At<String>>,
    /// true: nothing is there, or null, or an empty text, list or object.
    pub empty: Option<At<bool>>,
    /// What it means.
    pub means: MeaningFile,
    /// Where the source says why.
    pub words: Option<At<String>>,
}

/// What a failure means.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MeaningFile {
    /// We ask too often.
    TooManyRequests,
    /// It failed or does not want to.
    Refused,
    /// There is no such thing.
    Missing,
}

/// How long answers are kept.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CacheFile {
    /// An answer is as good as new for so long, at most 30 days; 0: nothing is cached. Default: 3,600.
    pub fresh_s: Option<At<u64>>,
    /// After that, so long still answered when the source fails, at most 366 days. Default: 604,800.
    pub stale_if_error_s: Option<At<u64>>,
    /// How long "there is no such thing" and doubtful answers are kept, at most 1 day. Default: 300.
    pub missing_s: Option<At<u64>>,
    /// Whether Cache-Control and Expires of the source may shorten fresh_s. Default: false.
    pub obey_source: bool,
}
