//! Adoption: a resource that others made becomes the stack's by its tags. Release: the tags are removed. Neither changes
//! anything else.

mod error;
mod marked;
mod named;
mod standing;

pub use self::error::NoAdoption;

use stackctl_aws::{kinds::notification::Notification, session::NoSession, wiring};
use stackctl_aws_client::{
    adopting::{Adopting, Found},
    clients::{Aws, Clients, Reach},
};
use stackctl_aws_data::{
    account::Account,
    desired::{bucket, user_pool},
    tags::{Owner, TagChange, Tags},
};
use stackctl_cognito::{
    user_pool::{UserPool, groups},
    user_pool_client::UserPoolClient,
    user_pool_group::{self, UserPoolGroup},
};
use stackctl_engine::{Address, Graph, Listings, Plan, Reporter, Resource, listing, look};
use stackctl_lambda::{function::Function, log_group::LogGroup, role::Role};
use stackctl_package::Packages;
use stackctl_s3::bucket::Bucket;
use stackctl_stackfile::stack::Stack;

use self::{
    marked::{Marked, NamedBy},
    standing::{Standing, standing},
};

/// What became of a request to adopt a resource.
pub enum Examined {
    /// It may be adopted.
    Ready(Box<Adoption>),
    /// It is the stack's already.
    Own {
        /// Its address.
        address: Address,
        /// Its name in AWS.
        name: String,
    },
    /// It has no tags, and is the stack's by its name, as a part of a resource that is.
    Part {
        /// Its address.
        address: Address,
        /// Its name in AWS.
        name: String,
        /// The resource that it is a part of.
        of: Address,
    },
}

/// A resource that may be adopted.
pub struct Adoption {
    /// The account.
    pub account: Account,
    /// What the next apply would change of it and of its parts.
    pub forecast: Plan,
    /// The change.
    pub marking: Marking,
}

/// What a release changes.
pub struct Release {
    /// The changes, in their order: the resource is the last one, after those that belong to it.
    pub markings: Vec<Marking>,
    /// Whether the file contains the resource.
    pub in_file: bool,
}

/// A change of the tags of one resource, and of nothing else.
#[derive(Debug)]
pub struct Marking {
    /// The address of the resource.
    pub address: String,
    /// Its name in AWS.
    pub name: String,
    /// Its id, or its name where that is unique.
    pub id: String,
    /// The change.
    pub change: TagChange,
    kind: Marked,
}

impl Marking {
    /// The tags that are added or removed.
    pub fn tags(&self) -> Tags {
        match &self.change {
            TagChange::Set { from: _, to } => to.clone(),
            TagChange::Remove { from, keys } => {
                let of = |key: &String| Some((key.clone(), from.0.get(key)?.clone()));
                Tags(keys.iter().filter_map(of).collect())
            }
        }
    }

    /// Makes the change, unless the tags are not those that were seen.
    ///
    /// # Errors
    /// Tags that changed, and AWS's errors.
    pub async fn perform(&self, aws: &Aws, reporter: &Reporter) -> Result<(), NoAdoption> {
        let Marking { address: _, name, id, change, kind } = self;
        if *kind != Marked::Group {
            let (TagChange::Set { from, .. } | TagChange::Remove { from, .. }) = change;
            let now = kind.find(id, aws).await?;
            if !now.iter().any(|it| it.id == *id && it.tags == *from) {
                return Err(NoAdoption::Changed { what: kind.what(), name: name.clone() });
            }
        }
        Ok(kind.change(id, change, aws, reporter).await?)
    }
}

