//! The least that `GET /` of the presign function can cost: the same answer of std alone, with HTTP, JSON and the
//! signature by hand. `make bench` measures the function against it. It is never deployed.

mod date;
mod json;
mod sha256;
mod sign;

use std::{
    env,
    fs::File,
    io::{BufRead, BufReader, Error, Read, Write},
    net::TcpStream,
    time::SystemTime,
};

use crate::{
    json::{field, text},
    sign::Signer,
};

fn main() -> Result<(), Error> {
    let variable = |name: &str| env::var(name).map_err(|_| Error::other(format!("{name} is not set")));
    let host = variable("AWS_LAMBDA_RUNTIME_API")?;
    let signer = Signer {
        key_id: variable("AWS_ACCESS_KEY_ID")?,
        secret: variable("AWS_SECRET_ACCESS_KEY")?,
        token: variable("AWS_SESSION_TOKEN")?,
        region: variable("AWS_REGION")?,
        bucket: variable("BUCKET_UPLOADS")?,
        expires: env::var("URL_EXPIRES")
            .map_or(Ok(10), |it| it.trim_end_matches('s').parse())
            .map_err(Error::other)?,
    };
    let mut random = File::open("/dev/urandom")?;
    let mut connection = BufReader::new(TcpStream::connect(&host)?);
    connection.get_ref().set_nodelay(true)?;
    let next = format!("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: {host}\r\n\r\n");
    loop {
        connection.get_mut().write_all(next.as_bytes())?;
        let (id, event) = message(&mut connection)?;
        let answer = answer(&event, &signer, &mut random)?;
        let length = answer.len();
        let told = format!(
            "POST /2018-06-01/runtime/invocation/{id}/response HTTP/1.1\r\nHost: {host}\r\n\
             Content-Length: {length}\r\n\r\n{answer}"
        );
        connection.get_mut().write_all(told.as_bytes())?;
        message(&mut connection)?;
    }
}

/// An answer of the runtime API: the id of the invocation, if it is one, and the body.
fn message(connection: &mut BufReader<TcpStream>) -> Result<(String, String), Error> {
    let (mut id, mut length, mut line) = (String::new(), 0, String::new());
    loop {
        line.clear();
        if connection.read_line(&mut line)? == 0 {
            return Err(Error::other("the runtime API hung up"));
        }
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("lambda-runtime-aws-request-id") => {
                id.push_str(value)
            }
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().map_err(Error::other)?;
            }
            Some(_) => {}
            None if line == "\r\n" => break,
            None => {}
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body)?;
    Ok((id, String::from_utf8(body).map_err(Error::other)?))
}

/// The form of an answer that API Gateway accepts from a function.
fn answer(event: &str, signer: &Signer, random: &mut File) -> Result<String, Error> {
    let string = |path: &[&str]| path.iter().try_fold(event, |value, name| field(value, name)).and_then(text);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let sub = string(&["requestContext", "authorizer", "claims", "sub"]);
    let sub = sub.filter(|sub| !sub.is_empty() && sub.bytes().all(is_plain));
    let (status, body) = match (string(&["httpMethod"]), string(&["resource"]), sub) {
        (Some("GET"), Some("/"), Some(sub)) => {
            let mut bytes = [0; 16];
            random.read_exact(&mut bytes)?;
            (200, signer.presign(&format!("uploads/{sub}/{}", uuid(bytes)), SystemTime::now()))
        }
        (_, _, None) => (401, "Unauthorized".to_owned()),
        _ => (404, "NoSuchRoute".to_owned()),
    };
    let origin = string(&["headers", "origin"]).filter(|origin| {
        let allowed = string(&["stageVariables", "CORS_ORIGINS"]).unwrap_or_default();
        allowed.split(',').any(|it| it.trim() == *origin)
    });
    let origin = origin.map_or(String::new(), |it| format!("\"Access-Control-Allow-Origin\":\"{it}\","));
    // Nothing that is put in here needs to be escaped.
    Ok(format!(
        "{{\"statusCode\":{status},\"headers\":{{{origin}\"Content-Type\":\"application/json\",\
         \"Cache-Control\":\"no-store\",\"Vary\":\"Origin\"}},\"body\":\"\\\"{body}\\\"\"}}"
    ))
}

/// A random UUID, version 4.
fn uuid(mut bytes: [u8; 16]) -> String {
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = sha256::hexadecimal(&bytes);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
