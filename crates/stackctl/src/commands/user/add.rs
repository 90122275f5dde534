//! `stackctl user add`.

use std::{
    io::{self, IsTerminal, Read},
    path::Path,
};

use clap::Args;
use stackctl_cognito::{
    password::Password,
    people::{self, Newcomer, People, attributes::attributes, changes::Refusal},
};
use stackctl_results::added_user::AddedUser;
use stackctl_stackfile::{api::Authorizer, names::LogicalName, origin::Origins, stack::Stack};

use crate::{
    error::{Error, user::UserError},
    exit,
    options::Global,
    report::Report,
    run::follow::follow,
    stack_file::StackFile,
    user_pool::{
        PoolOption, PoolSession,
        membership::{Change, known},
    },
};

/// Add a user with a temporary password; Cognito sends no message
#[derive(Debug, Args)]
#[command(aliases = ["create", "new"])]
pub struct Add {
    /// The name that the user signs in with
    name: String,
    #[command(flatten)]
    pool: PoolOption,
    /// The user's email address
    #[arg(long, value_name = "ADDRESS", conflicts_with = "reset")]
    email: Option<String>,
    /// A group that the user joins; it may be given several times
    #[arg(long, value_name = "GROUP", conflicts_with = "reset")]
    group: Vec<String>,
    /// Give an existing user a new temporary password
    #[arg(long)]
    reset: bool,
    /// Read the temporary password from stdin instead of choosing a random one
    #[arg(long)]
    password_stdin: bool,
}

impl Add {
    /// Adds the user, or gives an existing one a new temporary password.
    ///
    /// # Errors
    /// A name or password that the pool does not take, and Cognito's refusals.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let StackFile { stack, .. } = StackFile::read(global, report)?;
        let (pool, wanted) = self.pool.find(&stack)?;
        let groups: Vec<&str> =
            self.group.iter().map(|group| known(group, wanted)).collect::<Result<_, _>>()?;
        let attributes = attributes(&self.name, self.email, wanted)
            .map_err(|Refusal { what, hint }| Error::Usage { what, hint })?;
        let policy = &wanted.password;
        let password = if self.password_stdin {
            if global.file.as_deref() == Some(Path::new("-")) {
                return Err(Error::Usage {
                    what: "stdin can't be both the stack file and the password".to_owned(),
                    hint: "name the stack file with --file".to_owned(),
                });
            }
            let text = read_password()?;
            Password::chosen(text, policy).map_err(|lacks| UserError::WeakPassword { lacks })?
        } else {
            Password::random(policy).map_err(|error| Error::Io {
                doing: "choose a password".to_owned(),
                source: io::Error::other(error),
            })?
        };
        let mut session = PoolSession::open(global, &stack, pool, false, report).await?;
        let tell = session.tell(&self.name);
        let people = People { aws: &session.aws, pool: &session.pool_id };
        let (name, reset) = (self.name.as_str(), self.reset);
        let newcomer = Newcomer { name, attributes, password: &password };
        let works_until = people::works_until(policy.temporary_validity);
        let work = async {
            let there = people.find(name).await?.is_some();
            match (there, reset) {
                (true, true) => people.reset(name, &password, &tell).await.map(|()| Ok(())),
                (false, false) => people.add(&newcomer, &tell).await.map(|_| Ok(())),
                (true, false) => Ok(Err(UserError::Exists { name: name.to_owned(), pool: pool.to_string() })),
                (false, true) => {
                    Ok(Err(UserError::NotFound { name: name.to_owned(), pool: pool.to_string() }))
                }
            }
        };
        let done =
            follow("adding a user", None, &mut session.told, report, &mut session.interrupt, work).await;
        let (done, _) = done.map_err(|_| UserError::Unclear { what: format!("{name} was added") })?;
        match done {
            // Another run added the user first.
            Err(error) if error.is_there_already() => {
                Err(UserError::Exists { name: name.to_owned(), pool: pool.to_string() })
            }
            Err(source) => Err(UserError::Refused { doing: format!("add {name} to {pool}"), source }),
            Ok(done) => done,
        }?;
        // The password is shown even if a group refuses the user.
        let mut joined = Vec::new();
        let mut refused = Ok(());
        for group in groups {
            refused = session.change_group(Change::Add, pool, group, name, report).await;
            if refused.is_err() {
                break;
            }
            joined.push(group.to_owned());
        }
        report.added_user(&AddedUser {
            pool: pool.to_string(),
            pool_id: session.pool_id,
            name: self.name,
            reset,
            groups: joined,
            password: (!self.password_stdin).then(|| password.reveal().to_owned()),
            works_until,
            pages: pages(&stack, pool),
            options: global.target_options(),
        });
        refused.map(|()| exit::DONE)
    }
}

/// The password on stdin, without its line break.
fn read_password() -> Result<String, Error> {
    let mut stdin = io::stdin().lock();
    if stdin.is_terminal() {
        return Err(Error::Usage {
            what: "a terminal would show the password".to_owned(),
            hint: "send it through a pipe: `pass show ada | stackctl user add ada --password-stdin`"
                .to_owned(),
        });
    }
    let failed = |source| Error::Io { doing: "read the password from stdin".to_owned(), source };
    let mut bytes = Vec::new();
    // No password is longer.
    stdin.by_ref().take(4096).read_to_end(&mut bytes).map_err(failed)?;
    let not_text = |_| failed(io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"));
    let text = String::from_utf8(bytes).map_err(not_text)?;
    let line = text.strip_suffix('\n').map(|it| it.strip_suffix('\r').unwrap_or(it));
    Ok(line.unwrap_or(&text).to_owned())
}

/// The origins of pages that may call an API with this pool as its authorizer.
fn pages(stack: &Stack, pool: &LogicalName) -> Vec<String> {
    let apis = stack.apis.values().filter(|api| api.authorizer == Authorizer::UserPool(pool.clone()));
    let mut pages = Vec::new();
    for cors in apis.filter_map(|api| api.cors.as_ref()) {
        match &cors.origins {
            Origins::Any => pages.push("any page that has the outputs".to_owned()),
            Origins::These(all) => pages.extend(all.iter().map(ToString::to_string)),
        }
    }
    pages.sort();
    pages.dedup();
    pages
}
