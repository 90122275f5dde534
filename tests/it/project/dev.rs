//! `stackctl dev`: what is saved answers.

use std::{
    fs,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use libtest_mimic::Trial;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use ureq::http::Method;

use crate::{
    endpoint::flow::send as ask,
    harness::{
        cloud::{Cloud, eventually},
        program::{WorkingCopy, program, said},
        strict::Strict,
        terminal::{Running, Terminal},
        trial::trial,
    },
};

const STACK: &str = "
stack: NAME
region: eu-west-1
buckets:
  uploads: {}
functions:
  hello: { code: functions/hello, runtime: python3.13, handler: app.main, build: sh build.sh }
apis:
  api: { authorizer: none, cors: { origins: [http://localhost:5173] }, routes: { GET /hello: hello } }
dev: echo the page is served; exec sleep 600
envs:
  me: { dev: true }
  prod: {}
";
const MORE: &str = "  more: {}\n";
/// Copies the source, as a compiler would, among the sources; says what is wrong with one.
const BUILD: &str = "
if grep -q wrong source.py; then echo 'source.py: wrong'; exit 1; fi
cp source.py app.py
echo built >> ../../builds.txt
";

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![
        trial("dev::what_is_saved_answers", move || what_is_saved_answers(cloud)),
        trial("dev::the_page_of_the_file", move || the_page_of_the_file(cloud)),
        trial("dev::without_a_terminal", move || without_a_terminal(cloud)),
        trial("dev::on_aws", on_aws),
    ]
}

fn says(copy: &WorkingCopy, word: &str) {
    let folder = copy.folder.join("functions/hello");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("package.json"), "{}").unwrap();
    fs::write(folder.join("build.sh"), BUILD).unwrap();
    let source = format!(
        "def main(event, context):\n    print('asked for {word}')\n    return {{'statusCode': 200, 'body': '{word}'}}\n"
    );
    fs::write(folder.join("source.py"), source).unwrap();
}

fn project(cloud: &Cloud) -> WorkingCopy {
    let copy = cloud.working_copy("dev", STACK);
    // What an earlier run of the trials left.
    let _ = fs::remove_dir_all(copy.folder.join("functions"));
    let _ = fs::remove_file(copy.folder.join("builds.txt"));
    says(&copy, "one");
    copy
}

fn dev(cloud: &Cloud, copy: &WorkingCopy, arguments: &[&str]) -> Command {
    let mut command = copy.command(&[]);
    let environment: Vec<_> =
        command.get_envs().map(|(name, value)| (name.to_owned(), value.map(ToOwned::to_owned))).collect();
    command = Command::new(program());
    command.arg("dev").args(arguments).current_dir(&copy.folder).env_clear().stdin(Stdio::null());
    for (name, value) in environment {
        command.env(name, value.unwrap_or_default());
    }
    command.env("STACKCTL_LOCAL_STATE", cloud.state());
    command
}

fn hello(copy: &WorkingCopy) -> String {
    let outputs = copy.outputs();
    let endpoint = outputs["endpoint"].as_str().unwrap().trim_end_matches('/').to_owned();
    ask(Method::GET, &format!("{endpoint}/hello"), &[], b"").text()
}

/// Asks until the function answers with a word; the only other answer is the one before it.
fn answers(copy: &WorkingCopy, before: &str, word: &str) {
    let outputs = copy.outputs();
    let url = format!("{}/hello", outputs["endpoint"].as_str().unwrap().trim_end_matches('/'));
    eventually(&format!("the function says {word}"), || {
        let answer = ask(Method::GET, &url, &[], b"");
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert!([before, word].contains(&answer.text().as_str()), "{}", answer.text());
        answer.text() == word
    });
}

fn interrupt(child: &Child) {
    kill_process(Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap(), Signal::INT).unwrap();
}

/// The end of the screen: what stands there now.
fn last(terminal: &Terminal) -> String {
    let screen = terminal.screen();
    screen[screen.rfind("\u{1b}[J").map_or(0, |at| screen[..at].rfind("\u{1b}[J").unwrap_or(0))..].to_owned()
}

fn what_is_saved_answers(cloud: &Cloud) {
    let copy = project(cloud);
    let terminal = Terminal::open().sized(100, 30);
    let mut child = terminal.start(dev(cloud, &copy, &[]));
    terminal.wait_for("is live since");
    terminal.wait_for("page: the page is served");
    assert_eq!(hello(&copy), "one");
    terminal.wait_for("asked for one");

    says(&copy, "two");
    answers(&copy, "one", "two");
    terminal.wait_for("asked for two");

    // An error stays until it is mended, and the code before it answers.
    says(&copy, "wrong");
    eventually("the error stands", || last(&terminal).contains("source.py: wrong"));
    assert_eq!(hello(&copy), "two");
    says(&copy, "three");
    answers(&copy, "two", "three");
    eventually("the error is gone", || !last(&terminal).contains("source.py: wrong"));

    // A mistake in the file stands too.
    let file = copy.text();
    copy.write(&format!("{file}surplus: 1\n"));
    eventually("the problem stands", || last(&terminal).contains("unknown key"));

    // What is new is made without a question; what is deleted is asked about.
    let with_more = file.replace("  uploads: {}\n", &format!("  uploads: {{}}\n{MORE}"));
    copy.write(&with_more);
    eventually("the bucket is there", || copy.plan().is_empty());
    eventually("it is said", || !last(&terminal).contains("unknown key"));
    copy.write(&file);
    terminal.wait_for("Make these changes? [y/N]");
    terminal.type_in("n\n");
    terminal.wait_for("Cancelled. Nothing was changed.");
    copy.write(&with_more);
    copy.assert_settled();
    copy.write(&format!("{file}\n"));
    eventually("it asks again", || terminal.screen().matches("Make these changes? [y/N]").count() == 2);
    terminal.type_in("y\n");
    eventually("the bucket is gone", || copy.plan().is_empty());

    // A build that writes among its sources does not lead to another one without end.
    let builds = || fs::read_to_string(copy.folder.join("builds.txt")).unwrap().lines().count();
    eventually("nothing is built any more", || {
        let before = builds();
        std::thread::sleep(Duration::from_secs(1));
        builds() == before
    });

    let began = Instant::now();
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(0), "{}", terminal.screen());
    assert!(began.elapsed() < Duration::from_secs(5));
    copy.succeed(&["destroy", "--yes"]);
}

/// The page is that of the file as it is now, and a question is about the file as it is now.
fn the_page_of_the_file(cloud: &Cloud) {
    let copy = project(cloud);
    let file = copy.text();
    let with = |page: &str| {
        let lines: Vec<&str> = file.lines().filter(|it| !it.starts_with("dev:")).collect();
        copy.write(&format!("{}\n{page}", lines.join("\n")));
    };
    with("dev: sleep 600 & echo $! > page.txt; echo first page; wait\n");
    let terminal = Terminal::open().sized(100, 30);
    let mut child = terminal.start(dev(cloud, &copy, &[]));
    terminal.wait_for("page: first page");
    eventually("it is said", || last(&terminal).contains("with its page"));
    let first = fs::read_to_string(copy.folder.join("page.txt")).unwrap();
    let first = Pid::from_raw(first.trim().parse().unwrap()).unwrap();
    assert!(test_kill_process(first).is_ok());

    // Another command takes its place; one that ends starts again with the next save.
    with("dev: echo second page; exit 3\n");
    terminal.wait_for("page: ended with exit status: 3; it starts again when you save stack.yaml");
    eventually("the first page ended", || test_kill_process(first).is_err());
    eventually("no page is served", || !last(&terminal).contains("with its page"));
    let text = copy.text();
    copy.write(&text);
    eventually("it starts again", || terminal.screen().matches("page: second page").count() == 2);

    // A save withdraws the question about the file before it, and no answer to that counts.
    with("");
    copy.assert_settled();
    copy.write(&copy.text().replace("  uploads: {}", "  others: {}"));
    terminal.wait_for("Make these changes? [y/N]");
    with("");
    terminal.wait_for("stack.yaml was saved: the question is withdrawn");
    copy.write(&copy.text().replace("  uploads: {}", "  others: {}"));
    eventually("it asks again", || terminal.screen().matches("Make these changes? [y/N]").count() == 2);
    terminal.type_in("n\n");
    // The events of the saves may lead to the question once more, which this save withdraws.
    with("");
    copy.assert_settled();
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(0), "{}", terminal.screen());
    copy.succeed(&["destroy", "--yes"]);
}

