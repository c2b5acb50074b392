"""The emulated Harbor's `/v2` and its token service: pushes and pulls of images in memory."""

import json
import re
import secrets
from dataclasses import dataclass, field

from bot.demo.harbor.accounts import Caller, basic
from bot.demo.harbor.rest import World
from bot.demo.harbor.store import Project, Refused

TOKEN_SECONDS = 1800
MANIFEST_BYTES = 4 << 20
_ROUTE = re.compile(r"/v2/(?P<path>.+?)/(?P<kind>manifests|blobs|tags)/(?P<rest>.+)")
TYPES = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)


@dataclass(slots=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    caller: Caller


@dataclass(slots=True)
class Given:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Registry:
    world: World
    tokens: dict[str, tuple[Caller, float]] = field(default_factory=dict)
    uploads: dict[str, bytearray] = field(default_factory=dict)

    def token(self, asked: Asked, scopes: list[str]) -> Given:
        """GET only. A wrong login is refused only where no scope is asked (contract 2.5)."""
        if asked.method != "GET":
            return Given(405)
        if asked.query.get("service") != "harbor-registry":
            return Given(400)
        if not scopes and asked.caller.kind == "anonymous":
            return Given(401)
        value = secrets.token_urlsafe(32)
        self.tokens[value] = asked.caller, self.world.now() + TOKEN_SECONDS
        told = {"token": value, "access_token": "", "expires_in": TOKEN_SECONDS, "issued_at": ""}
        return Given(200, json.dumps(told).encode(), {"Content-Type": "application/json"})

    def respond(self, asked: Asked) -> Given:
        header = asked.headers.get("authorization", "")
        if header.startswith("Bearer "):
            caller, until = self.tokens.get(header[7:], (Caller(), 0.0))
            if until <= self.world.now():
                return self._challenge(asked, "repository:x:pull", header)
            asked.caller = caller
        elif not header:
            scope = self._scope(asked)
            return self._challenge(asked, scope, "")
        elif asked.caller.kind == "anonymous":
            return self._challenge(asked, "", header)
        if asked.path == "/v2/":
            return Given(200, b"{}", {"Content-Type": "application/json"})
        found = _ROUTE.fullmatch(asked.path)
        if found is None:
            raise Refused(404, "NOT_FOUND", "not found")
        match found["kind"]:
            case "manifests":
                return self._manifests(asked, found["path"], found["rest"])
            case "tags":
                return self._tags(asked, found["path"])
            case _:
                return self._blobs(asked, found["path"], found["rest"])

    def _scope(self, asked: Asked) -> str:
        found = _ROUTE.fullmatch(asked.path)
        if found is None:
            return ""
        actions = "pull" if asked.method in {"GET", "HEAD"} else "pull,push"
        return f"repository:{found['path']}:{actions}"

    def _challenge(self, asked: Asked, scope: str, header: str) -> Given:
        realm = f'Bearer realm="http://{asked.headers.get("host", "")}/service/token",service="harbor-registry"'
        told = f'{realm},scope="{scope}"' if scope else realm
        if header.startswith("Basic"):
            told = 'Basic realm="harbor"'
        body = json.dumps(
            {"errors": [{"code": "UNAUTHORIZED", "message": "unauthorized"}]}
        ).encode()
        return Given(401, body, {"WWW-Authenticate": told, "Content-Type": "application/json"})

    def _project(self, asked: Asked, path: str, right: str) -> Project:
        project = self.world.store.projects.get(path.partition("/")[0])
        if project is None or right not in asked.caller.rights(project):
            # A missing project looks like a closed one (contract 2.5).
            raise Refused(401, "UNAUTHORIZED", "unauthorized to access repository")
        return project

    def _manifests(self, asked: Asked, path: str, reference: str) -> Given:
        reading = asked.method in {"GET", "HEAD"}
        right = (
            "repository:pull"
            if reading
            else "repository:push"
            if asked.method == "PUT"
            else "artifact:delete"
        )
        project = self._project(asked, path, right)
        name = path.partition("/")[2]
        if asked.method == "PUT":
            return self._put(asked, project, name, reference)
        repository = project.repositories.get(name)
        artifact = repository.find(reference) if repository else None
        if repository is None or artifact is None:
            sign = "@" if ":" in reference else ":"
            raise Refused(404, "NOT_FOUND", f"artifact {path}{sign}{reference} not found")
        if asked.method == "DELETE":
            if ":" not in reference:
                raise Refused(400, "UNSUPPORTED", "the operation is unsupported")
            self.world.store.delete(project, repository, artifact)
            self.world.happened(
                "DELETE_ARTIFACT", project, repository, artifact, reference, asked.caller.name
            )
            return Given(202)
        if artifact.media_type not in asked.headers.get("accept", ""):
            raise Refused(404, "NOT_FOUND", "no manifest of an accepted type")
        critical = ((artifact.scan or {}).get("summary") or {}).get("summary", {}).get("Critical")
        if project.blocked and critical:
            raise Refused(
                412,
                "PROJECTPOLICYVIOLATION",
                f"current image with {critical} vulnerabilities cannot be pulled",
            )
        if asked.method == "GET" and asked.headers.get("user-agent") != "harbor-registry-client":
            now = self.world.now()
            repository.pulls += 1
            artifact.pulled = now
            for tag in repository.tags_of(artifact.digest):
                if reference in (tag.name, artifact.digest):
                    tag.pulled = now
            self.world.happened(
                "PULL_ARTIFACT", project, repository, artifact, reference, asked.caller.name
            )
        headers = {
            "Content-Type": artifact.media_type,
            "Docker-Content-Digest": artifact.digest,
            "Etag": f'"{artifact.digest}"',
        }
        return Given(200, artifact.body, headers)

    def _put(self, asked: Asked, project: Project, name: str, reference: str) -> Given:
        self.world.writable()
        if project.proxy:
            raise Refused(405, "METHOD_NOT_ALLOWED", "can not push artifact to a proxy project")
        if len(asked.body) > MANIFEST_BYTES:
            return Given(
                413, b"<html>413 Request Entity Too Large</html>", {"Content-Type": "text/html"}
            )
        kind = asked.headers.get("content-type", "")
        if kind not in TYPES:
            raise Refused(400, "MANIFEST_INVALID", "manifest invalid")
        now, by = self.world.now(), asked.caller.name
        artifact = self.world.store.put(project, name, reference, kind, asked.body, by, now)
        sign = "@" if ":" in reference else ":"
        project.log.append((now, by, "create", f"{project.name}/{name}{sign}{reference}"))
        repository = project.repositories[name]
        self.world.happened("PUSH_ARTIFACT", project, repository, artifact, reference, by)
        return Given(201, b"", {"Docker-Content-Digest": artifact.digest})

    def _tags(self, asked: Asked, path: str) -> Given:
        project = self._project(asked, path, "repository:pull")
        repository = project.repositories.get(path.partition("/")[2])
        if repository is None:
            raise Refused(404, "NOT_FOUND", f"repository {path} not found")
        names = sorted(repository.tags)
        last, size = asked.query.get("last", ""), int(asked.query.get("n", "0") or 0)
        names = [name for name in names if name > last]
        headers = {"Content-Type": "application/json"}
        if size and len(names) > size:
            names = names[:size]
            headers["Link"] = f'</v2/{path}/tags/list?last={names[-1]}&n={size}>; rel="next"'
        return Given(200, json.dumps({"name": path, "tags": names}).encode(), headers)

    def _blobs(self, asked: Asked, path: str, rest: str) -> Given:
        store = self.world.store
        if rest.startswith("uploads"):
            self._project(asked, path, "repository:push")
            self.world.writable()
            return self._upload(asked, path, rest.removeprefix("uploads").strip("/"))
        self._project(asked, path, "repository:pull")
        if rest not in store.blobs:
            raise Refused(404, "BLOB_UNKNOWN", "blob unknown to registry")
        data = store.blobs[rest][0]
        headers = {"Docker-Content-Digest": rest, "Content-Type": "application/octet-stream"}
        begin = re.fullmatch(r"bytes=(\d+)-", asked.headers.get("range", ""))
        return Given(206, data[int(begin[1]) :], headers) if begin else Given(200, data, headers)

    def _upload(self, asked: Asked, path: str, session: str) -> Given:
        store, now = self.world.store, self.world.now()
        if asked.method == "POST":
            digest = asked.query.get("mount", "")
            if digest in store.blobs and store.projects.get(
                asked.query.get("from", "").partition("/")[0]
            ):
                self._project(asked, asked.query["from"], "repository:pull")
                return Given(201, b"", {"Docker-Content-Digest": digest})
            session = secrets.token_hex(8)
            self.uploads[session] = bytearray()
        held = self.uploads.get(session)
        if held is None:
            raise Refused(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry")
        if asked.method in {"PATCH", "PUT"}:
            held += asked.body
        if asked.method == "PUT":
            del self.uploads[session]
            digest = store.add_blob(bytes(held), now)
            if digest != asked.query.get("digest"):
                raise Refused(
                    400, "DIGEST_INVALID", "provided digest did not match uploaded content"
                )
            return Given(201, b"", {"Docker-Content-Digest": digest})
        status = 204 if asked.method == "GET" else 202
        where = f"/v2/{path}/blobs/uploads/{session}?_state={session}"
        return Given(status, b"", {"Location": where, "Range": f"0-{max(0, len(held) - 1)}"})


def caller_of(world: World, header: str, method: str, path: str) -> Caller:
    return world.accounts.caller(header, method, path) if basic(header)[0] else Caller()
