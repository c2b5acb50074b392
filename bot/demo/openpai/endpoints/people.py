"""The endpoints of users."""

from typing import Any

from bot.demo.openpai.endpoints.entry import is_admin
from bot.demo.openpai.lab.cluster import Cluster
from bot.demo.openpai.people.accounts import ADMIN_GROUP, User, hashed
from bot.demo.openpai.wire.answers import (
    Answer,
    Refusal,
    done,
    forbidden,
    no_user,
    not_for_users,
    ok,
)
from bot.demo.openpai.wire.call import Access, Call, route
from bot.demo.openpai.wire.fields import Field, checked

_NAME = Field(required=True, pattern=r"^[\w.-]+$", pattern_name="username")
_PASSWORD = Field(required=True, least=6)
_PROFILE = {
    "email": Field(may_be_empty=True),
    "virtualCluster": Field("array"),
    "admin": Field("boolean"),
    "extension": Field("object"),
}
_CREATE = {"username": _NAME, "password": _PASSWORD, **_PROFILE}


def _found(cluster: Cluster, name: str) -> User:
    user = cluster.accounts.users.get(name)
    if user is None:
        raise Refusal(404, "NoUserError", f"User {name} not found.")
    return user


def _known_vcs(cluster: Cluster, vcs: list[str], status: int) -> None:
    missing = [vc for vc in vcs if vc not in cluster.hardware.shares]
    if missing and status == 404:
        raise Refusal(404, "NoGroupError", f"No groups for vc: {missing[0]}")
    if missing:
        raise Refusal(400, "NoVirtualClusterError", f"Try to update nonexist: {missing[0]}")


@route("GET", "/users", "/user")
def users(cluster: Cluster, call: Call) -> Answer:
    return ok([cluster.accounts.json(user) for user in cluster.accounts.users.values()])


@route("GET", "/users/{user}", "/user/{user}", "/api/v1/user/{user}")
def user_get(cluster: Cluster, call: Call) -> Answer:
    user = cluster.accounts.users.get(call.args["user"])
    if user is None:
        raise no_user(call.args["user"])
    return ok(cluster.accounts.json(user))


@route("POST", "/users", "/user", access=Access.ADMIN_BROWSER, authn="basic")
def create(cluster: Cluster, call: Call) -> Answer:
    wanted = checked(call.body, _CREATE)
    _known_vcs(cluster, wanted.get("virtualCluster", []), 404)
    if wanted["username"] in cluster.accounts.users:
        name = wanted["username"]
        raise Refusal(409, "ConflictUserError", f"User name {name} already exists.")
    cluster.accounts.add(
        wanted["username"],
        wanted["password"],
        wanted.get("virtualCluster", []),
        admin=wanted.get("admin", False),
        email=wanted.get("email", ""),
        extension=wanted.get("extension"),
    )
    return done(201, "User is created successfully")


def _patch(cluster: Cluster, user: User, data: dict[str, Any]) -> None:
    if "email" in data:
        user.email = data["email"]
    if "extension" in data:
        user.extension.update(data["extension"])
    if "admin" in data or "virtualCluster" in data:
        admin = data.get("admin", is_admin(cluster, user))
        vcs = data.get("virtualCluster", cluster.accounts.vcs(user))
        user.groups = cluster.accounts.groups_for(vcs, admin=admin)
    if "password" in data:
        user.password = hashed(user.name, data["password"])
        cluster.tokens.revoke_browser(user.name)


@route("PUT", "/users", "/user", access=Access.ADMIN_BROWSER, authn="basic")
def update(cluster: Cluster, call: Call) -> Answer:
    patch = (call.body or {}).get("patch") is True
    fields = {"username": _NAME, "password": Field(required=not patch, least=6), **_PROFILE}
    wanted = checked(
        call.body, {"patch": Field("boolean"), "data": Field("object", True, fields=fields)}
    )
    user = _found(cluster, wanted["data"]["username"])
    _known_vcs(cluster, wanted["data"].get("virtualCluster", []), 400)
    _patch(cluster, user, wanted["data"])
    return done(201, f"Update user {user.name} successfully")


@route("PUT", "/users/me", "/user/me", access=Access.BROWSER, authn="basic")
def update_me(cluster: Cluster, call: Call) -> Answer:
    """Accepts a new password and silently keeps the old one, as the real server does."""
    full = (call.body or {}).get("patch") is not True
    fields = {
        "username": _NAME,
        "email": Field(required=full, may_be_empty=True),
        "newPassword": Field(required=full, least=6),
        "oldPassword": Field(required=full, least=6),
        "extension": Field("object"),
    }
    wanted = checked(
        call.body, {"patch": Field("boolean"), "data": Field("object", True, fields=fields)}
    )["data"]
    if wanted["username"] != call.user.name:
        raise forbidden("Can't update other user's data")
    _patch(cluster, call.user, {k: v for k, v in wanted.items() if k in {"email", "extension"}})
    return done(201, f"Update user {call.user.name} successfully")


