//! A proxy in front of the local cloud that counts writes and kills the program after one of them: the cloud has done
//! it, and the program never hears of it.

use std::{
    process::Child,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};

/// A running proxy; it ends with its runtime.
pub struct Middleman {
    pub url: String,
    counter: Arc<Counter>,
    _runtime: Runtime,
}

struct Counter {
    cloud: String,
    writes: AtomicUsize,
    fatal: usize,
    victim: Mutex<Option<Child>>,
}

impl Middleman {
    /// Kills its victim when the cloud has answered the `fatal`th write, counted from one.
    pub fn new(cloud_url: &str, fatal: usize) -> Middleman {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let counter = Arc::new(Counter {
            cloud: cloud_url.trim_start_matches("http://").to_owned(),
            writes: AtomicUsize::new(0),
            fatal,
            victim: Mutex::new(None),
        });
        let shared = Arc::clone(&counter);
        runtime.spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let counter = Arc::clone(&shared);
                tokio::spawn(async move { counter.relay(client).await });
            }
        });
        Middleman { url, counter, _runtime: runtime }
    }

    /// Lets a program run through this proxy; returns whether it was killed.
    pub fn watch(&self, mut command: std::process::Command) -> bool {
        let mut victim = self.counter.victim.lock().unwrap();
        *victim = Some(
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap(),
        );
        drop(victim);
        loop {
            std::thread::sleep(std::time::Duration::from_millis(20));
            let mut victim = self.counter.victim.lock().unwrap();
            if let Some(status) = victim.as_mut().unwrap().try_wait().unwrap() {
                return std::os::unix::process::ExitStatusExt::signal(&status).is_some();
            }
        }
    }
}

impl Counter {
    /// Relays requests of one connection, one after the other.
    async fn relay(&self, client: TcpStream) -> Option<()> {
        let mut client = BufReader::new(client);
        let mut cloud = BufReader::new(TcpStream::connect(&self.cloud).await.ok()?);
        loop {
            let (head, body) = message(&mut client).await?;
            let is_write = is_write(&head, &body);
            cloud.get_mut().write_all(&[head.as_bytes(), &body].concat()).await.ok()?;
            let (head, body) = message(&mut cloud).await?;
            if is_write && self.writes.fetch_add(1, Ordering::SeqCst) + 1 == self.fatal {
                self.victim.lock().unwrap().as_mut()?.kill().ok()?;
                return None;
            }
            client.get_mut().write_all(&[head.as_bytes(), &body].concat()).await.ok()?;
        }
    }
}

/// One HTTP message: its head, and its body as it came, chunks and all.
async fn message(from: &mut BufReader<TcpStream>) -> Option<(String, Vec<u8>)> {
    let mut head = String::new();
    loop {
        let start = head.len();
        if from.read_line(&mut head).await.ok()? == 0 {
            return None;
        }
        if &head[start..] == "\r\n" {
            break;
        }
    }
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let mut body = Vec::new();
    if header("transfer-encoding").is_some_and(|it| it.contains("chunked")) {
        loop {
            let mut size = String::new();
            from.read_line(&mut size).await.ok()?;
            body.extend(size.as_bytes());
            let length = usize::from_str_radix(size.trim().split(';').next()?, 16).ok()?;
            let mut chunk = vec![0; length + 2];
            from.read_exact(&mut chunk).await.ok()?;
            body.extend(chunk);
            if length == 0 {
                break;
            }
        }
    } else if let Some(length) = header("content-length") {
        let no_body = head.starts_with("HTTP/1.1 204") || head.starts_with("HTTP/1.1 304");
        body = vec![0; if no_body { 0 } else { length.parse().ok()? }];
        from.read_exact(&mut body).await.ok()?;
    }
    Some((head, body))
}

/// Whether a request changes something, by what its protocol says.
fn is_write(head: &str, body: &[u8]) -> bool {
    let target = head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case("x-amz-target").then(|| value.trim().to_owned())
    });
    let body = String::from_utf8_lossy(body);
    let action = body.split('&').find_map(|pair| pair.strip_prefix("Action=").map(str::to_owned));
    let named = target.and_then(|target| target.split_once('.').map(|(_, name)| name.to_owned())).or(action);
    let reads = ["Get", "List", "Describe", "Head"];
    match named {
        Some(name) => !reads.iter().any(|read| name.starts_with(read)),
        None => !head.starts_with("GET ") && !head.starts_with("HEAD "),
    }
}
