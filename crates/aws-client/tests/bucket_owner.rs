//! Every request about a bucket names the account that must own it.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

use stackctl_aws_client::clients::{Clients, Reach};

const ACCOUNT: &str = "123456789012";

/// Answers every request, and hands on what was sent.
fn server() -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (told, heard) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let request = read(&mut stream);
            let identity = format!(
                "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::{ACCOUNT}:root</Arn>\
                 <Account>{ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
            );
            let body = if request.contains("getcalleridentity") { identity } else { String::new() };
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
            .unwrap();
            if told.send(request).is_err() {
                return;
            }
        }
    });
    (url, heard)
}

fn read(stream: &mut TcpStream) -> String {
    let mut request = String::new();
    let mut bytes = [0; 4096];
    let whole = |request: &str| {
        let (head, body) = request.split_once("\r\n\r\n")?;
        let length =
            head.lines().find_map(|it| it.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        Some(body.len() >= length.unwrap_or(0))
    };
    while whole(&request) != Some(true) {
        let read = stream.read(&mut bytes).unwrap();
        request.push_str(&String::from_utf8_lossy(&bytes[..read]));
    }
    request.to_lowercase()
}

#[tokio::test]
async fn every_request_about_a_bucket_names_the_account() {
    let Ok(stack) = stackctl_stackfile::parse("stack: demo\nregion: eu-west-1\n", None) else {
        panic!("it is right")
    };
    let (url, heard) = server();
    let key = Some(("test".to_owned(), "test".to_owned()));
    let reach = Reach { endpoint: Some(url), access_key: key, ..Reach::default() };
    let aws = Clients::new(&stack, &reach).await.unwrap();
    let owner = format!("\r\nx-amz-expected-bucket-owner: {ACCOUNT}\r\n");

    assert_eq!(aws.account(&stack, &reach).await.unwrap().id, ACCOUNT);
    assert!(heard.recv().unwrap().contains("getcalleridentity"));
    aws.s3.head_bucket().bucket("theirs").send().await.unwrap();
    let read = heard.recv().unwrap();
    assert!(read.contains(&owner), "{read}");
    let signed = read.lines().find(|it| it.starts_with("authorization: ")).unwrap();
    assert!(signed.contains("x-amz-expected-bucket-owner"), "{signed}");
    aws.s3.put_object().bucket("theirs").key("x").send().await.unwrap();
    assert!(heard.recv().unwrap().contains(&owner));
    // There is no bucket yet of which it could be asked.
    aws.s3.create_bucket().bucket("ours").send().await.unwrap();
    assert!(!heard.recv().unwrap().contains(&owner));
}
