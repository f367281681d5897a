"""OAuth2 access tokens that Dovecot checks by itself: JSON Web Tokens signed with a local key (RFC 7519, HS256)."""

import base64
import hashlib
import hmac
import json
import secrets
import time

from place import Place

KEY_ID = "default"
ISSUER = "coi-mailhost"


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class TokenIssuer:
    def __init__(self, place: Place):
        """Writes the key where Dovecot's fs dictionary looks: <azp or default>/<algorithm>/<key id>."""
        self._key = secrets.token_bytes(32)
        place.folder("oauth/default/HS256")
        place.write(f"oauth/default/HS256/{KEY_ID}", base64.b64encode(self._key).decode())

    def token(self, address: str, lifetime: float = 3600) -> str:
        """Valid for `lifetime` seconds; a negative one gives a token that has expired."""
        ends = int(time.time() + lifetime)
        # Issued a while ago: Dovecot refuses what is of the future, and reads a clock that lags behind this one.
        claims = {"iss": ISSUER, "sub": address, "iat": min(int(time.time()), ends) - 60, "exp": ends}
        head = {"alg": "HS256", "typ": "JWT", "kid": KEY_ID}
        signed = ".".join(base64url(json.dumps(part).encode()) for part in (head, claims))
        return f"{signed}.{base64url(hmac.digest(self._key, signed.encode(), hashlib.sha256))}"
