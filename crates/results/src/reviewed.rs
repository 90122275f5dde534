//! A plan in a file: written by `plan --out`, and done by `apply --plan` if it is still the plan.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use stackctl_engine::Plan;
use stackctl_formats::file;
use stackctl_package::{PackageError, Packages};
use stackctl_stackfile::stack::Stack;
use stackctl_views::target::Target;
use thiserror::Error;

use crate::json::line::Line;

/// The version of the file's form.
const FORM: u32 = 1;

/// A plan's stack file.
#[derive(Clone, Copy)]
pub struct PlanSource<'a> {
    /// The stack.
    pub stack: &'a Stack,
    /// The path of the file.
    pub path: &'a Path,
    /// The text of the file.
    pub text: &'a str,
    /// The environment of the file.
    pub env: Option<&'a str>,
}

/// The error of a plan in a file.
#[derive(Debug, Error)]
pub enum NoReview {
    /// The file could not be read.
    #[error("could not read {}", path.display())]
    Unread {
        /// The file.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// The file could not be written.
    #[error("could not write {}", path.display())]
    Unwritten {
        /// The file.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// There is no such file.
    #[error("there is no file {}", path.display())]
    Absent {
        /// The file.
        path: PathBuf,
    },
    /// The file to write exists and is no plan.
    #[error("{} exists and is no plan of stackctl", path.display())]
    InTheWay {
        /// The file.
        path: PathBuf,
    },
    /// The file to read is no plan.
    #[error("{}: {what}", path.display())]
    NoPlan {
        /// The file.
        path: PathBuf,
        /// What it is.
        what: String,
    },
    /// The plan is one of another stack file.
    #[error("{}: {what}", path.display())]
    Unfit {
        /// The file.
        path: PathBuf,
        /// What it is.
        what: String,
    },
}

impl NoReview {
    /// The advice.
    pub fn hint(&self) -> Option<String> {
        match self {
            NoReview::Unfit { path, what: _ } => {
                Some(format!("write and review a new plan: `stackctl plan --out {}`", path.display()))
            }
            NoReview::Absent { path } => {
                Some(format!("`stackctl plan --out {}` writes the plan to review", path.display()))
            }
            NoReview::InTheWay { .. } => Some("name another file for the plan".to_owned()),
            NoReview::NoPlan { .. } => Some(
                "`stackctl plan --out FILE` writes a plan, to a new file or over another plan".to_owned(),
            ),
            NoReview::Unread { .. } | NoReview::Unwritten { .. } => None,
        }
    }
}

/// A plan to review. The values of environment variables are not in it; the digest of the stack file stands for them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reviewed {
    /// The version of this form.
    stackctl_plan: u32,
    /// The version of stackctl.
    stackctl: String,
    /// The environment of the file.
    env: Option<String>,
    /// The hexadecimal SHA-256 of the stack file.
    file_sha256: String,
    /// Base64 of the SHA-256 of each function's code.
    code_sha256: BTreeMap<String, String>,
    /// The plan, as `plan --json` prints it.
    plan: Value,
}

impl Reviewed {
    /// The plan of a stack; the code of its functions is built.
    ///
    /// # Errors
    /// Code that can't be built.
    pub async fn of(
        PlanSource { stack, path: _, text, env }: PlanSource<'_>,
        packages: &Packages,
        target: &Target,
        plan: &Plan,
    ) -> Result<Reviewed, Arc<PackageError>> {
        Ok(Reviewed {
            stackctl_plan: FORM,
            stackctl: env!("CARGO_PKG_VERSION").to_owned(),
            env: env.map(str::to_owned),
            file_sha256: digest(text),
            code_sha256: code(stack, packages).await?,
            plan: as_json(target, plan),
        })
    }

    /// Writes the file. A file that is no plan is not replaced.
    ///
    /// # Errors
    /// A file that is no plan, and the system's errors.
    pub fn write(&self, path: &Path) -> Result<(), NoReview> {
        let failed = |source| NoReview::Unwritten { path: path.to_owned(), source };
        if let Some(there) = file::read(path).map_err(failed)? {
            parse(&there).map_err(|_| NoReview::InTheWay { path: path.to_owned() })?;
        }
        let text = serde_json::to_string_pretty(self).unwrap_or_default() + "\n";
        file::replace(path, &text).map_err(failed)
    }

