mod adopted;

use std::collections::{BTreeMap, BTreeSet};

use expect_test::{Expect, expect};
use serde_json::Value;
use stackctl_aws_data::{
    account::Account,
    desired::rest_api::{self, shape::Shape},
};
use stackctl_engine::{Known, Resource, plan::text as plan_text};

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

fn account(stack: &stackctl_stackfile::stack::Stack) -> Account {
    Account::new(stack, stack.region.clone(), "000000000000".to_owned(), "aws".to_owned(), None)
}

fn api(yaml: &str) -> RestApi {
    let stack = stackctl_stackfile::parse(yaml, None).unwrap_or_else(|problems| panic!("{problems:?}"));
    let account = account(&stack);
    let (name, api) = stack.apis.first_key_value().unwrap();
    RestApi {
        name: account.name(name),
        logical: name.to_string(),
        // An authorizer refers to a pool in a graph; here its ARN is put into the shape.
        authorizer: None,
        shape: with_pool(rest_api::shape(&stack, api, &account)),
        stage: api.stage.to_string(),
        variables: BTreeMap::new(),
        throttling: api.throttling,
        tags: account.tags("rest_api.uploads"),
    }
}

fn with_pool(mut shape: Shape) -> Shape {
    let arn = "arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_pool".to_owned();
    shape.authorizers.insert("users".to_owned(), Some(BTreeSet::from([arn])));
    shape
}

/// The API after an apply.
fn applied(api: &RestApi) -> Live {
    let digest = document::digest(&document::document(&api.name, &api.shape));
    let mut stage = api.stage_as_created();
    stage.deployment = "d1".to_owned();
    stage.throttling = Some((api.throttling.rate, api.throttling.burst));
    stage.variables.insert(DEPLOYED.to_owned(), live::deployed(&digest, "d1"));
    let authorizers = api.shape.authorizers.iter();
    let authorizers =
        authorizers.map(|(name, pools)| ("a1".to_owned(), (name.clone(), pools.clone().unwrap()))).collect();
    Live {
        id: "api1".to_owned(),
        shape: api.shape.clone(),
        authorizers,
        stages: vec![stage],
        ..Live::as_created(api)
    }
}

fn check(change: impl FnOnce(&mut Live), expected: Expect) {
    let api = api(STACK);
    let mut live = applied(&api);
    change(&mut live);
    expected.assert_eq(&plan_text::steps(&api, Some(&live)));
}

#[test]
fn nothing_to_do() {
    check(|_| {}, expect![[""]]);
}

