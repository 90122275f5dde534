//! The folder of one local cloud: its files, and whether it runs.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use stackctl_gateway::RootKey;

use crate::{
    error::{Doing, Error},
    private, root_key,
};

const LOOKS: u32 = 20;
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// The state folder of one local cloud. Clouds with different folders are independent.
#[derive(Debug, Clone)]
pub struct Instance {
    folder: PathBuf,
}

/// The record that a running local cloud writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The process that serves the gateway.
    pub pid: u32,
    /// The gateway's port.
    pub port: u16,
    /// The random name of the run, which `/_stackctl/health` answers too.
    pub run: String,
    /// The region that requests without a signature belong to.
    pub region: String,
}

/// Held by a running local cloud for as long as its process lives.
pub(crate) struct Held(#[expect(dead_code, reason = "the lock lives as long as the open file")] fs::File);

impl Instance {
    /// The local cloud that lives in `folder`, which need not exist.
    pub fn at(folder: impl Into<PathBuf>) -> Instance {
        Instance { folder: folder.into() }
    }

    /// The folder of all its files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The log of the gateway and the emulator.
    pub fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// One JSON line for each request.
    pub fn requests(&self) -> PathBuf {
        self.folder.join("requests.jsonl")
    }

    /// One JSON line for each mail that a user pool sent.
    pub fn messages(&self) -> PathBuf {
        self.folder.join("messages.jsonl")
    }

    /// The state of the emulator, without objects.
    pub(crate) fn emulator_state(&self) -> PathBuf {
        self.folder.join("emulator")
    }

    /// The objects in the buckets.
    pub(crate) fn objects(&self) -> PathBuf {
        self.folder.join("objects")
    }

    /// The temporary files of the emulator and of functions.
    pub(crate) fn temporary(&self) -> PathBuf {
        self.folder.join("tmp")
    }

    fn port_path(&self) -> PathBuf {
        self.folder.join("port")
    }

    /// The last port, which is used again: URLs in other files may contain it.
    pub(crate) fn last_port(&self) -> Option<u16> {
        fs::read_to_string(self.port_path()).ok()?.trim().parse().ok()
    }

    /// The root key of this local cloud; it is created the first time.
    ///
    /// # Errors
    /// A file that can't be read or written, or that holds no key.
    pub fn root_key(&self) -> Result<RootKey, Error> {
        root_key::read_or_create(&self.folder, &self.root_key_path())
    }

    /// The root key, readable by this user alone.
    pub(crate) fn root_key_path(&self) -> PathBuf {
        self.folder.join("root-key.json")
    }

    fn record_path(&self) -> PathBuf {
        self.folder.join("running.json")
    }

    fn lock_path(&self) -> PathBuf {
        self.folder.join("lock")
    }

    /// Creates the folders and the root key, readable by this user alone.
    pub(crate) fn create(&self) -> Result<(), Error> {
        for folder in [self.folder.clone(), self.emulator_state(), self.objects(), self.temporary()] {
            private::folder(&folder).doing(|| format!("create {}", folder.display()))?;
        }
        self.root_key().map(drop)
    }

    /// Locks the instance for this process, unless another process holds it.
    pub(crate) async fn hold(&self) -> Result<Held, Error> {
        let path = self.lock_path();
        let file = private::file(&path).doing(|| format!("open {}", path.display()))?;
        // `is_held` of another process holds the lock for a moment; a local cloud holds it longer.
        for _ in 0..LOOKS {
            match file.try_lock() {
                Ok(()) => return Ok(Held(file)),
                Err(fs::TryLockError::WouldBlock) => tokio::time::sleep(LOOK_EVERY).await,
                Err(fs::TryLockError::Error(source)) => {
                    return Err(Error::Io { doing: format!("lock {}", path.display()), source });
                }
            }
        }
        let record = self.read_record();
        Err(Error::AlreadyRunning { pid: record.as_ref().map(|it| it.pid), port: record.map(|it| it.port) })
    }

    /// Empties the temporary folder of the last run: each run unpacks the functions again.
    pub(crate) fn empty_temporary(&self) -> Result<(), Error> {
        let folder = self.temporary();
        let emptied = fs::remove_dir_all(&folder);
        emptied.doing(|| format!("empty {}", folder.display()))?;
        self.create()
    }

    /// Whether a process holds this instance, by its lock: the process id may be another process's by now.
    pub(crate) fn is_held(&self) -> Result<bool, Error> {
        let path = self.lock_path();
        let looked = match fs::File::open(&path) {
            Ok(file) => file.try_lock_shared(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => Err(fs::TryLockError::Error(error)),
        };
        match looked {
            Ok(()) => Ok(false),
            Err(fs::TryLockError::WouldBlock) => Ok(true),
            Err(fs::TryLockError::Error(source)) => {
                Err(Error::Io { doing: format!("look at {}", path.display()), source })
            }
        }
    }

    /// The record of the running local cloud, once it has written it.
    pub(crate) fn running(&self) -> Result<Option<Record>, Error> {
        Ok(if self.is_held()? { self.read_record() } else { None })
    }

    /// Writes the record in one step: a reader sees all of it or nothing.
    pub(crate) fn write_record(&self, record: &Record) -> Result<(), Error> {
        let path = self.record_path();
        let beside = path.with_extension("new");
        let written = private::file(&beside).and_then(|file| {
            file.set_len(0)?;
            serde_json::to_writer(file, record)?;
            fs::rename(&beside, &path)
        });
        let written = written.and_then(|()| {
            let mut file = private::file(&self.port_path())?;
            file.set_len(0)?;
            write!(file, "{}", record.port)
        });
        written.doing(|| format!("write {}", path.display()))
    }

    /// Removes the record.
    pub(crate) fn remove_record(&self) -> Result<(), Error> {
        match fs::remove_file(self.record_path()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(error).doing(|| format!("remove {}", self.record_path().display()))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn read_record(&self) -> Option<Record> {
        serde_json::from_slice(&fs::read(self.record_path()).ok()?).ok()
    }
}
