//! The logical ids of a template: letters and digits, one for each address.

use std::collections::{BTreeMap, BTreeSet};

/// The logical ids that were given so far.
#[derive(Debug, Default)]
pub struct LogicalIds {
    by_address: BTreeMap<String, String>,
    taken: BTreeSet<String>,
}

impl LogicalIds {
    /// The logical id of an address such as `bucket.uploads`: `BucketUploads`. Addresses that give the same letters get
    /// a number, in the order in which they are first asked for.
    pub fn of(&mut self, address: &str) -> String {
        if let Some(id) = self.by_address.get(address) {
            return id.clone();
        }
        let plain: String = address.split(|it: char| !it.is_ascii_alphanumeric()).map(capitalized).collect();
        let mut id = plain.clone();
        let mut number = 2;
        while !self.taken.insert(id.clone()) {
            id = format!("{plain}{number}");
            number += 1;
        }
        self.by_address.insert(address.to_owned(), id.clone());
        id
    }
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_has_its_own() {
        let mut ids = LogicalIds::default();
        let addresses =
            ["function.a-b", "function.a_b", "function.ab", "function.a-b2", "user_pool_client.a/b-c"];
        let given = addresses.map(|it| ids.of(it));
        assert_eq!(given, ["FunctionAB", "FunctionAB2", "FunctionAb", "FunctionAB22", "UserPoolClientABC"]);
        assert_eq!(addresses.map(|it| ids.of(it)), given);
    }
}
