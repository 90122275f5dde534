//! Several runs at once: one writes at a time, the others say who does and since when, and the result is one.

use std::process::Stdio;

use libtest_mimic::Trial;
use serde_json::json;

use crate::{
    cloud::eventually,
    killed::nothing_twice,
    lifecycle::STACK,
    program::{Said, WorkingCopy, said},
    strict::Strict,
};

pub fn trials() -> Vec<Trial> {
    let applies = [2, 5].map(|count| {
        Trial::test(format!("together::{count}_applies"), move || {
            let (cloud, copy) = begin();
            let runs = at_once(&copy, &vec![["apply", "--yes"].as_slice(); count]);
            assert!(runs.iter().all(|run| run.code == 0), "{runs:#?}");
            assert!(
                runs.iter().any(|run| run.stderr.contains("who holds the lock since 2")),
                "somebody waited, and said for whom: {runs:#?}"
            );
            copy.assert_settled();
            nothing_twice(&cloud, &copy);
            copy.succeed(&["destroy", "--yes"]);
            cloud.assert_nothing_left(&copy);
            Ok(())
        })
    });
    let others = [
        Trial::test("together::the_holder_is_killed", || {
            let (cloud, copy) = begin();
            cloud.faults(json!([{ "on": "s3:CreateBucket", "effect": "hang" }]));
            let mut holder = copy
                .command(&["apply", "--yes"])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            eventually("the holder writes", || cloud.hits() == [1]);
            let waiting =
                copy.command(&["apply", "--yes"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
            std::thread::sleep(std::time::Duration::from_secs(3));
            holder.kill().unwrap();
            holder.wait().unwrap();
            let waited = said(waiting.unwrap().wait_with_output().unwrap());
            assert_eq!(waited.code, 0, "{waited:?}");
            assert!(waited.stderr.contains("who holds the lock since 2"), "{waited:?}");
            copy.assert_settled();
            nothing_twice(&cloud, &copy);
            copy.succeed(&["destroy", "--yes"]);
            cloud.assert_nothing_left(&copy);
            Ok(())
        }),
        Trial::test("together::no_lock_for_nothing", || {
            let (cloud, copy) = begin();
            copy.apply();
            let before = cloud.requests_so_far();
            copy.apply();
            let writes = cloud.requests(before).into_iter().filter(|it| it.write).map(|it| it.operation);
            assert_eq!(writes.collect::<Vec<_>>(), Vec::<String>::new());
            copy.succeed(&["destroy", "--yes"]);
            Ok(())
        }),
    ];
    applies.into_iter().chain(others).collect()
}

/// A cloud in which a run takes long enough that another one meets it.
fn begin() -> (Strict, WorkingCopy) {
    let cloud = Strict::borrow();
    let copy = cloud.working_copy("together", &STACK.replace("package: presign", "package: tiny"));
    cloud.faults(json!([{ "on": "apigateway:PutRestApi", "times": null, "effect": { "delay": 1.5 } }]));
    (cloud, copy.with_tiny_package())
}

/// Runs the program several times at once.
fn at_once(copy: &WorkingCopy, runs: &[&[&str]]) -> Vec<Said> {
    let start = |arguments: &&[&str]| {
        copy.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let children: Vec<_> = runs.iter().map(start).collect();
    children.into_iter().map(|child| said(child.wait_with_output().unwrap())).collect()
}
