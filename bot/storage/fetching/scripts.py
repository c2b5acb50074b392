"""What the storage server runs to fetch something by itself: started once, watched there, found again later.

A transfer has a directory of its own (`.pailot/.transfers/<id>`, for the account alone): making it is the lock,
and everything known of the transfer lies in it. The runner has left the connection that started it; it writes
`pid` when it runs and `end` when it is over. Passwords and keys come by standard input, never as arguments.
"""

# the rest: names to resolve; then the server's own addresses
RESOLVE = """
set -u
for name in "$@"; do
  timeout 10 getent ahosts "$name" | while read -r address rest; do echo "$name $address"; done &
done
wait
echo "= $(hostname -I 2>/dev/null)"
"""

TOOLS = """
set -u
for tool in curl git rsync scp ssh ssh-keyscan setsid; do command -v "$tool"; done
git --version 2>/dev/null
exit 0
"""

HEAD = "exec timeout 20 curl -q --config -"
KEYS = 'exec timeout 20 ssh-keyscan -T 10 -p "$2" "$1"'

# $1: where the directories of transfers are, $2: the id, $3: the runner, the rest: its words
START = """
enter "$1"
umask 077
mkdir -- "./$2" 2>/dev/null || { there "./$2" && exit 63; exit 66; }
enter "$1/$2"
run=$3
shift 3
exec 3<&0
setsid sh -c "$run" pailot "$@" <&3 >/dev/null 2>&1 &
for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
  [ -f pid ] && exit 0
  sleep 0.2
done
exit 1
"""

_SSH = (
    "-F /dev/null -i key -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=yes"
    " -o UserKnownHostsFile=known -o GlobalKnownHostsFile=/dev/null -o CheckHostIP=no"
    " -o HostKeyAlias=source -o ForwardAgent=no -o ForwardX11=no -o PermitLocalCommand=no"
    " -o ProxyCommand=none -o CanonicalizeHostname=no -o ControlMaster=no -o ControlPath=none"
    " -o ServerAliveInterval=30 -o ServerAliveCountMax=4 -o ConnectTimeout=20 -o LogLevel=ERROR"
)

# $1: most bytes, $2: bytes left free on the disk, $3: most seconds, $4: umask of what is fetched, $5: how
# $6: the source, $7: the address that it is pinned to, $8: the port. It runs in the transfer's directory.
RUN = (
    """
set -u
umask 077
limit=$1 reserve=$2 seconds=$3 mask=$4 how=$5 source=$6 address=$7 port=$8
conf=$(head -c 65536)
born() { cut -d' ' -f22 "/proc/$1/stat" 2>/dev/null; }
worker=
stop() { [ -z "$worker" ] || kill -s KILL -- "-$worker" 2>/dev/null; }
end() { rm -f key known git.conf; echo "$*" >end.new && mv -T end.new end; exit 0; }
trap 'stop; end cancelled' TERM
begun=$(date +%s)
case $how in
  git) printf '%s\\n' "$conf" >git.conf ;;
  rsync|scp|gitssh)
    printf '%s\\n' "$conf" | head -n 1 >known
    printf '%s\\n' "$conf" | tail -n +2 >key
    [ "$how" = gitssh ] && printf '[protocol]\\nallow = never\\n[protocol "ssh"]\\nallow = always\\n' >git.conf ;;
esac
umask "$mask"
mkdir payload
echo "$$ $(born $$)" >pid.new && mv -T pid.new pid
ulimit -f $((limit / 512 + 64)) 2>/dev/null
ssh="ssh """
    + _SSH
    + """ -o HostName=$address -o Port=$port"
GIT_TERMINAL_PROMPT=0 GIT_ASKPASS=/bin/false GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$PWD/git.conf
GIT_SSH_COMMAND=$ssh GIT_SSH_VARIANT=ssh RSYNC_RSH=$ssh
export GIT_TERMINAL_PROMPT GIT_ASKPASS GIT_CONFIG_NOSYSTEM GIT_CONFIG_GLOBAL GIT_SSH_COMMAND GIT_SSH_VARIANT RSYNC_RSH
turn=0
case $how in
  url) printf '%s\\n' "$conf" | setsid curl -q --config - >code 2>err & ;;
  git|gitssh)
    setsid git clone --progress --no-recurse-submodules --template= -- "$source" payload/it >out 2>err </dev/null & ;;
  rsync)
    setsid rsync -rlt -s --safe-links --chmod=u+rwX --timeout=180 --info=progress2 -- "$source" payload/ \\
      >out 2>err </dev/null & ;;
  scp)
    setsid scp -r """
    + _SSH
    + """ -o HostName="$address" -P "$port" -- "$source" payload/ >out 2>err </dev/null & ;;
esac
worker=$!
conf=
echo "$worker $(born "$worker")" >worker
while kill -0 "$worker" 2>/dev/null; do
  turn=$((turn + 1))
  if [ "$turn" -gt 10 ]; then sleep 2; else sleep 0.3; fi
  size=$(du -s -B1 --apparent-size payload 2>/dev/null | cut -f1)
  [ "${size:-0}" -le "$limit" ] || { stop; end large; }
  [ $(($(stat -f -c '%a * %S' .))) -ge "$reserve" ] || { stop; end full; }
  [ $(($(date +%s) - begun)) -le "$seconds" ] || { stop; end late; }
done
wait "$worker"
status=$?
stop
if [ "$how" = url ]; then
  read -r code <code || code=000
  case $code in
    200) ;;
    3*) end redirect "$code" ;;
    000) end failed "$status" ;;
    *) end failed "$status" "$code" ;;
  esac
fi
[ "$status" = 0 ] || end failed "$status"
[ "$(du -s -B1 --apparent-size payload | cut -f1)" -le "$limit" ] || end large
case $(find payload -mindepth 1 -maxdepth 1 -printf x | wc -c) in
  0) end empty ;;
  1) find payload -mindepth 1 -maxdepth 1 -exec mv -T -- {} result \\; ;;
  *) mv -T payload result ;;
esac
if [ -L result ]; then end link; fi
[ -f result ] || [ -d result ] || end link
end done
"""
)

_ALIVE = """
enter "$1"
[ -O . ] || exit 62
alive() {
  [ -f "$1" ] && read -r pid born <"$1" || return 1
  case $(cut -d' ' -f3,22 "/proc/$pid/stat" 2>/dev/null) in
    "Z "*) return 1 ;;  # over, and only not yet taken note of
    *" $born") return 0 ;;
  esac
  return 1
}
"""

# $1: the transfer's directory
STATE = (
    _ALIVE
    + """
if alive pid; then echo "alive yes"; else echo "alive no"; fi
[ -f end ] && { printf 'end '; head -n 1 end | head -c 100; echo; }
echo "bytes $(du -s -c -B1 --apparent-size payload result 2>/dev/null | tail -n 1 | cut -f1)"
if [ -d result ]; then echo "kind directory"; elif [ -e result ]; then echo "kind file"; fi
echo "--head"
[ -f head ] && head -c 16384 head
echo
echo "--said"
[ -f out ] && tail -c 1024 out
[ -f err ] && tail -c 2048 err
exit 0
"""
)

CANCEL = (
    _ALIVE
    + """
if alive pid; then
  runner=$pid
  kill -s TERM "$runner"
  for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
    alive pid || break
    sleep 0.2
  done
  if alive pid; then kill -s KILL -- "-$runner"; fi
fi
if alive worker; then kill -s KILL -- "-$pid"; fi
rm -f key known git.conf
exit 0
"""
)
