//! A section of `docs/benchmarks.md` that a benchmark writes, between two comments that name it.

use std::{fs, io, path::Path};

/// The report of one benchmark.
#[derive(Debug, Clone)]
pub struct Section {
    /// The benchmark's name.
    pub name: &'static str,
    /// Markdown.
    pub text: String,
}

impl Section {
    /// Puts it in place of the former one, or at the end.
    ///
    /// # Errors
    /// A file that cannot be read or written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let former = match fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            other => other?,
        };
        fs::write(path, self.put_into(&former))
    }

    fn put_into(&self, page: &str) -> String {
        let (begin, end) = (format!("<!-- bench {} -->", self.name), format!("<!-- end {} -->", self.name));
        let section = format!("{begin}\n\n{}\n\n{end}", self.text.trim());
        let around =
            page.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
        match around {
            Some((before, after)) => format!("{before}{section}{after}"),
            None => format!("{}\n\n{section}\n", page.trim_end()).trim_start().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_takes_the_place_of_the_former() {
        let section = |text: &str| Section { name: "client", text: text.to_owned() };
        let first = section("one").put_into("# Benchmarks\n");
        assert_eq!(first, "# Benchmarks\n\n<!-- bench client -->\n\none\n\n<!-- end client -->\n");
        let page = format!("{first}\nA word.\n");
        assert_eq!(section("two").put_into(&page), page.replace("one", "two"));
    }
}