fn without_a_terminal(cloud: &Cloud) {
    let copy = project(cloud);
    let file = copy.text();
    copy.write(&file.replace("  uploads: {}\n", &format!("  uploads: {{}}\n{MORE}")));
    let mut command = dev(cloud, &copy, &[]);
    // A log among the sources is none of them.
    let (log, errors) = (copy.folder.join("dev.log"), copy.folder.join("errors.log"));
    let create = |path| fs::File::create(path).unwrap();
    let mut child = Running(command.stdout(create(&log)).stderr(create(&errors)).spawn().unwrap());
    eventually("it is applied", || copy.run(&["plan", "--check"]).code == 0);
    says(&copy, "two");
    answers(&copy, "one", "two");
    // The question has no terminal: the change is not made, and the run goes on.
    copy.write(&file);
    says(&copy, "three");
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(copy.plan(), ["function.hello: code", "bucket.more: delete"]);
    let refusals = || fs::read_to_string(&errors).unwrap().matches("no terminal to ask").count();
    eventually("nothing more is said", || {
        let before = refusals();
        std::thread::sleep(Duration::from_secs(2));
        refusals() == before
    });
    copy.write(&file.replace("  uploads: {}\n", &format!("  uploads: {{}}\n{MORE}")));
    answers(&copy, "two", "three");
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let read = |path| fs::read_to_string(path).unwrap();
    let said = read(&log) + &read(&errors);
    assert!(said.contains("no terminal to ask for confirmation"), "{said}");
    assert!(said.contains("`stackctl apply --local` makes this change"), "{said}");
    assert!(!said.contains('\u{1b}'), "{said}");
    copy.succeed(&["destroy", "--yes"]);
}

