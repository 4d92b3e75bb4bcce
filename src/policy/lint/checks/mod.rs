//! The checks, a function each. A new one is a function and a line in the table.

mod calls;
mod facts;
mod structure;
mod types;
mod ways;

use super::outline::{Outline, Place};
use super::{Report, code};
use crate::policy::options::Fault;

/// One check of a file.
type Check = fn(&Outline, &mut Report);

/// All checks. Findings are shown in the order of the file. The last ones look only at files without
/// errors, or they would tell their echo.
pub(super) static CHECKS: &[Check] = &[
    structure::hooks,
    structure::strays,
    structure::names,
    structure::refused,
    structure::recursion,
    structure::wide,
    structure::unused,
    facts::facts,
    facts::questions,
    calls::calls,
    calls::options,
    types::comparisons,
    types::parameters,
    structure::constants,
    ways::ways,
];

/// Reports what is wrong with a category or an option.
fn add(report: &mut Report, fault: Fault, place: Place) {
    let code = if fault.category { code::CATEGORY } else { code::OPTION };
    report.error(code, place, fault.message).help = fault.help;
}
