// libc through koffi: the table of prototypes, loaded once, on first use; everything else in native/ stands on it.
import { type Koffi, loadKoffi } from './koffi.ts';
import { allocateMemory, type NativeMemory } from './memory.ts';

type Call = (...args: (number | bigint | string | Uint8Array | null)[]) => number;

/** System call numbers for functions that an old libc lacks (asm/unistd.h). */
const SYSCALLS: Record<string, Record<string, number>> = {
  x64: {
    getdents64: 217,
    memfd_create: 319,
    statx: 332,
    pidfd_open: 434,
    openat2: 437,
    renameat2: 316,
    futex: 202,
    gettid: 186,
    perf_event_open: 298,
    kcmp: 312,
    fsopen: 430,
    fsconfig: 431,
    fsmount: 432,
    statmount: 457,
    listmount: 458,
    name_to_handle_at: 303,
    open_by_handle_at: 304,
    ioprio_set: 251,
    unshare: 272,
    msgget: 68,
    msgsnd: 69,
    msgrcv: 70,
    msgctl: 71,
    mq_open: 240,
    mq_unlink: 241,
    mq_timedsend: 242,
    mq_timedreceive: 243,
    tgkill: 234,
    signalfd4: 289,
    rt_sigprocmask: 14,
    pidfd_send_signal: 424,
    vmsplice: 278,
    setpgid: 109,
    mknodat: 259,
    connect: 42,
    accept4: 288,
    listen: 50,
    getsockname: 51,
    getpeername: 52,
    wait4: 61,
    mount: 165,
  },
  arm64: {
    getdents64: 61,
    memfd_create: 279,
    statx: 291,
    pidfd_open: 434,
    openat2: 437,
    renameat2: 276,
    futex: 98,
    gettid: 178,
    perf_event_open: 241,
    kcmp: 272,
    fsopen: 430,
    fsconfig: 431,
    fsmount: 432,
    statmount: 457,
    listmount: 458,
    name_to_handle_at: 264,
    open_by_handle_at: 265,
    ioprio_set: 30,
    unshare: 97,
    msgget: 186,
    msgsnd: 189,
    msgrcv: 188,
    msgctl: 187,
    mq_open: 180,
    mq_unlink: 181,
    mq_timedsend: 182,
    mq_timedreceive: 183,
    tgkill: 131,
    signalfd4: 74,
    rt_sigprocmask: 135,
    pidfd_send_signal: 424,
    vmsplice: 75,
    setpgid: 154,
    mknodat: 33,
    connect: 203,
    accept4: 242,
    listen: 201,
    getsockname: 204,
    getpeername: 205,
    wait4: 260,
    mount: 40,
  },
};

/** What each function takes and returns, in koffi's words. Addresses are `uintptr_t`: plain numbers are the fastest. */
const PROTOTYPES = {
  open: 'int open(uintptr_t path, int flags, int mode)',
  openat: 'int openat(int dirfd, uintptr_t path, int flags, int mode)',
  close: 'int close(int fd)',
  read: 'long read(int fd, uintptr_t buf, size_t count)',
  write: 'long write(int fd, uintptr_t buf, size_t count)',
  pread: 'long pread(int fd, uintptr_t buf, size_t count, int64_t offset)',
  lseek: 'int64_t lseek(int fd, int64_t offset, int whence)',
  readlinkat: 'long readlinkat(int dirfd, uintptr_t path, uintptr_t buf, size_t size)',
  unlinkat: 'int unlinkat(int dirfd, uintptr_t path, int flags)',
  mkdirat: 'int mkdirat(int dirfd, uintptr_t path, uint mode)',
  flock: 'int flock(int fd, int operation)',
  fchmod: 'int fchmod(int fd, uint mode)',
  fchown: 'int fchown(int fd, uint uid, uint gid)',
  ftruncate: 'int ftruncate(int fd, int64_t length)',
  fstatfs: 'int fstatfs(int fd, uintptr_t buf)',
  fcntl: 'int fcntl(int fd, int cmd, long arg)',
  ioctl: 'int ioctl(int fd, ulong request, uintptr_t arg)',
  shmget: 'int shmget(int key, size_t size, int flags)',
  shmat: 'intptr_t shmat(int shmid, uintptr_t addr, int flags)',
  shmdt: 'int shmdt(uintptr_t addr)',
  shmctl: 'int shmctl(int shmid, int cmd, uintptr_t buf)',
  mmap: 'intptr_t mmap(uintptr_t addr, size_t length, int prot, int flags, int fd, int64_t offset)',
  munmap: 'int munmap(uintptr_t addr, size_t length)',
  madvise: 'int madvise(uintptr_t addr, size_t length, int advice)',
  shm_open: 'int shm_open(uintptr_t name, int flags, uint mode)',
  shm_unlink: 'int shm_unlink(uintptr_t name)',
  setns: 'int setns(int fd, int nstype)',
  geteuid: 'uint geteuid()',
  getpgid: 'int getpgid(int pid)',
  clock_gettime: 'int clock_gettime(int clock, uintptr_t time)',
  getpagesize: 'int getpagesize()',
  syscall: 'long syscall(long number, long a, long b, long c, long d, long e)',
  fallocate: 'int fallocate(int fd, int mode, int64_t offset, int64_t length)',
  eventfd: 'int eventfd(uint initial, int flags)',
  poll: 'int poll(uintptr_t fds, ulong count, int timeout)',
  execve: 'int execve(uintptr_t path, uintptr_t argv, uintptr_t envp)',
  _exit: 'void _exit(int status)',
  clone: 'int clone(uintptr_t fn, uintptr_t stack, int flags, uintptr_t arg)',
  dlsym: 'uintptr_t dlsym(uintptr_t handle, uintptr_t name)',
  fdopen: 'uintptr_t fdopen(int fd, uintptr_t mode)',
  setvbuf: 'int setvbuf(uintptr_t stream, uintptr_t buf, int mode, size_t size)',
  pipe2: 'int pipe2(uintptr_t fds, int flags)',
  socketpair: 'int socketpair(int domain, int type, int protocol, uintptr_t fds)',
  nanosleep: 'int nanosleep(uintptr_t request, uintptr_t remaining)',
  prctl: 'int prctl(int option, ulong a, ulong b, ulong c, ulong d)',
  sched_getaffinity: 'int sched_getaffinity(int pid, size_t size, uintptr_t mask)',
  sched_setaffinity: 'int sched_setaffinity(int pid, size_t size, uintptr_t mask)',
  sem_init: 'int sem_init(uintptr_t sem, int shared, uint value)',
  sem_post: 'int sem_post(uintptr_t sem)',
  sem_trywait: 'int sem_trywait(uintptr_t sem)',
  sem_timedwait: 'int sem_timedwait(uintptr_t sem, uintptr_t deadline)',
  semget: 'int semget(int key, int count, int flags)',
  semctl: 'int semctl(int semid, int index, int cmd, uintptr_t arg)',
  semtimedop: 'int semtimedop(int semid, uintptr_t ops, size_t count, uintptr_t timeout)',
  fanotify_init: 'int fanotify_init(uint flags, uint event_f_flags)',
  fanotify_mark: 'int fanotify_mark(int fd, uint flags, uint64_t mask, int dirfd, uintptr_t path)',
  inotify_init1: 'int inotify_init1(int flags)',
  inotify_add_watch: 'int inotify_add_watch(int fd, uintptr_t path, uint32_t mask)',
  socket: 'int socket(int domain, int type, int protocol)',
  bind: 'int bind(int fd, uintptr_t address, uint length)',
  connect: 'int connect(int fd, uintptr_t address, uint length)',
  send: 'long send(int fd, uintptr_t buf, size_t count, int flags)',
  recv: 'long recv(int fd, uintptr_t buf, size_t count, int flags)',
  setsockopt: 'int setsockopt(int fd, int level, int option, uintptr_t value, uint length)',
} as const;

