// Prints what the C compiler of this machine makes of the structures and constants in src/native/layout.ts, as JSON.
#define _GNU_SOURCE
#include <linux/magic.h>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/file.h>
#include <sys/vfs.h>

#ifndef SHM_STAT_ANY
#define SHM_STAT_ANY 15
#endif
#ifndef SHM_DEST
#define SHM_DEST 01000
#define SHM_LOCKED 02000
#endif
#ifndef SYS_fsopen
#define SYS_fsopen 430
#define SYS_fsconfig 431
#define SYS_fsmount 432
#endif
#include <linux/openat2.h>
#ifndef STATX_MNT_ID
#define STATX_MNT_ID 0x1000U
#endif
#ifndef STATX_ATTR_MOUNT_ROOT
#define STATX_ATTR_MOUNT_ROOT 0x2000
#endif
#ifndef RESOLVE_CACHED
#define RESOLVE_CACHED 0x20
#endif
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

// include/uapi/linux/fs.h of Linux 6.11; the headers of this machine may be older than its kernel.
struct procmap_query_copy {
  uint64_t size, query_flags, query_addr, vma_start, vma_end, vma_flags, vma_page_size, vma_offset, inode;
  uint32_t dev_major, dev_minor, vma_name_size, build_id_size;
  uint64_t vma_name_addr, build_id_addr;
};

static const char *separator = "{";
static void print(const char *name, unsigned long long value) {
  printf("%s\n\"%s\": %lld", separator, name, (long long)value);
  separator = ",";
}
#define SIZE(group, type) print(group ".size", sizeof(type))
#define AT(group, name, type, field) print(group "." name, offsetof(type, field))

static void structures(void) {
  SIZE("SHMID_DS", struct shmid_ds);
  AT("SHMID_DS", "key", struct shmid_ds, shm_perm.__key);
  AT("SHMID_DS", "uid", struct shmid_ds, shm_perm.uid);
  AT("SHMID_DS", "gid", struct shmid_ds, shm_perm.gid);
  AT("SHMID_DS", "cuid", struct shmid_ds, shm_perm.cuid);
  AT("SHMID_DS", "cgid", struct shmid_ds, shm_perm.cgid);
  AT("SHMID_DS", "mode", struct shmid_ds, shm_perm.mode);
  AT("SHMID_DS", "seq", struct shmid_ds, shm_perm.__seq);
  AT("SHMID_DS", "segsz", struct shmid_ds, shm_segsz);
  AT("SHMID_DS", "atime", struct shmid_ds, shm_atime);
  AT("SHMID_DS", "dtime", struct shmid_ds, shm_dtime);
  AT("SHMID_DS", "ctime", struct shmid_ds, shm_ctime);
  AT("SHMID_DS", "cpid", struct shmid_ds, shm_cpid);
  AT("SHMID_DS", "lpid", struct shmid_ds, shm_lpid);
  AT("SHMID_DS", "nattch", struct shmid_ds, shm_nattch);
  SIZE("SHM_INFO_LAYOUT", struct shm_info);
  AT("SHM_INFO_LAYOUT", "usedIds", struct shm_info, used_ids);
  AT("SHM_INFO_LAYOUT", "total", struct shm_info, shm_tot);
  AT("SHM_INFO_LAYOUT", "rss", struct shm_info, shm_rss);
  AT("SHM_INFO_LAYOUT", "swap", struct shm_info, shm_swp);
  SIZE("SHMINFO_LAYOUT", struct shminfo);
  AT("SHMINFO_LAYOUT", "shmmax", struct shminfo, shmmax);
  AT("SHMINFO_LAYOUT", "shmmin", struct shminfo, shmmin);
  AT("SHMINFO_LAYOUT", "shmmni", struct shminfo, shmmni);
  AT("SHMINFO_LAYOUT", "shmseg", struct shminfo, shmseg);
  AT("SHMINFO_LAYOUT", "shmall", struct shminfo, shmall);
#define QUERY(name, field) AT("PROCMAP_QUERY_LAYOUT", name, struct procmap_query_copy, field)
  SIZE("PROCMAP_QUERY_LAYOUT", struct procmap_query_copy);
  QUERY("queryFlags", query_flags);
  QUERY("queryAddr", query_addr);
  QUERY("vmaStart", vma_start);
  QUERY("vmaEnd", vma_end);
  QUERY("vmaFlags", vma_flags);
  QUERY("vmaPageSize", vma_page_size);
  QUERY("vmaOffset", vma_offset);
  QUERY("inode", inode);
  QUERY("devMajor", dev_major);
  QUERY("devMinor", dev_minor);
  QUERY("vmaNameSize", vma_name_size);
  QUERY("buildIdSize", build_id_size);
  QUERY("vmaNameAddr", vma_name_addr);
  QUERY("buildIdAddr", build_id_addr);
#define STATX(name, field) AT("STATX_LAYOUT", name, struct statx, field)
  SIZE("STATX_LAYOUT", struct statx);
  STATX("mask", stx_mask);
  STATX("attributes", stx_attributes);
  STATX("nlink", stx_nlink);
  STATX("uid", stx_uid);
  STATX("gid", stx_gid);
  STATX("mode", stx_mode);
  STATX("ino", stx_ino);
  STATX("fileSize", stx_size);
  STATX("blocks", stx_blocks);
  STATX("atimeSec", stx_atime.tv_sec);
  STATX("btimeSec", stx_btime.tv_sec);
  STATX("btimeNsec", stx_btime.tv_nsec);
  STATX("ctimeSec", stx_ctime.tv_sec);
  STATX("mtimeSec", stx_mtime.tv_sec);
  STATX("devMajor", stx_dev_major);
  STATX("devMinor", stx_dev_minor);
  SIZE("STATFS_LAYOUT", struct statfs);
  AT("STATFS_LAYOUT", "type", struct statfs, f_type);
  AT("STATFS_LAYOUT", "blockSize", struct statfs, f_bsize);
  AT("STATFS_LAYOUT", "blocks", struct statfs, f_blocks);
  AT("STATFS_LAYOUT", "blocksFree", struct statfs, f_bfree);
  AT("STATFS_LAYOUT", "files", struct statfs, f_files);
  AT("STATFS_LAYOUT", "filesFree", struct statfs, f_ffree);
  AT("STATFS_LAYOUT", "fsid", struct statfs, f_fsid);
  // stx_mnt_id, which older headers do not name: it follows stx_dev_minor (include/uapi/linux/stat.h of Linux 5.8).
  print("STATX_LAYOUT.mountId", offsetof(struct statx, stx_dev_minor) + 4);
  AT("DIRENT64", "ino", struct dirent64, d_ino);
  AT("DIRENT64", "recordLength", struct dirent64, d_reclen);
  AT("DIRENT64", "type", struct dirent64, d_type);
  AT("DIRENT64", "name", struct dirent64, d_name);
}

