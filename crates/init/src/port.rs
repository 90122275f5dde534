//! The port of a development server, where the project's own files name it plainly.

use serde_json::Value;

/// The port in a command line of package.json, as in `vite --port 4000` or `PORT=4000 next dev`.
pub fn of_script(script: &str) -> Option<u16> {
    let words: Vec<&str> = script.split_whitespace().collect();
    let number = |text: &str| text.trim_matches(['"', '\'']).parse::<u16>().ok().filter(|it| *it > 0);
    words.iter().enumerate().find_map(|(at, word)| {
        let next = || words.get(at + 1).copied();
        let value = match *word {
            "--port" | "-p" => next()?,
            word => ["--port=", "-p=", "PORT="].iter().find_map(|it| word.strip_prefix(it))?,
        };
        number(value)
    })
}

/// The port in a configuration file of Vite or Astro: a number after `port:` inside `server: { … }`.
pub fn of_configuration(text: &str) -> Option<u16> {
    let text = without_comments(text);
    let server = after_key(&text, "server")?.strip_prefix('{')?;
    let (mut depth, mut own) = (1, String::new());
    for char in server.chars() {
        depth += match char {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        match depth {
            0 => break,
            1 => own.push(char),
            // Of a key below, such as `hmr`.
            _ => {}
        }
    }
    let port = after_key(&own, "port").filter(|_| depth == 0)?;
    let digits = port.len() - port.trim_start_matches(|it: char| it.is_ascii_digit()).len();
    let rest = port[digits..].trim_start();
    // What goes on is an expression.
    let is_plain = rest.is_empty() || rest.starts_with([',', '}']);
    port[..digits].parse().ok().filter(|port| is_plain && *port > 0)
}

/// The port in angular.json, when all projects have the same.
pub fn of_angular(json: &Value) -> Option<u16> {
    let projects = json["projects"].as_object()?;
    let ports = projects.values().filter_map(|it| {
        let targets = if it["architect"].is_object() { &it["architect"] } else { &it["targets"] };
        targets["serve"]["options"]["port"].as_u64()
    });
    let mut ports: Vec<u64> = ports.collect();
    ports.dedup();
    match ports[..] {
        [port] => u16::try_from(port).ok().filter(|it| *it > 0),
        _ => None,
    }
}

/// The text after `key:`, where the key is a word of its own.
fn after_key<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.match_indices(key).find_map(|(at, _)| {
        let is_word = |it: char| it.is_alphanumeric() || "_$-.".contains(it);
        let begins = !text[..at].ends_with(is_word);
        let rest = text[at + key.len()..].trim_start_matches(['"', '\'']).trim_start();
        Some(rest.strip_prefix(':')?.trim_start()).filter(|_| begins)
    })
}

/// The text without comments of JavaScript. `://` is in an address.
fn without_comments(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("/*") {
        plain += &rest[..at];
        let after = &rest[at + 2..];
        rest = after.find("*/").map_or("", |end| &after[end + 2..]);
    }
    plain += rest;
    let code = |line: &str| {
        let comment = line.match_indices("//").find(|(at, _)| !line[..*at].ends_with(':'));
        line[..comment.map_or(line.len(), |(at, _)| at)].to_owned()
    };
    plain.lines().map(code).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn scripts() {
        for (script, port) in [
            ("vite --port 4000", Some(4000)),
            ("next dev -p 3005 --turbo", Some(3005)),
            ("vite --port=4001 --host", Some(4001)),
            ("cross-env PORT=3002 react-scripts start", Some(3002)),
            ("vite", None),
            ("vite --port $PORT", None),
            ("vite --port", None),
            ("vite --port 0", None),
            ("vite --port 99999", None),
            ("tsx --import-port 5", None),
        ] {
            assert_eq!(of_script(script), port, "{script}");
        }
    }

    #[test]
    fn configurations() {
        for (text, port) in [
            ("export default { server: { port: 8080 } }", Some(8080)),
            ("server: { proxy: { '/api': 'http://x' }, port: 3000, }", Some(3000)),
            ("server: { hmr: { port: 1 }, port: 3002 // own\n}", Some(3002)),
            ("server: { hmr: { port: 1 } }", None),
            ("'server': { \"port\": 3001 }", Some(3001)),
            ("server: { port: Number(process.env.PORT) }", None),
            ("server: { port: 3000 + 1 }", None),
            ("preview: { port: 3000 }", None),
            ("// server: { port: 3000 }\n", None),
            ("server: { /* port: 3000, */ strictPort: true }", None),
            ("server: { strictPort: 1, supportport: 2 }", None),
            ("server", None),
            ("server: { port: 3", None),
            ("", None),
        ] {
            assert_eq!(of_configuration(text), port, "{text}");
        }
    }

    #[test]
    fn angular() {
        let of = |port: Value| json!({ "projects": { "a": { "architect": { "serve": { "options": { "port": port } } } } } });
        assert_eq!(of_angular(&of(json!(4300))), Some(4300));
        for it in [of(json!("x")), of(json!(70_000)), json!({}), json!([])] {
            assert_eq!(of_angular(&it), None, "{it}");
        }
    }
}
