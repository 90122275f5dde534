//! Regions of AWS: those that are known, and which others may exist.

use stackctl_yaml::suggestion::did_you_mean;

/// The regions with user pools on 29 November 2026, by what stands before the number, with the numbers.
const REGIONS: &[(&str, &[u8])] = &[
    ("af-south", &[1]),
    ("ap-east", &[1, 2]),
    ("ap-northeast", &[1, 2, 3]),
    ("ap-south", &[1, 2]),
    ("ap-southeast", &[1, 2, 3, 4, 5, 6, 7]),
    ("ca-central", &[1]),
    ("ca-west", &[1]),
    ("eu-central", &[1, 2]),
    ("eu-north", &[1]),
    ("eu-south", &[1, 2]),
    ("eu-west", &[1, 2, 3]),
    ("eusc-de-east", &[1]),
    ("il-central", &[1]),
    ("me-central", &[1]),
    ("me-south", &[1]),
    ("mx-central", &[1]),
    ("sa-east", &[1]),
    ("us-east", &[1, 2]),
    ("us-gov-east", &[1]),
    ("us-gov-west", &[1]),
    ("us-west", &[1, 2]),
];

/// The last word before a region's number.
const DIRECTIONS: [&str; 9] =
    ["central", "east", "north", "northeast", "northwest", "south", "southeast", "southwest", "west"];

/// How many regions a place may have got since.
const NEWER: u8 = 2;

/// Why a text names no region, and what to write instead.
pub(crate) fn check(text: &str) -> Result<(), (String, String)> {
    if text.starts_with("cn-") {
        let why = "there are no Cognito user pools in China";
        return Err((why.to_owned(), "choose another region, such as `ap-southeast-1`".to_owned()));
    }
    let may_exist = parts(text).is_some_and(|(place, direction, number)| {
        let newest = REGIONS.iter().find(|(known, _)| *known == place).and_then(|(_, them)| them.last());
        DIRECTIONS.contains(&direction) && (1..=newest.unwrap_or(&0) + NEWER).contains(&number)
    });
    if may_exist { Ok(()) } else { Err(("no region is called that".to_owned(), instead(text))) }
}

/// What to say of a region that may exist and is not in the list.
pub(crate) fn doubt(text: &str) -> Option<String> {
    let known = all();
    if known.iter().any(|it| it == text) {
        return None;
    }
    let meant = did_you_mean(text, known.iter().map(String::as_str));
    let meant = meant.map(|it| format!("; {it}")).unwrap_or_default();
    Some(format!("the region {text} is unknown to this version of stackctl{meant}"))
}

/// What stands before the number, its last word, and the number.
fn parts(text: &str) -> Option<(&str, &str, u8)> {
    let (place, number) = text.rsplit_once('-')?;
    let (area, direction) = place.rsplit_once('-')?;
    let letters = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase());
    let is_place =
        area.split('-').all(letters) && area.split('-').next().is_some_and(|it| (2..=8).contains(&it.len()));
    let is_number = (1..=2).contains(&number.len())
        && number.bytes().all(|it| it.is_ascii_digit())
        && !number.starts_with('0');
    let number = number.parse().ok().filter(|_| is_number && is_place)?;
    Some((place, direction, number))
}

fn instead(text: &str) -> String {
    did_you_mean(text, all().iter().map(String::as_str))
        .unwrap_or_else(|| "write it as `eu-west-1`".to_owned())
}

fn all() -> Vec<String> {
    REGIONS.iter().flat_map(|(place, them)| them.iter().map(move |it| format!("{place}-{it}"))).collect()
}
