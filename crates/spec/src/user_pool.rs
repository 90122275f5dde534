//! A Cognito user pool and its app clients.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    names::{LogicalName, UserPoolName},
    units::Seconds,
};

/// A user pool: who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserPool {
    /// Its name in AWS, when it is not the computed one.
    pub name: Option<UserPoolName>,
    /// Who may make an account. Default: `admin`.
    pub sign_up: SignUp,
    /// What people may sign in with besides a user name; it can't be changed later (COG-22). Default: nothing.
    pub username_attributes: BTreeSet<UsernameAttribute>,
    /// What a password must be.
    pub password: PasswordPolicy,
    /// Whether AWS refuses to delete the pool until it is lifted. Default: true.
    pub deletion_protection: bool,
    /// Its app clients.
    pub clients: BTreeMap<LogicalName, Client>,
}

/// Who may make an account in a user pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SignUp {
    /// `admin`: only an administrator. The default.
    #[default]
    Admin,
    /// `open`: anyone.
    Open,
}

/// An attribute that is used in place of a user name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UsernameAttribute {
    /// `email`
    Email,
    /// `phone_number`
    PhoneNumber,
}

/// What a password must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// 6 to 99 characters. Default: 8.
    pub minimum_length: u8,
    /// A lower-case letter. Default: true.
    pub lowercase: bool,
    /// An upper-case letter. Default: true.
    pub uppercase: bool,
    /// A digit. Default: true.
    pub digits: bool,
    /// A symbol. Default: true.
    pub symbols: bool,
    /// How long a temporary password works, whole days, 1 to 365. Default: 7 days.
    pub temporary_validity: Seconds,
}

/// An app client for a web page: SRP sign-in and refresh, no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// How long an access token lives, 5 minutes to 1 day. Default: 1 hour.
    pub access_token: Seconds,
    /// How long an id token lives, 5 minutes to 1 day. Default: 1 hour.
    pub id_token: Seconds,
    /// How long a session can be renewed, 1 hour to 10 years. Default: 30 days.
    pub refresh_token: Seconds,
}
