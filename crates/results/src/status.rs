//! The state of a stack, as `stackctl status` shows it.

use std::collections::BTreeMap;

use stackctl_aws_client::lock::Holder;
use stackctl_aws_data::outputs::Outputs;
use stackctl_engine::{Address, Plan, Verb};
use stackctl_s3::bucket::failures::Failures;

use stackctl_views::{outcome::Outcome, target::Target};

/// The state of a stack.
#[derive(Debug)]
pub struct Status {
    /// The stack and its account.
    pub target: Target,
    /// The resources of the file, and those that the file no longer contains.
    pub resources: Vec<ResourceState>,
    /// The number of settings that widen access beyond the file, and that `apply` does not change.
    pub exposures: usize,
    /// The outputs of the resources that exist.
    pub outputs: Outputs,
    /// The run that holds the lock; an error says why the lock can't be read.
    pub lock: Result<Option<Holder>, String>,
    /// The events that functions failed to handle, if there are any; an error says why they can't be read.
    pub failures: Result<Option<Failures>, String>,
}

/// The state of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceState {
    /// The resource.
    pub address: Address,
    /// When it last changed, where AWS says so, as in `2026-11-30T14:30:00Z`.
    pub changed: Option<String>,
    /// What the plan does with it; none: the resource is as the file says.
    pub outcome: Option<Outcome>,
    /// What differs, or why the plan leaves the resource out.
    pub differences: Vec<String>,
}

impl ResourceState {
    /// The states of the resources of a look.
    pub fn all<'a>(
        resources: impl Iterator<Item = &'a Address>,
        plan: &Plan,
        changed: &BTreeMap<Address, String>,
    ) -> Vec<ResourceState> {
        let of_file: Vec<&Address> = resources.collect();
        let orphans = plan.entries.iter().map(|entry| &entry.address).filter(|it| !of_file.contains(it));
        let orphans: Vec<&Address> = orphans.collect();
        let state = |address: &Address| {
            let entries: Vec<_> = plan.entries.iter().filter(|it| it.address == *address).collect();
            let steps = entries.iter().flat_map(|entry| &entry.steps);
            let differences = steps.flat_map(|step| match &step.verb {
                Verb::Create | Verb::Delete | Verb::Use => Vec::new(),
                Verb::Keep { why } | Verb::Skip { why } | Verb::Refuse { why } => vec![why.clone()],
                Verb::Update(_) | Verb::CreatePart(_) | Verb::DeletePart(_) if step.changes.is_empty() => {
                    vec![step.verb.label().action.to_owned()]
                }
                Verb::Update(_) | Verb::CreatePart(_) | Verb::DeletePart(_) => {
                    step.changes.iter().map(|it| it.field.clone()).collect()
                }
            });
            ResourceState {
                address: address.clone(),
                changed: changed.get(address).cloned(),
                outcome: entries.first().map(|entry| Outcome::of(entry)),
                differences: differences.collect(),
            }
        };
        of_file.into_iter().chain(orphans).map(state).collect()
    }

    /// The state in a word.
    pub fn word(&self) -> &'static str {
        match self.outcome {
            None => "in place",
            Some(Outcome::Created) => "missing",
            Some(Outcome::Changed) => "differs",
            Some(Outcome::Deleted) => "not in the file",
            Some(Outcome::Kept) => "kept",
            Some(Outcome::Used) => "used",
            Some(Outcome::Skipped) => "left out",
            Some(Outcome::Refused) => "refused",
        }
    }
}

impl Status {
    /// The number of resources that `apply` would change, and that it would refuse or leave out.
    pub fn differing(&self) -> usize {
        let differs = |it: &&ResourceState| !matches!(it.outcome, None | Some(Outcome::Kept | Outcome::Used));
        self.resources.iter().filter(differs).count()
    }

    /// Whether nothing of the stack exists.
    pub fn is_absent(&self) -> bool {
        self.resources.iter().all(|it| matches!(it.outcome, Some(Outcome::Created | Outcome::Used)))
    }
}
