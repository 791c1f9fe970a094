//! `bgc dict …`

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// `bgc dict …`
#[derive(Debug, Subcommand)]
pub enum DictCommand {
    /// Keys of an institution, and whose a key is.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Ownership claims and portabilities.
    #[command(subcommand)]
    Claim(ClaimCommand),
    /// Compare a key type with the directory; where they differ, the directory wins.
    Vsync {
        /// Only this type (default: each of the five).
        #[arg(long, value_enum)]
        key_type: Option<KeyTypeFlag>,
        /// Only say what the verifier is, and when it was last compared.
        #[arg(long)]
        show: bool,
        #[command(flatten)]
        connection: Connection,
    },
    /// Send calls at a steady rate and say how long they took, waiting included.
    LoadTest(LoadTestOptions),
    /// Run a directory that follows the Central Bank's rules, for Connect's contract, with a virtual clock.
    Simulator(SimulatorOptions),
    /// Make a new data key, and seal every row under it while the product runs.
    RotateKeys {
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Where the server is and who asks.
#[derive(Debug, Clone, Args)]
pub struct Connection {
    /// The server (default: the address of dict.listen).
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// A token; when there is none, one is issued in the name of this installation, as `bgc token issue` does.
    #[arg(long, env = "BGC_DICT_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub token: Option<String>,
    /// For an https address: whom its certificate comes from (default: the system's authorities).
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// The institution (default: the first of dict.participants).
    #[arg(long)]
    pub ispb: Option<String>,
    /// Print the answer as JSON.
    #[arg(long, global = true)]
    pub json: bool,
}

/// Kinds of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KeyTypeFlag {
    /// CPF.
    Cpf,
    /// CNPJ.
    Cnpj,
    /// Phone.
    Phone,
    /// E-mail.
    Email,
    /// Random.
    Evp,
}

/// An account of the institution.
#[derive(Debug, Clone, Args)]
pub struct AccountOptions {
    /// Up to four digits.
    #[arg(long)]
    pub branch: Option<String>,
    /// Account number, check digit included.
    #[arg(long)]
    pub account: String,
    /// CACC (current), TRAN (payment), SLRY (salary), SVGS (savings) or OTHR.
    #[arg(long, default_value = "CACC")]
    pub account_type: String,
    /// When it was opened (2020-01-31 or with a time).
    #[arg(long, default_value = "2020-01-01", value_name = "DATE")]
    pub opened: String,
}

/// Whose an account is.
#[derive(Debug, Clone, Args)]
pub struct OwnerOptions {
    /// CPF or CNPJ.
    #[arg(long)]
    pub tax_id: String,
    /// Civil, social or corporate name.
    #[arg(long)]
    pub name: String,
    /// Trade name of a legal person.
    #[arg(long)]
    pub trade_name: Option<String>,
}

/// `bgc dict key …`
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Register a key.
    Create {
        /// Its kind.
        #[arg(value_enum)]
        key_type: KeyTypeFlag,
        /// The key; none for evp, which the directory makes.
        value: Option<String>,
        #[command(flatten)]
        account: AccountOptions,
        #[command(flatten)]
        owner: OwnerOptions,
        /// The possession that was proved, for phones and e-mails (see `bgc dict key possession`).
        #[arg(long, value_name = "ID")]
        possession: Option<String>,
        /// Repeat a request by its id (default: a new one, which is printed).
        #[arg(long, value_name = "UUID")]
        request_id: Option<String>,
        #[command(flatten)]
        connection: Connection,
    },
    /// Send a possession code to a phone or mailbox, or give the code back.
    Possession {
        /// The phone or e-mail.
        value: String,
        /// The possession that the code was sent for.
        #[arg(long, requires = "code")]
        id: Option<String>,
        /// The code that arrived.
        #[arg(long, requires = "id")]
        code: Option<String>,
        /// The claim that it is for, where it is for one.
        #[arg(long)]
        claim: Option<String>,
        #[command(flatten)]
        connection: Connection,
    },
    /// Show a key of the institution.
    Get {
        /// The key.
        value: String,
        #[command(flatten)]
        connection: Connection,
    },
    /// List the keys of an account.
    List {
        #[command(flatten)]
        account: AccountOptions,
        #[command(flatten)]
        connection: Connection,
    },
    /// Remove a key of the institution.
    Delete {
        /// The key.
        value: String,
        /// Who asks: the owner's CPF or CNPJ.
        #[arg(long)]
        tax_id: Option<String>,
        /// user-requested, account-closure, reconciliation, fraud or rfb-validation.
        #[arg(long, default_value = "user-requested")]
        reason: String,
        #[command(flatten)]
        connection: Connection,
    },
    /// Whose a key is.
    Lookup {
        /// The key.
        value: String,
        /// Answer with the account, to pay.
        #[arg(long)]
        payment: bool,
        /// CPF or CNPJ of who is going to pay.
        #[arg(long)]
        payer: Option<String>,
        /// The EndToEndId of the payment.
        #[arg(long)]
        end_to_end_id: Option<String>,
        #[command(flatten)]
        connection: Connection,
    },
}

