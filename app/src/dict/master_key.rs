//! The key that wraps the others: from the settings, or in development a file that is made once.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use ::dict::vault::MasterKey;
use anyhow::{Context, Result, bail};
use platform::random::{Entropy, hex};

use crate::config::Config;

/// The file in the data directory.
const FILE: &str = "dict-master.key";

/// The master key of this installation.
pub fn master_key(config: &Config, data_dir: &Path, entropy: &dyn Entropy) -> Result<MasterKey> {
    if let Some(text) = config.optional("dict.master_key") {
        return parse(text).context("dict.master_key (DICT_MASTER_KEY) must have 64 hexadecimal digits");
    }
    if config.text("environment") == "production" {
        bail!(
            "dict.master_key (DICT_MASTER_KEY) is needed in production: 64 hexadecimal digits, kept where secrets are"
        );
    }
    let path = data_dir.join(FILE);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(&path, entropy)?,
        Err(error) => return Err(error).with_context(|| format!("read {}", path.display())),
    };
    parse(text.trim()).with_context(|| format!("{} holds no key of 64 hexadecimal digits", path.display()))
}

/// Written whole under another name first: two that start at once end with the same key.
fn make(path: &Path, entropy: &dyn Entropy) -> Result<String> {
    let mut key = [0; 32];
    entropy.fill(&mut key)?;
    let mut name = [0; 8];
    entropy.fill(&mut name)?;
    let draft = path.with_extension(hex(&name));
    let written = || -> std::io::Result<()> {
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        writeln!(file, "{}", hex(&key))?;
        file.sync_all()?;
        match std::fs::hard_link(&draft, path) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
            linked => linked,
        }
    };
    let outcome = written();
    std::fs::remove_file(&draft).with_context(|| format!("remove {}", draft.display()))?;
    outcome.with_context(|| format!("make {}", path.display()))?;
    std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))
}

fn parse(text: &str) -> Option<MasterKey> {
    let digits = text.as_bytes();
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut key = [0; 32];
    for (byte, pair) in key.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(MasterKey(key))
}
