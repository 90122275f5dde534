//! The picture as DOT, for Graphviz.

use std::fmt::Write;

use crate::picture::{Arrow, Line, Picture};

/// The directed graph.
pub fn text(picture: &Picture) -> String {
    let Picture { stack, resources, arrows } = picture;
    let mut text = format!("digraph {} {{\n  rankdir=LR;\n  node [shape=box];\n", quoted(stack));
    for address in resources {
        let shape = match address.kind {
            "bucket" | "log_group" => " [shape=cylinder]",
            "function" => " [shape=oval]",
            "rest_api" => " [shape=hexagon]",
            _ => "",
        };
        let _ = writeln!(text, "  {}{shape};", quoted(&address.to_string()));
    }
    for Arrow { from, to, label, line } in arrows {
        let style = match line {
            Line::Solid => "solid",
            Line::Dashed => "dashed",
            Line::Thick => "bold",
        };
        let (from, to) = (quoted(&from.to_string()), quoted(&to.to_string()));
        let _ = writeln!(text, "  {from} -> {to} [label={}, style={style}];", quoted(label));
    }
    text + "}\n"
}

/// A quoted identifier. Control characters are left out: DOT has no escape for them.
fn quoted(text: &str) -> String {
    let safe: String = text.chars().filter(|it| !it.is_control()).collect();
    format!("\"{}\"", safe.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use layout::gv::DotParser;

    use super::*;
    use crate::samples;

    #[test]
    fn a_stack() {
        expect![[r#"
            digraph "photos" {
              rankdir=LR;
              node [shape=box];
              "bucket.uploads" [shape=cylinder];
              "user_pool.users";
              "user_pool_client.users/web";
              "rest_api.uploads" [shape=hexagon];
              "role.presign";
              "log_group.presign" [shape=cylinder];
              "function.presign" [shape=oval];
              "user_pool_client.users/web" -> "user_pool.users" [label="part of", style=bold];
              "rest_api.uploads" -> "user_pool.users" [label="reads", style=dashed];
              "role.presign" -> "bucket.uploads" [label="put, get", style=dashed];
              "function.presign" -> "log_group.presign" [label="uses", style=solid];
              "function.presign" -> "rest_api.uploads" [label="reads", style=dashed];
              "function.presign" -> "role.presign" [label="reads", style=dashed];
            }
        "#]]
        .assert_eq(&text(&samples::stack()));
    }

    #[test]
    fn a_parser_reads_it() {
        let text = text(&samples::stack());
        assert!(DotParser::new(&text).process().is_ok(), "{text}");
        assert!(
            DotParser::new(&text.replace("->", "- >")).process().is_err(),
            "the parser refuses other text"
        );
    }

    #[test]
    fn any_name_is_one_identifier() {
        assert_eq!(quoted("a\"b\\c\nd"), r#""a\"b\\cd""#);
        assert_eq!(text(&samples::hostile()).matches("\n  \"").count(), 3);
    }
}
