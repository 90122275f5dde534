//! The way from text to a stack.

use std::collections::BTreeSet;

use stackctl_yaml::{
    problem::{Problem, Span, quoted},
    source::Source,
    suggestion::did_you_mean,
    tree::{self, Entry, MOST_BYTES, Node, Value},
};

use crate::{
    checks::{access, computed_names, event_loops, existing_functions, timeouts, webhooks},
    overlay,
    read::{
        reader::{Read, Reader},
        reference,
        scalar::Invalid,
    },
    stack::Stack,
    values::names::{EnvironmentName, StackName},
};

/// A file to begin with.
const EXAMPLE: &str = "\
begin with this:
stack: photos
region: eu-west-1
buckets:
  uploads: { cors: { origins: [http://localhost:5173] } }
functions:
  presign: { builtin: presign, buckets: { uploads: [put] } }
user_pools:
  users: { clients: { web: {} } }
apis:
  uploads: { authorizer: users, cors: { origins: [http://localhost:5173] }, routes: { GET /: presign } }";

/// Reads `stack.yaml`, with the overlay of an environment merged over the rest when one is named. Without one, the
/// overlays are checked all the same. Problems come all at once, in the order of their places.
pub fn parse(text: &str, environment: Option<&str>) -> Result<Stack, Vec<Problem>> {
    if text.len() > MOST_BYTES {
        return Err(vec![tree::too_large()]);
    }
    // Editors on Windows put it there.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let source = Source::new(text);
    let (root, mut problems) = tree::read(text, &source);
    let stack = match root {
        Some(root) if root.value == Value::Nothing => {
            let label = "a stack has a name and a region at least";
            problems.push(Problem::new(root.span, "the file is empty", label).help(EXAMPLE));
            None
        }
        root => root.and_then(|root| read(&root, environment, &mut problems)),
    };
    match stack {
        Some(stack) if problems.is_empty() => Ok(stack),
        _ => Err(in_order(problems, &source)),
    }
}

/// Whether a file that [`parse`] takes says `dev: true` of an environment: `stackctl dev --aws` may use it.
pub fn is_for_development(text: &str, environment: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (root, _) = tree::read(text, &Source::new(text));
    let found = root.and_then(|root| {
        let environments = overlay::environments(&root).ok()?;
        environments.iter().find(|it| it.key == environment).map(overlay::is_for_development)
    });
    found.unwrap_or(false)
}

/// A problem of a file that [`parse`] takes, which something outside of the file tells: at the value of a path of keys,
/// such as `functions`, `presign`, `package`. Where the file leaves the last key out, the place is the key above it.
pub fn problem_at(
    text: &str,
    environment: Option<&str>,
    path: &[&str],
    title: impl Into<String>,
    label: impl Into<String>,
) -> Problem {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let source = Source::new(text);
    let (root, _) = tree::read(text, &source);
    let span = root.map(|root| {
        let chosen = environment.zip(overlay::environments(&root).ok());
        let overlay = chosen.and_then(|(name, all)| all.iter().find(|it| it.key == name));
        overlay.map_or_else(|| root.span_at(path), |it| overlay::merged(&root, &it.value).span_at(path))
    });
    let span = span.unwrap_or(Span { line: 1, column: 1, width: 0 });
    Problem { line: source.line(span.line).to_owned(), ..Problem::new(span, title, label) }
}

fn read(root: &Node, environment: Option<&str>, problems: &mut Vec<Problem>) -> Option<Stack> {
    let environments = match overlay::environments(root) {
        Ok(environments) => environments,
        Err(problem) => {
            problems.push(problem);
            &[]
        }
    };
    let Some(name) = environment else {
        let stack = read_stack(root, None, problems);
        for environment in environments {
            read_overlaid(root, environment, problems);
        }
        return stack;
    };
    match overlay::environment(root, environments, name) {
        Ok(environment) => read_overlaid(root, environment, problems),
        Err(problem) => {
            problems.push(problem);
            read_stack(root, None, problems)
        }
    }
}

/// Reads a file with an overlay. A resource of the overlay that is not complete, and whose name is near to one of the rest
/// of the file, is misspelt.
fn read_overlaid(root: &Node, environment: &Entry, problems: &mut Vec<Problem>) -> Option<Stack> {
    let mut own = Vec::new();
    let stack = read_stack(&overlay::merged(root, &environment.value), Some(environment), &mut own);
    for section in environment.value.entries() {
        let known = root.entry(&section.key).map(|it| it.value.entries()).unwrap_or_default();
        for entry in section.value.entries().iter().filter(|it| known.iter().all(|known| known.key != it.key))
        {
            let Some(help) = did_you_mean(&entry.key, known.iter().map(|it| it.key.as_str())) else {
                continue;
            };
            let before = own.len();
            own.retain(|it| it.span != entry.value.span);
            if own.len() < before {
                let label =
                    format!("the rest of the file has no {} in `{}`", quoted(&entry.key), section.key);
                own.push(Problem::new(entry.key_span, "unknown name in an environment", label).help(help));
            }
        }
    }
    problems.extend(own);
    stack
}

/// Reads a file whose overlay is merged already.
fn read_stack(root: &Node, environment: Option<&Entry>, problems: &mut Vec<Problem>) -> Option<Stack> {
    let names = reference::names(root);
    let mut reader = Reader::new(&names);
    let existing_functions = existing_functions::read(root, &mut reader);
    let stack = Stack::read(root, &mut reader).map(|it| Stack { existing_functions, ..it });
    let stack = stack.and_then(|stack| named(stack, environment, &mut reader));
    let stack = stack.map(|stack| webhooks::expand(stack, root, &mut reader));
    if let Some(stack) = &stack {
        computed_names::check(stack, root, &mut reader);
        timeouts::check(stack, root, &mut reader);
        event_loops::check(stack, root, &mut reader);
        access::check(stack, root, &mut reader);
    }
    problems.extend(reader.problems());
    stack
}

/// The stack under the name that it has in an environment.
fn named(stack: Stack, environment: Option<&Entry>, reader: &mut Reader<'_>) -> Option<Stack> {
    let Some(Entry { key, key_span, .. }) = environment else { return Some(stack) };
    let name = format!("{}-{key}", stack.name);
    match name.parse::<StackName>() {
        Ok(name) => Some(Stack { name, ..stack }),
        Err(invalid) => {
            // A wrong name of an environment has been told of already.
            if key.parse::<EnvironmentName>().is_ok() {
                let why = format!("the stack would be called `{name}`: {}", invalid.why);
                reader.tell(Invalid { why, ..invalid }.at(*key_span));
            }
            None
        }
    }
}

/// Each problem once, in the order of their places, with its line.
fn in_order(mut problems: Vec<Problem>, source: &Source<'_>) -> Vec<Problem> {
    // Each overlay finds the problems of the rest again.
    let mut seen = BTreeSet::new();
    problems.retain(|it| seen.insert((it.span, it.title.clone())));
    problems.sort_by_key(|it| it.span);
    for problem in &mut problems {
        problem.line = source.line(problem.span.line).to_owned();
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environments_for_development_say_so() {
        let file =
            "stack: demo\nregion: eu-west-1\nenvs:\n  me: { dev: true }\n  prod: {}\n  old: { dev: false }\n";
        assert!(is_for_development(file, "me"));
        // The key of the environment does not replace the command of the page.
        let with_page = format!("{file}dev: npm run dev\n");
        assert_eq!(parse(&with_page, Some("me")).unwrap().dev.unwrap().as_str(), "npm run dev");
        for other in ["prod", "old", "another"] {
            assert!(!is_for_development(file, other), "{other}");
        }
    }
}
