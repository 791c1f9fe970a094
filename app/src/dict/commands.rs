//! `bgc dict key`, `claim` and `vsync`: calls for an operator at a terminal.

use std::process::ExitCode;

use ::dict::domain::key::Key as DomainKey;
use ::dict::http::schema::{ClaimBody, EntryBody, LookupBody};
use anyhow::{Context, Result, bail};
use platform::random::OsEntropy;
use proto::core as message;
use serde::Serialize;
use serde_json::json;

use super::client::{Client, answered};
use crate::cli::dict::{AccountOptions, ClaimCommand, KeyCommand, KeyTypeFlag, OwnerOptions};
use crate::print;

/// Most keys or claims that one list prints.
const LISTED_MAX: usize = 1000;

impl From<KeyTypeFlag> for message::KeyType {
    fn from(flag: KeyTypeFlag) -> Self {
        match flag {
            KeyTypeFlag::Cpf => Self::Cpf,
            KeyTypeFlag::Cnpj => Self::Cnpj,
            KeyTypeFlag::Phone => Self::Phone,
            KeyTypeFlag::Email => Self::Email,
            KeyTypeFlag::Evp => Self::Evp,
        }
    }
}

/// A key by its text alone; its kind is read off its form.
fn key(value: &str) -> Result<message::Key> {
    let key = DomainKey::infer(value).with_context(|| "the text has the form of no key (a phone begins with +55)")?;
    let key_type = match key.key_type().name() {
        "CPF" => message::KeyType::Cpf,
        "CNPJ" => message::KeyType::Cnpj,
        "PHONE" => message::KeyType::Phone,
        "EMAIL" => message::KeyType::Email,
        _ => message::KeyType::Evp,
    };
    Ok(message::Key { r#type: key_type.into(), value: key.value().to_owned() })
}

fn account(client: &Client, options: AccountOptions) -> Result<message::Account> {
    let kind = message::AccountType::from_str_name(&format!("ACCOUNT_TYPE_{}", options.account_type.to_uppercase()));
    let opened = if options.opened.len() == 10 { format!("{}T03:00:00Z", options.opened) } else { options.opened };
    let opened = chrono::DateTime::parse_from_rfc3339(&opened)
        .with_context(|| format!("--opened {opened}: a date such as 2020-01-31 is expected"))?;
    Ok(message::Account {
        participant: client.ispb.clone(),
        branch: options.branch.unwrap_or_default(),
        number: options.account,
        r#type: kind.context("--account-type is one of CACC, TRAN, SLRY, SVGS, OTHR")?.into(),
        opened_at: Some(prost_types::Timestamp { seconds: opened.timestamp(), nanos: 0 }),
    })
}

fn owner(options: OwnerOptions) -> message::Owner {
    let natural = options.tax_id.len() == 11;
    let person = if natural { message::PersonType::NaturalPerson } else { message::PersonType::LegalPerson };
    message::Owner {
        r#type: person.into(),
        tax_id: options.tax_id,
        name: options.name,
        trade_name: options.trade_name.unwrap_or_default(),
    }
}

/// A new request id, or the one that is repeated.
fn request_id(given: Option<String>) -> Result<String> {
    match given {
        Some(given) => Ok(given),
        None => Ok(::dict::random::uuid(&OsEntropy)?.to_string()),
    }
}

fn entry_reason(text: &str) -> Result<i32> {
    let name = format!("ENTRY_REASON_{}", text.to_uppercase().replace('-', "_"));
    Ok(message::EntryReason::from_str_name(&name).with_context(|| format!("{text} is no reason"))?.into())
}

fn claim_reason(text: &str) -> Result<i32> {
    let name = format!("CLAIM_REASON_{}", text.to_uppercase().replace('-', "_"));
    Ok(message::ClaimReason::from_str_name(&name).with_context(|| format!("{text} is no reason"))?.into())
}

/// The answer as JSON, or as lines for a person.
fn show<T: Serialize>(json: bool, body: &T, lines: impl FnOnce(&serde_json::Value) -> String) -> Result<()> {
    let value = serde_json::to_value(body).context("write the answer")?;
    print(&if json { value.to_string() } else { lines(&value) })
}

fn entry_line(entry: &serde_json::Value) -> String {
    let text = |pointer: &str| entry.pointer(pointer).and_then(|it| it.as_str()).unwrap_or("-").to_owned();
    format!(
        "{:5} {} {} account {}/{} since {}",
        text("/key/type"),
        text("/key/value"),
        text("/status"),
        text("/account/branch"),
        text("/account/number"),
        text("/created_at")
    )
}

fn claim_line(claim: &serde_json::Value) -> String {
    let text = |pointer: &str| claim.pointer(pointer).and_then(|it| it.as_str()).unwrap_or("-").to_owned();
    format!(
        "{} {} {} {} donor {} until {}",
        text("/id"),
        text("/type"),
        text("/key/value"),
        text("/status"),
        text("/donor_participant"),
        text("/resolution_period_end")
    )
}

fn show_entry(json: bool, entry: Option<message::Entry>) -> Result<ExitCode> {
    let entry = EntryBody::try_from(entry.context("the answer has no entry")?)?;
    show(json, &entry, entry_line)?;
    Ok(ExitCode::SUCCESS)
}

fn show_claim(json: bool, claim: Option<message::Claim>) -> Result<ExitCode> {
    let claim = ClaimBody::try_from(claim.context("the answer has no claim")?)?;
    show(json, &claim, claim_line)?;
    Ok(ExitCode::SUCCESS)
}

fn show_all(json: bool, shown: &[serde_json::Value], line: fn(&serde_json::Value) -> String) -> Result<ExitCode> {
    print(&if json {
        serde_json::Value::from(shown.to_vec()).to_string()
    } else if shown.is_empty() {
        "none".to_owned()
    } else {
        shown.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(ExitCode::SUCCESS)
}

/// `bgc dict key …`
pub async fn run_key(client: &Client, json: bool, command: KeyCommand) -> Result<ExitCode> {
    let mut core = client.core();
    match command {
        KeyCommand::Create { key_type, value, account: of, owner: whose, possession, request_id: id, .. } => {
            let request_id = request_id(id)?;
            if !json {
                print(&format!("request {request_id}"))?;
            }
            let request = message::CreateKeyRequest {
                request_id,
                key: Some(message::Key {
                    r#type: message::KeyType::from(key_type).into(),
                    value: value.unwrap_or_default(),
                }),
                account: Some(account(client, of)?),
                owner: Some(owner(whose)),
                reason: message::EntryReason::UserRequested.into(),
                possession_id: possession.unwrap_or_default(),
            };
            show_entry(json, answered(core.create_key(request).await)?.entry)
        }
        KeyCommand::Possession { value, id, code, claim, .. } => {
            possession(client, json, key(&value)?, id.zip(code), claim).await
        }
        KeyCommand::Get { value, .. } => {
            let request = message::GetKeyRequest { key: Some(key(&value)?) };
            show_entry(json, answered(core.get_key(request).await)?.entry)
        }
        KeyCommand::List { account: of, .. } => {
            let mut request =
                message::ListKeysRequest { account: Some(account(client, of)?), page_size: 200, ..Default::default() };
            let mut shown = Vec::new();
            while shown.len() < LISTED_MAX {
                let page = answered(core.list_keys(request.clone()).await)?;
                for entry in page.entries {
                    shown.push(serde_json::to_value(EntryBody::try_from(entry)?)?);
                }
                request.page_token = page.next_page_token;
                if request.page_token.is_empty() {
                    break;
                }
            }
            show_all(json, &shown, entry_line)
        }
        KeyCommand::Delete { value, tax_id, reason, .. } => {
            let request = message::DeleteKeyRequest {
                key: Some(key(&value)?),
                reason: entry_reason(&reason)?,
                requester_tax_id: tax_id.unwrap_or_default(),
            };
            show_entry(json, answered(core.delete_key(request).await)?.entry)
        }
        KeyCommand::Lookup { value, payment, payer, end_to_end_id, .. } => {
            let purpose = if payment { message::LookupPurpose::Payment } else { message::LookupPurpose::Display };
            let request = message::LookupKeyRequest {
                key: Some(key(&value)?),
                purpose: purpose.into(),
                payer_tax_id: payer.unwrap_or_default(),
                end_to_end_id: end_to_end_id.unwrap_or_default(),
            };
            show_lookup(json, answered(core.lookup_key(request).await)?)
        }
    }
}

async fn possession(
    client: &Client,
    json: bool,
    key: message::Key,
    confirmed: Option<(String, String)>,
    claim: Option<String>,
) -> Result<ExitCode> {
    let mut extension = client.extension();
    let Some((possession_id, code)) = confirmed else {
        let request = message::RequestPossessionCodeRequest { key: Some(key) };
        let sent = answered(extension.request_possession_code(request).await)?;
        let body = json!({"possession_id": sent.possession_id});
        show(json, &body, |_| format!("a code was sent; possession {}", sent.possession_id))?;
        return Ok(ExitCode::SUCCESS);
    };
    let claim_id = claim.unwrap_or_default();
    let request = message::ConfirmPossessionRequest { possession_id, key: Some(key), code, claim_id };
    answered(extension.confirm_possession(request).await)?;
    show(json, &json!({"confirmed": true}), |_| "possession is proved".to_owned())?;
    Ok(ExitCode::SUCCESS)
}

fn show_lookup(json: bool, mut found: message::LookupKeyResponse) -> Result<ExitCode> {
    let payment = found.payment.take();
    let body = LookupBody::try_from(found)?;
    let mut value = serde_json::to_value(&body)?;
    if let Some(account) = payment.and_then(|payment| payment.account) {
        value["account"] = serde_json::to_value(::dict::http::schema::AccountBody::try_from(account)?)?;
    }
    show(json, &value, |value| {
        let text = |pointer: &str| value.pointer(pointer).and_then(|it| it.as_str()).unwrap_or("-").to_owned();
        let account = value.get("account").map_or(String::new(), |_| {
            format!(", account {}/{} {}", text("/account/branch"), text("/account/number"), text("/account/type"))
        });
        format!("{} {} at {}{account}", text("/owner_name"), text("/owner_tax_id_masked"), text("/participant"))
    })?;
    Ok(ExitCode::SUCCESS)
}

/// `bgc dict claim …`
pub async fn run_claim(client: &Client, json: bool, command: ClaimCommand) -> Result<ExitCode> {
    let mut core = client.core();
    match command {
        ClaimCommand::Start { value, portability, account: of, owner: whose, request_id: id, .. } => {
            let (request_id, key) = (request_id(id)?, Some(key(&value)?));
            let (claimer, claimer_account) = (Some(owner(whose)), Some(account(client, of)?));
            let claim = if portability {
                let request = message::StartPortabilityRequest { request_id, key, claimer, claimer_account };
                answered(core.start_portability(request).await)?.claim
            } else {
                let request = message::StartClaimRequest { request_id, key, claimer, claimer_account };
                answered(core.start_claim(request).await)?.claim
            };
            show_claim(json, claim)
        }
        ClaimCommand::Get { id, .. } => {
            let request = message::GetClaimStatusRequest { claim_id: id };
            show_claim(json, answered(core.get_claim_status(request).await)?.claim)
        }
        ClaimCommand::List { outgoing, .. } => {
            let mut request = message::ListClaimsRequest { page_size: 200, ..Default::default() };
            let mut shown = Vec::new();
            while shown.len() < LISTED_MAX {
                let page = if outgoing {
                    core.list_outgoing_claims(request.clone()).await
                } else {
                    core.list_incoming_claims(request.clone()).await
                };
                let page = answered(page)?;
                for claim in page.claims {
                    shown.push(serde_json::to_value(ClaimBody::try_from(claim)?)?);
                }
                request.page_token = page.next_page_token;
                if request.page_token.is_empty() {
                    break;
                }
            }
            show_all(json, &shown, claim_line)
        }
        ClaimCommand::Accept { id, .. } => settle(&mut core, json, id, true, None).await,
        ClaimCommand::Reject { id, possession, .. } => settle(&mut core, json, id, false, possession).await,
        ClaimCommand::Cancel { id, reason, .. } => {
            let reason = claim_reason(&reason)?;
            let claim = if is_portability(&mut core, &id).await? {
                let request = message::CancelPortabilityRequest { claim_id: id, reason, ..Default::default() };
                answered(core.cancel_portability(request).await)?.claim
            } else {
                let request = message::CancelClaimRequest { claim_id: id, reason, role: 0 };
                answered(core.cancel_claim(request).await)?.claim
            };
            show_claim(json, claim)
        }
    }
}

/// The donor's answer, by the kind of claim.
async fn settle(
    core: &mut super::client::Core,
    json: bool,
    claim_id: String,
    accept: bool,
    possession: Option<String>,
) -> Result<ExitCode> {
    let possession_id = possession.unwrap_or_default();
    let claim = match (is_portability(core, &claim_id).await?, accept) {
        (true, true) => {
            let request = message::ConfirmPortabilityRequest { claim_id, reason: 0 };
            answered(core.confirm_portability(request).await)?.claim
        }
        (true, false) => {
            let role = message::ClaimRole::Donor.into();
            let request = message::CancelPortabilityRequest { claim_id, reason: 0, role, possession_id };
            answered(core.cancel_portability(request).await)?.claim
        }
        (false, _) => {
            let answer = if accept { message::ClaimAnswer::Accept } else { message::ClaimAnswer::Reject };
            let request = message::RespondToClaimRequest { claim_id, answer: answer.into(), possession_id };
            answered(core.respond_to_claim(request).await)?.claim
        }
    };
    show_claim(json, claim)
}

async fn is_portability(core: &mut super::client::Core, claim_id: &str) -> Result<bool> {
    let request = message::GetClaimStatusRequest { claim_id: claim_id.to_owned() };
    let claim = answered(core.get_claim_status(request).await)?.claim.context("the answer has no claim")?;
    Ok(claim.r#type() == message::ClaimType::Portability)
}

/// `bgc dict vsync`
pub async fn run_vsync(
    client: &Client,
    json: bool,
    key_type: Option<KeyTypeFlag>,
    show_only: bool,
) -> Result<ExitCode> {
    let all = [KeyTypeFlag::Cpf, KeyTypeFlag::Cnpj, KeyTypeFlag::Phone, KeyTypeFlag::Email, KeyTypeFlag::Evp];
    let mut reconciliation = client.reconciliation();
    let mut shown = Vec::new();
    for flag in key_type.map_or(all.to_vec(), |one| vec![one]) {
        let number = i32::from(message::KeyType::from(flag));
        let name = message::KeyType::from(flag).as_str_name().trim_start_matches("KEY_TYPE_").to_owned();
        if !show_only {
            let done = answered(reconciliation.reconcile(message::ReconcileRequest { key_type: number }).await)?;
            shown.push(
                json!({"key_type": name, "agreed": done.agreed, "inserted": done.inserted, "removed": done.removed,
                "overwritten": done.overwritten, "vsync": done.vsync}),
            );
            continue;
        }
        let now = answered(reconciliation.get_v_sync(message::GetVSyncRequest { key_type: number }).await)?;
        let verified_at = now.verified_at.and_then(|it| chrono::DateTime::from_timestamp(it.seconds, 0));
        shown.push(json!({"key_type": name, "vsync": now.vsync, "entries": now.entries, "verified_at": verified_at,
            "verified_ok": now.verified_ok}));
    }
    if shown.is_empty() {
        bail!("there is no such key type");
    }
    show_all(json, &shown, |one| {
        let text = |name: &str| one[name].as_str().unwrap_or("-").to_owned();
        let state = match one["agreed"].as_bool() {
            Some(true) => "agrees with the directory".to_owned(),
            Some(false) => {
                format!(
                    "repaired: {} inserted, {} removed, {} overwritten",
                    one["inserted"], one["removed"], one["overwritten"]
                )
            }
            None => format!("{} keys, last compared {}", one["entries"], text("verified_at")),
        };
        format!("{:5} {} {state}", text("key_type"), text("vsync"))
    })
}
