//! `GET /`.

use serde_json::Value;

use super::asked::{Asked, content_length};
use crate::{
    answer::Refusal,
    fields::{invalid, needed},
    key,
};

impl Asked<'_> {
    /// `GET /`: a URL to PUT a file, as a JSON string. Where MAX_BYTES is set the query must have the size.
    pub fn url(&self) -> Result<Value, Refusal> {
        self.granted("put")?;
        let told = match self.request.query("size") {
            Some(text) => Some(text.parse().map_err(|_| invalid("size", "`size` must be a whole number"))?),
            None => None,
        };
        let size = self.allowed_size(told)?;
        if self.settings.is_limit_set {
            needed("size", size)?;
        }
        let key = key::nameless(&self.folder("put", self.request.query("folder"))?);
        let mut request = self.to_put(&key);
        request.headers.extend(size.map(content_length));
        request.expires = self.settings.url_expires;
        Ok(self.presign(&request)?.into())
    }
}
