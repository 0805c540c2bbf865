// A process that does what it is told, one word a line of standard input, and says "done" after each: for what a process can
// change of itself while somebody watches it. Ends with its standard input, and its children with it.
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <unistd.h>

#define SIZE (2 * 4096 - 171)

static void check(long result, const char *what) {
  if (result >= 0) return;
  perror(what);
  exit(1);
}

int main(int argc, char **argv) {
  char line[256];
  void *segment = NULL, *mapped = NULL;
  int fd = -1;
  (void)argc;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  printf("%d\n", getpid());
  fflush(stdout);
  while (fgets(line, sizeof line, stdin)) {
    char *word = strtok(line, " \n"), *rest = strtok(NULL, "\n");
    if (!strcmp(word, "attach")) segment = shmat(atoi(rest), NULL, 0), check((long)segment, "shmat");
    else if (!strcmp(word, "detach")) check(shmdt(segment), "shmdt");
    else if (!strcmp(word, "swap")) { // the same size at the same place: no number of /proc/PID/statm changes
      check(shmdt(segment), "shmdt");
      check((long)shmat(atoi(rest), segment, 0), "shmat");
    } else if (!strcmp(word, "open")) check(fd = shm_open(rest, O_RDWR | O_CREAT, 0600), rest), check(ftruncate(fd, SIZE), rest);
    else if (!strcmp(word, "memfd")) check(fd = memfd_create(rest, 0), rest);
    else if (!strcmp(word, "map")) mapped = mmap(NULL, SIZE, PROT_READ, atoi(rest), fd, 0), check((long)mapped, "mmap");
    else if (!strcmp(word, "unmap")) check(munmap(mapped, SIZE), "munmap");
    else if (!strcmp(word, "close")) check(close(fd), "close");
    else if (!strcmp(word, "call")) check(prctl(PR_SET_NAME, rest), "prctl");
    else if (!strcmp(word, "become")) check(setresuid(atoi(rest), atoi(rest), 0), "setresuid"), check(prctl(PR_SET_DUMPABLE, 1), "dumpable");
    else if (!strcmp(word, "mode")) {
      struct shmid_ds record;
      int id, mode;
      if (sscanf(rest, "%d %o", &id, (unsigned *)&mode) != 2) check(-1, rest);
      check(shmctl(id, IPC_STAT, &record), "IPC_STAT");
      record.shm_perm.mode = mode;
      check(shmctl(id, IPC_SET, &record), "IPC_SET");
    } else if (!strcmp(word, "bear")) { // a child that ends at once and is not waited for
      pid_t child = fork();
      check(child, "fork");
      if (child == 0) _exit(0);
    } else if (!strcmp(word, "unshare")) check(unshare(CLONE_NEWIPC), "unshare");
    else if (!strcmp(word, "enter")) check(setns(open(rest, O_RDONLY | O_CLOEXEC), CLONE_NEWIPC), rest);
    else if (!strcmp(word, "exec")) {
      if (fd >= 0) fcntl(fd, F_SETFD, FD_CLOEXEC);
      check(execv("/proc/self/exe", argv), "execv"); // says its pid again
    } else check(-1, word);
    puts("done");
    fflush(stdout);
  }
  return 0;
}
