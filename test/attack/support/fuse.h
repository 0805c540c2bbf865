// A FUSE file system with one file, served by hand: it answers what it is told to answer, and nothing else.
#ifndef FUSE_H
#define FUSE_H
#include <linux/fuse.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>

#define FUSE_FILE_BYTES (16 * 4096)

/** Mounts it; the descriptor to serve it by. Everybody may look (allow_other is for the mount's own user namespace). */
static int fuse_mount(const char *device, const char *target) {
  char options[128];
  int fd = open(device, O_RDWR);
  if (fd < 0) err(1, "%s", device);
  snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", fd);
  if (mount("fuse", target, "fuse", MS_NOSUID | MS_NODEV, options) < 0) err(1, "mount fuse on %s", target);
  return fd;
}

static void fuse_reply(int fd, uint64_t unique, int error, const void *body, size_t length) {
  char buffer[4096];
  struct fuse_out_header *header = (struct fuse_out_header *)buffer;
  header->len = sizeof *header + length;
  header->error = error;
  header->unique = unique;
  memcpy(buffer + sizeof *header, body, length);
  if (write(fd, buffer, header->len) < 0 && error == 0) perror("fuse reply");
}

static struct fuse_attr fuse_attributes(uint64_t node) {
  struct fuse_attr attr = {0};
  attr.ino = node;
  attr.mode = node == 1 ? S_IFDIR | 0755 : S_IFREG | 0666;
  attr.nlink = 1;
  attr.size = node == 1 ? 0 : FUSE_FILE_BYTES;
  attr.blksize = 4096;
  return attr;
}

/** Serves until `read` fails. What is not in here, FUSE_READ above all, is never answered. */
static void fuse_serve(int fd) {
  static char buffer[1 << 20];
  for (;;) {
    if (read(fd, buffer, sizeof buffer) < 0) return;
    struct fuse_in_header *in = (struct fuse_in_header *)buffer;
    switch (in->opcode) {
      case FUSE_INIT: {
        struct fuse_init_out out = {.major = FUSE_KERNEL_VERSION, .minor = FUSE_KERNEL_MINOR_VERSION};
        out.max_write = 4096;
        out.max_readahead = 0;
        fuse_reply(fd, in->unique, 0, &out, sizeof out);
        break;
      }
      case FUSE_LOOKUP: {
        struct fuse_entry_out out = {.nodeid = 2, .entry_valid = 1000, .attr_valid = 1000};
        out.attr = fuse_attributes(2);
        fuse_reply(fd, in->unique, 0, &out, sizeof out);
        break;
      }
      case FUSE_GETATTR: {
        struct fuse_attr_out out = {.attr_valid = 1000};
        out.attr = fuse_attributes(in->nodeid);
        fuse_reply(fd, in->unique, 0, &out, sizeof out);
        break;
      }
      case FUSE_OPEN:
      case FUSE_OPENDIR: {
        struct fuse_open_out out = {.fh = 1};
        fuse_reply(fd, in->unique, 0, &out, sizeof out);
        break;
      }
      case FUSE_READ:
      case FUSE_FORGET:
      case FUSE_BATCH_FORGET:
      case FUSE_INTERRUPT:
        break;
      default:
        fuse_reply(fd, in->unique, -ENOSYS, "", 0);
    }
  }
}
#endif
