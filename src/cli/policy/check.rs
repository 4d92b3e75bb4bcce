//! `sluicegate policy check`: whether policies can be loaded.

use std::path::PathBuf;

use sluicegate::Gate;
use sluicegate::config::Settings;
use sluicegate::diagnostic::Diagnostic;
use sluicegate::gate::BuildError;

use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::faults;
use crate::cli::output::{Output, counted};
use crate::cli::policy::pages;
use crate::cli::sources;

/// Load policies as the gate would, and tell their faults.
#[derive(clap::Args)]
pub struct Args {
    /// Policies, or folders of them, each tried by itself; without any, the chain of the settings.
    files: Vec<PathBuf>,
    /// Print the page about a code, such as P003: what it means, an example, and how to mend it.
    #[arg(long, value_name = "CODE", conflicts_with = "files")]
    explain: Option<String>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    if let Some(code) = &args.explain {
        return pages::print(code);
    }
    let mut settings = Settings::default();
    let chains: Vec<_> = if args.files.is_empty() {
        let own = context.settings()?;
        settings.policy.clone_from(&own.policy);
        vec![own.read_policies()?]
    } else {
        // Files can be checked beside settings that are broken.
        settings.policy = context.settings().map(|own| own.policy).unwrap_or_default();
        sources::read(&args.files, "rhai")?.into_iter().map(|source| vec![source]).collect()
    };
    let mut output = Output::open();
    let mut outcome = Outcome::Done;
    let mut told: Vec<Diagnostic> = Vec::new();
    for chain in &chains {
        // As the gate loads them, but without rules, whose faults are the business of `rules check`.
        match Gate::builder().settings(settings.clone()).policies(chain.clone()).rules([]).build() {
            Ok(gate) => {
                let warnings = gate.warnings();
                for warning in &warnings {
                    faults::error(&warning.to_string());
                }
                for source in chain {
                    let count = warnings.iter().filter(|warning| warning.file == source.name).count() as u64;
                    let found = if count == 0 { "no fault".to_owned() } else { counted(count, "warning") };
                    output.line(&format!("{}: {found}", source.name))?;
                }
                told.extend(warnings);
            }
            Err(error) => {
                faults::error(&error.to_string());
                outcome = Outcome::Wrong;
                if let BuildError::Load(error) = error {
                    told.extend(error.diagnostics);
                }
            }
        }
    }
    output.finish()?;
    if let Some(more) = pages::more_about(&told) {
        faults::note(&more);
    }
    Ok(outcome)
}
