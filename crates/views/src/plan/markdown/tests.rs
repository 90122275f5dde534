use expect_test::expect;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use stackctl_engine::Address;

use super::*;

fn target() -> Target {
    Target {
        stack: "demo".to_owned(),
        region: "eu-west-1".to_owned(),
        account: "000000000000".to_owned(),
        endpoint: None,
        open: Vec::new(),
    }
}

fn entry(kind: &'static str, name: &str, steps: Vec<Step>) -> Entry {
    Entry { address: Address { kind, name: name.to_owned() }, name: format!("demo-{name}"), steps }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn exposure(address: &str, what: &str, close: &str) -> (Address, Exposure) {
    let address = Address { kind: "function", name: address.to_owned() };
    (address, Exposure { what: what.to_owned(), close: close.to_owned() })
}

#[test]
fn what_needs_attention_is_first_and_the_rest_is_folded() {
    let create = Step::create().change("tags.stackctl:stack", None, some("demo")).change(
        "ownership",
        None,
        some("you"),
    );
    let cors = Step::update("set CORS", "of").change("cors.origins", None, some("http://localhost:5173"));
    let settings = Step::update("set the settings", "of").change("memory", some("128 MB"), some("256 MB"));
    let entries = vec![
        entry("bucket", "uploads", vec![create, cors]),
        entry("function", "presign", vec![settings, Step::update("deploy", "")]),
        entry(
            "rest_api",
            "a",
            vec![Step::delete_part("delete a stage", "of").change("stage", some("old"), None)],
        ),
        entry("bucket", "old", vec![Step::new(Verb::Delete).note("deletes 12 objects permanently")]),
        entry("user_pool", "users", vec![Step::new(Verb::Keep { why: "on_destroy is keep".to_owned() })]),
    ];
    let exposures = vec![exposure(
        "presign",
        "anyone may call it by its function URL",
        "aws lambda delete-function-url-config",
    )];
    let open = vec!["rest_api.a: anyone may call it (authorizer: none)".to_owned()];
    let target = Target { open, ..target() };
    expect![[r#"
        <!-- stackctl plan stack="demo" env="prod" -->
        ### Stack <code>demo</code>, environment <code>prod</code>

        **1 to create, 2 to change, 1 to delete, 1 to keep.**

        in <code>eu-west-1</code>, account <code>000000000000</code>

        **Deleted, replaced or not done**

        ```diff
        ! rest_api.a: deleted in part or replaced
          delete a stage
        - bucket.old: deleted
          deletes 12 objects permanently
        ```

        **Open in AWS, not in the file, and not changed by apply**

        ```diff
        ! function.presign: anyone may call it by its function URL
          aws lambda delete-function-url-config
        ```

        **Opened by the file**

        ```diff
        ! rest_api.a: anyone may call it (authorizer: none)
        ```

        <details><summary>All resources of the plan</summary>

        ```diff
        + bucket.uploads  demo-uploads (to create)
        +     ownership: you
        +     cors.origins: http://localhost:5173

        ! function.presign  demo-presign (to change)
            (set the settings)
        -     memory: 128 MB
        +     memory: 256 MB
            (deploy)

        ! rest_api.a  demo-a (to change)
            (delete a stage)
        -     stage: old

        - bucket.old  demo-old (to delete)

          user_pool.users  demo-users (to keep)
            (on_destroy is keep)

        ```

        </details>
    "#]]
    .assert_eq(&text(&target, Some("prod"), &Plan { entries, exposures }));
}

#[test]
fn no_differences() {
    expect![[r#"
        <!-- stackctl plan stack="demo" env="" -->
        ### Stack <code>demo</code>

        **No differences.** AWS matches the file.

        in <code>eu-west-1</code>, account <code>000000000000</code>
    "#]]
    .assert_eq(&text(&target(), None, &Plan::default()));
}

#[test]
fn a_plan_that_is_refused_says_why() {
    let skip = Step::new(Verb::Skip { why: "it is not this stack's".to_owned() })
        .note("give the tags back\naws s3api …");
    let entries = vec![
        entry("bucket", "full", vec![Step::refuse("it holds objects").note("say --empty-buckets")]),
        entry("rest_api", "uploads", vec![skip]),
    ];
    expect![[r#"
        <!-- stackctl plan stack="demo" env="" -->
        ### Stack <code>demo</code>

        **1 left out, 1 refused.**

        in <code>eu-west-1</code>, account <code>000000000000</code>

        **Deleted, replaced or not done**

        ```diff
        ! bucket.full: refused
          it holds objects
          say --empty-buckets
        ! rest_api.uploads: left out
          it is not this stack's
          give the tags back
              aws s3api …
        ```

        <details><summary>All resources of the plan</summary>

        ```diff
        ! bucket.full  demo-full (refused)
            (it holds objects)

        ! rest_api.uploads  demo-uploads (left out)
            (it is not this stack's)

        ```

        </details>
    "#]]
    .assert_eq(&text(&target(), None, &Plan { entries, exposures: Vec::new() }));
}

/// Markdown as a reader sees it: the text of code, and everything else that is not plain text.
#[derive(Default)]
struct Read {
    code: String,
    /// The text outside code.
    prose: String,
    html: Vec<String>,
    /// Links, images, and other markup that no plan has.
    foreign: Vec<String>,
}

fn read(markdown: &str) -> Read {
    let mut read = Read::default();
    let mut in_code = 0;
    for event in Parser::new(markdown) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) if &*language == "diff" => {
                in_code += 1
            }
            Event::End(TagEnd::CodeBlock) => in_code -= 1,
            Event::InlineHtml(html) if &*html == "<code>" => in_code += 1,
            Event::InlineHtml(html) if &*html == "</code>" => in_code -= 1,
            Event::Text(text) if in_code > 0 => read.code += &text,
            Event::Text(text) => read.prose += &text,
            Event::Html(html) | Event::InlineHtml(html) => read.html.push(html.trim().to_owned()),
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::Strong | Tag::HtmlBlock)
            | Event::End(_)
            | Event::SoftBreak => {}
            other => read.foreign.push(format!("{other:?}")),
        }
    }
    read
}

#[test]
fn hostile_values_are_shown_and_do_nothing() {
    const HOSTILE: [&str; 20] = [
        "```",
        "``````\n# heading",
        "a `b` c",
        "~~~\n</details>",
        "</details><h1>owned</h1>",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "-->",
        "--><h1>x</h1>",
        "[link](https://evil.example)",
        "![image](https://evil.example/a.png)",
        "https://evil.example",
        "@octocat",
        "#1 and owner/repo#2",
        "*bold* _it_ **b**",
        "| a | b |\n|---|---|",
        "&lt;&#64;",
        "\u{202e}txt.exe",
        "a\r\nb\u{1b}[31mred",
        "\\`\\",
    ];
    for hostile in HOSTILE {
        let step = Step::update("set tags", "of")
            .change(hostile, some(hostile), some(&format!("{hostile}{hostile}")))
            .note(hostile);
        let refuse = Step::refuse(hostile);
        let plan = Plan {
            entries: vec![entry("bucket", hostile, vec![step, refuse])],
            exposures: vec![exposure(hostile, hostile, hostile)],
        };
        let all = Target {
            stack: hostile.to_owned(),
            region: hostile.to_owned(),
            account: hostile.to_owned(),
            endpoint: some(hostile),
            open: vec![hostile.to_owned()],
        };
        let markdown = text(&all, Some(hostile), &plan);
        let Read { code, prose, html, foreign } = read(&markdown);
        assert_eq!(foreign, [""; 0], "{hostile}");
        assert_eq!(html.len(), 3, "{hostile}: {html:?}");
        assert!(
            html[0].starts_with("<!-- stackctl plan stack=\"") && html[0].ends_with("\" -->"),
            "{html:?}"
        );
        assert_eq!(html[0].matches("--").count(), 2, "{html:?}");
        assert_eq!(html[1], "<details><summary>All resources of the plan</summary>");
        assert_eq!(html[2], "</details>");
        let shown = indented(hostile);
        // Stack, environment, region, account, endpoint, the value twice and doubled, the field, the notes and reasons.
        let first = shown.split('\n').next().unwrap();
        assert!(code.matches(first).count() >= 15, "{hostile}: {code}");
        let words = "Stack , environment 1 refused.in , account  at Deleted, replaced or not doneOpen in AWS, not in the file, \
                     and not changed by applyOpened by the file";
        assert_eq!(prose, words, "{hostile}");
    }
}

#[test]
fn a_long_plan_is_cut_by_whole_resources() {
    let long = |count: usize, size: usize| {
        let step = || Step::new(Verb::Delete).note("n".repeat(size));
        let entries: Vec<Entry> =
            (0..count).map(|it| entry("bucket", &format!("b{it}"), vec![step()])).collect();
        text(&target(), None, &Plan { entries, exposures: Vec::new() })
    };
    for (count, size) in [(1, 10), (300, 150), (3_000, 100), (2, 59_700), (3, 70_000), (1, 100_000)] {
        let markdown = long(count, size);
        assert!(markdown.len() < 61_000, "{count} × {size}: {}", markdown.len());
        let shown = markdown.matches("\n- bucket.b").count();
        let left_out: usize = markdown
            .lines()
            .filter_map(|line| {
                line.strip_suffix(" more are not shown, because a comment is limited in size.")
            })
            .map(|count| count.parse::<usize>().unwrap())
            .sum();
        // Each resource is in two lists.
        assert_eq!(shown + left_out, 2 * count, "{count} × {size}");
        assert_eq!(markdown.matches("```").count() % 2, 0);
        assert!(read(&markdown).foreign.is_empty());
        assert!(markdown.ends_with("</details>\n"));
    }
}

#[test]
fn backticks_alone_do_not_exceed_the_size() {
    let step = Step::update("set tags", "of").change("tags.a", None, some(&"`".repeat(40_000)));
    let plan = Plan { entries: vec![entry("bucket", "b", vec![step])], exposures: Vec::new() };
    let markdown = text(&target(), None, &plan);
    assert!(markdown.len() < 61_000);
    assert!(markdown.contains("1 more are not shown"));
}
