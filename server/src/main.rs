//! `steward`: the web console for Apache Kafka.

use clap::Parser;
use server::cli::{Arguments, Command};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Command::Serve(options) => server::serve::run(&options),
        Command::Check(options) => server::check::run(&options),
        Command::User(what) => server::user::run(&what),
        Command::Audit(what) => server::audit::run(&what),
        Command::Plan(what) => server::plan::run(&what),
        Command::State(what) => server::plan::state(&what),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("steward: {error}");
            ExitCode::from(2)
        }
    }
}