#[test]
fn one_import_whatever_differs() {
    check(
        |live| {
            live.shape.methods.remove(&("/".to_owned(), "OPTIONS".to_owned()));
            live.shape.gateway_responses.clear();
        },
        expect![[r#"
            ~ import
                OPTIONS /: preflight Access-Control-Allow-Headers: Authorization,Content-Type; Access-Control-Allow-Methods: GET,OPTIONS; Access-Control-Allow-Origin: http://localhost:5173; Access-Control-Max-Age: 300; Vary: Origin
                response.DEFAULT_4XX: Access-Control-Allow-Headers: Authorization,Content-Type; Access-Control-Allow-Origin: http://localhost:5173; Access-Control-Expose-Headers: x-amzn-ErrorType,x-amzn-RequestId; Vary: Origin; application/json: {"message":$context.error.messageString}
                response.DEFAULT_5XX: Access-Control-Allow-Headers: Authorization,Content-Type; Access-Control-Allow-Origin: http://localhost:5173; Access-Control-Expose-Headers: x-amzn-ErrorType,x-amzn-RequestId; Vary: Origin; application/json: {"message":$context.error.messageString}
        "#]],
    );
}

#[test]
fn a_pool_that_an_import_left_alone_is_set_by_itself() {
    check(
        |live| {
            let other = BTreeSet::from(["arn:other".to_owned()]);
            live.shape.authorizers.insert("users".to_owned(), Some(other.clone()));
            live.authorizers.insert("a1".to_owned(), ("users".to_owned(), other));
        },
        expect![[r#"
            ~ set the authorizer of
                authorizer: arn:other → arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_pool
        "#]],
    );
}

#[test]
fn what_is_served_is_told_by_the_stage() {
    check(
        |live| live.stages[0].deployment = "d2".to_owned(),
        expect![[r#"
        ~ deploy
        ~ set the stage of
    "#]],
    );
    check(
        |live| drop(live.stages[0].variables.remove(DEPLOYED)),
        expect![[r#"
        ~ deploy
        ~ set the stage of
    "#]],
    );
}

#[test]
fn a_deployment_that_no_stage_serves_yet_is_not_made_again() {
    check(
        |live| {
            let api = api(STACK);
            let digest = document::digest(&document::document(&api.name, &api.shape));
            live.undeployed = Some(("d3".to_owned(), digest));
            live.stages.clear();
        },
        expect![[r#"
            + create the stage of
                stage: production
            ~ set the stage of
                throttling.rate: 50
                throttling.burst: 100
        "#]],
    );
}

#[test]
fn the_stage_and_the_api_itself() {
    check(
        |live| {
            live.regional = false;
            live.endpoint_disabled = true;
            live.name = "other".to_owned();
            live.stages[0].caching = true;
            live.stages[0].throttling = None;
        },
        expect![[r#"
            ~ make regional
                endpoint_type: EDGE or PRIVATE → REGIONAL
            ~ enable the endpoint of
                endpoint: disabled → enabled
            ~ import
                name: other → app-uploads
            ~ set the stage of
                throttling.rate: 50
                throttling.burst: 100
                caching: on → off
        "#]],
    );
}

#[test]
fn a_stage_under_an_old_name_goes_after_the_new_one_serves() {
    check(
        |live| live.stages[0].name = "old".to_owned(),
        expect![[r#"
        ~ deploy
        + create the stage of
            stage: production
        ~ set the stage of
            throttling.rate: 50
            throttling.burst: 100
        - delete a stage of
            stage: old → gone
    "#]],
    );
}

/// Compares with the API of AWS's own SAM translator: it means the same, except for listed additions of stackctl.
#[test]
fn the_document_is_sams() {
    let sam: Value = serde_json::from_str(include_str!("../../tests/sam/api.json")).unwrap();
    let api = api(STACK);
    let ours = document::document(&api.name, &api.shape);
    assert_eq!(ours["components"], sam["components"]);
    let paths = sam["paths"].as_object().unwrap();
    assert!(paths.keys().eq(ours["paths"].as_object().unwrap().keys()));
    for (path, operations) in paths {
        let mine = &ours["paths"][path];
        assert!(operations.as_object().unwrap().keys().eq(mine.as_object().unwrap().keys()), "{path}");
        let (sams, mine_get) = (&operations["get"], &mine["get"]);
        assert_eq!(mine_get["security"], sams["security"], "{path}");
        let integration =
            |operation: &Value, field: &str| operation["x-amazon-apigateway-integration"][field].clone();
        let uri = sams["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"].clone();
        assert_eq!(integration(mine_get, "uri"), uri, "{path}");
        for field in ["type", "httpMethod"] {
            assert_eq!(integration(mine_get, field), integration(sams, field), "{path} {field}");
        }
        let (sams, mine) = (&operations["options"], &mine["options"]);
        assert_eq!(integration(mine, "type"), integration(sams, "type"), "{path}");
        assert_eq!(
            mine["security"],
            serde_json::json!([]),
            "SAM leaves it out, with no security at the root"
        );
        let status = |operation: &Value| -> Value {
            let template = integration(operation, "requestTemplates");
            serde_json::from_str(template["application/json"].as_str().unwrap()).unwrap()
        };
        assert_eq!(status(mine), status(sams), "{path}");
        let headers = |operation: &Value| {
            let answer = &operation["x-amazon-apigateway-integration"]["responses"]["default"];
            answer["responseParameters"].as_object().unwrap().clone()
        };
        let mut mine = headers(mine);
        assert_eq!(mine.remove("method.response.header.Vary"), Some(Value::from("'Origin'")));
        assert_eq!(mine, headers(sams), "{path}");
    }
    let kind = "x-amazon-apigateway-gateway-responses";
    for (name, sams) in sam[kind].as_object().unwrap() {
        let mine = ours[kind][name]["responseParameters"].as_object().unwrap();
        for (header, value) in sams["responseParameters"].as_object().unwrap() {
            assert_eq!(mine.get(header), Some(value), "{name} {header}");
        }
    }
}

#[test]
fn a_new_api_names_a_pool_that_is_not_known_yet() {
    let unknown = Shape { authorizers: BTreeMap::from([("users".to_owned(), None)]), ..Shape::default() };
    assert!(!unknown.is(&unknown), "nothing is the same as what is not known");
    let api = api(STACK);
    assert_eq!(api.diff(None, &Known::default()).len(), 5);
}

#[test]
fn what_a_stage_of_ours_opens_is_closed() {
    check(
        |live| {
            let stage = &mut live.stages[0];
            (stage.data_trace, stage.canary) = (true, true);
            stage.overrides.extend(["~1/GET".to_owned(), "uploads/PUT".to_owned()]);
        },
        expect![[r#"
            ~ set the stage of
                data_trace: on → off
                canary: on → off
                method_settings: uploads/PUT → gone
                method_settings: ~1/GET → gone
        "#]],
    );
}

#[test]
fn method_settings_are_named_as_a_patch_wants_it() {
    let paths = ["~1/GET", "//GET", "uploads/PUT", "uploads/{key+}/PUT", "/uploads/PUT"];
    let paths = paths.map(calls::method_settings_path);
    assert_eq!(paths, ["/~1/GET", "/~1/GET", "/uploads/PUT", "/uploads~1{key+}/PUT", "/~1uploads/PUT"]);
}

#[test]
fn stages_of_others_are_shown_with_the_command_that_deletes_them() {
    let api = api(STACK);
    let mut live = applied(&api);
    live.stages.push(Stage {
        name: "old".to_owned(),
        deployment: "d0".to_owned(),
        variables: BTreeMap::new(),
        ..api.stage_as_created()
    });
    check(|it| it.stages.clone_from(&live.stages), expect![[""]]);
    let cli = stackctl_aws_data::cli::Cli { region: "eu-west-1".to_owned(), profile: None, endpoint: None };
    let open = exposures::of(&live.id, live.stages.iter().skip(1), &cli);
    let lines: Vec<String> =
        open.iter().map(|Exposure { what, close }| format!("{what}\n  {close}\n")).collect();
    expect![[r#"
        the stage old of others serves deployment d0, with its own variables and throttling
          aws apigateway delete-stage --rest-api-id api1 --stage-name old --region eu-west-1
    "#]]
    .assert_eq(&lines.concat());
}

/// OpenAPI 3.0 requires a response with a description for each operation.
#[test]
fn every_operation_has_a_described_response() {
    let api = api(STACK);
    let document = document::document(&api.name, &api.shape);
    let paths = document["paths"].as_object().unwrap().values();
    let operations: Vec<&Value> = paths.flat_map(|path| path.as_object().unwrap().values()).collect();
    assert_eq!(operations.len(), 4);
    for operation in operations {
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().eq(["200"]), "{operation}");
        assert!(responses.values().all(|it| !it["description"].as_str().unwrap().is_empty()), "{operation}");
    }
}
