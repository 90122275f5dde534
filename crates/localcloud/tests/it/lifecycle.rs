//! Up, down, and what survives.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command, time::Duration};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use stackctl_localcloud::{Error, Status, down, status};

use crate::{
    functions::{TRUST, create_role, encoded, settled},
    running::{Running, daemon, options, start},
};

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
    let during_restart = cloud.signed("s3", "GET /", "").await;
    assert!(during_restart.status == 503 && during_restart.text.contains("try again"), "{during_restart:?}");
    until_running_without(killed, &cloud).await;
    assert_kept(&cloud).await;
}

/// A write of the state that is interrupted by another one neither breaks the file nor puts older state over newer.
#[tokio::test]
async fn the_state_is_written_while_it_is_being_written() {
    let cloud = Running::new().await;
    let pid = Pid::from_raw(emulator(cloud.cloud.pid).unwrap().cast_signed()).unwrap();
    for number in 0..40 {
        let body =
            json!({ "Name": format!("/filler/{number}"), "Value": "x".repeat(4000), "Type": "String" });
        cloud.call("ssm", "AmazonSSM.PutParameter", body).await;
    }
    put_parameter(&cloud).await;
    for _ in 0..2000 {
        kill_process(pid, Signal::USR1).unwrap();
        tokio::time::sleep(Duration::from_micros(500)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let log = fs::read_to_string(cloud.options.instance.log()).unwrap();
    let failed: Vec<_> = log.lines().filter(|it| it.contains("Persistence: ")).collect();
    assert_eq!(failed, Vec::<&str>::new());
    kill(pid.as_raw_nonzero().get().cast_unsigned());
    until_running_without(pid.as_raw_nonzero().get().cast_unsigned(), &cloud).await;
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
    let signed = cloud.root("apigateway", "eu-west-1").header(&direct, "GET /restapis", b"");
    assert_eq!(crate::running::send(&direct, &signed, "").await.status, 403);
    let marked = format!("{signed}\nx-stackctl-caller: root\nx-stackctl-key: guessed");
    assert_eq!(crate::running::send(&direct, &marked, "").await.status, 403);

    // Even with the gateway's word, only the root has the root's rights: with its own key, and never from a page.
    let key = environment.split('\0').find_map(|it| it.strip_prefix("STACKCTL_KEY=")).unwrap();
    let root = cloud.root("iam", "eu-west-1").access_key;
    let list = "GET /?Action=ListUsers&Version=2010-05-08";
    let ask = async |caller: &str, access_key: &str, version_2: &str| {
        let scope =
            format!("{access_key}/20260101/eu-west-1/iam/aws4_request, SignedHeaders=host, Signature=0");
        let signed = match access_key {
            "" => String::new(),
            _ => format!("\nauthorization: AWS4-HMAC-SHA256 Credential={scope}"),
        };
        let request = format!(
            "{list}{version_2}{signed}\nx-stackctl-key: {key}\nx-stackctl-caller: {caller}\nx-stackctl-service: iam"
        );
        crate::running::send(&direct, &request, "").await.status.as_u16()
    };
    assert_eq!(ask("root", &root, "").await, 200);
    for caller in ["page", "anyone", "key", "another"] {
        for access_key in [root.as_str(), "test", "000000000000", "123456789012", ""] {
            assert_eq!(ask(caller, access_key, "").await, 403, "{caller} {access_key}");
        }
        assert_eq!(ask(caller, "", "&AWSAccessKeyId=test&Signature=x&Expires=9999999999").await, 403);
    }
    for access_key in ["test", "000000000000", "123456789012"] {
        assert_eq!(ask("root", access_key, "").await, 403, "{access_key}");
    }
}

/// A function that is busy and ignores SIGTERM.
#[tokio::test]
async fn a_busy_function_does_not_hold_it_up() {
    let cloud = Running::new().await;
    let mark = cloud.options.instance.folder().join("busy");
    let code = format!(
        "import os, signal, time\ndef handler(event, context):\n    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n    \
         open({mark:?}, 'w').write(str(os.getpid()))\n    time.sleep(90)\n"
    );
    create_role(&cloud, "busy", TRUST).await;
    let template = json!({ "Resources": { "Busy": { "Type": "AWS::Lambda::Function", "Properties": {
        "FunctionName": "busy", "Runtime": "python3.13", "Handler": "index.handler", "Timeout": 100,
        "Code": { "ZipFile": code }, "Role": "arn:aws:iam::000000000000:role/busy",
    } } } });
    let form = format!(
        "Action=CreateStack&StackName=busy&Version=2010-05-15&TemplateBody={}",
        encoded(&template.to_string())
    );
    let request = "POST /\ncontent-type: application/x-www-form-urlencoded";
    assert_eq!(cloud.signed("cloudformation", request, form).await.status, 200);
    settled(&cloud, "busy").await;
    let invoke = "POST /2015-03-31/functions/busy/invocations";
    let invoke = cloud.root("lambda", "eu-west-1").header(&cloud.cloud.url, invoke, b"{}");
    let url = cloud.cloud.url.clone();
    let invoked = tokio::spawn(async move { crate::running::try_send(&url, &invoke, "{}").await });
    let mut worker = None;
    for _ in 0..400 {
        worker = fs::read_to_string(&mark).ok().and_then(|it| it.parse::<u32>().ok());
        if worker.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let worker = worker.expect("the function runs");
    assert!(is_alive(worker));
    let began = std::time::Instant::now();
    assert!(down(&cloud.options.instance, &mut |_| {}).await.unwrap());
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert!(!is_alive(worker), "the function ended with the local cloud");
    let _ = invoked.await;
}

/// What listens in a process, as `/proc/net` writes it.
#[cfg(target_os = "linux")]
fn listening(pid: u32) -> Vec<String> {
    const LISTEN: &str = "0A";
    let files = fs::read_dir(format!("/proc/{pid}/fd")).unwrap().flatten();
    let links = files.filter_map(|it| fs::read_link(it.path()).ok());
    let sockets: Vec<String> = links.map(|it| it.to_string_lossy().into_owned()).collect();
    let tables =
        ["tcp", "tcp6"].map(|it| fs::read_to_string(format!("/proc/{pid}/net/{it}")).unwrap_or_default());
    let lines = tables.iter().flat_map(|it| it.lines()).map(|it| it.split_whitespace().collect::<Vec<_>>());
    lines
        .filter(|it| it.get(3) == Some(&LISTEN) && sockets.contains(&format!("socket:[{}]", it[9])))
        .map(|it| it[1].to_owned())
        .collect()
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn nothing_listens_but_on_loopback() {
    let cloud = Running::new().await;
    let emulator = emulator(cloud.cloud.pid).unwrap();
    for pid in [cloud.cloud.pid, emulator] {
        let all = listening(pid);
        assert!(!all.is_empty());
        // 127.0.0.1, the last byte first.
        assert!(all.iter().all(|it| it.starts_with("0100007F:")), "{all:?}");
    }
    // No process listens on other addresses of this machine.
    let outside = std::net::UdpSocket::bind("0.0.0.0:0").and_then(|socket| {
        socket.connect("192.0.2.1:9")?;
        socket.local_addr()
    });
    if let Ok(address) = outside.map(|it| (it.ip(), cloud.cloud.port)) {
        std::net::TcpStream::connect(address).unwrap_err();
    }
}

/// The user's umask does not matter.
#[tokio::test]
async fn its_files_are_for_this_user_alone() {
    fn files(folder: &Path, all: &mut Vec<std::path::PathBuf>) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            all.push(entry.path());
            if entry.file_type().unwrap().is_dir() {
                files(&entry.path(), all);
            }
        }
    }
    let (options, _folder) = options();
    let folder = options.instance.folder();
    // Folders that the user created, open to other users.
    fs::create_dir_all(folder).unwrap();
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    let inner = daemon(&options);
    let mut open = Command::new("sh");
    open.args(["-c", "umask 0 && exec \"$@\"", "sh"]).arg(inner.get_program()).args(inner.get_args());
    open.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let cloud = stackctl_localcloud::up(&options, open, &mut |_| {}).await.unwrap();
    let cloud = Running::of(options.clone(), cloud);
    put_parameter(&cloud).await;
    assert!(down(&options.instance, &mut |_| {}).await.unwrap());
    let mut all = Vec::new();
    files(folder, &mut all);
    assert!(all.iter().any(|it| it.ends_with("emulator/ssm.json")), "{all:?}");
    for path in all {
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}: {mode:o}", path.display());
    }
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
    // A record with the id of another process: this test's own.
    let record = json!({ "pid": std::process::id(), "port": 1, "run": "x", "region": "eu-west-1" });
    fs::write(folder.join("running.json"), record.to_string()).unwrap();
    assert_eq!(status(&options.instance).await.unwrap(), Status::Stopped);
    assert!(!down(&options.instance, &mut |_| {}).await.unwrap());
    assert!(Path::new(folder).exists());
}
