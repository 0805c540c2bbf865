"""Makes pairs of a leak and a wanted object in a lab, says them as one line of JSON, and lives on until its input ends.

Each scene is one kind of failure: what is wanted has a living process that will come back, or a job that comes again.
"""
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys

USER = int(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
libc.shmdt.argtypes = [ctypes.c_void_p]
IPC_CREAT, PRIVATE = 0o1000, 0
SIZE = 4096 - 171
told, children = [], []


def tell(scene, is_, **what):
    told.append({'scene': scene, 'is': is_, **what})


def segment(key=PRIVATE, mode=0o600):
    shmid = libc.shmget(key, SIZE, IPC_CREAT | mode)
    at = libc.shmat(shmid, None, 0)
    libc.shmdt(at)
    return shmid


def become(uid):
    if uid is not None and os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)


def run(make, uid=None, end='exit'):
    """Runs make() in a child that ends in order or is killed; its answer."""
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        become(uid)
        os.write(w, json.dumps(make()).encode())
        if end == 'kill':
            os.kill(os.getpid(), signal.SIGKILL)
        os._exit(0)
    os.close(w)
    with os.fdopen(r, 'rb') as answers:
        text = answers.read()
    os.waitpid(pid, 0)
    return json.loads(text)


def stay(make, uid=None, name='stayer'):
    """The same in a child that lives on."""
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        become(uid)
        libc.prctl(15, name.encode(), 0, 0, 0)
        os.write(w, json.dumps(make()).encode())
        os.close(w)
        while True:
            signal.pause()
    os.close(w)
    with os.fdopen(r, 'rb') as answers:
        text = answers.readline()
    children.append(pid)
    return pid, json.loads(text) if text else None


