"""An OAuth2 authorization server on loopback, with TLS, as strict as real ones: PKCE, exact redirect URIs, codes and refresh
tokens that are good for one use. The access tokens are the mail server's, so that it takes them."""

import base64
import hashlib
import http.server
import json
import secrets
import ssl
import threading
import urllib.parse
from typing import Callable

CLIENT = "coi-test"


class AuthorizationServer:
    def __init__(self, certificate: str, key: str, mint: Callable[[], str]) -> None:
        self.mint = mint            # gives an access token
        self.lifetime = 3600        # of it, as the server says
        self.scope = "mail"         # that has to be asked for
        self.client_secret = ""     # that the client has to show
        self.denied = False         # what the user answers on the page
        self.device_answers: list[str] = []  # before the approval
        self.offers_device = True
        self.grants: list[str] = []  # of the token requests, in their order; a refused one with its error
        self.secrets: list[str] = []  # whatever must not be seen elsewhere
        self._codes: dict[str, dict] = {}
        self._refresh: set[str] = set()
        self._device: dict[str, list[str]] = {}
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.page(self)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                fields = dict(urllib.parse.parse_qsl(body, strict_parsing=True))
                status, answer = outer.answer(self.path, fields)
                respond(self, status, json.dumps(answer), "application/json")

            def log_message(self, *_) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.issuer = f"https://localhost:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def revoke(self) -> None:
        """The user takes back what was granted."""
        self._refresh.clear()

    def page(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        path, _, query = handler.path.partition("?")
        if path == "/.well-known/openid-configuration":
            found = {"issuer": self.issuer, "authorization_endpoint": self.issuer + "/authorize",
                     "token_endpoint": self.issuer + "/token"}
            if self.offers_device:
                found["device_authorization_endpoint"] = self.issuer + "/device"
            return respond(handler, 200, json.dumps(found), "application/json")
        if path != "/authorize":
            return respond(handler, 404, "")
        asked = dict(urllib.parse.parse_qsl(query))
        redirect = urllib.parse.urlsplit(asked["redirect_uri"])
        if (asked["client_id"], asked["response_type"], asked["code_challenge_method"], asked.get("scope")) != (
                CLIENT, "code", "S256", self.scope) or (redirect.scheme, redirect.hostname) != ("http", "127.0.0.1"):
            return respond(handler, 400, "this is no request that I know")
        answer = {"error": "access_denied"} if self.denied else {"code": self.secret()}
        if not self.denied:
            self._codes[answer["code"]] = asked
        location = asked["redirect_uri"] + "?" + urllib.parse.urlencode(answer | {"state": asked["state"], "iss": self.issuer})
        return respond(handler, 302, "", location=location)

    def answer(self, path: str, fields: dict[str, str]) -> tuple[int, dict]:
        if (fields.get("client_id"), fields.get("client_secret", "")) != (CLIENT, self.client_secret):
            return 401, {"error": "invalid_client"}
        if path == "/device":
            code = self.secret()
            self._device[code] = list(self.device_answers)
            return 200, {"device_code": code, "user_code": "ABCD-EFGH", "verification_uri": self.issuer + "/enter",
                         "expires_in": 600, "interval": 1}
        kind = fields["grant_type"].rpartition(":")[2]
        error = self.refusal(kind, fields)
        self.grants.append(error or kind)
        if error:
            return 400, {"error": error, "error_description": "the test says no"}
        refresh, access = self.secret(), self.mint()
        self._refresh.add(refresh)
        self.secrets.append(access)
        return 200, {"access_token": access, "token_type": "Bearer", "expires_in": self.lifetime, "refresh_token": refresh}

    def refusal(self, kind: str, fields: dict[str, str]) -> str | None:
        if kind == "refresh_token":
            if fields["refresh_token"] not in self._refresh:
                return "invalid_grant"
            self._refresh.remove(fields["refresh_token"])
            return None
        if kind == "device_code":
            waiting = self._device[fields["device_code"]]
            return waiting.pop(0) if waiting else None
        asked = self._codes.pop(fields["code"], None)
        digest = hashlib.sha256(fields["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        self.secrets.append(fields["code_verifier"])
        if not asked or (asked["code_challenge"], asked["redirect_uri"]) != (challenge, fields["redirect_uri"]):
            return "invalid_grant"
        return None

    def secret(self) -> str:
        made = secrets.token_urlsafe(24)
        self.secrets.append(made)
        return made


def respond(handler: http.server.BaseHTTPRequestHandler, status: int, body: str, kind: str = "text/plain",
            location: str | None = None) -> None:
    data = body.encode()
    handler.close_connection = True
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(data)))
    if location:
        handler.send_header("Location", location)
    handler.end_headers()
    handler.wfile.write(data)
