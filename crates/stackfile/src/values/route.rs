//! A route of an API: a method and a path.

use std::{fmt, str::FromStr};

use serde_json::{Value as Json, json};

use crate::read::{
    choice::choice,
    scalar::{Invalid, Scalar, from_text},
};

/// A method and a path, as in `POST /uploads/{key+}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// The path; begins with `/`.
    pub path: String,
    /// The method.
    pub method: Method,
}

impl fmt::Display for Route {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.method, self.path)
    }
}

choice! {
    "a method";
    /// A method of a route. OPTIONS is not among them: CORS answers it.
    pub enum Method {
        /// `GET`
        Get = "GET",
        /// `HEAD`
        Head = "HEAD",
        /// `POST`
        Post = "POST",
        /// `PUT`
        Put = "PUT",
        /// `PATCH`
        Patch = "PATCH",
        /// `DELETE`
        Delete = "DELETE",
    }
}

/// `/a/` is `/a`: API Gateway does not tell them apart.
impl FromStr for Route {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Route, Invalid> {
        const HELP: &str = "write a method, a space and a path: `GET /`, `POST /uploads/{key+}`";
        let Some((method, path)) = text.split_once(' ') else {
            let (why, fix) = match text.parse::<Method>() {
                Ok(method) => ("the path is missing", format!("write `{method} /`")),
                Err(_) if text.starts_with('/') => ("the method is missing", format!("write `GET {text}`")),
                Err(_) => ("a method and a path are wanted", HELP.to_owned()),
            };
            return Err(Route::invalid(why).fix(fix));
        };
        let path = path.trim_start_matches(' ');
        let method = read_method(method, path)?;
        let Some(relative) = path.strip_prefix('/') else {
            return Err(Route::invalid("a path must begin with `/`").fix(format!("write `{method} /{path}`")));
        };
        if relative.is_empty() {
            return Ok(Route { path: path.to_owned(), method });
        }
        let relative = relative.strip_suffix('/').unwrap_or(relative);
        check_segments(relative)?;
        Ok(Route { path: format!("/{relative}"), method })
    }
}

fn read_method(method: &str, path: &str) -> Result<Method, Invalid> {
    let upper = method.to_ascii_uppercase();
    match (upper.as_str(), method.parse::<Method>()) {
        (_, Ok(method)) => Ok(method),
        ("OPTIONS", _) => Err(Route::invalid("`cors` answers OPTIONS")
            .fix("take the route away, and name the pages under `cors`")),
        ("ANY" | "*" | "ALL", _) => {
            Err(Route::invalid("no route takes every method").fix("write one route for each method"))
        }
        ("FETCH" | "READ", _) => Err(unknown_method().fix(format!("write `GET {path}`"))),
        ("CREATE" | "ADD", _) => Err(unknown_method().fix(format!("write `POST {path}`"))),
        ("UPDATE" | "REPLACE", _) => {
            Err(unknown_method().fix(format!("write `PUT {path}` or `PATCH {path}`")))
        }
        ("REMOVE", _) => Err(unknown_method().fix(format!("write `DELETE {path}`"))),
        (_, Err(Invalid { fix, .. })) => Err(match upper.parse::<Method>() {
            Ok(upper) => Route::invalid("methods are upper case").fix(format!("write `{upper} {path}`")),
            Err(_) => Invalid { fix, ..unknown_method() },
        }),
    }
}

fn unknown_method() -> Invalid {
    Route::invalid("no such method is known here")
}

/// AGW-40
fn check_segments(relative: &str) -> Result<(), Invalid> {
    let mut parameters = Vec::new();
    let mut segments = relative.split('/').peekable();
    while let Some(segment) = segments.next() {
        let wrong = |why: &str, fix: &str| Err(Route::invalid(why).fix(fix));
        if segment.is_empty() {
            return wrong("two `/` in a row", "take one of them away");
        }
        if segment == "." || segment == ".." {
            return wrong("browsers take `.` and `..` away", "name the path itself");
        }
        let may = |it: char| it.is_ascii_alphanumeric() || "_.,:-".contains(it);
        let Some(parameter) = segment.strip_prefix('{').and_then(|it| it.strip_suffix('}')) else {
            match segment.chars().find(|it| !may(*it)) {
                Some('{' | '}') => {
                    return wrong(
                        "a parameter must be all there is between two `/`",
                        "write it as a part of its own: `/{name}`",
                    );
                }
                Some(' ') => return wrong("no spaces in a path", "take the space away"),
                Some('*') => return wrong("no `*` in a path", "write `{name+}` for the rest of a path"),
                Some('?' | '#') => {
                    return wrong("a route has no query", "take all from the `?` or `#` on away");
                }
                Some('%') => {
                    return wrong("no `%` in a path", "API Gateway takes letters, digits and `_ . , : -`");
                }
                Some(strange) => {
                    let why = format!("no `{strange}` in a path");
                    return Err(Route::invalid(why).fix("API Gateway takes letters, digits and `_ . , : -`"));
                }
                None => continue,
            }
        };
        let name = parameter.strip_suffix('+').unwrap_or(parameter);
        if parameter.ends_with('+') && segments.peek().is_some() {
            return wrong("`{…+}` takes the rest of the path", "make it the last part, or take the `+` away");
        }
        if name.is_empty() || !name.chars().all(|it| it.is_ascii_alphanumeric() || "_.-".contains(it)) {
            return wrong("a parameter needs a name", "use letters, digits and `_ . -`, such as `{key}`");
        }
        if parameters.contains(&name) {
            return Err(Route::invalid(format!("`{name}` is there twice"))
                .fix("give each parameter a name of its own"));
        }
        parameters.push(name);
    }
    Ok(())
}

