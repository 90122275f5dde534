"""Accounts that people make themselves: Cognito's codes, its limits and its mails, where MiniStack asks less.

MiniStack's codes are fixed, work for ever and may be tried without end, and its sign-ups do not ask whether the pool
lets people sign up. Here each code is random, works as long as AWS's (COG-110), and each user has AWS's number of tries
in an hour (COG-111). Each mail is a line of a file, which `stackctl local messages` shows.
"""
import secrets
import threading
import time

from ministack.core.responses import error_response_json

MESSAGES = os.environ.pop("STACKCTL_MESSAGES")
HOUR = 3_600
# How long the code works that a user's member holds.
LIFETIMES = {"_confirmation_code": 24 * HOUR, "_address_code": 24 * HOUR, "_reset_code": HOUR}
# The member with the code of a mail, by the attribute that MiniStack sends it for.
CODES = {"email": "_confirmation_code", "address": "_address_code", "password": "_reset_code"}
# How often a user may send an operation in an hour. AWS lets 5 to 20 tries set another password, by the risk that it sees.
TRIES = {
    "ChangePassword": 5,
    "ConfirmForgotPassword": 5,
    "ConfirmSignUp": 15,
    "ForgotPassword": 5,
    "GetUserAttributeVerificationCode": 5,
    "ResendConfirmationCode": 5,
    "VerifyUserAttribute": 15,
}
# The times of the tries so far, by operation, pool and user.
tries = {}
tries_lock = threading.Lock()

# The operations that MiniStack lacks.
added = {}

run_by_ministack = cognito._run_idp_handler
dispatch_by_ministack = cognito._dispatch_idp
send_code_by_ministack = cognito._send_verification_email
deliver_by_ministack = cognito._deliver_cognito_email
sign_up_by_ministack = cognito._sign_up
confirm_by_ministack = cognito._confirm_sign_up
resend_by_ministack = cognito._resend_confirmation_code
forgot_by_ministack = cognito._forgot_password
reset_by_ministack = cognito._admin_reset_user_password
update_attributes_by_ministack = cognito._update_user_attributes


def refuse(code, message):
    return error_response_json(code, message, 400)


def of_client(data):
    """The pool of an app client, and the user whom the request names; either may be None."""
    pool = cognito._pool_for_client(data.get("ClientId"))[0]
    return pool, cognito._resolve_user(pool, data.get("Username"))[0] if pool else None


def attributes_of(user):
    return cognito._attr_list_to_dict(user.get("Attributes", []))


def set_attribute(user, name, value):
    user["Attributes"] = cognito._dict_to_attr_list({**attributes_of(user), name: value})


def verifies_email(pool):
    return "email" in (pool.get("AutoVerifiedAttributes") or [])


def run_idp(handler, action, data):
    return too_often(action, data) or run_by_ministack(handler, action, data)


def too_often(action, data):
    """The refusal of one try too many. A name without a user counts too: strangers learn nothing."""
    most = TRIES.get(action)
    if most is None:
        return None
    token = data.get("AccessToken")
    who = cognito._token_claims(token).get("sub") if isinstance(token, str) else data.get("Username")
    now = time.time()
    with tries_lock:
        for key in [key for key, times in tries.items() if times[-1] < now - HOUR]:
            del tries[key]
        times = [it for it in tries.get((action, data.get("ClientId"), who), []) if it > now - HOUR]
        if len(times) < most:
            tries[(action, data.get("ClientId"), who)] = [*times, now]
            return None
    return refuse("LimitExceededException", "Attempt limit exceeded, please try after some time.")


def send_code(pool, username, attributes, code, attribute_name="email"):
    """Gives the user a random code in place of MiniStack's, and sends it; no code without an address to send it to."""
    user = cognito._resolve_user(pool, username)[0]
    member = CODES[attribute_name]
    drop_code(user, member)
    if not attributes.get("email") or member == "_confirmation_code" and not verifies_email(pool):
        return None
    code = f"{secrets.randbelow(10**6):06d}"
    user[member], user[f"{member}_until"] = code, time.time() + LIFETIMES[member]
    return send_code_by_ministack(pool, username, attributes, code, attribute_name)


