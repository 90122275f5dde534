//! The users of a user pool as text.

use std::collections::BTreeMap;

use stackctl_cognito::people::{Person, profile::Profile};
use stackctl_stackfile::units::Seconds;
use stackctl_views::style::{Ink, Style, visible, width, word};

use crate::added_user::AddedUser;

/// The text about a user who was added.
pub fn added(user: &AddedUser, style: Style) -> String {
    let AddedUser { pool, pool_id, name, reset, groups, password, works_until, pages, options } = user;
    let mut text = match reset {
        false => format!("Added {} to user pool `{pool}`. Cognito sent no message.\n", visible(name)),
        true => format!("{} of user pool `{pool}` has a new temporary password.\n", visible(name)),
    };
    let lost = if password.is_some() { "The password is not shown again" } else { "If the password is lost" };
    let again = format!("`stackctl user add{options} --reset {}` sets a new one.", word(name));
    let changed = "The user chooses another password at the first sign-in.";
    text += &style.beside("", 0, &format!("{changed} {lost}: {again}"), None);
    text += "\n";
    let mut row = |head: &str, value: &str, ink| {
        text += &style.beside(&format!("{head:<20}"), 20, &visible(value), ink);
    };
    if pages.is_empty() {
        row("sign in to", &format!("{pool_id} (stack.yaml names no page)"), None);
    }
    for (at, page) in pages.iter().enumerate() {
        row(if at == 0 { "sign in at" } else { "" }, page, None);
    }
    if !groups.is_empty() {
        row("in groups", &groups.join(", "), None);
    }
    row("works until", &moment(works_until), None);
    // The last line is the one that is not scrolled away.
    if let Some(password) = password {
        row("temporary password", password, Some(Ink::Strong));
    }
    text
}

/// The text about a user who was removed.
pub fn removed(pool: &str, name: &str) -> String {
    format!("Removed {} from user pool `{pool}`.\n", visible(name))
}

/// The text about a user who was added to a group.
pub fn joined_group(pool: &str, group: &str, name: &str) -> String {
    let name = visible(name);
    format!("Added {name} to group `{group}` of user pool `{pool}`. It counts from the next sign-in on.\n")
}

/// The text about a user who was removed from a group, and how long a token may still name it.
pub fn left_group(pool: &str, group: &str, name: &str, token: Option<Seconds>) -> String {
    let still = token.map(|it| format!(" A page that is signed in may use it for {it} more."));
    let (name, group, still) = (visible(name), visible(group), still.unwrap_or_default());
    format!("Removed {name} from group `{group}` of user pool `{pool}`.{still}\n")
}

/// The people of each group, or the advice to add one to the file.
pub fn groups(pool: &str, groups: &BTreeMap<&str, Vec<String>>, style: Style) -> String {
    if groups.is_empty() {
        return format!("user pool `{pool}` has no groups; add them under `groups:` in stack.yaml\n");
    }
    let column = groups.keys().map(|it| width(it)).max().unwrap_or_default() + 2;
    let line = |(group, people): (&&str, &Vec<String>)| {
        let people = if people.is_empty() { "no people".to_owned() } else { people.join(", ") };
        style.beside(&format!("{group:<column$}"), column, &visible(&people), None)
    };
    groups.iter().map(line).collect()
}

/// The users of a pool, or the advice to add some.
pub fn list(pool: &str, people: &[Person], addresses: bool, style: Style) -> String {
    match people.is_empty() {
        true => format!("user pool `{pool}` has no users; `stackctl user add` adds one\n"),
        false => table(people, addresses, style),
    }
}

/// A user with all that an administrator can see.
pub fn one(profile: &Profile, style: Style) -> String {
    let Profile { person, email_verified, phone_verified, second_factors, modified } = profile;
    let Person { name, email, phone, status: word, enabled, created } = person;
    let address = |address: &Option<String>, verified: bool| {
        address.as_ref().map(|it| format!("{it} ({}verified)", if verified { "" } else { "not " }))
    };
    let factors: Vec<&str> = second_factors.iter().map(|it| second_factor(it)).collect();
    let rows = [
        ("name", Some(name.clone())),
        ("email", address(email, *email_verified)),
        ("phone", address(phone, *phone_verified)),
        ("status", Some(status(word))),
        ("enabled", Some(if *enabled { "yes" } else { "no" }.to_owned())),
        ("second factor", Some(if factors.is_empty() { "none".to_owned() } else { factors.join(", ") })),
        ("added", created.as_deref().map(moment)),
        ("changed", modified.as_deref().map(moment)),
    ];
    let rows = rows.into_iter().filter_map(|(head, value)| Some((head, value?)));
    rows.map(|(head, value)| style.beside(&format!("{head:<15}"), 15, &visible(&value), None)).collect()
}

/// A second factor in words, from Cognito's word.
fn second_factor(word: &str) -> &str {
    match word {
        "SOFTWARE_TOKEN_MFA" => "authenticator app",
        "SMS_MFA" => "text message",
        "EMAIL_OTP" => "email",
        other => other,
    }
}

