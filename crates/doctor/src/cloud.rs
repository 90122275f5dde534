//! The checks of AWS: credentials, clock, permissions, lock.

use std::time::{Duration, SystemTime};

use stackctl_aws_client::{
    answer_date::AnswerDate,
    clients::{Aws, Clients, Reach},
    lock::{Holder, holder},
    request::error::AwsError,
};
use stackctl_engine::Fault;
use stackctl_permissions::{
    Purpose,
    simulation::{Simulated, simulate},
};
use stackctl_stackfile::stack::Stack;
use tokio::time::timeout;

use crate::finding::Finding;

/// The longest that a part may take.
const BOUND: Duration = Duration::from_secs(10);
/// AWS refuses signatures that are five minutes old.
const REFUSED_SKEW: u64 = 300;
const LARGE_SKEW: u64 = 30;
const SOON: Duration = Duration::from_secs(15 * 60);

/// The findings. What needs an account is left out when there is none.
pub async fn findings(stack: &Stack, has_file: bool, reach: &Reach) -> Vec<Finding> {
    let region = match stack.region.doubt() {
        Some(doubt) => {
            Finding::doubt("region", doubt, "check the spelling; if AWS has this region, add `--new-region`")
        }
        None => Finding::good("region", stack.region.to_string()),
    };
    let clients = match timeout(BOUND, Clients::new(stack, reach)).await {
        Ok(Ok(clients)) => clients,
        Ok(Err(none)) => return vec![Finding::bad("credentials", none.why, none.cure), region],
        Err(_) => return vec![silent("credentials", "the credentials took"), region],
    };
    let answered = AnswerDate::default();
    let asked = timeout(BOUND, clients.who(stack, reach, &answered)).await;
    let clock = clock(answered.get(), SystemTime::now());
    let (account, arn) = match asked {
        Ok(Ok(who)) => who,
        Ok(Err(error)) => return vec![failed("credentials", &error), region, clock],
        Err(_) => return vec![silent("credentials", "AWS's answer took"), region, clock],
    };
    let credentials = credentials(&arn, &account.id, clients.expires, SystemTime::now());
    let aws = Aws { clients, account };
    if !has_file {
        return vec![credentials, region, clock];
    }
    let simulating = timeout(BOUND, simulate(Purpose::Apply, stack, &arn, &aws));
    let (simulated, held) = tokio::join!(simulating, timeout(BOUND, holder(&aws)));
    let permissions = match simulated {
        Ok(simulated) => permissions(simulated),
        Err(_) => silent("permissions", "the simulation took"),
    };
    let lock = match held {
        Ok(held) => lock(held),
        Err(_) => silent("lock", "AWS's answer took"),
    };
    vec![credentials, region, clock, permissions, lock]
}

fn silent(id: &'static str, what: &str) -> Finding {
    let what = format!("{what} longer than {} s", BOUND.as_secs());
    let cure = "check the connection, a proxy, and --endpoint-url";
    if id == "credentials" { Finding::bad(id, what, cure) } else { Finding::doubt(id, what, cure) }
}

fn failed(id: &'static str, error: &AwsError) -> Finding {
    let cure = error.hint().unwrap_or_else(|| "check the connection and the credentials".to_owned());
    Finding::bad(id, error.to_string(), cure)
}

/// Whose credentials they are, and when they expire.
fn credentials(arn: &str, account: &str, expires: Option<SystemTime>, now: SystemTime) -> Finding {
    const ID: &str = "credentials";
    let whose = format!("account {account}, {arn}");
    let left = expires.map(|it| it.duration_since(now).unwrap_or_default());
    match left {
        _ if arn.ends_with(":root") && expires.is_none() && account != "000000000000" => Finding::doubt(
            ID,
            format!("{whose}: the root user, who can't be limited"),
            "use a role or a user of IAM, with the policy that `stackctl policy` prints",
        ),
        None => Finding::good(ID, whose),
        Some(left) if left < SOON => Finding::doubt(
            ID,
            format!("{whose}; they expire in {} minutes", left.as_secs() / 60),
            "sign in again before a long run",
        ),
        Some(left) => {
            let minutes = left.as_secs() / 60;
            let left =
                if minutes < 120 { format!("{minutes} minutes") } else { format!("{} hours", minutes / 60) };
            Finding::good(ID, format!("{whose}; they expire in {left}"))
        }
    }
}

/// How far this machine's clock is from AWS's, by the date of an answer.
fn clock(answered: Option<SystemTime>, now: SystemTime) -> Finding {
    const ID: &str = "clock";
    let Some(answered) = answered else {
        let cure = "see that AWS answers, then check again";
        return Finding::doubt(ID, "not compared, because AWS did not answer", cure);
    };
    let (skew, word) = match now.duration_since(answered) {
        Ok(ahead) => (ahead.as_secs(), "ahead of"),
        Err(behind) => (behind.duration().as_secs(), "behind"),
    };
    let what = format!("{skew} s {word} AWS's");
    match skew {
        // The date has whole seconds, and the answer took a moment.
        0..=2 => Finding::good(ID, "agrees with AWS's"),
        3..=LARGE_SKEW => Finding::good(ID, what),
        _ if skew < REFUSED_SKEW => {
            Finding::doubt(ID, what, "set this machine's clock; AWS allows five minutes")
        }
        _ => {
            Finding::bad(ID, what, "set this machine's clock: AWS refuses requests that are five minutes off")
        }
    }
}

