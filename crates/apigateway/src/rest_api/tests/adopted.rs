//! An adopted API keeps the parts of others.

use std::collections::{BTreeMap, BTreeSet};

use expect_test::{Expect, expect};
use stackctl_aws_data::desired::rest_api::{
    document,
    shape::{GatewayResponse, Integration, Method, Shape},
};
use stackctl_engine::{Known, Resource, plan::text as plan_text};

use super::{
    super::{Action, Live, RestApi, model::DEPLOYED},
    STACK, api, applied,
};

/// The API after an apply, with the tag of an adopted one.
fn adopted(api: &RestApi) -> Live {
    let live = applied(api);
    Live { tags: live.tags.clone().of_adopted(), ..live }
}

fn check(change: impl FnOnce(&mut Live), expected: Expect) {
    let api = api(STACK);
    let mut live = adopted(&api);
    change(&mut live);
    expected.assert_eq(&plan_text::steps(&api, Some(&live)));
}

fn key(path: &str, verb: &str) -> (String, String) {
    (path.to_owned(), verb.to_owned())
}

fn theirs() -> Method {
    Method {
        authorizer: None,
        scopes: BTreeSet::new(),
        api_key: true,
        integration: Integration::Other("HTTP GET https://example.com".to_owned()),
    }
}

/// The parts of others that no route of the file touches.
fn add_others(shape: &mut Shape) {
    shape.methods.insert(key("/photos", "ANY"), theirs());
    shape.authorizers.insert("demo".to_owned(), Some(BTreeSet::new()));
    shape.gateway_responses.insert("THROTTLED".to_owned(), GatewayResponse::default());
}

#[test]
fn settings_of_others_are_no_difference() {
    check(
        |live| {
            add_others(&mut live.shape);
            live.regional = false;
            live.tags.0.insert("team".to_owned(), "photos".to_owned());
            let stage = &mut live.stages[0];
            stage.cluster = true;
            stage.variables.insert("table".to_owned(), "photos".to_owned());
            stage.overrides.insert("~1photos/GET".to_owned());
            stage.tags.0.insert("team".to_owned(), "photos".to_owned());
        },
        expect![[""]],
    );
}

#[test]
fn what_apply_changes_stands_in_the_plan() {
    check(
        |live| {
            add_others(&mut live.shape);
            live.shape.methods.insert(key("/", "GET"), theirs());
            live.endpoint_disabled = true;
            let stage = &mut live.stages[0];
            (stage.cluster, stage.caching, stage.data_trace, stage.canary) = (true, true, true, true);
            stage.overrides.extend(["~1/GET".to_owned(), "photos/GET".to_owned()]);
        },
        expect![[r#"
            ~ enable the endpoint of
                endpoint: disabled → enabled
            ~ import
                GET /: HTTP GET https://example.com, with an API key → function app-presign, for users
            ~ set the stage of
                caching: on → off
                data_trace: on → off
                canary: on → off
                method_settings: ~1/GET → gone
        "#]],
    );
}

#[test]
fn a_route_that_left_the_file_is_deleted() {
    check(
        |live| {
            add_others(&mut live.shape);
            live.shape.methods.insert(key("/old", "GET"), theirs());
            live.own_methods.insert(key("/old", "GET"), "r1".to_owned());
            live.own_methods.insert(key("/", "GET"), "r0".to_owned());
        },
        expect![[r#"
            - delete a method of
                GET /old: there → gone
        "#]],
    );
}

#[test]
fn an_import_contains_what_differs_and_nothing_else() {
    let api = api(STACK);
    let mut live = adopted(&api);
    add_others(&mut live.shape);
    live.shape.methods.remove(&key("/", "GET"));
    live.shape.gateway_responses.remove("DEFAULT_4XX");
    let actions = api.diff(Some(&live), &Known::default());
    let [Action::Put { from, to, part: Some(part), rename: None }] = actions.as_slice() else {
        panic!("{actions:?}")
    };
    assert!(part.methods.keys().eq([&key("/", "GET")]));
    assert!(part.gateway_responses.keys().eq(["DEFAULT_4XX"]));
    assert!(part.authorizers.keys().eq(["users"]), "the method names it");
    let merged = part.over(from);
    assert_eq!(merged, *to);
    let mut others = Shape::default();
    add_others(&mut others);
    assert_eq!(others.over(&merged), merged);
    let document = document::part(&api.name, "2.3", part);
    assert_eq!(document["info"]["version"], "2.3");
    assert_eq!(document["paths"]["/"]["get"]["operationId"], "stackctl GET /");
}

/// Each combination of parts that an API may have from others, and of its own that it may lack.
#[test]
fn after_all_actions_others_have_what_they_had() {
    let api = api(STACK);
    for bits in 0..(1_u32 << 8) {
        let has = |part: u32| bits & (1 << part) != 0;
        let mut live = adopted(&api);
        if has(1) {
            live.shape.methods.remove(&key("/", "GET"));
        }
        if has(2) {
            live.shape.gateway_responses.clear();
        }
        if has(0) {
            add_others(&mut live.shape);
        }
        if has(3) {
            live.shape.methods.insert(key("/old", "GET"), theirs());
            live.own_methods.insert(key("/old", "GET"), "r1".to_owned());
        }
        live.regional = has(4);
        let stage = &mut live.stages[0];
        if has(5) {
            stage.variables = BTreeMap::from([("table".to_owned(), "photos".to_owned())]);
        }
        (stage.cluster, stage.caching) = (has(6), has(7));
        stage.overrides.insert("photos/GET".to_owned());
        let mut now = live.clone();
        for action in api.diff(Some(&live), &Known::default()) {
            match action {
                Action::Put { from, to, part, rename } => {
                    assert_eq!((part.unwrap().over(&from), rename), (to.clone(), None));
                    now.shape = to;
                }
                Action::DeleteMethod { path, verb, .. } => now = now.without_method(&key(&path, &verb)),
                Action::Deploy { .. } => {}
                Action::UpdateStage { from: _, to } => {
                    let digest = document::digest(&document::document(&api.name, &api.shape));
                    let served = super::live::deployed(&digest, &to.deployment);
                    now.stages[0] = *to;
                    now.stages[0].variables.insert(DEPLOYED.to_owned(), served);
                }
                other @ (Action::Create
                | Action::MakeRegional
                | Action::EnableEndpoint
                | Action::ChangeTags(_)
                | Action::SetAuthorizer { .. }
                | Action::CreateStage
                | Action::ChangeStageTags(_)
                | Action::DeleteStage { .. }) => panic!("{bits:b}: {other:?}"),
            }
        }
        assert_eq!(now.regional, live.regional);
        if has(0) {
            let mut others = Shape::default();
            add_others(&mut others);
            assert_eq!(others.over(&now.shape), now.shape, "{bits:b}");
        }
        let (before, after) = (&live.stages[0], &now.stages[0]);
        assert_eq!((before.cluster, &before.overrides), (after.cluster, &after.overrides));
        let kept = |it: &(&String, &String)| *it.0 != DEPLOYED;
        assert!(
            before
                .variables
                .iter()
                .filter(kept)
                .all(|(name, value)| after.variables.get(name) == Some(value))
        );
        assert!(api.diff(Some(&now), &Known::default()).is_empty(), "{bits:b}");
    }
}