/// With the delays and refusals of AWS, and only where the file says that the environment is for development.
fn on_aws() {
    let (_cloud, copy) = Strict::with_stack("dev", STACK);
    says(&copy, "one");
    for (arguments, expected) in [
        (&["dev", "--aws", "--yes"][..], "`dev --aws` needs an environment for development"),
        (&["dev", "--aws", "--yes", "--env", "prod"], "the environment `prod` is not for development"),
        (&["dev", "--aws", "--env", "me"], "no terminal to ask for confirmation"),
    ] {
        let said = copy.run(arguments);
        assert_eq!(said.code, 64, "{said:?}");
        assert!(said.stderr.contains(expected), "{said:?}");
    }
    let of_me = |arguments: &[&str]| copy.run(&[arguments, &["--env", "me"]].concat());
    let mut command = copy.command(&["dev", "--aws", "--yes", "--env", "me"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    eventually("it is applied", || of_me(&["plan", "--check"]).code == 0);
    says(&copy, "two");
    let is_two = || of_me(&["plan", "--check"]).code == 0;
    eventually("the second code is applied", is_two);
    interrupt(&child);
    let said = said(child.wait_with_output().unwrap());
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.stderr.matches("is live since").count() >= 2, "{said:?}");
    assert_eq!(of_me(&["destroy", "--yes"]).code, 0);
}
