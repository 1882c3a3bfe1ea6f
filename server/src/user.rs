//! `steward user`.

use crate::cli::{Granted, Password, User};
use crate::records;
use model::access::{Grant, Pattern};
use std::error::Error;
use std::io::BufRead;
use std::process::ExitCode;
use store::Store;

/// # Errors
/// If the records cannot be opened, or what is asked for is refused: the text says why.
pub fn run(what: &User) -> Result<ExitCode, Box<dyn Error>> {
    let (runtime, store) = records::open(match what {
        User::Add { records, .. }
        | User::List { records }
        | User::Disable { records, .. }
        | User::Enable { records, .. }
        | User::Password { records, .. }
        | User::Grant { records, .. } => records,
    })?;
    runtime.block_on(async {
        let done = carry_out(what, &store).await;
        store.close().await;
        done
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn carry_out(what: &User, store: &Store) -> Result<(), Box<dyn Error>> {
    let by = records::by();
    match what {
        User::Add { name, grant, password, .. } => {
            let (password, is_made_up) = choose(password)?;
            store.add_user(name, &password, &[granted(grant)], &by).await?;
            println!("{name} can sign in now.");
            show(&password, is_made_up);
        }
        User::List { .. } => list(store).await?,
        User::Disable { name, .. } => {
            store.disable_user(name, &by).await?;
            println!("{name} is kept out from now on.");
        }
        User::Enable { name, .. } => {
            store.enable_user(name, &by).await?;
            println!("{name} can sign in again.");
        }
        User::Password { name, password, .. } => {
            let (password, is_made_up) = choose(password)?;
            store.set_password(name, &password, None, None, &by).await?;
            println!("{name} has a new password; all sessions have ended.");
            show(&password, is_made_up);
        }
        User::Grant { name, grant, add, .. } => {
            let mut grants = match store.user(name, by.at).await? {
                Some(user) if *add => user.grants,
                _ => Vec::new(),
            };
            grants.retain(|known| *known != granted(grant));
            grants.push(granted(grant));
            store.grant(name, &grants, &by).await?;
            println!("{name}: {}", words(&grants));
        }
    }
    Ok(())
}

async fn list(store: &Store) -> Result<(), Box<dyn Error>> {
    let users = store.users(crate::live::now()).await?;
    if users.is_empty() {
        println!("There are no users yet: steward user add NAME --role admin");
    }
    let width = users.iter().map(|user| user.name.len()).max().unwrap_or_default();
    for user in users {
        let state = if user.is_disabled { "disabled" } else { "enabled" };
        println!("{:width$}  {state:8}  {}", user.name, words(&user.grants));
    }
    Ok(())
}

fn granted(grant: &Granted) -> Grant {
    Grant { role: grant.role, clusters: Pattern::new(&grant.clusters), topics: Pattern::new(&grant.topics) }
}

fn words(grants: &[Grant]) -> String {
    let word = |grant: &Grant| {
        let (clusters, topics) = (grant.clusters.as_str(), grant.topics.as_str());
        let topics = if grant.topics.is_any() { String::new() } else { format!(", topics {topics}") };
        format!("{} on clusters {clusters}{topics}", grant.role.name())
    };
    grants.iter().map(word).collect::<Vec<_>>().join("; ")
}

/// The password, and whether nobody knows it yet.
fn choose(password: &Password) -> Result<(String, bool), Box<dyn Error>> {
    if !password.password_stdin {
        return Ok((make_up()?, true));
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok((line.trim_end_matches(['\n', '\r']).to_owned(), false))
}

fn show(password: &str, is_made_up: bool) {
    if is_made_up {
        println!("Password: {password}");
        println!("It is shown this once. Change it after signing in.");
    }
}

/// 24 characters of 32 kinds: 120 random bits. None that could be taken for another.
fn make_up() -> Result<String, Box<dyn Error>> {
    const KINDS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0; 24];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| char::from(KINDS[usize::from(byte % 32)])).collect())
}
