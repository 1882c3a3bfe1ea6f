//! Opens Steward's own records for a command.

use crate::cli::Records;
use crate::config::{Config, DATA};
use std::error::Error;
use std::path::{Path, PathBuf};
use store::{By, Store};
use tokio::runtime::Runtime;

/// For commands that do one thing.
pub fn open(records: &Records) -> Result<(Runtime, Store), Box<dyn Error>> {
    crate::log::start_quiet();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let store = runtime.block_on(Store::open(&folder(records)?))?;
    Ok((runtime, store))
}

fn folder(records: &Records) -> Result<PathBuf, Box<dyn Error>> {
    let named = match (&records.data, &records.config) {
        (Some(data), _) => Some(data.clone()),
        (None, Some(config)) => Config::data_of(config)?,
        (None, None) => None,
    };
    Ok(named.unwrap_or_else(|| Path::new(DATA).to_owned()))
}

/// Whoever may write the file may do everything; the log names the account at least.
pub fn by() -> By {
    let account = std::env::var("USER").or_else(|_| std::env::var("LOGNAME")).unwrap_or_default();
    let account: String = account.chars().filter(|c| !c.is_control()).take(64).collect();
    let actor = if account.is_empty() { "command line".to_owned() } else { format!("{account} (command line)") };
    By { at: crate::live::now(), actor, address: String::new(), request: String::new() }
}
