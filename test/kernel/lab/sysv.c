// System V segments in every state that a verdict depends on.
#include "lab.h"
#include <sched.h>
#include <time.h>

static int create(const struct options *options, int flags) {
  int shmid = shmget(options->key, size_of(options), IPC_CREAT | IPC_EXCL | flags | options->mode);
  if (shmid < 0) fail("shmget");
  return shmid;
}

static char *attach(int shmid) {
  char *address = shmat(shmid, NULL, 0);
  if (address == (char *)-1) fail("shmat");
  address[0] = 'x';
  return address;
}

static void use_once(int shmid) {
  if (shmdt(attach(shmid)) != 0) fail("shmdt");
}

static long ctime_of(int shmid) {
  struct shmid_ds segment;
  if (shmctl(shmid, IPC_STAT, &segment) != 0) fail("IPC_STAT");
  return segment.shm_ctime;
}

// A child creates the segment, uses it once if asked to, and exits; it is not reaped here.
static int made_by_child(const struct options *options, bool use, pid_t *creator) {
  *creator = start_child();
  if (*creator == 0) {
    int shmid = create(options, 0);
    if (use) use_once(shmid);
    tell(shmid);
    _exit(0);
  }
  return hear();
}

static void attached(const struct options *options) {
  int shmid = create(options, 0);
  say_range("range", attach(shmid), size_of(options));
  say_segment(shmid);
}

// Two attaches; an mprotect of the middle page of the first splits it in three: nattch 4 in one process.
static void split(const struct options *options) {
  int shmid = create(options, 0);
  char *first = attach(shmid);
  char *second = attach(shmid);
  if (mprotect(first + PAGE, PAGE, PROT_READ) != 0) fail("mprotect");
  say_range("first", first, size_of(options));
  say_range("second", second, size_of(options));
  say_segment(shmid);
}

static void forked(const struct options *options) {
  int shmid = create(options, 0);
  attach(shmid);
  pid_t child = start_child();
  if (child == 0) {
    tell(0);
    stay();
  }
  hear();
  say_pid("child", child);
  say_segment(shmid);
}

static void orphan(const struct options *options, bool use) {
  pid_t creator;
  int shmid = made_by_child(options, use, &creator);
  reap(creator);
  say_segment(shmid);
}

static void zombie(const struct options *options) {
  pid_t creator;
  int shmid = made_by_child(options, true, &creator);
  wait_for_state(creator, 'Z');
  say_segment(shmid);
}

// The creator is gone and another process has its pid: begun four seconds after ctime, or within the same second.
static void reused(const struct options *options, bool at_once) {
  struct timespec now;
  do clock_gettime(CLOCK_REALTIME, &now);
  while (at_once && now.tv_nsec > 200000000); // room for both within one second
  pid_t creator;
  int shmid = made_by_child(options, true, &creator);
  reap(creator);
  while (!at_once && time(NULL) < ctime_of(shmid) + 4) usleep(20000);
  pid_t impostor = start_child_as(creator);
  if (impostor == 0) stay();
  say_pid("impostor", impostor);
  say_segment(shmid);
}

static void detached(const struct options *options) {
  int shmid = create(options, 0);
  use_once(shmid);
  say_segment(shmid);
}

static void last_user(const struct options *options) {
  pid_t creator;
  int shmid = made_by_child(options, false, &creator);
  reap(creator);
  use_once(shmid);
  say_segment(shmid);
}

static void marked(const struct options *options) {
  int shmid = create(options, 0);
  say_range("range", attach(shmid), size_of(options));
  if (shmctl(shmid, IPC_RMID, NULL) != 0) fail("IPC_RMID");
  say_segment(shmid);
}

static void locked(const struct options *options) {
  int shmid = create(options, 0);
  if (shmctl(shmid, SHM_LOCK, NULL) != 0) unsupported("SHM_LOCK");
  say_range("range", attach(shmid), size_of(options));
  say_segment(shmid);
}

static void huge(const struct options *options) {
  int shmid = shmget(options->key, size_of(options), IPC_CREAT | IPC_EXCL | SHM_HUGETLB | options->mode);
  if (shmid < 0) unsupported("shmget with SHM_HUGETLB");
  char *address = attach(shmid);
  say_range("range", address, 2UL << 20);
  say_mapped(address);
  say_segment(shmid);
}

// Another owner than creator: IPC_SET, which moves ctime.
static void given(const struct options *options) {
  int shmid = create(options, 0);
  struct shmid_ds segment;
  if (shmctl(shmid, IPC_STAT, &segment) != 0) fail("IPC_STAT");
  segment.shm_perm.uid = options->uid;
  segment.shm_perm.gid = options->uid;
  if (shmctl(shmid, IPC_SET, &segment) != 0) fail("IPC_SET");
  attach(shmid);
  say_segment(shmid);
}

// Attaches here, then lives in another IPC namespace: the segment stays ours and keeps its nattch.
static void left_namespace(const struct options *options) {
  int shmid = create(options, 0);
  say_range("range", attach(shmid), size_of(options));
  say_segment(shmid);
  if (unshare(CLONE_NEWIPC) != 0) unsupported("unshare");
}

// The first segment of a new IPC namespace: shmid 0 there too, whatever 0 is here.
static void other_namespace(const struct options *options) {
  if (unshare(CLONE_NEWIPC) != 0) unsupported("unshare");
  attached(options);
}

void make_sysv(const struct options *options) {
  const char *how = options->how;
  if (!strcmp(how, "attached")) attached(options);
  else if (!strcmp(how, "split")) split(options);
  else if (!strcmp(how, "forked")) forked(options);
  else if (!strcmp(how, "orphan")) orphan(options, true);
  else if (!strcmp(how, "never-attached")) orphan(options, false);
  else if (!strcmp(how, "zombie")) zombie(options);
  else if (!strcmp(how, "reused")) reused(options, false);
  else if (!strcmp(how, "reused-at-once")) reused(options, true);
  else if (!strcmp(how, "detached")) detached(options);
  else if (!strcmp(how, "last-user")) last_user(options);
  else if (!strcmp(how, "dest")) marked(options);
  else if (!strcmp(how, "locked")) locked(options);
  else if (!strcmp(how, "huge")) huge(options);
  else if (!strcmp(how, "given")) given(options);
  else if (!strcmp(how, "left-namespace")) left_namespace(options);
  else if (!strcmp(how, "other-namespace")) other_namespace(options);
  else fail("unknown --how");
  finish();
}
