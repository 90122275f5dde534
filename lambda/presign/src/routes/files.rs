//! Files that are there: `GET /folders`, `GET /uploads`, and `GET` and `DELETE /uploads/{key+}`. S3 does the work, by the returned
//! URL, so this function sends no requests.

use serde_json::{Value, json};

use super::asked::Asked;
use crate::{
    answer::Refusal,
    fields::invalid,
    key, media_type,
    sign::{ToSign, attachment},
};

impl Asked<'_> {
    /// The folders that the caller may see or fill, what the caller may do in each, and the limits of a file.
    pub(super) fn folders(&self) -> Value {
        let mut all = Vec::new();
        for (folder, verbs) in self.bucket.rules.folders(self.caller(), &self.bucket.grants) {
            all.push(json!({ "folder": folder, "verbs": Value::from(verbs) }));
        }
        let types: Vec<&str> = self.settings.content_types.iter().map(String::as_str).collect();
        let limits = json!({ "maxBytes": self.settings.max_bytes, "contentTypes": Value::from(types) });
        json!({
            "folders": all,
            "limits": limits,
            "bucket": self.bucket.logical,
            "requestId": self.request.id,
        })
    }

    /// A URL that lists the files.
    pub(super) fn list(&self) -> Result<Value, Refusal> {
        self.granted("list")?;
        let prefix = self.folder("list", self.request.query("folder"))?;
        let mut query = vec![("list-type", "2".to_owned()), ("prefix", prefix.clone())];
        if let Some(token) = self.request.query("continuationToken") {
            query.push(("continuation-token", token.to_owned()));
        }
        if let Some(most) = self.request.query("maxKeys") {
            let most = most.parse::<u16>().ok().filter(|most| (1..=1000).contains(most));
            let most = most.ok_or_else(|| invalid("maxKeys", "`maxKeys` must be from 1 to 1000"))?;
            query.push(("max-keys", most.to_string()));
        }
        let request = ToSign { key: None, query, ..self.to_sign("GET", "") };
        self.signed(&request, json!({ "prefix": prefix }))
    }

    /// A URL that downloads a file under its name, as a harmless media type. With `inline=true` in the query a PDF is
    /// shown by the browser instead, on the bucket's origin.
    pub(super) fn download(&self, given: &str) -> Result<Value, Refusal> {
        self.granted("get")?;
        let key = self.key("get", given)?;
        let name = key::file_name(&key);
        let is_shown = self.request.query("inline") == Some("true") && media_type::is_pdf(&name);
        let (disposition, media_type) = if is_shown {
            ("inline".to_owned(), media_type::PDF)
        } else {
            (attachment(&name), media_type::of_download(&name))
        };
        let query = vec![
            ("response-content-disposition", disposition),
            ("response-content-type", media_type.to_owned()),
        ];
        let request = ToSign { query, ..self.to_sign("GET", &key) };
        self.signed(&request, json!({ "key": key, "filename": name }))
    }

    /// A URL that deletes a file.
    pub(super) fn remove(&self, given: &str) -> Result<Value, Refusal> {
        self.granted("delete")?;
        let key = self.key("delete", given)?;
        let request = self.to_sign("DELETE", &key);
        self.signed(&request, json!({ "method": "DELETE", "key": key }))
    }

    /// An answer with the URL of a request, and what each such answer says beside `own`.
    fn signed(&self, request: &ToSign<'_>, mut own: Value) -> Result<Value, Refusal> {
        own["url"] = self.presign(request)?.into();
        own["bucket"] = self.bucket.logical.clone().into();
        own["expiresAt"] = self.until(request.expires).into();
        own["requestId"] = self.request.id.clone().into();
        Ok(own)
    }
}
