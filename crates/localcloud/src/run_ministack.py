"""MiniStack as stackctl's gateway needs it.

It lives as long as the process that started it: its standard input is a pipe without input, and when
that closes, the other end is gone, and this ends as if it had been told to, with its state written. Functions that
still run then have a moment, and are killed.

SIGUSR1 writes the state without ending. By itself MiniStack writes it at its end alone, and a crash would
leave buckets with objects and nothing else.

It answers to the gateway alone. Its port is open to every web page that finds it, and functions run on this machine.
"""
import os, signal, subprocess, sys, threading, time, weakref

key = os.environ.pop("STACKCTL_KEY").encode()
sys.argv = ["ministack"]


# How long functions may go on when this ends.
GRACE = 1.5
processes = weakref.WeakSet()


class Process(subprocess.Popen):
    """A child process that is known here, so that it can be ended."""

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        processes.add(self)


subprocess.Popen = Process


def end_with_the_gateway():
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    while True:
        time.sleep(GRACE)
        for process in list(processes):
            if process.poll() is None:
                process.kill()


threading.Thread(target=end_with_the_gateway, daemon=True).start()

import ministack.core.lambda_runtime as workers
import ministack.services.lambda_svc as functions

load_functions = functions.load_persisted_state


def load_settled_functions(state):
    """A function that was Pending when the state was written would never become Active."""
    load_functions(state)
    for function in functions._functions._data.values():
        configuration = function.get("config") or {}
        if configuration.get("State") == "Pending" or configuration.get("LastUpdateStatus") == "InProgress":
            configuration.update(State="Active", LastUpdateStatus="Successful")


# An update ends the processes of the code before it. Calls that are under way end with the code that they began with.
updates = threading.local()
kill_at_once = workers.kill_workers


def kill_when_idle(doomed):
    busy = [it for it in doomed if it is not None and it.in_use and getattr(updates, "under_way", False)]
    kill_at_once([it for it in doomed if it not in busy])
    if busy:
        threading.Thread(target=kill_later, args=[busy], daemon=True).start()


def kill_later(busy):
    for worker in busy:
        end = time.monotonic() + float(worker.config.get("Timeout", 3)) + GRACE
        while worker.in_use and time.monotonic() < end:
            time.sleep(0.02)
    kill_at_once(busy)


def of_update(update):
    def run(*arguments):
        updates.under_way = True
        try:
            return update(*arguments)
        finally:
            updates.under_way = False

    return run


workers.kill_workers = kill_when_idle
functions._update_code = of_update(functions._update_code)
functions._update_config = of_update(functions._update_config)

create_url = functions._create_function_url_config


def url_of_alias(name, data, qualifier):
    """The URL of an alias names it (LAM-60)."""
    answer = create_url(name, data, qualifier)
    if answer[0] != 201 or not qualifier or qualifier == "$LATEST":
        return answer
    made = functions._function_urls[functions._url_config_key(name, qualifier)]
    made["FunctionArn"] += f":{qualifier}"
    return functions.json_response(made, status=201)


functions._create_function_url_config = url_of_alias
functions.load_persisted_state = load_settled_functions
if os.environ.pop("STACKCTL_FUNCTIONS_SETTLE_AT_ONCE", None):
    # A layer of the gateway simulates the delays.
    functions._LAMBDA_STATE_TRANSITION_DELAY = 0

import ministack.app as ministack
import ministack.services.s3 as objects

ministack_app = ministack.app
preflight_by_ministack = ministack._handle_options_request
enforce_policy_of_form = objects._enforce_signed_post_policy


def preflight(method, path, headers, query_params, request_id):
    """A bucket's own rules answer a preflight. MiniStack allows all of them to any page where there is no bucket."""
    if method != "OPTIONS":
        return None
    if not ministack._s3_cors_target(headers.get("host", ""), path):
        return 403, {"x-amzn-requestid": request_id}, b""
    return preflight_by_ministack(method, path, headers, query_params, request_id)


def form(fields, bucket, region, size, sigv4):
    if not sigv4:
        return objects._error("InvalidRequest", "Signature Version 2 is not supported.", 400)
    verifies = verifies_form.set(True)
    try:
        return enforce_policy_of_form(fields, bucket, region, size, sigv4)
    finally:
        verifies_form.reset(verifies)


ministack._handle_options_request = preflight
objects._enforce_signed_post_policy = form


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        return await ministack_app(scope, receive, send)
    # Other values than the last do not count anywhere below.
    given = {name: value.decode("latin-1") for name, value in scope["headers"]}
    named = hmac.compare_digest(given.get(b"x-stackctl-key", "").encode(), key)
    # MiniStack's requests to itself: for the keys that sign tokens.
    asks_itself = scope.get("method") == "GET" and scope["path"].endswith("/.well-known/jwks.json")
    caller.set(given.get(b"x-stackctl-caller", "anyone") if named else "anyone")
    expected_service.set(given.get(b"x-stackctl-service", "") if named else "cognito-idp")
    lower = {name.decode("latin-1"): value for name, value in given.items()}
    if (named or asks_itself) and not is_hostile(scope, lower):
        headers = [it for it in scope["headers"] if not it[0].startswith(b"x-stackctl-")]
        found = []
        checked.set(found)

        async def answer(message):
            if message["type"] == "http.response.start" and found:
                told = (b"x-stackctl-checked", " ".join(found).encode())
                message = {**message, "headers": [*message["headers"], told]}
            await send(message)

        return await ministack_app({**scope, "headers": headers}, receive, answer)
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 403, "headers": []})
        await send({"type": "http.response.body", "body": b"This is behind stackctl's local cloud.\n"})
    else:
        await send({"type": "websocket.close", "code": 1008})


due = writing = False


def write_state(*_):
    """Writes the state. A signal during a write has it written again afterwards: a write within a write would leave a
    broken file, or older state over newer."""
    global due, writing
    due = True
    if writing:
        return
    writing = True
    try:
        while due:
            due = False
            ministack.save_all(ministack._build_persistence_save_dict())
    finally:
        writing = False


ministack.app = app
signal.signal(signal.SIGUSR1, write_state)
ministack.main()
