// $1 descriptors of shared memory, in as many processes as the hard limit asks for.
#include "../support/userns.h"
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>

static void open_all(long count) {
  int fd = memfd_create("many", 0);
  for (long at = 0; at < count; at++)
    if (dup(fd) < 0) break;
}

int main(int argc, char **argv) {
  long wanted = argc > 1 ? atol(argv[1]) : 100000;
  int pipes[2];
  char byte;
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  int processes = wanted / limit.rlim_max + 1;
  if (pipe(pipes) < 0) return 2;
  for (int n = 0; n < processes; n++) {
    if (fork() > 0) continue;
    open_all(wanted / processes);
    if (write(pipes[1], "x", 1) < 0) return 1;
    pause();
  }
  close(pipes[1]);
  for (int n = 0; n < processes; n++)
    if (read(pipes[0], &byte, 1) != 1) errx(1, "a child ended");
  ready();
  pause();
  return 0;
}
