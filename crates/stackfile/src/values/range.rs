//! Numbers between two others.

use std::marker::PhantomData;

use serde_json::{Value as Json, json};
use stackctl_yaml::{
    problem::Problem,
    tree::{Node, Value},
};

use crate::{
    read::{
        definitions::Definitions,
        reader::{Read, Reader},
    },
    values::units::{Megabytes, Seconds},
};

/// A duration of at least and at most so many seconds.
pub(crate) struct Lasting<const LEAST: u32, const MOST: u32>;

impl<const LEAST: u32, const MOST: u32> Read for Lasting<LEAST, MOST> {
    type Value = Seconds;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Seconds> {
        let value = <Seconds as Read>::read(node, reader)?;
        within(value, Seconds(LEAST), Seconds(MOST), node, reader)
    }

    fn schema(definitions: &mut Definitions) -> Json {
        bounded(<Seconds as Read>::schema(definitions), LEAST, MOST)
    }
}

/// A duration of whole days.
pub(crate) struct Days<const LEAST: u32, const MOST: u32>;

const DAY: u32 = 86_400;

impl<const LEAST: u32, const MOST: u32> Read for Days<LEAST, MOST> {
    type Value = Seconds;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Seconds> {
        let value = <Seconds as Read>::read(node, reader)?;
        if !value.0.is_multiple_of(DAY) {
            let problem = Problem::new(node.span, "not whole days", "it must be in days");
            reader.tell(problem.help("write a whole number of days, such as `7d`"));
            return None;
        }
        within(value, Seconds(LEAST * DAY), Seconds(MOST * DAY), node, reader)
    }

    fn schema(definitions: &mut Definitions) -> Json {
        bounded(<Seconds as Read>::schema(definitions), LEAST * DAY, MOST * DAY)
    }
}

/// A size of at least and at most so many megabytes.
pub(crate) struct Sized<const LEAST: u32, const MOST: u32>;

impl<const LEAST: u32, const MOST: u32> Read for Sized<LEAST, MOST> {
    type Value = Megabytes;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Megabytes> {
        let value = <Megabytes as Read>::read(node, reader)?;
        within(value, Megabytes(LEAST), Megabytes(MOST), node, reader)
    }

    fn schema(definitions: &mut Definitions) -> Json {
        bounded(<Megabytes as Read>::schema(definitions), LEAST, MOST)
    }
}

/// A whole number without a unit.
pub(crate) struct Whole<T, const LEAST: u32, const MOST: u32>(PhantomData<T>);

impl<T: TryFrom<u32>, const LEAST: u32, const MOST: u32> Read for Whole<T, LEAST, MOST> {
    type Value = T;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<T> {
        let text = reader.text(node, "a whole number")?;
        let plain = matches!(node.value, Value::Scalar { plain: true, .. });
        let digits = !text.is_empty() && text.chars().all(|it| it.is_ascii_digit());
        if !plain || !digits {
            let problem =
                Problem::new(node.span, "not a whole number", "digits are wanted, without a unit or quotes");
            reader.tell(problem.help(format!("write a number from {LEAST} to {MOST}")));
            return None;
        }
        let value = within(text.parse().unwrap_or(u32::MAX), LEAST, MOST, node, reader)?;
        T::try_from(value).ok()
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "integer", "minimum": LEAST, "maximum": MOST })
    }
}

fn within<T: PartialOrd + std::fmt::Display>(
    value: T,
    least: T,
    most: T,
    node: &Node,
    reader: &mut Reader<'_>,
) -> Option<T> {
    let (title, help) = if value < least {
        ("too little", format!("write `{least}` or more"))
    } else if value > most {
        ("too much", format!("write `{most}` or less"))
    } else {
        return Some(value);
    };
    reader.tell(Problem::new(node.span, title, format!("it can be {least} to {most}")).help(help));
    None
}

fn bounded(mut schema: Json, least: u32, most: u32) -> Json {
    schema["minimum"] = least.into();
    schema["maximum"] = most.into();
    schema
}
