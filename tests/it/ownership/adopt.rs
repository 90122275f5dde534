//! Resources that a person made are adopted, changed by apply, released, and untouched otherwise.

mod lines;
mod made;
mod orphans;
mod page;
mod parts;
mod refusals;
mod rows;
mod seen;
mod system_tags;

use libtest_mimic::Trial;

use self::{
    lines::{event, fields, only_tags, writes},
    rows::{ROWS, Row, begin},
    seen::differences,
};
use crate::{
    access::policy::{Someone, policy},
    harness::{program::plan_in, strict::Strict, trial::trial},
};

pub fn trials() -> Vec<Trial> {
    let of = |row: &'static Row| trial(format!("adopt::{}", row.address), move || life(row));
    let mut all: Vec<Trial> = ROWS.iter().map(of).collect();
    all.push(trial("adopt::refusals", refusals::refusals));
    all.push(trial("adopt::parts", parts::parts));
    all.push(trial("adopt::orphans", orphans::orphans));
    all.push(trial("adopt::system_tags", system_tags::bucket));
    all.push(trial("adopt::the_page", page::the_page));
    all.push(trial("adopt::permissions", permissions));
    all
}

fn life(row: &Row) {
    let cloud = Strict::borrow();
    let (copy, aws, id) = begin(row, &cloud);
    let see = || (row.see)(&aws, &id);
    let before = see();
    let adopt = ["adopt", row.address, &id];

    // Without a terminal it shows what it would do.
    let unasked = copy.run(&adopt);
    assert_eq!(unasked.code, 64, "{unasked:?}");
    assert!(unasked.stderr.contains("no terminal to ask"), "{unasked:?}");
    assert!(unasked.stderr.contains("the same command with --yes"), "{unasked:?}");
    assert!(unasked.stdout.contains("adds these tags and changes nothing else"), "{unasked:?}");
    let others = unasked.stdout.lines().filter(|it| it.starts_with("open: ") && !it.contains(row.address));
    assert_eq!(others.count(), 0, "{unasked:?}");
    assert_eq!(see(), before);

    // Only tags are written, and shown before what apply would change.
    let so_far = cloud.requests_so_far();
    let told = copy.succeed(&[&adopt[..], &["--yes", "--json"]].concat()).stdout;
    assert_eq!(writes(&cloud, so_far), [row.writes[0]]);
    assert_eq!(fields(&event(&told, "forecast")["entries"]), row.forecast, "{told}");
    let adopted = event(&told, "adopted");
    assert_eq!((&adopted["standing"], &adopted["id"]), (&"new".into(), &id.as_str().into()), "{told}");
    assert_eq!(adopted["tags"]["stackctl:adopted"], "true");
    assert_eq!(adopted["tags"]["stackctl:address"], row.address);
    let now = see();
    assert!(only_tags(&before, &now), "{:?}", differences(&before, &now));
    assert!(now["tags"].iter().any(|it| it.contains("stackctl:adopted")));
    let again = copy.succeed(&[&adopt[..], &["--yes"]].concat());
    assert!(again.stdout.contains("is the stack's already"), "{again:?}");

    // The next apply does what was told, the one after it nothing, and destroy keeps it.
    copy.apply();
    assert_eq!(copy.plan(), Vec::<String>::new());
    let applied = see();
    let mut changes = differences(&before, &applied);
    changes.remove("tags");
    assert_eq!(
        changes.keys().collect::<Vec<_>>(),
        row.changed.iter().map(|(it, _)| it).collect::<Vec<_>>(),
        "{changes:?}"
    );
    for (call, lines) in row.changed {
        assert!(lines.iter().all(|it| changes[call].iter().any(|line| line == it)), "{call}: {changes:?}");
    }
    let destroyed = copy.succeed(&["destroy", "--yes", "--json"]).stdout;
    let lines = plan_in(&destroyed);
    let kept =
        format!("{}: stays, since the stack adopted it; `stackctl release {0}` ends that", row.address);
    assert!(lines.contains(&kept), "{lines:?}");
    assert_eq!(see(), applied);

    // Released, it has what it had, and what the file changed.
    let unasked = copy.run(&["release", row.address]);
    assert_eq!(unasked.code, 64, "{unasked:?}");
    let so_far = cloud.requests_so_far();
    let told = copy.succeed(&["release", row.address, "--yes", "--json"]).stdout;
    // A function takes its role and its log group along.
    let along: &[&str] = match row.address {
        "function.resize" => &["iam:UntagRole", "logs:UntagResource"],
        _ => &[],
    };
    assert_eq!(writes(&cloud, so_far), [along, &[row.writes[1]]].concat());
    let released = event(&told, "released");
    assert_eq!((&released["id"], &released["in_file"]), (&id.as_str().into(), &true.into()), "{told}");
    assert_eq!(released["tags"]["stackctl:adopted"], "true");
    let after = see();
    assert_eq!(after["tags"], before["tags"]);
    assert!(only_tags(&applied, &after), "{:?}", differences(&applied, &after));
    let again = copy.run(&["release", row.address, "--yes"]);
    assert_eq!(again.code, 64, "{again:?}");
    assert!(again.stderr.contains(&format!("the stack has no {}", row.address)), "{again:?}");
}

/// The policy of `stackctl policy --for adopt` is enough for each kind, and that of apply reaches nothing of others.
fn permissions() {
    let cloud = Strict::borrow();
    for row in ROWS {
        let (copy, aws, id) = begin(row, &cloud);
        let ada = Someone::new(&copy, &cloud, "ada");
        let run = |arguments: &[&str]| ada.run(&copy, &[arguments, &["--yes"]].concat());
        if ["user_pool.people", "rest_api.main"].contains(&row.address) {
            let before = (row.see)(&aws, &id);
            ada.may(&policy(&copy, "apply"));
            let said = run(&["adopt", row.address, &id]);
            assert_eq!(said.code, 1, "{said:?}");
            assert_eq!((row.see)(&aws, &id), before);
        }
        ada.may(&policy(&copy, "adopt"));
        // The local cloud answers another key than the root's, and keeps no tag of an API that this key sends.
        let releases = row.address != "rest_api.main";
        let commands = [&["adopt", row.address, &id][..], &["release", row.address]];
        for arguments in commands.into_iter().take(if releases { 2 } else { 1 }) {
            let said = run(arguments);
            assert_eq!(said.code, 0, "{arguments:?} {said:?}");
        }
    }
}
