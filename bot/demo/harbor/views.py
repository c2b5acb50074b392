"""How Harbor writes what it has: omitted zeros, `null` for empty lists inside objects, times in milliseconds."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.demo.harbor.store import Artifact, Project, Repository, Store, Tag

REPORT = "application/vnd.security.vulnerability.report; version=1.1"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(at: float) -> str:
    return (EPOCH + timedelta(seconds=at)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3].rjust(
        23, "0"
    ) + "Z"


def slim(made: dict[str, Any], *keep: str) -> dict[str, Any]:
    """Zeros, empty texts and false are left out, but for fields that the spec keeps."""
    return {k: v for k, v in made.items() if k in keep or v is None or v not in (0, "", False)}


def project(one: Project, role: int | None) -> dict[str, Any]:
    return slim(
        {
            "project_id": one.id,
            "name": one.name,
            "creation_time": moment(one.created),
            "repo_count": len(one.repositories),
            "metadata": {"public": "true" if one.public else "false"},
            "registry_id": 7 if one.proxy else 0,
            "current_user_role_ids": [role] if role else None,
        },
        "repo_count",
    )


def repository(of: Project, one: Repository) -> dict[str, Any]:
    return slim(
        {
            "id": one.id,
            "project_id": of.id,
            "name": f"{of.name}/{one.name}",
            "artifact_count": len(one.artifacts),
            "pull_count": one.pulls,
            "creation_time": moment(one.created),
            "update_time": moment(one.updated),
        },
        "artifact_count",
        "pull_count",
    )


def tag(
    of: Project, repo: Repository, one: Tag, artifact: int, *, immutable: bool
) -> dict[str, Any]:
    made = {
        "id": one.id,
        "repository_id": repo.id,
        "artifact_id": artifact,
        "name": one.name,
        "push_time": moment(one.pushed),
        "pull_time": moment(one.pulled),
        "immutable": immutable and of.fixed(repo.name, one.name),
    }
    return slim(made, "immutable")


def artifact(
    store: Store, of: Project, repo: Repository, one: Artifact, query: dict[str, str]
) -> dict[str, Any]:
    tags = repo.tags_of(one.digest)
    fixed = query.get("with_immutable_status") == "true"
    shown = [tag(of, repo, each, one.id, immutable=fixed) for each in tags]
    made: dict[str, Any] = {
        "id": one.id,
        "project_id": of.id,
        "repository_id": repo.id,
        "repository_name": f"{of.name}/{repo.name}",
        "digest": one.digest,
        "type": "IMAGE",
        "media_type": (one.made.get("config") or {}).get("mediaType", ""),
        "manifest_media_type": one.media_type,
        "size": one.size
        + sum(c.size for d in one.children if (c := repo.artifacts.get(str(d["digest"])))),
        "push_time": moment(one.pushed),
        "pull_time": moment(one.pulled),
        "tags": shown if shown and query.get("with_tag", "true") == "true" else None,
        "labels": None,
        "accessories": None,
        "references": [
            {"child_digest": c["digest"], "parent_id": one.id, "platform": c.get("platform")}
            for c in one.children
        ]
        or None,
    }
    if attributes := _attributes(store, one):
        made["extra_attrs"] = attributes
    if one.scan and query.get("with_scan_overview") == "true":
        made["scan_overview"] = {REPORT: one.scan}
    return slim(made)


def _attributes(store: Store, one: Artifact) -> dict[str, Any]:
    config = configuration(store, one)
    return {
        k: config[k] for k in ("architecture", "os", "author", "created", "config") if k in config
    }


def configuration(store: Store, one: Artifact) -> dict[str, Any]:
    digest = (one.made.get("config") or {}).get("digest")
    data = store.blobs.get(str(digest))
    made = json.loads(data[0]) if data else {}
    return made if isinstance(made, dict) else {}


def fields(of: Project, repo: Repository, one: Artifact) -> dict[str, Any]:
    """What artifacts may be filtered and sorted by."""
    return {
        "id": one.id,
        "type": "IMAGE",
        "digest": one.digest,
        "size": one.size,
        "push_time": one.pushed,
        "pull_time": one.pulled,
        "repository_name": f"{of.name}/{repo.name}",
        "tags": [each.name for each in repo.tags_of(one.digest)],
    }
