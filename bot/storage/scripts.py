r"""What runs on the storage server: small shell scripts that cannot be led out of a directory.

A path checked first and used later can be swapped for a link in between, by a job or by another account.
So each script goes into a directory first, asks the *kernel* where it is now (`/proc/self/cwd`; a shell's own
`pwd -P` may remember what it meant to do), and from then on says only `./name`: a directory once entered is
the same one, whatever its path leads to meanwhile. A file is opened first and looked at afterwards, by its
descriptor. Needs a POSIX shell, GNU findutils and coreutils 8.16 (2012), and /proc.
"""

import shlex

MISSING = 61
LED_OUT = 62
EXISTS = 63
WRONG_KIND = 64
HARD_LINKED = 65
NO_RIGHT = 66
CHANGED = 67
NO_TOOL = 68

_ENVIRONMENT = "PATH=/usr/local/bin:/usr/bin:/bin HOME=/ LC_ALL=C"

_COMMON = """
set -u
at() {
  [ "$(readlink "/proc/self/$1" && echo .)" = "$2
." ] || exit 62
}
enter() {
  if cd -P -- "$1" 2>/dev/null; then at cwd "$1"; return; fi
  [ -e "$1" ] || exit 61
  [ -d "$1" ] || exit 64
  exit 66
}
there() { [ -e "$1" ] || [ -L "$1" ]; }
"""

# $1: a directory
HELLO = 'cd -P -- "$1" && readlink /proc/self/cwd && id -u && dd --version | head -n 1'

ENTRIES = """
enter "$1"
[ -r . ] || exit 66
find . -mindepth 1 -maxdepth 1 -printf '%y %s %T@ %U %m %n %f\\0' | head -c 33554432
"""

# $2: a name in it
LOOK = """
enter "$1"
there "./$2" || exit 61
exec find "./$2" -maxdepth 0 -printf '%y %s %T@ %U %m %n %f\\0'
"""

# $1: where to begin, $2: umask, the rest: names, each below the one before
MAKE_DIRECTORIES = """
enter "$1"
umask "$2"
inside=$1
shift 2
for name in "$@"; do
  mkdir -- "./$name" 2>/dev/null || [ -d "./$name" ] || { mkdir -- "./$name"; exit 1; }
  inside="$inside/$name"
  enter "$inside"
done
"""

# $2: a name that is new, $3: its mode
MAKE_FOLDER = """
enter "$1"
there "./$2" && exit 63
mkdir -- "./$2" || exit 1
enter "$1/$2"
chmod -- "$3" .
"""

# $2: a name, $3: another directory, $4: the name there
MOVE = """
enter "$1"
there "./$2" || exit 61
[ -d "$3" ] || exit 61
exec 3<"$3"
at fd/3 "$3"
there "/proc/self/fd/3/$4" && exit 63
mv -n -T -- "./$2" "/proc/self/fd/3/$4" || exit 1
there "./$2" && exit 63
exit 0
"""

# rm walks by directory descriptors and follows no link
REMOVE = """
enter "$1"
there "./$2" || exit 61
exec rm -rf --one-file-system -- "./$2"
"""

_OPEN = """
enter "$1"
there "./$2" || exit 61
[ -L "./$2" ] && exit 62
[ -f "./$2" ] || exit 64
[ -r "./$2" ] || exit 66
exec 3<"./$2"
at fd/3 "$1/$2"
set -- "$@" $(stat -L -c '%h %s %Y' /proc/self/fd/3)
"""

# $3: first byte, $4: how many at most; then hard links, size, mtime of what was opened
READ = (
    _OPEN
    + """
[ "$5" = 1 ] || exit 65
echo "$6 $7"
exec dd iflag=skip_bytes,count_bytes bs=1048576 skip="$3" count="$4" status=none <&3
"""
)

# $3: `zst`, `7z-list` or `7z`; what the server's program makes of it. A dictionary may be as large as the archive
# says: no more than 2 GB of memory for it. Where even the names need a password, a wrong one is said to be wrong.
PEEL = (
    _OPEN
    + """
[ "$4" = 1 ] || exit 65
ulimit -v 2097152 2>/dev/null
case $3 in
  zst) tools=zstd ;;
  *) tools="7zz 7z 7za 7zr" ;;
esac
found=
for tool in $tools; do
  if command -v "$tool" >/dev/null 2>&1; then found=$tool; break; fi
done
[ "$found" ] || exit 68
[ "$3" = zst ] && exec "$found" -d -c -q <&3
lang=$(locale -a 2>/dev/null | grep -i -m 1 utf)
LC_ALL=${lang:-C.UTF-8}
export LC_ALL
[ "$3" = 7z ] && exec "$found" x -so -t7z -y -- /proc/self/fd/3 </dev/null
exec "$found" l -slt -ba -t7z -pnone -- /proc/self/fd/3 </dev/null
"""
)

SHA256 = (
    _OPEN
    + """
[ "$3" = 1 ] || exit 65
exec sha256sum <&3
"""
)

# $2: a name that is new, $3: umask; what comes in is written. Noclobber opens with O_EXCL.
WRITE = """
enter "$1"
umask "$3"
there "./$2" && exit 63
set -C
exec 3>"./$2"
exec cat >&3
"""

