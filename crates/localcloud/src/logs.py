"""Log events as CloudWatch Logs returns them: each has an id, and a long list has pages (LOG-08).

MiniStack gives ids to the events of PutLogEvents alone, and cuts a list of events after 10,000.
"""
import ministack.services.cloudwatch_logs as logs
from ministack.core.responses import new_uuid

MOST_EVENTS = 10_000
MOST_BYTES = 1024 * 1024
filter_by_ministack = logs._filter_log_events


def filter_log_events(data):
    answer = filter_by_ministack({**data, "limit": 1})
    if answer[0] != 200:
        return answer
    token = data.get("nextToken") or "0"
    if not token.isdecimal():
        return logs.error_response_json("InvalidParameterException", "The specified nextToken is invalid.", 400)
    start, end = data.get("startTime", 0), data.get("endTime", float("inf"))
    fits = logs._compile_filter_pattern(data.get("filterPattern", ""))
    streams = logs._log_groups[logs._resolve_log_group_name(data)]["streams"]
    prefix = data.get("logStreamNamePrefix", "")
    events = []
    with logs._log_events_lock:
        for name in data.get("logStreamNames") or [it for it in streams if it.startswith(prefix)]:
            for event in streams[name]["events"] if name in streams else []:
                event.setdefault("eventId", new_uuid())
                if start <= event["timestamp"] <= end and fits(event.get("message", "")):
                    events.append({**event, "logStreamName": name})
    # The sort is stable: events of one stream stay in their order.
    events.sort(key=lambda it: (it["timestamp"], it.get("ingestionTime", 0)))
    page, size, first = [], 0, int(token)
    for event in events[first : first + min(data.get("limit", MOST_EVENTS), MOST_EVENTS)]:
        size += len(event["message"].encode())
        if page and size > MOST_BYTES:
            break
        page.append(event)
    found = {"events": page, "searchedLogStreams": []}
    if first + len(page) < len(events):
        found["nextToken"] = str(first + len(page))
    return logs.json_response(found)


logs._filter_log_events = filter_log_events

