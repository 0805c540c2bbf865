/* Objects for bench-witness.mjs: kept, at a rate, or as fast as they go (then microseconds for one create + unlink are printed). */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static void name(char *path, int i) { sprintf(path, "/dev/shm/c%d", i); }

static void file(int i) {
  char path[64];
  name(path, i);
  int fd = open(path, O_CREAT | O_RDWR, 0600);
  if (ftruncate(fd, 4096) < 0) exit(1);
  close(fd);
  unlink(path);
}

static void segment(void) {
  int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
  shmdt(shmat(id, NULL, 0));
  shmctl(id, IPC_RMID, NULL);
}

int main(int argc, char **argv) {
  int n = atoi(argv[2]);
  if (!strcmp(argv[1], "keep")) {
    for (int i = 0; i < n; i++) {
      char path[64];
      sprintf(path, "/dev/shm/k%d", i);
      close(open(path, O_CREAT | O_RDWR, 0600));
      shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    }
  } else if (!strcmp(argv[1], "rate")) {
    double start = now(), end = start + atof(argv[3]) * 1e6;
    for (int i = 0; now() < end; i++) {
      if (i % 2) segment();
      else file(i);
      double rest = start + (i + 1) * 1e6 / n - now();
      if (rest > 0) usleep(rest);
    }
  } else {
    double start = now();
    for (int i = 0; i < n; i++) {
      char path[64];
      name(path, i);
      close(open(path, O_CREAT | O_RDWR, 0600));
      unlink(path);
    }
    printf("%f\n", (now() - start) / n);
  }
  return 0;
}
