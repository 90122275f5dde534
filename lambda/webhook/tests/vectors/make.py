"""Makes signatures.json with the scheme's own library: pip install standardwebhooks==1.1.0."""

import base64
import json
import random
from datetime import datetime, timezone
from pathlib import Path

from standardwebhooks.webhooks import Webhook

BODIES = ["{}", '{"type":"file.created"}', "", "ä 𝄞 \n", "x" * 5000, '{"a.b": "."}']
draw = random.Random(1)


def vector(number):
    secret = "whsec_" + base64.b64encode(draw.randbytes(draw.randint(24, 64))).decode()
    timestamp = draw.randint(0, 4_000_000_000)
    body = BODIES[number % len(BODIES)]
    identifier = f"evt_{draw.randbytes(16).hex()}"
    moment = datetime.fromtimestamp(timestamp, tz=timezone.utc)
    return {
        "secret": secret,
        "id": identifier,
        "timestamp": timestamp,
        "body": body,
        "signature": Webhook(secret).sign(identifier, moment, body),
    }


vectors = [vector(number) for number in range(60)]
Path(__file__).with_name("signatures.json").write_text(json.dumps(vectors, indent=1, ensure_ascii=False) + "\n")
