// Makes many mounts in its namespace and keeps them. many stacked|apart|long COUNT FILE
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static void die(const char *what) { perror(what); exit(1); }

int main(int argc, char **argv) {
  const char *how = argv[1];
  int count = atoi(argv[2]);
  if (mount("tmpfs", "/mnt", "tmpfs", 0, 0)) die("tmpfs");
  char place[3000] = "/mnt";
  if (!strcmp(how, "long"))
    // Each blank of a path is written as four bytes in mountinfo.
    for (int depth = 0; depth < 10; depth++) {
      size_t length = strlen(place);
      place[length++] = '/';
      memset(place + length, ' ', 250);
      place[length + 250] = 0;
      if (mkdir(place, 0755)) die("mkdir");
    }
  int made = 0;
  if (!strcmp(how, "stacked")) {
    if (mknod("/mnt/p", S_IFREG | 0644, 0)) die("mknod");
    for (; made < count; made++)
      if (mount(argv[3], "/mnt/p", 0, MS_BIND, 0)) break;
  } else {
    if (chdir(place)) die("chdir");
    for (; made < count; made++) {
      char name[32];
      sprintf(name, "m%d", made);
      if (mknod(name, S_IFREG | 0644, 0) || mount(argv[3], name, 0, MS_BIND, 0)) break;
    }
  }
  if (made < count / 2) die("mount");
  printf("up %d\n", (int)getpid());
  fflush(stdout);
  pause();
  return 0;
}
