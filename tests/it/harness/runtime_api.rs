//! Lambda's runtime API in std alone, for the functions of trials.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

/// Calls `handle` with each event, and answers `null`.
pub fn serve(handle: impl Fn(&str)) {
    let api = std::env::var("AWS_LAMBDA_RUNTIME_API").unwrap();
    loop {
        let (head, event) = ask(&api, "GET /2018-06-01/runtime/invocation/next", "");
        let id = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("lambda-runtime-aws-request-id").then(|| value.trim().to_owned())
        });
        handle(&event);
        ask(&api, &format!("POST /2018-06-01/runtime/invocation/{}/response", id.unwrap()), "null");
    }
}

/// Sends a request; returns the head and the body of the response.
fn ask(api: &str, request: &str, body: &str) -> (String, String) {
    let mut stream = TcpStream::connect(api).unwrap();
    let length = body.len();
    write!(stream, "{request} HTTP/1.1\r\nhost: {api}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
        .unwrap();
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().unwrap())
            });
            if length.is_some_and(|it| body.len() >= it) {
                return (head.to_owned(), body.to_owned());
            }
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => {
                let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
                return (head.to_owned(), body.to_owned());
            }
            Ok(count) => bytes.extend(&chunk[..count]),
        }
    }
}
