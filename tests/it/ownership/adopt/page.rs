//! The commands of docs/adopt.md.

use super::made;
use crate::harness::{
    cloud::{console, wait_for},
    program::WorkingCopy,
    strict::Strict,
};

/// The commands of docs/adopt.md, with the file there.
pub fn the_page() {
    let page = include_str!("../../../../docs/adopt.md");
    let file = page.split("```yaml\n").nth(1).and_then(|it| it.split("```").next()).unwrap();
    let cloud = Strict::borrow();
    let copy = WorkingCopy::new("adopt-page", file, &cloud.url);
    let code = copy.folder.join("lambda/resize");
    std::fs::create_dir_all(&code).unwrap();
    std::fs::write(code.join("index.mjs"), "export const handler = async () => ({ statusCode: 200 })\n")
        .unwrap();
    let aws = console(&copy, &cloud.url);
    made::bucket(&aws, "legacy-photos");
    let pool = made::user_pool(&aws, "legacy-people");
    wait_for(aws.cognito.create_user_pool_client().user_pool_id(&pool).client_name("website").send())
        .unwrap();
    made::function(&aws, "legacy-resize");
    made::log_group(&aws, "legacy-resize");
    made::rest_api(&aws, "legacy-api");

    let commands: Vec<Vec<&str>> = page
        .lines()
        .filter_map(|it| it.strip_prefix("$ stackctl "))
        .map(|it| it.split(' ').collect())
        .collect();
    let run = |verb: &str| -> String {
        let these = commands.iter().filter(|it| it[0] == verb);
        these.map(|it| copy.succeed(&[&it[..], &["--yes"]].concat()).stdout).collect()
    };
    let told = run("adopt");
    let shown = ["Adopting ", "  + stackctl:", "Adopted "];
    let shown = page.lines().filter(|line| shown.iter().any(|it| line.starts_with(it)));
    let missing: Vec<&str> = shown.filter(|line| !told.contains(line)).collect();
    assert_eq!(missing, Vec::<&str>::new(), "{told}");
    copy.apply();
    assert_eq!(copy.plan(), Vec::<String>::new());
    assert_eq!(commands.iter().filter(|it| it[0] == "adopt").count(), 7);
    assert!(run("release").contains("Released bucket.uploads (legacy-photos)"));
}
