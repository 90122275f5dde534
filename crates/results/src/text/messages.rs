//! The mails of a local cloud's user pools as text.

use jiff::Zoned;
use stackctl_localcloud::Message;
use stackctl_logs::since;
use stackctl_views::style::{Ink, Style, visible};

/// A message as one line; with `verbose`, its subject and its text follow.
pub fn text(message: &Message, now: &Zoned, style: Style) -> String {
    let Message { time: sent, kind, to, from, pool, user, code, expires, subject, body } = message;
    let time = |milliseconds| since::local(milliseconds, now);
    let until = expires.map(|it| format!(", until {}", time(it))).unwrap_or_default();
    let user = visible(user);
    let what = match (code, kind.as_str()) {
        (Some(code), "sign_up") => format!("code {} confirms the account {user}{until}", visible(code)),
        (Some(code), "verify_address") => {
            format!("code {} verifies the address of {user}{until}", visible(code))
        }
        (Some(code), "reset_password") => {
            format!("code {} sets another password for {user}{until}", visible(code))
        }
        (Some(password), "invitation") => format!("temporary password {} of {user}", visible(password)),
        (Some(_) | None, _) => visible(subject),
    };
    let head = style.paint(Ink::Faint, &format!("{} {}", time(*sent), visible(pool)));
    let mut text = format!("{head} to {}: {what}\n", visible(to));
    if style.verbose {
        for line in [format!("From: {from}"), format!("Subject: {subject}")].iter().map(String::as_str) {
            text += &format!("    {}\n", visible(line));
        }
        for line in body.lines() {
            text += &format!("    {}\n", visible(line));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use jiff::{civil::DateTime, tz::TimeZone};

    use super::*;

    #[test]
    fn lines() {
        let now: DateTime = "2026-11-30T12:00:00".parse().unwrap();
        let now = now.to_zoned(TimeZone::UTC).unwrap();
        let sent = now.timestamp().as_millisecond();
        let message = |kind: &str, code: Option<&str>, expires: Option<i64>| Message {
            time: sent,
            kind: kind.to_owned(),
            to: "ada@example.com".to_owned(),
            from: "no-reply@verificationemail.com".to_owned(),
            pool: "app-users".to_owned(),
            user: "ada\u{1b}".to_owned(),
            code: code.map(str::to_owned),
            expires,
            subject: "Your code".to_owned(),
            body: "Your code\nis this.".to_owned(),
        };
        let all = [
            message("sign_up", Some("493027"), Some(sent + 86_400_000)),
            message("verify_address", Some("271828"), Some(sent + 86_400_000)),
            message("reset_password", Some("112233"), Some(sent + 3_600_000)),
            message("invitation", Some("Temporary-1"), None),
            message("other", None, None),
        ];
        let texts: String = all.iter().map(|it| text(it, &now, Style::default())).collect();
        expect![[r#"
            12:00:00.000 app-users to ada@example.com: code 493027 confirms the account ada\u{1b}, until 2026-12-01 12:00:00.000
            12:00:00.000 app-users to ada@example.com: code 271828 verifies the address of ada\u{1b}, until 2026-12-01 12:00:00.000
            12:00:00.000 app-users to ada@example.com: code 112233 sets another password for ada\u{1b}, until 13:00:00.000
            12:00:00.000 app-users to ada@example.com: temporary password Temporary-1 of ada\u{1b}
            12:00:00.000 app-users to ada@example.com: Your code
        "#]].assert_eq(&texts);
        let verbose = Style { verbose: true, ..Style::default() };
        expect![[r#"
            12:00:00.000 app-users to ada@example.com: Your code
                From: no-reply@verificationemail.com
                Subject: Your code
                Your code
                is this.
        "#]]
        .assert_eq(&text(&all[4], &now, verbose));
    }
}
