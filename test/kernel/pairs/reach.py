"""For each way to a name: a leak psm_… of a user, and a living Python of that user in a mount namespace that has this way only.

Says the names by way as one line of JSON, and lives on until its input ends.
"""
import ctypes
import json
import os
import signal
import sys
import threading

FIRST_USER = int(sys.argv[1])
HOME = os.environ['HOME']
libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS, MS_BIND, MNT_DETACH = 0x20000, 0x1000, 2
told, children = {}, []


def checked(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def leak(way, user):
    path = 'psm_%08x' % (0xabc000 + user)
    fd = os.open('/dev/shm/' + path, os.O_RDWR | os.O_CREAT, 0o600)
    os.write(fd, b'x' * 100)
    os.fchown(fd, user, user)
    os.close(fd)
    told[way] = path


def own_mounts(*keep):
    """A /dev/shm of its own, without the one of before but where it was kept."""
    checked(libc.unshare(CLONE_NEWNS))
    checked(libc.mount(b'none', b'/', None, 0x4000 | (1 << 18), None))
    for place in keep:
        checked(libc.mount(b'/dev/shm', place.encode(), None, MS_BIND, None))
    checked(libc.umount2(b'/dev/shm', MNT_DETACH))
    checked(libc.mount(b'own', b'/dev/shm', b'tmpfs', 0, b'mode=1777'))


def python(way, prepare, loads=True):
    user = FIRST_USER - len(told)
    leak(way, user)
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            import _random  # of lib-dynload, as nearly every program has
            if loads:
                import _posixshmem
            kept = prepare()
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
            libc.prctl(15, b'python3', 0, 0, 0)
            os.write(w, b'ready')
        except BaseException as error:
            os.write(w, repr(error).encode())
        os.close(w)
        while True:
            signal.pause()
    os.close(w)
    said = os.read(r, 1000)
    children.append(pid)
    if said != b'ready':
        raise RuntimeError(f'{way}: {said}')


def in_directory():
    os.chdir('/dev/shm')
    own_mounts()


def with_descriptor():
    fd = os.open('/dev/shm', os.O_PATH | os.O_DIRECTORY)
    own_mounts()
    return fd


def with_namespace():
    fd = os.open('/proc/self/ns/mnt', os.O_RDONLY)
    own_mounts()
    return fd


def in_thread():
    """Its main thread goes where nothing is to be seen; another one stays."""
    started = threading.Event()
    def stay():
        checked(libc.unshare(0x200))
        started.set()
        threading.Event().wait()
    threading.Thread(target=stay, daemon=True).start()
    started.wait()
    own_mounts()


def in_chroot():
    os.mkdir(place := HOME + '/empty')
    os.chroot(place)
    os.chdir('/')


def at_another_place():
    os.mkdir(place := HOME + '/place')
    own_mounts(place)


python('no way', own_mounts)
python('a root without it', in_chroot)
python('the same mounts', lambda: None)
python('a mount at another place', at_another_place)
python('its working directory in it', in_directory)
python('a descriptor of it', with_descriptor)
python('a descriptor of the namespace', with_namespace)
python('a thread that sees it', in_thread)
python('nothing loaded', lambda: None, loads=False)
print(json.dumps(told), flush=True)
sys.stdin.read()
for pid in children:
    os.kill(pid, signal.SIGKILL)
