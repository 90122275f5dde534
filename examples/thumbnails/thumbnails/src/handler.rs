//! What the function does with an event.

use std::{cmp::Ordering, error::Error};

use serde_json::Value;

use crate::{
    event::{Record, order, records},
    thumbnail::thumbnail,
};

type Failure = Box<dyn Error + Send + Sync>;

/// The objects of a bucket.
pub trait Store {
    /// The contents of an object; `None` if it does not exist.
    fn get(&self, bucket: &str, key: &str) -> Result<Option<Vec<u8>>, Failure>;

    /// The sequencer in the metadata of an object; `None` if the object does not exist.
    fn sequencer(&self, bucket: &str, key: &str) -> Result<Option<String>, Failure>;

    /// Puts a JPEG with a sequencer in its metadata.
    fn put(&self, bucket: &str, key: &str, jpeg: &[u8], sequencer: &str) -> Result<(), Failure>;

    /// Deletes an object; one that does not exist is success.
    fn delete(&self, bucket: &str, key: &str) -> Result<(), Failure>;
}

/// Handles an event. An error makes Lambda call the function again.
pub fn handle(event: &Value, store: &impl Store) -> Result<(), Failure> {
    records(event).iter().try_for_each(|it| handle_record(it, store))
}

fn handle_record(
    Record { bucket, key, is_created, sequencer }: &Record,
    store: &impl Store,
) -> Result<(), Failure> {
    let Some(small) = key_of_thumbnail(key) else { return Ok(()) };
    let known = store.sequencer(bucket, &small)?;
    if known.as_ref().is_some_and(|it| order(sequencer, it) != Ordering::Greater) {
        // The thumbnail is of this event, or of a newer one.
        return Ok(());
    }
    let image = if *is_created { store.get(bucket, key)? } else { None };
    let made = image.and_then(|image| {
        let made = thumbnail(&image);
        made.inspect_err(|error| println!("no thumbnail of {key}: {error}")).ok()
    });
    match made {
        Some(jpeg) => store.put(bucket, &small, &jpeg, sequencer),
        None if known.is_some() => store.delete(bucket, &small),
        None => Ok(()),
    }
}

/// The key of the thumbnail of an image; `None` for what is no upload.
fn key_of_thumbnail(key: &str) -> Option<String> {
    Some(format!("thumbnails/{}.jpg", key.strip_prefix("uploads/")?))
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, collections::BTreeMap, io::Cursor};

    use image::{DynamicImage, ImageFormat};
    use serde_json::json;

    use super::*;

    /// Objects by key, with their sequencers.
    #[derive(Default)]
    struct Memory(RefCell<BTreeMap<String, (Vec<u8>, String)>>);

    impl Store for Memory {
        fn get(&self, _: &str, key: &str) -> Result<Option<Vec<u8>>, Failure> {
            Ok(self.0.borrow().get(key).map(|it| it.0.clone()))
        }

        fn sequencer(&self, _: &str, key: &str) -> Result<Option<String>, Failure> {
            Ok(self.0.borrow().get(key).map(|it| it.1.clone()))
        }

        fn put(&self, _: &str, key: &str, jpeg: &[u8], sequencer: &str) -> Result<(), Failure> {
            self.0.borrow_mut().insert(key.to_owned(), (jpeg.to_owned(), sequencer.to_owned()));
            Ok(())
        }

        fn delete(&self, _: &str, key: &str) -> Result<(), Failure> {
            self.0.borrow_mut().remove(key);
            Ok(())
        }
    }

    const IMAGE: &str = "uploads/ada/a.png";
    const SMALL: &str = "thumbnails/ada/a.png.jpg";

    impl Memory {
        fn upload(&self, side: u32) {
            let mut png = Cursor::new(Vec::new());
            DynamicImage::new_rgb8(side, side).write_to(&mut png, ImageFormat::Png).unwrap();
            self.put("", IMAGE, &png.into_inner(), "").unwrap();
        }

        fn event(&self, name: &str, sequencer: &str) {
            let object = json!({ "key": IMAGE, "sequencer": sequencer });
            let s3 = json!({ "bucket": { "name": "b" }, "object": object });
            handle(&json!({ "Records": [{ "eventName": name, "s3": s3 }] }), self).unwrap();
        }

        /// The width of the thumbnail, and its sequencer.
        fn small(&self) -> Option<(u32, String)> {
            let all = self.0.borrow();
            let (jpeg, sequencer) = all.get(SMALL)?;
            Some((image::load_from_memory(jpeg).unwrap().width(), sequencer.clone()))
        }
    }

    const CREATED: &str = "ObjectCreated:Put";
    const DELETED: &str = "ObjectRemoved:Delete";

    fn made(width: u32, sequencer: &str) -> Option<(u32, String)> {
        Some((width, sequencer.to_owned()))
    }

    #[test]
    fn an_upload_and_its_deletion() {
        let store = Memory::default();
        store.upload(640);
        store.event(CREATED, "2");
        assert_eq!(store.small(), made(320, "2"));
        store.delete("", IMAGE).unwrap();
        store.event(DELETED, "3");
        assert_eq!(store.small(), None);
    }

    #[test]
    fn an_event_that_is_no_news_changes_nothing() {
        let store = Memory::default();
        store.upload(640);
        store.event(CREATED, "2");
        // Another image is there already, and its event is still to come.
        store.upload(10);
        store.event(CREATED, "2");
        store.event(CREATED, "1");
        store.event(DELETED, "1");
        assert_eq!(store.small(), made(320, "2"));
        store.event(CREATED, "4");
        assert_eq!(store.small(), made(10, "4"));
    }

    #[test]
    fn a_late_event_brings_nothing_back() {
        let store = Memory::default();
        store.event(DELETED, "3");
        store.event(CREATED, "2");
        assert_eq!(store.small(), None);
    }

    #[test]
    fn what_is_no_image_has_no_thumbnail() {
        let store = Memory::default();
        store.upload(640);
        store.event(CREATED, "1");
        store.put("", IMAGE, b"a letter", "").unwrap();
        store.event(CREATED, "2");
        assert_eq!(store.small(), None);
    }

    #[test]
    fn other_keys_and_bodies() {
        let store = Memory::default();
        handle(&json!({ "Event": "s3:TestEvent" }), &store).unwrap();
        assert_eq!(key_of_thumbnail("thumbnails/ada/a.png.jpg"), None);
    }
}