/// Looks at a resource that may be adopted at an address of the file, and at what the next apply would change of it.
///
/// # Errors
/// A resource that can't be adopted, and every failure to observe.
pub async fn examine(
    stack: &Stack,
    reach: &Reach,
    packages: &Packages,
    written: &str,
    name_or_id: &str,
) -> Result<(Aws, Examined), NoAdoption> {
    let (aws, graph) = begin(stack, reach, packages).await?;
    let address = graph.addresses().find(|it| it.to_string() == written).cloned().ok_or_else(|| {
        let known = graph.addresses().map(ToString::to_string).collect();
        NoAdoption::NoAddress { written: written.to_owned(), known }
    })?;
    if graph.uses(&address) {
        return Err(NoAdoption::Used { address });
    }
    let wanted = graph.name_at(&address).unwrap_or_default();
    let kind = match Marked::of(address.kind) {
        Some(kind) if kind != Marked::Group => kind,
        Some(_) | None => {
            let part = part(&graph, address, wanted, name_or_id, &aws).await?;
            return Ok((aws, part));
        }
    };
    let name_or_id = named::name_of(name_or_id, kind, &aws.account)?;
    let found = one(kind, kind.find(&name_or_id, &aws).await?, &name_or_id, &aws)?;
    if standing(kind, &found, &address, &wanted, &aws.account)? == Standing::Own {
        return Ok((aws, Examined::Own { address, name: found.name }));
    }
    let tags = tags(stack, &address, &aws.account);
    let Found { name, id, tags: from } = found;
    let adopting = Adopting { kind: address.kind, id: id.clone(), tags: tags.clone() };
    let ahead = Reach { adopting: Some(adopting), read_only: true, ..reach.clone() };
    let ahead = Clients::new(stack, &ahead).await.map_err(NoSession::from)?;
    let ahead = Aws { clients: ahead, account: aws.account.clone() };
    let listings = list(&ahead).await;
    let forecast = look::foresee(&graph, listings, &ahead, &address).await.map_err(NoAdoption::Unseen)?;
    let marking =
        Marking { address: address.to_string(), name, id, change: TagChange::Set { from, to: tags }, kind };
    let adoption = Adoption { account: aws.account.clone(), forecast, marking };
    Ok((aws, Examined::Ready(Box::new(adoption))))
}

/// Finds a resource of the stack by its address, or by its kind and its name in AWS, and the changes that release it. A
/// function is released with its role and its log group, which a later run would delete.
///
/// # Errors
/// A resource that is not the stack's or has no tags, and every failure to observe.
pub async fn releasable(
    stack: &Stack,
    reach: &Reach,
    packages: &Packages,
    written: &str,
) -> Result<(Aws, Release), NoAdoption> {
    let (aws, graph) = begin(stack, reach, packages).await?;
    let located = look::locate(&graph, list(&aws).await, &aws).await.map_err(NoAdoption::Unseen)?;
    // One that the file uses now with `existing:` may have the tags of an adoption.
    let used = graph.addresses().find(|it| it.to_string() == written && graph.uses(it));
    let used = used.and_then(|it| Some((it.kind, graph.name_at(it)?)));
    let named = match &used {
        Some((kind, name)) => Some((*kind, name.as_str())),
        None => written.split_once('.'),
    };
    let by_address = located.iter().find(|it| it.address.to_string() == written);
    let by_name = || located.iter().find(|it| named == Some((it.address.kind, it.name.as_str())));
    let (kind, id, address, is_desired) = match by_address.or_else(by_name) {
        Some(it) if !it.has_marks => return Err(NoAdoption::NoMarks { address: it.address.clone() }),
        Some(it) => (Marked::of(it.address.kind), it.id.clone(), it.address.to_string(), it.is_desired),
        None => {
            let (kind, name) = named.unwrap_or_default();
            (Marked::of(kind), name.to_owned(), written.to_owned(), false)
        }
    };
    let none = || NoAdoption::NotOfStack {
        written: written.to_owned(),
        known: located.iter().map(|it| it.address.to_string()).collect(),
    };
    let kind = kind.ok_or_else(none)?;
    if kind == Marked::Group {
        let located = located.iter().find(|it| it.id == id).ok_or_else(none)?;
        let (pool, group) = id.split_once('/').unwrap_or_default();
        if !user_pool_group::is_marked(pool, group, &aws).await? {
            return Err(NoAdoption::NoMarks { address: located.address.clone() });
        }
        let change = TagChange::Remove { from: Tags::default(), keys: Vec::new() };
        let marking = Marking { address, name: group.to_owned(), id, change, kind };
        return Ok((aws, Release { markings: vec![marking], in_file: is_desired }));
    }
    let (marking, tags) = release_of(kind, &id, address, &aws).await?.ok_or_else(none)?;
    let of_function = tags.logical_name(Function::KIND).filter(|_| kind == Marked::Function);
    let mut markings = Vec::new();
    for it in &located {
        if [Role::KIND, LogGroup::KIND].contains(&it.address.kind)
            && of_function == Some(it.address.name.as_str())
            && let Some(kind) = Marked::of(it.address.kind)
        {
            let part = release_of(kind, &it.id, it.address.to_string(), &aws).await?;
            markings.extend(part.map(|(marking, _)| marking));
        }
    }
    markings.push(marking);
    Ok((aws, Release { markings, in_file: is_desired }))
}

