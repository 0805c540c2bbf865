"""Makes memory of the kinds that are named as KIND:MIB, in namespaces of its own, says what it made as one line of JSON, and waits for the
end of its standard input. Run by unshare(1) with IPC and mount namespaces that nobody shares."""
import ctypes, json, mmap, os, subprocess, sys

libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
libc.shmget.argtypes = [ctypes.c_int, ctypes.c_size_t, ctypes.c_int]
MIB = 1 << 20
kept = []
mounts = {}
scratch = sys.argv[1]


def write(fd, size):
    block = b"s" * MIB
    for at in range(0, size, MIB):
        os.pwrite(fd, block, at)


def file(path, size):
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    write(fd, size)
    return fd


def mapped(fd, size):
    kept.append(mmap.mmap(fd, size))


def tmpfs(name, options="size=256m"):
    path = "%s/%s" % (scratch, name)
    os.makedirs(path, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", path], check=True)
    st = os.stat(path).st_dev
    mounts["%d:%d" % (os.major(st), os.minor(st))] = name
    return path


def sysv(size):
    shmid = libc.shmget(0, size, 0o1600)
    at = libc.shmat(shmid, None, 0)
    ctypes.memset(at, 1, size)


def memfd(size):
    fd = os.memfd_create("account")
    write(fd, size)
    kept.append(fd)


def anonymous(size):
    area = mmap.mmap(-1, size)
    area[:] = b"s" * size
    kept.append(area)


def posix(size):
    mapped(file("/dev/shm/account-held", size), size)


def posix_left(size):
    os.close(file("/dev/shm/account-left", size))


def posix_unlinked(size):
    mapped(file("/dev/shm/account-unlinked", size), size)
    os.unlink("/dev/shm/account-unlinked")


def plain(size):
    os.close(file(tmpfs("plain") + "/a file", size))


def opened(size):
    kept.append(file(tmpfs("opened") + "/open", size))


def mapped_file(size):
    mapped(file(tmpfs("mapped") + "/mapped", size), size)


def deleted_open(size):
    path = tmpfs("deleted") + "/.org.chromium.x"
    kept.append(file(path, size))
    os.unlink(path)


def deleted_mapped(size):
    path = tmpfs("deleted-mapped") + "/gone"
    fd = file(path, size)
    mapped(fd, size)
    os.close(fd)
    os.unlink(path)


def lazy(size):
    path = tmpfs("lazy")
    kept.append(file(path + "/ring", size))
    os.close(file(path + "/beside it", size))
    subprocess.run(["umount", "-l", path], check=True)


def lazy_mapped(size):
    path = tmpfs("lazy-mapped")
    fd = file(path + "/ring", size)
    mapped(fd, size)
    os.close(fd)
    subprocess.run(["umount", "-l", path], check=True)


def bound(size):
    """A tmpfs of which only one file is still to be seen, mounted on a file."""
    path = tmpfs("bound")
    os.close(file(path + "/one", size))
    os.close(file(path + "/other", size))
    os.close(os.open(scratch + "/point", os.O_RDWR | os.O_CREAT))
    subprocess.run(["mount", "--bind", path + "/one", scratch + "/point"], check=True)
    subprocess.run(["umount", path], check=True)


def unlimited(size):
    path = tmpfs("unlimited", "size=0")
    mapped(file(path + "/mapped", size), size)


def holes(size):
    """Long and empty: takes nothing."""
    os.truncate(os.open(tmpfs("holes") + "/sparse", os.O_RDWR | os.O_CREAT), 64 * size)


def hugetlb(size):
    path = scratch + "/huge"
    os.makedirs(path)
    subprocess.run(["mount", "-t", "hugetlbfs", "none", path], check=True)
    fd = os.open(path + "/rtemap_0", os.O_RDWR | os.O_CREAT, 0o600)
    os.ftruncate(fd, size)
    area = mmap.mmap(fd, size)
    for at in range(0, size, 4096):
        area[at] = 1
    st = os.fstat(fd).st_dev
    mounts["%d:%d" % (os.major(st), os.minor(st))] = "huge"
    kept.extend([fd, area])
    # What a killed program left: nobody maps it.
    left = os.open(path + "/left", os.O_RDWR | os.O_CREAT, 0o600)
    os.ftruncate(left, size)
    with mmap.mmap(left, size) as area:
        for at in range(0, size, 2 * MIB):
            area[at] = 1
    os.close(left)


subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", "/dev/shm"], check=True)
st = os.stat("/dev/shm").st_dev
mounts["%d:%d" % (os.major(st), os.minor(st))] = "shm"
for word in sys.argv[2:]:
    name, size = word.split(":")
    globals()[name](int(size) * MIB)
print(json.dumps(dict(pid=os.getpid(), ipc=os.readlink("/proc/self/ns/ipc")[5:-1], mounts=mounts)), flush=True)
sys.stdin.read()
