//! Access rules: what a person may do with the objects of a bucket, by the path of their keys. Rules add up, and what no
//! rule allows is refused.

pub mod groups;

use serde_json::Value;

use self::groups::is_name;

/// The folder of a stack without rules.
pub const ROOT: &str = "uploads/";

/// The person of a request, as the token's claims name it.
#[derive(Debug, Clone, Copy)]
pub struct Caller<'a> {
    /// The id in the user pool.
    pub sub: &'a str,
    /// The groups.
    pub groups: &'a [String],
}

/// The rules of one bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    all: Vec<Rule>,
    /// Whether the stack has none, so that only the default one holds.
    pub is_default: bool,
}

/// The verbs of one subject on one pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    /// The parts between the `/`: names, [`SUB`] or [`GROUP`].
    pattern: Vec<String>,
    /// [`OWNER`], [`MEMBERS`], [`SIGNED_IN`], or a group's name.
    subject: String,
    verbs: Vec<String>,
}

/// Stands for a person's id.
const SUB: &str = "{sub}";
/// Stands for a group's name.
const GROUP: &str = "{group}";
/// The person whose id stands for [`SUB`].
const OWNER: &str = "owner";
/// The people in the group whose name stands for [`GROUP`].
const MEMBERS: &str = "members";
/// Everyone with a token.
const SIGNED_IN: &str = "signed-in";

impl Rules {
    /// The rule of a stack without rules: a person's own prefix. The function's grants bound the verbs.
    pub fn of_owner() -> Rules {
        let verbs = ["put", "get", "list", "delete", "multipart"].map(str::to_owned).to_vec();
        let pattern = vec![ROOT.trim_end_matches('/').to_owned(), SUB.to_owned()];
        Rules { all: vec![Rule { pattern, subject: OWNER.to_owned(), verbs }], is_default: true }
    }

    /// Reads the rules as stackctl writes them: `{"uploads/{sub}/": {"owner": ["put"]}}`.
    ///
    /// # Errors
    /// A text that is not of this form.
    pub fn read(text: &str) -> Result<Rules, &'static str> {
        let written: Value = serde_json::from_str(text).map_err(|_| "it is no JSON")?;
        let mut all = Vec::new();
        for (path, subjects) in written.as_object().ok_or("it is no map")? {
            let pattern: Vec<String> = segments(path).into_iter().map(str::to_owned).collect();
            if !path.ends_with('/') || pattern[0].is_empty() || is_placeholder(&pattern[0]) {
                return Err("a path has to begin with a folder's name and to end in `/`");
            }
            for (subject, verbs) in subjects.as_object().ok_or("a path has no people")? {
                let verbs = verbs.as_array().ok_or("a subject has no verbs")?;
                let verbs = verbs.iter().filter_map(Value::as_str).map(str::to_owned).collect();
                all.push(Rule { pattern: pattern.clone(), subject: subject.clone(), verbs });
            }
        }
        Ok(Rules { all, is_default: false })
    }

    /// Whether a pattern begins with this folder.
    pub fn has_root(&self, folder: &str) -> bool {
        self.all.iter().any(|rule| rule.pattern[0] == folder)
    }

    /// The beginning of a pattern, up to its first placeholder, that does not begin with a prefix.
    pub fn outside_of(&self, prefix: &str) -> Option<String> {
        for rule in &self.all {
            let mut start = String::new();
            for part in rule.pattern.iter().take_while(|part| !is_placeholder(part)) {
                start.push_str(part);
                start.push('/');
            }
            if !start.starts_with(prefix) {
                return Some(start);
            }
        }
        None
    }

    /// Whether the caller may do this with objects below a folder, which ends in `/`. For a new object, it is the folder
    /// that the object gets into.
    pub fn allow(&self, caller: Caller<'_>, verb: &str, folder: &str) -> bool {
        let folder = segments(folder);
        self.all.iter().any(|rule| rule.covers(&folder) && rule.holds(caller, verb, &folder))
    }

    /// Whether the caller may list a folder. It may lie above placeholders of a pattern, as `uploads/` above
    /// `uploads/{sub}/`: a rule for every person lets its subject list all of them at once, unless other rules are about
    /// objects in between that the caller may not list.
    pub fn allow_list(&self, caller: Caller<'_>, folder: &str) -> bool {
        if self.allow(caller, "list", folder) {
            return true;
        }
        let folder = segments(folder);
        self.all.iter().any(|rule| {
            rule.ends_open_at(&folder)
                && rule.holds(caller, "list", &folder)
                && self
                    .all
                    .iter()
                    .filter(|it| it.pattern.len() < rule.pattern.len() && it.meets(&folder))
                    .all(|between| self.list_is_allowed_by(&between.pattern, caller, &folder))
        })
    }

    /// Whether the rules of one pattern let the caller list what they are about in a folder.
    fn list_is_allowed_by(&self, pattern: &[String], caller: Caller<'_>, folder: &[&str]) -> bool {
        self.all.iter().any(|rule| rule.pattern == pattern && rule.holds(caller, "list", folder))
    }

    /// The caller's own folder where no other is named: the first one by name that belongs to the caller alone and where
    /// the verb is allowed.
    pub fn own_folder(&self, caller: Caller<'_>, verb: &str) -> Option<String> {
        let mut first: Option<String> = None;
        for rule in self.all.iter().filter(|rule| rule.subject == OWNER) {
            for folder in rule.folders(caller) {
                let is_first = first.as_ref().is_none_or(|first| folder < *first);
                if is_first && self.allow(caller, verb, &folder) {
                    first = Some(folder);
                }
            }
        }
        first
    }

    /// The folders that the caller may see or fill, and the verbs there. A folder above placeholders has no `put` and no
    /// `multipart`, because a new object needs a folder below.
    pub fn folders<'a>(&self, caller: Caller<'_>, granted: &'a [String]) -> Vec<(String, Vec<&'a str>)> {
        let mut all: Vec<(String, Vec<&str>)> = Vec::new();
        for rule in &self.all {
            for folder in rule.folders(caller) {
                let is_open = segments(&folder).len() < rule.pattern.len();
                let at = all.iter().position(|(it, _)| *it >= folder).unwrap_or(all.len());
                for verb in granted.iter().map(String::as_str) {
                    let is_allowed = match verb {
                        "list" => self.allow_list(caller, &folder),
                        "put" | "multipart" => self.allow(caller, verb, &folder),
                        _ => self.allow(caller, verb, &folder) || is_open && rule.has(verb),
                    };
                    if !is_allowed {
                        continue;
                    }
                    if all.get(at).is_none_or(|(it, _)| *it != folder) {
                        all.insert(at, (folder.clone(), Vec::new()));
                    }
                    if !all[at].1.contains(&verb) {
                        all[at].1.push(verb);
                    }
                }
            }
        }
        all
    }
}

