//! The picture as SVG: a column for each distance from the resources that refer to nothing, which stand on the right.

use std::fmt::Write;

use crate::picture::{Arrow, Line, Picture};

const BOX_HEIGHT: usize = 36;
const ROW: usize = 64;
/// The space between two columns, which the words at an arrow need.
const GAP: usize = 130;
const MARGIN: usize = 20;
/// The width of a letter of the boxes.
const LETTER: usize = 8;

const STYLE: &str = "\
text { font: 13px ui-monospace, Menlo, Consolas, monospace; fill: #1f2328; text-anchor: middle; \
dominant-baseline: central; }
text.label { font-size: 11px; fill: #59636e; stroke: #fff; stroke-width: 4px; paint-order: stroke; }
rect { fill: #f6f8fa; stroke: #59636e; }
path { fill: none; stroke: #59636e; }
.dashed { stroke-dasharray: 5 4; }
.thick { stroke-width: 2.5; }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; }
text.label { fill: #9198a1; stroke: #0d1117; }
rect { fill: #151b23; stroke: #9198a1; }
path { stroke: #9198a1; }
}
";

/// The place of a box.
#[derive(Clone, Copy)]
struct Place {
    x: usize,
    y: usize,
    width: usize,
}

/// The drawing.
pub fn text(picture: &Picture) -> String {
    let Picture { stack, resources, arrows } = picture;
    let number = |address| resources.iter().position(|it| it == address);
    let edges: Vec<(usize, usize, &Arrow)> =
        arrows.iter().filter_map(|it| Some((number(&it.from)?, number(&it.to)?, it))).collect();
    let labels: Vec<String> = resources.iter().map(|it| escaped(&it.to_string())).collect();
    let lengths: Vec<usize> = resources.iter().map(|it| it.to_string().chars().count()).collect();
    let (places, width, height) = places(&lengths, &edges);

    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n\
         <defs><marker id=\"head\" markerWidth=\"10\" markerHeight=\"8\" refX=\"9\" refY=\"4\" orient=\"auto\" \
         markerUnits=\"userSpaceOnUse\"><polygon points=\"0 0, 10 4, 0 8\" fill=\"#59636e\"/></marker></defs>\n",
        escaped(stack)
    );
    let mut words = String::new();
    for (from, to, Arrow { label, line, .. }) in &edges {
        let (Some(from), Some(to)) = (places.get(*from), places.get(*to)) else { continue };
        let (x1, y1) = (from.x + from.width, from.y + BOX_HEIGHT / 2);
        let (x2, y2) = (to.x, to.y + BOX_HEIGHT / 2);
        let bend = GAP / 2;
        let class = match line {
            Line::Solid => "solid",
            Line::Dashed => "dashed",
            Line::Thick => "thick",
        };
        let _ = writeln!(
            text,
            "<path class=\"{class}\" marker-end=\"url(#head)\" d=\"M {x1} {y1} C {} {y1}, {} {y2}, {x2} {y2}\"/>",
            x1 + bend,
            x2.saturating_sub(bend)
        );
        let (x, y) = ((x1 + x2) / 2, (y1 + y2) / 2);
        let _ = writeln!(words, "<text class=\"label\" x=\"{x}\" y=\"{y}\">{}</text>", escaped(label));
    }
    for (Place { x, y, width }, label) in places.iter().zip(&labels) {
        let _ =
            writeln!(text, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{BOX_HEIGHT}\" rx=\"6\"/>");
        let (x, y) = (x + width / 2, y + BOX_HEIGHT / 2);
        let _ = writeln!(text, "<text x=\"{x}\" y=\"{y}\">{label}</text>");
    }
    text + &words + "</svg>\n"
}

/// The place of each box, and the width and height of the drawing.
fn places(lengths: &[usize], edges: &[(usize, usize, &Arrow)]) -> (Vec<Place>, usize, usize) {
    // A resource comes after those that it refers to, so one pass finds each distance.
    let mut levels = vec![0; lengths.len()];
    for (at, _) in lengths.iter().enumerate() {
        let below = edges.iter().filter(|(from, to, _)| *from == at && *to < at);
        levels[at] = below.map(|(_, to, _)| levels[*to] + 1).max().unwrap_or_default();
    }
    let last = levels.iter().copied().max().unwrap_or_default();
    let mut rows = vec![0; lengths.len()];
    let mut columns = Vec::new();
    for level in 0..=last {
        let mut column: Vec<usize> = (0..lengths.len()).filter(|it| levels[*it] == level).collect();
        // Each box stands near those that it refers to.
        column.sort_by_key(|at| {
            let below: Vec<usize> =
                edges.iter().filter(|(from, _, _)| from == at).map(|(_, to, _)| rows[*to]).collect();
            (100 * below.iter().sum::<usize>()).checked_div(below.len()).unwrap_or_default()
        });
        for (row, at) in column.iter().enumerate() {
            rows[*at] = row;
        }
        columns.push(column);
    }
    let mut places = vec![Place { x: 0, y: 0, width: 0 }; lengths.len()];
    let tallest = columns.iter().map(Vec::len).max().unwrap_or_default();
    let mut x = MARGIN;
    for column in columns.iter().rev() {
        let width = column.iter().map(|at| LETTER * lengths[*at] + 24).max().unwrap_or_default();
        let top = MARGIN + (tallest - column.len()) * ROW / 2;
        for (row, at) in column.iter().enumerate() {
            places[*at] = Place { x, y: top + row * ROW, width };
        }
        x += width + GAP;
    }
    (places, (x + MARGIN).saturating_sub(GAP), 2 * MARGIN + tallest.max(1) * ROW - (ROW - BOX_HEIGHT))
}

/// Text of XML, without control characters.
fn escaped(text: &str) -> String {
    let safe = text.chars().filter(|it| !it.is_control()).collect::<String>();
    safe.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::samples;

    #[test]
    fn a_stack() {
        let text = text(&samples::stack());
        let drawn: Vec<&str> =
            text.lines().filter(|it| it.starts_with("<rect") || it.starts_with("<path")).collect();
        expect![[r#"
            <path class="thick" marker-end="url(#head)" d="M 534 102 C 599 102, 599 102, 664 102"/>
            <path class="dashed" marker-end="url(#head)" d="M 534 166 C 599 166, 599 102, 664 102"/>
            <path class="dashed" marker-end="url(#head)" d="M 534 38 C 599 38, 599 38, 664 38"/>
            <path class="solid" marker-end="url(#head)" d="M 172 102 C 237 102, 599 166, 664 166"/>
            <path class="dashed" marker-end="url(#head)" d="M 172 102 C 237 102, 237 166, 302 166"/>
            <path class="dashed" marker-end="url(#head)" d="M 172 102 C 237 102, 237 38, 302 38"/>
            <rect x="664" y="20" width="160" height="36" rx="6"/>
            <rect x="664" y="84" width="160" height="36" rx="6"/>
            <rect x="302" y="84" width="232" height="36" rx="6"/>
            <rect x="302" y="148" width="232" height="36" rx="6"/>
            <rect x="302" y="20" width="232" height="36" rx="6"/>
            <rect x="664" y="148" width="160" height="36" rx="6"/>
            <rect x="20" y="84" width="152" height="36" rx="6"/>"#]]
        .assert_eq(&drawn.join("\n"));
        assert!(text.contains(">function.presign</text>"), "{text}");
    }

    /// Boxes do not cover each other, and every arrow goes to the right.
    #[test]
    fn any_graph_can_be_drawn() {
        for seed in 0..200 {
            let picture = samples::random(seed);
            let numbers = |line: &str, name: &str| -> usize {
                let (_, rest) = line.split_once(&format!(" {name}=\"")).unwrap();
                rest.split('"').next().unwrap().parse().unwrap()
            };
            let drawn = text(&picture);
            let boxes: Vec<[usize; 3]> = drawn
                .lines()
                .filter(|it| it.starts_with("<rect"))
                .map(|it| ["x", "y", "width"].map(|name| numbers(it, name)))
                .collect();
            assert_eq!(boxes.len(), picture.resources.len());
            for (at, [x, y, width]) in boxes.iter().enumerate() {
                let covers = |[x2, y2, width2]: &[usize; 3]| {
                    x < &(x2 + width2) && x2 < &(x + width) && y.abs_diff(*y2) < BOX_HEIGHT
                };
                assert!(!boxes[..at].iter().any(covers), "seed {seed}");
            }
            assert_eq!(drawn.matches("<path").count(), picture.arrows.len());
        }
    }

    #[test]
    fn no_name_is_markup() {
        let drawn = text(&samples::hostile());
        assert!(drawn.contains("&lt;script&gt;&amp;[0m|"), "{drawn}");
        assert!(!drawn.contains("<script"), "{drawn}");
        let empty = Picture { stack: String::new(), resources: Vec::new(), arrows: Vec::new() };
        assert!(text(&empty).ends_with("</svg>\n"));
    }
}
