//! A stack.yaml from a stranger: it costs little to refuse, and none of its values reaches further than it should.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

const TOP: &str = "stack: demo\nregion: eu-west-1\n";

struct Said {
    code: Option<i32>,
    all: String,
}

/// Validates a file with 100 MB of memory and few seconds of processor time; a process that needs more is ended.
fn validate(file: &Path) -> Said {
    let mut command = Command::new("sh");
    command.args([
        "-c",
        "ulimit -d 102400 && ulimit -t 5 && exec \"$@\"",
        "sh",
        env!("CARGO_BIN_EXE_stackctl"),
    ]);
    command.args(["validate", "--file"]).arg(file).env_clear().stdin(Stdio::null());
    let output = command.output().unwrap();
    let all = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned()).concat();
    Said { code: output.status.code(), all }
}

fn refused(name: &str, text: &[u8], because: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stack.yaml");
    fs::write(&file, text).unwrap();
    let Said { code, all } = validate(&file);
    assert_eq!(code, Some(64), "{name}: {all}");
    assert!(all.contains(because), "{name}: {all}");
}

#[test]
fn the_limits_end_what_needs_more() {
    let limited = |what: &str| {
        let command = format!("ulimit -d 102400 && ulimit -t 5 && {what}");
        Command::new("sh").args(["-c", &command]).output().unwrap().status.success()
    };
    assert!(limited("true"));
    assert!(!limited("head -c 200000000 /dev/zero | tail -c 200000000 >/dev/null"));
}

#[test]
fn large_files_are_refused_before_they_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stack.yaml");
    // A gigabyte that takes no room on the disk.
    fs::File::create(&file).unwrap().set_len(1 << 30).unwrap();
    for file in [&file, Path::new("/dev/zero")] {
        let Said { code, all } = validate(file);
        assert_eq!(code, Some(64), "{all}");
        assert!(all.contains("the file is too large"), "{all}");
    }
}

#[test]
fn whatever_unfolds_or_nests_is_refused() {
    let laughs = (1..10).fold("a: &a [x, x]\n".to_owned(), |text, at| {
        let (name, of) = (char::from(b'a' + at), char::from(b'a' + at - 1));
        format!("{text}{name}: &{name} [{}]\n", vec![format!("*{of}"); 9].join(", "))
    });
    refused("billion laughs", laughs.as_bytes(), "aliases are not read here");
    for again in ["[", "{a: ", "- ", "? "] {
        let text = format!("{TOP}tags: {}", again.repeat(200_000 / again.len()));
        refused(again, text.as_bytes(), "error: ");
    }
    let scalar = format!("{TOP}tags: {{ a: \"{}\" }}\n", "x".repeat(250_000));
    refused("a huge scalar", scalar.as_bytes(), "characters, 256 is most");
    let folded = format!("{TOP}tags:\n  a: >\n{}", "    x\n".repeat(40_000));
    refused("a huge folded scalar", folded.as_bytes(), "not a value of a tag");
    let wide: String = (0..20_000).map(|it| format!("  a{it}: x\n")).collect();
    refused("a wide map", format!("{TOP}tags:\n{wide}").as_bytes(), "too many tags");
    refused("not text", &[0xff; 100_000], "UTF-8");
}

/// Values that mean something to a shell, to cargo, to a path, to IAM, or to a terminal.
const HOSTILE: [&str; 24] = [
    "; rm -rf ~",
    "$(id)",
    "`id`",
    "a|b",
    "a && b",
    "--target-dir=/tmp",
    "../../x",
    "/etc/passwd",
    "a/b",
    "..",
    ".",
    "*",
    "demo-*",
    "a?",
    "${aws:username}",
    "arn:aws:s3:::other",
    "arn:aws:iam::210987654321:role/admin",
    "210987654321:function:other",
    "a\\nb",
    "a b",
    "%2e%2e",
    "a%00b",
    "\\e[2J",
    "é",
];

/// Each field that becomes a name, a path, an argument or a part of a policy.
const FIELDS: [&str; 15] = [
    "stack: VALUE\nregion: eu-west-1\n",
    "stack: demo\nregion: VALUE\n",
    "buckets: { VALUE: {} }\n",
    "buckets: { a: { name: VALUE } }\n",
    "functions: { VALUE: { package: p } }\n",
    "functions: { a: { package: VALUE } }\n",
    "functions: { a: { package: p, profile: VALUE } }\n",
    "functions: { a: { package: p, name: VALUE } }\n",
    "functions: { a: { package: p, environment: { VALUE: x } } }\n",
    "functions: { a: { package: p, buckets: { VALUE: [put] } } }\n",
    "user_pools: { VALUE: {} }\n",
    "user_pools: { a: { clients: { VALUE: {} } } }\n",
    "apis: { VALUE: { authorizer: none, routes: { GET /: a } } }\nfunctions: { a: { package: p } }\n",
    "apis: { a: { stage: VALUE, authorizer: none, routes: { GET /: a } } }\nfunctions: { a: { package: p } }\n",
    "envs: { VALUE: {} }\n",
];

#[test]
fn no_value_is_more_than_a_name() {
    for field in FIELDS {
        for value in HOSTILE {
            let text = field.replace("VALUE", &format!("\"{value}\""));
            let text = if field.starts_with("stack:") { text } else { format!("{TOP}{text}") };
            assert!(stackctl_stackfile::parse(&text, None).is_err(), "{text}");
        }
    }
    for argument in ["--config", "-Zunstable", "-"] {
        for field in FIELDS.iter().filter(|it| it.contains("package: VALUE") || it.contains("profile: VALUE"))
        {
            let text = format!("{TOP}{}", field.replace("VALUE", argument));
            assert!(stackctl_stackfile::parse(&text, None).is_err(), "{text}");
        }
    }
}
