//! The examples `thumbnails` and `thumbnails-node`: an uploaded image gets a thumbnail, which goes with the image.

use std::{fs, os::unix::fs::symlink, path::Path};

use aws_sdk_s3::primitives::ByteStream;
use libtest_mimic::Trial;

use crate::{
    harness::{
        cloud::{Cloud, console, eventually, wait_for},
        program::{WorkingCopy, target},
        trial::trial,
    },
    stacks::lifecycle::send,
};

/// 640 × 480 pixels.
const PICTURE: &[u8] = include_bytes!("picture.png");

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    let of = |example: &'static str| trial(format!("events::{example}"), move || lives(cloud, example));
    vec![of("thumbnails"), of("thumbnails-node")]
}

fn lives(cloud: &Cloud, example: &str) {
    let copy = copy_of(cloud, example);
    copy.apply();
    copy.assert_settled();
    let bucket = copy.outputs()["bucket"].as_str().unwrap().to_owned();
    let s3 = console(&copy, &cloud.url).s3;
    let put = |key: &str, body: &'static [u8]| {
        let put = s3.put_object().bucket(&bucket).key(key);
        send!(put.body(ByteStream::from_static(body)));
    };
    let get = |key: &str| {
        wait_for(async {
            let found = s3.get_object().bucket(&bucket).key(key).send().await.ok()?;
            let sequencer = found.metadata().and_then(|it| it.get("sequencer")).cloned();
            Some((found.body.collect().await.unwrap().into_bytes(), sequencer))
        })
    };

    put("uploads/ada/a picture.png", PICTURE);
    put("uploads/ada/no picture.png", b"a letter");
    let mut found = None;
    eventually("the image has a thumbnail", || {
        found = get("thumbnails/ada/a picture.png.jpg");
        found.is_some()
    });
    let (jpeg, sequencer) = found.unwrap();
    assert_eq!(size_of(&jpeg), Some((320, 240)));
    assert!(sequencer.is_some_and(|it| !it.is_empty()), "the event is noted");
    send!(s3.delete_object().bucket(&bucket).key("uploads/ada/a picture.png"));
    eventually("the thumbnail goes with the image", || get("thumbnails/ada/a picture.png.jpg").is_none());

    let picture = copy.folder.join("picture.png");
    fs::write(&picture, PICTURE).unwrap();
    let said = copy.run(&["verify", "--events", picture.to_str().unwrap()]);
    assert_eq!(said.code, 0, "{said:?}");
    let left = send!(s3.list_objects_v2().bucket(&bucket));
    let left: Vec<&str> = left.contents().iter().filter_map(|it| it.key()).collect();
    assert_eq!(left, ["uploads/ada/no picture.png"]);
    copy.succeed(&["destroy", "--yes", "--empty-buckets"]);
}

/// A working copy with the files of the example.
fn copy_of(cloud: &Cloud, example: &str) -> WorkingCopy {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(example);
    let yaml = fs::read_to_string(source.join("stack.yaml")).unwrap();
    let stack = format!("stack: example-{example}\n");
    assert!(yaml.contains(&stack), "the stack is named after the example");
    let copy = cloud.working_copy(example, &yaml.replace(&stack, "stack: NAME\n"));
    copy_files(&source, &copy.folder);
    // The libraries are built once, not in each run.
    let built = target().join("it-examples").join(example);
    fs::create_dir_all(&built).unwrap();
    let _ = symlink(&built, copy.folder.join("target"));
    copy
}

/// Copies the files of a folder but for the stack file and what builds made.
fn copy_files(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let name = entry.file_name();
        if ["target", "node_modules", "stack.yaml"].iter().any(|it| name == *it) {
            continue;
        }
        match entry.file_type().unwrap().is_dir() {
            true => copy_files(&entry.path(), &to.join(name)),
            false => drop(fs::copy(entry.path(), to.join(name)).unwrap()),
        }
    }
}

/// The width and height of a JPEG: the segment that begins a frame has them.
fn size_of(jpeg: &[u8]) -> Option<(u16, u16)> {
    let mut rest = jpeg.strip_prefix(&[0xff, 0xd8])?;
    loop {
        let [0xff, kind, high, low, ..] = rest else { return None };
        let number = |at: usize| Some(u16::from_be_bytes([*rest.get(at)?, *rest.get(at + 1)?]));
        if [0xc0, 0xc2].contains(kind) {
            return Some((number(7)?, number(5)?));
        }
        rest = rest.get(2 + usize::from(u16::from_be_bytes([*high, *low]))..)?;
    }
}