impl Scalar for Route {
    const WHAT: &'static str = "a route";

    fn schema() -> Json {
        json!({ "type": "string", "pattern": r"^(GET|HEAD|POST|PUT|PATCH|DELETE) +/[A-Za-z0-9_.,:{}+/-]*$" })
    }
}

from_text!(Route);

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(texts: &[&str], expected: Expect) {
        let read = |text: &&str| match text.parse::<Route>() {
            Ok(route) => format!("{route}\n"),
            Err(error) => format!("{text}: {error}\n"),
        };
        expected.assert_eq(&texts.iter().map(read).collect::<String>());
    }

    #[test]
    fn routes() {
        let texts = ["GET /", "POST /uploads/{key+}", "GET /a/", "DELETE  /a/{b}/c", "PATCH /a.b,c:d-e_f"];
        check(
            &texts,
            expect![[r#"
            GET /
            POST /uploads/{key+}
            GET /a
            DELETE /a/{b}/c
            PATCH /a.b,c:d-e_f
        "#]],
        );
    }

    #[test]
    fn methods() {
        let texts = [
            "get /",
            "OPTIONS /",
            "options /a",
            "ANY /",
            "GTE /",
            "TRACE /",
            "GET",
            "/a",
            "",
            "hello",
            "GET/a",
        ];
        check(
            &texts,
            expect![[r#"
                get /: not a route: methods are upper case; write `GET /`
                OPTIONS /: not a route: `cors` answers OPTIONS; take the route away, and name the pages under `cors`
                options /a: not a route: `cors` answers OPTIONS; take the route away, and name the pages under `cors`
                ANY /: not a route: no route takes every method; write one route for each method
                GTE /: not a route: no such method is known here; did you mean `GET`?
                TRACE /: not a route: no such method is known here; one of: GET, HEAD, POST, PUT, PATCH, DELETE
                GET: not a route: the path is missing; write `GET /`
                /a: not a route: the method is missing; write `GET /a`
                : not a route: a method and a path are wanted; write a method, a space and a path: `GET /`, `POST /uploads/{key+}`
                hello: not a route: a method and a path are wanted; write a method, a space and a path: `GET /`, `POST /uploads/{key+}`
                GET/a: not a route: a method and a path are wanted; write a method, a space and a path: `GET /`, `POST /uploads/{key+}`
            "#]],
        );
    }

    #[test]
    fn paths() {
        let texts = [
            "GET a",
            "GET //",
            "GET /a//b",
            "GET /a/../b",
            "GET /a b",
            "GET /a?x=1",
            "GET /a%20b",
            "GET /*",
            "GET /x{a}",
            "GET /{}",
            "GET /{a b}",
            "GET /{key+}/x",
            "GET /{a}/{a}",
            "GET /é",
        ];
        check(
            &texts,
            expect![[r#"
                GET a: not a route: a path must begin with `/`; write `GET /a`
                GET //: not a route: two `/` in a row; take one of them away
                GET /a//b: not a route: two `/` in a row; take one of them away
                GET /a/../b: not a route: browsers take `.` and `..` away; name the path itself
                GET /a b: not a route: no spaces in a path; take the space away
                GET /a?x=1: not a route: a route has no query; take all from the `?` or `#` on away
                GET /a%20b: not a route: no `%` in a path; API Gateway takes letters, digits and `_ . , : -`
                GET /*: not a route: no `*` in a path; write `{name+}` for the rest of a path
                GET /x{a}: not a route: a parameter must be all there is between two `/`; write it as a part of its own: `/{name}`
                GET /{}: not a route: a parameter needs a name; use letters, digits and `_ . -`, such as `{key}`
                GET /{a b}: not a route: a parameter needs a name; use letters, digits and `_ . -`, such as `{key}`
                GET /{key+}/x: not a route: `{…+}` takes the rest of the path; make it the last part, or take the `+` away
                GET /{a}/{a}: not a route: `a` is there twice; give each parameter a name of its own
                GET /é: not a route: no `é` in a path; API Gateway takes letters, digits and `_ . , : -`
            "#]],
        );
    }
}
