#!/usr/bin/python3
# Plays pairs of a leak and an object that somebody wants, which look the same in a snapshot. One JSON line for each object, then `{"played": n}`;
# lives until its standard input ends, and takes everything with it. Words: names of situations; none: all.
import os
import signal
import socket
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from stage import *

SITUATIONS = []


def situation(work):
    SITUATIONS.append(work)
    return work


def worker_of_a_supervisor(stage, make, how):
    """A supervisor whose worker makes the object and is gone; `how` it ended: killed, or in order."""
    ready = Ready()

    def work():
        ready.say(str(make()).encode())
        return None if how == "killed" else 0

    pid = child(work)
    made = ready.wait()
    if how == "killed":
        kill(pid)
    else:
        os.waitpid(pid, 0)
    return made


# System V: nattch 0, creator and last user gone, on both sides.


@situation
def supervisor_keeps_the_id(stage):
    shmid = worker_of_a_supervisor(stage, lambda: used(shmget(IPC_PRIVATE)), "killed")
    stage.segment(shmid, witnessed="abandoned" if stage.side == "leak" else None)
    if stage.side == "leak":
        die()


@situation
def worker_left_it_in_order(stage):
    shmid = worker_of_a_supervisor(stage, lambda: used(shmget(IPC_PRIVATE, mode=0o666)), "ended")
    stage.segment(shmid, witnessed="orphaned")
    if stage.side == "leak":
        die()


@situation
def start_script_and_daemon(stage):
    """Made by a start script; a daemon attaches now and then, the last user was a short status command."""
    key = 0x53540000 + stage.uid
    daemon_ready = Ready()
    finish(lambda: shmget(key))

    def daemon():
        used(shmget(key))
        daemon_ready.say()

    pid = child(daemon)
    daemon_ready.wait()
    finish(lambda: used(shmget(key)))
    shmid = shmget(key)
    if stage.side == "leak":
        kill(pid)
    stage.segment(shmid, witnessed="orphaned")
    if stage.side == "leak":
        die()


@situation
def successive_workers_by_key(stage):
    """PHP's sysvshm: each request's process finds the segment by its key and ends."""
    key = 0x50480000 + stage.uid
    for _ in range(3):
        finish(lambda: used(shmget(key, mode=0o666)))
    stage.segment(shmget(key, mode=0o666), witnessed="orphaned")
    if stage.side == "leak":
        die()
    while True:
        finish(lambda: used(shmget(key, mode=0o666)))
        time.sleep(0.2)


@situation
def counter_of_a_nightly_job(stage):
    """Wanted: keyed, mode 600, no process of its user until the next night. The leak has no key and a killed maker."""
    if stage.side == "wanted":
        finish(lambda: used(shmget(0x43520000 + stage.uid)))
        stage.segment(shmget(0x43520000 + stage.uid))
        os._exit(0)
    stage.segment(used(shmget(IPC_PRIVATE)), witnessed="abandoned")
    die()


@situation
def steps_of_a_batch_job(stage):
    """The first step leaves a segment for the next; the shell of the job waits between them."""
    key = 0x4A420000 + stage.uid
    finish(lambda: used(shmget(key)))
    shmid = shmget(key)
    stage.segment(shmid, witnessed="orphaned")
    if stage.side == "leak":
        die()


@situation
def id_in_a_file(stage):
    """Wanted: left in order, its id written down. Leak: the maker was killed before."""
    shmid = used(shmget(IPC_PRIVATE))
    if stage.side == "leak":
        stage.segment(shmid, witnessed="abandoned")
        die()
    finish(lambda: used(shmid))
    stage.segment(shmid)
    os._exit(0)


@situation
def forked_before_it_was_made_known(stage):
    """The maker is killed; its child knows the id and has not attached yet."""
    ready = Ready()

    def maker():
        shmid = used(shmget(IPC_PRIVATE))
        if stage.side == "wanted":
            child(lambda: None)
        ready.say(str(shmid).encode())

    pid = child(maker)
    shmid = ready.wait()
    kill(pid)
    stage.segment(shmid, witnessed="abandoned")
    die()


@situation
def semaphores_with_a_living_script(stage):
    """IPC::Shareable: nattch is 0 while the script uses it."""
    shmid = used(shmget(0x4D200000 + stage.uid, mode=0o666))
    stage.segment(shmid, witnessed="abandoned")
    if stage.side == "leak":
        die()


