//! The CORS rules of a bucket: stackctl's own beside those of others.

use std::collections::BTreeSet;

use aws_sdk_s3::{error::BuildError, types::CorsRule};
use stackctl_aws_data::desired::bucket::Cors;
use stackctl_engine::Step;

/// The id of stackctl's rule.
const OWN: &str = "stackctl";

/// A change of the rules, which one call makes.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// stackctl's rule; in a bucket that stackctl created, the only rule.
    from: Option<Cors>,
    /// The desired rule.
    to: Option<Cors>,
    /// The rules of others, which stay.
    others: Vec<CorsRule>,
}

/// The change from live rules to the desired rule. In an adopted bucket, the rules of others stay.
pub fn change(live: &[CorsRule], desired: Option<&Cors>, is_adopted: bool) -> Option<Change> {
    let is_desired = |rule: &CorsRule| desired.is_some_and(|it| *it == read(rule));
    if !is_adopted {
        let serves = match desired {
            Some(_) => matches!(live, [one] if is_desired(one)),
            None => live.is_empty(),
        };
        let from = if let [one] = live { Some(read(one)) } else { None };
        return (!serves).then(|| Change { from, to: desired.cloned(), others: Vec::new() });
    }
    let own = live.iter().find(|it| is_own(it));
    let serves = match own {
        Some(own) => is_desired(own),
        // S3 takes the first rule that fits (S3-22), so a rule of others serves wherever no rule before it fits.
        None => desired.is_none() || live.first().is_some_and(is_desired),
    };
    (!serves).then(|| Change {
        from: own.map(read),
        to: desired.cloned(),
        others: live.iter().filter(|it| !is_own(it)).cloned().collect(),
    })
}

impl Change {
    /// The change as a step of the plan.
    pub fn describe(&self) -> Step {
        let Change { from, to, others: _ } = self;
        let verb = if to.is_some() { "set CORS" } else { "delete CORS" };
        let join = |all: &BTreeSet<String>| all.iter().cloned().collect::<Vec<_>>().join(", ");
        type Text<'a> = &'a dyn Fn(&Cors) -> String;
        let fields: [(&str, Text<'_>); 5] = [
            ("cors.origins", &|it| join(&it.origins)),
            ("cors.methods", &|it| join(&it.methods)),
            ("cors.headers", &|it| join(&it.headers)),
            ("cors.exposed", &|it| join(&it.exposed)),
            ("cors.max_age", &|it| it.max_age.map_or_else(|| "unset".to_owned(), |age| format!("{age}s"))),
        ];
        fields.into_iter().fold(Step::update(verb, "of"), |step, (field, text)| {
            step.change(field, from.as_ref().map(text), to.as_ref().map(text))
        })
    }

    /// All rules after the change: stackctl's first, because S3 takes the first rule that fits (S3-22).
    ///
    /// # Errors
    /// A rule that the SDK can't represent.
    pub fn rules(&self) -> Result<Vec<CorsRule>, BuildError> {
        let own = self.to.as_ref().map(rule).transpose()?;
        Ok(own.into_iter().chain(self.others.iter().cloned()).collect())
    }
}

/// The meaning of a live rule.
pub fn read(rule: &CorsRule) -> Cors {
    let set = |all: &[String]| all.iter().cloned().collect::<BTreeSet<_>>();
    Cors {
        origins: set(rule.allowed_origins()),
        methods: set(rule.allowed_methods()),
        headers: set(rule.allowed_headers()),
        exposed: set(rule.expose_headers()),
        max_age: rule.max_age_seconds(),
    }
}

/// stackctl's rule as S3 takes it.
///
/// # Errors
/// A rule that the SDK can't represent.
pub fn rule(cors: &Cors) -> Result<CorsRule, BuildError> {
    let Cors { origins, methods, headers, exposed, max_age } = cors;
    let list = |all: &BTreeSet<String>| Some(all.iter().cloned().collect());
    CorsRule::builder()
        .id(OWN)
        .set_allowed_origins(list(origins))
        .set_allowed_methods(list(methods))
        .set_allowed_headers(list(headers))
        .set_expose_headers(list(exposed))
        .set_max_age_seconds(*max_age)
        .build()
}

fn is_own(rule: &CorsRule) -> bool {
    rule.id() == Some(OWN)
}