# $2: a file that is there, $3: the byte to go on at. Never follows a link, never makes a file.
WRITE_AT = """
enter "$1"
there "./$2" || exit 61
[ -L "./$2" ] && exit 62
exec dd of="./$2" oflag=nofollow,seek_bytes conv=notrunc,nocreat bs=131072 seek="$3" status=none
"""

# $1: where to begin, $2: umask, the rest: names; the last one's directory becomes ours alone, so that nobody
# can put a link there while tar works in it. The tar is made by Pailot (bot.storage.tar).
UNPACK = (
    MAKE_DIRECTORIES
    + """
[ -O . ] || exit 66
chmod -- 0700 . || exit 1
exec tar -x -m --no-overwrite-dir --no-same-owner --no-same-permissions -b 256 -f -
"""
)

SIZES = """
enter "$1"
find . -mindepth 1 -type f -printf '%s %P\\0' | head -c 33554432
"""

# $1: a directory, $2: where its entries go, $3: the directory for what is in the way, or nothing.
# One mv takes all that is not there yet, whole directories with it; only what is on both sides is walked.
MERGE = """
aside='for name; do
  [ -d "$name" ] && [ ! -L "$name" ] || mv -n -t /proc/self/fd/4 -- "$name" 2>/dev/null
done'
merge() (
  enter "$1"
  exec 3<"$2"
  at fd/3 "$2"
  if [ "$3" ]; then
    exec 4<"$3"
    at fd/4 "$3"
    find . -mindepth 1 -maxdepth 1 ! -type d -print0 |
      (enter "$2"; xargs -0 -r mv -n -t /proc/self/fd/4 -- 2>/dev/null)
    find . -mindepth 1 -maxdepth 1 -type d -print0 |
      (enter "$2"; xargs -0 -r sh -c "$aside" sh)
  fi
  find . -mindepth 1 -maxdepth 1 -print0 | xargs -0 -r mv -n -t /proc/self/fd/3 --
  for name in ./* ./.[!.]* ./..?*; do
    [ -d "$name" ] && [ ! -L "$name" ] || continue
    name=${name#./}
    [ -d "$2/$name" ] && [ ! -L "$2/$name" ] || continue
    [ "$3" ] && mkdir -p -- "/proc/self/fd/4/$name"
    merge "$1/$name" "$2/$name" "${3:+$3/$name}"
  done
)
[ -d "$1" ] || exit 0
merge "$1" "$2" "$3" || exit
[ "$3" ] && (enter "$3"; find . -mindepth 1 -depth -type d -empty -delete)
enter "$1"
find . -mindepth 1 -depth -type d -empty -delete
find . -mindepth 1 ! -type d -printf '%P\\0'
enter "${1%/*}"
rmdir -- "./${1##*/}" 2>/dev/null
exit 0
"""

# $1 $2: a directory and the new file in it, $3 $4: another and the file there, $5 $6: where that one goes, $7: its sum.
# A second name keeps the very file that is replaced, whatever somebody writes into it meanwhile; where the kernel
# allows no second name for a file of another owner it is moved, and its place is empty for a moment.
EXCHANGE = """
enter "$1"
[ -f "./$2" ] && [ ! -L "./$2" ] || exit 61
exec 3<"$5"
at fd/3 "$5"
exec 4<.
enter "$3"
[ -L "./$4" ] && exit 62
there "./$4" || exit 61
[ -f "./$4" ] || exit 64
[ "$(sha256sum <"./$4" | head -c 64)" = "$7" ] || exit 67
chmod --reference="./$4" -- "/proc/self/fd/4/$2" 2>/dev/null
if ln -T -- "./$4" "/proc/self/fd/3/$6" 2>/dev/null; then
  mv -f -T -- "/proc/self/fd/4/$2" "./$4" && exit 0
  rm -f -- "/proc/self/fd/3/$6"
  exit 1
fi
there "/proc/self/fd/3/$6" && exit 63
mv -n -T -- "./$4" "/proc/self/fd/3/$6" || exit 1
mv -n -T -- "/proc/self/fd/4/$2" "./$4"
"""

USAGE = """
enter "$1"
exec du -x -0 -B1 --max-depth=1 --time --time-style=+%s .
"""

# $2: days. The directories one level down in which no file was read or changed, or came here, for so long. A look into
# a directory ends at the first file that was.
UNREAD = """
enter "$1"
since="@$(($(date +%s) - $2 * 86400))"
for name in ./* ./.[!.]*; do
  [ -d "$name" ] && [ ! -L "$name" ] || continue
  touched=$(find -P "$name" -xdev -type f \\
    \\( -newerat "$since" -o -newermt "$since" -o -newerct "$since" \\) -printf x -quit) || continue
  [ -n "$touched" ] || printf '%s\\0' "${name#./}"
done
"""

SPACE = 'exec df -P -B1 -- "$1"'


def command(script: str, *words: str | int) -> str:
    """The line that the account's login shell is given. Nothing in `words` is ever read by a shell."""
    args = " ".join(shlex.quote(str(word)) for word in words)
    return f"exec env -i {_ENVIRONMENT} sh -c {shlex.quote(_COMMON + script)} pailot {args}"
