"""The smallest protocol that says what a driver wants."""

from collections.abc import Mapping, Sequence
from typing import Any


def plain_config(
    name: str,
    resources: Mapping[str, int],
    *,
    vc: str,
    priority: str | None,
    instances: int,
    retries: int,
    image: str,
    commands: Sequence[str],
) -> dict[str, Any]:
    extras: dict[str, Any] = {}
    if priority is not None:
        extras["hivedScheduler"] = {"jobPriorityClass": priority}
    return {
        "protocolVersion": 2,
        "name": name,
        "type": "job",
        "jobRetryCount": retries,
        "prerequisites": [{"type": "dockerimage", "uri": image, "name": "image"}],
        "taskRoles": {
            "taskrole": {
                "instances": instances,
                "completion": {"minFailedInstances": 1, "minSucceededInstances": None},
                "taskRetryCount": 0,
                "dockerImage": "image",
                "resourcePerInstance": resources,
                "commands": list(commands),
            }
        },
        "defaults": {"virtualCluster": vc},
        "extras": extras,
    }
