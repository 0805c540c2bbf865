// Sizes, offsets and constants of the kernel structures that we read; x86_64 and arm64 agree on all of them.
// test/native/layout.test.ts asserts each one against what the C compiler of the machine prints.

/** `struct shmid_ds` (shmctl(2), <sys/shm.h>): byte offsets; `size` bytes in all. 64-bit words are two u32. */
export const SHMID_DS = {
  size: 112,
  key: 0,
  uid: 4,
  gid: 8,
  cuid: 12,
  cgid: 16,
  mode: 20,
  seq: 24,
  segsz: 48,
  atime: 56,
  dtime: 64,
  ctime: 72,
  cpid: 80,
  lpid: 84,
  nattch: 88,
} as const;

/** `struct shm_info` (SHM_INFO): used_ids is an int, the others are unsigned long, in pages. */
export const SHM_INFO_LAYOUT = { size: 48, usedIds: 0, total: 8, rss: 16, swap: 24 } as const;

/** `struct shminfo` (IPC_INFO): unsigned longs; shmall is in pages, shmmax in bytes. */
export const SHMINFO_LAYOUT = { size: 72, shmmax: 0, shmmin: 8, shmmni: 16, shmseg: 24, shmall: 32 } as const;

/** `struct procmap_query` (<linux/fs.h>, Linux 6.11+): all u64 but the two sizes and the device numbers (u32). */
export const PROCMAP_QUERY_LAYOUT = {
  size: 104,
  queryFlags: 8,
  queryAddr: 16,
  vmaStart: 24,
  vmaEnd: 32,
  vmaFlags: 40,
  vmaPageSize: 48,
  vmaOffset: 56,
  inode: 64,
  devMajor: 72,
  devMinor: 76,
  vmaNameSize: 80,
  buildIdSize: 84,
  vmaNameAddr: 88,
  buildIdAddr: 96,
} as const;

/** `struct statx` (statx(2)); the same on every architecture, unlike struct stat. */
export const STATX_LAYOUT = {
  size: 256,
  mask: 0,
  attributes: 8,
  nlink: 16,
  uid: 20,
  gid: 24,
  mode: 28,
  ino: 32,
  fileSize: 40,
  blocks: 48,
  atimeSec: 64,
  btimeSec: 80,
  btimeNsec: 88,
  ctimeSec: 96,
  mtimeSec: 112,
  devMajor: 136,
  devMinor: 140,
  mountId: 144,
} as const;

/** `struct statfs` (statfs(2)): unsigned longs. */
export const STATFS_LAYOUT = {
  size: 120,
  type: 0,
  blockSize: 8,
  blocks: 16,
  blocksFree: 24,
  files: 40,
  filesFree: 48,
  /** Two ints, not a long. */
  fsid: 56,
} as const;
export const TMPFS_MAGIC = 0x01021994;
export const HUGETLBFS_MAGIC = 0x958458f6;

/** `struct linux_dirent64` (getdents64(2)). */
export const DIRENT64 = { ino: 0, recordLength: 16, type: 18, name: 19 } as const;

export const IPC = {
  RMID: 0,
  SET: 1,
  STAT: 2,
  INFO: 3,
  SHM_LOCK: 11,
  SHM_UNLOCK: 12,
  SHM_STAT: 13,
  SHM_INFO: 14,
  SHM_STAT_ANY: 15,
  CREAT: 0o1000,
  EXCL: 0o2000,
  SHM_RDONLY: 0o10000,
  SHM_RND: 0o20000,
  SHM_REMAP: 0o40000,
  SHM_EXEC: 0o100000,
  SHM_HUGETLB: 0o4000,
  SHM_NORESERVE: 0o10000,
  /** Mode bits that SHM_STAT reports. */
  SHM_DEST: 0o1000,
  SHM_LOCKED: 0o2000,
} as const;

export const PROCMAP = {
  /** _IOWR('f', 17, struct procmap_query) */
  REQUEST: 0xc0686611,
  READABLE: 1,
  WRITABLE: 2,
  EXECUTABLE: 4,
  SHARED: 8,
  COVERING_OR_NEXT: 0x10,
  FILE_BACKED: 0x20,
} as const;

export const FCNTL = { SETSIG: 10, SETLEASE: 1024, GETLEASE: 1025, RDLCK: 0, WRLCK: 1, UNLCK: 2 } as const;
/** flock(2) */
export const FLOCK = { EXCLUSIVE: 2, NONBLOCK: 4, UNLOCK: 8 } as const;
/** lseek(2) on Linux. */
export const SEEK_DATA = 3;
export const SEEK_HOLE = 4;
export const O_PATH = 0o10000000;
export const O_CLOEXEC = 0o2000000;
export const O_NOATIME = 0o1000000;
export const CLONE_NEWIPC = 0x08000000;
export const AT_FDCWD = -100;
export const AT_SYMLINK_NOFOLLOW = 0x100;
export const AT_REMOVEDIR = 0x200;
export const AT_EMPTY_PATH = 0x1000;
/** Do not start an automount by looking (statx(2)). */
export const AT_NO_AUTOMOUNT = 0x800;
/** Answer from what the kernel has cached; never wait for a network file system (statx(2)). */
export const AT_STATX_DONT_SYNC = 0x4000;
export const STATX_BASIC_AND_BTIME = 0xfff;
/** The mount that a path ends on, by the number that mountinfo has for it too (Linux 5.8). */
export const STATX_MNT_ID = 0x1000;
/** Of `attributes`: the root directory of a mount (Linux 5.8). */
export const STATX_ATTR_MOUNT_ROOT = 0x2000;
/** openat2(2): how far a path may lead. CACHED never waits (Linux 5.12). */
export const RESOLVE = {
  NO_XDEV: 0x01,
  NO_MAGICLINKS: 0x02,
  NO_SYMLINKS: 0x04,
  BENEATH: 0x08,
  IN_ROOT: 0x10,
  CACHED: 0x20,
} as const;
export const RENAME_NOREPLACE = 1;
export const MFD_CLOEXEC = 1;
export const MFD_ALLOW_SEALING = 2;
export const MFD_HUGETLB = 4;
