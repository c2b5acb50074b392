"""A real nginx in front of a server, with Harbor's own way of passing paths on."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import servers

CONFIG = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; client_max_body_size 0;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port};
    proxy_set_header Host $http_host; proxy_buffering off; proxy_request_buffering off; proxy_http_version 1.1;
    location /api/ {{ proxy_pass {upstream}/api/; }}
    location /service/ {{ proxy_pass {upstream}/service/; }}
    location /v2/ {{ proxy_pass {upstream}/v2/; }}
  }}
}}
"""
"""The URI part of `proxy_pass` makes nginx decode a path and encode it again (contracts/harbor.md 3)."""


@contextmanager
def nginx(folder: Path, upstream: str) -> Iterator[str]:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        servers.missing("nginx")
    port = servers.free_port()
    config = folder / "nginx.conf"
    config.write_text(CONFIG.format(folder=folder, port=port, upstream=upstream))
    words = [str(program), "-p", str(folder), "-c", str(config), "-e", str(folder / "error.log")]
    with servers.answering(words, f"http://127.0.0.1:{port}/nothing"):
        yield f"http://127.0.0.1:{port}"
