// Attaches and detaches segments in turn: pairs COUNT HOLD_US GAP_US SEGMENTS. Prints pid and one monotonic time (ns) a pair.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void pause_us(long us) {
  if (us <= 0) return;
  struct timespec t = {us / 1000000, us % 1000000 * 1000};
  nanosleep(&t, NULL);
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  int count = atoi(argv[1]), segments = atoi(argv[4]);
  long hold = atol(argv[2]), gap = atol(argv[3]);
  int *ids = calloc(segments, sizeof *ids);
  int64_t *times = calloc(count, sizeof *times);
  for (int i = 0; i < segments; i++) {
    ids[i] = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    if (ids[i] < 0) return 1;
  }
  printf("%d %d\n", getpid(), ids[0]);
  fflush(stdout);
  if (getchar() == EOF) goto end; // whoever measures says when
  for (int i = 0; i < count; i++) {
    int id = ids[i % segments];
    void *p = shmat(id, NULL, 0);
    times[i] = now_ns();
    pause_us(hold);
    shmdt(p);
    pause_us(gap);
  }
  for (int i = 0; i < count; i++) printf("%lld\n", (long long)times[i]);
end:
  for (int i = 0; i < segments; i++) shmctl(ids[i], IPC_RMID, NULL);
  return 0;
}
