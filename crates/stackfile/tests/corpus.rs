//! Wrong files, each beside what is said of it. `UPDATE_EXPECT=1 cargo test -p stackctl-stackfile --test corpus` writes
//! what is said now; read it before it is committed.

use std::{fs, path::Path};

use expect_test::expect_file;

/// A first line such as `# --env prod` chooses an environment.
fn environment(text: &str) -> Option<&str> {
    text.lines().next()?.strip_prefix("# --env ")
}

#[test]
fn each_problem_is_shown_with_a_way_out() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut files: Vec<_> = fs::read_dir(corpus).unwrap().map(|it| it.unwrap().path()).collect();
    files.retain(|it| it.extension().is_some_and(|it| it == "yaml"));
    files.sort();
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let problems =
            stackctl_stackfile::parse(&text, environment(&text)).expect_err(&path.display().to_string());
        assert!(problems.iter().all(|it| it.help.is_some()), "no way out of a problem in {}", path.display());
        let said: Vec<String> = problems.iter().map(|it| it.render("stack.yaml", false)).collect();
        expect_file![path.with_extension("txt")].assert_eq(&format!("{}\n", said.join("\n\n")));
    }
}
