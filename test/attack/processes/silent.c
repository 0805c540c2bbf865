// Processes that keep their own mmap_lock for ever: each maps something over a changed page of a file that a FUSE server of theirs
// never writes back, so the kernel waits for the write with the lock held, and whoever reads their memory waits with it.
// Arguments: a device for FUSE, an empty folder, how many, after how many seconds all is over (the server ends, the kernel lets go).
// Run as root of a user namespace of one's own (unshare -Urm). Says "ready" and the pids.
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

#define PAGE 4096
#define MOST 64

static char request[1 << 20];

static void reply(int fd, uint64_t unique, int error, const void *data, size_t size) {
  char bytes[8192];
  struct fuse_out_header *head = (void *)bytes;
  head->len = sizeof *head + size;
  head->error = error;
  head->unique = unique;
  memcpy(head + 1, data, size);
  if (write(fd, bytes, head->len) < 0) _exit(1);
}

static struct fuse_attr attributes(uint64_t inode) {
  struct fuse_attr attr = {.ino = inode, .nlink = 1, .blksize = PAGE};
  attr.mode = inode == 1 ? 040777 : 0100666;
  attr.size = inode == 1 ? 0 : MOST * PAGE;
  attr.uid = getuid();
  attr.gid = getgid();
  return attr;
}

static void serve(int fd) {
  static const char zero[PAGE];
  struct fuse_in_header *head = (void *)request;
  for (;;) {
    if (read(fd, request, sizeof request) < 0) {
      if (errno == EINTR || errno == EAGAIN) continue;
      _exit(1);
    }
    if (head->opcode == FUSE_INIT) {
      struct fuse_init_out out = {.major = 7, .minor = 31, .max_write = 65536};
      reply(fd, head->unique, 0, &out, sizeof out);
    } else if (head->opcode == FUSE_LOOKUP) {
      struct fuse_entry_out out = {.nodeid = 2, .attr_valid = 1000000, .entry_valid = 1000000, .attr = attributes(2)};
      reply(fd, head->unique, 0, &out, sizeof out);
    } else if (head->opcode == FUSE_GETATTR) {
      struct fuse_attr_out out = {.attr_valid = 1000000, .attr = attributes(head->nodeid)};
      reply(fd, head->unique, 0, &out, sizeof out);
    } else if (head->opcode == FUSE_OPEN) {
      struct fuse_open_out out = {.open_flags = FOPEN_KEEP_CACHE};
      reply(fd, head->unique, 0, &out, sizeof out);
    } else if (head->opcode == FUSE_READ) {
      reply(fd, head->unique, 0, zero, PAGE);
    } else if (head->opcode != FUSE_WRITE && head->opcode != FUSE_FORGET && head->opcode != FUSE_INTERRUPT) {
      reply(fd, head->unique, -ENOSYS, zero, 0);
    }
  }
}

static void fall_silent(int file, int at) {
  char *page = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, at * PAGE);
  if (page == MAP_FAILED) err(1, "mmap");
  // In the way of whoever walks through the mappings: shared memory before and after.
  mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  page[0] = 1;
  mmap(page, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  pause();
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  int count = atoi(argv[3]) < MOST ? atoi(argv[3]) : MOST;
  char text[256];
  int device = open(argv[1], O_RDWR);
  if (device < 0) err(1, "%s", argv[1]);
  snprintf(text, sizeof text, "fd=%d,rootmode=40000,user_id=%d,group_id=%d", device, getuid(), getgid());
  if (mount("silent", argv[2], "fuse", 0, text) < 0) err(1, "mount");
  pid_t server = fork();
  if (server == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(atoi(argv[4]));
    serve(device);
  }
  snprintf(text, sizeof text, "%s/file", argv[2]);
  int file = open(text, O_RDWR);
  if (file < 0) err(1, "%s", text);
  close(device);
  printf("ready");
  for (int at = 0; at < count; at++) {
    pid_t pid = fork();
    if (pid == 0) {
      alarm(atoi(argv[4]));
      fall_silent(file, at);
    }
    printf(" %d", pid);
  }
  usleep(300000);
  printf("\n");
  fflush(stdout);
  alarm(atoi(argv[4]));
  // Until whoever started us is done.
  while (getchar() != EOF) {
  }
  kill(server, SIGKILL);
  return 0;
}
