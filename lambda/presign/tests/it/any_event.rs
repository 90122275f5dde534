//! Every event gets a response that API Gateway accepts, and none gets a URL for another user's key.

use serde_json::{Value, json};

use crate::{answered, asking::event};

/// Numbers that are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap()
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    /// Any JSON, made of what may be understood wrongly.
    fn json(&mut self, depth: usize) -> Value {
        let texts = [
            "",
            "GET",
            "POST",
            "DELETE",
            "PUT",
            "/",
            "/uploads",
            "/uploads/{key+}",
            "/sign",
            "/{proxy+}",
            "any",
            "post",
            "me-1",
            "uploads/me-1/1/a",
            "uploads/me-1/%2e%2e/you/a",
            "../you/a",
            "\u{0}\u{202e}é%2e%2e/\\",
            "%",
            "%ff",
            "{\"key\":",
            "image/png",
            "image/png; charset=x, text/html",
            "${filename}",
            "http://localhost:5173",
            "e30=",
            "9999999999999999999999",
            "😀\u{fffe}\n\r\t\"",
        ];
        match self.below(if depth == 0 { 5 } else { 7 }) {
            0 => json!(null),
            1 => json!(self.below(2) == 0),
            2 => self.one(&[
                json!(-1),
                json!(0),
                json!(1),
                json!(5),
                json!(1e300),
                json!(u64::MAX),
                json!(1.5),
            ]),
            3 => self.one(&texts).into(),
            4 => "x".repeat(self.below(3000)).into(),
            5 => (0..self.below(3)).map(|_| self.json(depth - 1)).collect(),
            _ => (0..self.below(3)).map(|_| (self.one(&texts).to_owned(), self.json(depth - 1))).collect(),
        }
    }

    /// An event of a route, with some of it replaced.
    fn event(&mut self) -> Value {
        let fields = [
            "filename",
            "contentType",
            "size",
            "sha256",
            "mode",
            "bucket",
            "method",
            "key",
            "uploadId",
            "partNumber",
            "expiresIn",
        ];
        let mut body =
            json!({ "filename": "a", "contentType": "a/b", "size": 1, "method": "PUT", "key": "a" });
        for _ in 0..self.below(4) {
            body[self.one(&fields)] = self.json(1);
        }
        let routes = [
            ("GET", "/"),
            ("POST", "/uploads"),
            ("POST", "/sign"),
            ("GET", "/uploads"),
            ("GET", "/uploads/{key+}"),
            ("DELETE", "/uploads/{key+}"),
        ];
        let (method, resource) = self.one(&routes);
        let mut event = event(method, resource, Some(body));
        event["pathParameters"] = json!({ "key": self.json(0) });
        event["queryStringParameters"] = json!({ "maxKeys": self.json(0), "size": "5", "bucket": null });
        let places = [
            "/httpMethod",
            "/resource",
            "/path",
            "/pathParameters",
            "/pathParameters/key",
            "/headers",
            "/headers/origin",
            "/stageVariables",
            "/stageVariables/CORS_ORIGINS",
            "/requestContext",
            "/requestContext/requestId",
            "/requestContext/authorizer",
            "/requestContext/authorizer/claims",
            "/body",
            "/isBase64Encoded",
            "/queryStringParameters",
            "/queryStringParameters/bucket",
            "/queryStringParameters/size",
            "",
        ];
        for _ in 0..self.below(4) {
            if let Some(place) = event.pointer_mut(self.one(&places)) {
                *place = self.json(3);
            }
        }
        event
    }
}

#[test]
fn is_answered() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let (mut good, mut all) = (0, 0);
    for _ in 0..20_000 {
        all += 1;
        good += usize::from(answered::check(&random.event()));
    }
    assert!(good > all / 5, "enough of them are good: {good} of {all}");
}
