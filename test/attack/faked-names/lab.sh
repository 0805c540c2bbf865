#!/bin/sh
# In namespaces of its own: a dozen segments of root that nobody holds, the attacker, and a kernel that does not tell its huge pages.
# Arguments: node, main.js, attacker.py, a folder of the attacker's. Prints what ls says, then what is known of the attacker.
set -eu
[ -d /sys/kernel/mm/hugepages ] && mount -t tmpfs none /sys/kernel/mm/hugepages
python=$(PATH=/usr/bin:/bin command -v python3)
"$python" - <<'PY'
import ctypes
libc = ctypes.CDLL(None)
for at in range(16):
    libc.shmget(0x1234 if at == 0 else 0x1234 + 0x10000 * at, 4096, 0o1600)
PY
setpriv --reuid=65534 --regid=65534 --clear-groups "$python" "$3" "$4" >"$4.said" &
attacker=$!
trap 'kill -9 $attacker' EXIT
for _ in 1 2 3 4 5 6 7 8 9 10; do
  [ -s "$4.said" ] && break
  sleep 0.2
done
cat "$4.said"
echo "$attacker"
"$1" "$2" ls --json --all --min-age 0
