"""Second factors of user pools, and the rotation of refresh tokens, where MiniStack asks less than Cognito.

MiniStack never asks for MFA_SETUP, keeps factors that SetUserPoolMfaConfig leaves out, answers challenges without a
session, and lets a first password through that the pool's policy refuses. Here each challenge has a session of its own,
which is good for one app client and one user, as long as AuthSessionValidity says.
"""
set_mfa_by_ministack = cognito._set_user_pool_mfa_config
respond_by_ministack = cognito._respond_to_auth_challenge
password_result_by_ministack = cognito._password_auth_result
associate_by_ministack = cognito._associate_software_token
verify_by_ministack = cognito._verify_software_token
sign_up_before_factors = cognito._sign_up
prefer_by_ministack = cognito._apply_mfa_preference
create_client_by_ministack = cognito._create_user_pool_client
update_client_by_ministack = cognito._update_user_pool_client
renew_by_ministack = cognito._get_tokens_from_refresh_token
auth_flow_error_by_ministack = cognito._auth_flow_error

FACTORS = ("SmsMfaConfiguration", "SoftwareTokenMfaConfiguration", "EmailMfaConfiguration", "WebAuthnConfiguration")
APP = "SOFTWARE_TOKEN_MFA"
CHALLENGES = ("NEW_PASSWORD_REQUIRED", APP, "MFA_SETUP")
# When a refresh token was followed by the next one.
rotated = {}


def set_mfa(data):
    """It replaces everything (COG-21)."""
    pool = cognito._user_pools.get(data.get("UserPoolId"))
    for name in FACTORS:
        if pool and name not in data:
            pool.pop(name, None)
    return set_mfa_by_ministack({"MfaConfiguration": "OFF", **data})


def has_app(pool):
    return bool((pool.get("SoftwareTokenMfaConfiguration") or {}).get("Enabled"))


def next_challenge(pool, user):
    """What a user who gave the password answers next; the first sign-in after a sign-up asks for nothing (COG-117)."""
    first = user.pop("_has_just_signed_up", None)
    mode = pool.get("MfaConfiguration", "OFF")
    if mode == "OFF" or not has_app(pool):
        return None
    if APP in user.get("_mfa_enabled", []) or mode == "ON" and user.get("_totp_secret"):
        return APP
    if mode == "OPTIONAL" or first:
        return None
    return "MFA_SETUP"


def challenge(pool, client, user, name, parameters):
    token, session = cognito._create_challenge_session(pool["Id"], client, user["Username"])
    session["step"] = name
    parameters = {"USER_ID_FOR_SRP": user["Username"], **parameters}
    return cognito.json_response({"ChallengeName": name, "Session": token, "ChallengeParameters": parameters})


def challenge_of_factor(pool, client, user, name):
    more = {"MFAS_CAN_SETUP": json.dumps([APP])} if name == "MFA_SETUP" else {"FRIENDLY_DEVICE_NAME": "TOTP device"}
    return challenge(pool, client, user, name, more)


def password_result(pool, pid, cid, user, username, client_metadata=None, data=None):
    if user.get("UserStatus") == "FORCE_CHANGE_PASSWORD":
        attributes = {name: value for name, value in attributes_of(user).items() if name != "sub"}
        parameters = {"requiredAttributes": "[]", "userAttributes": json.dumps(attributes)}
        return challenge(pool, cid, user, "NEW_PASSWORD_REQUIRED", parameters)
    if name := next_challenge(pool, user):
        return challenge_of_factor(pool, cid, user, name)
    return password_result_by_ministack(pool, pid, cid, user, username, client_metadata, data)


def invalid_session():
    return refuse("NotAuthorizedException", "Invalid session for the user.")


def session_of(data, step):
    """The session of a request, its pool and its user; nothing when it is another's, too old, or of another step."""
    session = cognito._get_challenge_session(data.get("Session"))[0]
    if session is None or session.get("step") != step or data.get("ClientId", session["client_id"]) != session["client_id"]:
        return None, None, None
    pool = cognito._user_pools.get(session["pool_id"])
    return session, pool, cognito._resolve_user(pool, session["username"])[0] if pool else None


