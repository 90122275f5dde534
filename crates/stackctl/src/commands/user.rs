//! `stackctl user`.

use std::io::{self, IsTerminal, Read};

use clap::{Args, Subcommand};
use stackctl_aws::{
    client::clients::Aws,
    outputs::Outputs,
    password::Password,
    people::{self, Newcomer, People},
    session::{Identity, NoSession},
};
use stackctl_engine::{Address, Events, Failure, Tell};
use stackctl_stackfile::{
    api::Authorizer, names::LogicalName, origin::Origins, stack::Stack, user_pool::UserPool,
};

use crate::{
    cloud::reach::reach,
    error::{Error, user::UserError},
    exit,
    options::Global,
    report::Report,
    run::{
        ask,
        follow::{follow, watch},
        interrupt::Interrupt,
    },
    stack_file::StackFile,
    terminal::users::{Welcome, called},
    user_pool::attributes::attributes,
};

const EXAMPLES: &str = "\
Examples:
  stackctl user add ada                  shows a temporary password, once
  stackctl user add ada --reset          gives ada another one
  pass show ada | stackctl user add ada --password-stdin
  stackctl user list
  stackctl user remove ada";

/// The people who may sign in: add, list and remove them
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct User {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Add somebody, with a temporary password; no message is sent to them
    Add(Add),
    /// Show who is there
    List(InPool),
    /// Remove somebody; files that they uploaded stay
    Remove(Remove),
}

#[derive(Debug, Args)]
struct InPool {
    /// The user pool; not needed where there is one
    #[arg(long, value_name = "NAME")]
    pool: Option<String>,
}

#[derive(Debug, Args)]
struct Add {
    /// What they sign in with
    name: String,
    #[command(flatten)]
    pool: InPool,
    /// Their email address
    #[arg(long, value_name = "ADDRESS", conflicts_with = "reset")]
    email: Option<String>,
    /// Give somebody who is there already another temporary password
    #[arg(long)]
    reset: bool,
    /// Read the temporary password from stdin, instead of making one up
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Debug, Args)]
struct Remove {
    /// What they sign in with
    name: String,
    #[command(flatten)]
    pool: InPool,
    /// Do it without asking
    #[arg(short, long)]
    yes: bool,
}

impl User {
    /// Does it.
    ///
    /// # Errors
    /// What Cognito refused, and what does not fit to what is there.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        match self.command {
            Command::Add(it) => it.run(global, report).await,
            Command::List(it) => it.list(global, report).await,
            Command::Remove(it) => it.run(global, report).await,
        }
    }
}

impl Add {
    async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let StackFile { stack, folder: _ } = StackFile::read(global, report)?;
        let (pool, wanted) = self.pool.find(&stack)?;
        let attributes = attributes(&self.name, self.email, wanted)?;
        let policy = &wanted.password;
        let password = if self.password_stdin {
            let text = read_password()?;
            Password::chosen(text, policy).map_err(|lacks| UserError::WeakPassword { lacks })?
        } else {
            Password::random(policy).map_err(|error| Error::Io {
                doing: "make up a password".to_owned(),
                source: io::Error::other(error),
            })?
        };
        let mut at = At::look(global, &stack, pool, false, report).await?;
        let tell = at.tell(&self.name);
        let people = People { aws: &at.aws, pool: &at.pool_id };
        let (name, reset) = (self.name.as_str(), self.reset);
        let newcomer = Newcomer { name, attributes, password: &password };
        let works_until = people::works_until(policy.temporary_validity);
        let work = async {
            let there = people.find(name).await?.is_some();
            match (there, reset) {
                (true, true) => people.reset(name, &password, &tell).await.map(|()| Ok(())),
                (false, false) => people.add(&newcomer, &tell).await.map(|_| Ok(())),
                (true, false) => Ok(Err(UserError::Exists { name: name.to_owned(), pool: pool.to_string() })),
                (false, true) => Ok(Err(UserError::Nobody { name: name.to_owned(), pool: pool.to_string() })),
            }
        };
        let done = follow("adding a user", None, &mut at.told, report, &mut at.interrupt, work).await;
        let (done, _) = done.map_err(|_| UserError::Unclear { what: format!("{name} was added") })?;
        match done {
            // Somebody else was faster.
            Err(error) if error.is_there_already() => {
                Err(UserError::Exists { name: name.to_owned(), pool: pool.to_string() })
            }
            Err(source) => Err(UserError::Refused { doing: format!("add {name} to {pool}"), source }),
            Ok(done) => done,
        }?;
        report.welcome(&Welcome {
            pool: pool.to_string(),
            pool_id: at.pool_id,
            name: self.name,
            reset,
            password: (!self.password_stdin).then(|| password.reveal().to_owned()),
            works_until,
            pages: pages(&stack, pool),
        });
        Ok(exit::DONE)
    }
}

impl InPool {
    async fn list(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let StackFile { stack, folder: _ } = StackFile::read(global, report)?;
        let (pool, wanted) = self.find(&stack)?;
        let mut at = At::look(global, &stack, pool, true, report).await?;
        let people = People { aws: &at.aws, pool: &at.pool_id };
        let all = watch("listing users", report, &mut at.interrupt, people.list()).await?;
        let mut all = all.map_err(|source| UserError::Refused { doing: format!("list {pool}"), source })?;
        let addresses = !wanted.username_attributes.is_empty();
        all.sort_by(|one, other| called(one, addresses).cmp(called(other, addresses)));
        report.people(pool.as_str(), &all, addresses);
        Ok(exit::DONE)
    }

