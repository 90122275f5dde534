//! The look with which every command begins: whose account, what is there, what is wanted.

use stackctl_engine::{Failure, Graph, Look};
use stackctl_spec::stack::Stack;
use thiserror::Error;

use crate::{
    clients::{Aws, Clients, Reach},
    error::AwsError,
    package::Packages,
    wiring,
};

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
    /// Whose account it is could not be found out.
    #[error("could not find out whose account this is")]
    Account(#[source] AwsError),
    /// Some things could not be looked at.
    #[error("could not look at everything")]
    Unseen(Vec<Failure>),
}

impl Session {
    /// Looks at a stack. Listing goes on while STS is asked whose account it is.
    ///
    /// # Errors
    /// Everything that could not be looked at.
    pub async fn begin(stack: &Stack, reach: &Reach, packages: &Packages) -> Result<Session, NoSession> {
        let clients = Clients::new(stack, reach).await;
        let kinds = wiring::kinds();
        let (account, census) =
            tokio::join!(clients.account(stack, reach), stackctl_engine::look::census(&kinds, &clients));
        let account = account.map_err(NoSession::Account)?;
        let graph = wiring::graph(kinds, stack, &account, packages);
        let aws = Aws { clients, account };
        let look = stackctl_engine::look::look(&graph, census, &aws).await.map_err(NoSession::Unseen)?;
        Ok(Session { aws, graph, look })
    }
}