impl Rule {
    fn has(&self, verb: &str) -> bool {
        self.verbs.iter().any(|it| it == verb)
    }

    /// Whether the folder lies in a folder of the pattern.
    fn covers(&self, folder: &[&str]) -> bool {
        folder.len() >= self.pattern.len() && self.meets(folder)
    }

    /// Whether only placeholders of the pattern follow the folder.
    fn ends_open_at(&self, folder: &[&str]) -> bool {
        let rest = self.pattern.get(folder.len()..).unwrap_or_default();
        !rest.is_empty() && rest.iter().all(|part| is_placeholder(part)) && self.meets(folder)
    }

    /// Whether the folder and the pattern are the same as far as both go.
    fn meets(&self, folder: &[&str]) -> bool {
        self.pattern.iter().zip(folder).all(|(part, text)| match is_placeholder(part) {
            true => is_name(text),
            false => part == text,
        })
    }

    /// Whether the verb is allowed to the caller in a folder that [`Rule::meets`] the pattern. A folder that does not say
    /// whose it is belongs to no owner and no group.
    fn holds(&self, caller: Caller<'_>, verb: &str, folder: &[&str]) -> bool {
        let at = |wanted: &str| {
            let place = self.pattern.iter().position(|it| it == wanted);
            place.map(|place| folder.get(place).copied().unwrap_or_default())
        };
        let is_subject = match self.subject.as_str() {
            OWNER => at(SUB) == Some(caller.sub) && at(GROUP).is_none_or(|group| caller.is_in(group)),
            MEMBERS => at(GROUP).is_some_and(|group| caller.is_in(group)),
            SIGNED_IN => true,
            group => caller.is_in(group),
        };
        is_subject && self.has(verb)
    }

    /// The folders that the rule gives the caller: whole ones, or, for rules about every person or group, the folder above
    /// the first placeholder that is not the caller's.
    fn folders(&self, caller: Caller<'_>) -> Vec<String> {
        let is_of_all = ![OWNER, MEMBERS].contains(&self.subject.as_str());
        if is_of_all && self.subject != SIGNED_IN && !caller.is_in(&self.subject) {
            return Vec::new();
        }
        let mut all = vec![String::new()];
        for part in &self.pattern {
            if part == GROUP && !is_of_all {
                let mut filled = Vec::new();
                for group in caller.groups {
                    filled.extend(all.iter().map(|folder| format!("{folder}{group}/")));
                }
                all = filled;
                continue;
            }
            let name = match part.as_str() {
                SUB if self.subject == OWNER => caller.sub,
                SUB | GROUP => break,
                name => name,
            };
            for folder in &mut all {
                folder.push_str(name);
                folder.push('/');
            }
        }
        all
    }
}

impl Caller<'_> {
    fn is_in(self, group: &str) -> bool {
        self.groups.iter().any(|it| it == group)
    }
}

fn is_placeholder(part: &str) -> bool {
    part == SUB || part == GROUP
}

/// The names between the `/` of a folder.
fn segments(folder: &str) -> Vec<&str> {
    folder.trim_end_matches('/').split('/').collect()
}