    /// The pool that is meant.
    fn find<'a>(&self, stack: &'a Stack) -> Result<(&'a LogicalName, &'a UserPool), Error> {
        let names: Vec<&str> = stack.user_pools.keys().map(LogicalName::as_str).collect();
        let wrong = |what: String, hint: String| Err(Error::Usage { what, hint });
        let mut pools = stack.user_pools.iter();
        match (&self.pool, pools.len()) {
            (_, 0) => {
                wrong("stack.yaml has no user pool".to_owned(), "add one under `user_pools:`".to_owned())
            }
            (None, 1) => Ok(pools.next().expect("there is one")),
            (None, _) => wrong(
                "there are several user pools".to_owned(),
                format!("say --pool {}", names.join(", or --pool ")),
            ),
            (Some(asked), _) => match pools.find(|(name, _)| name.as_str() == asked) {
                Some(found) => Ok(found),
                None => wrong(
                    format!("no user pool is called `{asked}`"),
                    format!("stack.yaml has {}", names.join(", ")),
                ),
            },
        }
    }
}

impl Remove {
    async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let StackFile { stack, folder: _ } = StackFile::read(global, report)?;
        let (pool, _) = self.pool.find(&stack)?;
        if !self.yes && !ask::is_possible() {
            return Err(Error::Usage {
                what: "there is no terminal to ask at".to_owned(),
                hint: "say --yes to remove them without being asked".to_owned(),
            });
        }
        let mut at = At::look(global, &stack, pool, false, report).await?;
        let name = self.name.as_str();
        let people = People { aws: &at.aws, pool: &at.pool_id };
        let refused = |source| UserError::Refused { doing: format!("remove {name} from {pool}"), source };
        let found = watch("looking", report, &mut at.interrupt, people.find(name)).await?;
        if found.map_err(refused)?.is_none() {
            return Err(UserError::Nobody { name: name.to_owned(), pool: pool.to_string() }.into());
        }
        if !self.yes {
            let question = format!(
                "Remove {} from {pool}? Their files stay. [y/N]",
                crate::terminal::style::visible(name)
            );
            let answer = ask::ask(&question, report, &mut at.interrupt).await?.unwrap_or_default();
            if !["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str()) {
                return Err(Error::Declined);
            }
        }
        let work = people.remove(name);
        let done = follow("removing a user", None, &mut at.told, report, &mut at.interrupt, work).await;
        let (done, _) = done.map_err(|_| UserError::Unclear { what: format!("{name} was removed") })?;
        done.map_err(refused)?;
        report.removed(pool.as_str(), name);
        Ok(exit::DONE)
    }
}

/// Where the people are.
struct At {
    aws: Aws,
    pool_id: String,
    events: Events,
    told: tokio::sync::mpsc::UnboundedReceiver<stackctl_engine::Event>,
    interrupt: Interrupt,
    stop: stackctl_engine::Stop,
}

impl At {
    async fn look(
        global: &Global,
        stack: &Stack,
        pool: &LogicalName,
        read_only: bool,
        report: &mut Report,
    ) -> Result<At, Error> {
        let (mut interrupt, stop) = Interrupt::listen()?;
        let (events, told) = Events::channel();
        let reach = reach(global, stack, read_only, report, &mut interrupt).await?;
        let looking = Identity::read(stack, &reach);
        let Identity { aws, known, not_ours } = watch("looking", report, &mut interrupt, looking).await??;
        let outputs = Outputs::of(stack, &aws.account, &known);
        let Some(found) = outputs.user_pools.get(pool.as_str()) else {
            let address = format!("user_pool.{pool}");
            let in_the_way: Vec<Failure> =
                not_ours.into_iter().filter(|it| it.address.to_string() == address).collect();
            return Err(match in_the_way.is_empty() {
                true => Error::NotApplied { missing: vec![address] },
                false => NoSession::Unseen(in_the_way).into(),
            });
        };
        Ok(At { pool_id: found.id.clone(), aws, events, told, interrupt, stop })
    }

    fn tell(&self, name: &str) -> Tell {
        Tell::new(Address { kind: "user", name: name.to_owned() }, self.events.clone(), self.stop.clone())
    }
}

/// The password on stdin, without the end of its line.
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
    // More than that is no password.
    stdin.by_ref().take(4096).read_to_end(&mut bytes).map_err(failed)?;
    let not_text = |_| failed(io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"));
    let text = String::from_utf8(bytes).map_err(not_text)?;
    let line = text.strip_suffix('\n').map(|it| it.strip_suffix('\r').unwrap_or(it));
    Ok(line.unwrap_or(&text).to_owned())
}

/// The pages that may call an API whose callers sign in to the pool.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn stack(pools: &str) -> Stack {
        let text = format!("stack: demo\nregion: eu-west-1\nuser_pools: {pools}\n");
        stackctl_stackfile::parse(&text, None).unwrap_or_else(|_| panic!("{text}"))
    }

    fn said(result: Result<impl Sized, Error>) -> String {
        match result {
            Ok(_) => "fine".to_owned(),
            Err(error) => format!("{error}; {}", error.hint().unwrap_or_default()),
        }
    }

    #[test]
    fn which_pool() {
        let find = |pools: &str, asked: Option<&str>| {
            let stack = stack(pools);
            let pool = InPool { pool: asked.map(str::to_owned) };
            said(pool.find(&stack))
        };
        assert_eq!(find("{}", None), "stack.yaml has no user pool; add one under `user_pools:`");
        assert_eq!(find("{a: {}}", None), "fine");
        assert_eq!(find("{a: {}, b: {}}", Some("b")), "fine");
        assert_eq!(find("{a: {}, b: {}}", None), "there are several user pools; say --pool a, or --pool b");
        assert_eq!(find("{a: {}, b: {}}", Some("c")), "no user pool is called `c`; stack.yaml has a, b");
    }
}
