//! A program that is run and measured.

use std::{
    fs,
    io::{self, Read},
    process::{Command, Output, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use wait4::Wait4;

/// How often its memory is looked at: a peak in its last moments may be missed.
const GLANCE: Duration = Duration::from_millis(2);

/// What became of a run.
#[derive(Debug)]
pub struct Ran {
    /// Its standard output.
    pub output: Output,
    /// From its start to its end.
    pub wall: Duration,
    /// Its processor time, and that of the programs it ran.
    pub cpu: Duration,
    /// The most memory that it had in use at once, itself, in bytes.
    pub peak: u64,
}

/// Runs a program to its end.
///
/// # Errors
/// A program that does not start, or fails: then with what it said.
pub fn run(command: &mut Command) -> io::Result<Ran> {
    let ran = run_any(command)?;
    if ran.output.status.success() {
        return Ok(ran);
    }
    let said = String::from_utf8_lossy(&ran.output.stderr).into_owned();
    Err(io::Error::other(format!("{command:?}: {}\n{said}", ran.output.status)))
}

fn run_any(command: &mut Command) -> io::Result<Ran> {
    let began = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (id, ended) = (child.id(), AtomicBool::new(false));
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        let stdout = scope.spawn(|| read(stdout));
        let stderr = scope.spawn(|| read(stderr));
        let watching = scope.spawn(|| {
            let mut peak = 0;
            while !ended.load(Ordering::Relaxed) {
                peak = peak_memory(id).unwrap_or(peak);
                std::thread::sleep(GLANCE);
            }
            peak
        });
        let used = child.wait4();
        let wall = began.elapsed();
        ended.store(true, Ordering::Relaxed);
        let joined = "it only reads";
        let (stdout, stderr) = (stdout.join().expect(joined), stderr.join().expect(joined));
        let (peak, used) = (watching.join().expect(joined), used?);
        let output = Output { status: used.status, stdout: stdout?, stderr: stderr? };
        let rusage = used.rusage;
        // Over before it was looked at: then it ran no other program, whose memory would count here.
        let peak = if peak == 0 { rusage.maxrss } else { peak };
        Ok(Ran { output, wall, cpu: rusage.utime + rusage.stime, peak })
    })
}

fn read(pipe: Option<impl Read>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    pipe.map_or(Ok(0), |mut it| it.read_to_end(&mut bytes))?;
    Ok(bytes)
}

/// The most memory that a running process has had in use at once, in bytes.
pub fn peak_memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(kilobytes.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_needs() {
        let ran =
            run(Command::new("sh").args(["-c", "i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done"])).unwrap();
        assert!(ran.cpu > Duration::ZERO && ran.wall > Duration::ZERO && ran.peak > 100_000, "{ran:?}");
        let error = run(Command::new("sh").args(["-c", "echo no >&2; exit 3"])).unwrap_err();
        assert!(error.to_string().contains("no"), "{error}");
    }
}
