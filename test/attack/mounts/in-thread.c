// A thread in IPC and mount namespaces of its own, with a segment and a file of shared memory that nobody holds. $1: the file's name.
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/shm.h>
#include <unistd.h>

#define MUST(x) do { if ((x) < 0) { perror(#x); exit(1); } } while (0)

static void *in_thread(void *name) {
  MUST(unshare(CLONE_NEWIPC | CLONE_NEWNS));
  MUST(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
  MUST(mount("tmpfs", "/dev/shm", "tmpfs", 0, NULL));
  MUST(chdir("/dev/shm"));
  MUST(close(open(name, O_CREAT | O_WRONLY, 0600)));
  MUST(shmget(IPC_PRIVATE, 123456, 0600));
  printf("up %d\n", getpid());
  fflush(stdout);
  sleep(60);
  return name;
}

int main(int count, char **words) {
  pthread_t thread;
  if (count < 2 || pthread_create(&thread, NULL, in_thread, words[1]) != 0) return 2;
  pthread_join(thread, NULL);
  return 0;
}