/** The raw functions, the thread's errno, and scratch memory shared by calls that need a path or a record. */
export interface Libc {
  readonly koffi: Koffi;
  readonly raw: Readonly<Record<keyof typeof PROTOTYPES, Call>>;
  /** System call numbers of this architecture by name. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Result of the call just made: itself if it succeeded, else `-errno`. */
  readonly result: (value: number) => number;
  readonly allocate: (size: number) => NativeMemory;
  /** The address of a NUL-terminated path in scratch memory, valid until the next call. Raw bytes, one char each. */
  readonly path: (raw: string) => number;
}

/** Why native calls are not available, in words for `doctor`. */
export interface NativeUnavailable {
  readonly reason: string;
}

let loaded: Libc | NativeUnavailable | undefined;

/** Loads koffi and binds libc (about 3 ms, once per thread). Never throws: the reason is a value. */
export function loadLibc(): Libc | NativeUnavailable {
  loaded ??= bind();
  return loaded;
}

/** True when `loadLibc` gave functions and not a reason. */
export function isLibc(value: Libc | NativeUnavailable): value is Libc {
  return 'raw' in value;
}

function bind(): Libc | NativeUnavailable {
  if (process.env.SHMTOP_NATIVE === 'off') return { reason: 'switched off by SHMTOP_NATIVE=off' };
  const numbers = SYSCALLS[process.arch];
  if (!numbers) return { reason: `no system call table for ${process.arch}` };
  try {
    return bindWith(loadKoffi(), numbers);
  } catch (cause) {
    // koffi throws when its optional platform package was not installed, or a symbol is missing.
    return { reason: cause instanceof Error ? cause.message.split('\n')[0] : String(cause) };
  }
}

/** Above PATH_MAX (4096). */
const PATH_BYTES = 8192;

function bindWith(koffi: Koffi, numbers: Record<string, number>): Libc {
  const library = koffi.load(null);
  const raw = Object.fromEntries(
    Object.entries(PROTOTYPES).map(([name, prototype]) => [name, library.func(prototype)]),
  ) as unknown as Libc['raw'];
  const allocate = (size: number) => allocateMemory(koffi, size);
  const scratch = allocate(PATH_BYTES + 8);
  const scratchText = Buffer.from(scratch.bytes.buffer);
  return {
    koffi,
    raw,
    numbers,
    allocate,
    result: (value) => (value === -1 ? -koffi.errno() : value),
    path: (raw) => {
      // A longer path stays without its end: the kernel refuses what exceeds PATH_MAX with ENAMETOOLONG all the same.
      const length = scratchText.write(raw, 0, PATH_BYTES, 'latin1');
      scratch.bytes[length] = 0;
      return scratch.address;
    },
  };
}
