"""The files that browsers are given: pages with facts in them, scripts, styles."""

import json
from collections.abc import Collection
from importlib.resources import files

from aiohttp import web

POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
KINDS = {".js": "text/javascript", ".css": "text/css"}
SHOWN = (
    "upload.css", "upload.js", "queue.js", "single.js", "crate.js", "net.js", "finding.js", "view.js",
    "words.js", "sum.js", "code.js", "gone.js", "vendor/tus.min.js", "vendor/sha256.umd.min.js",
)  # fmt: skip
Facts = dict[str, str | int]


class Shown:
    """`prefix` is the path of the public address, which a proxy takes away before we see a request.

    Pages lie in `folder` of `static`; of the other files there those called `names` may be asked for.
    """

    def __init__(
        self,
        prefix: str,
        folder: str = "upload",
        names: Collection[str] = SHOWN,
        policy: str = POLICY,
    ) -> None:
        self.prefix = prefix
        self._folder = files("bot.web") / "static" / folder
        self._names = names
        self._headers = {"Content-Security-Policy": policy}
        self._files: dict[str, bytes] = {}

    async def static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in self._names:
            raise web.HTTPNotFound
        kind = KINDS[name[name.rindex(".") :]]
        headers = {**self._headers, "Cache-Control": "no-cache"}
        return web.Response(
            body=self._read(name), content_type=kind, charset="utf-8", headers=headers
        )

    def page(self, name: str, status: int = 200, facts: Facts | None = None) -> web.Response:
        # In an attribute, so that no script stands in the page.
        told = (
            json.dumps({"root": self.prefix, **(facts or {})})
            .replace("&", "&amp;")
            .replace('"', "&quot;")
            .replace("<", "&lt;")
        )
        page = self._read(name).decode().replace("{{root}}", self.prefix)
        page = page.replace("{{facts}}", told)
        return web.Response(
            text=page, status=status, content_type="text/html", headers=self._headers
        )

    def _read(self, name: str) -> bytes:
        if name not in self._files:
            self._files[name] = self._folder.joinpath(name).read_bytes()
        return self._files[name]
