//! A struct that the file writes as a map: each field, its default and its doc are declared once.

use serde_json::{Map, Value as Json, json};
use stackctl_yaml::{
    problem::Problem,
    tree::{Node, Value},
};

use crate::read::{
    definitions::Definitions,
    reader::{Read, Reader},
};

/// Declares a struct of the file, how it is read, and its schema.
///
/// A field is `name: Type`, then `as Reader` when another type says how it is read, then `= "text"` when there is
/// a default, as the file would write it. `("key")` after the name is the key when it is not the name. `also` are
/// keys that are read and checked but kept in no field. `later` are fields without a key, which are empty when the map
/// is read. A `group` is a field that is written as several keys of the same
/// map. `check` is called with what was read and where.
macro_rules! record {
    (
        $what:literal;
        $(#[doc = $struct_doc:literal])*
        $(#[derive($($derive:ident),*)])?
        pub struct $name:ident {$(
            $(#[doc = $doc:literal])*
            pub $field:ident $(($key:literal))? : $type:ty $(as $reader:ty)? $(= $default:literal)?,
        )*}
        $(also {$(
            $(#[doc = $also_doc:literal])*
            $also:ident: $also_type:ty,
        )*})?
        $(group {
            $(#[doc = $group_doc:literal])*
            pub $group:ident: $group_type:ty,
        })?
        $(later {$(
            $(#[doc = $later_doc:literal])*
            pub $later:ident: $later_type:ty,
        )*})?
        $(check = $check:expr;)?
    ) => {
        $(#[doc = $struct_doc])*
        #[derive(Debug, Clone, PartialEq, Eq $($(, $derive)*)?)]
        pub struct $name {$(
            $(#[doc = $doc])*
            pub $field: $type,
        )*$(
            $(#[doc = $group_doc])*
            pub $group: $group_type,
        )?$($(
            $(#[doc = $later_doc])*
            pub $later: $later_type,
        )*)?}

        impl $name {
            pub(crate) fn fields() -> Vec<$crate::read::record::Field> {
                let own = [$($crate::read::record::Field {
                    key: $crate::read::record::record!(@key $field $(($key))?),
                    doc: concat!($($doc, "\n"),*),
                    default: $crate::read::record::record!(@default $($default)?),
                    schema: <$crate::read::record::record!(@reader $type $(as $reader)?) as $crate::read::reader::Read>::schema,
                    required: || $crate::read::record::absent::<$crate::read::record::record!(@reader $type $(as $reader)?)>(
                        $crate::read::record::record!(@default $($default)?)
                    ).is_none(),
                },)*
                $($($crate::read::record::Field {
                    key: stringify!($also),
                    doc: concat!($($also_doc, "\n"),*),
                    default: None,
                    schema: <$also_type as $crate::read::reader::Read>::schema,
                    required: || false,
                },)*)?];
                let mut fields = Vec::new();
                $(fields.extend(<$group_type as $crate::read::record::Group>::fields());)?
                fields.extend(own);
                fields
            }
        }

        impl $crate::read::reader::Read for $name {
            type Value = $name;

            fn read(node: &stackctl_yaml::tree::Node, reader: &mut $crate::read::reader::Reader<'_>) -> Option<$name> {
                $crate::read::record::is_map(node, reader, $what, &$name::fields())?;
                $(let $field = $crate::read::record::field::<$crate::read::record::record!(@reader $type $(as $reader)?)>(
                    node,
                    reader,
                    $what,
                    $crate::read::record::record!(@key $field $(($key))?),
                    concat!($($doc, "\n"),*),
                    $crate::read::record::record!(@default $($default)?),
                );)*
                $($(if let Some(entry) = node.entry(stringify!($also)) {
                    <$also_type as $crate::read::reader::Read>::read(&entry.value, reader);
                })*)?
                $(let $group = <$group_type as $crate::read::record::Group>::read(node, reader);)?
                let value = $name { $($field: $field?,)* $($group: $group?,)? $($($later: Default::default(),)*)? };
                $(($check)(&value, node, reader);)?
                Some(value)
            }

            fn absent() -> Option<$name> {
                Some($name {$(
                    $field: $crate::read::record::absent::<$crate::read::record::record!(@reader $type $(as $reader)?)>(
                        $crate::read::record::record!(@default $($default)?)
                    )?,
                )* $(
                    $group: Option::<$group_type>::None?,
                )? $($(
                    $later: Default::default(),
                )*)?})
            }

            fn schema(definitions: &mut $crate::read::definitions::Definitions) -> serde_json::Value {
                definitions.define(stringify!($name), |definitions| {
                    let rules: Option<serde_json::Value> = None$(.or(Some(<$group_type as $crate::read::record::Group>::rules())))?;
                    $crate::read::record::schema(definitions, concat!($($struct_doc, "\n"),*), &$name::fields(), rules)
                })
            }
        }
    };
    (@key $field:ident ($key:literal)) => { $key };
    (@key $field:ident) => { stringify!($field) };
    (@default $default:literal) => { Some($default) };
    (@default) => { None };
    (@reader $type:ty as $reader:ty) => { $reader };
    (@reader $type:ty) => { $type };
}
pub(crate) use record;

/// The properties of a field, without its type.
pub(crate) struct Field {
    pub(crate) key: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) default: Option<&'static str>,
    pub(crate) schema: fn(&mut Definitions) -> Json,
    pub(crate) required: fn() -> bool,
}

/// A value that is written as several keys of a map, none of which is required alone.
pub(crate) trait Group: Sized {
    /// The keys.
    fn fields() -> Vec<Field>;

    /// Reads the value from the map, or tells what is wrong with it.
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self>;

    /// What the schema of the map says of the keys together.
    fn rules() -> Json;
}

/// A map without unknown keys; nothing written is a map with nothing in it.
pub(crate) fn is_map(node: &Node, reader: &mut Reader<'_>, what: &str, fields: &[Field]) -> Option<()> {
    let known: Vec<&str> = fields.iter().map(|it| it.key).collect();
    match &node.value {
        Value::Nothing | Value::Map(_) => {}
        Value::Scalar { .. } | Value::List(_) | Value::Unreadable => {
            let help = format!("{what} is a map with these keys: {}", known.join(", "));
            reader.wrong_kind(node, "a map", Some(&help));
            return None;
        }
    }
    for entry in node.entries().iter().filter(|it| !known.contains(&it.key.as_str())) {
        reader.unknown_key(&entry.key, entry.key_span, what, &known);
    }
    Some(())
}

/// The value of a field: as the file says, or its default.
pub(crate) fn field<R: Read>(
    node: &Node,
    reader: &mut Reader<'_>,
    what: &str,
    key: &str,
    doc: &str,
    default: Option<&str>,
) -> Option<R::Value> {
    if let Some(entry) = node.entry(key) {
        return R::read(&entry.value, reader);
    }
    let absent = absent::<R>(default);
    if absent.is_none() && !reader.is_misspelt(node, key) {
        let problem = Problem::new(node.span, format!("`{key}` is missing"), format!("{what} has to say it"));
        reader.tell(problem.help(format!("add `{key}`: {}", words(doc))));
    }
    absent
}

/// The value of an omitted field; `None` if it is required.
pub(crate) fn absent<R: Read>(default: Option<&str>) -> Option<R::Value> {
    match default {
        Some(text) => R::read(&Node::plain(text), &mut Reader::new(&Default::default())),
        None => R::absent(),
    }
}

/// The schema of the whole map.
pub(crate) fn schema(
    definitions: &mut Definitions,
    doc: &str,
    fields: &[Field],
    rules: Option<Json>,
) -> Json {
    let mut properties = Map::new();
    let mut required: Vec<&str> = Vec::new();
    for Field { key, doc, default, schema, required: is_required } in fields {
        let mut property = schema(definitions);
        property["description"] = words(doc).into();
        if let Some(default) = default {
            // `5s` is a string of the schema, `128` and `true` are not.
            property["default"] = serde_json::from_str(default).unwrap_or_else(|_| (*default).into());
        }
        properties.insert((*key).to_owned(), property);
        if is_required() {
            required.push(key);
        }
    }
    let mut schema = json!({
        "description": words(doc),
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if definitions.is_of_overlay() || (required.is_empty() && rules.is_none()) {
        schema["type"] = json!(["object", "null"]);
        return schema;
    }
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    for (key, rule) in rules.iter().filter_map(Json::as_object).flatten() {
        schema[key] = rule.clone();
    }
    schema
}

/// A doc comment as one line.
fn words(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}
