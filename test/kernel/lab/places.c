// Cases about processes and namespaces that mislead whoever looks only at pids, paths or inode numbers.
#include "lab.h"
#include <pthread.h>
#include <sched.h>
#include <sys/mount.h>

static void *stay_in_thread(void *nothing) {
  (void)nothing;
  stay();
}

// A process whose main thread has ended: its stat says Z and its own maps and fd are empty, but it lives in a thread and
// holds all that is reported here.
void make_leader_gone(const struct options *options) {
  size_t size = size_of(options);
  int attached = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
  pid_t holder = start_child();
  if (attached < 0) fail("shmget");
  if (holder == 0) {
    int detached = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
    if (detached < 0 || shmat(attached, NULL, 0) == (void *)-1) fail("shmat");
    void *once = shmat(detached, NULL, 0);
    if (once == (void *)-1 || shmdt(once) != 0) fail("shmdt");
    int mapped = open_shm("shmtop-lab-leader-mapped", size);
    map_shared(mapped, size);
    close(mapped);
    int opened = open_shm("shmtop-lab-leader-opened", size);
    pthread_t thread;
    if (pthread_create(&thread, NULL, stay_in_thread, NULL) != 0) fail("pthread_create");
    tell(detached);
    tell(opened);
    pthread_exit(NULL);
  }
  int detached = hear();
  int opened = hear();
  wait_for_state(holder, 'Z');
  say_pid("holder", holder);
  say("attached", "%d", attached);
  say("detached", "%d", detached);
  say("fd", "%d", opened);
  finish();
}

static void force_next_shmid(unsigned long shmid) {
  int fd = open("/proc/sys/kernel/shm_next_id", O_WRONLY | O_CLOEXEC);
  if (fd < 0) unsupported("/proc/sys/kernel/shm_next_id");
  if (dprintf(fd, "%lu", shmid) < 0) unsupported("/proc/sys/kernel/shm_next_id");
  close(fd);
}

// A memfd and a segment with one number on one device: a child is attached to the segment, we map the memfd.
void make_same_number(const struct options *options) {
  size_t size = size_of(options);
  int fd = memfd_create("shmtop-lab-same-number", MFD_CLOEXEC);
  if (fd < 0 || ftruncate(fd, (off_t)size) != 0) unsupported("memfd_create");
  struct stat at;
  if (fstat(fd, &at) != 0) fail("fstat");
  pid_t child = start_child();
  if (child == 0) {
    close(fd);
    force_next_shmid(at.st_ino);
    int shmid = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
    if (shmid < 0 || shmat(shmid, NULL, 0) == (void *)-1) fail("shmat");
    tell(shmid);
    stay();
  }
  int shmid = hear();
  if ((ino_t)shmid != at.st_ino) {
    errno = EEXIST;
    unsupported("the shmid could not be forced");
  }
  map_shared(fd, size);
  say_file(fd);
  close(fd);
  say_pid("child", child);
  say_segment(shmid);
  finish();
}

// Maps our /dev/shm object, then lives where another tmpfs covers /dev/shm and maps an object of the same name there.
void make_other_mount(const struct options *options) {
  size_t size = size_of(options);
  int ours = open_shm(options->name, size);
  map_shared(ours, size);
  struct stat at;
  if (fstat(ours, &at) != 0) fail("fstat");
  say("oursInode", "%lu", (unsigned long)at.st_ino);
  close(ours);
  if (unshare(CLONE_NEWNS) != 0) unsupported("unshare");
  if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) unsupported("mount");
  if (mount("lab", "/dev/shm", "tmpfs", 0, "size=1m,mode=1777") != 0) unsupported("mount");
  int theirs = open_shm(options->name, size);
  map_shared(theirs, size);
  say_file(theirs);
  close(theirs);
  finish();
}

// Changed its user without exec: not dumpable, so that even processes of the same user may not look into it.
void make_undumpable(const struct options *options) {
  if (setresgid(options->uid, options->uid, options->uid) != 0) unsupported("setresgid");
  if (setresuid(options->uid, options->uid, options->uid) != 0) unsupported("setresuid");
  size_t size = size_of(options);
  int fd = open_shm(options->name, size);
  map_shared(fd, size);
  say_file(fd);
  close(fd);
  finish();
}

static void *open_in_thread(void *options) {
  if (unshare(CLONE_FILES) != 0) unsupported("unshare");
  int fd = open_shm(((const struct options *)options)->name, size_of(options));
  say_file(fd);
  tell(fd);
  stay();
}

// One thread has a table of descriptors of its own, and only there the object is open: /proc/PID/fd does not show it.
void make_thread_files(const struct options *options) {
  pthread_t thread;
  open_channel();
  if (pthread_create(&thread, NULL, open_in_thread, (void *)options) != 0) fail("pthread_create");
  say("fd", "%d", hear());
  finish();
}

// A child as short-lived as they come: attaches, maps an object that carries its pid, and is gone with both.
static void live_briefly(int shmid, size_t size) {
  char name[64], path[96];
  snprintf(name, sizeof name, "__KMP_REGISTERED_LIB_%d", (int)getpid());
  snprintf(path, sizeof path, "/dev/shm/%s", name);
  if (shmat(shmid, NULL, 0) == (void *)-1) _exit(1);
  int fd = open_shm(name, size);
  void *memory = map_shared(fd, size);
  usleep(500);
  unlink(path);
  munmap(memory, size);
  _exit(0);
}

// One segment of a living creator that others attach and detach without end, some of them short-lived.
void make_churn(const struct options *options) {
  size_t size = size_of(options);
  int shmid = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
  if (shmid < 0) fail("shmget");
  say_segment(shmid);
  if (start_child() == 0) {
    for (;;) {
      pid_t child = start_child();
      if (child == 0) live_briefly(shmid, size);
      reap(child);
    }
  }
  if (start_child() == 0) {
    for (;;) {
      void *memory = shmat(shmid, NULL, 0);
      usleep(200);
      if (memory != (void *)-1) shmdt(memory);
      usleep(200);
    }
  }
  finish();
}
