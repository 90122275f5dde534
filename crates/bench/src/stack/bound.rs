//! The least time that a command can take: which requests have to wait for which others, and AWS's own waits.
//!
//! It is written down from the facts in `docs/aws.md` and from what the commands promise, not from what stackctl does:
//! a promise is that nothing is written before everything was seen and the lock is held, that the lock is given back
//! after the last write, and that one read tells whether a stage serves the desired document, also after the stage was
//! moved to another deployment.

use super::command::Command;

/// AWS's own waits, in seconds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Waits {
    /// Until a new role counts (IAM-08).
    pub propagation: f64,
    /// How long a new function is Pending (LAM-31).
    pub pending: f64,
    /// How long an update of a function is in progress (LAM-30).
    pub update: f64,
}

#[derive(Debug, Clone, Copy)]
enum Wait {
    None,
    Propagation,
    Pending,
    Update,
}

/// A request, those it comes after, the wait before it, and why.
#[derive(Debug, Clone, Copy)]
struct Step(&'static str, &'static [&'static str], Wait, &'static str);

/// Everything that stands before.
const ALL: &[&str] = &["*"];

/// The look at a stack that was never applied: names are computed or listed.
const LOOK_AT_NOTHING: &[Step] = &[
    Step("GetCallerIdentity", &[], Wait::None, "X-11"),
    Step("GetRestApis", &[], Wait::None, "ORD-03"),
    Step("ListUserPools", &[], Wait::None, "COG-28"),
    Step("ListBuckets", &[], Wait::None, "X-10"),
    Step("GetRole", &[], Wait::None, "X-10"),
    Step("GetFunction", &[], Wait::None, "X-10"),
    Step("DescribeLogGroups", &[], Wait::None, "X-10"),
];

/// Whether everything is as it should be: ids are random, so they are listed first.
const LOOK: &[Step] = &[
    Step("GetResources", &["GetRestApis"], Wait::None, "X-10"),
    Step("GetAuthorizers", &["GetRestApis"], Wait::None, "X-10"),
    Step("GetGatewayResponses", &["GetRestApis"], Wait::None, "X-10"),
    Step("GetStages", &["GetRestApis"], Wait::None, "X-10"),
    Step("DescribeUserPool", &["ListUserPools"], Wait::None, "COG-28"),
    Step("ListUserPoolClients", &["ListUserPools"], Wait::None, "COG-28"),
    Step("DescribeUserPoolClient", &["ListUserPoolClients"], Wait::None, "COG-28"),
    // The account is part of the name.
    Step("GetBucketTagging", &["GetCallerIdentity"], Wait::None, "X-10"),
    Step("GetRolePolicy", &[], Wait::None, "X-10"),
    Step("GetPolicy", &[], Wait::None, "X-10"),
    Step("ListTagsForResource", &["GetCallerIdentity"], Wait::None, "X-10"),
];

/// The reads of `outputs`: the values for a front end, and the owner of each resource.
const OUTPUTS: &[Step] = &[
    Step("GetCallerIdentity", &[], Wait::None, "X-11"),
    Step("GetRestApis", &[], Wait::None, "ORD-03"),
    Step("ListUserPools", &[], Wait::None, "COG-28"),
    Step("DescribeUserPool", &["ListUserPools"], Wait::None, "COG-28"),
    Step("ListUserPoolClients", &["ListUserPools"], Wait::None, "COG-28"),
    Step("GetBucketTagging", &["GetCallerIdentity"], Wait::None, "X-10"),
];

const LOCK: &[Step] = &[Step("lock", ALL, Wait::None, "SSM-01")];
const UNLOCK: &[Step] = &[Step("unlock", ALL, Wait::None, "SSM-01")];

const MAKE: &[Step] = &[
    Step("CreateBucket", &["lock"], Wait::None, "S3-02"),
    // One setting of a bucket after the other.
    Step("PutBucketPolicy", &["CreateBucket"], Wait::None, "S3-04"),
    Step("PutBucketCors", &["PutBucketPolicy"], Wait::None, "S3-04"),
    Step("CreateRole", &["lock"], Wait::None, "IAM-08"),
    Step("PutRolePolicy", &["CreateRole"], Wait::None, "X-10"),
    Step("CreateLogGroup", &["lock"], Wait::None, "LOG-04"),
    Step("PutRetentionPolicy", &["CreateLogGroup"], Wait::None, "X-10"),
    Step("CreateFunction", &["CreateRole", "CreateLogGroup"], Wait::Propagation, "IAM-08"),
    Step("GetFunction until Active", &["CreateFunction"], Wait::Pending, "LAM-31"),
    Step("CreateUserPool", &["lock"], Wait::None, "X-10"),
    Step("CreateUserPoolClient", &["CreateUserPool"], Wait::None, "X-10"),
    Step("CreateRestApi", &["lock"], Wait::None, "X-10"),
    Step("AddPermission", &["CreateFunction", "CreateRestApi"], Wait::None, "LAM-47"),
    // The authorizer names the pool.
    Step("PutRestApi", &["CreateRestApi", "CreateUserPool"], Wait::None, "X-10"),
    Step("CreateDeployment", &["PutRestApi"], Wait::None, "AGW-60"),
    // CreateDeployment makes a stage without tags, CreateStage one without throttling.
    Step("CreateStage", &["CreateDeployment"], Wait::None, "AGW-61"),
    Step("UpdateStage", &["CreateStage"], Wait::None, "AGW-61"),
];

const SET_CORS: &[Step] = &[Step("PutBucketCors", &["lock"], Wait::None, "S3-20")];

/// CreateDeployment could move the stage in the same request; which deployment that was could be noted at the stage only
/// after it, and the variables would change at another moment than what is deployed.
const CHANGE_API: &[Step] = &[
    Step("PutRestApi", &["lock"], Wait::None, "AGW-10"),
    Step("CreateDeployment", &["PutRestApi"], Wait::None, "AGW-60"),
    Step("UpdateStage", &["CreateDeployment"], Wait::None, "AGW-62"),
];

const CHANGE_CODE: &[Step] = &[
    Step("UpdateFunctionCode", &["lock"], Wait::None, "LAM-34"),
    Step("GetFunction until Successful", &["UpdateFunctionCode"], Wait::Update, "LAM-30"),
];

/// The reads of `destroy`: the owner of each resource, and the data that would be lost. Resources of others are not
/// counted.
const LOOK_TO_DELETE: &[Step] = &[
    Step("DescribeUserPool", &["ListUserPools"], Wait::None, "COG-28"),
    Step("GetBucketTagging", &["GetCallerIdentity"], Wait::None, "X-10"),
    Step("ListRolePolicies", &[], Wait::None, "IAM-03"),
    Step("ListTagsForResource", &["GetCallerIdentity"], Wait::None, "X-10"),
    Step("ListUsers", &["DescribeUserPool"], Wait::None, "X-10"),
    Step("ListObjectVersions", &["GetBucketTagging"], Wait::None, "X-10"),
];

const UNMAKE: &[Step] = &[
    Step("DeleteRestApi", &["lock"], Wait::None, "ORD-01"),
    Step("DeleteFunction", &["lock"], Wait::None, "ORD-01"),
    Step("DeleteLogGroup", &["DeleteFunction"], Wait::None, "LOG-04"),
    Step("DeleteRolePolicy", &["lock"], Wait::None, "ORD-01"),
    Step("DeleteRole", &["DeleteRolePolicy"], Wait::None, "IAM-03"),
    Step("UpdateUserPool", &["lock"], Wait::None, "COG-06"),
    Step("DeleteUserPool", &["UpdateUserPool"], Wait::None, "COG-06"),
    Step("DeleteBucket", &["lock"], Wait::None, "ORD-01"),
];

/// The steps of a command, each after those it waits for.
fn steps(command: Command) -> Vec<Step> {
    let parts: &[&[Step]] = match command {
        Command::FirstApply => &[LOOK_AT_NOTHING, LOCK, MAKE, UNLOCK],
        Command::Nothing | Command::Plan => &[LOOK_AT_NOTHING, LOOK],
        Command::Outputs => &[OUTPUTS],
        Command::Cors => &[LOOK_AT_NOTHING, LOOK, LOCK, SET_CORS, CHANGE_API, UNLOCK],
        Command::Route => &[LOOK_AT_NOTHING, LOOK, LOCK, CHANGE_API, UNLOCK],
        Command::Code => &[LOOK_AT_NOTHING, LOOK, LOCK, CHANGE_CODE, UNLOCK],
        Command::Destroy => &[LOOK_AT_NOTHING, LOOK_TO_DELETE, LOCK, UNMAKE, UNLOCK],
    };
    parts.concat()
}

/// When a step ends, and what came before it on the longest way.
struct End {
    step: Step,
    seconds: f64,
    before: Option<usize>,
}

fn ends(command: Command, delay: f64, waits: Waits) -> Vec<End> {
    let mut ends: Vec<End> = Vec::new();
    for step in steps(command) {
        let Step(_, after, wait, _) = step;
        let is_done = match wait {
            Wait::None | Wait::Propagation => false,
            // The answer to the change said so.
            Wait::Pending => waits.pending == 0.0,
            Wait::Update => waits.update == 0.0,
        };
        if is_done {
            continue;
        }
        let waits_for = |it: &&(usize, &End)| after == ALL || after.contains(&it.1.step.0);
        let all: Vec<(usize, &End)> = ends.iter().enumerate().collect();
        let latest =
            all.iter().filter(waits_for).max_by(|(_, one), (_, other)| one.seconds.total_cmp(&other.seconds));
        let (before, begins) = latest.map_or((None, 0.0), |(index, end)| (Some(*index), end.seconds));
        let takes = match wait {
            Wait::None => delay,
            Wait::Propagation => waits.propagation + delay,
            // The answer tells what is so at its end.
            Wait::Pending => waits.pending.max(delay),
            Wait::Update => waits.update.max(delay),
        };
        ends.push(End { step, seconds: begins + takes, before });
    }
    ends
}

/// Seconds that a command takes at least when each request takes `delay` seconds.
pub fn seconds(command: Command, delay: f64, waits: Waits) -> f64 {
    ends(command, delay, waits).iter().map(|it| it.seconds).fold(0.0, f64::max)
}

/// A longest chain of requests, each with the fact that makes it wait.
pub fn path(command: Command) -> Vec<(&'static str, &'static str)> {
    let ends = ends(command, 1.0, Waits::default());
    let last = (0..ends.len()).max_by(|one, other| ends[*one].seconds.total_cmp(&ends[*other].seconds));
    let mut path: Vec<_> = std::iter::successors(last, |it| ends[*it].before)
        .map(|it| (ends[it].step.0, ends[it].step.3))
        .collect();
    path.reverse();
    path
}

/// The longest chain of requests.
pub fn chain(command: Command) -> usize {
    path(command).len()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::stack::command::COMMANDS;

    #[test]
    fn chains() {
        let all = COMMANDS.map(|it| format!("{}: {}\n", it.name(), chain(it))).concat();
        expect![[r#"
            first apply: 8
            apply, nothing to do: 3
            plan, nothing to do: 3
            outputs: 2
            apply, one CORS origin changed: 8
            apply, one route added: 8
            apply, only the code changed: 6
            destroy: 7
        "#]]
        .assert_eq(&all);
        let waits = Waits { propagation: 8.0, pending: 3.0, update: 1.5 };
        // Look, lock, role, 8 s and function, 3 s, unlock.
        assert!((seconds(Command::FirstApply, 0.1, waits) - 11.5).abs() < 1e-9);
    }

    #[test]
    fn a_step_comes_after_those_it_waits_for_and_says_why() {
        let facts = include_str!("../../../../docs/aws.md");
        for command in COMMANDS {
            let mut seen = vec!["*"];
            for Step(name, after, _, fact) in steps(command) {
                assert!(after.iter().all(|it| seen.contains(it)), "{command:?}: {name}");
                assert!(facts.contains(&format!("| {fact} |")), "{name}: {fact}");
                seen.push(name);
            }
        }
    }
}
