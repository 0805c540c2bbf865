// acts NAME: does one thing to shared memory in a private namespace and says on one JSON line what and who it was.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Short of whole pages as everything of the lab is (MARK in ../lab/lab.h), so that a leftover is known.
#define SIZE (3 * 4096 - 171)

static int shmid = -1, child = 0, other = 0;

static void nap_ms(int ms) {
  struct timespec t = {ms / 1000, ms % 1000 * 1000000L};
  while (nanosleep(&t, &t) != 0 && errno == EINTR) {
  }
}

static void *attach(void) {
  void *p = shmat(shmid, NULL, 0);
  if (p == (void *)-1) exit(1);
  return p;
}

static void make(void) {
  shmid = shmget(IPC_PRIVATE, SIZE, IPC_CREAT | 0666);
  if (shmid < 0) exit(1);
}

static void pairs(int count, int hold_ms, int gap_ms) {
  make();
  for (int i = 0; i < count; i++) {
    void *p = attach();
    nap_ms(hold_ms);
    shmdt(p);
    nap_ms(gap_ms);
  }
}

static void back_to_back(void) {
  make();
  for (int i = 0; i < 500; i++) shmdt(attach());
}

// The child copies the attach and ends first.
static void fork_child_first(void) {
  make();
  void *p = attach();
  child = fork();
  if (child == 0) {
    nap_ms(150);
    _exit(0);
  }
  waitpid(child, NULL, 0);
  nap_ms(50);
  shmdt(p);
}

// The parent lets go while the child still holds the same attach: no close is told of that.
static void fork_parent_first(void) {
  make();
  void *p = attach();
  child = fork();
  if (child == 0) {
    nap_ms(600);
    _exit(0);
  }
  nap_ms(100);
  shmdt(p);
  waitpid(child, NULL, 0);
}

static void exec_drops(void) {
  make();
  child = fork();
  if (child == 0) {
    attach();
    nap_ms(20);
    execl("/bin/true", "true", (char *)0);
    _exit(127);
  }
  waitpid(child, NULL, 0);
}

static void killed(void) {
  make();
  child = fork();
  if (child == 0) {
    attach();
    attach();
    attach();
    for (;;) pause();
  }
  nap_ms(100);
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
}

// mprotect reports the pieces that it makes as if they were new mappings.
static void split(void) {
  make();
  char *p = attach();
  nap_ms(20);
  mprotect(p + 4096, 4096, PROT_READ);
  nap_ms(100);
  mprotect(p, 3 * 4096, PROT_READ);
  mprotect(p, 3 * 4096, PROT_READ | PROT_WRITE);
  nap_ms(100);
  shmdt(p);
}

// vfork shares the address space until the exec: nobody else attaches.
static void vforked(void) {
  make();
  void *p = attach();
  for (int i = 0; i < 5; i++) {
    pid_t pid = vfork();
    if (pid == 0) {
      execl("/bin/true", "true", (char *)0);
      _exit(127);
    }
    waitpid(pid, NULL, 0);
  }
  shmdt(p);
}

static void many(void) {
  make();
  for (int i = 0; i < 1000; i++) {
    pid_t pid = fork();
    if (pid == 0) {
      attach();
      _exit(0);
    }
    waitpid(pid, NULL, 0);
  }
}

static void marked(void) {
  make();
  void *p = attach();
  nap_ms(100);
  shmctl(shmid, IPC_RMID, NULL);
  nap_ms(150);
  shmdt(p);
}

static void owner(void) {
  int pipes[2];
  if (pipe(pipes) != 0) exit(1);
  child = fork();
  if (child == 0) {
    make();
    write(pipes[1], &shmid, sizeof shmid);
    nap_ms(100);
    _exit(0);
  }
  read(pipes[0], &shmid, sizeof shmid);
  waitpid(child, NULL, 0);
}

static void posix(const char *name, int hold_ms) {
  int fd = shm_open(name, O_RDWR | O_CREAT, 0666);
  nap_ms(hold_ms);
  ftruncate(fd, SIZE);
  nap_ms(hold_ms);
  void *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  nap_ms(hold_ms);
  munmap(p, SIZE);
  nap_ms(hold_ms);
  shm_unlink(name);
}

// Unlinked while mapped: the name goes first, the object later.
static void unlinked(void) {
  int fd = shm_open("/watch-unlinked", O_RDWR | O_CREAT, 0600);
  ftruncate(fd, SIZE);
  void *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  shm_unlink("/watch-unlinked");
  nap_ms(100);
  munmap(p, SIZE);
}

static void memfd(void) {
  int fd = memfd_create("watch-memfd", 0);
  ftruncate(fd, SIZE);
  void *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  nap_ms(20);
  close(fd);
  munmap(p, SIZE);
}

int main(int argc, char **argv) {
  const char *act = argc > 1 ? argv[1] : "";
  int hold_ms = argc > 2 ? atoi(argv[2]) : 1;
  if (!strcmp(act, "pairs")) pairs(argc > 3 ? atoi(argv[3]) : 100, hold_ms, argc > 4 ? atoi(argv[4]) : 1);
  else if (!strcmp(act, "back-to-back")) back_to_back();
  else if (!strcmp(act, "fork-child-first")) fork_child_first();
  else if (!strcmp(act, "fork-parent-first")) fork_parent_first();
  else if (!strcmp(act, "exec")) exec_drops();
  else if (!strcmp(act, "killed")) killed();
  else if (!strcmp(act, "split")) split();
  else if (!strcmp(act, "vfork")) vforked();
  else if (!strcmp(act, "many")) many();
  else if (!strcmp(act, "marked")) marked();
  else if (!strcmp(act, "owner")) owner();
  else if (!strcmp(act, "posix")) posix("/watch-posix", hold_ms);
  else if (!strcmp(act, "unlinked")) unlinked();
  else if (!strcmp(act, "memfd")) memfd();
  else return 2;
  printf("{\"pid\":%d,\"shmid\":%d,\"child\":%d}\n", getpid(), shmid, child ? child : other);
  return 0;
}
