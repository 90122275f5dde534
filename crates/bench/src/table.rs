//! A table in Markdown.

use std::fmt;

/// Rows of text below a head.
#[derive(Debug, Clone, Default)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table; the first column is text, the others are numbers.
    pub fn new<T: ToString>(head: &[T]) -> Table {
        let mut table = Table::default();
        table.row(head);
        table
    }

    /// Adds a row.
    pub fn row<T: ToString>(&mut self, cells: &[T]) {
        self.rows.push(cells.iter().map(|it| it.to_string().replace('|', "\\|")).collect());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, row) in self.rows.iter().enumerate() {
            writeln!(out, "| {} |", row.join(" | "))?;
            if index == 0 {
                let numbers = "|---:".repeat(row.len().saturating_sub(1));
                writeln!(out, "|---{numbers}|")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn a_table() {
        let mut table = Table::new(&["command", "s"]);
        table.row(&["plan".to_owned(), 1.5.to_string()]);
        expect![[r#"
            | command | s |
            |---|---:|
            | plan | 1.5 |
        "#]]
        .assert_eq(&table.to_string());
    }
}
