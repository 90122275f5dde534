//! The mails that the user pools of a local cloud sent.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::PathBuf,
};

use serde::Deserialize;

use crate::instance::Instance;

/// A mail of a user pool, which AWS would have sent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Message {
    /// When it was sent, in milliseconds since 1970.
    pub time: i64,
    /// `sign_up`, `verify_address`, `reset_password`, `invitation` or `other`.
    pub kind: String,
    /// The address that it was sent to.
    pub to: String,
    /// The sender's address.
    pub from: String,
    /// The name of the user pool.
    pub pool: String,
    /// The name that the user signs in with.
    pub user: String,
    /// The code; in an invitation the temporary password.
    pub code: Option<String>,
    /// When the code stops working, in milliseconds since 1970.
    pub expires: Option<i64>,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// Reads the messages of a local cloud, each once.
#[derive(Debug)]
pub struct Messages {
    path: PathBuf,
    read: u64,
}

impl Messages {
    /// The messages of a local cloud, which need not run.
    pub fn of(instance: &Instance) -> Messages {
        Messages { path: instance.messages(), read: 0 }
    }

    /// The messages since the last call, the oldest first; lines that are not messages are left out.
    ///
    /// # Errors
    /// A file that can't be read.
    pub fn news(&mut self) -> io::Result<Vec<Message>> {
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        if file.metadata()?.len() < self.read {
            // The local cloud put the long file aside and began another.
            self.read = 0;
        }
        file.seek(SeekFrom::Start(self.read))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        // The last line may not be whole yet.
        let whole = bytes.iter().rposition(|it| *it == b'\n').map_or(0, |at| at + 1);
        self.read += whole as u64;
        let lines = bytes[..whole].split(|it| *it == b'\n');
        Ok(lines.filter_map(|line| serde_json::from_slice(line).ok()).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn line(code: &str) -> String {
        format!(
            r#"{{"time": 0, "kind": "sign_up", "to": "ada@example.com", "from": "no-reply@example.com", "pool": "app-users",
            "user": "ada", "code": "{code}", "expires": null, "subject": "S", "body": "B"}}"#
        )
        .replace('\n', "")
    }

    #[test]
    fn each_is_read_once_and_whole() {
        let folder = tempfile::tempdir().unwrap();
        let instance = Instance::at(folder.path());
        let mut messages = Messages::of(&instance);
        assert_eq!(messages.news().unwrap(), []);
        let mut file = File::create(instance.messages()).unwrap();
        let (first, second) = (line("111111"), line("222222"));
        let mut codes = |text: &str| -> Vec<String> {
            write!(file, "{text}").unwrap();
            messages.news().unwrap().into_iter().filter_map(|it| it.code).collect()
        };
        assert_eq!(codes(&format!("{first}\nnot a message\n")), ["111111"]);
        assert!(codes(&second[..20]).is_empty());
        assert_eq!(codes(&format!("{}\n{first}\n", &second[20..])), ["222222", "111111"]);
        assert!(codes("").is_empty());
        std::fs::write(instance.messages(), format!("{first}\n")).unwrap();
        assert_eq!(messages.news().unwrap().len(), 1, "another file");
    }
}
