//! The desired user pool, its live state, and the actions between them.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cognitoidentityprovider::{
    error::BuildError,
    types::{ProviderDescription, UserPoolClientType, UserPoolType},
};
use stackctl_aws_client::request::error::AwsError;
use stackctl_aws_data::{
    account::Arn,
    tags::{TagChange, Tags},
};
use stackctl_stackfile::user_pool::{
    PasswordPolicy, Recovery, SignUp, Tier, UserPool as UserPoolOfFile, UsernameAttribute,
};

use super::{
    mails::Mails,
    mfa::{Impossible, SecondFactors},
};

/// A user pool. Its app clients are separate resources.
pub struct UserPool {
    /// Its name, which other pools may have too.
    pub name: String,
    /// Its logical name.
    pub logical: String,
    /// Its section of the file.
    pub desired: UserPoolOfFile,
    /// Its tags.
    pub tags: Tags,
}

/// All user pools of the region.
pub struct Listed(pub(super) Vec<Named>);

/// A listed pool (COG-28).
pub(super) struct Named {
    pub(super) id: String,
    pub(super) name: String,
}

/// The live resource.
#[derive(Debug, Clone)]
pub struct Live {
    pub(super) id: String,
    pub(super) arn: Arn,
    /// The ids of its app clients, by name.
    pub(super) clients: BTreeMap<String, Vec<String>>,
    /// The descriptions of its groups, by name; empty if they were not read.
    pub(super) groups: BTreeMap<String, String>,
    /// The fields that a diff compares.
    pub settings: UserPoolSettings,
    /// The whole description, which an update has to send back (COG-20).
    pub(super) described: UserPoolType,
    /// The second factors; `None` if they were not read, because the file does not name them.
    pub(super) factors: Option<SecondFactors>,
    /// The additions of others; empty if they were not read.
    pub(super) added: Added,
}

/// The values that other resources refer to.
#[derive(Debug, Clone)]
pub struct Outputs {
    /// Its id.
    pub id: String,
    /// Its ARN.
    pub arn: Arn,
    /// The ids of its app clients, by their names in AWS.
    pub clients: BTreeMap<String, Vec<String>>,
    /// The descriptions of its groups, by name.
    pub groups: BTreeMap<String, String>,
    /// Whether the stack adopted it.
    pub is_adopted: bool,
}

/// One step, about one call.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum Action {
    Refuse { from: UserPoolSettings },
    RefuseMfa(Impossible),
    Create,
    Update { from: UserPoolSettings },
    SetMfa { from: Box<SecondFactors>, to: Box<SecondFactors> },
    ChangeTags(TagChange),
}

impl Live {
    pub(super) fn new(
        described: Option<UserPoolType>,
        clients: BTreeMap<String, Vec<String>>,
    ) -> Result<Live, AwsError> {
        let missing = || BuildError::missing_field("Id", "a user pool has an id and an ARN");
        let described = described.filter(|pool| pool.id.is_some() && pool.arn.is_some());
        let described = described.ok_or_else(|| AwsError::unreadable("the user pool", missing()))?;
        Ok(Live {
            id: described.id.clone().unwrap_or_default(),
            arn: Arn(described.arn.clone().unwrap_or_default()),
            clients,
            groups: BTreeMap::new(),
            settings: UserPoolSettings::read(&described),
            described,
            factors: None,
            added: Added::default(),
        })
    }
}

/// The fields that a diff compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserPoolSettings {
    /// Its name.
    pub name: String,
    /// Who may create an account.
    pub sign_up: SignUp,
    /// The attributes with which users sign in besides a user name.
    pub sign_in_with: BTreeSet<UsernameAttribute>,
    /// How users set another password; `None`: the file does not say so, or another way in AWS.
    pub recovery: Option<Recovery>,
    /// Who sends the mails; `None`: the file does not say so.
    pub mails: Option<Mails>,
    /// The tier; `None`: the file does not say so.
    pub tier: Option<Tier>,
    /// The password policy.
    pub password: PasswordPolicy,
    /// Whether Cognito refuses to delete it.
    pub deletion_protection: bool,
    /// Whether Cognito sends a code to a new address, without which users can't confirm an account that they created.
    pub verify_email: bool,
    /// Its tags.
    pub tags: Tags,
}

/// The additions to a pool that stackctl does not manage.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Added {
    /// The identity providers, whose users the pool lets sign in.
    pub providers: Vec<ProviderDescription>,
    /// The app clients that are not the stack's.
    pub clients: Vec<UserPoolClientType>,
}