def respond(data):
    step = data.get("ChallengeName")
    if step not in CHALLENGES:
        return respond_by_ministack(data)
    session, pool, user = session_of(data, step)
    if user is None or step == "MFA_SETUP" and not session.get("verified"):
        return invalid_session()
    responses = {**(data.get("ChallengeResponses") or {}), "USERNAME": user["Username"]}
    if step == "NEW_PASSWORD_REQUIRED":
        if refused := cognito._validate_password(pool, responses.get("NEW_PASSWORD") or ""):
            return refused
    answer = respond_by_ministack({**data, "ChallengeResponses": responses})
    if answer[0] == 200:
        cognito._challenge_sessions.pop(data["Session"], None)
        if step == "NEW_PASSWORD_REQUIRED" and (name := next_challenge(pool, user)):
            return challenge_of_factor(pool, data["ClientId"], user, name)
    return answer


def renewed(token, session):
    """A session works once: the same under another token."""
    cognito._challenge_sessions.pop(token, None)
    token = cognito.base64.b64encode(secrets.token_bytes(32)).decode()
    cognito._challenge_sessions[token] = session
    return token


def associate(data):
    if data.get("AccessToken"):
        pool = cognito._user_pool_for_access_token(data["AccessToken"])[1]
        if pool and not has_app(pool):
            return refuse("SoftwareTokenMFANotFoundException", "Software Token MFA has not been enabled by the userPool.")
        return associate_by_ministack(data)
    session, _, user = session_of(data, "MFA_SETUP")
    if user is None:
        return invalid_session()
    session["secret"] = cognito.base64.b32encode(secrets.token_bytes(20)).decode()
    return cognito.json_response({"SecretCode": session["secret"], "Session": renewed(data["Session"], session)})


def verify(data):
    """A verified app of a signed-in user is no preference yet; one that a sign-in asked for is."""
    if data.get("AccessToken"):
        user = cognito._user_for_access_token(data["AccessToken"])
        before = (list(user.get("_mfa_enabled", [])), user.get("_preferred_mfa", "")) if user else None
        answer = verify_by_ministack(data)
        if user:
            user["_mfa_enabled"], user["_preferred_mfa"] = before
        return answer
    session, _, user = session_of(data, "MFA_SETUP")
    if user is None or not session.get("secret"):
        return invalid_session()
    if not cognito._totp_matches(session["secret"], data.get("UserCode", "")):
        return refuse("EnableSoftwareTokenMFAException", "Code mismatch")
    session["verified"] = True
    user.update(_totp_secret=session.pop("secret"), _mfa_enabled=[APP], _preferred_mfa=APP)
    return cognito.json_response({"Status": "SUCCESS", "Session": renewed(data["Session"], session)})


def prefer(user, data):
    if (data.get("SoftwareTokenMfaSettings") or {}).get("Enabled") and not user.get("_totp_secret"):
        return refuse("InvalidParameterException", "User has not set up software token mfa")
    return prefer_by_ministack(user, data)


def set_preference(data, user):
    return user and prefer(user, data) or cognito.json_response({})


def user_prefers(data):
    user = cognito._user_for_access_token(data.get("AccessToken"))
    return set_preference(data, user) if user else refuse("NotAuthorizedException", "Invalid access token.")


def admin_prefers(data):
    pool, error = cognito._resolve_pool(data.get("UserPoolId"))
    user, error = cognito._resolve_user(pool, data.get("Username")) if pool else (None, error)
    return error or set_preference(data, user)


def delete_token(data):
    pool, error = cognito._resolve_pool(data.get("UserPoolId"))
    user, error = cognito._resolve_user(pool, data.get("Username")) if pool else (None, error)
    if error:
        return error
    user.pop("_totp_secret", None)
    user.pop("_totp_pending_secret", None)
    user.update(_mfa_enabled=[it for it in user.get("_mfa_enabled", []) if it != APP], _preferred_mfa="")
    return cognito.json_response({})