static void constants(void) {
  print("IPC.RMID", IPC_RMID);
  print("IPC.SET", IPC_SET);
  print("IPC.STAT", IPC_STAT);
  print("IPC.INFO", IPC_INFO);
  print("IPC.SHM_LOCK", SHM_LOCK);
  print("IPC.SHM_UNLOCK", SHM_UNLOCK);
  print("IPC.SHM_STAT", SHM_STAT);
  print("IPC.SHM_INFO", SHM_INFO);
  print("IPC.SHM_STAT_ANY", SHM_STAT_ANY);
  print("IPC.CREAT", IPC_CREAT);
  print("IPC.EXCL", IPC_EXCL);
  print("IPC.SHM_RDONLY", SHM_RDONLY);
  print("IPC.SHM_RND", SHM_RND);
  print("IPC.SHM_REMAP", SHM_REMAP);
  print("IPC.SHM_EXEC", SHM_EXEC);
  print("IPC.SHM_HUGETLB", SHM_HUGETLB);
  print("IPC.SHM_NORESERVE", SHM_NORESERVE);
  print("IPC.SHM_DEST", SHM_DEST);
  print("IPC.SHM_LOCKED", SHM_LOCKED);
  print("PROCMAP.REQUEST", _IOWR('f', 17, struct procmap_query_copy));
  print("PROCMAP.READABLE", 1);
  print("PROCMAP.WRITABLE", 2);
  print("PROCMAP.EXECUTABLE", 4);
  print("PROCMAP.SHARED", 8);
  print("PROCMAP.COVERING_OR_NEXT", 0x10);
  print("PROCMAP.FILE_BACKED", 0x20);
  print("FCNTL.SETSIG", F_SETSIG);
  print("FCNTL.SETLEASE", F_SETLEASE);
  print("FCNTL.GETLEASE", F_GETLEASE);
  print("FCNTL.RDLCK", F_RDLCK);
  print("FCNTL.WRLCK", F_WRLCK);
  print("FCNTL.UNLCK", F_UNLCK);
  print("CLONE_NEWIPC", CLONE_NEWIPC);
  print("AT_FDCWD", (long long)AT_FDCWD);
  print("AT_SYMLINK_NOFOLLOW", AT_SYMLINK_NOFOLLOW);
  print("AT_REMOVEDIR", AT_REMOVEDIR);
  print("AT_EMPTY_PATH", AT_EMPTY_PATH);
  print("AT_STATX_DONT_SYNC", AT_STATX_DONT_SYNC);
  print("STATX_BASIC_AND_BTIME", STATX_BASIC_STATS | STATX_BTIME);
  print("STATX_MNT_ID", STATX_MNT_ID);
  print("TMPFS_MAGIC", 0x01021994);
  print("HUGETLBFS_MAGIC", HUGETLBFS_MAGIC);
  print("STATX_ATTR_MOUNT_ROOT", STATX_ATTR_MOUNT_ROOT);
  print("AT_NO_AUTOMOUNT", AT_NO_AUTOMOUNT);
  print("RESOLVE.NO_XDEV", RESOLVE_NO_XDEV);
  print("RESOLVE.NO_MAGICLINKS", RESOLVE_NO_MAGICLINKS);
  print("RESOLVE.NO_SYMLINKS", RESOLVE_NO_SYMLINKS);
  print("RESOLVE.BENEATH", RESOLVE_BENEATH);
  print("RESOLVE.IN_ROOT", RESOLVE_IN_ROOT);
  print("RESOLVE.CACHED", RESOLVE_CACHED);
  print("RENAME_NOREPLACE", RENAME_NOREPLACE);
  print("FLOCK.EXCLUSIVE", LOCK_EX);
  print("FLOCK.NONBLOCK", LOCK_NB);
  print("FLOCK.UNLOCK", LOCK_UN);
  print("O_CLOEXEC", O_CLOEXEC);
  print("O_NOATIME", O_NOATIME);
  print("O_PATH", O_PATH);
  print("SEEK_DATA", SEEK_DATA);
  print("SEEK_HOLE", SEEK_HOLE);
  print("MFD_CLOEXEC", MFD_CLOEXEC);
  print("MFD_ALLOW_SEALING", MFD_ALLOW_SEALING);
  print("MFD_HUGETLB", MFD_HUGETLB);
  print("PROT_READ", PROT_READ);
  print("PROT_WRITE", PROT_WRITE);
  print("MAP_SHARED", MAP_SHARED);
  print("MAP_PRIVATE", MAP_PRIVATE);
  print("MAP_ANONYMOUS", MAP_ANONYMOUS);
  print("SIGURG", SIGURG);
}