def program(*words, env=None):
    child = subprocess.Popen(words, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    children.append(child.pid)
    return child.pid


def name(path, mode=0o600):
    fd = os.open('/dev/shm/' + path, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)
    os.write(fd, b'x' * SIZE)
    os.close(fd)
    return path


# (a) a supervisor lives; its worker made the segment and was killed, or left it in order. It has the id.
for end in ('kill', 'exit'):
    def supervised():
        return run(segment, end=end)
    tell(f'supervisor, worker {end}', 'wanted', shmid=stay(supervised)[1])
    tell(f'supervisor, worker {end}', 'leak', shmid=run(supervised, end='kill'))

# The same with the worker of another user, whose own processes are all gone: private reach is no proof.
tell('supervisor of another user', 'wanted', shmid=stay(lambda: run(segment, end='kill', uid=0), uid=0)[1])
tell('supervisor of another user', 'leak', shmid=run(segment, uid=USER, end='kill'))

# (b) a start script made it; a daemon attaches now and then; the last to attach was a short status command.
def started():
    shmid = segment(0x5ab0da01)
    return shmid
script = run(started)
run(lambda: segment(0x5ab0da01))
stay(lambda: None, name='daemon')
tell('start script and daemon', 'wanted', shmid=script)
tell('start script and daemon', 'leak', shmid=run(lambda: segment(0x5ab0da02), end='kill'))

# (c) successive short-lived workers with a keyed segment: a counter of a site, a batch step, a nightly job.
for scene, key, uid in (('successive workers', 0x5ab0c001, 0), ('cron user', 0x5ab0c011, USER), ('job array', 0x5ab0c021, USER)):
    for _ in range(3):
        shmid = run(lambda: segment(key), uid=uid)
    tell(scene, 'wanted', shmid=shmid)
    tell(scene, 'leak', shmid=run(lambda: segment(key + 1), uid=uid, end='kill'))

# A nightly job of a user keeps the id of its private segment in a file; nobody of that user runs now.
def kept():
    shmid = segment(PRIVATE, 0o600)
    with open('/dev/shm/job-state', 'w') as state:
        state.write(str(shmid))
    return shmid
tell('id in a file', 'wanted', shmid=run(kept, uid=USER))
tell('id in a file', 'leak', shmid=run(lambda: segment(PRIVATE, 0o600), uid=USER, end='kill'))

# An X client: the server keeps the id of what its client made, mode 777.
tell('X client', 'wanted', shmid=stay(lambda: run(lambda: segment(PRIVATE, 0o777)), name='Xvfb')[1])
tell('X client', 'leak', shmid=run(lambda: segment(PRIVATE, 0o777), end='kill'))

# A pool: its master lives and hands names of unknown software to workers that come and go.
stay(lambda: run(lambda: name('pool-cache')), name='master')
tell('pool of unknown software', 'wanted', name='pool-cache')
tell('pool of unknown software', 'leak', name=run(lambda: name('spool-cache'), end='kill'))

# A daemon that has the name on its command line, or in its environment.
program('sh', '-c', 'sleep 1000; :', 'sh', '--shared=/daemon-state')
run(lambda: name('daemon-state'))
tell('daemon by its command line', 'wanted', name='daemon-state')
tell('daemon by its command line', 'leak', name=run(lambda: name('daemon-stale'), end='kill'))
program('sleep', '1000', env={'PATH': os.environ['PATH'], 'RING': '/dev/shm/ring-of-one'})
run(lambda: name('ring-of-one'))
tell('daemon by its environment', 'wanted', name='ring-of-one')
tell('daemon by its environment', 'leak', name=run(lambda: name('ring-of-none'), end='kill'))

# A pid in a name of unknown software.
alive = stay(lambda: name(f'render-{os.getpid()}-tile'))[1]
tell('pid in an unknown name', 'wanted', name=alive)
tell('pid in an unknown name', 'leak', name=run(lambda: name(f'render-{os.getpid()}-tile'), end='kill'))

# Several objects of one run, of which one is in use; and the only one of another run.
def several():
    names = [name(f'frames.{n}.ring') for n in (1, 2)]
    globals()['held'] = os.open('/dev/shm/' + names[0], os.O_RDWR)
    return names
_, (first, second) = stay(several)
tell('family', 'wanted', name=second)
tell('family', 'leak', name=run(lambda: name('tiles.7.ring'), end='kill'))

# A socket whose server lives, and one whose server was killed.
def listening(path, kind):
    def make():
        globals()['kept'] = server = socket.socket(socket.AF_UNIX, kind)
        server.bind('/dev/shm/' + path)
        if kind != socket.SOCK_DGRAM:
            server.listen()
        return path
    return make
for kind, text in ((socket.SOCK_STREAM, 'stream'), (socket.SOCK_DGRAM, 'datagram'), (socket.SOCK_SEQPACKET, 'packets')):
    stay(listening(f'{text}.live', kind))
    run(listening(f'{text}.dead', kind), end='kill')
    tell('socket', 'wanted', name=f'{text}.live')
    tell('socket', 'leak', name=f'{text}.dead', least='abandoned')

# Nobody of its owner runs; and a user who still has a process, older than what he keeps.
tell('user without a process', 'leak', name=run(lambda: name('user-gone'), uid=USER, end='kill'))
stay(lambda: run(lambda: name('user-here')), uid=USER - 1, name='userd')
tell('user without a process', 'wanted', name='user-here')

# A directory that is somebody's working directory, and one that was left with its content.
def scratch(path):
    def make():
        os.mkdir('/dev/shm/' + path, 0o755)
        name(path + '/part')
        os.chdir('/dev/shm/' + path)
        return path
    return make
stay(scratch('scratch-here'))
tell('directory', 'wanted', name='scratch-here')
# Of a directory the kernel tells by no lease who has it: one process that cannot be looked into leaves it unheld.
tell('directory', 'leak', name=run(scratch('scratch-left'), end='kill'), least='unheld')

# A container with a Python of its own is none that could reach the host's names; what its own left is its own to want.
ready_r, ready_w = os.pipe()
inner = 'mount -t tmpfs -o mode=1777 own /dev/shm; : > /dev/shm/psm_00c0ffee; echo >&%d; exec -a python3 sleep 1000' % ready_w
subprocess.Popen(['unshare', '--mount', 'bash', '-ec', inner], pass_fds=[ready_w], stdin=subprocess.DEVNULL)
os.read(ready_r, 1)
import _posixshmem  # as whoever makes such names has; before the child becomes a user who may not read it
stay(lambda: name('psm_0000beef'), uid=USER - 2, name='python3')
tell('container beside host', 'wanted', name='psm_0000beef')
tell('container beside host', 'leak', name=run(lambda: name('psm_0000dead'), uid=USER, end='kill'), least='abandoned')

print(json.dumps(told), flush=True)
sys.stdin.read()
for pid in children:
    os.kill(pid, signal.SIGKILL)
