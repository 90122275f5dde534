//! The life of one process on a Lambda runtime API of our own: what it was asked and answered, and what that cost.

use std::{
    fs, io,
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use super::http::{Request, answer};
use crate::child::peak_memory;

/// How long a process may take for all of it.
const LONGEST: Duration = Duration::from_secs(120);

/// How often a process is called after its first answer.
#[derive(Debug, Clone, Copy)]
pub struct Calls {
    /// Before anything is measured.
    pub warm_up: usize,
    /// Measured.
    pub measured: usize,
}

/// The measurements of one process.
#[derive(Debug, Default)]
pub struct Life {
    /// From the start of the process to its first request for an event.
    pub first_poll: Duration,
    /// From the start of the process to its first answer.
    pub first_answer: Duration,
    /// The processor's time until then.
    pub first_cpu: Duration,
    /// From an event to its answer, of each measured call.
    pub warm: Vec<Duration>,
    /// The processor's time of all measured calls.
    pub cpu: Duration,
    /// The most memory that was in use at once, in bytes.
    pub peak: u64,
    /// All answers, the first one included.
    pub answers: Vec<String>,
}

/// Starts a process, calls it, ends it.
///
/// # Errors
/// A process that does not start, fails a call, ends or takes too long.
pub fn live(command: &mut Command, event: &str, calls: Calls) -> io::Result<Life> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    command.env("AWS_LAMBDA_RUNTIME_API", address.to_string());
    let over = AtomicBool::new(false);
    let (tell, told) = mpsc::channel();
    let mut course = None;
    let outcome = thread::scope(|scope| {
        // Read before the process is started, so that its start is counted in.
        let began = Instant::now();
        let child = command.spawn()?;
        let run = &*course.insert(Mutex::new(Run::new(began, child.id(), event, calls)));
        let over = &over;
        scope.spawn(move || {
            for connection in listener.incoming().flatten() {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                let tell = tell.clone();
                scope.spawn(move || serve(&connection, run, &tell));
            }
        });
        let outcome = wait(child, &told);
        over.store(true, Ordering::Relaxed);
        // The one who waits for connections sees it when one comes.
        TcpStream::connect(address)?;
        outcome
    });
    outcome?;
    let run = course.ok_or_else(|| io::Error::other("it did not start"))?;
    Ok(run.into_inner().unwrap_or_else(PoisonError::into_inner).life)
}

/// Until all calls are made; the process is gone afterwards.
fn wait(mut child: Child, told: &mpsc::Receiver<Result<(), String>>) -> io::Result<()> {
    let until = Instant::now() + LONGEST;
    let outcome = loop {
        match told.recv_timeout(Duration::from_millis(200)) {
            Ok(outcome) => break outcome,
            Err(RecvTimeoutError::Disconnected) => break Err("the runtime API has stopped".to_owned()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Some(status) = child.try_wait()? {
            return Err(io::Error::other(format!("it ended: {status}")));
        }
        if Instant::now() > until {
            break Err(format!("it took longer than {} s", LONGEST.as_secs()));
        }
    };
    child.kill()?;
    child.wait()?;
    outcome.map_err(io::Error::other)
}

/// Answers the requests of one connection until it ends.
fn serve(connection: &TcpStream, run: &Mutex<Run<'_>>, tell: &Sender<Result<(), String>>) {
    let outcome = (|| {
        connection.set_nodelay(true)?;
        let mut reader = io::BufReader::new(connection);
        while let Some(request) = Request::read(&mut reader)? {
            let now = Instant::now();
            let mut run = run.lock().unwrap_or_else(PoisonError::into_inner);
            match run.answer(request, now)? {
                Some(answer) => {
                    run.sent = Instant::now();
                    drop(run);
                    io::Write::write_all(&mut &*connection, &answer)?;
                }
                // The last request for an event is never answered: Lambda freezes a process there, too.
                None => drop(tell.send(Ok(()))),
            }
        }
        Ok::<_, io::Error>(())
    })();
    if let Err(error) = outcome {
        // The receiver may be gone; then the result is not needed.
        drop(tell.send(Err(error.to_string())));
    }
}

struct Run<'a> {
    began: Instant,
    process: u32,
    event: &'a str,
    calls: Calls,
    /// When the last answer of ours was sent.
    sent: Instant,
    asked: usize,
    life: Life,
}

impl<'a> Run<'a> {
    fn new(began: Instant, process: u32, event: &'a str, calls: Calls) -> Run<'a> {
        Run { began, process, event, calls, sent: began, asked: 0, life: Life::default() }
    }

    /// The next answer of the runtime API; `None` once all calls are made.
    fn answer(&mut self, request: Request, now: Instant) -> io::Result<Option<Vec<u8>>> {
        let Request { method, path, body } = request;
        let path = path.strip_prefix("/2018-06-01/runtime/").unwrap_or_default();
        let measured_from = 1 + self.calls.warm_up;
        match (method.as_str(), path, path.rsplit('/').next()) {
            ("GET", "invocation/next", _) => {
                if self.asked == 0 {
                    self.life.first_poll = now - self.began;
                }
                if self.asked == 1 {
                    self.life.first_cpu = processor_time(self.process)?;
                }
                if self.asked == measured_from {
                    self.life.cpu = processor_time(self.process)?;
                }
                if self.asked == measured_from + self.calls.measured {
                    self.life.cpu = processor_time(self.process)?.saturating_sub(self.life.cpu);
                    self.life.peak = peak_memory(self.process).unwrap_or_default();
                    return Ok(None);
                }
                self.asked += 1;
                Ok(Some(self.invocation()))
            }
            ("POST", _, Some("response")) => {
                if self.asked == 1 {
                    self.life.first_answer = now - self.began;
                } else if self.asked > measured_from {
                    self.life.warm.push(now - self.sent);
                }
                self.life.answers.push(body);
                Ok(Some(answer("202 Accepted", &[], "{\"status\":\"OK\"}")))
            }
            _ => Err(io::Error::other(format!("{method} {path}: {body}"))),
        }
    }

    fn invocation(&self) -> Vec<u8> {
        let id = format!("8476a536-e9f4-11e8-9739-{:012x}", self.asked);
        let deadline = std::time::SystemTime::now() + Duration::from_secs(5);
        let deadline = deadline.duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_millis();
        let headers = [
            ("Lambda-Runtime-Aws-Request-Id", id.as_str()),
            ("Lambda-Runtime-Deadline-Ms", &deadline.to_string()),
            (
                "Lambda-Runtime-Invoked-Function-Arn",
                "arn:aws:lambda:eu-west-1:123456789012:function:s3-presigned-url-presign",
            ),
            ("Lambda-Runtime-Trace-Id", "Root=1-6923d2b8-0123456789abcdef01234567;Sampled=0"),
        ];
        answer("200 OK", &headers, self.event)
    }
}

/// The processor's time of all threads that a process has, to the nanosecond.
fn processor_time(process: u32) -> io::Result<Duration> {
    let mut all = 0;
    for thread in fs::read_dir(format!("/proc/{process}/task"))? {
        let told = fs::read_to_string(thread?.path().join("schedstat"))?;
        let nanoseconds = told.split(' ').next().and_then(|it| it.parse::<u64>().ok());
        all += nanoseconds
            .ok_or_else(|| io::Error::other("this kernel keeps no statistics of its scheduler"))?;
    }
    Ok(Duration::from_nanos(all))
}