def drop_code(user, member):
    user.pop(member, None)
    user.pop(f"{member}_until", None)


def deliver(pool, to_email, subject, body, type_name, extra=None):
    """Writes a mail into the file of messages; one line, by one write."""
    user = cognito._resolve_user(pool, (extra or {}).get("Username"))[0] or {}
    kind, member = {
        ("CognitoInvitationMessage", None): ("invitation", "_password"),
        ("CognitoVerificationMessage", "email"): ("sign_up", "_confirmation_code"),
        ("CognitoVerificationMessage", "address"): ("verify_address", "_address_code"),
        ("CognitoVerificationMessage", "password"): ("reset_password", "_reset_code"),
    }.get((type_name, (extra or {}).get("AttributeName")), ("other", None))
    until = user.get(f"{member}_until")
    message = {
        "time": int(time.time() * 1000),
        "kind": kind,
        "to": to_email,
        "from": cognito._resolve_email_sender(pool)[0],
        "pool": pool.get("Name", ""),
        "user": cognito._template_username(pool, user.get("Username", ""), attributes_of(user)),
        "code": user.get(member),
        "expires": int(until * 1000) if until else None,
        "subject": subject,
        "body": body,
    }
    with open(MESSAGES, "a", encoding="utf-8") as file:
        file.write(json.dumps(message) + "\n")
    return deliver_by_ministack(pool, to_email, subject, body, type_name, extra)


def sign_up(data):
    pool, _ = of_client(data)
    if pool and (pool.get("AdminCreateUserConfig") or {}).get("AllowAdminCreateUserOnly"):
        return refuse("NotAuthorizedException", "SignUp is not permitted for this user pool")
    status, headers, body = sign_up_by_ministack(data)
    if status == 200:
        user = of_client(data)[1]
        told = json.loads(body)
        delivery = told.pop("CodeDeliveryDetails", None)
        if "_confirmation_code_until" not in user:
            user.pop("_confirmation_code", None)
        elif delivery:
            delivery["Destination"] = cognito._masked_destination(delivery["Destination"])
            told["CodeDeliveryDetails"] = delivery
        body = json.dumps(told).encode()
    return status, headers, body


def code_error(action, data):
    """What is wrong with the code of a request."""
    member = {"ConfirmSignUp": "_confirmation_code", "ConfirmForgotPassword": "_reset_code"}.get(action)
    user = of_client(data)[1] if member else None
    if user is None:
        return None
    if action == "ConfirmSignUp" and user.get("UserStatus") != "UNCONFIRMED":
        return refuse("NotAuthorizedException", f"User cannot be confirmed. Current status is {user.get('UserStatus')}")
    if user.get(f"{member}_until", 0) < time.time():
        drop_code(user, member)
    return cognito._code_error(user.get(member), data.get("ConfirmationCode"))


def confirm(data):
    """Who has the code reads the address that it went to. One address of an alias belongs to one user."""
    pool, user = of_client(data)
    if user and "email" in (pool.get("AliasAttributes") or []):
        email = attributes_of(user).get("email")
        others = [attributes_of(it) for it in pool["_users"].values() if it is not user]
        if any(it.get("email") == email and it.get("email_verified") == "true" for it in others):
            return refuse("AliasExistsException", "An account with the email already exists.")
    answer = confirm_by_ministack(data)
    if answer[0] == 200:
        drop_code(user, "_confirmation_code")
        if verifies_email(pool):
            set_attribute(user, "email_verified", "true")
    return answer


def resend(data):
    user = of_client(data)[1]
    if user and user.get("UserStatus") != "UNCONFIRMED":
        return refuse("InvalidParameterException", "User is already confirmed.")
    return resend_by_ministack(data)


def no_reset(pool, user):
    """Why Cognito sends a user no code for another password (COG-100)."""
    mechanisms = (pool.get("AccountRecoverySetting") or {}).get("RecoveryMechanisms") or []
    if user.get("UserStatus") == "FORCE_CHANGE_PASSWORD":
        return refuse("NotAuthorizedException", "User password cannot be reset in the current state.")
    if [it.get("Name") for it in mechanisms] == ["admin_only"]:
        return refuse("NotAuthorizedException", "Contact administrator to reset password.")
    if attributes_of(user).get("email_verified") != "true":
        message = "Cannot reset password for the user as there is no registered/verified email or phone_number"
        return refuse("InvalidParameterException", message)
    return None


