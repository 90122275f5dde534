//! Parses a template's text into pieces.

use super::syntax::{Expression, Piece, Target, TemplateError, Value};

/// The deepest nesting; real templates have less than half of it.
const MOST_NESTED: usize = 32;

/// Parses a whole template.
pub(super) fn template(text: &str) -> Result<Vec<Piece>, TemplateError> {
    let mut parser = Parser { rest: text, depth: 0 };
    let (pieces, ended_by) = parser.block()?;
    match ended_by {
        None => Ok(pieces),
        Some(directive) => Err(TemplateError(format!("#{directive} without #if"))),
    }
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Parser<'a> {
    /// Parses up to the directive that ends a block; returns the pieces and that directive.
    fn block(&mut self) -> Result<(Vec<Piece>, Option<&'a str>), TemplateError> {
        let mut pieces = Vec::new();
        loop {
            let text = self.take_until(|it| it == '#' || it == '$');
            if !text.is_empty() {
                pieces.push(Piece::Text(text.to_owned()));
            }
            if self.rest.is_empty() {
                return Ok((pieces, None));
            }
            if self.rest.starts_with('$') {
                pieces.push(self.shown()?);
            } else if self.skip("##") {
                self.take_until(|it| it == '\n');
                self.skip("\n");
            } else if self.skip("#*") {
                let end = self
                    .rest
                    .find("*#")
                    .ok_or_else(|| TemplateError("a comment without an end".to_owned()))?;
                self.rest = &self.rest[end + 2..];
            } else {
                let before = self.rest;
                match self.directive() {
                    "set" => pieces.push(self.set()?),
                    "if" => pieces.push(self.deeper(Parser::condition)?),
                    ended_by @ ("elseif" | "else" | "end") => return Ok((pieces, Some(ended_by))),
                    name if !name.starts_with(|it: char| it.is_ascii_alphabetic()) => {
                        self.rest = &before[1..];
                        pieces.push(Piece::Text("#".to_owned()));
                    }
                    other => return Err(TemplateError(format!("#{other} is not known here"))),
                }
            }
        }
    }

    /// `#name` or `#{name}`.
    fn directive(&mut self) -> &'a str {
        self.skip("#");
        if self.skip("{") {
            let name = self.name();
            self.skip("}");
            return name;
        }
        // `#elsetext` is `#else` and text; `#if` and the like are followed by a parenthesis.
        for name in ["elseif", "else", "end"] {
            if self.skip(name) {
                return name;
            }
        }
        self.name()
    }

    fn set(&mut self) -> Result<Piece, TemplateError> {
        self.expect("(")?;
        let target = self.target()?;
        self.expect("=")?;
        let value = self.expression()?;
        self.expect(")")?;
        Ok(Piece::Set(target, value))
    }

    fn target(&mut self) -> Result<Target, TemplateError> {
        self.expect("$")?;
        if !self.rest.starts_with("context.") {
            return Ok(Target::Variable(self.required_name()?.to_owned()));
        }
        self.expect("context.responseOverride.")?;
        if self.skip("status") {
            return Ok(Target::Status);
        }
        self.expect("header")?;
        Ok(Target::Header(if self.skip(".") {
            self.required_name()?.to_owned()
        } else {
            self.expect("[")?;
            let name = self.quoted()?.to_owned();
            self.expect("]")?;
            name
        }))
    }

    fn condition(&mut self) -> Result<Piece, TemplateError> {
        let mut branches = Vec::new();
        let mut directive = "elseif";
        while directive == "elseif" {
            self.expect("(")?;
            let condition = self.expression()?;
            self.expect(")")?;
            let (block, ended_by) = self.block()?;
            branches.push((condition, block));
            directive = ended_by.ok_or_else(|| TemplateError("#if without #end".to_owned()))?;
        }
        let mut otherwise = Vec::new();
        if directive == "else" {
            let (block, ended_by) = self.block()?;
            if ended_by != Some("end") {
                return Err(TemplateError("#else without #end".to_owned()));
            }
            otherwise = block;
        }
        Ok(Piece::If(branches, otherwise))
    }

    /// A reference in text; a dollar that begins none is a dollar.
    fn shown(&mut self) -> Result<Piece, TemplateError> {
        let before = self.rest;
        self.rest = &self.rest[1..];
        self.skip("!");
        let braced = self.skip("{");
        if !self.rest.starts_with(|it: char| it.is_ascii_alphabetic()) {
            self.rest = &before[1..];
            return Ok(Piece::Text("$".to_owned()));
        }
        let expression = self.reference()?;
        if braced {
            self.expect("}")?;
        }
        Ok(Piece::Shown(expression, before[..before.len() - self.rest.len()].to_owned()))
    }

    fn expression(&mut self) -> Result<Expression, TemplateError> {
        let mut all = vec![self.conjunction()?];
        while self.operator("||") {
            all.push(self.conjunction()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Expression::Any(all) })
    }

    fn conjunction(&mut self) -> Result<Expression, TemplateError> {
        let mut all = vec![self.comparison()?];
        while self.operator("&&") {
            all.push(self.comparison()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Expression::All(all) })
    }

    fn comparison(&mut self) -> Result<Expression, TemplateError> {
        let left = self.operand()?;
        if self.operator("==") {
            Ok(Expression::Equal(Box::new(left), Box::new(self.operand()?)))
        } else if self.operator("!=") {
            let equal = Expression::Equal(Box::new(left), Box::new(self.operand()?));
            Ok(Expression::Not(Box::new(equal)))
        } else {
            Ok(left)
        }
    }

    fn operand(&mut self) -> Result<Expression, TemplateError> {
        self.deeper(Parser::value)
    }

    fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, TemplateError>,
    ) -> Result<T, TemplateError> {
        if self.depth == MOST_NESTED {
            return Err(TemplateError("nested too deeply".to_owned()));
        }
        self.depth += 1;
        let read = read(self)?;
        self.depth -= 1;
        Ok(read)
    }

    fn value(&mut self) -> Result<Expression, TemplateError> {
        self.space();
        if self.skip("!") {
            return Ok(Expression::Not(Box::new(self.operand()?)));
        }
        if self.skip("(") {
            let inner = self.expression()?;
            self.expect(")")?;
            return Ok(inner);
        }
        if self.skip("[") {
            let mut all = Vec::new();
            while !self.operator("]") {
                all.push(self.expression()?);
                if !self.operator(",") {
                    self.expect("]")?;
                    break;
                }
            }
            return Ok(Expression::List(all));
        }
        if self.rest.starts_with('\'') {
            return Ok(Expression::Literal(Value::Text(self.quoted()?.to_owned())));
        }
        if self.rest.starts_with('"') {
            let pieces = template(self.quoted()?)?;
            return Ok(Expression::Interpolated(pieces));
        }
        if self.skip("$") {
            self.skip("!");
            let braced = self.skip("{");
            let reference = self.reference()?;
            if braced {
                self.expect("}")?;
            }
            return Ok(reference);
        }
        let word = self.take_until(|it| !it.is_ascii_alphanumeric());
        match word {
            "true" => Ok(Expression::Literal(Value::Bool(true))),
            "false" => Ok(Expression::Literal(Value::Bool(false))),
            _ => word
                .parse()
                .map(|it| Expression::Literal(Value::Number(it)))
                .map_err(|_| TemplateError(format!("no value at `{}`", self.near(word)))),
        }
    }

    /// What stands after the dollar.
    fn reference(&mut self) -> Result<Expression, TemplateError> {
        let name = self.required_name()?;
        let reference = match name {
            "input" => self.input()?,
            "context" | "util" | "stageVariables" => {
                return Err(TemplateError(format!("${name} is not known here")));
            }
            _ => Expression::Variable(name.to_owned()),
        };
        if self.skip(".contains(") {
            let one = self.expression()?;
            self.expect(")")?;
            return Ok(Expression::Contains(Box::new(reference), Box::new(one)));
        }
        Ok(reference)
    }

    fn input(&mut self) -> Result<Expression, TemplateError> {
        self.expect(".params(")?;
        if !self.operator(")") {
            let name = self.expression()?;
            self.expect(")")?;
            return Ok(Expression::Parameter(Box::new(name)));
        }
        self.expect(".")?;
        let place = self.required_name()?.to_owned();
        let member = if self.skip(".get(") {
            let member = self.expression()?;
            self.expect(")")?;
            member
        } else if self.skip("[") {
            let member = self.expression()?;
            self.expect("]")?;
            member
        } else {
            self.expect(".")?;
            Expression::Literal(Value::Text(self.required_name()?.to_owned()))
        };
        Ok(Expression::Among(place, Box::new(member)))
    }

    fn quoted(&mut self) -> Result<&'a str, TemplateError> {
        self.space();
        let Some(quote) = self.rest.chars().next().filter(|it| *it == '"' || *it == '\'') else {
            return Err(TemplateError(format!("no string at `{}`", self.near(""))));
        };
        let inner = &self.rest[1..];
        let end = inner.find(quote).ok_or_else(|| TemplateError("a string without an end".to_owned()))?;
        self.rest = &inner[end + 1..];
        Ok(&inner[..end])
    }

    fn name(&mut self) -> &'a str {
        self.take_until(|it| !it.is_ascii_alphanumeric() && it != '_' && it != '-')
    }

    fn required_name(&mut self) -> Result<&'a str, TemplateError> {
        match self.name() {
            "" => Err(TemplateError(format!("no name at `{}`", self.near("")))),
            name => Ok(name),
        }
    }

    fn operator(&mut self, operator: &str) -> bool {
        self.space();
        self.skip(operator)
    }

    fn expect(&mut self, what: &str) -> Result<(), TemplateError> {
        if self.operator(what) {
            return Ok(());
        }
        Err(TemplateError(format!("no `{what}` at `{}`", self.near(""))))
    }

    fn skip(&mut self, what: &str) -> bool {
        match self.rest.strip_prefix(what) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take_until(&mut self, stop: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(stop).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn near(&self, before: &str) -> String {
        before.chars().chain(self.rest.chars()).take(20).collect()
    }
}
