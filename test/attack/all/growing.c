// A directory that grows as fast as it is read: names are made, and the oldest of them go, so that there are never more than a
// few ten thousand, but there is always one more to come. In a /dev/shm of its own.
#include "../support/userns.h"
#include <time.h>

#define MOST 40000

int main(void) {
  char name[64];
  own_namespaces();
  if (mount("tmpfs", "/dev/shm", "tmpfs", 0, "size=4m,nr_inodes=100000") < 0) err(1, "tmpfs");
  time_t end = time(0) + 130;
  for (long number = 0;; number++) {
    if (number == MOST) ready();
    snprintf(name, sizeof name, "/dev/shm/torch_99999_%ld_0", number);
    int fd = open(name, O_CREAT | O_WRONLY, 0600);
    if (fd >= 0) close(fd);
    if (number >= MOST) {
      snprintf(name, sizeof name, "/dev/shm/torch_99999_%ld_0", number - MOST);
      unlink(name);
      // Fast enough to outrun a reader, without taking a whole processor for a minute.
      if (number % 64 == 0) usleep(200);
    }
    if (number % 1024 == 0 && time(0) > end) return 0;
  }
}
