# Calls itself shmtop in every way that is open to an ordinary user, and opens a file: impostor.py FILE
import ctypes, os, sys, time

libc = ctypes.CDLL(None)
libc.prctl(15, b"shmtop", 0, 0, 0)  # PR_SET_NAME
uid = os.getuid()
start = open("/proc/self/stat").read().rsplit(")", 1)[1].split()[19]
namespace = os.readlink("/proc/self/ns/pid")[5:-1]
for folder in ("/run/shmtop", f"/run/user/{uid}/shmtop", "/tmp/shmtop", "/dev/shm/shmtop"):
    try:
        os.makedirs(folder, exist_ok=True)
        with open(f"{folder}/{os.getpid()}", "w") as entry:
            entry.write(f"{start} {namespace}\n")
    except OSError:
        pass
fd = os.open(sys.argv[1], os.O_RDONLY)
time.sleep(0.3)
os.close(fd)
print(os.getpid(), flush=True)
time.sleep(0.5)
