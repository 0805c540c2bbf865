// $1 mounts in a mount namespace of its own: one in ten is stacked on the same point (each of these is slower to make than the one
// before), all others are on files of their own.
#include "../support/userns.h"
#include <stdlib.h>
#include <sys/stat.h>

int main(int argc, char **argv) {
  int count = argc > 1 ? atoi(argv[1]) : 20000;
  char path[64];
  own_namespaces();
  if (mount("tmpfs", "/dev/shm", "tmpfs", 0, "size=4m,nr_inodes=200000") < 0) err(1, "tmpfs");
  mkdir("/dev/shm/one", 0755);
  for (int n = 0; n < count; n++) {
    snprintf(path, sizeof path, "/dev/shm/%d", n);
    if (n % 10) {
      int fd = open(path, O_CREAT | O_WRONLY, 0600);
      if (fd < 0) err(1, "%s", path);
      close(fd);
    }
    if (mount(n % 10 ? path : "/dev/shm/one", n % 10 ? path : "/dev/shm/one", 0, MS_BIND, 0) < 0) err(1, "bind %d", n);
  }
  ready();
  pause();
  return 0;
}
