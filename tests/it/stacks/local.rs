//! The local cloud comes and goes under a stack: brought down and up, killed, interrupted.

use std::process::Command;

use libtest_mimic::Trial;

use crate::{
    harness::{
        cloud::{Cloud, eventually},
        program::{program, said},
        trial::{self, trial},
    },
    stacks::lifecycle::STACK,
};

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![
        trial("local::a_region_that_aws_does_not_have", || {
            let copy = cloud.working_copy("region", STACK);
            let validate = |arguments: &[&str]| {
                let mut command = Command::new(program());
                command.current_dir(&copy.folder).args(["--local", "validate", "--region"]).args(arguments);
                said(command.output().unwrap())
            };
            let (wrong, newer) = (validate(&["eu-wst-1"]), validate(&["eu-west-4"]));
            assert_eq!(wrong.code, 64, "{wrong:?}");
            assert!(wrong.stderr.contains("did you mean `eu-west-1`?"), "{wrong:?}");
            assert_eq!(newer.code, 64, "{newer:?}");
            assert!(newer.stderr.contains("add `--new-region`"), "{newer:?}");
            let accepted = validate(&["eu-west-4", "--new-region"]);
            assert_eq!(accepted.code, 0, "{accepted:?}");
        }),
        trial("local::down_and_up_keeps_everything", || {
            let own = Cloud::start();
            let copy = own.working_copy("kept", STACK);
            copy.apply();
            let outputs = copy.outputs();
            // No other trial uses this cloud, so its log is that of one apply with nothing to do.
            let before = own.requests_so_far();
            copy.apply();
            let requests = own.requests(before);
            assert!(!requests.is_empty());
            assert_eq!(requests.iter().filter(|it| it.write).count(), 0, "{requests:?}");
            own.local("down");
            assert_eq!(copy.run(&["plan"]).code, 1, "no server answers");
            own.local("up");
            copy.assert_settled();
            assert_eq!(copy.outputs(), outputs);
        }),
        trial("local::a_killed_emulator_is_no_loss", || {
            let own = Cloud::start();
            let copy = own.working_copy("crashed", STACK);
            copy.apply();
            let gateway = own.process();
            let children = Command::new("pgrep").args(["-P", &gateway.to_string()]).output().unwrap();
            let emulator = String::from_utf8(children.stdout).unwrap();
            assert!(Command::new("kill").args(["-9", emulator.trim()]).status().unwrap().success());
            eventually("the emulator is back", || copy.run(&["plan"]).code == 0);
            copy.apply();
            copy.assert_settled();
        }),
        trial("local::a_trial_that_fails_leaves_no_cloud", || {
            let own = Cloud::start();
            let health = format!("{}/_stackctl/health", own.url);
            assert!(own.is_healthy());
            assert!(trial::panics(|| {
                let _own = own;
                panic!("as a trial that fails");
            }));
            assert!(ureq::get(health).call().is_err());
        }),
        trial("local::an_interrupted_apply_is_carried_on", move || {
            for milliseconds in [0, 30, 60, 90, 150, 300] {
                let copy = cloud.working_copy("stopped", STACK);
                let mut command = copy.command(&["apply", "--yes"]);
                command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
                let child = command.spawn().unwrap();
                std::thread::sleep(std::time::Duration::from_millis(100 + milliseconds));
                // It may have ended already.
                let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
                let ended = said(child.wait_with_output().unwrap());
                // On a busy machine the signal comes before stackctl listens to it, and before it has done anything.
                let had_begun = !(ended.stdout.is_empty() && ended.stderr.is_empty());
                assert!([0, 1].contains(&ended.code) || ended.code == -1 && !had_begun, "{ended:?}");
                copy.apply();
                copy.assert_settled();
                copy.succeed(&["destroy", "--yes"]);
            }
        }),
    ]
}
