//! Which file of a crate imports which, read from the sources as text.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The files of a crate and what each imports of the others.
pub struct Crate {
    /// File by module path: `["kinds", "bucket"]`; the crate's root is `[]`.
    files: BTreeMap<Vec<String>, String>,
    /// The module paths that each module's file imports.
    imports: BTreeMap<Vec<String>, BTreeSet<Vec<String>>>,
}

/// Files that import each other in a loop.
pub struct Circle {
    pub files: Vec<String>,
    pub imports: Vec<(String, String)>,
}

/// Every Rust file below a folder, in order.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                all.push(path);
            }
        }
    }
    all.sort();
    all
}

impl Crate {
    /// Reads the sources below `src`. Files of tests are left out: a test imports what it tests.
    pub fn read(src: &Path) -> Crate {
        let mut files = BTreeMap::new();
        let mut texts = BTreeMap::new();
        for file in rust_files(src) {
            let name = file.strip_prefix(src).unwrap().to_str().unwrap().to_owned();
            let mut module: Vec<String> =
                name.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
            match module.last().map(String::as_str) {
                Some("tests" | "fuzzing") => continue,
                Some("lib" | "main") if module.len() == 1 => module.clear(),
                Some("mod") => drop(module.pop()),
                _ => {}
            }
            let text = fs::read_to_string(&file).unwrap();
            let code = text.split("\nmod tests {").next().unwrap().to_owned();
            texts.entry(module.clone()).or_insert_with(String::new).push_str(&code);
            files.insert(module, name);
        }
        let mut it = Crate { files, imports: BTreeMap::new() };
        for (module, text) in &texts {
            let mut imports = BTreeSet::new();
            for path in paths(text, &it.children(module)) {
                imports.extend(it.resolve(module, &path));
            }
            imports.remove(module);
            it.imports.insert(module.clone(), imports);
        }
        it
    }

    /// The names of the modules right below `module`, by which its file may call them.
    fn children(&self, module: &[String]) -> Vec<String> {
        let below = self.files.keys().filter(|it| it.len() == module.len() + 1 && it.starts_with(module));
        below.filter_map(|it| it.last().cloned()).collect()
    }

    /// The module whose file a path of `module` leads into; nothing when it leads out of the crate.
    fn resolve(&self, module: &[String], path: &[String]) -> Option<Vec<String>> {
        let (first, mut rest) = path.split_first()?;
        let mut place = match first.as_str() {
            "crate" => Vec::new(),
            "self" => module.to_vec(),
            "super" => module.split_last().map(|(_, parents)| parents.to_vec())?,
            // A child, called by its name alone.
            _ => {
                rest = path;
                module.to_vec()
            }
        };
        while let Some((name, after)) = rest.split_first() {
            if name == "super" {
                place.pop()?;
                rest = after;
                continue;
            }
            let mut deeper = place.clone();
            deeper.push(name.clone());
            // A file, or a folder whose modules another file declares.
            if !self.files.keys().any(|it| it.starts_with(&deeper)) {
                break;
            }
            (place, rest) = (deeper, after);
        }
        self.files.contains_key(&place).then_some(place)
    }

    /// The circles, the largest first.
    pub fn circles(&self) -> Vec<Circle> {
        let reach: BTreeMap<_, _> = self.files.keys().map(|it| (it, self.reachable(it))).collect();
        let mut seen = BTreeSet::new();
        let mut all = Vec::new();
        for module in self.files.keys() {
            let ring: Vec<_> =
                reach[module].iter().filter(|it| reach[*it].contains(module)).cloned().collect();
            if ring.is_empty() || !seen.insert(ring.clone()) {
                continue;
            }
            let file = |it: &Vec<String>| self.files[it].clone();
            let imports = ring.iter().flat_map(|from| {
                let inside = self.imports[from].iter().filter(|to| ring.contains(to));
                inside.map(move |to| (file(from), file(to)))
            });
            all.push(Circle { imports: imports.collect(), files: ring.iter().map(file).collect() });
        }
        all.sort_by_key(|it| std::cmp::Reverse(it.files.len()));
        all
    }

    fn reachable(&self, from: &[String]) -> BTreeSet<Vec<String>> {
        let mut found = BTreeSet::new();
        let mut open = vec![from.to_vec()];
        while let Some(next) = open.pop() {
            for to in self.imports.get(&next).into_iter().flatten() {
                if found.insert(to.clone()) {
                    open.push(to.clone());
                }
            }
        }
        found
    }
}

/// Every path of the text that begins with `crate`, `self`, `super` or a child module, groups taken apart.
fn paths(text: &str, children: &[String]) -> Vec<Vec<String>> {
    let code: String = text.lines().map(|it| format!("{}\n", it.split("//").next().unwrap())).collect();
    let mut all = Vec::new();
    let starts = ["crate", "self", "super"].into_iter().chain(children.iter().map(String::as_str));
    for start in starts {
        for (at, _) in code.match_indices(&format!("{start}::")) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|it| it.is_alphanumeric() || it == '_' || it == ':') {
                continue;
            }
            expand(&code[at..], &mut Vec::new(), &mut all);
        }
    }
    all
}

/// Takes one path, or the group that it ends in, apart; returns what follows it.
fn expand<'a>(text: &'a str, prefix: &mut Vec<String>, all: &mut Vec<Vec<String>>) -> &'a str {
    let depth = prefix.len();
    let mut rest = text.trim_start();
    loop {
        if let Some(group) = rest.strip_prefix('{') {
            rest = group.trim_start();
            while !rest.is_empty() && !rest.starts_with('}') {
                let after = expand(rest, prefix, all);
                let after = after.trim_start();
                // `as other` and the like.
                let end = after.find([',', '}']).unwrap_or(after.len());
                rest = after[end..].trim_start_matches(',').trim_start();
            }
            prefix.truncate(depth);
            return rest.strip_prefix('}').unwrap_or(rest);
        }
        let end = rest.find(|it: char| !(it.is_alphanumeric() || it == '_')).unwrap_or(rest.len());
        if end == 0 {
            break;
        }
        prefix.push(rest[..end].to_owned());
        rest = &rest[end..];
        match rest.strip_prefix("::") {
            Some(after) => rest = after.trim_start(),
            None => break,
        }
    }
    all.push(prefix.clone());
    prefix.truncate(depth);
    rest
}

#[test]
fn groups_are_taken_apart() {
    let text =
        "use crate::{\n    a::{B, c::D as E},\n    f,\n};\nlet x = super::g::h(1) + i::J; // crate::no\n";
    let all: Vec<String> = paths(text, &["i".to_owned()]).iter().map(|it| it.join("::")).collect();
    assert_eq!(all, ["crate::a::B", "crate::a::c::D", "crate::f", "super::g::h", "i::J"]);
}

#[test]
fn a_circle_of_three_is_found() {
    let folder = std::env::temp_dir().join(format!("stackctl-structure-{}", std::process::id()));
    fs::create_dir_all(folder.join("b")).unwrap();
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write("lib.rs", "mod a;\nmod b;\nuse crate::a::A;\n");
    write("a.rs", "use crate::b::{B, c};\n");
    write("b.rs", "mod c;\npub use self::c::B;\n");
    write("b/c.rs", "use crate::a;\n");
    let circles = Crate::read(&folder).circles();
    fs::remove_dir_all(&folder).unwrap();
    let files: Vec<_> = circles.into_iter().map(|it| it.files).collect();
    assert_eq!(files, [["a.rs", "b.rs", "b/c.rs"]]);
}
