"""The endpoints of virtual clusters, SKUs, storages and alerts."""

import re
from typing import Any

from bot.demo.openpai.lab.cluster import Cluster, Storage
from bot.demo.openpai.wire.answers import Answer, Refusal, forbidden, invalid, ok, unknown
from bot.demo.openpai.wire.call import Access, Call, route


def _hived(cluster: Cluster) -> None:
    """HiveD's own status is passed on."""
    if cluster.hived and cluster.faults.hived_down:
        raise Refusal(503, "UnknownError", "Service Unavailable")


def _resources(cluster: Cluster, cells: dict[str, int]) -> dict[str, int]:
    """Whole SKUs, not requests: cells by machine."""
    nodes = cluster.hardware.nodes
    cpu = sum(n * nodes[name].sku.cpu for name, n in cells.items())
    gpu = sum(n * nodes[name].sku.gpu for name, n in cells.items())
    memory = sum(n * nodes[name].sku.memory_mb for name, n in cells.items())
    return {"cpu": cpu, "memory": memory, "gpu": gpu, "vCores": cpu, "GPUs": gpu}


def _vc(cluster: Cluster, name: str) -> dict[str, Any]:
    occupancy = cluster.world.life.occupancy
    share = dict(cluster.hardware.shares[name])
    used = _resources(cluster, {node: occupancy.shared[name, node] for node in share})
    healthy = {node: n for node, n in share.items() if node not in occupancy.down}
    total = _resources(cluster, share)
    capacity = _percent(total["gpu"], cluster.hardware.gpus)
    return {
        "capacity": capacity,
        "usedCapacity": _percent(used["gpu"], cluster.hardware.gpus),
        "dedicated": False,
        "resourcesUsed": used,
        "resourcesGuaranteed": _resources(cluster, healthy),
        "resourcesTotal": total,
        "maxCapacity": capacity,
    }


def _percent(part: int, whole: int) -> float:
    value = 100 * part / whole if whole else 0.0
    return int(value) if value.is_integer() else value


@route("GET", "/virtual-clusters")
def virtual_clusters(cluster: Cluster, call: Call) -> Answer:
    _hived(cluster)
    if "nodes" in call.values:
        return ok({name: _node(cluster, name) for name in cluster.hardware.nodes})
    return ok({name: _vc(cluster, name) for name in cluster.hardware.shares})


def _node(cluster: Cluster, name: str) -> dict[str, int]:
    node, occupancy = cluster.hardware.nodes[name], cluster.world.life.occupancy
    used = occupancy.used(name) * node.sku.gpu
    free = 0 if name in occupancy.down else node.gpus - used
    return {"gpuUsed": used, "gpuAvailable": free, "gpuTotal": node.gpus}


@route("GET", "/virtual-clusters/{vc}")
def virtual_cluster(cluster: Cluster, call: Call) -> Answer:
    name = call.args["vc"]
    if re.fullmatch(r"[A-Za-z0-9_]+", name) is None:
        raise invalid("VC name should only contain alpha-numeric and underscore characters")
    _hived(cluster)
    if name not in cluster.hardware.shares:
        raise Refusal(404, "NoVirtualClusterError", f"Vc {name} not found")
    return ok(_vc(cluster, name))


def _not_on_kubernetes(operation: str) -> Refusal:
    return Refusal(400, "NotImplementedError", f"{operation} not implemented in k8s")


@route("PUT", "/virtual-clusters/{vc}", access=Access.ADMIN)
def vc_update(cluster: Cluster, call: Call) -> Answer:
    raise _not_on_kubernetes("updateVc")


@route("DELETE", "/virtual-clusters/{vc}", access=Access.ADMIN)
def vc_remove(cluster: Cluster, call: Call) -> Answer:
    raise _not_on_kubernetes("removeVc")


@route("PUT", "/virtual-clusters/{vc}/status", access=Access.ADMIN)
def vc_status(cluster: Cluster, call: Call) -> Answer:
    raise _not_on_kubernetes("stopVc")


