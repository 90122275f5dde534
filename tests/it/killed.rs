//! Killed after any single write of a first apply: the next apply carries on, and nothing exists twice.

use libtest_mimic::Trial;

use crate::{
    cloud::{Cloud, console, wait_for},
    lifecycle::STACK,
    middleman::Middleman,
};

/// One test for each write of a first apply. The last ones find nothing left to be killed at.
pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    // Writes of one first apply, the lock's among them; more than there are does no harm.
    const WRITES: usize = 22;
    let trial = |fatal: usize| {
        Trial::test(format!("killed::after_write_{fatal:02}"), move || {
            let copy = cloud.working_copy("killed", STACK);
            let middleman = Middleman::new(&cloud.url, fatal);
            let killed = middleman.watch(copy.through(&middleman.url).command(&["apply", "--yes"]));
            assert!(killed || fatal > WRITES - 4, "there were fewer writes than {fatal}");
            copy.apply();
            copy.assert_settled();
            nothing_twice(cloud, &copy);
            copy.succeed(&["destroy", "--yes"]);
            Ok(())
        })
    };
    (1..=WRITES).map(trial).collect()
}

/// Pools, clients and APIs can exist twice under one name; the cloud is asked, not stackctl.
pub fn nothing_twice(cloud: &Cloud, copy: &crate::program::WorkingCopy) {
    let aws = console(copy, &cloud.url);
    let stack = aws.stack.to_string();
    wait_for(async {
        let apis = aws.apigateway.get_rest_apis().limit(500).send().await.unwrap().items.unwrap_or_default();
        let ours: Vec<_> =
            apis.iter().filter(|api| api.name() == Some(&format!("{stack}-uploads"))).collect();
        assert_eq!(ours.len(), 1);
        let stages = aws.apigateway.get_stages().rest_api_id(ours[0].id().unwrap()).send().await.unwrap();
        assert_eq!(stages.item().len(), 1);
        let authorizers =
            aws.apigateway.get_authorizers().rest_api_id(ours[0].id().unwrap()).send().await.unwrap();
        assert_eq!(authorizers.items().len(), 1);
        let mut pools = Vec::new();
        let mut next = None;
        loop {
            let page =
                aws.cognito.list_user_pools().max_results(60).set_next_token(next).send().await.unwrap();
            pools.extend(page.user_pools.unwrap_or_default());
            next = page.next_token;
            if next.is_none() {
                break;
            }
        }
        let ours: Vec<_> =
            pools.iter().filter(|pool| pool.name() == Some(&format!("{stack}-users"))).collect();
        assert_eq!(ours.len(), 1);
        let clients =
            aws.cognito.list_user_pool_clients().user_pool_id(ours[0].id().unwrap()).send().await.unwrap();
        assert_eq!(clients.user_pool_clients().len(), 1);
    });
}
