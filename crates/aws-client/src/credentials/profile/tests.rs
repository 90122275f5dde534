use super::*;

fn profiles(config: &str, selected: &str) -> ProfileSet {
    let files = tempfile::tempdir().unwrap();
    let path = files.path().join("config");
    std::fs::write(&path, config).unwrap();
    let path = path.to_str().unwrap();
    let of = [("AWS_CONFIG_FILE", path), ("AWS_SHARED_CREDENTIALS_FILE", "/none"), ("HOME", "/none")];
    let environment = aws_types::os_shim_internal::Env::from_slice(&of);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let selected = Some(selected.to_owned().into());
    let fs = Default::default();
    runtime.block_on(aws_config::profile::load(&fs, &environment, &Default::default(), selected)).unwrap()
}

const FILES: &str = "
[profile home]
sso_session = home
sso_account_id = 123456789012
sso_role_name = admin
[sso-session home]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1
[profile deploy]
role_arn = arn:aws:iam::123456789012:role/deploy
source_profile = home
[profile lost]
role_arn = arn:aws:iam::123456789012:role/deploy
source_profile = hom
[profile coded]
role_arn = arn:aws:iam::123456789012:role/deploy
source_profile = deploy
mfa_serial = arn:aws:iam::123456789012:mfa/ada
[profile round]
role_arn = arn:aws:iam::123456789012:role/deploy
source_profile = round
aws_access_key_id = AKIA
aws_secret_access_key = secret
[profile tool]
credential_process = tool
[profile console]
login_session = arn:aws:iam::123456789012:user/ada
[profile machine]
role_arn = arn:aws:iam::123456789012:role/deploy
credential_source = Ec2InstanceMetadata
[profile bare]
region = eu-west-1
";

#[test]
fn where_credentials_come_from() {
    let table = [
        ("home", "home", Source::Sso),
        ("deploy", "home", Source::Sso),
        ("round", "round", Source::Keys),
        ("tool", "tool", Source::Process),
        ("console", "console", Source::Login),
        ("machine", "machine", Source::Elsewhere),
        ("bare", "bare", Source::Nowhere),
    ];
    for (name, base, source) in table {
        let expected = Chosen { name: name.to_owned(), base: base.to_owned(), source };
        assert_eq!(choose(&profiles(FILES, name), true).unwrap(), Some(expected));
    }
    assert_eq!(choose(&profiles(FILES, "default"), false).unwrap(), None);
}

#[test]
fn what_can_not_be_used() {
    let said = |config: &str, name: &str| {
        let none = choose(&profiles(config, name), true).unwrap_err();
        format!("{}; {}", none.why, none.cure)
    };
    assert_eq!(said(FILES, "hom"), "there is no profile `hom`; did you mean `home`?");
    assert_eq!(
        said(FILES, "production"),
        "there is no profile `production`; the profiles are bare, coded, console, deploy, home, lost, machine, round and 1 more"
    );
    assert_eq!(
        said("", "home"),
        "there is no profile `home`; there are no profiles yet: `aws configure sso` or `aws configure` makes one"
    );
    assert_eq!(
        said(FILES, "lost"),
        "profile `lost` takes its credentials from profile `hom`, which does not exist; \
         correct source_profile in ~/.aws/config: did you mean `home`?"
    );
    assert_eq!(
        said(FILES, "coded"),
        "profile `coded` assumes its role with a code (mfa_serial), which stackctl can't ask for; let the aws CLI ask: \
         `eval \"$(aws configure export-credentials --format env --profile coded)\"`, then run the command again \
         without --profile"
    );
}

#[test]
fn a_profile_is_one_word_of_a_command() {
    assert_eq!(command("aws sso login", "default"), "`aws sso login`");
    assert_eq!(command("aws sso login", "home"), "`aws sso login --profile home`");
    assert_eq!(command("aws sso login", "it's; rm"), r"`aws sso login --profile 'it'\''s; rm'`");
}
