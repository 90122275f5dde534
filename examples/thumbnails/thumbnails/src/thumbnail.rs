//! A thumbnail: a small JPEG of an image.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits, codecs::jpeg::JpegEncoder};

/// The most pixels of a side.
const SIDE: u32 = 320;
const QUALITY: u8 = 80;
/// The most pixels of a side of an image that is read.
const LONGEST: u32 = 20_000;
/// The most bytes that reading an image may take: less than the function's memory.
const MOST_BYTES: u64 = 512 * 1024 * 1024;

/// Makes the thumbnail of an image.
///
/// # Errors
/// Bytes that are no JPEG or PNG, and images that are too large.
pub fn thumbnail(image: &[u8]) -> Result<Vec<u8>, ImageError> {
    let mut reader = ImageReader::new(Cursor::new(image)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST);
    limits.max_image_height = Some(LONGEST);
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    // A camera stores how it was held.
    let orientation = decoder.orientation()?;
    let mut whole = DynamicImage::from_decoder(decoder)?;
    whole.apply_orientation(orientation);
    let small =
        if whole.width() > SIDE || whole.height() > SIDE { whole.thumbnail(SIDE, SIDE) } else { whole };
    let mut jpeg = Vec::new();
    // JPEG has no transparency.
    small.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, QUALITY))?;
    Ok(jpeg)
}

#[cfg(test)]
mod tests {
    use image::ImageFormat;

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::new_rgba8(width, height).write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn sizes() {
        for (image, expected) in [((640, 320), (320, 160)), ((100, 1000), (32, 320)), ((10, 20), (10, 20))] {
            let made = thumbnail(&png(image.0, image.1)).unwrap();
            let read = image::load_from_memory_with_format(&made, ImageFormat::Jpeg).unwrap();
            assert_eq!((read.width(), read.height()), expected);
        }
    }

    #[test]
    fn no_image() {
        assert!(thumbnail(b"a letter").is_err());
        assert!(thumbnail(&png(LONGEST + 1, 1)).is_err());
    }
}
