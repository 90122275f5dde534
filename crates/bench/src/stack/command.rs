//! The commands that are measured, in the order in which a stack meets them.

/// A command on a stack that is in a given state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Command {
    /// Nothing is there yet.
    FirstApply,
    /// Everything is as the file says.
    Nothing,
    /// The same, by `plan`.
    Plan,
    /// Prints the values for a front end.
    Outputs,
    /// Another origin in the CORS of the bucket and of the API.
    Cors,
    /// One more route.
    Route,
    /// The same function with another binary, which is built already.
    Code,
    /// Everything goes.
    Destroy,
}

/// All of them.
pub const COMMANDS: [Command; 8] = [
    Command::FirstApply,
    Command::Nothing,
    Command::Plan,
    Command::Outputs,
    Command::Cors,
    Command::Route,
    Command::Code,
    Command::Destroy,
];

impl Command {
    /// As it stands in tables.
    pub fn name(self) -> &'static str {
        match self {
            Command::FirstApply => "first apply",
            Command::Nothing => "apply, nothing to do",
            Command::Plan => "plan, nothing to do",
            Command::Outputs => "outputs",
            Command::Cors => "apply, one CORS origin changed",
            Command::Route => "apply, one route added",
            Command::Code => "apply, only the code changed",
            Command::Destroy => "destroy",
        }
    }

    /// The program's arguments.
    pub fn arguments(self) -> &'static [&'static str] {
        match self {
            Command::Plan => &["plan"],
            Command::Outputs => &["outputs"],
            Command::Destroy => &["destroy", "--yes"],
            Command::FirstApply | Command::Nothing | Command::Cors | Command::Route | Command::Code => {
                &["apply", "--yes"]
            }
        }
    }

    /// The file at the time of the command; `file` is the stack as it begins.
    pub fn file(self, file: &str) -> String {
        let cors = |file: &str| file.replace("localhost:5173", "localhost:3000");
        let route =
            |file: String| file.replace("GET /: presign", "GET /: presign\n      POST /sign: presign");
        match self {
            Command::FirstApply | Command::Nothing | Command::Plan | Command::Outputs => file.to_owned(),
            Command::Cors => cors(file),
            Command::Route => route(cors(file)),
            // Another profile gives another binary of the same code.
            Command::Code | Command::Destroy => {
                route(cors(file)).replace("profile: lambda", "profile: release")
            }
        }
    }
}
