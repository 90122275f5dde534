//! What a strict cloud remembers of its requests.

pub(crate) mod buckets;
pub(crate) mod busy;
pub(crate) mod clock;
pub(crate) mod former;
pub(crate) mod functions;
pub(crate) mod key_grants;
pub(crate) mod parameters;
pub(crate) mod roles;
pub(crate) mod snapshots;
pub(crate) mod tokens;

use std::sync::atomic::AtomicU64;

use self::{
    buckets::Buckets, busy::Busy, clock::Clock, former::Former, functions::Functions, key_grants::KeyGrants,
    parameters::Deleted, roles::Roles, snapshots::Snapshots, tokens::Tokens,
};

/// What the rules know; it outlives changes of the settings.
#[derive(Default)]
pub(crate) struct Memory {
    pub clock: Clock,
    pub tokens: Tokens,
    pub busy: Busy,
    pub roles: Roles,
    pub functions: Functions,
    pub key_grants: KeyGrants,
    pub snapshots: Snapshots,
    pub buckets: Buckets,
    pub deleted_parameters: Deleted,
    pub former: Former,
    /// How many lists were shuffled so far.
    pub shuffled: AtomicU64,
}