static void systemCalls(void) {
  print("numbers.getdents64", SYS_getdents64);
  print("numbers.memfd_create", SYS_memfd_create);
  print("numbers.statx", SYS_statx);
  print("numbers.pidfd_open", SYS_pidfd_open);
  print("numbers.openat2", SYS_openat2);
  print("numbers.renameat2", SYS_renameat2);
  print("numbers.futex", SYS_futex);
  print("numbers.gettid", SYS_gettid);
  print("numbers.perf_event_open", SYS_perf_event_open);
  print("numbers.kcmp", SYS_kcmp);
  print("numbers.ioprio_set", SYS_ioprio_set);
  print("numbers.name_to_handle_at", SYS_name_to_handle_at);
  print("numbers.open_by_handle_at", SYS_open_by_handle_at);
  print("numbers.fsopen", SYS_fsopen);
  print("numbers.fsconfig", SYS_fsconfig);
  print("numbers.fsmount", SYS_fsmount);
  print("numbers.unshare", SYS_unshare);
  print("numbers.msgget", SYS_msgget);
  print("numbers.msgsnd", SYS_msgsnd);
  print("numbers.msgrcv", SYS_msgrcv);
  print("numbers.msgctl", SYS_msgctl);
  print("numbers.mq_open", SYS_mq_open);
  print("numbers.mq_unlink", SYS_mq_unlink);
  print("numbers.mq_timedsend", SYS_mq_timedsend);
  print("numbers.mq_timedreceive", SYS_mq_timedreceive);
  print("numbers.tgkill", SYS_tgkill);
  print("numbers.signalfd4", SYS_signalfd4);
  print("numbers.rt_sigprocmask", SYS_rt_sigprocmask);
  print("numbers.pidfd_send_signal", SYS_pidfd_send_signal);
  print("numbers.wait4", SYS_wait4);
  print("numbers.mount", SYS_mount);
  print("numbers.vmsplice", SYS_vmsplice);
  print("numbers.setpgid", SYS_setpgid);
  print("numbers.mknodat", SYS_mknodat);
  print("numbers.connect", SYS_connect);
  print("numbers.accept4", SYS_accept4);
  print("numbers.listen", SYS_listen);
  print("numbers.getsockname", SYS_getsockname);
  print("numbers.getpeername", SYS_getpeername);
}

int main(void) {
  structures();
  constants();
  systemCalls();
  puts("\n}");
  return 0;
}
