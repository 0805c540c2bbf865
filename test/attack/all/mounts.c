// $1 mounts in a mount namespace of its own: a tenth of them stacked on one point, all others at places of their own. A recursive bind
// copies a hundred at a time.
#include "../support/userns.h"
#include <stdlib.h>
#include <sys/stat.h>

#define TOGETHER 100

static void bind_to(const char *from, const char *to, unsigned long flags) {
  if (mount(from, to, 0, MS_BIND | flags, 0) < 0) err(1, "bind on %s", to);
}

int main(int argc, char **argv) {
  int count = argc > 1 ? atoi(argv[1]) : 20000;
  char path[64];
  own_namespaces();
  if (mount("tmpfs", "/dev/shm", "tmpfs", 0, "size=4m,nr_inodes=200000") < 0) err(1, "tmpfs");
  mkdir("/dev/shm/some", 0755);
  mkdir("/dev/shm/one", 0755);
  bind_to("/dev/shm/some", "/dev/shm/some", 0);
  for (int n = 0; n < TOGETHER; n++) {
    snprintf(path, sizeof path, "/dev/shm/some/%d", n);
    close(open(path, O_CREAT | O_WRONLY, 0600));
    bind_to(path, path, 0);
  }
  for (int n = 0; n < count / 10; n += TOGETHER) bind_to("/dev/shm/some", "/dev/shm/one", MS_REC);
  for (int n = 0; n < count * 9 / 10; n += TOGETHER) {
    snprintf(path, sizeof path, "/dev/shm/%d", n);
    mkdir(path, 0755);
    bind_to("/dev/shm/some", path, MS_REC);
  }
  ready();
  pause();
  return 0;
}
