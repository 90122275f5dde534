//! The program in a terminal: a pseudo-terminal in which a test types and reads.

use std::{
    fs::File,
    io::{Read, Write},
    ops::{Deref, DerefMut},
    os::unix::ffi::OsStrExt,
    path::Path,
    process::{Child, Command},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use rustix::{
    io::{FdFlags, fcntl_setfd},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{Winsize, tcsetwinsize},
};

use crate::harness::cloud::eventually;

/// A terminal, and what the programs in it have printed.
pub struct Terminal {
    keyboard: File,
    programs_side: File,
    screen: Arc<Mutex<String>>,
}

impl Terminal {
    pub fn open() -> Terminal {
        let pty = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        // A program that had this side too would wait for ever for a reader, once the test is over.
        fcntl_setfd(&pty, FdFlags::CLOEXEC).unwrap();
        grantpt(&pty).unwrap();
        unlockpt(&pty).unwrap();
        let name = ptsname(&pty, Vec::new()).unwrap();
        let name = Path::new(std::ffi::OsStr::from_bytes(name.as_bytes()));
        let programs_side = File::options().read(true).write(true).open(name).unwrap();
        let keyboard = File::from(pty);
        let screen = Arc::new(Mutex::new(String::new()));
        let (mut printed, shown) = (keyboard.try_clone().unwrap(), screen.clone());
        // The reader ends with the terminal.
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = printed.read(&mut bytes) {
                shown.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
        });
        Terminal { keyboard, programs_side, screen }
    }

    /// Gives the terminal a size; without one, a program can't draw over its lines.
    pub fn sized(self, columns: u16, rows: u16) -> Terminal {
        let size = Winsize { ws_col: columns, ws_row: rows, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&self.keyboard, size).unwrap();
        self
    }

    /// Starts a program in the terminal.
    pub fn start(&self, mut command: Command) -> Running {
        let side = || self.programs_side.try_clone().unwrap();
        Running(command.stdin(side()).stdout(side()).stderr(side()).env("TERM", "xterm").spawn().unwrap())
    }

    /// Types.
    pub fn type_in(&self, text: &str) {
        (&self.keyboard).write_all(text.as_bytes()).unwrap();
    }

    /// Everything that was printed so far, with what was typed as the terminal echoes it.
    pub fn screen(&self) -> String {
        self.screen.lock().unwrap().clone()
    }

    /// Waits until a text has been printed.
    pub fn wait_for(&self, text: &str) {
        eventually(&format!("the terminal shows {text:?}"), || self.screen().contains(text));
    }
}

/// A program that a trial started. It ends with the trial, also one that fails.
pub struct Running(pub Child);

impl Deref for Running {
    type Target = Child;

    fn deref(&self) -> &Child {
        &self.0
    }
}

impl DerefMut for Running {
    fn deref_mut(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended is no error.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Fails if the program ends within a second: it has to wait for input.
pub fn assert_waits(child: &mut Child, terminal: &Terminal) {
    for _ in 0..10 {
        thread::sleep(Duration::from_millis(100));
        assert_eq!(child.try_wait().unwrap(), None, "it did not wait: {}", terminal.screen());
    }
}