/// The permissions that are missing for apply.
fn permissions(simulated: Result<Simulated, AwsError>) -> Finding {
    const ID: &str = "permissions";
    let cure = "`stackctl policy` prints all that apply needs";
    match simulated {
        Ok(Simulated::Root) => Finding::good(ID, "all: the root user"),
        Ok(Simulated::Missing(missing)) if missing.is_empty() => Finding::good(ID, "all that apply needs"),
        Ok(Simulated::Missing(missing)) => {
            let few: Vec<&str> = missing.iter().copied().take(5).collect();
            let more = match missing.len() - few.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let what = format!("by IAM's simulation, apply may lack {}{more}", few.join(", "));
            Finding::doubt(ID, what, format!("{cure}; to plan needs less"))
        }
        Ok(Simulated::Unknown) => {
            Finding::doubt(ID, "can't be checked: IAM simulates users and roles alone", cure)
        }
        Err(error) if error.code().starts_with("AccessDenied") => Finding::doubt(
            ID,
            "can't be checked: the credentials in use may not do iam:SimulatePrincipalPolicy",
            cure,
        ),
        Err(error) => Finding::doubt(ID, format!("can't be checked: {error}"), cure),
    }
}

fn lock(held: Result<Option<Holder>, AwsError>) -> Finding {
    const ID: &str = "lock";
    match held {
        Ok(None) => Finding::good(ID, "free"),
        Ok(Some(Holder { by, since })) => Finding::doubt(
            ID,
            format!("held by {by} since {since}"),
            "wait for that run; a lock lapses a minute after its run has ended",
        ),
        Err(error) => {
            let cure = error.hint().unwrap_or_else(|| "check again later".to_owned());
            Finding::doubt(ID, format!("can't be read: {error}"), cure)
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(findings: &[Finding], expected: Expect) {
        let lines = findings.iter().map(|Finding { id, verdict, what, cure }| {
            let cure = cure.as_ref().map(|it| format!("\n  {it}")).unwrap_or_default();
            format!("{verdict:?} {id}: {what}{cure}\n")
        });
        expected.assert_eq(&lines.collect::<String>());
    }

    #[test]
    fn clocks() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        let off = |seconds: u64| Duration::from_secs(seconds);
        let all = [
            clock(None, now),
            clock(Some(now), now + off(1)),
            clock(Some(now), now - off(10)),
            clock(Some(now), now + off(200)),
            clock(Some(now), now - off(301)),
        ];
        check(
            &all,
            expect![[r#"
            Doubt clock: not compared, because AWS did not answer
              see that AWS answers, then check again
            Good clock: agrees with AWS's
            Good clock: 10 s behind AWS's
            Doubt clock: 200 s ahead of AWS's
              set this machine's clock; AWS allows five minutes
            Bad clock: 301 s behind AWS's
              set this machine's clock: AWS refuses requests that are five minutes off
        "#]],
        );
    }

    #[test]
    fn whose_credentials() {
        let now = SystemTime::UNIX_EPOCH;
        let (id, arn) = ("123456789012", "arn:aws:iam::123456789012:user/ada");
        let in_minutes = |minutes: u64| Some(now + Duration::from_secs(60 * minutes));
        let all = [
            credentials(arn, id, None, now),
            credentials(arn, id, in_minutes(10), now),
            credentials(arn, id, in_minutes(60), now),
            credentials(arn, id, in_minutes(600), now),
            credentials("arn:aws:iam::123456789012:root", id, None, now),
        ];
        check(
            &all,
            expect![[r#"
            Good credentials: account 123456789012, arn:aws:iam::123456789012:user/ada
            Doubt credentials: account 123456789012, arn:aws:iam::123456789012:user/ada; they expire in 10 minutes
              sign in again before a long run
            Good credentials: account 123456789012, arn:aws:iam::123456789012:user/ada; they expire in 60 minutes
            Good credentials: account 123456789012, arn:aws:iam::123456789012:user/ada; they expire in 10 hours
            Doubt credentials: account 123456789012, arn:aws:iam::123456789012:root: the root user, who can't be limited
              use a role or a user of IAM, with the policy that `stackctl policy` prints
        "#]],
        );
    }

    #[test]
    fn missing_permissions() {
        let missing = |names: &[&'static str]| Ok(Simulated::Missing(names.iter().copied().collect()));
        let many = ["a:A", "b:B", "c:C", "d:D", "e:E", "f:F", "g:G"];
        let all = [missing(&[]), missing(&many), Ok(Simulated::Root), Ok(Simulated::Unknown)];
        check(
            &all.map(permissions),
            expect![[r#"
            Good permissions: all that apply needs
            Doubt permissions: by IAM's simulation, apply may lack a:A, b:B, c:C, d:D, e:E and 2 more
              `stackctl policy` prints all that apply needs; to plan needs less
            Good permissions: all: the root user
            Doubt permissions: can't be checked: IAM simulates users and roles alone
              `stackctl policy` prints all that apply needs
        "#]],
        );
    }

    #[test]
    fn locks() {
        let holder = Holder { by: "ada@laptop".to_owned(), since: "2026-11-30T14:30:00Z".to_owned() };
        check(
            &[lock(Ok(None)), lock(Ok(Some(holder)))],
            expect![[r#"
            Good lock: free
            Doubt lock: held by ada@laptop since 2026-11-30T14:30:00Z
              wait for that run; a lock lapses a minute after its run has ended
        "#]],
        );
    }
}
