//! The answers of an API to pages, to requests without a token, to forged tokens, and to a signed-in user.

use std::collections::BTreeMap;

use serde_json::Value;
use stackctl_aws_data::token;
use stackctl_stackfile::{
    api::{Api, Authorizer, Method, Route},
    names::LogicalName,
    origin::Origins,
};

use super::check::{ALLOW_ORIGIN, Bench, Finding, Name, may_read, names};
use crate::{
    http::{HttpAnswer, Request},
    sign_in::Tokens,
};

/// Whose pages are let in nowhere.
pub const FOREIGN: &str = "https://foreign.stackctl.invalid";
/// Some page, where any may come.
const SOME_PAGE: &str = "https://page.stackctl.invalid";

/// An API to be tried.
pub struct Endpoint<'a> {
    /// Where checks are made.
    pub bench: &'a Bench<'a>,
    /// Its address in the stack: `rest_api.uploads`.
    pub address: String,
    /// The API of the file.
    pub api: &'a Api,
    /// The URL of each route.
    pub routes: BTreeMap<Route, String>,
    /// The bucket that GET / is asked for, where it would not choose it by itself.
    pub bucket: Option<&'a LogicalName>,
    /// Whether the function of GET / may put into a bucket.
    pub puts: bool,
    /// Where the logs of each route's function are.
    pub logs: BTreeMap<Route, String>,
}

/// The route that answers with a URL.
pub fn root() -> Route {
    Route { path: "/".to_owned(), method: Method::Get }
}

/// The pages that may come; one of any where all may.
pub fn pages(origins: &Origins) -> Vec<String> {
    match origins {
        Origins::Any => vec![SOME_PAGE.to_owned()],
        Origins::These(all) => all.iter().map(ToString::to_string).collect(),
    }
}

