//! Up, down, and what survives.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command, time::Duration};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use stackctl_localcloud::{Error, Status, down, status};

use crate::running::{Running, options, start};

fn kill(pid: u32) {
    kill_process(Pid::from_raw(pid.cast_signed()).unwrap(), Signal::KILL).unwrap();
}

/// The emulator is the gateway's child.
fn emulator(gateway: u32) -> Option<u32> {
    let output = Command::new("ps").args(["-A", "-o", "pid=,ppid="]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut pairs = text.lines().filter_map(|line| {
        let mut numbers = line.split_whitespace().map(|it| it.parse::<u32>().unwrap());
        Some((numbers.next()?, numbers.next()?))
    });
    pairs.find(|(pid, parent)| *parent == gateway && is_alive(*pid)).map(|(pid, _)| pid)
}

async fn put_parameter(cloud: &Running) {
    let body = json!({ "Name": "/kept", "Value": "1", "Type": "String" });
    cloud.call("ssm", "AmazonSSM.PutParameter", body).await;
    cloud.create_bucket("kept").await;
    assert_eq!(cloud.signed("s3", "PUT /kept/key", "hello").await.status, 200);
}

async fn assert_kept(cloud: &Running) {
    let parameter = cloud.call("ssm", "AmazonSSM.GetParameter", json!({ "Name": "/kept" })).await;
    assert_eq!(parameter["Parameter"]["Value"], "1");
    assert_eq!(cloud.signed("s3", "GET /kept/key", "").await.text, "hello");
}

/// Waits for another emulator than that one.
async fn until_running_without(killed: u32, cloud: &Running) {
    for _ in 0..400 {
        let another = emulator(cloud.cloud.pid).is_some_and(|it| it != killed);
        if another && matches!(status(&cloud.options.instance).await.unwrap(), Status::Running(_)) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the local cloud did not come back");
}

#[tokio::test]
async fn down_and_up_keeps_everything() {
    let mut cloud = Running::new().await;
    let instance = cloud.options.instance.clone();
    assert_eq!(status(&instance).await.unwrap(), Status::Running(cloud.cloud.clone()));
    assert_eq!(start(&cloud.options).await.unwrap(), cloud.cloud, "a second `up` finds the first");
    assert_eq!(fs::metadata(instance.folder()).unwrap().permissions().mode() & 0o777, 0o700);
    put_parameter(&cloud).await;

    assert!(down(&instance, &mut |_| {}).await.unwrap());
    assert_eq!(status(&instance).await.unwrap(), Status::Stopped);
    assert!(!down(&instance, &mut |_| {}).await.unwrap());

    assert_eq!(instance.choose_port(None).unwrap(), cloud.options.port, "the port stays");
    cloud.cloud = start(&cloud.options).await.unwrap();
    assert_kept(&cloud).await;
}

#[tokio::test]
async fn the_emulator_is_killed() {
    let cloud = Running::new().await;
    put_parameter(&cloud).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let killed = emulator(cloud.cloud.pid).unwrap();
    kill(killed);
    let meanwhile = cloud.signed("s3", "GET /", "").await;
    assert!(meanwhile.status == 503 && meanwhile.text.contains("try again"), "{meanwhile:?}");
    until_running_without(killed, &cloud).await;
    assert_kept(&cloud).await;
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn the_emulator_answers_to_the_gateway_alone() {
    let cloud = Running::new().await;
    let emulator = emulator(cloud.cloud.pid).unwrap();
    let environment = fs::read_to_string(format!("/proc/{emulator}/environ")).unwrap();
    let port = environment.split('\0').find_map(|it| it.strip_prefix("GATEWAY_PORT=")).unwrap();
    let direct = format!("http://127.0.0.1:{port}");
    assert_eq!(crate::running::send(&direct, "POST /_ministack/reset", "").await.status, 403);
    let signed = "GET /restapis\nauthorization: AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/apigateway/aws4_request, SignedHeaders=host, Signature=0";
    assert_eq!(crate::running::send(&direct, signed, "").await.status, 403);
}

#[tokio::test]
async fn the_gateway_is_killed() {
    let mut cloud = Running::new().await;
    put_parameter(&cloud).await;
    let emulator = emulator(cloud.cloud.pid).unwrap();
    kill(cloud.cloud.pid);
    for _ in 0..400 {
        if !is_alive(emulator) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert!(!is_alive(emulator), "the emulator ends with the gateway");
    assert_eq!(status(&cloud.options.instance).await.unwrap(), Status::Stopped);
    cloud.cloud = start(&cloud.options).await.unwrap();
    assert_kept(&cloud).await;
}

/// A process that has ended may still be listed as a zombie.
fn is_alive(pid: u32) -> bool {
    let output = Command::new("ps").args(["-o", "stat=", "-p", &pid.to_string()]).output().unwrap();
    let state = String::from_utf8(output.stdout).unwrap();
    !state.trim().is_empty() && !state.trim().starts_with('Z')
}

#[tokio::test]
async fn a_taken_port() {
    let (options, _folder) = options();
    let _taken = std::net::TcpListener::bind(("127.0.0.1", options.port)).unwrap();
    let error = start(&options).await.unwrap_err();
    assert_eq!(error.to_string(), format!("port {} on 127.0.0.1 is taken by another program", options.port));
    assert!(error.hint().unwrap().contains("--port"));
}

#[tokio::test]
async fn a_daemon_that_does_not_come_up() {
    let (options, _folder) = options();
    let mut daemon = Command::new("sh");
    daemon.args(["-c", "echo this is why >&2; exit 1"]);
    let error = stackctl_localcloud::up(&options, daemon, &mut |_| {}).await.unwrap_err();
    assert!(matches!(error, Error::NotHealthy { .. }), "{error:?}");
    assert!(error.to_string().contains("this is why"));
}

#[tokio::test]
async fn what_a_crash_left_behind_does_not_confuse() {
    let (options, _folder) = options();
    let folder = options.instance.folder();
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("lock"), "").unwrap();
    // A record of a process that is someone else's now: this test's own.
    let record = json!({ "pid": std::process::id(), "port": 1, "run": "x", "region": "eu-west-1" });
    fs::write(folder.join("running.json"), record.to_string()).unwrap();
    assert_eq!(status(&options.instance).await.unwrap(), Status::Stopped);
    assert!(!down(&options.instance, &mut |_| {}).await.unwrap());
    assert!(Path::new(folder).exists());
}
