//! A chart of bars, as text.

use std::fmt;

const WIDTH: f64 = 48.0;

/// Bars with what they stand for; the longest is as wide as the chart.
#[derive(Debug, Clone, Default)]
pub struct Chart {
    unit: &'static str,
    bars: Vec<(String, f64)>,
}

impl Chart {
    /// A chart without bars.
    pub fn new(unit: &'static str) -> Chart {
        Chart { unit, bars: Vec::new() }
    }

    /// Adds a bar.
    pub fn bar(&mut self, label: impl Into<String>, length: f64) {
        self.bars.push((label.into(), length));
    }
}

impl fmt::Display for Chart {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let longest = self.bars.iter().map(|(_, length)| *length).fold(f64::MIN_POSITIVE, f64::max);
        let label_width = self.bars.iter().map(|(label, _)| label.chars().count()).max().unwrap_or_default();
        writeln!(out, "```text")?;
        for (label, length) in &self.bars {
            // Whole blocks, and one of eight parts of a block at the end.
            let eighths = (length.max(0.0) / longest * WIDTH * 8.0).round() as usize;
            let last = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
            let bar = "█".repeat(eighths / 8) + last;
            writeln!(out, "{label:label_width$} {bar} {length:.2} {}", self.unit)?;
        }
        writeln!(out, "```")
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn bars() {
        let mut chart = Chart::new("s");
        chart.bar("bound", 0.5);
        chart.bar("first apply", 1.2);
        chart.bar("nothing", 0.0);
        expect![[r#"
            ```text
            bound       ████████████████████ 0.50 s
            first apply ████████████████████████████████████████████████ 1.20 s
            nothing      0.00 s
            ```
        "#]]
        .assert_eq(&chart.to_string());
    }
}
