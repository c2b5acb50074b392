"""The test of an image: a script for one GPU whose findings are lines of their own, and how they are read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MARK = "pailot-test"
FAILED = 95
"""Exit code of ours: the test ran to its end, and something is not as it should be."""
STEPS = ("start", "gpu", "cuda", "python", "torch", "tensorflow", "mount", "write")
"""In the order in which they are tried and shown."""
STATES = frozenset({"ok", "fail", "none"})
DETAIL_LENGTH = 160
NFS, MOUNT, READ_ONLY = 91, 92, 93
"""How the lines that mount the folder end (`files.mounting`)."""
_LINE = re.compile(rf"{MARK} (\w+)(?: (\w+))?(?: (.*))?")
_VERSION = re.compile(r"\d+(?:\.\d+)*")
_WORD = re.compile(r"(\w+)=(\S+)")


@dataclass(frozen=True, slots=True)
class Step:
    """`state` is ok, fail, or none for what the image does not have (or nobody asked for)."""

    name: str
    state: str
    detail: str = ""

    @property
    def version(self) -> str:
        found = _VERSION.match(self.detail)
        return found[0] if found else ""

    @property
    def facts(self) -> dict[str, str]:
        """`cuda=11.7 cudnn=8500` as pairs."""
        return dict(_WORD.findall(self.detail))


@dataclass(frozen=True, slots=True)
class Result:
    steps: tuple[Step, ...] = ()
    ended: bool = False
    """The script came to its own end."""

    def of(self, name: str) -> Step:
        return next((step for step in self.steps if step.name == name), Step(name, "none"))

    @property
    def works(self) -> bool | None:
        """Whether jobs can run on it here; None when the test did not get far enough to say.

        A folder that the server does not let be mounted, or not be written, is no fault of the image.
        """
        faults = [step for step in self.steps if step.state == "fail"]
        own = [s for s in faults if s.name not in {"mount", "write"} or s.detail == "nfs-common"]
        if own:
            return False
        return True if self.ended else None

    @property
    def versions(self) -> tuple[tuple[str, str], ...]:
        """What is inside, as pairs for the catalogue; what a framework says of CUDA counts where nvcc is not there."""
        torch, tensorflow = self.of("torch"), self.of("tensorflow")
        cuda = self.of("cuda").version or torch.facts.get("cuda") or tensorflow.facts.get("cuda")
        found = (
            ("Python", self.of("python").version),
            ("PyTorch", torch.version),
            ("TensorFlow", tensorflow.version),
            ("CUDA", cuda or ""),
        )
        return tuple((what, number) for what, number in found if number)

    @property
    def gpu(self) -> str:
        """The name of the GPU it ran on."""
        step = self.of("gpu")
        return step.detail.partition(",")[0].strip() if step.state == "ok" else ""


def read(lines: Iterable[str]) -> Result:
    """From a log, or the last lines of one. Whatever else an image prints is passed over."""
    steps: dict[str, Step] = {}
    ended = False
    for line in lines:
        found = _LINE.fullmatch(line.rstrip().rsplit("\r", 1)[-1].strip())
        if found is None:
            continue
        name, state, detail = found[1], found[2] or "", found[3] or ""
        if name == "end":
            ended = True
        elif name in STEPS and state in STATES:
            steps[name] = Step(name, state, " ".join(detail.split())[:DETAIL_LENGTH])
    return Result(tuple(steps[name] for name in STEPS if name in steps), ended)


def script(mounting: str = "", mount_point: str = "/mnt") -> str:
    """A bash script for the strict shell (`set -euo pipefail`), which goes on after each fault and counts it.

    `mounting` are the lines that bring the personal folder in; without them mounting is not tried. Nothing
    is taken for granted but bash: images without Python, nvidia-smi or timeout say so.
    """
    parts = [_BEGIN, _GPU, _PYTHON, _frame("torch", _TORCH), _frame("tensorflow", _TENSORFLOW)]
    parts.append(_mount(mounting, mount_point) if mounting else _NO_MOUNT)
    return "\n".join((*parts, _END))


def mounts(words: str) -> bool:
    """Whether such a script brings the personal folder in."""
    return _NO_MOUNT not in words.split("\n")


_NO_MOUNT = "say mount none"


_BEGIN = rf"""# Pailot tests this image: what it finds stands in lines that begin with {MARK}.
bad=0
say() {{ printf '{MARK} %s\n' "$*"; }}
no() {{ say "$1 fail ${{*:2}}"; bad={FAILED}; }}
last() {{ printf '%s' "${{1##*$'\n'}}"; }}
within() {{ if command -v timeout >/dev/null 2>&1; then timeout 300 "$@"; else "$@"; fi; }}
say start ok "${{HOSTNAME:-}}"
"""
_GPU = r"""
if command -v nvidia-smi >/dev/null 2>&1; then
  asked=name,memory.total,driver_version
  if gpu=$(within nvidia-smi --query-gpu=$asked --format=csv,noheader 2>&1) && [ -n "$gpu" ]; then
    say gpu ok "${gpu%%$'\n'*}"
  else
    no gpu "$(last "$gpu")"
  fi