def forgot(data):
    pool, user = of_client(data)
    return (user and no_reset(pool, user)) or forgot_by_ministack(data)


def reset(data):
    pool = cognito._user_pools.get(data.get("UserPoolId"))
    user = cognito._resolve_user(pool, data.get("Username"))[0] if pool else None
    return (user and no_reset(pool, user)) or reset_by_ministack(data)


def send_address_code(pool, user):
    """Sends a code to a signed-in user's address; the details of its delivery."""
    email = attributes_of(user).get("email")
    send_code(pool, user["Username"], {"email": email}, None, "address")
    return {"AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": cognito._masked_destination(email)}


def signed_in(data):
    """The user and the pool of an access token, or else the refusal."""
    user, pool = cognito._user_pool_for_access_token(data.get("AccessToken") or "")
    return user, pool, None if user else refuse("NotAuthorizedException", "Invalid Access Token")


def attribute_code(data):
    user, pool, refusal = signed_in(data)
    if refusal:
        return refusal
    if data.get("AttributeName") != "email" or not attributes_of(user).get("email"):
        return refuse("InvalidParameterException", "User does not have the attribute, or it can't be verified.")
    return cognito.json_response({"CodeDeliveryDetails": send_address_code(pool, user)})


def verify_attribute(data):
    user, _, refusal = signed_in(data)
    if refusal:
        return refusal
    if user.get("_address_code_until", 0) < time.time():
        drop_code(user, "_address_code")
    if error := cognito._code_error(user.get("_address_code"), data.get("Code")):
        return error
    drop_code(user, "_address_code")
    set_attribute(user, "email_verified", "true")
    return cognito.json_response({})


def update_attributes(data):
    """Another address is unverified, and gets a code where the pool verifies addresses; users don't say themselves that
    it is verified (COG-121)."""
    user, pool, refusal = signed_in(data)
    before = attributes_of(user).get("email") if user else None
    wanted = [it for it in data.get("UserAttributes") or [] if it.get("Name") != "email_verified"]
    answer = refusal or update_attributes_by_ministack({**data, "UserAttributes": wanted})
    email = attributes_of(user).get("email") if user else None
    if answer[0] != 200 or email == before:
        return answer
    set_attribute(user, "email_verified", "false")
    sent = [send_address_code(pool, user)] if verifies_email(pool) else []
    return cognito.json_response({"CodeDeliveryDetailsList": sent})


def update_group(data):
    """What is sent replaces what the group has, and an empty description removes it."""
    pool, refusal = cognito._resolve_pool(data.get("UserPoolId"))
    if refusal:
        return refusal
    group = pool["_groups"].get(data.get("GroupName"))
    if not group:
        return refuse("ResourceNotFoundException", "Group not found.")
    group.update({key: data[key] for key in ("Description", "RoleArn", "Precedence") if key in data})
    group["LastModifiedDate"] = cognito._now_epoch()
    return cognito.json_response({"Group": cognito._group_out(group)})


async def dispatch(action, data):
    if action not in added:
        return await dispatch_by_ministack(action, data)
    return await cognito.run_reentrant(
        cognito._run_idp_handler, added[action], action, data, thread_name="ministack-cognito-trigger")


added["GetUserAttributeVerificationCode"] = attribute_code
added["VerifyUserAttribute"] = verify_attribute
cognito._UNSIGNED_IDP_ACTIONS.update(added)
# This one is signed.
added["UpdateGroup"] = update_group
cognito._dispatch_idp = dispatch
cognito._update_user_attributes = update_attributes
cognito._run_idp_handler = run_idp
cognito._send_verification_email = send_code
cognito._deliver_cognito_email = deliver
cognito._confirmation_code_error = code_error
cognito._sign_up = sign_up
cognito._confirm_sign_up = confirm
cognito._resend_confirmation_code = resend
cognito._forgot_password = forgot
cognito._admin_reset_user_password = reset
