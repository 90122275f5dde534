//! The state of a stack as text: one screen.

use stackctl_aws_data::{desired::failures::PREFIX, failed_call::FailedCall};
use stackctl_formats::rows;
use stackctl_s3::bucket::failures::Failures;
use stackctl_views::{
    outcome::Outcome,
    style::{Ink, Style, visible, width},
};

use crate::{
    status::{ResourceState, Status},
    text::users::moment,
};

/// The text.
pub fn text(status: &Status, style: Style) -> String {
    let Status { target, resources, exposures, outputs, lock, failures } = status;
    let at = target.endpoint.as_ref().map(|it| format!(" at {it}")).unwrap_or_default();
    let head = format!("{} in {}, account {}{at}", target.stack, target.region, target.account);
    let mut text = style.paint(Ink::Strong, &visible(&head)) + "\n\n";
    let column = resources.iter().map(|it| width(&it.address.to_string())).max().unwrap_or_default() + 2;
    for resource in resources {
        let ResourceState { address, changed, outcome, differences } = resource;
        let ink = match outcome {
            None => Ink::Good,
            Some(Outcome::Kept | Outcome::Used) => Ink::Faint,
            Some(Outcome::Created | Outcome::Changed | Outcome::Skipped) => Ink::Change,
            Some(Outcome::Deleted | Outcome::Refused) => Ink::Bad,
        };
        let name = address.to_string();
        let head = format!("{name}{:1$}", "", column - width(&name));
        let word = resource.word();
        let painted = style.paint(ink, word);
        let changed =
            changed.as_ref().map(|it| format!("  changed {}", visible(&moment(it)))).unwrap_or_default();
        // Text that is wrapped has no colours, which would count as characters.
        text += &match differences.is_empty() {
            true => format!("{head}{painted}{}\n", style.paint(Ink::Faint, &changed)),
            false => {
                let body = visible(&(differences.join(", ") + &changed));
                style.beside(&format!("{head}{painted}: "), column + width(word) + 2, &body, None)
            }
        };
    }
    text.push('\n');
    let mut row = |name: &str, value: &str| {
        text += &style.beside(&format!("{name:<column$}"), column, &visible(value), None);
    };
    match status.differing() {
        0 => row("drift", "no"),
        _ if status.is_absent() => row("drift", "nothing exists yet; `stackctl apply` creates it"),
        1 => row("drift", "yes, 1 resource differs; `stackctl plan` shows it"),
        count => row("drift", &format!("yes, {count} resources differ; `stackctl plan` shows them")),
    }
    match exposures {
        0 => {}
        1 => row("open", "1 setting; `stackctl plan` shows it"),
        count => row("open", &format!("{count} settings; `stackctl plan` shows them")),
    }
    match lock {
        Ok(None) => row("lock", "free"),
        Ok(Some(holder)) => row("lock", &format!("held by {} since {}", holder.by, holder.since)),
        Err(why) => row("lock", &format!("unknown: {why}")),
    }
    match failures {
        Ok(None) => {}
        Ok(Some(failures)) => {
            for (place, line) in failed(failures).iter().enumerate() {
                row(if place == 0 { "failed events" } else { "" }, line);
            }
            // A command that is wrapped can't be copied.
            text += &format!("{:column$}{}\n", "", visible(&read_failed(failures)));
        }
        Err(why) => row("failed events", &format!("unknown: {why}")),
    }
    // An address that is wrapped can't be copied.
    for (name, value) in rows(outputs) {
        text += &format!("{name}{:1$}{2}\n", "", column.saturating_sub(width(&name)).max(2), visible(&value));
    }
    text
}

/// The number of failed events, and the oldest ones.
fn failed(Failures { bucket: _, count, more, oldest, first }: &Failures) -> Vec<String> {
    let least = if *more { "more than " } else { "" };
    let mut lines = vec![format!("{least}{count}, the oldest of {}", moment(oldest))];
    lines.extend(first.iter().map(|FailedCall { function, objects, error }| {
        let objects = if objects.is_empty() { "no object".to_owned() } else { objects.join(", ") };
        format!("{function}, {objects}: {error}")
    }));
    lines
}

