//! Tests of env files.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

fn variables(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn vite(old: &str, all: &[(&str, &str)]) -> Result<(String, Changes), NotEnv> {
    merge(old, &Block { format: "vite", prefix: "VITE_", variables: &variables(all) })
}

const TWO: [(&str, &str); 2] = [("VITE_REGION", "eu-west-1"), ("VITE_ENDPOINT", "https://a.example/p?q")];

fn check(old: &str, new: Expect) {
    let (text, changes) = vite(old, &TWO).unwrap();
    let again = vite(&text, &TWO).unwrap();
    assert_eq!(again.0, text, "a second write changes nothing");
    assert!(again.1.added.is_empty() && again.1.changed.is_empty() && again.1.removed.is_empty());
    let Changes { added, changed, removed, unchanged, left } = changes;
    let lists = [("+", added), ("~", changed), ("-", removed), ("=", unchanged), ("left", left)];
    let lists = lists.into_iter().filter(|(_, names)| !names.is_empty());
    let lists: String = lists.map(|(mark, names)| format!("{mark} {}\n", names.join(" "))).collect();
    new.assert_eq(&format!("{}{lists}", text.replace('\r', "␍")));
}

#[test]
fn a_new_file() {
    check(
        "",
        expect![[r#"
            # begin: stackctl outputs --format vite (stackctl replaces these lines)
            VITE_REGION=eu-west-1
            VITE_ENDPOINT='https://a.example/p?q'
            # end: stackctl outputs --format vite
            + VITE_REGION VITE_ENDPOINT
        "#]],
    );
}

#[test]
fn lines_of_others_stay() {
    check(
        "# mine\nSTRIPE_KEY=sk_1 # secret\nKEY=\"-----BEGIN\nVITE_REGION=inside a value\n-----END\"\n\n  export A = b\nNAME\nLAST=1",
        expect![[r#"
            # mine
            STRIPE_KEY=sk_1 # secret
            KEY="-----BEGIN
            VITE_REGION=inside a value
            -----END"

              export A = b
            NAME
            LAST=1

            # begin: stackctl outputs --format vite (stackctl replaces these lines)
            VITE_REGION=eu-west-1
            VITE_ENDPOINT='https://a.example/p?q'
            # end: stackctl outputs --format vite
            + VITE_REGION VITE_ENDPOINT
        "#]],
    );
}

#[test]
fn a_variable_outside_the_block_gets_its_value_there() {
    check(
        "  export VITE_REGION = \"us-east-1\"   # where\nOTHER=1\n#VITE_ENDPOINT=off\nVITE_BUCKET=old\n",
        expect![[r#"
              export VITE_REGION = eu-west-1   # where
            OTHER=1
            #VITE_ENDPOINT=off
            VITE_BUCKET=old

            # begin: stackctl outputs --format vite (stackctl replaces these lines)
            VITE_ENDPOINT='https://a.example/p?q'
            # end: stackctl outputs --format vite
            + VITE_ENDPOINT
            ~ VITE_REGION
            left VITE_BUCKET
        "#]],
    );
    check(
        "VITE_REGION=\"eu-west-1\"\nVITE_ENDPOINT=https://a.example/p?q\n",
        expect![[r#"
            VITE_REGION="eu-west-1"
            VITE_ENDPOINT=https://a.example/p?q
            = VITE_REGION VITE_ENDPOINT
        "#]],
    );
}

#[test]
fn the_block_stays_in_its_place() {
    let old = "A=1\n# begin: stackctl outputs --format vite\nVITE_COGNITO_ENDPOINT=x\nMINE=2\n# note\nVITE_REGION=eu-west-1\n# end: stackctl outputs --format vite\nB=3\n";
    check(
        old,
        expect![[r#"
            A=1
            # begin: stackctl outputs --format vite (stackctl replaces these lines)
            VITE_REGION=eu-west-1
            VITE_ENDPOINT='https://a.example/p?q'
            # end: stackctl outputs --format vite
            MINE=2
            # note
            B=3
            + VITE_ENDPOINT
            - VITE_COGNITO_ENDPOINT
            = VITE_REGION
        "#]],
    );
}

#[test]
fn a_block_without_its_end_and_a_second_block() {
    let begin = "# begin: stackctl outputs --format vite\n";
    check(
        &format!("{begin}VITE_REGION=a\nVITE_BUCKET=b\nMINE=1\nVITE_CLIENT_ID=mine\n{begin}VITE_REGION=c\n"),
        expect![[r#"
            # begin: stackctl outputs --format vite (stackctl replaces these lines)
            VITE_REGION=eu-west-1
            VITE_ENDPOINT='https://a.example/p?q'
            # end: stackctl outputs --format vite
            MINE=1
            VITE_CLIENT_ID=mine
            + VITE_ENDPOINT
            ~ VITE_REGION
            - VITE_BUCKET
            left VITE_CLIENT_ID
        "#]],
    );
}

#[test]
fn a_block_of_another_format_is_not_touched() {
    let (first, _) = merge(
        "",
        &Block {
            format: "env",
            prefix: "",
            variables: &variables(&[("REGION", "eu-west-1"), ("BUCKET", "b")]),
        },
    )
    .unwrap();
    let (both, _) = vite(&first, &TWO).unwrap();
    assert!(both.starts_with(&first), "{both}");
    assert_eq!(both.matches("# begin").count(), 2);
}

#[test]
fn line_breaks_of_windows_and_a_byte_order_mark() {
    check(
        "\u{feff}A=1\r\n\r\nB=2",
        expect![[r#"
            ﻿A=1␍
            ␍
            B=2␍
            ␍
            # begin: stackctl outputs --format vite (stackctl replaces these lines)␍
            VITE_REGION=eu-west-1␍
            VITE_ENDPOINT='https://a.example/p?q'␍
            # end: stackctl outputs --format vite␍
            + VITE_REGION VITE_ENDPOINT
        "#]],
    );
    check(
        "\u{feff}VITE_REGION=x\r\nVITE_ENDPOINT=y\r\n",
        expect![[r#"
            ﻿VITE_REGION=eu-west-1␍
            VITE_ENDPOINT='https://a.example/p?q'␍
            ~ VITE_REGION VITE_ENDPOINT
        "#]],
    );
}

#[test]
fn what_is_no_env_file_is_refused() {
    use NotEnv::{NoVariable, OpenQuote};
    for (text, why) in [
        ("{\n", NoVariable(1)),
        ("A=1\n\nimport x from 'y'\n", NoVariable(3)),
        ("A='1\n2'\na: b", NoVariable(3)),
        ("[a]", NoVariable(1)),
        ("=a", NoVariable(1)),
        ("B=1\nA='it\n", OpenQuote(2)),
        ("A=\"it\nVITE_REGION=\"eu\"\n", OpenQuote(1)),
    ] {
        assert_eq!(vite(text, &TWO), Err(why), "{text}");
    }
}

#[test]
fn values_with_quotes() {
    for line in [
        "A=it's",
        "A='it's'",
        "A='a\\'",
        "A='a' b",
        "A=\"$HOME/bin\":$PATH",
        "A=\"a\\\" # b\"",
        "A='a\n\\'b'",
    ] {
        let (text, changes) = vite(&format!("{line}\nVITE_REGION=a\nB='c'\n"), &TWO).unwrap();
        assert!(text.starts_with(&format!("{line}\nVITE_REGION=eu-west-1\nB='c'\n")), "{line}: {text}");
        assert_eq!(changes.changed, ["VITE_REGION"], "{line}");
    }
}

/// A line as people write it, and as they do not.
fn line() -> impl Strategy<Value = String> {
    let quote = prop_oneof!["'", "\"", "`", ""];
    prop_oneof![
        3 => ("(export )?", "[A-C]|VITE_(REGION|BUCKET|ENDPOINT|X)", " ?= ?", quote, "[a-c'\"#\\\\ ]{0,6}", "['\"`]?")
            .prop_map(|(export, name, is, quote, value, end)| format!("{export}{name}{is}{quote}{value}{end}")),
        1 => "( *#[a-z '\"]{0,8})?",
        1 => "# (begin|end): stackctl outputs --format (vite|env)( x)?",
        1 => Just("NAME".to_owned()),
    ]
}

fn file() -> impl Strategy<Value = String> {
    (proptest::collection::vec(line(), 0..12), prop_oneof!["\n", "\r\n"], any::<bool>()).prop_map(
        |(lines, line_break, ends)| lines.join(&line_break) + if ends { line_break.as_str() } else { "" },
    )
}

fn outputs() -> impl Strategy<Value = Vec<(String, String)>> {
    // No output has a backslash.
    let value = "[a-z:/.$'\" #=]{0,8}";
    (value, value, any::<bool>()).prop_map(|(region, bucket, with_bucket)| {
        let mut all = variables(&[("VITE_REGION", &region), ("VITE_BUCKET", &bucket)]);
        all.truncate(if with_bucket { 2 } else { 1 });
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_other_line_is_lost_and_a_second_write_changes_nothing(old in file(), variables in outputs()) {
        let block = Block { format: "vite", prefix: "VITE_", variables: &variables };
        let Ok((new, _)) = merge(&old, &block) else { return Ok(()) };
        let (again, changes) = merge(&new, &block).unwrap();
        prop_assert_eq!(&again, &new);
        prop_assert_eq!(changes.unchanged.len(), variables.len());
        prop_assert!(changes.added.is_empty() && changes.changed.is_empty() && changes.removed.is_empty());

        // The lines that stackctl did not write, as they were, in their order.
        let (begin, end) = block.marks();
        let others = |text: &str| -> Vec<String> {
            let ours = |piece: &Piece<'_>| match piece {
                Piece::Begin(_) | Piece::End(_) => true,
                Piece::Variable { name, .. } => is_output("VITE_", name),
                Piece::Other(text) => text.trim().is_empty(),
            };
            let all = pieces(text, &begin, &end).unwrap();
            all.iter().filter(|it| !ours(it)).map(|it| it.text().trim_end_matches(['\r', '\n']).to_owned()).collect()
        };
        prop_assert_eq!(others(&old), others(&new));
        // A variable of the file is lost only from a block.
        let names = |text: &str| pieces(text, &begin, &end).unwrap().iter().filter_map(Piece::name).map(str::to_owned).collect::<Vec<_>>();
        let lost: Vec<_> = names(&old).into_iter().filter(|it| !names(&new).contains(it)).collect();
        let (_, changes) = merge(&old, &block).unwrap();
        prop_assert!(lost.iter().all(|it| changes.removed.contains(it)), "{:?}", lost);
    }
}
