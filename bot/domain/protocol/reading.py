"""What the protocol of a job that runs already asks for; whatever is not as it should be is passed over."""

from collections.abc import Mapping


def image_of(config: Mapping[str, object]) -> str:
    """The first image; empty if there is none."""
    return next(iter(images_of(config)), "")


def images_of(config: Mapping[str, object]) -> tuple[str, ...]:
    """All of them: each task role may name its own."""
    prerequisites = config.get("prerequisites")
    rows = prerequisites if isinstance(prerequisites, list) else []
    found = [
        str(row["uri"])
        for row in rows
        if isinstance(row, dict)
        and row.get("type") == "dockerimage"
        and isinstance(row.get("uri"), str)
    ]
    return tuple(dict.fromkeys(found))


def sku_of(config: Mapping[str, object]) -> str:
    """The kind of machine; empty where that is left to the platform."""
    extras = config.get("extras")
    scheduler = extras.get("hivedScheduler") if isinstance(extras, dict) else None
    roles = scheduler.get("taskRoles") if isinstance(scheduler, dict) else None
    for role in roles.values() if isinstance(roles, dict) else ():
        if isinstance(role, dict) and isinstance(role.get("skuType"), str):
            return str(role["skuType"])
    return ""
