//! A stack with a webhook at this machine.

use std::fs;

use aws_sdk_s3::primitives::ByteStream;
use stackctl_aws_client::clients::Clients;

use super::receiver::{Language, Receiver, free_port};
use crate::harness::{
    cloud::{Cloud, console, eventually, wait_for},
    inventory,
    program::WorkingCopy,
};

pub const STACK: &str = "
stack: NAME
region: eu-west-1
buckets:
  uploads:
    on_destroy: empty
    webhook: { url: 'http://localhost:PORT/hooks?of=uploads', on: [created, deleted] }
";

/// The stack, applied.
pub struct Stack {
    pub copy: WorkingCopy,
    pub console: Clients,
    pub bucket: String,
    pub port: u16,
}

impl Stack {
    pub fn apply(cloud: &Cloud) -> Stack {
        let port = free_port();
        let copy = cloud.working_copy("hook", &STACK.replace("PORT", &port.to_string()));
        let said = copy.succeed(&["apply", "--yes", "--json", "--trace", "trace.json"]);
        let secret = secret(&copy);
        let trace = fs::read_to_string(copy.folder.join("trace.json")).unwrap();
        for text in [&said.stdout, &said.stderr, &trace] {
            assert!(!text.contains(&secret) && !text.contains("whsec_"), "{text}");
        }
        copy.assert_settled();
        let outputs = copy.outputs();
        assert!(!outputs.to_string().contains("whsec_"));
        let bucket = outputs["bucket"].as_str().unwrap().to_owned();
        Stack { console: console(&copy, &cloud.url), bucket, port, copy }
    }

    pub fn put(&self, key: &str) {
        let put = self.console.s3.put_object().bucket(&self.bucket).key(key);
        wait_for(put.body(ByteStream::from_static(b"twelve bytes")).send()).unwrap();
    }

    pub fn receiver(&self, language: Language) -> Receiver {
        Receiver::start(language, &self.copy.folder, self.port, &secret(&self.copy))
    }

    /// The value of the parameter.
    pub fn parameter(&self) -> Option<String> {
        let name = format!("/stackctl/{}/uploads/webhook", self.copy.stack().name);
        let get = self.console.ssm.get_parameter().name(name).with_decryption(true);
        wait_for(get.send()).ok().and_then(|it| it.parameter?.value)
    }

    pub fn destroy(&self, cloud: &Cloud) {
        self.copy.succeed(&["destroy", "--yes"]);
        assert_eq!(self.parameter(), None);
        assert_eq!(inventory::left(&self.copy, &cloud.url), Vec::<String>::new());
    }
}

/// What `secret show` prints.
pub fn secret(copy: &WorkingCopy) -> String {
    copy.succeed(&["secret", "show"]).stdout.trim_end().to_owned()
}

/// Waits until a verified event of this key arrived.
pub fn gets(receiver: &Receiver, key: &str) {
    eventually(&format!("{key} arrives"), || receiver.keys().contains(&key.to_owned()));
}
