//! The names of the exported files.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use stackctl_stackfile::names::LogicalName;

/// The name of the template's file.
pub const TEMPLATE: &str = "template.yaml";

/// The name of the file with the template of an import.
pub const IMPORT: &str = "import.yaml";

/// The name of the file with the identifiers of the resources to import.
pub const RESOURCES_TO_IMPORT: &str = "resources-to-import.json";

/// The folder of the functions' zips, beside the template.
pub const CODE: &str = "code";

/// The file name of each function's zip.
pub type CodeFiles = BTreeMap<LogicalName, String>;

/// The file name of a function's zip. It changes with the code, by which CloudFormation sees that the code is new.
pub fn file_name(function: &LogicalName, zip: &[u8]) -> String {
    let digest: String = Sha256::digest(zip).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    format!("{function}-{digest}.zip")
}