/// A table of users. In a pool whose users sign in with an address, the name is the address, since Cognito's own name is
/// a random id.
fn table(people: &[Person], addresses: bool, style: Style) -> String {
    let rows: Vec<[String; 4]> = people
        .iter()
        .map(|it| {
            let enabled = if it.enabled { "yes" } else { "no" };
            let created = it.created.as_deref().map(moment).unwrap_or_default();
            [visible(called(it, addresses)), status(&it.status), enabled.to_owned(), created]
        })
        .collect();
    let head = ["name", "status", "enabled", "added"].map(str::to_owned);
    let wide: [usize; 4] = std::array::from_fn(|column| {
        rows.iter().chain([&head]).map(|row| width(&row[column])).max().unwrap_or_default()
    });
    let mut text = String::new();
    for (at, row) in [&head].into_iter().chain(&rows).enumerate() {
        let cells: Vec<String> =
            row.iter().zip(wide).map(|(cell, wide)| format!("{cell}{:1$}", "", wide - width(cell))).collect();
        let line = cells.join("  ");
        let line = line.trim_end();
        text += &if at == 0 { style.paint(Ink::Faint, line) } else { line.to_owned() };
        text.push('\n');
    }
    text
}

/// The name that a user signs in with.
pub fn called(person: &Person, addresses: bool) -> &str {
    let address = person.email.as_deref().or(person.phone.as_deref()).filter(|_| addresses);
    address.unwrap_or(&person.name)
}

/// The status of a user in words, from Cognito's word.
fn status(word: &str) -> String {
    match word {
        "CONFIRMED" => "confirmed".to_owned(),
        "FORCE_CHANGE_PASSWORD" => "has a temporary password".to_owned(),
        "UNCONFIRMED" => "not confirmed yet".to_owned(),
        "RESET_REQUIRED" => "must reset the password".to_owned(),
        other => other.to_lowercase().replace('_', " "),
    }
}

/// `2026-12-01T03:17:00Z` as `2026-12-01 03:17 UTC`.
pub fn moment(text: &str) -> String {
    match text.split_once('T') {
        Some((day, time)) if time.len() >= 5 && time.is_ascii() => format!("{day} {} UTC", &time[..5]),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn ada() -> Person {
        Person {
            name: "ada".to_owned(),
            email: Some("ada@example.com".to_owned()),
            phone: None,
            status: "FORCE_CHANGE_PASSWORD".to_owned(),
            enabled: true,
            created: Some("2026-11-24T03:17:00.123Z".to_owned()),
        }
    }

    fn welcome() -> AddedUser {
        AddedUser {
            pool: "users".to_owned(),
            pool_id: "eu-west-1_abc".to_owned(),
            name: "ada".to_owned(),
            reset: false,
            groups: vec!["admins".to_owned()],
            password: Some("kV7-hq2mZpR9sTxY".to_owned()),
            works_until: "2026-12-01T03:17:00Z".to_owned(),
            pages: vec!["http://localhost:5173".to_owned(), "https://example.com".to_owned()],
            options: " --local".to_owned(),
        }
    }

    #[test]
    fn a_user_was_added() {
        expect![[r#"
            Added ada to user pool `users`. Cognito sent no message.
            The user chooses another password at the first sign-in. The password is not shown again: `stackctl user add --local --reset ada` sets a new one.

            sign in at          http://localhost:5173
                                https://example.com
            in groups           admins
            works until         2026-12-01 03:17 UTC
            temporary password  kV7-hq2mZpR9sTxY
        "#]]
        .assert_eq(&added(&welcome(), Style::default()));
    }

    #[test]
    fn a_password_that_is_known_is_not_shown() {
        let name = "-it's\u{202e}".to_owned();
        let welcome = AddedUser {
            name,
            reset: true,
            groups: Vec::new(),
            password: None,
            pages: Vec::new(),
            ..welcome()
        };
        expect![[r#"
            -it's\u{202e} of user pool `users` has a new temporary password.
            The user chooses another password at the first sign-in. If the password is lost: `stackctl user add --local --reset -- '-it'\''s\u{202e}'` sets a new one.

            sign in to          eu-west-1_abc (stack.yaml names no page)
            works until         2026-12-01 03:17 UTC
        "#]]
        .assert_eq(&added(&welcome, Style::default()));
    }

    #[test]
    fn people_of_groups() {
        let all = [("admins", vec!["ada".to_owned(), "bob\u{202e}".to_owned()]), ("b", Vec::new())].into();
        expect![[r#"
            admins  ada, bob\u{202e}
            b       no people
        "#]]
        .assert_eq(&groups("users", &all, Style::default()));
        assert!(groups("users", &BTreeMap::new(), Style::default()).contains("has no groups"));
    }

    #[test]
    fn one_user() {
        let profile = Profile {
            person: ada(),
            email_verified: true,
            phone_verified: false,
            second_factors: vec!["SOFTWARE_TOKEN_MFA".to_owned()],
            modified: None,
        };
        expect![[r#"
            name           ada
            email          ada@example.com (verified)
            status         has a temporary password
            enabled        yes
            second factor  authenticator app
            added          2026-11-24 03:17 UTC
        "#]]
        .assert_eq(&one(&profile, Style::default()));
    }

    #[test]
    fn a_list() {
        let other = Person {
            name: "日本".to_owned(),
            email: None,
            status: "CONFIRMED".to_owned(),
            enabled: false,
            created: None,
            ..ada()
        };
        expect![[r#"
            name  status                    enabled  added
            ada   has a temporary password  yes      2026-11-24 03:17 UTC
            日本  confirmed                 no
        "#]]
        .assert_eq(&table(&[ada(), other], false, Style::default()));
        assert!(table(&[ada()], true, Style::default()).contains("\nada@example.com  has"));
    }
}
