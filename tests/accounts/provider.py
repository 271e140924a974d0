"""An identity provider on loopback: OpenID Connect with discovery, keys, codes for tokens, and who somebody is."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "postmarket"
KEY_ID = "1"


@dataclass
class Provider:
    """What it says of the one person it knows; tests change it before they ask."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    """What each request to sign in asked for."""
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def authorize(self, address: str) -> str:
        """Sign the person in at `address` (where the site sent them); where the browser goes next."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.asked.append(asked)
        return f"{asked['redirect_uri']}?{urlencode({'code': secrets.token_hex(8), 'state': asked['state']})}"

    def token(self) -> dict[str, str]:
        """What a code is changed for."""
        now = int(time.time())
        said = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "auth_time": now} | self.claims
        signed = jwt.encode(said, self.key, algorithm="RS256", headers={"kid": KEY_ID})
        return {"access_token": "a", "token_type": "Bearer", "id_token": signed}

    def answer(self, path: str) -> dict[str, Any]:
        """The page of a path."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        pages: dict[str, dict[str, Any]] = {
            "/.well-known/openid-configuration": {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
            "/token": self.token(),
            "/userinfo": {name: self.claims[name] for name in self.claims if name != "auth_time"},
            "/keys": {"keys": [public | {"kid": KEY_ID, "use": "sig", "alg": "RS256"}]},
        }
        return pages[path]


@contextmanager
def running() -> Iterator[Provider]:
    """It, while it listens."""
    provider = Provider()

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = json.dumps(provider.answer(urlsplit(self.path).path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Nothing: tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
