//! Moments: the argument of `--since`, and the time of an event as text.

use jiff::{
    SignedDuration, Timestamp, Zoned,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};

/// The forms of a moment, for help and errors.
pub const FORMS: &str = "10m, 2h, 3d, 14:30, 2026-11-30, 2026-11-30T14:30 or 2026-11-30T14:30:00Z";

/// Reads a moment before `now`, and returns it in milliseconds since 1970. A time without a zone is local; a time of day
/// that is later than now was yesterday. None: the text has no form of [`FORMS`], or is in the future.
pub fn moment(text: &str, now: &Zoned) -> Option<i64> {
    let moment = if let Some(ago) = ago(text) {
        now.timestamp().checked_sub(ago).ok()?
    } else if let Ok(moment) = text.parse::<Timestamp>() {
        moment
    } else if text.contains(['T', ' ']) {
        text.parse::<DateTime>().ok()?.to_zoned(now.time_zone().clone()).ok()?.timestamp()
    } else if text.contains('-') {
        text.parse::<Date>().ok()?.to_zoned(now.time_zone().clone()).ok()?.timestamp()
    } else {
        let time: Time = text.parse().ok().filter(|_| text.contains(':'))?;
        let today = now.date().to_datetime(time).to_zoned(now.time_zone().clone()).ok()?;
        let then = if today > *now { today.yesterday().ok()? } else { today };
        then.timestamp()
    };
    (moment <= now.timestamp()).then_some(moment.as_millisecond())
}

/// A number and `s`, `m`, `h`, `d` or `w`.
fn ago(text: &str) -> Option<SignedDuration> {
    let unit = text.chars().last()?;
    let number: i64 = text.strip_suffix(unit)?.parse().ok().filter(|it| *it >= 0)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 7 * 86_400,
        _ => return None,
    };
    Some(SignedDuration::from_secs(number.checked_mul(seconds)?))
}

/// The local time now.
pub fn now() -> Zoned {
    Zoned::now()
}

/// The time of an event in a zone, as in `14:30:00.123`; with the date, unless that is the day of `now`.
pub fn local(milliseconds: i64, now: &Zoned) -> String {
    let Ok(moment) = Timestamp::from_millisecond(milliseconds) else { return milliseconds.to_string() };
    let local = moment.to_zoned(now.time_zone().clone());
    let form = if local.date() == now.date() { "%H:%M:%S.%3f" } else { "%Y-%m-%d %H:%M:%S.%3f" };
    local.strftime(form).to_string()
}

/// The time of an event as in `2026-11-30T14:30:00.123Z`.
pub fn utc(milliseconds: i64) -> String {
    let Ok(moment) = Timestamp::from_millisecond(milliseconds) else { return milliseconds.to_string() };
    moment.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use jiff::tz::offset;

    use super::*;

    fn noon() -> Zoned {
        let noon: DateTime = "2026-11-30T12:00:00".parse().unwrap();
        noon.to_zoned(TimeZone::fixed(offset(1))).unwrap()
    }

    #[test]
    fn moments() {
        for (text, expected) in [
            ("10m", "2026-11-30T10:50:00.000Z"),
            ("0s", "2026-11-30T11:00:00.000Z"),
            ("2h", "2026-11-30T09:00:00.000Z"),
            ("1w", "2026-11-23T11:00:00.000Z"),
            ("08:30", "2026-11-30T07:30:00.000Z"),
            ("23:00", "2026-11-29T22:00:00.000Z"),
            ("2026-11-30", "2026-11-29T23:00:00.000Z"),
            ("2026-11-30T11:00", "2026-11-30T10:00:00.000Z"),
            ("2026-11-30T09:00:00.250Z", "2026-11-30T09:00:00.250Z"),
        ] {
            assert_eq!(moment(text, &noon()).map(utc).as_deref(), Some(expected), "{text}");
        }
        for text in
            ["", "m", "10", "-5m", "10x", "99999999999999999w", "2027-01-01", "25:00", "soon", "1e3m", "é"]
        {
            assert_eq!(moment(text, &noon()), None, "{text}");
        }
    }

    #[test]
    fn times_of_events() {
        let of = |text: &str| moment(text, &noon()).unwrap();
        assert_eq!(local(of("2026-11-30T09:00:00.250Z"), &noon()), "10:00:00.250");
        assert_eq!(local(of("2026-11-29T09:00:00.007Z"), &noon()), "2026-11-29 10:00:00.007");
        assert_eq!(local(i64::MAX, &noon()), i64::MAX.to_string());
    }
}