impl Endpoint<'_> {
    fn name(&self, id: &'static str, what: impl Into<String>) -> Name {
        Name { id, of: Some(self.address.clone()), what: what.into() }
    }

    /// The page that requests are sent for.
    pub fn page(&self) -> Option<String> {
        self.api.cors.as_ref().and_then(|cors| pages(&cors.origins).into_iter().next())
    }

    /// Who may ask: preflights.
    pub async fn preflights(&self) {
        let Some(cors) = &self.api.cors else {
            return self.bench.skip(
                self.name("preflight", "pages may call it"),
                "the file lets no page call it: no `cors:`",
            );
        };
        for page in pages(&cors.origins) {
            let name = self.name("preflight", format!("a page of {page} may call {}", self.all()));
            self.bench.check(name, async || self.preflight(&page).await).await;
        }
        let name = self.name("foreign_preflight", "a page of another origin may not");
        if cors.origins == Origins::Any {
            return self.bench.skip(name, "any page may call it: `origins: \"*\"`");
        }
        let look = async || {
            for (route, url) in &self.routes {
                let answer = self.ask_before(&route.method, url, FOREIGN).await?;
                if may_read(&answer, FOREIGN) {
                    let cause = format!("the preflight of {route} lets any page in");
                    return Err(Finding::of(&answer, cause, self.bench.cure()));
                }
            }
            Ok(())
        };
        self.bench.check(name, look).await;
    }

    async fn preflight(&self, page: &str) -> Result<(), Finding> {
        for (route, url) in &self.routes {
            let answer = self.ask_before(&route.method, url, page).await?;
            let cause = if !answer.is_good() {
                format!("{route} has no OPTIONS in what is deployed")
            } else if !may_read(&answer, page) {
                format!("what is deployed does not know the origin {page}")
            } else if !names(answer.header("access-control-allow-methods"), &route.method.to_string()) {
                format!("the preflight of {route} does not allow {}", route.method)
            } else if !names(answer.header("access-control-allow-headers"), "authorization") {
                format!("the preflight of {route} does not allow the header Authorization")
            } else {
                continue;
            };
            return Err(Finding::of(&answer, cause, self.bench.cure()));
        }
        Ok(())
    }

    async fn ask_before(&self, method: &Method, url: &str, page: &str) -> Result<HttpAnswer, Finding> {
        let request = Request::new("OPTIONS", url)
            .header("Origin", page)
            .header("Access-Control-Request-Method", method.to_string())
            .header("Access-Control-Request-Headers", "authorization");
        self.bench.send(request).await
    }

    /// Checks that no route answers without a token.
    pub async fn strangers(&self) {
        let name = self.name("no_token", format!("without a token one gets 401 from {}", self.all()));
        if self.api.authorizer == Authorizer::None {
            return self.bench.skip(name, "anyone may call it: `authorizer: none`");
        }
        let look = async || {
            for (route, url) in &self.routes {
                self.refused(route, self.request(route, url, None)).await?;
            }
            Ok(())
        };
        self.bench.check(name, look).await;
    }

    /// API Gateway's own refusals may be read by pages of any origin (AGW-50), so they hold nothing but a message.
    pub async fn refusals(&self) {
        let what = "what API Gateway refuses by itself tells pages a message and no more";
        let name = self.name("own_refusals", what);
        let Some((route, url)) = self.routes.iter().next() else { return };
        if self.api.authorizer == Authorizer::None {
            return self.bench.skip(name, "it refuses no caller: `authorizer: none`");
        }
        let look = async || {
            let request = Request::new(route.method.to_string(), url).header("Origin", FOREIGN);
            let answer = self.bench.send(request).await?;
            let cause = if answer.header("access-control-allow-credentials").is_some() {
                "the gateway responses let pages send credentials: Access-Control-Allow-Credentials"
            } else if !holds_a_message_alone(&answer) {
                "the gateway responses tell more than a message"
            } else {
                return Ok(());
            };
            Err(Finding::of(&answer, cause, self.bench.cure()))
        };
        self.bench.check(name, look).await;
    }

    /// Checks that only id tokens of the pool are accepted.
    pub async fn forgers(&self, tokens: &Tokens) {
        let route = root();
        let Some(url) = self.routes.get(&route) else { return };
        let cases = [
            ("garbage_token", "what is no token", token::GARBAGE.to_owned()),
            ("unsigned_token", "an unsigned token", token::unsigned(&tokens.id)),
            ("altered_token", "a token that was altered", token::altered(&tokens.id)),
            ("foreign_token", "a token of another issuer", token::of_another_issuer(&tokens.id)),
            ("access_token", "an access token in place of an id token", tokens.access.clone()),
        ];
        for (id, what, token) in cases {
            let name = self.name(id, format!("{what} is answered 401"));
            self.bench
                .check(name, async || self.refused(&route, self.request(&route, url, Some(&token))).await)
                .await;
        }
    }

    async fn refused(&self, route: &Route, request: Request) -> Result<(), Finding> {
        let answer = self.bench.send(request).await?;
        let readable = self.page().is_none_or(|page| may_read(&answer, &page));
        let cause = match answer.status {
            401 if !is_of_the_gateway(&answer) => {
                format!("{route} is open: its method has no authorizer, and the function alone refuses")
            }
            401 if readable => return Ok(()),
            401 => "the gateway responses lack CORS, so a page sees a network error in place of the refusal"
                .to_owned(),
            200..=299 => format!("{route} is open: its method has no authorizer, or one that does not look"),
            403 | 404 => format!("{route} is not in what is deployed"),
            429 => "the stage takes no more requests at the moment".to_owned(),
            _ => format!("the request got past the authorizer of {route}, or the authorizer is out of order"),
        };
        Err(Finding::of(&answer, cause, self.bench.cure()))
    }

    /// Checks that a signed-in user gets an answer, and that the page can read it.
    pub async fn guest(&self, tokens: &Tokens) -> Option<HttpAnswer> {
        let name = self.name("id_token", "a signed-in user gets an answer");
        let route = root();
        let Some(url) = self.routes.get(&route) else {
            self.bench.skip(name, "the API has no route GET /");
            return None;
        };
        let look = async || {
            let answer = self.bench.send(self.request(&route, url, Some(&tokens.id))).await?;
            let readable = self.page().is_none_or(|page| may_read(&answer, &page));
            let logs = self.logs.get(&route).map_or_else(|| "its log group".to_owned(), Clone::clone);
            let see_logs = format!("see in CloudWatch what the function said: {logs}");
            let (cause, help) = match answer.status {
                200 if readable => return Ok(answer),
                200 => {
                    let cause = "the function does not know the page's origin: the stage variable CORS_ORIGINS differs";
                    (cause.to_owned(), self.bench.cure())
                }
                401 => ("the authorizer looks at another user pool".to_owned(), self.bench.cure()),
                // The function was asked, and has nothing to give.
                403 if is_not_granted(&answer) && readable && !self.puts => return Ok(answer),
                403 if is_not_granted(&answer) => {
                    let cause = "the function is not told what it may do: its environment differs";
                    (cause.to_owned(), self.bench.cure())
                }
                403 | 404 => (format!("{route} is not in what is deployed"), self.bench.cure()),
                429 => {
                    ("the stage takes no more requests at the moment".to_owned(), "verify again".to_owned())
                }
                500 if answer.header("x-amzn-errortype").is_some() => {
                    ("API Gateway may not invoke the function".to_owned(), self.bench.cure())
                }
                _ => ("the function fails, or takes too long".to_owned(), see_logs),
            };
            Err(Finding::of(&answer, cause, help))
        };
        let answer = self.bench.check(name, look).await?;
        self.foreign_answer(&route, url, tokens).await;
        Some(answer)
    }

    async fn foreign_answer(&self, route: &Route, url: &str, tokens: &Tokens) {
        if self.api.cors.as_ref().is_some_and(|cors| cors.origins == Origins::Any) {
            return;
        }
        let name = self.name("foreign_answer", "a page of another origin can't read that answer");
        let look = async || {
            let request = Request::new(route.method.to_string(), url).header("Origin", FOREIGN);
            let answer = self.bench.send(request.header("Authorization", &tokens.id)).await?;
            if may_read(&answer, FOREIGN) {
                let cause = format!(
                    "the function lets any page read it: it answers with {ALLOW_ORIGIN} for everybody"
                );
                return Err(Finding::of(
                    &answer,
                    cause,
                    "the function must compare the origin with CORS_ORIGINS",
                ));
            }
            Ok(())
        };
        self.bench.check(name, look).await;
    }

    /// A request of the API's own page.
    pub fn request(&self, route: &Route, url: &str, token: Option<&str>) -> Request {
        let mut request = Request::new(route.method.to_string(), url);
        if let Some(page) = self.page() {
            request = request.header("Origin", page);
        }
        match token {
            Some(token) => request.header("Authorization", token),
            None => request,
        }
    }

    fn all(&self) -> String {
        match self.routes.len() {
            1 => self.routes.keys().map(ToString::to_string).collect(),
            2 => "both routes".to_owned(),
            many => format!("all {many} routes"),
        }
    }
}

/// Whether API Gateway itself answered: the function was not asked.
fn is_of_the_gateway(answer: &HttpAnswer) -> bool {
    told(answer)["message"].is_string()
}

/// Whether an answer is an object with a text `message` and nothing else.
fn holds_a_message_alone(answer: &HttpAnswer) -> bool {
    is_of_the_gateway(answer) && told(answer).as_object().is_some_and(|all| all.len() == 1)
}

/// Whether the function refuses since the file does not grant it, or its access rules do not allow, what it would need.
fn is_not_granted(answer: &HttpAnswer) -> bool {
    ["NotGranted", "NotAllowed"].iter().any(|code| told(answer)["error"]["code"] == *code)
}

fn told(answer: &HttpAnswer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}
