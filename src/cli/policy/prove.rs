//! `sluicegate policy prove`: whether what must hold does hold, for every event.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use sluicegate::policy::Bounds;
use sluicegate::workbench::prove::prove;

use super::chains;
use super::proofs::{Listed, Told};
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::faults;
use crate::cli::output::{Output, counted};
use crate::cli::paint::DIM;

/// Prove what must hold for every event, such as that no blocked sender is ever allowed.
///
/// Runs the policies themselves for everything that could ever be asked of them, so a proof leaves nothing out. Each
/// statement is proved, or refuted by an event that shows what goes wrong, or not decided, with the reason. Some statements
/// are built in; add your own as `[[prove]]` to a file in the folder `cases` beside your policies.
#[derive(clap::Args)]
pub struct Args {
    /// Policies (.rhai), each by itself, or files of cases (.toml) with the policies that they name; without any, the chain
    /// of the settings.
    files: Vec<PathBuf>,
    /// Print one JSON object a statement.
    #[arg(long)]
    json: bool,
    /// Seconds after which a statement is given up as not decided.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    seconds: u64,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let settings = context.settings()?;
    let levels = chains::levels(&settings);
    let mut output = Output::open();
    let mut outcome = Outcome::Done;
    for chain in &chains::read(&args.files, &settings)? {
        let set = chain.load()?;
        if !args.json {
            output.line(&chain.names().join(", "))?;
        }
        let begun = Instant::now();
        let (mut paths, mut counts) = (0, [0_u64; 5]);
        let mut relations: Vec<&str> = Vec::new();
        for statement in &chain.statements {
            let started = Instant::now();
            let overdue = || started.elapsed() >= Duration::from_secs(args.seconds);
            let mut bounds = Bounds::default();
            bounds.overdue = Some(&overdue);
            let proof = prove(statement, &set, levels, &bounds);
            let waived = chain.waived(statement).map(|waiver| &*waiver.reason);
            let told = Told { statement, proof: &proof, waived };
            if told.is_wrong() {
                outcome = Outcome::Wrong;
            }
            paths += proof.paths;
            let place = WORDS.iter().position(|word| *word == told.word());
            if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
                *count += 1;
            }
            relations.extend(&proof.relations);
            if args.json {
                let mut listed = Listed::new(&told, chain);
                listed.ms = Some((started.elapsed().as_secs_f64() * 1e6).round() / 1e3);
                output.json(&listed)?;
            } else {
                told.draw(chain, &mut output)?;
            }
        }
        for file in &chain.passed_over {
            faults::note(&format!(
                "{file} states something of other chains with these policies, which was not looked at; to prove it: \
                 sluicegate policy prove FILE"
            ));
        }
        if args.json {
            continue;
        }
        let seconds = begun.elapsed().as_secs_f64();
        let told = WORDS.iter().zip(counts).filter(|(_, count)| *count > 0);
        let counts: Vec<String> = told.map(|(word, count)| format!("{count} {word}")).collect();
        relations.sort_unstable();
        relations.dedup();
        for (place, relation) in relations.iter().enumerate() {
            let lead = if place == 0 { "relied on" } else { "" };
            output.line(&output.paint.draw(DIM, &format!("  {lead:<11}{relation}")))?;
        }
        output.line(&format!("  {}   {} in {seconds:.2} s", counts.join("   "), counted(paths, "path")))?;
    }
    output.finish()?;
    Ok(outcome)
}

/// What can become of a statement.
const WORDS: [&str; 5] = ["proved", "waived", "refuted", "undecided", "empty"];