/// The change that releases a resource of the stack, and the tags of the resource; none if the stack has no such one.
async fn release_of(
    kind: Marked,
    id: &str,
    address: String,
    aws: &Aws,
) -> Result<Option<(Marking, Tags)>, NoAdoption> {
    let (own_stack, region) = (aws.account.stack.as_str(), aws.account.region.as_str());
    let mut found = kind.find(id, aws).await?;
    found.retain(|it| it.tags.owner_in(own_stack, region) == Owner::ThisStack);
    let Found { name, id, tags } = match one(kind, found, id, aws) {
        Ok(found) => found,
        Err(NoAdoption::NotFound { .. }) => return Ok(None),
        Err(other) => return Err(other),
    };
    let Some(change) = TagChange::release(&tags) else { return Ok(None) };
    Ok(Some((Marking { address, name, id, change, kind }, tags)))
}

async fn begin(stack: &Stack, reach: &Reach, packages: &Packages) -> Result<(Aws, Graph<Aws>), NoAdoption> {
    let clients = Clients::new(stack, reach).await.map_err(NoSession::from)?;
    let account = clients.account(stack, reach).await.map_err(NoSession::Account)?;
    let graph = wiring::graph(stack, &account, packages);
    Ok((Aws { clients, account }, graph))
}

async fn list(aws: &Aws) -> Listings {
    listing::list(&wiring::kinds(), &aws.clients).await
}

/// The only one of the resources that were found.
fn one(kind: Marked, mut found: Vec<Found>, written: &str, aws: &Aws) -> Result<Found, NoAdoption> {
    if found.len() > 1 {
        let ids = found.into_iter().map(|it| it.id).collect();
        return Err(NoAdoption::Several { what: kind.what(), name: written.to_owned(), ids });
    }
    found.pop().ok_or_else(|| NoAdoption::NotFound {
        what: kind.what(),
        written: written.to_owned(),
        region: aws.account.region.to_string(),
    })
}

/// The tags that make a resource the stack's, and say that it was adopted.
fn tags(stack: &Stack, address: &Address, account: &Account) -> Tags {
    let Address { kind, name } = address;
    let of_bucket = || stack.buckets.iter().find(|(it, _)| it.as_str() == name);
    let of_pool = || stack.user_pools.iter().find(|(it, _)| it.as_str() == name);
    let tags = match *kind {
        Role::KIND => account.tags_of_region(&address.to_string()),
        Bucket::KIND => of_bucket().map(|(name, it)| bucket::tags(account, name, it)).unwrap_or_default(),
        UserPool::KIND => of_pool().map(|(name, it)| user_pool::tags(account, name, it)).unwrap_or_default(),
        _ => account.tags(&address.to_string()),
    };
    let own = account.tags(&address.to_string());
    Tags(own.0.into_iter().chain(tags.0).collect()).of_owner().of_adopted()
}

/// An app client, a group or the events of a bucket, which are the stack's with their parent.
async fn part(
    graph: &Graph<Aws>,
    address: Address,
    wanted: String,
    name_or_id: &str,
    aws: &Aws,
) -> Result<Examined, NoAdoption> {
    let of = match address.name.split_once('/') {
        Some((pool, _)) => Address { kind: UserPool::KIND, name: pool.to_owned() },
        None => Address { kind: Bucket::KIND, name: address.name.clone() },
    };
    let listings = list(aws).await;
    let (known, not_ours) = look::identify(graph, listings, aws).await.map_err(NoAdoption::Unseen)?;
    let is_others = not_ours.iter().any(|it| it.address == of);
    let pool = known.at::<<UserPool as Resource>::Outputs>(&of);
    let bucket = known.at::<<Bucket as Resource>::Outputs>(&of);
    if is_others || (pool.is_none() && bucket.is_none()) {
        return Err(NoAdoption::NoParent { address, parent: of });
    }
    let Some(pool) = pool else { return Ok(Examined::Part { address, name: wanted, of }) };
    let (what, name, by) = if address.kind == UserPoolClient::KIND {
        let of_name = |(name, ids): (&String, &Vec<String>)| {
            (name == name_or_id || ids.iter().any(|id| id == name_or_id)).then(|| name.clone())
        };
        let path = address.name.replacen('/', ".clients.", 1);
        ("app client", pool.clients.iter().find_map(of_name), NamedBy::Key(format!("user_pools.{path}")))
    } else if address.kind == UserPoolGroup::KIND {
        let all = groups(&pool.id, aws).await?;
        ("group", all.contains_key(name_or_id).then(|| name_or_id.to_owned()), NamedBy::Nothing)
    } else {
        debug_assert_eq!(address.kind, Notification::KIND);
        return Ok(Examined::Part { address, name: wanted, of });
    };
    match name {
        None => Err(NoAdoption::NotFound { what, written: name_or_id.to_owned(), region: of.to_string() }),
        Some(name) if name != wanted => {
            Err(NoAdoption::OtherName { address, what, wanted, name, by: Box::new(by) })
        }
        Some(name) => Ok(Examined::Part { address, name, of }),
    }
}
