//! The signatures against those of the scheme's own library, made by ../vectors/make.py.

use serde_json::Value;
use webhook::secrets::Secrets;

#[test]
fn are_those_of_the_library() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("../vectors/signatures.json")).unwrap();
    assert_eq!(vectors.len(), 60);
    for vector in &vectors {
        let text = |name: &str| vector[name].as_str().unwrap();
        let timestamp = vector["timestamp"].as_u64().unwrap();
        let secrets = Secrets::read(text("secret")).unwrap();
        assert_eq!(secrets.sign(text("id"), timestamp, text("body")), text("signature"), "{vector}");
    }
}
