"""The hash that approvals and check runs are bound to."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def document_hash(document: Any) -> str:
    """SHA-256, in hexadecimal, of a document's JSON with sorted keys: equal documents have equal hashes."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
