"""Who is calling, and the endpoints of login and tokens."""

import base64
import binascii

from bot.demo.openpai.lab.cluster import Cluster
from bot.demo.openpai.people.accounts import User
from bot.demo.openpai.people.tokens import payload_of
from bot.demo.openpai.wire.answers import (
    TEXT,
    Answer,
    Refusal,
    done,
    forbidden,
    no_user,
    not_for_users,
    ok,
    unknown,
)
from bot.demo.openpai.wire.call import Access, Call, route
from bot.demo.openpai.wire.fields import Field, checked

_LOGIN = {
    "username": Field(required=True, pattern=r"^[\w.-]+$", pattern_name="username"),
    "password": Field(required=True, least=6),
    "expiration": Field("number", least=60, most=604800),
}


def admit(cluster: Cluster, call: Call, access: Access, header: str | None) -> None:
    """Fills in who calls, or refuses. Rights are read anew on each call, not from the token."""
    if access is Access.ANYBODY:
        return
    if header is None:
        raise Refusal(401, "UnauthorizedUserError", "Guest is not allowed to do this operation.")
    token, basic = _token(header)
    payload = cluster.tokens.check(token, cluster.wall)
    user = cluster.accounts.users.get((payload or {}).get("username", ""))
    if payload is None or user is None or cluster.faults.kubernetes_down:
        raise invalid_token()
    if basic is not None and (basic != user.name or not payload["application"]):
        raise invalid_token()
    call.token, call.who, call.application = token, user, payload["application"]
    if call.application and access in {Access.BROWSER, Access.ADMIN_BROWSER}:
        raise forbidden("Applications are not allowed to do this operation.")
    if access in {Access.ADMIN, Access.ADMIN_BROWSER} and not is_admin(cluster, user):
        raise not_for_users()


def invalid_token() -> Refusal:
    return Refusal(401, "UnauthorizedUserError", "Your token is invalid.")


def is_admin(cluster: Cluster, user: User) -> bool:
    return cluster.accounts.is_admin(user)


def _token(header: str) -> tuple[str, str | None]:
    """The token, and the user name where HTTP Basic carried it."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return rest, None
    if scheme.lower() == "basic":
        try:
            user, _, token = base64.b64decode(rest).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return token, user
    return "", None


@route("GET", "/api/v2/info", "/api/v1", access=Access.ANYBODY)
def info(cluster: Cluster, call: Call) -> Answer:
    return ok(
        {
            "name": "PAI RESTful API",
            "version": cluster.version,
            "launcherType": "k8s",
            "authnMethod": cluster.authn,
        }
    )


@route("GET", "/", access=Access.ANYBODY)
def root(cluster: Cluster, call: Call) -> Answer:
    return Answer(200, b"PAI RESTful API v2 (beta version)", TEXT)


@route("GET", "/authn/info", "/api/v1/authn/info", access=Access.ANYBODY)
def authn_info(cluster: Cluster, call: Call) -> Answer:
    basic = cluster.authn == "basic"
    return ok(
        {
            "authn_type": cluster.authn,
            "loginURI": f"/api/v1/authn/{'basic' if basic else 'oidc'}/login",
            "loginURIMethod": "post" if basic else "get",
        }
    )


@route(
    "POST",
    "/authn/basic/login",
    "/api/v1/authn/basic/login",
    "/api/v1/token",
    "/tokens",
    "/token",
    access=Access.ANYBODY,
    authn="basic",
)
def login(cluster: Cluster, call: Call) -> Answer:
    """`expiration` is checked and then ignored."""
    wanted = checked(call.body, _LOGIN)
    user = cluster.accounts.users.get(wanted["username"])
    if user is None:
        raise no_user(wanted["username"])
    if not user.accepts(wanted["password"]):
        raise Refusal(400, "IncorrectPasswordError", "Password is incorrect.")
    token = cluster.tokens.issue(user.name, cluster.wall, application=False)
    return ok({"user": user.name, "token": token, "admin": is_admin(cluster, user)})


@route(
    "DELETE",
    "/authn/basic/logout",
    "/api/v1/authn/basic/logout",
    access=Access.BROWSER,
    authn="basic",
)
def logout(cluster: Cluster, call: Call) -> Answer:
    cluster.tokens.revoke(call.token)
    return done(200, "Logout successfully")


@route("GET", "/authn/oidc/login", "/api/v1/authn/oidc/login", access=Access.ANYBODY, authn="OIDC")
def oidc_login(cluster: Cluster, call: Call) -> Answer:
    """Sends the browser to the identity provider; there is none behind it here."""
    target = "https://login.example.edu/authorize?response_type=code&scope=openid"
    words = f"Found. Redirecting to {target}"
    return Answer(302, words.encode(), TEXT, {"Location": target})


@route("GET", "/tokens", "/api/v1/token", "/token", access=Access.BROWSER)
def tokens(cluster: Cluster, call: Call) -> Answer:
    return ok({"tokens": cluster.tokens.of(call.user.name, cluster.wall)})


@route("GET", "/tokens/check", "/api/v1/token/check")
def check(cluster: Cluster, call: Call) -> Answer:
    payload = payload_of(call.token) or {}
    return ok({**payload, "admin": is_admin(cluster, call.user)})


@route("POST", "/tokens/application", "/api/v1/token/application", access=Access.BROWSER)
def application_token(cluster: Cluster, call: Call) -> Answer:
    token = cluster.tokens.issue(call.user.name, cluster.wall, application=True)
    return ok({"token": token, "application": True})


@route("DELETE", "/tokens/{token}", "/api/v1/token/{token}", access=Access.BROWSER)
def revoke(cluster: Cluster, call: Call) -> Answer:
    """Says the same of a token that was revoked before."""
    payload = payload_of(call.args["token"])
    if payload is None:
        raise unknown("Cannot destructure property 'username' of 'jwt.decode(...)' as it is null.")
    if payload.get("username") != call.user.name and not is_admin(cluster, call.user):
        raise forbidden(f"User {call.user.name} is not allowed to do this operation.")
    cluster.tokens.revoke(call.args["token"])
    return done(200, "revoke successfully")
