# What the situations are played with: stages (processes without a living parent), shared memory by ctypes, and who is killed.
import ctypes
import json
import os
import select
import signal
import time

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.shmat.restype = ctypes.c_void_p
IPC_PRIVATE, IPC_CREAT, IPC_RMID = 0, 0o1000, 0
PR_SET_CHILD_SUBREAPER, PR_SET_NAME = 36, 15
SHM = "/dev/shm/"


def shmget(key, size=4096, mode=0o600):
    """A segment, made if it is not there; raises OSError."""
    shmid = LIBC.shmget(key, size, IPC_CREAT | mode)
    if shmid < 0:
        raise OSError(ctypes.get_errno(), "shmget")
    return shmid


def attach(shmid):
    address = LIBC.shmat(shmid, None, 0)
    if address in (None, ctypes.c_void_p(-1).value):
        raise OSError(ctypes.get_errno(), "shmat")
    ctypes.memset(address, 7, 64)
    return address


def detach(address):
    LIBC.shmdt(ctypes.c_void_p(address))


def used(shmid):
    """Attached once and let go: nattch 0 while whoever did it lives."""
    detach(attach(shmid))
    return shmid


def make_file(name, size=8192, keep_open=False):
    fd = os.open(SHM + name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    os.ftruncate(fd, size)
    os.pwrite(fd, b"x" * 100, 0)
    if not keep_open:
        os.close(fd)
    return fd


def open_file(name):
    os.close(os.open(SHM + name, os.O_RDWR))


def call_me(comm):
    LIBC.prctl(PR_SET_NAME, comm.encode(), 0, 0, 0)


def child(work):
    """Runs work in a child, which then waits to be killed, or ends with what it returns; its pid."""
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            code = work()
            if code is None:
                linger()
        finally:
            os._exit(code if isinstance(code, int) else 70)
    return pid


def linger():
    while True:
        time.sleep(60)


def kill(pid):
    """SIGKILL to a child of ours, and its end awaited."""
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def finish(work):
    """Runs work in a child to its end in order."""
    pid = child(lambda: work() and 0 or 0)
    os.waitpid(pid, 0)


class Ready:
    """A pipe on which a child says that it has come so far."""

    def __init__(self):
        self.r, self.w = os.pipe()

    def say(self, what=b"."):
        os.write(self.w, what + b"\n")

    def wait(self):
        text = b""
        while not text.endswith(b"\n"):
            got = os.read(self.r, 64)
            if not got:
                raise RuntimeError("a child ended early")
            text += got
        return text.strip().decode()


def die():
    """Ends this stage as a crash does."""
    os.kill(os.getpid(), signal.SIGKILL)


class Stage:
    """One side of a situation: who plays it reports objects, and lives on, ends or is killed, as the situation says."""

    def __init__(self, situation, side, uid, out):
        self.situation, self.side, self.uid, self.out = situation, side, uid, out

    def keeps(self, *things):
        """What the stage holds for as long as it lives."""
        self.kept = things

    def tell(self, **what):
        os.write(self.out, (json.dumps({"situation": self.situation, "side": self.side, **what}) + "\n").encode())

    def segment(self, shmid, **more):
        self.tell(id=f"sysv:{shmid}", **more)

    def name(self, name, **more):
        self.tell(id=f"posix:/{name}", **more)


def play(situation, side, uid, work):
    """Plays one side in a session of its own whose parent is gone, and waits until all was told."""
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(r)
        os.setsid()
        if os.fork() == 0:
            code = 70
            try:
                os.setgroups([])
                os.setgid(uid)
                os.setuid(uid)
                stage = Stage(situation, side, uid, w)
                work(stage)
                os.close(w)
                linger()
            except BaseException as error:  # told, so that the test fails with it
                os.write(w, (json.dumps({"situation": situation, "side": side, "error": repr(error)}) + "\n").encode())
            finally:
                os._exit(code)
        os._exit(0)
    os.close(w)
    os.waitpid(pid, 0)
    return r


def read_all(fd, until):
    """What a stage says until it closes its pipe, or nothing comes any more."""
    text = b""
    while time.monotonic() < until:
        ready, _, _ = select.select([fd], [], [], 0.4)
        reap()
        if not ready:
            if text:
                break
            continue
        got = os.read(fd, 65536)
        if not got:
            break
        text += got
    reap()
    return [json.loads(line) for line in text.decode().splitlines()]


def reap():
    """Ends the zombies among those that came to us when their parents were gone."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def descendants():
    """Pids of all processes that came from this one, also those whose parents are gone (it is their subreaper)."""
    found, todo = [], [os.getpid()]
    while todo:
        pid = todo.pop()
        try:
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/children") as file:
                    children = [int(word) for word in file.read().split()]
                    found += children
                    todo += children
        except OSError:
            pass
    return found