@route("GET", "/cluster/sku-types")
def sku_types(cluster: Cluster, call: Call) -> Answer:
    if not cluster.hived:
        return ok({})
    vc = call.query("vc")
    skus = cluster.hardware.skus
    if cluster.faults.hived_down or (vc is not None and vc not in cluster.hardware.shares):
        told = f"Cannot get sku types for virtual clyster {vc}."
        raise Refusal(404, "NoVirtualClusterError", told)
    names = list(skus) if vc is None else list(cluster.hardware.vc_skus(vc))
    return ok(
        {
            name: {"cpu": skus[name].cpu, "memory": skus[name].memory_mb, "gpu": skus[name].gpu}
            for name in names
        }
    )


def _mine(cluster: Cluster, call: Call, *, default: bool = False) -> list[Storage]:
    accounts = cluster.accounts
    names = accounts.default_storages(call.user) if default else accounts.storages(call.user)
    return [cluster.storages[name] for name in names if name in cluster.storages]


@route("GET", "/storages")
def storages(cluster: Cluster, call: Call) -> Answer:
    first = cluster.accounts.default_storages(call.user)
    found = _mine(cluster, call, default=call.query("default") == "true")
    return ok(
        {
            "storages": [
                {
                    "name": storage.name,
                    "share": storage.share,
                    "volumeName": storage.volume,
                    "default": storage.name in first,
                }
                for storage in found
            ]
        }
    )


@route("GET", "/storages/{storage}")
def storage_detail(cluster: Cluster, call: Call) -> Answer:
    name = call.args["storage"]
    if name not in cluster.storages:
        raise Refusal(404, "NoStorageError", f"Storage {name} is not found.")
    if name not in cluster.accounts.storages(call.user):
        raise forbidden(f"User {call.user.name} is not allowed to access {name}.")
    storage = cluster.storages[name]
    return ok(
        {
            "name": storage.name,
            "share": storage.share,
            "volumeName": storage.volume,
            "type": storage.kind,
            "data": storage.data,
            "readOnly": False,
            "mountOptions": list(storage.mount_options),
        }
    )


@route("GET", "/storage/config", "/storage/config/{storage}")
def storage_config(cluster: Cluster, call: Call) -> Answer:
    first = cluster.accounts.default_storages(call.user)
    found = [
        {
            "name": storage.name,
            "default": storage.name in first,
            "servers": [storage.volume],
            "mountInfos": [
                {
                    "mountPoint": f"/mnt/{storage.name}",
                    "path": "" if storage.share else "${PAI_USER_NAME}",
                    "server": storage.volume,
                    "permission": "rw",
                }
            ],
        }
        for storage in _mine(cluster, call)
    ]
    return _one_or_all(found, "name", call, "Config not found.")


@route("GET", "/storage/server", "/storage/server/{storage}")
def storage_server(cluster: Cluster, call: Call) -> Answer:
    found = [
        {
            "spn": storage.volume,
            "type": storage.kind,
            "data": {
                "address": storage.data.get("server", ""),
                "rootPath": storage.data.get("path", ""),
            },
            "extension": {},
        }
        for storage in _mine(cluster, call)
    ]
    return _one_or_all(found, "spn", call, "Server not found.")


def _one_or_all(found: list[dict[str, Any]], key: str, call: Call, missing: str) -> Answer:
    name = call.args.get("storage")
    if name is None:
        return ok(found)
    for each in found:
        if each[key] == name:
            return ok(each)
    raise unknown(missing)


@route("GET", "/alerts")
def alerts(cluster: Cluster, call: Call) -> Answer:
    """Users see the alerts that name them and one of their jobs."""
    if cluster.accounts.is_admin(call.user):
        return ok(cluster.alerts)
    return ok(
        [
            alert
            for alert in cluster.alerts
            if alert["labels"].get("username") == call.user.name and "job_name" in alert["labels"]
        ]
    )