/// `bgc dict claim …`
#[derive(Debug, Subcommand)]
pub enum ClaimCommand {
    /// Open an ownership claim of a phone, or a portability of any key.
    Start {
        /// The key.
        value: String,
        /// Portability: the same owner's key at another institution.
        #[arg(long)]
        portability: bool,
        #[command(flatten)]
        account: AccountOptions,
        #[command(flatten)]
        owner: OwnerOptions,
        /// Repeat a request by its id.
        #[arg(long, value_name = "UUID")]
        request_id: Option<String>,
        #[command(flatten)]
        connection: Connection,
    },
    /// Show a claim.
    Get {
        /// Its id.
        id: String,
        #[command(flatten)]
        connection: Connection,
    },
    /// List claims, least recently changed first.
    List {
        /// Those that the institution opened, and not those of keys it holds.
        #[arg(long)]
        outgoing: bool,
        #[command(flatten)]
        connection: Connection,
    },
    /// Give the key up: accept an ownership claim, confirm a portability.
    Accept {
        /// Its id.
        id: String,
        #[command(flatten)]
        connection: Connection,
    },
    /// Keep the key: needs the possession that its holder proved.
    Reject {
        /// Its id.
        id: String,
        /// The possession.
        #[arg(long)]
        possession: Option<String>,
        #[command(flatten)]
        connection: Connection,
    },
    /// Give the claim up.
    Cancel {
        /// Its id.
        id: String,
        /// user-requested, account-closure, fraud, reconciliation or rfb-validation.
        #[arg(long, default_value = "user-requested")]
        reason: String,
        #[command(flatten)]
        connection: Connection,
    },
}

/// `bgc dict load-test`
#[derive(Debug, Clone, Args)]
pub struct LoadTestOptions {
    /// What is called.
    #[arg(value_enum)]
    pub what: LoadKind,
    /// Calls in a second; they are sent when they are due, whether earlier ones were answered or not.
    #[arg(long, default_value_t = 1000)]
    pub rate: u32,
    /// Instead of a rate: so many callers, each of which calls again as soon as it was answered.
    #[arg(long, value_name = "N", conflicts_with = "rate")]
    pub callers: Option<u32>,
    /// Look up so many keys of the sample, which are there already, instead of keys that are created first.
    #[arg(long, value_name = "N")]
    pub population: Option<u64>,
    /// For how long.
    #[arg(long, default_value_t = 10)]
    pub seconds: u32,
    /// Connections.
    #[arg(long, default_value_t = 4)]
    pub connections: u32,
    #[command(flatten)]
    pub connection: Connection,
}

/// What a load test calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LoadKind {
    /// CreateKey of random keys, each for an account of its own. They stay: not for production.
    Create,
    /// LookupKey of keys that it creates first.
    Lookup,
}

/// `bgc dict simulator`
#[derive(Debug, Clone, Args)]
pub struct SimulatorOptions {
    /// Where it listens.
    #[arg(long, default_value = "127.0.0.1:9092")]
    pub listen: SocketAddr,
    /// What it knows is kept in this file; when none is named, only as long as it runs.
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// Do not limit calls.
    #[arg(long)]
    pub no_policies: bool,
    /// The category of participants, A to H.
    #[arg(long, default_value = "A")]
    pub category: String,
}
