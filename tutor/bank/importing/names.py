"""Keys and names made of each other."""

import hashlib
import re
import unicodedata

NOT_IN_KEYS = re.compile(r"[^\w]+")
MAX_KEY_CHARACTERS = 80


def slug(name: str) -> str:
    """A key of a name: small letters, digits and hyphens, of any script."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    key = NOT_IN_KEYS.sub("-", plain).strip("-")[:MAX_KEY_CHARACTERS].strip("-")
    return key or hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:12]
