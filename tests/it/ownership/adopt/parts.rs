//! The parts of an adopted user pool, which have no tags.

use super::{
    rows::{ROWS, Row, begin},
    seen,
};
use crate::harness::{cloud::wait_for, program::plan_in, strict::Strict};

/// App clients and groups have no tags: they are the stack's with their pool.
pub fn parts() {
    let cloud = Strict::borrow();
    let file = "stack: NAME\nregion: eu-west-1\nuser_pools:\n  people:\n    name: MADE\n    deletion_protection: false\n    \
                groups: [admins]\n    clients: { web: { name: site } }\n";
    let (copy, aws, id) = begin(&Row { file, ..ROWS[1] }, &cloud);
    let client = aws.cognito.create_user_pool_client().user_pool_id(&id).client_name("site");
    let client = wait_for(client.send()).unwrap().user_pool_client.unwrap().client_id.unwrap();
    // A name that a client of the stack could have.
    let alike = aws.cognito.create_user_pool_client().user_pool_id(&id);
    wait_for(alike.client_name(format!("{}-people-mobile", copy.stack().name)).send()).unwrap();
    let adopt = |address: &str, what: &str| copy.run(&["adopt", address, what, "--yes"]);

    let early = adopt("user_pool_client.people/web", &client);
    assert!(early.code == 1 && early.stderr.contains("adopt that first"), "{early:?}");
    assert_eq!(adopt("user_pool.people", &id).code, 0);
    for (address, what) in
        [("user_pool_client.people/web", &client[..]), ("user_pool_group.people/admins", "admins")]
    {
        let said = adopt(address, what);
        assert!(said.code == 0 && said.stdout.contains("a part of user_pool.people"), "{said:?}");
    }
    let other = copy.text().replace("name: site", "name: another");
    let text = copy.text();
    copy.write(&other);
    let said = adopt("user_pool_client.people/web", &client);
    assert!(said.stderr.contains("write `name: site` below `user_pools.people.clients.web`"), "{said:?}");
    copy.write(&text);

    copy.apply();
    assert_eq!(copy.plan(), Vec::<String>::new());
    let outputs = copy.outputs();
    assert_eq!(outputs["client_id"], client.as_str(), "{outputs}");
    let clients = aws.cognito.list_user_pool_clients().user_pool_id(&id).max_results(10);
    assert_eq!(
        wait_for(clients.send()).unwrap().user_pool_clients().len(),
        2,
        "a client of others is deleted"
    );
    // Destroy keeps them with their pool.
    let before = seen::user_pool(&aws, &id);
    let lines = plan_in(&copy.succeed(&["destroy", "--yes", "--json"]).stdout);
    let stays = "stays with user_pool.people, which the stack adopted";
    assert!(lines.contains(&format!("user_pool_client.people/web: {stays}")), "{lines:?}");
    assert!(lines.contains(&format!("user_pool_group.people/admins: {stays}")), "{lines:?}");
    assert_eq!(seen::user_pool(&aws, &id), before);
    let said = copy.run(&["release", "user_pool_client.people/web", "--yes"]);
    assert!(said.code == 64 && said.stderr.contains("stackctl release user_pool.people"), "{said:?}");
    // The description of a group of others is theirs.
    let said = copy.run(&["release", "user_pool_group.people/admins", "--yes"]);
    assert!(said.code == 64 && said.stderr.contains("has no tags of its own"), "{said:?}");
    assert_eq!(seen::user_pool(&aws, &id), before);
}
