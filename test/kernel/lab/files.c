// Everything that has an inode of a file: POSIX objects with and without a name, semaphores, memfd, anonymous, files.
#include "lab.h"
#include <semaphore.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

static const char *below_shm(const char *name) {
  static char path[4096];
  snprintf(path, sizeof path, "/dev/shm/%s", name);
  return path;
}

// Not shm_open(3): it refuses names with a slash, and sub-directories are a case.
int open_shm(const char *name, size_t size) {
  int fd = open(below_shm(name), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) fail(name);
  if (ftruncate(fd, (off_t)size) != 0) fail("ftruncate");
  if (pwrite(fd, "x", 1, 0) != 1) fail("pwrite");
  return fd;
}

static void *map(int fd, size_t size, int protection, int flags) {
  void *address = mmap(NULL, size, protection, flags, fd, 0);
  if (address == MAP_FAILED) fail("mmap");
  return address;
}

void *map_shared(int fd, size_t size) { return map(fd, size, PROT_READ | PROT_WRITE, MAP_SHARED); }

// The descriptor waits in a socket whose ends stay open: no process has it, no process maps it.
static void send_to_nobody(int fd) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) != 0) fail("socketpair");
  char byte = 0;
  struct iovec data = {&byte, 1};
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int))];
  } control = {0};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  *header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
  memcpy(CMSG_DATA(header), &fd, sizeof fd);
  if (sendmsg(ends[0], &message, 0) != 1) fail("sendmsg");
}

// The descriptor is registered with an io_uring (io_uring_register(2), IORING_REGISTER_FILES) and closed.
static void register_with_ring(int fd) {
  char parameters[120] = {0};
  int ring = (int)syscall(SYS_io_uring_setup, 1, parameters);
  if (ring < 0) unsupported("io_uring_setup");
  if (syscall(SYS_io_uring_register, ring, 2, &fd, 1) != 0) unsupported("io_uring_register");
}

// Holds the open file as asked, and says how.
static void hold(int fd, const struct options *options, const char *path) {
  const char *how = options->how;
  size_t size = size_of(options);
  say_file(fd);
  say("sizeBytes", "%zu", size);
  if (!strcmp(how, "shared")) {
    say_range("range", map_shared(fd, size), size);
    close(fd);
  } else if (!strcmp(how, "private")) {
    say_range("range", map(fd, size, PROT_READ | PROT_WRITE, MAP_PRIVATE), size);
    close(fd);
  } else if (!strcmp(how, "readonly")) {
    int reader = open(path, O_RDONLY | O_CLOEXEC);
    if (reader < 0) fail(path);
    say_range("range", map(reader, size, PROT_READ, MAP_SHARED), size);
    close(reader);
    close(fd);
  } else if (!strcmp(how, "fd")) {
    say("fd", "%d", fd);
  } else if (!strcmp(how, "opath")) {
    int place = open(path, O_PATH | O_CLOEXEC);
    if (place < 0) fail(path);
    say("fd", "%d", place);
    close(fd);
  } else if (!strcmp(how, "in-flight")) {
    send_to_nobody(fd);
    close(fd);
  } else if (!strcmp(how, "io-uring")) {
    register_with_ring(fd);
    close(fd);
  } else if (!strcmp(how, "left")) {
    close(fd);
  } else {
    fail("unknown --how");
  }
  if (options->unlink && unlink(path) != 0) fail("unlink");
}

void make_shm(const struct options *options) {
  int fd = open_shm(options->name, size_of(options));
  hold(fd, options, below_shm(options->name));
  finish();
}

void make_semaphore(const struct options *options) {
  sem_t *semaphore = sem_open(options->name, O_CREAT | O_EXCL, 0600, 1);
  if (semaphore == SEM_FAILED) fail("sem_open");
  const void *page = (void *)((uintptr_t)semaphore / PAGE * PAGE);
  say_mapped(page);
  say_range("range", page, PAGE);
  if (options->how && !strcmp(options->how, "left")) sem_close(semaphore);
  finish();
}

void make_memfd(const struct options *options) {
  int fd = memfd_create(options->name, MFD_CLOEXEC);
  if (fd < 0) unsupported("memfd_create");
  if (ftruncate(fd, (off_t)size_of(options)) != 0) fail("ftruncate");
  hold(fd, options, NULL);
  finish();
}

// Made before a fork, so that two processes share what has no name at all.
void make_anonymous(const struct options *options) {
  size_t size = size_of(options);
  int zero = -1;
  int flags = MAP_SHARED | MAP_ANONYMOUS;
  if (options->how && !strcmp(options->how, "dev-zero")) {
    zero = open("/dev/zero", O_RDWR | O_CLOEXEC);
    if (zero < 0) fail("/dev/zero");
    flags = MAP_SHARED;
  }
  char *address = map(zero, size, PROT_READ | PROT_WRITE, flags);
  if (zero >= 0) close(zero);
  address[0] = 'x';
  pid_t child = start_child();
  if (child == 0) {
    tell(0);
    stay();
  }
  hear();
  say_pid("child", child);
  say_range("range", address, size);
  say_mapped(address);
  finish();
}

void make_file(const struct options *options) {
  int fd = open(options->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) fail(options->path);
  if (ftruncate(fd, (off_t)size_of(options)) != 0) fail("ftruncate");
  hold(fd, options, options->path);
  finish();
}

// What is in /dev/shm and is no memory.
void make_entry(const struct options *options) {
  const char *path = below_shm(options->name);
  const char *how = options->how;
  if (!strcmp(how, "directory")) {
    if (mkdir(path, 0700) != 0) fail(path);
  } else if (!strcmp(how, "fifo")) {
    if (mkfifo(path, 0600) != 0) fail(path);
  } else if (!strcmp(how, "symlink")) {
    if (symlink(options->path, path) != 0) fail(path);
  } else if (!strcmp(how, "hardlink")) {
    if (link(options->path, path) != 0) fail(path);
  } else if (!strcmp(how, "socket")) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) fail("socket name too long");
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 1) != 0) fail(path);
  } else {
    fail("unknown --how");
  }
  struct stat at;
  if (lstat(path, &at) != 0) fail(path);
  say("inode", "%lu", (unsigned long)at.st_ino);
  finish();
}
