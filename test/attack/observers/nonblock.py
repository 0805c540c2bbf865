# Opens and closes a file with O_NONBLOCK, over and over, as a program may: nonblock.py FILE SECONDS. Says how often it was refused.
import errno, json, os, sys, time

path, end = sys.argv[1], time.monotonic() + float(sys.argv[2])
opens = refused = 0
while time.monotonic() < end:
    for _ in range(200):
        try:
            os.close(os.open(path, os.O_RDWR | os.O_NONBLOCK))
            opens += 1
        except OSError as error:
            if error.errno != errno.EAGAIN:
                raise
            refused += 1
print(json.dumps({"opens": opens, "refused": refused}))
