//! What stands below all other lines of a terminal: errors until they are mended, and the state of `stackctl dev`.

use crate::style::visible;

/// The rows below the standing lines: the moving line, and one that shows where the lines above end.
const ROWS_OF_OTHERS: usize = 3;
/// The rows of a terminal that does not say how many it has.
const ROWS: usize = 24;

/// Errors, and a line below them.
#[derive(Debug, Default)]
pub struct Standing {
    errors: String,
    status: String,
}

impl Standing {
    /// No errors.
    pub fn of(status: &str) -> Standing {
        Standing { errors: String::new(), status: status.to_owned() }
    }

    /// Replaces the line below the errors.
    pub fn state(&mut self, status: &str) {
        status.clone_into(&mut self.status);
    }

    /// Adds an error.
    pub fn complain(&mut self, text: &str) {
        self.errors += text;
    }

    /// The lines, as many as a terminal of so many rows has room for: the beginning of the errors says most.
    pub fn lines(&self, rows: Option<usize>) -> Vec<String> {
        let room = rows.unwrap_or(ROWS).saturating_sub(ROWS_OF_OTHERS).max(2);
        let errors: Vec<&str> = self.errors.trim_end().lines().collect();
        let shown = if errors.len() < room { errors.len() } else { room - 2 };
        let mut lines: Vec<String> = errors.iter().take(shown).map(|it| visible(it)).collect();
        if shown < errors.len() {
            lines.push(format!("… and {} more lines", errors.len() - shown));
        }
        if !self.status.is_empty() {
            lines.push(self.status.clone());
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_stand_above_the_status_and_fit() {
        let mut standing = Standing::of("photos");
        assert_eq!(standing.lines(Some(24)), ["photos"]);
        standing.complain("error: one\n  because: two\n");
        assert_eq!(standing.lines(Some(24)), ["error: one", "  because: two", "photos"]);
        standing.state("no photos");
        assert_eq!(standing.lines(Some(24)), ["error: one", "  because: two", "no photos"]);
        standing.complain(&"more\n".repeat(30));
        let lines = standing.lines(Some(10));
        assert_eq!(lines.len(), 7);
        assert_eq!(lines[5], "… and 27 more lines");
        assert_eq!(standing.lines(Some(1)).len(), 2, "a terminal of one row");
    }
}
