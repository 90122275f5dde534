//! Consent is an answer to the question: input from before the question appeared is none.

use libtest_mimic::Trial;

use crate::harness::{
    cloud::Cloud,
    program::WorkingCopy,
    terminal::{Terminal, assert_waits},
    trial::trial,
};

const STACK: &str = "stack: NAME\nregion: eu-west-1\nuser_pools:\n  users: {}\n";

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![
        trial("consent::is_not_what_was_typed_ahead", move || typed_ahead(cloud)),
        trial("consent::to_adopt_and_release", move || adopt_and_release(cloud)),
    ]
}

fn adopt_and_release(cloud: &Cloud) {
    let copy = cloud.working_copy("consent-adopt", STACK);
    let name = format!("{}-users", copy.stack().name);
    let (release, adopt) = (["release", "user_pool.users"], ["adopt", "user_pool.users", &name]);
    let is_others = || {
        let plan = copy.run(&["plan"]);
        assert!(plan.code == 1 && plan.stderr.contains("stackctl adopt"), "{plan:?}");
    };
    copy.apply();
    cancel(&copy, &release, "y\n", "Release it? [y/N]");
    copy.assert_settled();
    agree(&copy, &release, "y\n", "Release it? [y/N]");
    is_others();
    cancel(&copy, &adopt, "y\n", "Adopt it? [y/N]");
    is_others();
    agree(&copy, &adopt, "y\n", "Adopt it? [y/N]");
    copy.assert_settled();
}

fn typed_ahead(cloud: &Cloud) {
    let copy = cloud.working_copy("consent", STACK);
    let name = copy.stack().name.to_string();
    let absent = || assert_eq!(copy.plan().len(), 1, "it was changed without consent");
    let settled = || copy.assert_settled();

    cancel(&copy, &["apply"], "y\n", "Make these changes? [y/N]");
    absent();
    agree(&copy, &["apply"], "y\n", "Make these changes? [y/N]");
    settled();
    copy.succeed(&["user", "add", "ada"]);
    cancel(&copy, &["user", "remove", "ada"], "y\n", "[y/N]");
    agree(&copy, &["user", "remove", "ada"], "y\n", "[y/N]");
    let answer = format!("{name}\n");
    cancel(&copy, &["destroy"], &answer, "to delete all of this:");
    settled();
    agree(&copy, &["destroy"], &answer, "to delete all of this:");
    absent();
}

/// Types the answer before the question, and ends the input after it.
fn cancel(copy: &WorkingCopy, command: &[&str], answer: &str, question: &str) {
    let terminal = Terminal::open();
    terminal.type_in(answer);
    let mut child = terminal.start(copy.command(command));
    terminal.wait_for(question);
    assert_waits(&mut child, &terminal);
    terminal.type_in("\u{4}");
    assert_eq!(child.wait().unwrap().code(), Some(1), "{command:?}: {}", terminal.screen());
    terminal.wait_for("\r\nCancelled. Nothing was changed.\r\n");
    assert!(!terminal.screen().contains("error:"), "{command:?}: {}", terminal.screen());
}

/// Types the answer before the question and again after it.
fn agree(copy: &WorkingCopy, command: &[&str], answer: &str, question: &str) {
    let terminal = Terminal::open();
    terminal.type_in(answer);
    let mut child = terminal.start(copy.command(command));
    terminal.wait_for(question);
    assert_waits(&mut child, &terminal);
    terminal.type_in(answer);
    assert_eq!(child.wait().unwrap().code(), Some(0), "{command:?}: {}", terminal.screen());
}
