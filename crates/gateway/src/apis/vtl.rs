//! The part of API Gateway's template language that a preflight with several origins needs.
//!
//! Any other construct is an error, as a mistake in a template is on AWS.

use std::{cell::Cell, collections::BTreeMap};

mod parse;
mod syntax;

use syntax::{Expression, Piece, Target, TemplateError, Value};

/// The largest text that an evaluation may produce: the limit of API Gateway's responses.
const MOST_TEXT: usize = 10 << 20;

/// The parts of the response that a template sets.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Rendered {
    pub body: String,
    /// By name, as the template writes it.
    pub headers: BTreeMap<String, String>,
    pub status: Option<u16>,
}

/// What `$input.params` finds. Names are exact (AGW-40).
#[derive(Debug, Default)]
pub(crate) struct Parameters {
    pub path: BTreeMap<String, String>,
    pub query: BTreeMap<String, String>,
    pub header: BTreeMap<String, String>,
}

/// Evaluates a response template.
pub(crate) fn render(template: &str, parameters: &Parameters) -> Result<Rendered, TemplateError> {
    let template = parse::template(template)?;
    let (variables, room) = (BTreeMap::new(), Cell::new(MOST_TEXT));
    let mut run = Evaluation { parameters, variables, room, rendered: Rendered::default() };
    run.block(&template)?;
    Ok(run.rendered)
}

struct Evaluation<'a> {
    parameters: &'a Parameters,
    variables: BTreeMap<String, Value>,
    /// How much more text the evaluation may produce.
    room: Cell<usize>,
    rendered: Rendered,
}

