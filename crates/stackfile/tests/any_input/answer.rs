//! The properties that hold for every file. The fuzz target `stack` checks them too.

use std::time::Duration;

use cpu_time::ThreadTime;
use stackctl_stackfile::{MOST_BYTES, parse};

/// A second of the processor's own time, and more where nothing is optimised.
const SOON: Duration = Duration::from_secs(5);

/// Reads a text without an environment and with one, and looks at the answers.
pub fn check(text: &str) {
    for environment in [None, Some("prod")] {
        check_with(text, environment);
    }
}

/// Reads a text, and looks at the answer.
pub fn check_with(text: &str, environment: Option<&str>) {
    let started = ThreadTime::now();
    if let Err(problems) = parse(text, environment) {
        assert!(!problems.is_empty());
        assert!(problems.is_sorted_by_key(|it| (it.span.line, it.span.column)));
        let lines: Vec<&str> = text.split("\r\n").flat_map(|it| it.split(['\n', '\r'])).collect();
        for problem in &problems {
            let (line, column) = (problem.span.line, problem.span.column);
            assert!(line >= 1 && column >= 1);
            assert!(column + problem.span.width <= problem.line.chars().count() + 1, "{problem:?}");
            let whole =
                lines.get(line - 1).unwrap_or_else(|| panic!("{problem:?} in a file of {}", lines.len()));
            // Nothing is shown of a file that is too large to be read.
            let whole = if text.len() > MOST_BYTES { "" } else { whole.trim_start_matches('\u{feff}') };
            assert_eq!(problem.line.trim_start_matches('\u{feff}'), whole);
            let shown = problem.render("stack.yaml", false);
            assert!(shown.chars().all(|it| it == '\n' || !it.is_control()));
            assert!(shown.len() < 16_384);
        }
    }
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
}
