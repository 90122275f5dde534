use expect_test::{Expect, expect};
use serde_json::Value;
use stackctl_aws_data::{
    account::Account,
    cli::Cli,
    outputs::{ApiOutputs, Outputs, UserPoolOutputs},
};
use stackctl_stackfile::stack::Stack;

use super::*;

const STACK: &str = "
stack: app
region: eu-west-1
tags: { team: blue }
buckets: { uploads: { on_destroy: empty } }
functions: { presign: { builtin: presign, buckets: { uploads: [put] } } }
user_pools: { users: { groups: [editors], clients: { web: {} } } }
apis: { files: { authorizer: users, routes: { GET /: presign } } }
";

fn stack(yaml: &str) -> (Stack, Account, CodeFiles) {
    let stack = stackctl_stackfile::parse(yaml, None).unwrap_or_else(|problems| panic!("{problems:?}"));
    let account = Account::offline(&stack, "000000000000".to_owned());
    let code = stack.functions.keys().map(|name| (name.clone(), file_name(name, b"zip"))).collect();
    (stack, account, code)
}

fn outputs() -> Outputs {
    let api = ApiOutputs { id: "api1".to_owned(), endpoint: String::new(), routes: Default::default() };
    let pool = UserPoolOutputs {
        id: "eu-west-1_1".to_owned(),
        clients: [("web".to_owned(), "client1".to_owned())].into(),
    };
    Outputs {
        stack: "app".to_owned(),
        region: "eu-west-1".to_owned(),
        endpoint: None,
        user_pool_id: None,
        client_id: None,
        bucket: None,
        cognito_endpoint: None,
        apis: [("files".to_owned(), api)].into(),
        user_pools: [("users".to_owned(), pool)].into(),
        buckets: [("uploads".to_owned(), "app-uploads-000000000000-eu-west-1".to_owned())].into(),
    }
}

/// The section of a resource in a template, without its indentation.
fn section(text: &str, id: &str) -> String {
    let begin = text.find(&format!("\n  {id}:\n")).unwrap_or_else(|| panic!("{id}\n{text}")) + 1;
    let lines = text[begin..].lines().enumerate();
    let own = lines.take_while(|(place, line)| *place == 0 || line.starts_with("   "));
    own.map(|(_, line)| format!("{}\n", &line[2..])).collect()
}

fn check(text: &str, id: &str, expected: &Expect) {
    expected.assert_eq(&section(text, id));
}

