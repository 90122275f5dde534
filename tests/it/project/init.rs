//! `init`: what it writes is valid, plans, and is applied without a compiler.

use std::{fs, path::Path};

use libtest_mimic::Trial;

use crate::harness::{
    cloud::{Cloud, eventually},
    program::WorkingCopy,
    terminal::Terminal,
    trial::trial,
};

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![
        trial("init::a_stack_that_is_applied_without_cargo", move || applied_without_cargo(cloud)),
        trial("init::three_questions", move || three_questions(cloud)),
    ]
}

/// An answer that is not valid is asked for again, an empty one is the default, and Ctrl-D writes nothing.
fn three_questions(cloud: &Cloud) {
    let name = cloud.stack_name("asked");
    let copy = WorkingCopy::new(&name, "", &cloud.url);
    let file = copy.folder.join("stack.yaml");
    fs::remove_file(&file).unwrap();
    fs::create_dir_all(copy.folder.join(".git")).unwrap();

    let terminal = Terminal::open();
    let mut child = terminal.start(copy.command(&["init"]));
    terminal.wait_for("Name of the stack [");
    terminal.type_in("\u{4}");
    assert_eq!(child.wait().unwrap().code(), Some(1), "{}", terminal.screen());
    assert!(!file.exists());

    let terminal = Terminal::open();
    let mut child = terminal.start(copy.command(&["init"]));
    terminal.wait_for("Name of the stack [");
    terminal.type_in("Not valid\n");
    let asked = || terminal.screen().matches("Name of the stack [").count();
    eventually("the name is asked for again", || asked() == 2);
    terminal.type_in(&format!("{name}\n"));
    terminal.wait_for("AWS region [");
    terminal.type_in("\n");
    terminal.wait_for("Origin of your page");
    terminal.type_in("http://localhost:9999\n");
    assert_eq!(child.wait().unwrap().code(), Some(0), "{}", terminal.screen());
    let text = copy.text();
    for part in [format!("stack: {name}\n"), "region: eu-west-1\n".into(), "[http://localhost:9999]".into()] {
        assert!(text.contains(&part), "{part}{text}");
    }
    copy.succeed(&["validate"]);
}

/// A project of Vite, without cargo on the path.
fn applied_without_cargo(cloud: &Cloud) {
    let name = cloud.stack_name("init");
    let copy = WorkingCopy::new(&name, "", &cloud.url);
    fs::remove_file(copy.folder.join("stack.yaml")).unwrap();
    let write = |file: &str, text: &str| fs::write(copy.folder.join(file), text).unwrap();
    write(
        "package.json",
        &format!("{{\"name\": \"@ada/{name}\", \"devDependencies\": {{\"vite\": \"8\"}}}}"),
    );
    write("vite.config.ts", "export default { server: { port: 4173 } };\n");
    write(".gitignore", "node_modules\n");

    // Else the search goes on to the stack.yaml of this repository.
    fs::create_dir_all(copy.folder.join(".git")).unwrap();
    let nowhere = copy.run(&["plan"]);
    assert!(nowhere.stderr.contains("`stackctl init` writes one"), "{}", nowhere.stderr);
    let said = copy.succeed(&["init", "--region", "eu-west-1"]);
    assert!(said.stdout.contains("stackctl apply --local"), "{}", said.stdout);
    let text = copy.text();
    assert!(text.contains(&format!("stack: {name}\n")) && text.contains("[http://localhost:4173]"), "{text}");
    assert_eq!(fs::read_to_string(copy.folder.join(".gitignore")).unwrap(), "node_modules\n.env.local\n");
    let schema = copy.succeed(&["schema"]).stdout;
    assert_eq!(fs::read_to_string(copy.folder.join(".stackctl/stack.schema.json")).unwrap(), schema);

    let again = copy.run(&["init", "--yes"]);
    assert_eq!(again.code, 1, "{again:?}");
    assert!(again.stderr.contains("stack.yaml exists; nothing was written"), "{}", again.stderr);
    assert_eq!(copy.text(), text);

    // Neither cargo nor a compiler can be found.
    let without_cargo = |arguments: &[&str]| {
        let mut command = copy.command(arguments);
        command.env("PATH", Path::new("/nowhere")).env_remove("CARGO_HOME").env_remove("RUSTUP_HOME");
        let said = crate::harness::program::said(command.output().unwrap());
        assert_eq!(said.code, 0, "{arguments:?}\n{}\n{}", said.stdout, said.stderr);
    };
    without_cargo(&["validate"]);
    without_cargo(&["apply", "--yes"]);
    copy.assert_settled();
    copy.succeed(&["outputs", "--format", "vite", "--write", ".env.local"]);
    copy.succeed(&["verify"]);
    copy.write(&text.replace("sign_up: admin", "deletion_protection: false\n    sign_up: admin"));
    copy.apply();
    copy.succeed(&["destroy", "--yes", "--empty-buckets"]);
}