elif compgen -G '/dev/nvidia[0-9]*' >/dev/null; then
  say gpu none
else
  no gpu no-device
fi
cuda=${CUDA_VERSION:-}
if command -v nvcc >/dev/null 2>&1 && [[ "$(nvcc --version 2>/dev/null || true)" =~ release\ ([0-9.]+) ]]; then
  cuda=${BASH_REMATCH[1]}
fi
if [ -n "$cuda" ]; then say cuda ok "$cuda"; else say cuda none; fi
"""
_PYTHON = r"""
py=
for one in python python3; do
  if [ -z "$py" ] && command -v "$one" >/dev/null 2>&1; then py=$one; fi
done
if [ -z "$py" ]; then
  say python none
elif said=$(within "$py" -c 'import sys; print(".".join(map(str, sys.version_info[:3])))' 2>&1); then
  say python ok "$(last "$said")"
else
  no python "$(last "$said")"
  py=
fi
"""
_IMPORT = r"""
import os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
def end(*words):
    print(" ".join(str(word) for word in words).replace("\n", " ")[:200])
    sys.stdout.flush()
    os._exit(0)
try:
    import NAME as m
except ImportError as e:
    absent = getattr(e, "name", None) == "NAME" or str(e) == "No module named NAME"
    end("none") if absent else end("fail", type(e).__name__ + ":", e)
except Exception as e:
    end("fail", type(e).__name__ + ":", e)
"""
_TORCH = r"""
inside = "cuda=%s" % getattr(m.version, "cuda", None)
if not m.cuda.is_available():
    end("fail", m.__version__, inside, "no-gpu")
try:
    right = float((m.ones(1000).cuda() * 2).sum().cpu()) == 2000.0
except Exception as e:
    end("fail", m.__version__, inside, type(e).__name__ + ":", e)
end("ok" if right else "fail", m.__version__, inside)
"""
_TENSORFLOW = r"""
inside = ""
try:
    inside = "cuda=%s" % m.sysconfig.get_build_info()["cuda_version"]
except Exception:
    pass
try:
    config = getattr(m, "config", None)
    listed = getattr(config, "list_physical_devices", None)
    seen = len(listed("GPU")) if listed else int(m.test.is_gpu_available())
except Exception as e:
    end("fail", m.__version__, inside, type(e).__name__ + ":", e)
end("ok" if seen else "fail", m.__version__, inside, "" if seen else "no-gpu")
"""
_END = """
say end "$bad"
if [ "$bad" != 0 ]; then exit "$bad"; fi"""


def _frame(name: str, use: str) -> str:
    """Imported in a Python of its own: some frameworks do not raise but crash."""
    code = (_IMPORT.replace("NAME", name) + use).strip("\n")
    return f"""
if [ -n "$py" ]; then
  if said=$(within "$py" -c '{code}' 2>/dev/null); then
    said=$(last "$said")
    case "$said" in
      ok*|none*) say {name} "$said" ;;
      fail*) no {name} "${{said#fail}}" ;;
      *) no {name} silent ;;
    esac
  else
    no {name} "crashed $?"
  fi
fi
"""


def _mount(mounting: str, mount_point: str) -> str:
    """In a shell of its own, since those lines end theirs when something is wrong."""
    probe = f"{mount_point}/.pailot-test-$$"
    return f"""
code=0
said=$( (
{mounting}
) 2>&1 ) || code=$?
if [ -n "$said" ]; then printf '%s\\n' "$said" >&2; fi
said=${{said%$'\\n'*}}
case $code in
  0) say mount ok {mount_point}
    if printf pailot > "{probe}" && [ "$(cat "{probe}")" = pailot ] && rm -f "{probe}"; then
      say write ok
    else
      no write refused
    fi ;;
  {NFS}) no mount nfs-common ;;
  {READ_ONLY}) say mount ok {mount_point}
    no write read-only ;;
  *) no mount "$(last "$said")" ;;
esac
"""
