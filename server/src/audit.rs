//! `steward audit`.

use crate::cli::Audit;
use crate::records;
use std::error::Error;
use std::io::Write;
use std::process::ExitCode;
use store::Store;

/// Entries read at a time.
const STEP: u32 = 500;

/// # Errors
/// If the records cannot be opened or read.
pub fn run(what: &Audit) -> Result<ExitCode, Box<dyn Error>> {
    let (runtime, store) = records::open(match what {
        Audit::Verify { records } | Audit::Export { records } => records,
    })?;
    runtime.block_on(async {
        let code = match what {
            Audit::Verify { .. } => verify(&store).await,
            Audit::Export { .. } => export(&store).await,
        };
        store.close().await;
        code
    })
}

async fn verify(store: &Store) -> Result<ExitCode, Box<dyn Error>> {
    let found = store.verify().await?;
    match found.broken {
        None => {
            println!("{} entries, each as it was written.", found.entries);
            Ok(ExitCode::SUCCESS)
        }
        Some((seq, why)) => {
            println!("The audit log is not as it was written, from entry {seq} of {}: {why}", found.entries);
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn export(store: &Store) -> Result<ExitCode, Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    let mut seq = 0;
    loop {
        let entries = store.entries_after(seq, STEP).await?;
        let Some(last) = entries.last() else { break };
        seq = last.seq;
        for entry in &entries {
            serde_json::to_writer(&mut out, entry)?;
            out.write_all(b"\n")?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
