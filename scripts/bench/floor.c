// What the kernel alone takes for what `ls` asks of it: the same system calls, in C, nothing made of the answers.
//   floor names        each name in /dev/shm listed and looked at; a lease asked for each, as far as 50,000
//   floor processes    of each process: namespaces, threads, all file-backed mappings, descriptors
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_NAMES 200000
#define MOST_LEASES 50000
#define PROCMAP_QUERY 0xc0686611ul /* <linux/fs.h>, Linux 6.11 */
#define COVERING_OR_NEXT 0x10
#define FILE_BACKED 0x20

struct query {
  unsigned long size, flags, addr, start, end, vma_flags, page, offset, inode;
  unsigned int major, minor, name_size, build_size;
  unsigned long name, build;
};

static void names(void) {
  static char *name[MOST_NAMES];
  int count = 0;
  int folder = open("/dev/shm", O_RDONLY | O_DIRECTORY);
  DIR *listing = fdopendir(folder);
  if (!listing) exit(1);
  struct dirent *entry;
  struct statx stat;
  while ((entry = readdir(listing)) && count < MOST_NAMES) {
    if (entry->d_name[0] == '.') continue;
    statx(folder, entry->d_name, AT_STATX_DONT_SYNC | AT_SYMLINK_NOFOLLOW, 0x1fff, &stat);
    name[count++] = strdup(entry->d_name);
  }
  for (int i = 0; i < count && i < MOST_LEASES; i++) {
    char path[64];
    int pinned = openat(folder, name[i], O_PATH | O_NOFOLLOW | O_CLOEXEC);
    statx(pinned, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, 0x1fff, &stat);
    snprintf(path, sizeof path, "/proc/self/fd/%d", pinned);
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    fcntl(file, F_SETSIG, 23);
    fcntl(file, F_SETLEASE, F_WRLCK);
    close(file);
    close(pinned);
  }
}

static void process(const char *pid) {
  char path[300], link[256];
  struct statx stat;
  for (int i = 0; i < 2; i++) {
    snprintf(path, sizeof path, "/proc/%s/ns/%s", pid, i ? "mnt" : "ipc");
    if (readlink(path, link, sizeof link) < 0) return;
  }
  snprintf(path, sizeof path, "/proc/%s/task", pid);
  for (int i = 0; i < 2; i++) statx(AT_FDCWD, path, AT_STATX_DONT_SYNC | AT_SYMLINK_NOFOLLOW, 0xfff, &stat);
  snprintf(path, sizeof path, "/proc/%s/maps", pid);
  int maps = open(path, O_RDONLY | O_CLOEXEC);
  struct query query = {.size = sizeof query, .flags = COVERING_OR_NEXT | FILE_BACKED};
  while (ioctl(maps, PROCMAP_QUERY, &query) >= 0) query.addr = query.end;
  close(maps);
  snprintf(path, sizeof path, "/proc/%s/fd", pid);
  DIR *fds = opendir(path);
  if (!fds) return;
  struct dirent *entry;
  while ((entry = readdir(fds)))
    if (entry->d_name[0] != '.') statx(dirfd(fds), entry->d_name, AT_STATX_DONT_SYNC, 0, &stat);
  closedir(fds);
}

static void processes(void) {
  DIR *all = opendir("/proc");
  if (!all) exit(1);
  struct dirent *entry;
  while ((entry = readdir(all)))
    if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9') process(entry->d_name);
}

int main(int argc, char **argv) {
  if (argc == 2 && !strcmp(argv[1], "names")) return names(), 0;
  if (argc == 2 && !strcmp(argv[1], "processes")) return processes(), 0;
  return fprintf(stderr, "usage: floor names | floor processes\n"), 2;
}
