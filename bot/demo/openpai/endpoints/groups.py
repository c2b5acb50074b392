"""The endpoints of groups."""

from bot.demo.openpai.endpoints.entry import is_admin
from bot.demo.openpai.lab.cluster import Cluster
from bot.demo.openpai.people.accounts import Group
from bot.demo.openpai.wire.answers import Answer, Refusal, done, ok, unknown
from bot.demo.openpai.wire.call import Access, Call, route
from bot.demo.openpai.wire.fields import Field, checked


@route("GET", "/groups")
def groups(cluster: Cluster, call: Call) -> Answer:
    return ok([group.json() for group in cluster.accounts.groups.values()])


@route("GET", "/groups/{group}")
def group_get(cluster: Cluster, call: Call) -> Answer:
    group = cluster.accounts.groups.get(call.args["group"])
    if group is None:
        name = call.args["group"]
        raise Refusal(400, "NoGroupError", f"Group {name} is not found.")
    return ok(group.json())


@route("GET", "/groups/{group}/userlist", access=Access.ADMIN)
def group_users(cluster: Cluster, call: Call) -> Answer:
    return ok(
        [
            {"username": user.name, "clusterAdmin": is_admin(cluster, user)}
            for user in cluster.accounts.users.values()
            if call.args["group"] in user.groups
        ]
    )


@route("POST", "/groups", access=Access.ADMIN_BROWSER)
def group_create(cluster: Cluster, call: Call) -> Answer:
    wanted = checked(
        call.body,
        {
            "groupname": Field(required=True),
            "description": Field(may_be_empty=True),
            "externalName": Field(may_be_empty=True),
            "extension": Field("object"),
        },
    )
    name, acls = wanted["groupname"], wanted.get("extension", {}).get("acls", {})
    if name in cluster.accounts.groups:
        raise unknown("AlreadyExists")
    cluster.accounts.groups[name] = Group(
        name,
        list(acls.get("virtualClusters", [])),
        acls.get("storageConfigs"),
        bool(acls.get("admin", False)),
        wanted.get("description", ""),
        wanted.get("externalName", ""),
    )
    return done(201, "group is created successfully")


@route("PUT", "/groups", access=Access.ADMIN_BROWSER)
def group_update(cluster: Cluster, call: Call) -> Answer:
    data = checked(call.body, {"patch": Field("boolean"), "data": Field("object", True)})["data"]
    group = cluster.accounts.groups.get(data.get("groupname", ""))
    if group is None:
        raise unknown("NotFound")
    group.description = data.get("description", group.description)
    group.external = data.get("externalName", group.external)
    return done(201, f"update group {group.name} successfully.")


@route("DELETE", "/groups/{group}", access=Access.ADMIN_BROWSER)
def group_delete(cluster: Cluster, call: Call) -> Answer:
    if cluster.accounts.groups.pop(call.args["group"], None) is None:
        raise unknown("NotFound")
    return done(200, "group is removed successfully")
