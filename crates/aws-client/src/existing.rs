//! Resources that others made and a stack uses: they are read and checked, and never changed.

use std::future::Future;

use stackctl_aws_data::desired::existing::Need;
use stackctl_engine::{Address, Aim, Known, Needs, Observed, Removal, Reporter, Resource, Step, Verb};

use crate::{
    clients::{Aws, Clients},
    request::error::AwsError,
};

/// A kind of resources that others made. The kind of the stack's own resources has the same [`Used::KIND`], listing and
/// outputs.
pub trait Used: Send + Sync + 'static {
    /// The kind in addresses.
    const KIND: &'static str;
    /// The listing of the stack's own resources of the kind; it is not read.
    type Listing: Send + Sync + 'static;
    /// The values that other resources refer to.
    type Outputs: Clone + Send + Sync + 'static;

    /// Its name or id in AWS, as the file has it.
    fn name(&self) -> String;

    /// Its outputs, as far as they are known or can be read, and nothing else. A destroy reads them too, so that a
    /// resource that is gone is no error.
    fn outputs(
        &self,
        observed: &Observed,
        aws: &Aws,
    ) -> impl Future<Output = Result<Self::Outputs, AwsError>> + Send;

    /// Reads everything that the stack needs of it.
    fn find(
        &self,
        observed: &Observed,
        aws: &Aws,
    ) -> impl Future<Output = Result<Found<Self::Outputs>, AwsError>> + Send;

    /// What the stack misses of it once the resource at this address exists; see [`Found::later`].
    fn missing_with(
        &self,
        _later: &Address,
        _known: &Known,
        _aws: &Aws,
    ) -> impl Future<Output = Result<Option<Need>, AwsError>> + Send {
        async { Ok(None) }
    }
}

/// What was found of a resource.
#[derive(Debug, Clone)]
pub struct Found<O> {
    /// Its outputs.
    pub outputs: O,
    /// What the stack misses of it.
    pub missing: Vec<Need>,
    /// The resources of the stack that do not exist yet, and without which not everything can be checked.
    pub later: Vec<Address>,
    /// What could not be checked, as a sentence, if anything.
    pub unchecked: Option<String>,
}

impl<O> Found<O> {
    /// A resource of which nothing is missing, as far as these outputs tell.
    pub fn with(outputs: O) -> Found<O> {
        Found { outputs, missing: Vec::new(), later: Vec::new(), unchecked: None }
    }
}

/// A resource that others made.
pub struct Existing<T>(pub T);

/// A step of a resource that others made; none changes it.
#[derive(Debug, Clone)]
pub enum Check {
    /// The stack misses something of it.
    Missing(Need),
    /// The rest is checked when the resource at this address exists.
    Later(Address),
}

impl<T: Used> Resource for Existing<T> {
    const KIND: &'static str = T::KIND;
    type Cloud = Aws;
    type Listing = T::Listing;
    type Live = Found<T::Outputs>;
    type Outputs = T::Outputs;
    type Action = Check;
    type Error = AwsError;

    /// It is not called: the kind of the stack's own resources is listed.
    async fn list(_: &Clients) -> Result<T::Listing, AwsError> {
        Err(AwsError::Stuck {
            what: format!("a {} that others made is not listed", T::KIND),
            hint: "report this error",
        })
    }

    async fn observe(
        &self,
        _: &T::Listing,
        observed: &Observed,
        aws: &Aws,
    ) -> Result<Option<Self::Live>, AwsError> {
        self.0.find(observed, aws).await.map(Some)
    }

    async fn locate(
        &self,
        _: &T::Listing,
        observed: &Observed,
        aws: &Aws,
    ) -> Result<Option<Self::Live>, AwsError> {
        self.0.outputs(observed, aws).await.map(Found::with).map(Some)
    }

    async fn orphans(
        _: &[&Self],
        _: &T::Listing,
        _: &Observed,
        _: &Aws,
    ) -> Result<Vec<(String, Self::Live)>, AwsError> {
        Ok(Vec::new())
    }

    fn is_existing(&self) -> bool {
        true
    }

    fn used(&self, live: Option<&Self::Live>) -> Step {
        let step = Step::new(Verb::Use);
        match live.and_then(|it| it.unchecked.as_ref()) {
            Some(note) => step.note(note),
            None => step,
        }
    }

    fn name(&self) -> String {
        self.0.name()
    }

    fn live_name(_: &Self::Live) -> String {
        String::new()
    }

    fn diff(&self, live: Option<&Self::Live>, _: &Known) -> Vec<Check> {
        let Some(Found { outputs: _, missing, later, unchecked: _ }) = live else { return Vec::new() };
        let missing = missing.iter().cloned().map(Check::Missing);
        missing.chain(later.iter().cloned().map(Check::Later)).collect()
    }

    fn describe(&self, check: &Check) -> Step {
        match check {
            Check::Missing(need) => need.step(),
            Check::Later(_) => Step::update("check the permissions", "of"),
        }
    }

    fn needs(&self, check: &Check) -> Needs {
        match check {
            Check::Missing(_) => Needs::Only(Vec::new()),
            Check::Later(address) => Needs::Only(vec![address.clone()]),
        }
    }

    async fn perform(
        &self,
        check: &Check,
        live: Option<Self::Live>,
        known: &Known,
        aws: &Aws,
        _: &Reporter,
    ) -> Result<Self::Live, AwsError> {
        let (mut live, later) = match (check, live) {
            (Check::Missing(need), _) => return Err(AwsError::Missing(need.clone())),
            (Check::Later(later), Some(live)) => (live, later),
            (Check::Later(_), None) => {
                let what = format!("the {} {} was not read", T::KIND, self.0.name());
                return Err(AwsError::Stuck { what, hint: "run the command again" });
            }
        };
        match self.0.missing_with(later, known, aws).await? {
            Some(need) => Err(AwsError::Missing(need)),
            None => {
                live.later.retain(|it| it != later);
                Ok(live)
            }
        }
    }

    fn outputs(&self, live: &Self::Live) -> T::Outputs {
        live.outputs.clone()
    }

    async fn removal(_: &Self::Live, _: Option<&Self>, _: Aim, _: &Aws) -> Result<Removal, AwsError> {
        Ok(Removal::Keep { why: "others made it".to_owned() })
    }

    async fn delete(_: Self::Live, _: Option<&Self>, _: Aim, _: &Aws, _: &Reporter) -> Result<(), AwsError> {
        Ok(())
    }

    async fn release(_: Self::Live, _: &Aws, _: &Reporter) -> Result<(), AwsError> {
        Ok(())
    }
}
