// Keeps its own mmap_lock for ever: one thread reads its own memory through /proc, holding the lock for reading, and faults on a
// FUSE page that never comes; another asks for the lock to write, and from then on nobody gets it. Arguments: a device for FUSE,
// a folder to mount it on.
#include "../support/userns.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include "../support/fuse.h"

static char *page;
static int device;

static void *serve(void *none) {
  (void)none;
  fuse_serve(device);
  return 0;
}

static void *read_own(void *none) {
  (void)none;
  char byte;
  int fd = open("/proc/self/mem", O_RDONLY);
  if (pread(fd, &byte, 1, (off_t)page) < 0) perror("mem");
  return 0;
}

static void *want_write(void *none) {
  (void)none;
  usleep(300000);
  mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  pthread_t threads[3];
  char path[4096];
  own_namespaces();
  device = fuse_mount(argv[1], argv[2]);
  // A process of its own: it must not need its lock to serve.
  pid_t server = fork();
  if (server == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    serve(0);
    _exit(0);
  }
  // Whoever waits must not keep the connection open himself: killed with its server, it ends, and the wait with it.
  close(device);
  snprintf(path, sizeof path, "%s/file", argv[2]);
  int fd = open(path, O_RDONLY);
  if (fd < 0) err(1, "%s", path);
  page = mmap(0, FUSE_FILE_BYTES, PROT_READ, MAP_SHARED, fd, 0);
  if (page == MAP_FAILED) err(1, "mmap");
  // Both are made while there is still a lock to be had; what comes after must not need memory.
  pthread_create(&threads[0], 0, want_write, 0);
  pthread_create(&threads[1], 0, read_own, 0);
  usleep(600000);
  if (write(1, "ready\n", 6) < 0) return 1;
  pause();
  return 0;
}