    /// Reads the plan of a file, which must be one of this stack file.
    ///
    /// # Errors
    /// A file that is no plan, or a plan of another stack file or environment, with all that differs.
    pub fn read(path: &Path, source: PlanSource<'_>) -> Result<Reviewed, NoReview> {
        let unread = |source| NoReview::Unread { path: path.to_owned(), source };
        let bytes = file::read(path).map_err(unread)?;
        let bytes = bytes.ok_or_else(|| NoReview::Absent { path: path.to_owned() })?;
        let reviewed = parse(&bytes).map_err(|what| NoReview::NoPlan { path: path.to_owned(), what })?;
        let unfit = |what| NoReview::Unfit { path: path.to_owned(), what };
        let Reviewed { stackctl_plan: _, stackctl: _, env, file_sha256, code_sha256: _, plan } = &reviewed;
        let mut other = Vec::new();
        if env.as_deref() != source.env {
            let named =
                |env: Option<&str>| env.map_or("no environment".to_owned(), |it| format!("environment {it}"));
            other.push(format!(
                "it is for {}, and this run for {}",
                named(env.as_deref()),
                named(source.env)
            ));
        }
        if *file_sha256 != digest(source.text) {
            other.push(format!("{} has changed since the plan was made", source.path.display()));
        }
        let region = plan["region"].as_str().unwrap_or_default();
        if region != source.stack.region.as_str() {
            other.push(format!("it is for region {region}, and this run for {}", source.stack.region));
        }
        if other.is_empty() { Ok(reviewed) } else { Err(unfit(other.join("; "))) }
    }

    /// What is planned now and was not reviewed (`+`), and what was reviewed and is not planned now (`-`), a line each.
    /// Nothing if both are the same.
    pub fn differences(&self, target: &Target, plan: &Plan) -> Vec<String> {
        let now = as_json(target, plan);
        let mut all = self.other_target(target);
        let (reviewed, now) = (lines(&self.plan), lines(&now));
        all.extend(without(&reviewed, &now).map(|it| format!("- {it}")));
        all.extend(without(&now, &reviewed).map(|it| format!("+ {it}")));
        if all.is_empty() && reviewed != now {
            all.push("the order of the steps is another one".to_owned());
        }
        all
    }

    /// The account and the endpoint, where they are not the reviewed ones, as in [`Reviewed::differences`].
    pub fn other_target(&self, Target { account, endpoint, .. }: &Target) -> Vec<String> {
        let mut all = Vec::new();
        for (key, now) in [("account", Some(account)), ("endpoint", endpoint.as_ref())] {
            let (before, now) = (self.plan[key].as_str(), now.map(String::as_str));
            if before != now {
                let shown = |value: Option<&str>| value.unwrap_or("AWS's own").to_owned();
                all.push(format!("- {key} {}", shown(before)));
                all.push(format!("+ {key} {}", shown(now)));
            }
        }
        all
    }