#[test]
fn a_template() {
    let (stack, account, code) = stack(STACK);
    let text = template(&stack, &account, &code).unwrap().to_yaml();
    check(
        &text,
        "FunctionPresign",
        &expect![[r#"
              FunctionPresign:
                Type: AWS::Lambda::Function
                DependsOn:
                  - LogGroupPresign
                Properties:
                  Architectures:
                    - x86_64
                  Code:
                    S3Bucket:
                      Ref: CodeBucket
                    S3Key: app/presign-4a70fe9aa643.zip
                  Description:
                    Fn::Sub: "Runs as the role ${RolePresign.RoleId}"
                  Environment:
                    Variables:
                      BUCKET_UPLOADS: app-uploads-000000000000-eu-west-1
                      GRANTS_UPLOADS: put
                  FunctionName: app-presign
                  Handler: bootstrap
                  MemorySize: 128
                  Role:
                    Fn::GetAtt:
                      - RolePresign
                      - Arn
                  Runtime: provided.al2023
                  Tags:
                    - Key: team
                      Value: blue
                  Timeout: 5
        "#]],
    );
    check(
        &text,
        "StageFiles",
        &expect![[r#"
              StageFiles:
                Type: AWS::ApiGateway::Stage
                Properties:
                  DeploymentId:
                    Ref: DeploymentFilesAf52e2ab9c
                  MethodSettings:
                    - HttpMethod: "*"
                      ResourcePath: /*
                      ThrottlingBurstLimit: 100
                      ThrottlingRateLimit: 50
                  RestApiId:
                    Ref: RestApiFiles
                  StageName: production
                  Tags:
                    - Key: team
                      Value: blue
        "#]],
    );
    check(
        &text,
        "PermissionPresignFiles",
        &expect![[r#"
              PermissionPresignFiles:
                Type: AWS::Lambda::Permission
                Properties:
                  Action: lambda:InvokeFunction
                  FunctionName:
                    Ref: FunctionPresign
                  Principal: apigateway.amazonaws.com
                  SourceArn:
                    Fn::Sub: "arn:aws:execute-api:eu-west-1:000000000000:${RestApiFiles}/production/*"
        "#]],
    );
    assert!(!section(&text, "BucketUploads").contains("Retain"));
    assert!(section(&text, "UserPoolUsers").contains("DeletionPolicy: Retain\n"));
    assert!(!text.contains("stackctl:stack"), "{text}");
    let read: Value = serde_yaml::from_str(&text).unwrap();
    assert_eq!(read["Outputs"].as_object().unwrap().len(), 5);
}

#[test]
fn settings_of_accounts() {
    let (stack, account, code) = stack(
        "
stack: app
region: eu-west-1
user_pools:
  users:
    sign_up: open
    recovery: admin
    mfa: optional
    email: { from: a@example.com, identity: \"arn:aws:ses:eu-west-1:123456789012:identity/example.com\" }
    tier: plus
    clients: { web: { refresh_token_rotation: {} } }
",
    );
    let text = template(&stack, &account, &code).unwrap().to_yaml();
    check(
        &text,
        "UserPoolUsers",
        &expect![[r#"
        UserPoolUsers:
          Type: AWS::Cognito::UserPool
          DeletionPolicy: Retain
          UpdateReplacePolicy: Retain
          Properties:
            AccountRecoverySetting:
              RecoveryMechanisms:
                - Name: admin_only
                  Priority: 1
            AdminCreateUserConfig:
              AllowAdminCreateUserOnly: false
            AutoVerifiedAttributes:
              - email
            DeletionProtection: ACTIVE
            EmailConfiguration:
              EmailSendingAccount: DEVELOPER
              From: a@example.com
              SourceArn: arn:aws:ses:eu-west-1:123456789012:identity/example.com
            EnabledMfas:
              - SOFTWARE_TOKEN_MFA
            MfaConfiguration: OPTIONAL
            Policies:
              PasswordPolicy:
                MinimumLength: 8
                RequireLowercase: true
                RequireNumbers: true
                RequireSymbols: true
                RequireUppercase: true
                TemporaryPasswordValidityDays: 7
            UserPoolName: app-users
            UserPoolTier: PLUS
            UsernameConfiguration:
              CaseSensitive: false
    "#]],
    );
    check(
        &text,
        "UserPoolClientUsersWeb",
        &expect![[r#"
        UserPoolClientUsersWeb:
          Type: AWS::Cognito::UserPoolClient
          Properties:
            AccessTokenValidity: 3600
            ClientName: app-users-web
            EnableTokenRevocation: true
            ExplicitAuthFlows:
              - ALLOW_USER_SRP_AUTH
            GenerateSecret: false
            IdTokenValidity: 3600
            PreventUserExistenceErrors: ENABLED
            RefreshTokenRotation:
              Feature: ENABLED
              RetryGracePeriodSeconds: 10
            RefreshTokenValidity: 2592000
            TokenValidityUnits:
              AccessToken: seconds
              IdToken: seconds
              RefreshToken: seconds
            UserPoolId:
              Ref: UserPoolUsers
    "#]],
    );
}

#[test]
fn an_import() {
    let (stack, account, code) = stack(STACK);
    let Import { template, resources } = import(&stack, &account, &code, &outputs()).unwrap();
    let text = template.to_yaml();
    let read: Value = serde_yaml::from_str(&text).unwrap();
    let all = read["Resources"].as_object().unwrap();
    assert!(all.values().all(|it| it["DeletionPolicy"] == "Retain"), "{text}");
    assert_eq!(read.get("Outputs"), None);
    check(
        &text,
        "StageFiles",
        &expect![[r#"
              StageFiles:
                Type: AWS::ApiGateway::Stage
                DeletionPolicy: Retain
                UpdateReplacePolicy: Retain
                Properties:
                  MethodSettings:
                    - HttpMethod: "*"
                      ResourcePath: /*
                      ThrottlingBurstLimit: 100
                      ThrottlingRateLimit: 50
                  RestApiId:
                    Ref: RestApiFiles
                  StageName: production
                  Tags:
                    - Key: stackctl:address
                      Value: rest_api.files
                    - Key: stackctl:stack
                      Value: app
                    - Key: team
                      Value: blue
        "#]],
    );
    let lines: Vec<String> = resources.as_array().unwrap().iter().map(Value::to_string).collect();
    expect![[r#"
        {"LogicalResourceId":"BucketUploads","ResourceIdentifier":{"BucketName":"app-uploads-000000000000-eu-west-1"},"ResourceType":"AWS::S3::Bucket"}
        {"LogicalResourceId":"BucketPolicyUploads","ResourceIdentifier":{"Bucket":"app-uploads-000000000000-eu-west-1"},"ResourceType":"AWS::S3::BucketPolicy"}
        {"LogicalResourceId":"UserPoolUsers","ResourceIdentifier":{"UserPoolId":"eu-west-1_1"},"ResourceType":"AWS::Cognito::UserPool"}
        {"LogicalResourceId":"UserPoolGroupUsersEditors","ResourceIdentifier":{"GroupName":"editors","UserPoolId":"eu-west-1_1"},"ResourceType":"AWS::Cognito::UserPoolGroup"}
        {"LogicalResourceId":"UserPoolClientUsersWeb","ResourceIdentifier":{"ClientId":"client1","UserPoolId":"eu-west-1_1"},"ResourceType":"AWS::Cognito::UserPoolClient"}
        {"LogicalResourceId":"RolePresign","ResourceIdentifier":{"RoleName":"app-presign-eu-west-1"},"ResourceType":"AWS::IAM::Role"}
        {"LogicalResourceId":"LogGroupPresign","ResourceIdentifier":{"LogGroupName":"/aws/lambda/app-presign"},"ResourceType":"AWS::Logs::LogGroup"}
        {"LogicalResourceId":"FunctionPresign","ResourceIdentifier":{"FunctionName":"app-presign"},"ResourceType":"AWS::Lambda::Function"}
        {"LogicalResourceId":"RestApiFiles","ResourceIdentifier":{"RestApiId":"api1"},"ResourceType":"AWS::ApiGateway::RestApi"}
        {"LogicalResourceId":"StageFiles","ResourceIdentifier":{"RestApiId":"api1","StageName":"production"},"ResourceType":"AWS::ApiGateway::Stage"}"#]].assert_eq(&lines.join("\n"));
    assert_eq!(lines.len(), all.len());

    let mut outputs = outputs();
    outputs.apis.clear();
    let Err(Unsupported(missing)) = import(&stack, &account, &code, &outputs) else {
        panic!("the API is missing")
    };
    assert_eq!(missing, ["rest_api.files is not applied", "rest_api.files is not applied"]);
}

#[test]
fn commands_of_an_import() {
    let (stack, account, code) = stack(STACK);
    let template = template(&stack, &account, &code).unwrap();
    let cli = Cli { region: "eu-west-1".to_owned(), profile: None, endpoint: None };
    let small = commands(&stack, &account, &cli, &template, Some("short"));
    expect![[r#"
        aws s3 cp --recursive code s3://YOUR-BUCKET/app --region eu-west-1
        aws cloudformation create-change-set --stack-name app --change-set-name import --change-set-type IMPORT --template-body file://import.yaml --resources-to-import file://resources-to-import.json --capabilities CAPABILITY_NAMED_IAM --parameters ParameterKey=CodeBucket,ParameterValue=YOUR-BUCKET --region eu-west-1
        aws cloudformation wait change-set-create-complete --stack-name app --change-set-name import --region eu-west-1
        aws cloudformation execute-change-set --stack-name app --change-set-name import --region eu-west-1
        aws cloudformation wait stack-import-complete --stack-name app --region eu-west-1
        aws cloudformation deploy --template-file template.yaml --stack-name app --capabilities CAPABILITY_NAMED_IAM --parameter-overrides CodeBucket=YOUR-BUCKET --region eu-west-1"#]].assert_eq(&small.join("\n"));
    let long = "x".repeat(51_201);
    let large = commands(&stack, &account, &cli, &template, Some(&long)).join("\n");
    assert!(large.contains("--template-url https://YOUR-BUCKET.s3.eu-west-1.amazonaws.com/app/import.yaml"));
    assert_eq!(commands(&stack, &account, &cli, &template, None).len(), 2);
}

#[test]
fn another_document_is_another_deployment() {
    let deployment = |yaml: &str| {
        let (stack, account, code) = stack(yaml);
        let text = template(&stack, &account, &code).unwrap().to_yaml();
        let read: Value = serde_yaml::from_str(&text).unwrap();
        read["Resources"]["StageFiles"]["Properties"]["DeploymentId"]["Ref"].as_str().unwrap().to_owned()
    };
    assert_eq!(deployment(STACK), deployment(STACK));
    assert_ne!(deployment(STACK), deployment(&STACK.replace("GET /:", "POST /:")));
}

#[test]
fn a_template_has_500_resources_at_most() {
    let functions = |count: u32| {
        let lines = (0..count).map(|it| format!("  f{it}: {{ builtin: presign }}\n"));
        format!("stack: app\nregion: eu-west-1\nfunctions:\n{}", lines.collect::<String>())
    };
    for (count, fits) in [(166, true), (167, false)] {
        let (stack, account, code) = stack(&functions(count));
        assert_eq!(template(&stack, &account, &code).is_ok(), fits, "{count}");
    }
}

#[test]
fn events() {
    let (stack, account, code) = stack(
        "
stack: app
region: eu-west-1
buckets:
  uploads:
    on_destroy: empty
    events:
      - { on: created, prefix: in/, suffix: .jpg, call: resize }
      - { on: deleted, call: resize }
functions: { resize: { package: resize } }
",
    );
    let text = template(&stack, &account, &code).unwrap().to_yaml();
    check(
        &text,
        "BucketUploads",
        &expect![[r#"
        BucketUploads:
          Type: AWS::S3::Bucket
          DependsOn:
            - BucketPermissionResizeUploads
          Properties:
            BucketEncryption:
              ServerSideEncryptionConfiguration:
                - ServerSideEncryptionByDefault:
                    SSEAlgorithm: AES256
            BucketName: app-uploads-000000000000-eu-west-1
            LifecycleConfiguration:
              Rules:
                - AbortIncompleteMultipartUpload:
                    DaysAfterInitiation: 7
                  Id: stackctl-abort-unfinished
                  Status: Enabled
            NotificationConfiguration:
              LambdaConfigurations:
                - Event: s3:ObjectCreated:*
                  Filter:
                    S3Key:
                      Rules:
                        - Name: prefix
                          Value: in/
                        - Name: suffix
                          Value: ".jpg"
                  Function:
                    Fn::GetAtt:
                      - FunctionResize
                      - Arn
                - Event: s3:LifecycleExpiration:*
                  Function:
                    Fn::GetAtt:
                      - FunctionResize
                      - Arn
                - Event: s3:ObjectRemoved:*
                  Function:
                    Fn::GetAtt:
                      - FunctionResize
                      - Arn
            OwnershipControls:
              Rules:
                - ObjectOwnership: BucketOwnerEnforced
            PublicAccessBlockConfiguration:
              BlockPublicAcls: true
              BlockPublicPolicy: true
              IgnorePublicAcls: true
              RestrictPublicBuckets: true
    "#]],
    );
    check(
        &text,
        "BucketPermissionResizeUploads",
        &expect![[r#"
        BucketPermissionResizeUploads:
          Type: AWS::Lambda::Permission
          Properties:
            Action: lambda:InvokeFunction
            FunctionName:
              Ref: FunctionResize
            Principal: s3.amazonaws.com
            SourceAccount: "000000000000"
            SourceArn: arn:aws:s3:::app-uploads-000000000000-eu-west-1
    "#]],
    );
    check(
        &text,
        "EventInvokeConfigResize",
        &expect![[r#"
        EventInvokeConfigResize:
          Type: AWS::Lambda::EventInvokeConfig
          DependsOn:
            - FunctionResize
          Properties:
            DestinationConfig:
              OnFailure:
                Destination:
                  Fn::GetAtt:
                    - BucketFailedEvents
                    - Arn
            FunctionName: app-resize
            MaximumEventAgeInSeconds: 21600
            MaximumRetryAttempts: 2
            Qualifier: "$LATEST"
    "#]],
    );
    let read: Value = serde_yaml::from_str(&text).unwrap();
    let failed = &read["Resources"]["BucketFailedEvents"]["Properties"];
    assert_eq!(failed["BucketName"], "app--failed-000000000000-eu-west-1");
    assert_eq!(read["Outputs"].as_object().unwrap().len(), 1, "only the bucket of the file");

    // An import has no permissions, so nothing may wait for one.
    let Import { template, resources } = import(&stack, &account, &code, &outputs()).unwrap();
    let text = template.to_yaml();
    assert!(!section(&text, "BucketUploads").contains("DependsOn"), "{text}");
    let find = |id: &str| {
        let found = resources.as_array().unwrap().iter().find(|it| it["LogicalResourceId"] == id);
        found.map(|it| it["ResourceIdentifier"].to_string())
    };
    let config = r#"{"FunctionName":"app-resize","Qualifier":"$LATEST"}"#;
    assert_eq!(find("EventInvokeConfigResize").as_deref(), Some(config));
    let policy = r#"{"Bucket":"app--failed-000000000000-eu-west-1"}"#;
    assert_eq!(find("BucketPolicyFailedEvents").as_deref(), Some(policy));
}

/// CloudFormation can't create the secret: an import leaves it, and for a new stack a command makes it.
#[test]
fn a_webhook() {
    let (stack, account, code) = stack(
        "{ stack: app, region: eu-west-1, buckets: { uploads: { webhook: { url: https://example.com/hooks } } } }",
    );
    let template = template(&stack, &account, &code).unwrap();
    let role = section(&template.to_yaml(), "RoleUploadsWebhook");
    let parameter = "arn:aws:ssm:eu-west-1:000000000000:parameter/stackctl/app/uploads/webhook";
    assert!(role.contains("- ssm:GetParameter\n") && role.contains(parameter), "{role}");
    let cli = Cli { region: "eu-west-1".to_owned(), profile: None, endpoint: None };
    let secret = "aws ssm put-parameter --name /stackctl/app/uploads/webhook --type SecureString --value YOUR-SECRET \
                  --region eu-west-1";
    let all = commands(&stack, &account, &cli, &template, None);
    assert_eq!((all.len(), all[0].as_str()), (3, secret));
    let import = commands(&stack, &account, &cli, &template, Some("short"));
    assert!(import.iter().all(|it| !it.contains("ssm")), "{import:?}");
}

#[test]
fn resources_of_others_have_literal_names() {
    let (stack, account, code) = stack(
        "
stack: app
region: eu-west-1
buckets: { photos: { existing: legacy-photos }, inbox: { events: { created: resize } } }
functions:
  presign: { builtin: presign, role: { existing: team-role }, buckets: { photos: [put] } }
  resize: { existing: team-resize }
user_pools: { people: { existing: eu-west-1_AbC123, clients: { web: {}, theirs: { existing: abc } } } }
apis: { files: { authorizer: people, routes: { GET /: presign, GET /small: resize } } }
",
    );
    let text = template(&stack, &account, &code).unwrap().to_yaml();
    let types: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("    Type: ")).collect();
    expect![[r#"
        String
        AWS::S3::Bucket
        AWS::S3::BucketPolicy
        AWS::Cognito::UserPoolClient
        AWS::Logs::LogGroup
        AWS::Lambda::Function
        AWS::Lambda::Permission
        AWS::ApiGateway::RestApi
        AWS::ApiGateway::Deployment
        AWS::ApiGateway::Stage"#]]
    .assert_eq(&types.join("\n"));
    for (name, count) in [
        ("arn:aws:iam::000000000000:role/team-role", 1),
        ("arn:aws:lambda:eu-west-1:000000000000:function:team-resize", 2),
        ("arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_AbC123", 1),
        ("UserPoolId: eu-west-1_AbC123", 1),
    ] {
        assert_eq!(text.matches(name).count(), count, "{name}\n{text}");
    }
}
