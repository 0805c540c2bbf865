// Holds a name and a segment for ever, and no process for longer than a moment: each forks the next one and ends. Pids turn over as
// fast as they can. Argument: the name. It says `ready` with the shmid.
#include "../support/userns.h"
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <time.h>

int main(int argc, char **argv) {
  int fd = open(argv[1], O_CREAT | O_RDWR, 0600), id = shmget(IPC_PRIVATE, 8192, 0600);
  if (argc < 2 || fd < 0 || ftruncate(fd, 8192) < 0 || id < 0) err(1, "objects");
  // The first stays, and holds nothing.
  if (fork() > 0) {
    close(fd);
    pause();
  }
  if (mmap(0, 8192, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED || shmat(id, 0, 0) == (void *)-1) err(1, "map");
  close(fd);
  printf("ready %d\n", id);
  fflush(stdout);
  // Those who end are reaped by the first process of the pid namespace.
  for (time_t end = time(0) + 60; time(0) < end;)
    if (fork() > 0) _exit(0);
  return 0;
}