def sign_up_to_factors(data):
    answer = sign_up_before_factors(data)
    if answer[0] == 200:
        of_client(data)[1]["_has_just_signed_up"] = True
    return answer


def rotation_of(client):
    rotation = (client or {}).get("RefreshTokenRotation") or {}
    return rotation if rotation.get("Feature") == "ENABLED" else None


def with_rotation(answer, data, client_id):
    """Keeps the rotation of a client, which MiniStack drops, and shows it."""
    if answer[0] != 200:
        return answer
    status, headers, body = answer
    client = cognito._user_pools.get(data.get("UserPoolId"))["_clients"][client_id(json.loads(body))]
    if "RefreshTokenRotation" in data:
        client["RefreshTokenRotation"] = data["RefreshTokenRotation"]
    shown = {name: value for name, value in client.items() if value is not None}
    return status, headers, cognito.json_response({"UserPoolClient": shown})[2]


def rotation_error(data):
    if rotation_of(data) and "ALLOW_REFRESH_TOKEN_AUTH" in (data.get("ExplicitAuthFlows") or []):
        return refuse("InvalidParameterException",
                      "ALLOW_REFRESH_TOKEN_AUTH cannot be enabled together with refresh token rotation.")
    return None


def create_client(data):
    return rotation_error(data) or with_rotation(
        create_client_by_ministack(data), data, lambda told: told["UserPoolClient"]["ClientId"])


def update_client(data):
    return rotation_error(data) or with_rotation(update_client_by_ministack(data), data, lambda _: data["ClientId"])


def renew(data):
    """Each renewal gives the next refresh token. The former one works for the grace period; after that its use ends
    the session (COG-118)."""
    pool, pid = cognito._pool_for_client(data.get("ClientId"))
    rotation = rotation_of((pool or {}).get("_clients", {}).get(data.get("ClientId")))
    token = data.get("RefreshToken")
    if not rotation or not isinstance(token, str):
        return renew_by_ministack(data)
    claims = cognito._token_claims(token)
    if token in rotated and time.time() > rotated[token] + rotation.get("RetryGracePeriodSeconds", 0):
        cognito._revoked_tokens.add(claims.get("origin_jti"))
        return refuse("RefreshTokenReuseException", "Refresh token has been reused.")
    status, headers, body = renew_by_ministack(data)
    if status == 200:
        rotated.setdefault(token, time.time())
        told = json.loads(body)
        told["AuthenticationResult"]["RefreshToken"] = cognito._fake_token(
            claims.get("sub"), pid, data["ClientId"], "refresh", origin_jti=claims.get("origin_jti"))
        body = json.dumps(told).encode()
    return status, headers, body


def auth_flow_error(action, data):
    if action == "InitiateAuth" and data.get("AuthFlow") in ("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"):
        pool = cognito._pool_for_client(data.get("ClientId"))[0]
        flows = (((pool or {}).get("_clients") or {}).get(data.get("ClientId")) or {}).get("ExplicitAuthFlows") or []
        if any(it.startswith("ALLOW_") for it in flows) and "ALLOW_REFRESH_TOKEN_AUTH" not in flows:
            return refuse("InvalidParameterException", "Auth flow not enabled for this client")
    return auth_flow_error_by_ministack(action, data)


cognito._set_user_pool_mfa_config = set_mfa
cognito._password_auth_result = password_result
cognito._respond_to_auth_challenge = respond
cognito._associate_software_token = associate
cognito._verify_software_token = verify
cognito._set_user_mfa_preference = user_prefers
cognito._admin_set_user_mfa_preference = admin_prefers
cognito._sign_up = sign_up_to_factors
cognito._create_user_pool_client = create_client
cognito._update_user_pool_client = update_client
cognito._get_tokens_from_refresh_token = renew
cognito._auth_flow_error = auth_flow_error
added["AdminDeleteSoftwareToken"] = delete_token
