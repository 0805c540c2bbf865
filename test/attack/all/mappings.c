// As many mappings of shared memory as a process may have (vm.max_map_count), in $1 processes.
#include "../support/userns.h"
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define PAGES 49000

static void map_all(void) {
  int fd = memfd_create("many", 0);
  if (fd < 0 || ftruncate(fd, 2 * 4096) < 0) err(1, "memfd");
  for (int at = 0; at < PAGES; at++)
    if (mmap(0, 4096, at % 2 ? PROT_READ : PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED) err(1, "mmap %d", at);
}

int main(int argc, char **argv) {
  int processes = argc > 1 ? atoi(argv[1]) : 2, pipes[2];
  char byte;
  if (pipe(pipes) < 0) return 2;
  for (int n = 0; n < processes; n++) {
    if (fork() > 0) continue;
    map_all();
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
