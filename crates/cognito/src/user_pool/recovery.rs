//! How the users of a pool set another password when they forgot theirs: live, and as text.

use aws_sdk_cognitoidentityprovider::types::{
    AccountRecoverySettingType, RecoveryOptionNameType, RecoveryOptionType, UserPoolType,
};
use stackctl_stackfile::user_pool::Recovery;

/// How users of a pool set another password; `None`: by a way that the file can't name.
pub fn read(pool: &UserPoolType) -> Option<Recovery> {
    let ways = pool.account_recovery_setting().map(|it| it.recovery_mechanisms()).unwrap_or_default();
    let has = |name: &RecoveryOptionNameType| ways.iter().any(|it| it.name() == name);
    // Without a setting Cognito takes a verified address or phone number (COG-23).
    if ways.is_empty() || has(&RecoveryOptionNameType::VerifiedEmail) {
        return Some(Recovery::Email);
    }
    has(&RecoveryOptionNameType::AdminOnly).then_some(Recovery::Admin)
}

/// Sets how users of a pool set another password; a setting that serves already stays.
pub fn put_into(recovery: Recovery, pool: &mut UserPoolType) {
    if read(pool) == Some(recovery) {
        return;
    }
    let name = match recovery {
        Recovery::Email => RecoveryOptionNameType::VerifiedEmail,
        Recovery::Admin => RecoveryOptionNameType::AdminOnly,
    };
    // Both members are there, so the type can be built.
    let way = RecoveryOptionType::builder().name(name).priority(1).build().ok();
    pool.account_recovery_setting =
        Some(AccountRecoverySettingType::builder().set_recovery_mechanisms(way.map(|it| vec![it])).build());
}

/// The word of the file, or `by phone`.
pub fn text(recovery: Option<Recovery>) -> String {
    recovery.map_or_else(|| "by phone".to_owned(), |it| it.to_string())
}
