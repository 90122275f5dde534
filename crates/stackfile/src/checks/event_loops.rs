//! Functions that would call themselves by what they write.

use std::collections::VecDeque;

use stackctl_yaml::{problem::Problem, tree::Node};

use crate::{
    bucket::{
        Bucket,
        events::{Event, On, prefixes_meet},
    },
    grants::Grant,
    read::reader::Reader,
    stack::Stack,
    values::names::{KeyPart, LogicalName},
};

/// An event, and its bucket.
type Call<'a> = (&'a LogicalName, &'a Event);

/// No function may cause the event that it is called by, neither itself nor by the functions that it makes S3 call.
pub(crate) fn check(stack: &Stack, root: &Node, reader: &mut Reader<'_>) {
    let calls: Vec<Call<'_>> = stack.buckets.iter().flat_map(|(name, it)| calls_of(name, it)).collect();
    // A loop is shown once, at the first of its events.
    let mut shown: Vec<Call<'_>> = Vec::new();
    for call in &calls {
        if reader.has_enough() {
            break;
        }
        let Some(steps) = way_back(*call, &calls, stack).filter(|_| !shown.contains(call)) else { continue };
        let (bucket, Event { on, prefix, suffix: _, call: function }) = call;
        let mut way: Vec<String> = steps.iter().map(|(_, it)| format!("`{}`", it.call)).collect();
        way.push(format!("`{function}`"));
        let verb = match on {
            On::Created => "write",
            On::Deleted => "delete",
        };
        let place = match prefix {
            Some(prefix) => format!("below `{prefix}` in"),
            None => "anywhere in".to_owned(),
        };
        let label = match steps.as_slice() {
            [_] => format!("`{function}` may {verb} {place} `{bucket}`, which would call it again"),
            _ => format!("what each may write calls the next: {}", way.join(" → ")),
        };
        let span = root.span_at(&["buckets", bucket.as_str(), "events"]);
        reader.tell(Problem::new(span, "functions that call themselves", label).help(format!(
            "give the event a `prefix` of its own, and `functions.{function}.buckets.{bucket}` another `prefix`: \
             `{{ prefix: thumbnails/, allow: [put] }}`"
        )));
        shown.extend(steps);
    }
}

fn calls_of<'a>(name: &'a LogicalName, bucket: &'a Bucket) -> impl Iterator<Item = Call<'a>> {
    bucket.events.iter().map(move |event| (name, event))
}

/// The shortest way from a call back to itself: each call's function may cause the next, and the last the first.
fn way_back<'a>(first: Call<'a>, calls: &[Call<'a>], stack: &Stack) -> Option<Vec<Call<'a>>> {
    let mut reached: Vec<Call<'a>> = Vec::new();
    let mut ways = VecDeque::from([vec![first]]);
    while let Some(way) = ways.pop_front() {
        let Some(last) = way.last() else { continue };
        for next in calls.iter().filter(|next| may_cause(&last.1.call, **next, stack)) {
            if *next == first {
                return Some(way);
            }
            if !reached.contains(next) {
                reached.push(*next);
                ways.push_back([way.as_slice(), &[*next]].concat());
            }
        }
    }
    None
}

/// Whether a function's grants let it cause an event.
fn may_cause(function: &LogicalName, (bucket, event): Call<'_>, stack: &Stack) -> bool {
    let Some(grants) = stack.functions.get(function).and_then(|it| it.buckets.get(bucket)) else {
        return false;
    };
    let causes = |grant: &Grant| match (grant, event.on) {
        (Grant::Put | Grant::Multipart, On::Created) | (Grant::Delete, On::Deleted) => true,
        (Grant::Put | Grant::Multipart, On::Deleted) | (Grant::Delete, On::Created) => false,
        (Grant::Get | Grant::List, On::Created | On::Deleted) => false,
    };
    let writes_below = grants.prefix.as_ref().map_or("", |it| it.as_str());
    let called_below = event.prefix.as_ref().map_or("", KeyPart::as_str);
    grants.allow.iter().any(causes) && prefixes_meet(writes_below, called_below)
}