/// The command that copies the records of failed events into a folder.
fn read_failed(Failures { bucket, .. }: &Failures) -> String {
    format!("to read them: aws s3 cp --recursive s3://{bucket}/{PREFIX} failed-events")
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use stackctl_aws_client::lock::Holder;
    use stackctl_engine::{Plan, Step, plan::Entry};
    use stackctl_formats::samples;

    use super::*;
    use stackctl_views::{samples::address, target::Target};

    fn check(status: &Status, expected: Expect) {
        expected.assert_eq(&text(status, Style { width: Some(80), ..Style::default() }));
    }

    fn status(entries: Vec<Entry>) -> Status {
        let addresses =
            [address("bucket", "uploads"), address("function", "presign"), address("role", "presign")];
        let plan = Plan { entries, ..Plan::default() };
        let changed = [(addresses[1].clone(), "2026-11-30T14:30:00Z".to_owned())].into();
        Status {
            target: Target {
                stack: "photos".to_owned(),
                region: "eu-west-1".to_owned(),
                account: "123456789012".to_owned(),
                endpoint: None,
                open: Vec::new(),
            },
            resources: ResourceState::all(addresses.iter(), &plan, &changed),
            exposures: 0,
            outputs: samples::one_of_each(),
            lock: Ok(None),
            failures: Ok(None),
        }
    }

    fn entry(kind: &'static str, name: &str, step: Step) -> Entry {
        Entry { address: address(kind, name), name: name.to_owned(), steps: vec![step] }
    }

    #[test]
    fn all_is_in_place() {
        check(
            &status(Vec::new()),
            expect![[r#"
                photos in eu-west-1, account 123456789012

                bucket.uploads    in place
                function.presign  in place  changed 2026-11-30 14:30 UTC
                role.presign      in place

                drift             no
                lock              free
                region            eu-west-1
                endpoint          https://abc123.execute-api.eu-west-1.amazonaws.com/production
                  POST /files     https://abc123.execute-api.eu-west-1.amazonaws.com/production/files
                user pool         eu-west-1_AbCdEf
                client            1h57kf5cpq17m0eml12EXAMPLE
                bucket            demo-uploads-000000000000-eu-west-1
            "#]],
        );
    }

    #[test]
    fn what_differs() {
        let memory = Step::update("set the memory", "of").change("memory", None, Some("256".to_owned()));
        let memory = memory.change("timeout", None, Some("3s".to_owned()));
        let deleted = Step::new(stackctl_engine::Verb::Delete);
        let entries = vec![
            entry("bucket", "uploads", Step::create()),
            entry("function", "presign", memory),
            entry("role", "old", deleted),
        ];
        let holder = Holder { by: "ada@laptop".to_owned(), since: "2026-11-30T14:30:00Z".to_owned() };
        check(
            &Status { lock: Ok(Some(holder)), exposures: 2, ..status(entries) },
            expect![[r#"
                photos in eu-west-1, account 123456789012

                bucket.uploads    missing
                function.presign  differs: memory, timeout  changed 2026-11-30 14:30 UTC
                role.presign      in place
                role.old          not in the file

                drift             yes, 3 resources differ; `stackctl plan` shows them
                open              2 settings; `stackctl plan` shows them
                lock              held by ada@laptop since 2026-11-30T14:30:00Z
                region            eu-west-1
                endpoint          https://abc123.execute-api.eu-west-1.amazonaws.com/production
                  POST /files     https://abc123.execute-api.eu-west-1.amazonaws.com/production/files
                user pool         eu-west-1_AbCdEf
                client            1h57kf5cpq17m0eml12EXAMPLE
                bucket            demo-uploads-000000000000-eu-west-1
            "#]],
        );
    }

    #[test]
    fn failed_events() {
        let call = |objects: &[&str], error: &str| FailedCall {
            function: "photos-index".to_owned(),
            objects: objects.iter().map(|it| (*it).to_owned()).collect(),
            error: error.to_owned(),
        };
        let failures = Failures {
            bucket: "photos--failed-123456789012-eu-west-1".to_owned(),
            count: 1000,
            more: true,
            oldest: "2026-11-30T14:30:00Z".to_owned(),
            first: vec![call(&["uploads/a.jpg"], "no image"), call(&[], "EventAgeExceeded")],
        };
        check(
            &Status { failures: Ok(Some(failures)), ..status(Vec::new()) },
            expect![[r#"
                photos in eu-west-1, account 123456789012

                bucket.uploads    in place
                function.presign  in place  changed 2026-11-30 14:30 UTC
                role.presign      in place

                drift             no
                lock              free
                failed events     more than 1000, the oldest of 2026-11-30 14:30 UTC
                                  photos-index, uploads/a.jpg: no image
                                  photos-index, no object: EventAgeExceeded
                                  to read them: aws s3 cp --recursive s3://photos--failed-123456789012-eu-west-1/aws/lambda/async/ failed-events
                region            eu-west-1
                endpoint          https://abc123.execute-api.eu-west-1.amazonaws.com/production
                  POST /files     https://abc123.execute-api.eu-west-1.amazonaws.com/production/files
                user pool         eu-west-1_AbCdEf
                client            1h57kf5cpq17m0eml12EXAMPLE
                bucket            demo-uploads-000000000000-eu-west-1
            "#]],
        );
        check(
            &Status { failures: Err("denied".to_owned()), ..status(Vec::new()) },
            expect![[r#"
            photos in eu-west-1, account 123456789012

            bucket.uploads    in place
            function.presign  in place  changed 2026-11-30 14:30 UTC
            role.presign      in place

            drift             no
            lock              free
            failed events     unknown: denied
            region            eu-west-1
            endpoint          https://abc123.execute-api.eu-west-1.amazonaws.com/production
              POST /files     https://abc123.execute-api.eu-west-1.amazonaws.com/production/files
            user pool         eu-west-1_AbCdEf
            client            1h57kf5cpq17m0eml12EXAMPLE
            bucket            demo-uploads-000000000000-eu-west-1
        "#]],
        );
    }
}
