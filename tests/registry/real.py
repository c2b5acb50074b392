"""The real registry (Debian's docker-registry) on a free port, and images to put into it."""

import base64
import gzip
import hashlib
import json
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import servers

USER, PASSWORD = "机器人", "S3cretPw-密码"


def needed(*programs: str) -> None:
    for program in programs:
        if shutil.which(program) is None:
            servers.missing(program)


def htpasswd(folder: Path, user: str = USER, password: str = PASSWORD) -> Path:
    needed("htpasswd")
    done = subprocess.run(
        ["htpasswd", "-Bbn", "-C", "4", user, password], capture_output=True, check=True
    )
    path = folder / "htpasswd"
    path.write_bytes(done.stdout)
    return path


@contextmanager
def registry(folder: Path, auth: str = "") -> Iterator[str]:
    """A running registry; its address. `auth` is the YAML below `auth:`."""
    needed("docker-registry")
    port = servers.free_port()
    config = folder / "config.yml"
    config.write_text(
        "version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\n"
        f"storage:\n  filesystem: {{rootdirectory: {folder / 'data'}}}\n  delete: {{enabled: true}}\n"
        f"http: {{addr: '127.0.0.1:{port}'}}\n" + (f"auth:\n{auth}" if auth else "")
    )
    words = ["docker-registry", "serve", str(config)]
    with servers.answering(words, f"http://127.0.0.1:{port}/v2/"):
        yield f"http://127.0.0.1:{port}"


class Filler:
    """Puts images into a registry by plain requests, without the client that is being tried."""

    def __init__(self, url: str, user: str = "", password: str = "") -> None:
        self.url = url
        self._headers = {}
        if user:
            words = base64.b64encode(f"{user}:{password}".encode()).decode()
            self._headers = {"Authorization": f"Basic {words}"}

    def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, dict, bytes]:
        url = path if path.startswith("http") else f"{self.url}{path}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(
            url, data=body or None, method=method, headers={**self._headers, **named}
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, dict(refused.headers), refused.read()

    def blob(self, path: str, data: bytes) -> dict:
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        status, headers, _ = self.ask("POST", f"/v2/{path}/blobs/uploads/")
        assert status == 202
        where = headers["Location"]
        status, _, said = self.ask(
            "PUT",
            f"{where}{'&' if '?' in where else '?'}digest={digest}",
            data,
            Content_Type="application/octet-stream",
        )
        assert status == 201, said
        return {"digest": digest, "size": len(data)}

    def image(
        self,
        path: str,
        tag: str,
        layers: tuple[bytes, ...] = (b"layer",),
        *,
        env: tuple[str, ...] = ("CUDA_VERSION=11.7",),
        labels: dict | None = None,
        docker: bool = False,
        architecture: str = "amd64",
        created: str = "2021-03-05T10:20:30Z",
    ) -> str:
        """Its digest. Layers are any bytes: registries do not look into them."""
        kind = "docker" if docker else "oci"
        types = {
            "oci": (
                "application/vnd.oci.image.manifest.v1+json",
                "application/vnd.oci.image.config.v1+json",
                "application/vnd.oci.image.layer.v1.tar+gzip",
            ),
            "docker": (
                "application/vnd.docker.distribution.manifest.v2+json",
                "application/vnd.docker.container.image.v1+json",
                "application/vnd.docker.image.rootfs.diff.tar.gzip",
            ),
        }[kind]
        config = json.dumps(
            {
                "architecture": architecture,
                "os": "linux",
                "created": created,
                "config": {"Env": list(env), "Labels": labels or {"framework": "pytorch"}},
                "rootfs": {"type": "layers", "diff_ids": []},
                "history": [{"created_by": "RUN apt-get install -y nfs-common"}],
            }
        ).encode()
        rows = [
            {
                "mediaType": types[2],
                **self.blob(path, gzip.compress(data, mtime=0) if len(data) < 1 << 16 else data),
            }
            for data in layers
        ]
        made = {
            "schemaVersion": 2,
            "mediaType": types[0],
            "config": {"mediaType": types[1], **self.blob(path, config)},
            "layers": rows,
        }
        return self.put(path, tag, made)

    def put(self, path: str, tag: str, made: dict) -> str:
        body = json.dumps(made).encode()
        status, _, said = self.ask(
            "PUT", f"/v2/{path}/manifests/{tag}", body, Content_Type=made["mediaType"]
        )
        assert status == 201, said
        return f"sha256:{hashlib.sha256(body).hexdigest()}"

    def index(self, path: str, tag: str, *platforms: str) -> str:
        rows = []
        for platform in platforms:
            system, _, architecture = platform.partition("/")
            digest = self.image(
                path, f"part-{architecture}", (platform.encode(),), architecture=architecture
            )
            _, _, body = self.ask(
                "GET",
                f"/v2/{path}/manifests/{digest}",
                Accept="application/vnd.oci.image.manifest.v1+json",
            )
            rows.append(
                {
                    "mediaType": "application/vnd.oci.image.manifest.v1+json",
                    "digest": digest,
                    "size": len(body),
                    "platform": {"os": system, "architecture": architecture},
                }
            )
        kind = "application/vnd.oci.image.index.v1+json"
        return self.put(path, tag, {"schemaVersion": 2, "mediaType": kind, "manifests": rows})
