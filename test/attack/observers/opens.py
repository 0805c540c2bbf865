# Counts, by fanotify(7), how often somebody of this mount namespace opens the files of a file system: opens.py MOUNT
# Others on the machine may look too, and are not counted. Says "ready"; at the end of its input one JSON object, opens by name.
import ctypes, json, os, select, struct, sys

libc = ctypes.CDLL(None, use_errno=True)
FAN_NONBLOCK, FAN_REPORT_DFID_NAME, FAN_MARK_FILESYSTEM, FAN_OPEN, AT_FDCWD = 2, 0xC00, 0x100, 0x20, -100
fd = libc.fanotify_init(FAN_NONBLOCK | FAN_REPORT_DFID_NAME, 0)
if libc.fanotify_mark(fd, 1 | FAN_MARK_FILESYSTEM, ctypes.c_uint64(FAN_OPEN), AT_FDCWD, sys.argv[1].encode()) < 0:
    sys.exit(os.strerror(ctypes.get_errno()))
namespace = os.readlink("/proc/self/ns/mnt")
opens = {}
print("ready", flush=True)
is_over = False
while not is_over:
    readable, _, _ = select.select([fd, 0], [], [])
    is_over = 0 in readable and not os.read(0, 4096)
    try:
        data = os.read(fd, 65536)
    except BlockingIOError:
        continue
    at = 0
    while at < len(data):
        length, pid = struct.unpack_from("I", data, at)[0], struct.unpack_from("i", data, at + 20)[0]
        handle = struct.unpack_from("I", data, at + 24 + 12)[0]
        name = data[at + 24 + 20 + handle : at + length].split(b"\0")[0].decode("latin1")
        try:
            if os.readlink(f"/proc/{pid}/ns/mnt") == namespace:
                opens[name] = opens.get(name, 0) + 1
        except OSError:
            pass  # it has ended: none of ours ends so soon after it has looked
        at += length
print(json.dumps(opens), flush=True)
