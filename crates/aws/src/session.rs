//! The look with which every command begins: whose account, what is there, what is wanted.

use std::time::Duration;

use stackctl_engine::{Aim, Failure, Graph, Kinds, Known, Listings, Look, listing, look};
use stackctl_package::Packages;
use stackctl_stackfile::stack::Stack;
use thiserror::Error;
use tokio::time::Instant;

use crate::wiring;
use stackctl_aws_client::{
    clients::{Aws, Clients, Reach},
    credentials::NoCredentials,
    request::{error::AwsError, operation::Schedule, wait},
};

/// A look that finds what it listed gone, since another run deletes it, is made again.
const LOOK_AGAIN: Schedule = Schedule::new(500, 4_000, 20);

/// A stack, looked at.
pub struct Session {
    /// The clients and the account.
    pub aws: Aws,
    /// What is wanted.
    pub graph: Graph<Aws>,
    /// What there is.
    pub look: Look,
}

/// Why there is no session.
#[derive(Debug, Error)]
pub enum NoSession {
    /// There is nothing to sign requests with.
    #[error(transparent)]
    Credentials(#[from] NoCredentials),
    /// Whose account it is could not be found out.
    #[error("could not find out whose account this is")]
    Account(#[source] AwsError),
    /// Some things could not be looked at.
    #[error("could not look at everything")]
    Unseen(Vec<Failure>),
}

impl Session {
    /// Looks at a stack.
    ///
    /// # Errors
    /// Everything that could not be looked at.
    pub async fn begin(
        stack: &Stack,
        reach: &Reach,
        packages: &Packages,
        aim: Aim,
    ) -> Result<Session, NoSession> {
        unless_gone_meanwhile(async || {
            let (aws, listings) = begin(stack, reach, &wiring::kinds()).await?;
            let graph = wiring::graph(stack, &aws.account, packages);
            let look = look::look(&graph, listings, &aws, aim).await.map_err(NoSession::Unseen)?;
            Ok(Session { aws, graph, look })
        })
        .await
    }
}

/// What pages are told of a stack, looked at with as little as that takes.
pub struct Identity {
    /// The clients and the account.
    pub aws: Aws,
    /// What there is.
    pub known: Known,
    /// What has the name of something wanted and is not the stack's.
    pub not_ours: Vec<Failure>,
}

impl Identity {
    /// Looks at buckets, user pools, app clients and APIs.
    ///
    /// # Errors
    /// Everything that could not be looked at.
    pub async fn read(stack: &Stack, reach: &Reach) -> Result<Identity, NoSession> {
        unless_gone_meanwhile(async || {
            let (aws, listings) = begin(stack, reach, &wiring::kinds_of_outputs()).await?;
            let graph = wiring::graph_of_outputs(stack, &aws.account);
            let seen = look::identify(&graph, listings, &aws).await;
            let (known, not_ours) = seen.map_err(NoSession::Unseen)?;
            Ok(Identity { aws, known, not_ours })
        })
        .await
    }
}

/// Looks again when another run deletes what a look lists before it reads it.
async fn unless_gone_meanwhile<T>(look: impl AsyncFn() -> Result<T, NoSession>) -> Result<T, NoSession> {
    let began = Instant::now();
    let mut earlier = 0;
    loop {
        // On the heap: the futures of a look are nested deeply.
        let looked = Box::pin(look()).await;
        let gone = match &looked {
            Err(NoSession::Unseen(failures)) => failures.iter().all(|it| it.source.may_be_gone()),
            Err(NoSession::Credentials(_) | NoSession::Account(_)) | Ok(_) => false,
        };
        let pause = LOOK_AGAIN.pause(earlier, Duration::ZERO);
        if !gone || began.elapsed() + pause > LOOK_AGAIN.bound {
            return looked;
        }
        earlier += 1;
        wait::between_looks("another run to end its changes", pause).await;
    }
}

/// Lists what there is, while STS is asked whose account it is.
async fn begin(stack: &Stack, reach: &Reach, kinds: &Kinds<Aws>) -> Result<(Aws, Listings), NoSession> {
    let clients = Clients::new(stack, reach).await?;
    let (account, listings) = tokio::join!(clients.account(stack, reach), listing::list(kinds, &clients));
    let account = account.map_err(NoSession::Account)?;
    Ok((Aws { clients, account }, listings))
}
