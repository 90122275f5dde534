//! The parts of XML that rules read: elements without attributes.

/// The content of each element `name`.
pub fn elements<'a>(xml: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut rest = xml;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once(&open)?;
        let (inside, after) = after.split_once(&close)?;
        rest = after;
        Some(inside.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_of_a_name() {
        let xml = "<A><Part>\n<PartNumber> 1 </PartNumber></Part><PartNumberMarker>0</PartNumberMarker><Part/>\
                   <Part><PartNumber>2</PartNumber><ETag>\"x\"</ETag></Part><Part>";
        assert_eq!(elements(xml, "PartNumber").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(elements(xml, "Part").count(), 2);
        assert_eq!(elements("", "Part").count(), 0);
    }
}
