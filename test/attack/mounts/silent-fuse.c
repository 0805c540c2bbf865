// Mounts a FUSE file system that never answers: silent-fuse over|below|link DEVICE, which is /dev/fuse.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static void die(const char *what) { perror(what); exit(1); }

static void fuse(const char *where, const char *device) {
  char options[200];
  int fd = open(device, O_RDWR);
  if (fd < 0) die(device);
  sprintf(options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", fd);
  if (mount("silent", where, "fuse", 0, options)) die("fuse");
}

int main(int argc, char **argv) {
  const char *how = argv[1];
  if (!strcmp(how, "over")) {
    fuse("/dev/shm", argv[2]);
  } else if (!strcmp(how, "below")) {
    if (mount("tmpfs", "/dev/shm", "tmpfs", 0, 0) || mkdir("/dev/shm/f", 0755)) die("tmpfs");
    fuse("/dev/shm/f", argv[2]);
  } else {
    if (mount("tmpfs", "/dev", "tmpfs", 0, 0) || mkdir("/dev/f", 0755)) die("tmpfs");
    if (symlink("f/x/y", "/dev/shm")) die("symlink");
    fuse("/dev/f", argv[2]);
  }
  printf("up %d\n", (int)getpid());
  fflush(stdout);
  pause();
  return 0;
}
