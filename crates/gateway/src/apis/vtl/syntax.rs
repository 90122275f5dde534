//! The syntax tree of a template.

/// A template that AWS would refuse too, or that uses a construct that this evaluator does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the response template cannot be evaluated: {0}")]
pub(crate) struct TemplateError(pub String);

/// One piece of a template.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Piece {
    Text(String),
    /// A reference, with its source text, which is the output when the reference has no value.
    Shown(Expression, String),
    Set(Target, Expression),
    If(Vec<(Expression, Vec<Piece>)>, Vec<Piece>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Target {
    Variable(String),
    Header(String),
    Status,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expression {
    Literal(Value),
    /// A string in double quotes, in which references are replaced.
    Interpolated(Vec<Piece>),
    List(Vec<Expression>),
    Variable(String),
    /// `$input.params('x')`.
    Parameter(Box<Expression>),
    /// `$input.params().header`, `.querystring` or `.path`, and one of its members.
    Among(String, Box<Expression>),
    Contains(Box<Expression>, Box<Expression>),
    Equal(Box<Expression>, Box<Expression>),
    Not(Box<Expression>),
    All(Vec<Expression>),
    Any(Vec<Expression>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Nothing,
    Bool(bool),
    Number(i64),
    Text(String),
    List(Vec<Value>),
}

impl Value {
    /// Only nothing and `false` are false: an empty string is true.
    pub(crate) fn is_true(&self) -> bool {
        !matches!(self, Value::Nothing | Value::Bool(false))
    }

    pub(crate) fn text(&self) -> String {
        match self {
            Value::Nothing => String::new(),
            Value::Bool(it) => it.to_string(),
            Value::Number(it) => it.to_string(),
            Value::Text(it) => it.clone(),
            Value::List(all) => {
                format!("[{}]", all.iter().map(Value::text).collect::<Vec<_>>().join(", "))
            }
        }
    }
}
