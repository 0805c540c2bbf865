// Makes one object of every kind, held by this process and a child of it, prints both pids and waits for the end of its input.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

#define SIZE (3 * 4096 - 171)

static int check(int result, const char *what) {
  if (result < 0) {
    perror(what);
    exit(1);
  }
  return result;
}

static void *map(int fd, int flags) {
  void *at = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, flags, fd, 0);
  if (at == MAP_FAILED) check(-1, "mmap");
  return at;
}

static int name(const char *path) {
  int fd = check(shm_open(path, O_RDWR | O_CREAT, 0600), path);
  check(ftruncate(fd, SIZE), "ftruncate");
  return fd;
}

static int segment(key_t key) { return check(shmget(key, SIZE, IPC_CREAT | 0600), "shmget"); }

int main(void) {
  *(char *)shmat(segment(0x5ab00001), NULL, 0) = 1;
  segment((key_t)0xf5ab0002);
  int dest = segment(IPC_PRIVATE);
  shmat(dest, NULL, SHM_RDONLY);
  check(shmctl(dest, IPC_RMID, NULL), "IPC_RMID");

  int mapped = name("/mapped");
  map(mapped, MAP_SHARED);
  close(mapped);
  name("/open");
  int private = name("/private");
  map(private, MAP_PRIVATE);
  close(private);
  close(name("/nobody's"));
  int unlinked = name("/unlinked");
  map(unlinked, MAP_SHARED);
  close(unlinked);
  shm_unlink("/unlinked");

  int memory = check(memfd_create("mapped", 0), "memfd_create");
  check(ftruncate(memory, SIZE), "ftruncate");
  map(memory, MAP_SHARED);
  close(memory);
  check(memfd_create("open", 0), "memfd_create");
  map(-1, MAP_SHARED | MAP_ANONYMOUS);

  pid_t child = check(fork(), "fork");
  if (child == 0) {
    char byte;
    (void)!read(0, &byte, 1);
    return 0;
  }
  printf("%d %d\n", getpid(), child);
  fflush(stdout);
  char byte;
  (void)!read(0, &byte, 1);
  return 0;
}
