use super::*;

const STACK: &str = "
stack: app
region: eu-west-1
functions: { presign: { package: presign } }
user_pools: { users: { clients: { web: {} } } }
apis:
  uploads:
    cors: { origins: [http://localhost:5173] }
    authorizer: users
    routes: { GET /: presign, 'GET /uploads/{key+}': presign }
";

/// Two pools' worth of graph is enough to see that the plan of a new API waits for its pool.
#[test]
fn an_api_comes_after_its_pool() {
    let stack = stackctl_stackfile::parse(STACK, None).unwrap_or_else(|problems| panic!("{problems:?}"));
    let account =
        Account::new(&stack, stack.region.clone(), "000000000000".to_owned(), "aws".to_owned(), None);
    let graph = graph(&stack, &account, &Packages::not_needed(&stack));
    let addresses: Vec<String> = graph.addresses().map(ToString::to_string).collect();
    assert_eq!(
        addresses,
        [
            "user_pool.users",
            "user_pool_client.users/web",
            "rest_api.uploads",
            "role.presign",
            "log_group.presign",
            "function.presign"
        ]
    );
}
