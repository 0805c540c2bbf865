# A tmpfs of his own whose directories grow as fast as they are read, wide and deep.
import os, subprocess, time
subprocess.check_call(["mount", "-t", "tmpfs", "-o", "size=64m,nr_inodes=0", "tmpfs", "/dev/shm"])
for n in range(20000): open("/dev/shm/w%d" % n, "w").close()
os.chdir("/dev/shm")
for n in range(1500): os.mkdir("d"); os.chdir("d")
print("up", os.getpid(), flush=True)
until, n = time.time() + 20, 0
while time.time() < until:
    for _ in range(100): open("/dev/shm/g%d" % n, "w").close(); n += 1
    time.sleep(0.01)
time.sleep(300)
