"""Who may come in: the consent page, tokens, their renewal and their end.

The page is shown to a browser and answered by a form with a single-use ticket, so that no
other page can press *Allow*. Every API request passes `refusal` first.
"""

from __future__ import annotations

import secrets
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import parse_qs

from oauthlib.common import add_params_to_uri
from oauthlib.oauth2 import FatalClientError, OAuth2Error

from .grants import Grants, endpoints
from .wire import Answer, Request, page, redirect, trouble

if TYPE_CHECKING:
    from .world import World

_WAITING_MOST: Final = 32
_SCOPE_WORDS: Final = {
    "files.read": ("Demo Files", "See the folders and files, and read what is in them"),
    "photos.read": ("Demo Photos", "See the albums and pictures"),
    "social.read": ("Demo Social", "See posts, likes, bookmarks, events and people"),
    "media.read": ("Demo Music & Video", "See tracks, videos and playlists"),
}
_ROW: Final = '<li><svg viewBox="0 0 24 24"><path d="M20 6 9 17l-5-5"/></svg>{}</li>'


class Door:
    """Everything under `/oauth/`, and the check of every API request.

    Args:
        world: whose cloud it is.
        scopes: all there are.
        token_life_s: seconds an access token lives.
    """

    def __init__(self, world: World, scopes: frozenset[str], token_life_s: float) -> None:
        self.grants = Grants(scopes, token_life_s)
        self._ends = endpoints(self.grants, token_life_s)
        self._world = world
        self._lock = Lock()
        self._waiting: dict[str, tuple[str, tuple[str, ...]]] = {}

    def answer(self, request: Request) -> Answer | None:
        """The answer to a request under `/oauth/`, None for any other."""
        match request.method, request.path:
            case "GET", "/oauth/authorize":
                return self._ask(request)
            case "POST", "/oauth/authorize":
                return self._decide(request)
            case "POST", "/oauth/token":
                return _plain(self._ends.token.create_token_response(*_sent(request)))
            case "POST", "/oauth/revoke":
                return _plain(self._ends.revoke.create_revocation_response(*_sent(request)))
        return None

    def refusal(self, request: Request, scope: str) -> Answer | None:
        """Why an API request may not pass, None when it may."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        scopes = self.grants.allows(token) if kind.lower() == "bearer" else None
        if scopes is None:
            challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            return trouble(401, "invalid_token", challenge)
        return None if scope in scopes else trouble(403, "insufficient_scope")

    def _ask(self, request: Request) -> Answer:
        try:
            asked = self._ends.authorize.validate_authorization_request(request.uri)
        except FatalClientError as error:
            return self._stopped(str(error.error))
        except OAuth2Error as error:
            return redirect(str(error.in_uri(str(error.redirect_uri))))
        scopes = tuple(str(scope) for scope in asked[0])
        ticket = secrets.token_urlsafe(24)
        with self._lock:
            self._waiting[ticket] = (request.uri, scopes)
            while len(self._waiting) > _WAITING_MOST:
                del self._waiting[next(iter(self._waiting))]
        return self._consent(ticket, scopes)

    def _decide(self, request: Request) -> Answer:
        form = {name: values[0] for name, values in parse_qs(request.body).items()}
        with self._lock:
            waiting = self._waiting.pop(form.get("ticket", ""), None)
        if waiting is None:
            return self._stopped("ticket")
        uri, scopes = waiting
        if form.get("decision") != "allow":
            asked = {
                name: values[0] for name, values in parse_qs(uri.partition("?")[2]).items()
            }
            told = [("error", "access_denied")]
            told += [("state", asked["state"])] if "state" in asked else []
            return redirect(str(add_params_to_uri(asked["redirect_uri"], told)))
        return _plain(
            self._ends.authorize.create_authorization_response(uri, scopes=list(scopes))
        )

    def _consent(self, ticket: str, scopes: tuple[str, ...]) -> Answer:
        words = [_SCOPE_WORDS[scope] for scope in scopes]
        owner = self._world.owner
        values = {
            "service": " and ".join(service for service, _ in words),
            "owner": owner.name,
            "initial": owner.name[0],
            "ticket": ticket,
            "reads_html": "".join(_ROW.format(text) for _, text in words),
        }
        return page(self._template("consent.html"), values)

    def _stopped(self, code: str) -> Answer:
        return page(self._template("stopped.html"), {"code": code}, 400)

    def _template(self, name: str) -> str:
        return self._world.content(name).decode()


def _sent(request: Request) -> tuple[str, Literal["POST"], str, dict[str, str]]:
    return request.uri, "POST", request.body, dict(request.headers)


def _plain(reply: tuple[Any, Any, Any]) -> Answer:
    headers, body, status = reply
    return Answer(
        int(status), str(body or "").encode(), {"Cache-Control": "no-store", **headers}
    )
