//! As much of HTTP as a client of Lambda's runtime API speaks.

use std::{
    fmt::Write,
    io::{self, BufRead},
};

/// A request.
#[derive(Debug, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The body.
    pub body: String,
}

impl Request {
    /// The next one of a connection; none when it is closed.
    ///
    /// # Errors
    /// A connection that breaks, or something else than HTTP.
    pub fn read(connection: &mut impl BufRead) -> io::Result<Option<Request>> {
        let mut line = String::new();
        if connection.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut words = line.split(' ').map(str::to_owned);
        let (Some(method), Some(path)) = (words.next(), words.next()) else {
            return Err(io::Error::other(format!("no request: {line}")));
        };
        let mut length = 0;
        loop {
            line.clear();
            connection.read_line(&mut line)?;
            match line.trim_end().split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().map_err(io::Error::other)?;
                }
                Some((name, _)) if name.eq_ignore_ascii_case("transfer-encoding") => {
                    return Err(io::Error::other("a body in parts, without a length"));
                }
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        connection.read_exact(&mut body)?;
        let body = String::from_utf8(body).map_err(io::Error::other)?;
        Ok(Some(Request { method, path, body }))
    }
}

/// An answer with a JSON body.
pub fn answer(status: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\n");
    for (name, value) in headers {
        // Writing to a String does not fail.
        let _ = write!(head, "{name}: {value}\r\n");
    }
    let _ = write!(head, "Content-Length: {}\r\n\r\n{body}", body.len());
    head.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests() {
        let mut connection =
            &b"GET /next HTTP/1.1\r\nHost: a\r\n\r\nPOST /1 HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}"[..];
        let request = |method: &str, path: &str, body: &str| Request {
            method: method.to_owned(),
            path: path.to_owned(),
            body: body.to_owned(),
        };
        assert_eq!(Request::read(&mut connection).unwrap(), Some(request("GET", "/next", "")));
        assert_eq!(Request::read(&mut connection).unwrap(), Some(request("POST", "/1", "{}")));
        assert_eq!(Request::read(&mut connection).unwrap(), None);
        for wrong in ["GET\r\n\r\n", "POST /1 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"] {
            assert!(Request::read(&mut wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