    /// The functions whose code differs from the reviewed one, a line each, as in [`Reviewed::differences`].
    ///
    /// # Errors
    /// Code that can't be built.
    pub async fn other_code(
        &self,
        stack: &Stack,
        packages: &Packages,
    ) -> Result<Vec<String>, Arc<PackageError>> {
        let now = code(stack, packages).await?;
        let differs = now.into_iter().filter(|(name, sha256)| self.code_sha256.get(name) != Some(sha256));
        Ok(differs.map(|(name, _)| format!("+ function.{name}: its code is another one")).collect())
    }
}

/// The digest of each function's code, by the function's name.
async fn code(stack: &Stack, packages: &Packages) -> Result<BTreeMap<String, String>, Arc<PackageError>> {
    let mut all = BTreeMap::new();
    for (name, function) in &stack.functions {
        all.insert(name.to_string(), packages.code(function).zip().await?.sha256.clone());
    }
    Ok(all)
}

fn parse(bytes: &[u8]) -> Result<Reviewed, String> {
    let no_plan = || "it is no plan of stackctl, or not the whole of one".to_owned();
    let value: Value = serde_json::from_slice(bytes).map_err(|_| no_plan())?;
    match value["stackctl_plan"].as_u64() {
        None => Err(no_plan()),
        Some(form) if form != u64::from(FORM) => {
            Err("it is a plan of another version of stackctl".to_owned())
        }
        Some(_) => {
            serde_json::from_value(value).map_err(|why| format!("it is a plan that was changed: {why}"))
        }
    }
}

fn as_json(target: &Target, plan: &Plan) -> Value {
    serde_json::to_value(Line::plan(target, plan)).unwrap_or_default()
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The steps of a plan, a line for each step and each change.
fn lines(plan: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut all = Vec::new();
    for entry in list(&plan["entries"]) {
        let address = text(&entry["address"]).unwrap_or_default();
        for step in list(&entry["steps"]) {
            // The words lead to an address, as in "set the memory of".
            let what = text(&step["what"]).unwrap_or_default();
            let end = [" of", " to", " from", " on", " inside"].iter().find_map(|it| what.strip_suffix(it));
            let what = format!("{address}: {}", end.unwrap_or(&what));
            all.push(match text(&step["note"]) {
                Some(note) => format!("{what} ({note})"),
                None => what.clone(),
            });
            all.extend(list(&step["changes"]).iter().map(|change| {
                let value = |key: &str| text(&change[key]).unwrap_or_else(|| "nothing".to_owned());
                let field = text(&change["field"]).unwrap_or_default();
                format!("{what}: {field}: {} → {}", value("from"), value("to"))
            }));
        }
    }
    all
}

/// The lines that the other plan does not have.
fn without<'a>(these: &'a [String], others: &'a [String]) -> impl Iterator<Item = &'a String> {
    these.iter().filter(|line| !others.contains(line))
}

#[cfg(test)]
mod tests {
    use stackctl_engine::plan::{Entry, Step};
    use stackctl_views::samples;

    use super::*;

    fn target(account: &str) -> Target {
        Target {
            stack: "demo".to_owned(),
            region: "eu-west-1".to_owned(),
            account: account.to_owned(),
            endpoint: None,
            open: Vec::new(),
        }
    }

    fn plan(steps: Vec<Step>) -> Plan {
        let address = samples::address("function", "presign");
        Plan {
            entries: vec![Entry { address, name: "demo-presign".to_owned(), steps }],
            exposures: Vec::new(),
        }
    }

    fn reviewed(plan: &Plan) -> Reviewed {
        Reviewed {
            stackctl_plan: FORM,
            stackctl: "0".to_owned(),
            env: None,
            file_sha256: digest("stack: demo"),
            code_sha256: BTreeMap::new(),
            plan: as_json(&target("000000000000"), plan),
        }
    }

    fn memory(to: &str) -> Step {
        Step::update("set the memory", "of").change("memory", Some("128 MB".to_owned()), Some(to.to_owned()))
    }

    #[test]
    fn what_differs() {
        let it = reviewed(&plan(vec![memory("256 MB")]));
        let now = |account: &str, steps| it.differences(&target(account), &plan(steps)).join("\n");
        assert_eq!(now("000000000000", vec![memory("256 MB")]), "");
        assert_eq!(
            now("000000000000", vec![memory("512 MB")]),
            "- function.presign: set the memory: memory: 128 MB → 256 MB\n\
             + function.presign: set the memory: memory: 128 MB → 512 MB"
        );
        assert_eq!(
            now("000000000000", vec![memory("256 MB"), Step::update("set the role", "of")]),
            "+ function.presign: set the role"
        );
        assert_eq!(
            now("111111111111", vec![memory("256 MB")]),
            "- account 000000000000\n+ account 111111111111"
        );
    }

    #[test]
    fn files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.json");
        let it = reviewed(&plan(vec![memory("256 MB")]));
        it.write(&path).unwrap();
        assert_eq!(parse(&std::fs::read(&path).unwrap()).unwrap(), it);
        it.write(&path).expect("a plan is replaced");
        for (text, why) in [
            ("{}", "no plan"),
            ("not json", "no plan"),
            (r#"{"stackctl_plan": 2}"#, "another version"),
            (r#"{"stackctl_plan": 1}"#, "was changed"),
        ] {
            std::fs::write(&path, text).unwrap();
            assert!(parse(text.as_bytes()).unwrap_err().contains(why), "{text}");
            it.write(&path).unwrap_err();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "it is not replaced");
        }
        let Ok(stack) = stackctl_stackfile::parse("stack: demo\nregion: eu-west-1\n", None) else {
            panic!("the file is right")
        };
        let source = PlanSource { stack: &stack, path: Path::new("stack.yaml"), text: "", env: None };
        let missing = Reviewed::read(Path::new("no-plan.json"), source).unwrap_err();
        assert_eq!(missing.to_string(), "there is no file no-plan.json");
        assert_eq!(missing.hint().unwrap(), "`stackctl plan --out no-plan.json` writes the plan to review");
    }
}
