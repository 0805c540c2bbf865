# An ordinary user exchanges his files for a fifo, a link to a secret and a device while root looks: swap.py FOLDER SECRET
# Root makes the things and counts their opens by fanotify(7). Says "ready"; at the end of its input one JSON object, opens by thing.
import ctypes, json, os, select, struct, sys

folder, secret = sys.argv[1], sys.argv[2]
libc = ctypes.CDLL(None, use_errno=True)
NOBODY, COUNT, RENAME_EXCHANGE = 65534, 40, 2
parent = os.getpid()
baits = {"fifo": f"{folder}/fifo", "device": f"{folder}/device", "secret": secret}
os.mkfifo(baits["fifo"], 0o666)
os.mknod(baits["device"], 0o020666, os.makedev(1, 3))
link = f"{folder}/link"
os.symlink(secret, link)
names = [f"{folder}/stress-ng-4194300-swap-{at}" for at in range(COUNT)]
for name in names:
    with open(name, "w") as file:
        file.write("x" * 4096)
for path in [*names, baits["fifo"], link]:
    os.chown(path, NOBODY, NOBODY, follow_symlinks=False)

# fanotify tells pids: other programs on the machine may look at the folder too, and only those of this mount namespace count.
FAN_REPORT_FID, FAN_NONBLOCK, FAN_OPEN, AT_FDCWD = 0x200, 2, 0x20, -100
namespace = os.readlink("/proc/self/ns/mnt")
groups = {}
for name, path in baits.items():
    fd = libc.fanotify_init(FAN_REPORT_FID | FAN_NONBLOCK, 0)
    if libc.fanotify_mark(fd, 1, ctypes.c_uint64(FAN_OPEN), AT_FDCWD, path.encode()) < 0:
        sys.exit(os.strerror(ctypes.get_errno()))
    groups[fd] = name

attacker = os.fork()
if attacker == 0:
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    tricks = [path.encode() for path in (baits["fifo"], link, baits["device"])]
    targets = [name.encode() for name in names]
    for at in range(100_000_000):
        trick, target = tricks[at % 3], targets[at % COUNT]
        libc.renameat2(AT_FDCWD, trick, AT_FDCWD, target, RENAME_EXCHANGE)
        libc.renameat2(AT_FDCWD, target, AT_FDCWD, trick, RENAME_EXCHANGE)
        if at % 64 == 0 and os.getppid() != parent:
            break
    os._exit(0)

print("ready", flush=True)
opens = {name: 0 for name in baits}
is_over = False
while not is_over:
    readable, _, _ = select.select([0, *groups], [], [])
    is_over = 0 in readable and not os.read(0, 4096)
    for fd in groups:
        try:
            data = os.read(fd, 65536)
        except BlockingIOError:
            continue
        at = 0
        while at < len(data):
            length, pid = struct.unpack_from("I", data, at)[0], struct.unpack_from("i", data, at + 20)[0]
            at += length
            try:
                opens[groups[fd]] += os.readlink(f"/proc/{pid}/ns/mnt") == namespace
            except OSError:
                pass  # it has ended: none of ours ends so soon after it has looked
os.kill(attacker, 9)
os.waitpid(attacker, 0)
print(json.dumps(opens), flush=True)
