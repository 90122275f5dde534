//! The look with which every command begins: the account, the desired resources and their live state.

use std::time::Duration;

use stackctl_aws_client::{
    clients::{Aws, Clients, Reach},
    credentials::NoCredentials,
    request::{error::AwsError, operation::Schedule, wait},
};
use stackctl_engine::{Aim, Failure, Graph, Kinds, Known, Listings, Look, listing, look};
use stackctl_package::Packages;
use stackctl_stackfile::stack::Stack;
use thiserror::Error;
use tokio::time::Instant;

use crate::wiring;

/// The retry of a look that does not find a listed resource any more, because another run deletes it.
const LOOK_AGAIN: Schedule = Schedule::new(500, 4_000, 20);

/// A stack that was observed.
pub struct Session {
    /// The clients and the account.
    pub aws: Aws,
    /// The desired resources.
    pub graph: Graph<Aws>,
    /// The live state.
    pub look: Look,
}

/// The error of a look.
#[derive(Debug, Error)]
pub enum NoSession {
    /// There are no credentials.
    #[error(transparent)]
    Credentials(#[from] NoCredentials),
    /// The account could not be read.
    #[error("could not find out whose account this is")]
    Account(#[source] AwsError),
    /// The log groups could not be found.
    #[error("could not find the log groups")]
    Logs(#[source] AwsError),
    /// Some resources could not be observed.
    #[error("could not look at everything")]
    Unseen(Vec<Failure>),
}

impl Session {
    /// Observes a stack.
    ///
    /// # Errors
    /// Every failure to observe.
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

/// The outputs that web pages need, read with as few requests as possible.
pub struct Identity {
    /// The clients and the account.
    pub aws: Aws,
    /// The live state.
    pub known: Known,
    /// The failures of resources whose names are taken by resources that are not the stack's.
    pub not_ours: Vec<Failure>,
}

impl Identity {
    /// Locates buckets, user pools, app clients and APIs.
    ///
    /// # Errors
    /// Every failure to observe.
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

/// Repeats a look in which another run deleted a resource between its listing and its read.
async fn unless_gone_meanwhile<T>(look: impl AsyncFn() -> Result<T, NoSession>) -> Result<T, NoSession> {
    let began = Instant::now();
    let mut earlier = 0;
    loop {
        // The future is on the heap: a look's futures are nested deeply.
        let looked = Box::pin(look()).await;
        let gone = match &looked {
            Err(NoSession::Unseen(failures)) => failures.iter().all(|it| it.source.may_be_gone()),
            Err(NoSession::Credentials(_) | NoSession::Account(_) | NoSession::Logs(_)) | Ok(_) => false,
        };
        let pause = LOOK_AGAIN.pause(earlier, Duration::ZERO);
        if !gone || began.elapsed() + pause > LOOK_AGAIN.bound {
            return looked;
        }
        earlier += 1;
        wait::between_looks("another run to end its changes", pause).await;
    }
}

/// Lists all kinds while STS returns the account.
async fn begin(stack: &Stack, reach: &Reach, kinds: &Kinds<Aws>) -> Result<(Aws, Listings), NoSession> {
    let clients = Clients::new(stack, reach).await?;
    let (account, listings) = tokio::join!(clients.account(stack, reach), listing::list(kinds, &clients));
    let account = account.map_err(NoSession::Account)?;
    Ok((Aws { clients, account }, listings))
}
