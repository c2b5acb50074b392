"""The endpoints that pass on what Kubernetes says, for administrators only."""

from typing import Any

from bot.demo.openpai.lab.cluster import Cluster
from bot.demo.openpai.lab.events import iso
from bot.demo.openpai.lab.hardware import Node
from bot.demo.openpai.lab.job import Job, Task
from bot.demo.openpai.wire.answers import Answer, ok
from bot.demo.openpai.wire.call import Access, Call, route


@route("GET", "/kubernetes/nodes", "/api/v1/kubernetes/nodes", access=Access.ADMIN)
def nodes(cluster: Cluster, call: Call) -> Answer:
    return ok(_listed("NodeList", [_node(cluster, n) for n in cluster.hardware.nodes.values()]))


def _listed(kind: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"kind": kind, "apiVersion": "v1", "metadata": {}, "items": items}


def _node(cluster: Cluster, node: Node) -> dict[str, Any]:
    down = node.name in cluster.world.life.occupancy.down
    capacity = {
        "cpu": str(node.cells * node.sku.cpu),
        "memory": f"{node.cells * node.sku.memory_mb * 1024}Ki",
        "pods": "110",
    }
    if node.gpus:
        capacity["nvidia.com/gpu"] = str(node.gpus)
    return {
        "metadata": {
            "name": node.name,
            "uid": f"node-{node.name}",
            "labels": {"pai-worker": "true", "kubernetes.io/hostname": node.name},
        },
        "spec": {},
        "status": {
            "capacity": capacity,
            "allocatable": {},
            "addresses": [{"type": "InternalIP", "address": node.address}],
            "conditions": [
                {
                    "type": "Ready",
                    "status": "Unknown" if down else "True",
                    "reason": "NodeStatusUnknown" if down else "KubeletReady",
                    "lastHeartbeatTime": _stamp(cluster.now),
                }
            ],
        },
    }


def _stamp(at: float) -> str:
    return iso(at).replace(".000", "")


@route("GET", "/kubernetes/pods", "/api/v1/kubernetes/pods", access=Access.ADMIN)
def pods(cluster: Cluster, call: Call) -> Answer:
    """The containers of jobs that are not over."""
    found = [
        _pod(job, task)
        for job in cluster.world.order
        if not job.terminal and job.attempt is not None
        for task in job.attempt.tasks
        if task.pod.completed is None
    ]
    return ok(_listed("PodList", found))


def _pod(job: Job, task: Task) -> dict[str, Any]:
    role, pod = task.role, task.pod
    spec: dict[str, Any] = {
        "schedulerName": f"hivedscheduler-ds-{job.vc}",
        "containers": [
            {
                "name": "app",
                "image": role.image,
                "resources": {
                    "limits": {
                        "cpu": role.cpu,
                        "memory": f"{role.memory_mb}Mi",
                        "github.com/fuse": 1,
                        "hivedscheduler.microsoft.com/pod-scheduling-enable": 1,
                    },
                    "requests": {
                        "cpu": str(role.cpu),
                        "memory": f"{role.memory_mb}Mi",
                        "github.com/fuse": "1",
                        "hivedscheduler.microsoft.com/pod-scheduling-enable": "1",
                    },
                },
            }
        ],
    }
    status: dict[str, Any] = {"phase": "Pending" if pod.launched is None else "Running"}
    if pod.node is not None:
        spec = {"nodeName": pod.node, **spec}
        status |= {"hostIP": pod.address, "podIP": pod.address}
    return {
        "metadata": {
            "name": f"{job.id}-{role.name}-{task.index}",
            "namespace": "default",
            "uid": pod.uid,
            "creationTimestamp": _stamp(pod.created),
            "labels": {
                "userName": job.user,
                "virtualCluster": job.vc,
                "type": "kube-launcher-task",
                "jobName": job.name,
                "FC_FRAMEWORK_NAME": job.id,
                "FC_TASKROLE_NAME": role.name,
                "FC_TASK_INDEX": str(task.index),
            },
            "annotations": _annotations(job, task),
        },
        "spec": spec,
        "status": status,
    }


def _annotations(job: Job, task: Task) -> dict[str, str]:
    role, pod = task.role, task.pod
    hived = "hivedscheduler.microsoft.com"
    cells = max(role.cells, 1)
    isolation = ",".join(str(cell) for cell in range(cells))
    told = {
        "container.apparmor.security.beta.kubernetes.io/app": "unconfined",
        "rest-server/port-scheduling-spec": (
            '{"schedulePortStart":15000,"schedulePortEnd":40000,'
            '"ports":{"ssh":{"count":1},"http":{"count":1}}}'
        ),
        f"{hived}/pod-scheduling-spec": (
            f"virtualCluster: {job.vc}\npriority: {job.rank}\npinnedCellId: null\n"
            f"leafCellType: {role.sku}\nleafCellNumber: {cells}\naffinityGroup:\n"
            f"  name: {job.full_name}/default\n  members:\n    - podNumber: {role.instances}\n"
            f"      leafCellNumber: {cells}\n"
        ),
    }
    if pod.node is not None:
        told[f"{hived}/pod-leaf-cell-isolation"] = isolation
        cell_list = "".join(f"  - {cell}\n" for cell in range(cells))
        told[f"{hived}/pod-bind-info"] = (
            f"node: {pod.node}\nleafCellIsolation:\n{cell_list}cellChain: {role.sku}-NODE-POOL\n"
        )
    return told