@situation
def other_users_may_come(stage):
    """Mode 666: a process of another user attached once, and lives on the wanted side."""
    shmid = worker_of_a_supervisor(stage, lambda: used(shmget(IPC_PRIVATE, mode=0o666)), "killed")
    stage.segment(shmid, witnessed="abandoned")
    if stage.side == "leak":
        die()


# Names.


@situation
def unknown_name_of_a_crash(stage):
    """The leak: killed. Wanted: left in order for a reader that is still to come."""
    name = f"feed_cache-{stage.side}"
    make_file(name)
    if stage.side == "leak":
        stage.name(name, witnessed="abandoned")
        die()
    stage.name(name)
    os._exit(0)


@situation
def name_of_a_killed_worker(stage):
    name = f"pool-{stage.side}-segment"
    worker_of_a_supervisor(stage, lambda: make_file(name), "killed")
    stage.name(name, witnessed="abandoned")
    if stage.side == "leak":
        die()


@situation
def pid_in_an_unknown_name(stage):
    name = f"render-{os.getpid()}-frames-{stage.side}"
    make_file(name)
    stage.name(name, witnessed="abandoned")
    if stage.side == "leak":
        die()


@situation
def python_beside_python(stage):
    """psm_: killed with its tracker, while other Pythons live. Wanted: closed by its maker, who lives."""
    name = "psm_%08x" % (0xA0000000 + stage.uid)
    make_file(name)
    stage.name(name, witnessed="abandoned")
    if stage.side == "leak":
        die()


@situation
def semaphore_of_nobody(stage):
    """Named semaphores are never mapped under their names; wanted: the daemon lives and opens it now and then."""
    name = f"sem.gate-{stage.side}"
    make_file(name, 32)
    stage.name(name, witnessed="abandoned")
    if stage.side == "leak":
        die()


@situation
def name_in_a_command_line(stage):
    """A maker is killed; on the wanted side a waiting process has the name in its arguments."""
    name = f"handoff_{stage.side}"

    def maker():
        make_file(name)
        if stage.side == "wanted":
            subprocess.Popen(["sh", "-c", "read x", f"/{name}"], stdin=subprocess.PIPE, start_new_session=True)
        ready.say()

    ready = Ready()
    pid = child(maker)
    ready.wait()
    time.sleep(0.05)
    stage.name(name, witnessed="abandoned" if stage.side == "leak" else None)
    if stage.side == "leak":
        kill(pid)
        die()


@situation
def name_in_an_environment(stage):
    name = f"envhand_{stage.side}"
    make_file(name)
    if stage.side == "wanted":
        subprocess.Popen(["sh", "-c", "read x"], stdin=subprocess.PIPE, env={"SHM_NAME": f"/{name}", "PATH": os.environ["PATH"]}, start_new_session=True)
        time.sleep(0.05)
    stage.name(name, witnessed="abandoned" if stage.side == "leak" else None)
    if stage.side == "leak":
        die()


@situation
def descriptor_in_flight(stage):
    """Wanted: nobody has it open but a socket's queue."""
    name = f"inflight-{stage.side}"
    fd = make_file(name, keep_open=True)
    if stage.side == "leak":
        stage.name(name, witnessed="abandoned")
        die()
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    socket.send_fds(one, [b"x"], [fd])
    os.close(fd)
    stage.keeps(one, other)
    stage.name(name)


@situation
def older_generation(stage):
    """A service killed at its first start, started again: the first file is a leak beside the living second."""
    name = f"gen-{stage.side}.{1 if stage.side == 'leak' else 2}"
    make_file(name)
    stage.name(name, witnessed="abandoned")
    if stage.side == "leak":
        die()


@situation
def user_of_a_known_name(stage):
    """The maker is killed; another process, no relative, has used it and lives."""
    name = f"market-{stage.side}"
    ready = Ready()
    reader = Ready()

    def maker():
        make_file(name)
        ready.say()

    pid = child(maker)
    ready.wait()

    def user():
        if os.fork() == 0:
            os.setsid()
            open_file(name)
            reader.say()
            linger()
        return 0

    user_pid = child(user)
    os.waitpid(user_pid, 0)
    reader.wait()
    kill(pid)
    stage.name(name, witnessed="abandoned")
    if stage.side == "leak":
        for process in os.listdir("/proc"):
            if process.isdigit() and int(process) != os.getpid():
                try:
                    if os.stat(f"/proc/{process}").st_uid == stage.uid:
                        os.kill(int(process), signal.SIGKILL)
                except OSError:
                    pass
    die()


