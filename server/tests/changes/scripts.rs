//! Kafka's tools under their script names, so that a command line can be run as it is shown.

use cluster::Cluster;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

const TOOLS: [&str; 4] = ["kafka-topics", "kafka-configs", "kafka-delete-records", "kafka-leader-election"];

pub struct Scripts {
    folder: PathBuf,
}

impl Scripts {
    pub fn of(cluster: &Cluster) -> Self {
        let name = cluster.folder().file_name().unwrap_or_default().to_string_lossy().into_owned();
        let folder = std::env::temp_dir().join(format!("steward-scripts-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        for tool in TOOLS {
            // The address is on the line that is run, so the tool must not be given another.
            let command = cluster.tool_command(tool, &["--bootstrap-by-the-line"]).expect("a tool");
            let mut words: Vec<String> = vec![quoted(&command.get_program().to_string_lossy())];
            words.extend(command.get_args().map(|word| quoted(&word.to_string_lossy())));
            words.pop();
            let path = folder.join(format!("{tool}.sh"));
            fs::write(&path, format!("#!/bin/sh\nexec {} \"$@\"\n", words.join(" "))).expect("a script");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("permissions");
        }
        Self { folder }
    }

    /// Runs the lines with bash; each must succeed.
    pub fn run(&self, lines: &[String]) {
        for line in lines {
            let path = format!("{}:{}", self.folder.display(), std::env::var("PATH").unwrap_or_default());
            let output = Command::new("bash").args(["-c", line]).env("PATH", path).output().expect("bash");
            let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{line}\n{said}");
        }
    }
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