@route("PUT", "/users/{user}/password", access=Access.BROWSER, authn="basic")
def password(cluster: Cluster, call: Call) -> Answer:
    """Whoever knows the old password may change it; administrators need not know it."""
    wanted = checked(call.body, {"oldPassword": Field(least=6), "newPassword": _PASSWORD})
    user = _found(cluster, call.args["user"])
    known = "oldPassword" in wanted and user.accepts(wanted["oldPassword"])
    if not known and not is_admin(cluster, call.user):
        raise forbidden("Pls input the correct password.")
    _patch(cluster, user, {"password": wanted["newPassword"]})
    return done(201, "update user password successfully.")


@route("PUT", "/users/{user}/virtualcluster", access=Access.ADMIN_BROWSER, authn="basic")
def virtual_clusters(cluster: Cluster, call: Call) -> Answer:
    wanted = checked(call.body, {"virtualCluster": Field("array", required=True)})
    user = _found(cluster, call.args["user"])
    if is_admin(cluster, user):
        raise forbidden("Admin's virtual clusters cannot be updated.")
    _known_vcs(cluster, wanted["virtualCluster"], 400)
    _patch(cluster, user, wanted)
    return done(201, "Update user virtualCluster data successfully.")


@route("PUT", "/users/{user}/admin", access=Access.ADMIN_BROWSER, authn="basic")
def grant(cluster: Cluster, call: Call) -> Answer:
    wanted = checked(call.body, {"admin": Field("boolean", required=True)})
    user = _found(cluster, call.args["user"])
    was = [name for name in user.groups if name != ADMIN_GROUP]
    user.groups = [*was, ADMIN_GROUP] if wanted["admin"] else was
    return done(201, "Update user admin permission successfully.")


def _self_or_admin(cluster: Cluster, call: Call) -> User:
    if call.user.name != call.args["user"] and not is_admin(cluster, call.user):
        raise not_for_users()
    return _found(cluster, call.args["user"])


@route("PUT", "/users/{user}/email", access=Access.BROWSER)
def email(cluster: Cluster, call: Call) -> Answer:
    wanted = checked(call.body, {"email": Field(required=True, may_be_empty=True)})
    _patch(cluster, _self_or_admin(cluster, call), wanted)
    return done(201, "Update user email data successfully.")


@route("PUT", "/users/{user}/extension", access=Access.BROWSER)
def extension(cluster: Cluster, call: Call) -> Answer:
    wanted = checked(call.body, {"extension": Field("object", required=True)})
    _patch(cluster, _self_or_admin(cluster, call), wanted)
    return done(201, "Update user extension data successfully.")


@route("PUT", "/users/{user}/grouplist", access=Access.ADMIN_BROWSER)
def grouplist(cluster: Cluster, call: Call) -> Answer:
    wanted = checked(call.body, {"grouplist": Field("array", required=True)})
    user = _found(cluster, call.args["user"])
    missing = [name for name in wanted["grouplist"] if name not in cluster.accounts.groups]
    if missing:
        told = f"Updated nonexistent grouplist: {','.join(missing)}"
        raise Refusal(404, "NoGroupError", told)
    user.groups = list(wanted["grouplist"])
    return done(201, "Update user grouplist data successfully.")


@route("PUT", "/users/{user}/group", access=Access.ADMIN_BROWSER)
def group_add(cluster: Cluster, call: Call) -> Answer:
    wanted = checked(call.body, {"groupname": Field(required=True)})
    user = _found(cluster, call.args["user"])
    if wanted["groupname"] not in user.groups:
        user.groups.append(wanted["groupname"])
    return done(201, f"User {user.name} is added into group {wanted['groupname']}")


@route("DELETE", "/users/{user}/group", access=Access.ADMIN_BROWSER)
def group_remove(cluster: Cluster, call: Call) -> Answer:
    wanted = checked(call.body, {"groupname": Field(required=True)})
    user = _found(cluster, call.args["user"])
    user.groups = [name for name in user.groups if name != wanted["groupname"]]
    return done(201, f"User {user.name} is removed from group {wanted['groupname']}")


@route("DELETE", "/users/{user}", "/user/{user}", access=Access.ADMIN_BROWSER, authn="basic")
def delete(cluster: Cluster, call: Call) -> Answer:
    """The user's tokens stay in their store, and still open nothing."""
    user = _found(cluster, call.args["user"])
    if is_admin(cluster, user):
        raise Refusal(403, "RemoveAdminError", f"Admin {user.name} is not allowed to remove.")
    del cluster.accounts.users[user.name]
    return done(200, "user is removed successfully")
