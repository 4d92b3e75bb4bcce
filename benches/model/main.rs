//! Makes the weights of the lexical model (`src/detect/lexical/weights.bin`), and tells what they are worth.
//!
//!     cargo bench --bench model -- DATA              measures only: nothing is written
//!     cargo bench --bench model -- DATA --write      the same, then learns from all rows and writes the weights
//!     cargo bench --bench model -- DATA --write --tuning
//!                                                    learns from the rows that rules are tuned on, and leaves out the rest:
//!                                                    a program built with these weights is measured honestly by
//!                                                    `benches/score/score.py`
//!
//! DATA is the folder that holds `dev/`. The project's own texts are learned from as well: `corpus/` and the examples of the
//! rules. The program draws nothing at random and reads no clock, so it writes the same bytes on every machine.
//!
//! What is said of the model is said by models that were not given the source in question: the rows are parted into folds of
//! whole sources, each fold is judged by a model made from the other folds, and the edges between the points are set where
//! these judgements find as many ordinary rows as `edges.rs` allows. Files: `rows.rs` what is learned from, `learn.rs` how,
//! `edges.rs` where points begin.

mod edges;
mod learn;
mod rows;

use std::path::PathBuf;
use std::process::ExitCode;

use sluicegate::detect::lexical::Lexical;

use learn::Model;
use rows::Row;

/// Parts of whole sources.
const FOLDS: usize = 5;
/// Where the weights are kept.
const FILE: &str = "src/detect/lexical/weights.bin";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let (options, folders): (Vec<&String>, Vec<&String>) = arguments.iter().partition(|one| one.starts_with("--"));
    let [data] = folders.as_slice() else {
        eprintln!("model: say where the data is: `cargo bench --bench model -- DATA [--write] [--tuning]`");
        return ExitCode::from(2);
    };
    if let Some(unknown) = options.iter().find(|option| !["--write", "--tuning"].contains(&option.as_str())) {
        eprintln!("model: unknown option `{unknown}`; there are --write and --tuning");
        return ExitCode::from(2);
    }
    let is = |name: &str| options.iter().any(|option| *option == name);
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let all = match rows::read(&root, &PathBuf::from(data)) {
        Ok(rows) => rows,
        Err(why) => {
            eprintln!("model: {why}");
            return ExitCode::FAILURE;
        }
    };
    let rows: Vec<&Row> = all.iter().filter(|row| !is("--tuning") || !row.left_out).collect();
    println!("{} rows, {} of them to learn from", all.len(), rows.iter().filter(|row| row.weight > 0.0).count());

    let folds = rows::folds(&rows, FOLDS);
    let mut judged: Vec<(&Row, f64)> = Vec::new();
    for fold in 0..FOLDS {
        let (test, train): (Vec<_>, Vec<_>) = rows.iter().zip(&folds).partition(|(row, of)| **of == fold && !row.own);
        let model = Model::learn(train.into_iter().map(|(row, _)| *row));
        judged.extend(test.into_iter().map(|(row, _)| (*row, model.sum(row))));
        println!("fold {fold} judged");
    }
    let edges = edges::set(&judged);
    edges::print("every source, judged in folds", &judged, &edges);
    let unread: Vec<(&Row, f64)> = judged.iter().copied().filter(|(row, _)| row.left_out).collect();
    edges::print("left-out sources, judged in folds", &unread, &edges);

    // What `left_out.txt` names was looked at by nobody while rules were written.
    let tuning = Model::learn(all.iter().filter(|row| !row.left_out));
    let left_out: Vec<(&Row, f64)> = all.iter().filter(|row| row.left_out).map(|row| (row, tuning.sum(row))).collect();
    edges::print("left out, by a model of the rest", &left_out, &edges);

    if is("--write") {
        let (bias, scaled, weights) = Model::learn(rows.into_iter()).whole(&edges);
        if let Err(error) = std::fs::write(root.join(FILE), Lexical::file(bias, scaled, &weights)) {
            eprintln!("model: {FILE}: {error}");
            return ExitCode::FAILURE;
        }
        println!("wrote {FILE}: bias {bias}, edges {scaled:?}");
    }
    ExitCode::SUCCESS
}