@situation
def stress_ng_leftover(stage):
    name = f"stress-ng-{os.getpid()}-16c-63586a24"
    make_file(name)
    stage.name(name, alone="abandoned", witnessed="abandoned")
    if stage.side == "leak":
        call_me("gone")
        die()
    call_me("stress-ng-shm")


@situation
def gstreamer_beside_another(stage):
    """shmpipe carries the pid of its only maker: another living GStreamer is no reason to keep the dead one's."""
    call_me("gst-launch-1.0")
    name = "shmpipe.%5d.%5d" % (os.getpid(), 0)
    make_file(name)
    stage.name(name, alone="abandoned", witnessed="abandoned")
    if stage.side == "leak":
        die()


@situation
def socket_file(stage):
    """A datagram or stream socket in /dev/shm whose server lives, or was killed."""
    name = f"sock-{stage.side}"
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(SHM + name)
    server.listen(1)
    stage.keeps(server)
    stage.name(name, alone="abandoned")
    if stage.side == "leak":
        die()


@situation
def directory_of_leftovers(stage):
    """A folder whose content was left; on the wanted side one file in it is held."""
    folder = f"aeron-{stage.side}"
    os.mkdir(SHM + folder, 0o700)
    fd = make_file(f"{folder}/torch_{os.getpid()}_77_0", keep_open=stage.side == "wanted")
    stage.name(folder)
    stage.name(f"{folder}/torch_{os.getpid()}_77_0", witnessed="abandoned")
    if stage.side == "leak":
        die()


@situation
def somebody_stands_in_the_folder(stage):
    folder = f"work-{stage.side}"
    os.mkdir(SHM + folder, 0o700)
    if stage.side == "wanted":
        os.chdir(SHM + folder)
    stage.name(folder)
    if stage.side == "leak":
        die()


@situation
def kept_on_purpose(stage):
    """JACK's registry and LTTng's wait pages stay by design; a file of the same shape by a killed program does not."""
    name = "lttng-ust-wait-9" if stage.side == "wanted" else "lttng-like-wait-9"
    make_file(name, 4096)
    stage.name(name, witnessed="abandoned" if stage.side == "leak" else None)
    die()


@situation
def database_in_memory(stage):
    """SQLite's wal is data after a crash too."""
    name = "orders.db-wal" if stage.side == "wanted" else "orders.scratch"
    make_file(name)
    stage.name(name, witnessed="abandoned" if stage.side == "leak" else None)
    die()


@situation
def renamed_into_place(stage):
    """Written under a temporary name and renamed, as careful programs do."""
    name = f"index-{stage.side}"
    make_file(f"{name}.tmp")
    os.rename(SHM + f"{name}.tmp", SHM + name)
    stage.name(name, witnessed="abandoned")
    if stage.side == "leak":
        die()


@situation
def parent_waits_for_a_restart(stage):
    """A supervisor written in shell restarts its worker; between two of them nobody holds the name."""
    name = f"loop-{stage.side}"
    if stage.side == "leak":
        make_file(name)
        stage.name(name, witnessed="abandoned")
        die()
    shell = f"while true; do python3 -c 'open(\"/dev/shm/{name}\", \"a\").write(\"x\"); import os; os.kill(os.getpid(), 9)'; sleep 0.5; done"
    subprocess.Popen(["sh", "-c", shell], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not os.path.exists(SHM + name):
        time.sleep(0.02)
    stage.name(name)


@situation
def array_of_jobs(stage):
    """Tasks of an array share one keyed segment; the array's master lives, or was killed with them."""
    key = 0x41520000 + stage.uid
    ready = Ready()

    def task():
        used(shmget(key, mode=0o660))
        ready.say()

    pids = [child(task) for _ in range(3)]
    for _ in pids:
        ready.wait()
    for pid in pids:
        kill(pid)
    stage.segment(shmget(key, mode=0o660), witnessed="abandoned")
    if stage.side == "leak":
        die()


def main(words):
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    os.umask(0o077)
    played = 0
    for number, work in enumerate(SITUATIONS):
        if words and work.__name__ not in words:
            continue
        for side in ("leak", "wanted"):
            pipe = play(work.__name__, side, 30000 + 2 * number + (side == "wanted"), work)
            for line in read_all(pipe, time.monotonic() + 15):
                print(json.dumps(line), flush=True)
            os.close(pipe)
        played += 1
    print(json.dumps({"played": played}), flush=True)
    sys.stdin.read()
    for _ in range(5):
        left = descendants()
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        reap()
        time.sleep(0.02)


main(sys.argv[1:])