impl Evaluation<'_> {
    fn made(&self, text: String) -> Result<String, TemplateError> {
        let room = self
            .room
            .get()
            .checked_sub(text.len())
            .ok_or_else(|| TemplateError("too much text".to_owned()))?;
        self.room.set(room);
        Ok(text)
    }

    fn block(&mut self, pieces: &[Piece]) -> Result<(), TemplateError> {
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.rendered.body.push_str(text),
                Piece::Shown(expression, written) => {
                    let text = self.shown(expression, written)?;
                    self.rendered.body.push_str(&text);
                }
                Piece::Set(target, expression) => {
                    let value = self.value(expression)?;
                    self.set(target, value)?;
                }
                Piece::If(branches, otherwise) => {
                    let mut taken = otherwise;
                    for (condition, block) in branches {
                        if self.value(condition)?.is_true() {
                            taken = block;
                            break;
                        }
                    }
                    self.block(taken)?;
                }
            }
        }
        Ok(())
    }

    fn shown(&self, expression: &Expression, written: &str) -> Result<String, TemplateError> {
        Ok(match self.value(expression)? {
            Value::Nothing if written.starts_with("$!") => String::new(),
            Value::Nothing => written.to_owned(),
            value => value.text(),
        })
    }

    fn set(&mut self, target: &Target, value: Value) -> Result<(), TemplateError> {
        match (target, value) {
            // Assigning nothing keeps the former value.
            (_, Value::Nothing) => {}
            (Target::Variable(name), value) => {
                self.variables.insert(name.clone(), value);
            }
            (Target::Header(name), value) => {
                self.rendered.headers.insert(name.clone(), value.text());
            }
            (Target::Status, value) => {
                let status = value.text().parse().ok().filter(|it| (100..600).contains(it));
                self.rendered.status =
                    Some(status.ok_or_else(|| TemplateError(format!("{} is no status", value.text())))?);
            }
        }
        Ok(())
    }

    fn value(&self, expression: &Expression) -> Result<Value, TemplateError> {
        Ok(match expression {
            Expression::Literal(value) => value.clone(),
            Expression::Interpolated(pieces) => Value::Text(self.interpolated(pieces)?),
            Expression::List(all) => {
                Value::List(all.iter().map(|it| self.item(it)).collect::<Result<_, _>>()?)
            }
            Expression::Variable(name) => {
                let value = self.variables.get(name).unwrap_or(&Value::Nothing);
                self.made(value.text())?;
                value.clone()
            }
            Expression::Parameter(name) => {
                let name = self.value(name)?.text();
                let Parameters { path, query, header } = self.parameters;
                let found = path.get(&name).or_else(|| query.get(&name)).or_else(|| header.get(&name));
                Value::Text(self.made(found.cloned().unwrap_or_default())?)
            }
            Expression::Among(place, name) => {
                let name = self.value(name)?.text();
                let place = match place.as_str() {
                    "header" => &self.parameters.header,
                    "querystring" => &self.parameters.query,
                    "path" => &self.parameters.path,
                    other => return Err(TemplateError(format!("$input.params() has no {other}"))),
                };
                match place.get(&name) {
                    Some(found) => Value::Text(self.made(found.clone())?),
                    None => Value::Nothing,
                }
            }
            Expression::Contains(all, one) => match (self.value(all)?, self.value(one)?) {
                (Value::List(all), one) => Value::Bool(all.contains(&one)),
                (Value::Text(all), one) => Value::Bool(all.contains(&one.text())),
                (other, _) => return Err(TemplateError(format!("{} has no contains", other.text()))),
            },
            Expression::Equal(left, right) => Value::Bool(self.value(left)? == self.value(right)?),
            Expression::Not(it) => Value::Bool(!self.value(it)?.is_true()),
            Expression::All(all) => {
                for one in all {
                    if !self.value(one)?.is_true() {
                        return Ok(Value::Bool(false));
                    }
                }
                Value::Bool(true)
            }
            Expression::Any(all) => {
                for one in all {
                    if self.value(one)?.is_true() {
                        return Ok(Value::Bool(true));
                    }
                }
                Value::Bool(false)
            }
        })
    }

    fn item(&self, expression: &Expression) -> Result<Value, TemplateError> {
        match self.value(expression)? {
            Value::List(_) => Err(TemplateError("a list within a list".to_owned())),
            item @ (Value::Nothing | Value::Bool(_) | Value::Number(_) | Value::Text(_)) => Ok(item),
        }
    }

    fn interpolated(&self, pieces: &[Piece]) -> Result<String, TemplateError> {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(it) => text.push_str(it),
                Piece::Shown(expression, written) => text.push_str(&self.shown(expression, written)?),
                Piece::Set(..) | Piece::If(..) => {
                    return Err(TemplateError("a directive within a string".to_owned()));
                }
            }
        }
        self.made(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(origin: Option<&str>) -> Parameters {
        let header = origin.map(|it| ("origin".to_owned(), it.to_owned())).into_iter().collect();
        Parameters { header, ..Parameters::default() }
    }

    fn allowed(template: &str, origin: Option<&str>) -> Option<String> {
        let rendered = render(template, &parameters(origin)).unwrap();
        rendered.headers.get("Access-Control-Allow-Origin").cloned()
    }

    #[test]
    fn names_the_callers_origin_when_it_is_in_the_list() {
        let templates = [
            r##"#set($origin = $input.params("Origin"))
#if($origin == "")#set($origin = $input.params('origin'))#end
#if($origin == "http://a.example" || $origin == "http://b.example")
#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)
#end"##,
            r##"#set($origin = $input.params().header.get("Origin"))#if(!$origin)#set($origin = $input.params().header.get("origin"))#end
#if($origin == "http://a.example")#set($context.responseOverride.header["Access-Control-Allow-Origin"] = "http://a.example")
#elseif($origin == "http://b.example")#set($context.responseOverride.header['Access-Control-Allow-Origin'] = 'http://b.example')
#else#set($ignored = 1)#end"##,
            r##"#set($allowed = ["http://a.example", "http://b.example"])#set( $origin = "$!input.params().header.origin" )
#if( $allowed.contains($origin) && $origin != "" )#set($context.responseOverride.header['Access-Control-Allow-Origin'] = "${origin}")#{end}"##,
        ];
        for template in templates {
            assert_eq!(
                allowed(template, Some("http://a.example")).as_deref(),
                Some("http://a.example"),
                "{template}"
            );
            assert_eq!(
                allowed(template, Some("http://b.example")).as_deref(),
                Some("http://b.example"),
                "{template}"
            );
            assert_eq!(allowed(template, Some("http://c.example")), None, "{template}");
            assert_eq!(allowed(template, None), None, "{template}");
        }
    }

    #[test]
    fn header_names_are_exact() {
        let template = "$input.params('Origin')|$input.params('origin')|$input.params().header.get('Origin')";
        let rendered = render(template, &parameters(Some("x"))).unwrap();
        assert_eq!(rendered.body, "|x|$input.params().header.get('Origin')");
    }

    #[test]
    fn status_text_and_comments() {
        let rendered = render(
            "## a comment\n{\"a\": 1}#set($context.responseOverride.status = 204)#* gone *# $5 #1",
            &parameters(None),
        )
        .unwrap();
        assert_eq!(rendered.body, "{\"a\": 1} $5 #1");
        assert_eq!(rendered.status, Some(204));
    }

    #[test]
    fn what_it_does_not_know_is_a_fault() {
        for template in [
            "#foreach($x in $y)#end",
            "#if($a",
            "#if($a)x",
            "#set($a = )",
            "#set($context.requestId = 'a')",
            "$util.escapeJavaScript('a')",
            "$input.json('$')",
            "#end",
            "#set($context.responseOverride.status = 'x')",
        ] {
            assert!(render(template, &parameters(None)).is_err(), "{template}");
        }
    }

    #[test]
    fn what_grows_without_an_end_is_a_fault() {
        let deep = |open: &str, close: &str| {
            format!("#set($a = {}1{})", open.repeat(100_000), close.repeat(100_000))
        };
        let doubled =
            |value: &str| format!("#set($a = 'xxxxxxxx'){}", format!("#set($a = {value})").repeat(40));
        for template in [
            deep("!", ""),
            deep("(", ")"),
            deep("[", "]"),
            deep("$input.params(", ")"),
            "#if($a)".repeat(100_000),
            format!("#set($a = [1]){}", "#set($a = [$a])".repeat(100_000)),
            doubled("\"$a$a\""),
            doubled("[$a, $a]"),
        ] {
            assert!(render(&template, &parameters(None)).is_err(), "{}", &template[..40]);
        }
    }

    #[test]
    fn a_long_condition_is_no_deep_one() {
        for (operator, holds) in [(" || ", "yes"), (" && ", "")] {
            let conditions = ["$a", "true"].repeat(50_000).join(operator);
            let rendered = render(&format!("#if({conditions})yes#end"), &parameters(None)).unwrap();
            assert_eq!(rendered.body, holds);
        }
    }
}
