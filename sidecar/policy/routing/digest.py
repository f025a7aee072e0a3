"""The digest that tells whether two policies are the same."""

import hashlib
import json

from sidecar.policy.settings.base import as_json
from sidecar.policy.settings.model import Policy


def digest_of(policy: Policy) -> str:
    """SHA-256 of a policy with all of its defaults: it changes when, and only when, what is allowed changes."""
    text = json.dumps(as_json(policy), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
