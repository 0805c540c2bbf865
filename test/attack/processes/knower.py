# Processes that a search for a name meets. Arguments: how, and the name's random part in two halves, so that no command line has it.
# heap: keeps it. utf16: keeps it as Java does. data: filled with it. huge: a terabyte mapped, three pages touched, the last with it.
# none: has it only in a page that PROT_NONE hides and that was never written, and in a pipe.
import ctypes, mmap, os, sys, time
how, text = sys.argv[1], sys.argv[2] + sys.argv[3]
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
PRIVATE, NORESERVE = 0x22, 0x4022
kept = []
if how == "heap":
    kept.append(bytearray(text.encode()))
elif how == "utf16":
    kept.append(bytearray(text.encode("utf-16-le")))
    text = ""
elif how == "data":
    kept.append(bytearray(text.encode() * (200_000_000 // len(text))))
elif how == "huge":
    at = libc.mmap(None, 1 << 40, 3, NORESERVE, -1, 0)
    for offset in (0, 1 << 39, (1 << 40) - 4096):
        ctypes.memmove(at + offset, b"x" * 64, 64)
    ctypes.memmove(at + (1 << 40) - 4096, text.encode(), len(text))
    text = ""
elif how == "none":
    libc.mmap(None, 1 << 34, 0, NORESERVE, -1, 0)
    r, w = os.pipe()
    kept.append((r, w))
    text = ""
print("ready", os.getpid(), flush=True)
sys.stdin.read()
