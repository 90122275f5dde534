//! The state that the rules keep between requests.

pub(crate) mod buckets;
pub(crate) mod clients;
pub(crate) mod clock;
pub(crate) mod events;
pub(crate) mod exclusive;
pub(crate) mod former;
pub(crate) mod functions;
pub(crate) mod key_grants;
pub(crate) mod mails;
pub(crate) mod parameters;
pub(crate) mod roles;
pub(crate) mod snapshots;
pub(crate) mod tokens;

use std::sync::atomic::AtomicU64;

use self::{
    buckets::Buckets, clients::Clients, clock::Clock, events::Events, exclusive::Exclusive, former::Former,
    functions::Functions, key_grants::KeyGrants, mails::Mails, parameters::DeletedNames, roles::Roles,
    snapshots::Snapshots, tokens::Tokens,
};

/// The state that the rules keep; it outlives changes of the settings.
#[derive(Default)]
pub(crate) struct Memory {
    pub clock: Clock,
    pub tokens: Tokens,
    pub exclusive: Exclusive,
    pub roles: Roles,
    pub functions: Functions,
    pub key_grants: KeyGrants,
    pub mails: Mails,
    pub clients: Clients,
    pub events: Events,
    pub snapshots: Snapshots,
    pub buckets: Buckets,
    pub deleted_parameters: DeletedNames,
    pub former: Former,
    /// How many lists were shuffled so far.
    pub shuffled: AtomicU64,
}
