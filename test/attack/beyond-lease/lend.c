// Keeps the memory of a file in /dev/shm by ways that neither /proc nor a lease shows, and lets go of everything else:
// lend WAY FILE. Says "ready"; a line on its input makes it look what it still has: "kept N" bytes as they were, of how many.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { BYTES = 4096 };
static char found[BYTES];

static void check(long result, const char *what) {
  if (result >= 0) return;
  perror(what);
  exit(77);
}

static char *map(int fd) {
  char *bytes = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (bytes == MAP_FAILED) check(-1, "mmap");
  return bytes;
}

static void send_fd(int socket, int fd) {
  char byte = 'x', control[CMSG_SPACE(sizeof fd)] = {0};
  struct iovec io = {&byte, 1};
  struct msghdr message = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  *header = (struct cmsghdr){CMSG_LEN(sizeof fd), SOL_SOCKET, SCM_RIGHTS};
  memcpy(CMSG_DATA(header), &fd, sizeof fd);
  check(sendmsg(socket, &message, 0), "sendmsg");
}

static int receive_fd(int socket) {
  int fd;
  char byte, control[CMSG_SPACE(sizeof fd)] = {0};
  struct iovec io = {&byte, 1};
  struct msghdr message = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  check(recvmsg(socket, &message, 0), "recvmsg");
  memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
  return fd;
}

static void wait_for_line(void) {
  puts("ready");
  fflush(stdout);
  if (getchar() == EOF) exit(0);
}

/** Writes from the registered buffer, whose address is mapped no more, into a pipe. */
static void ring_write(int ring, struct io_uring_params *p, char *address, int to) {
  char *sq = mmap(NULL, p->sq_off.array + p->sq_entries * 4, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
  struct io_uring_sqe *sqes = mmap(NULL, p->sq_entries * sizeof *sqes, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
  if (sq == MAP_FAILED || (void *)sqes == MAP_FAILED) check(-1, "mmap of the ring");
  *sqes = (struct io_uring_sqe){.opcode = IORING_OP_WRITE_FIXED, .fd = to, .addr = (unsigned long)address, .len = BYTES};
  ((unsigned *)(sq + p->sq_off.array))[0] = 0;
  __atomic_store_n((unsigned *)(sq + p->sq_off.tail), 1, __ATOMIC_RELEASE);
  check(syscall(__NR_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0), "io_uring_enter");
}

int main(int count, char **words) {
  if (count < 3) return 2;
  const char *way = words[1];
  int fd = open(words[2], O_RDWR), pipes[2], sockets[2];
  check(fd, words[2]);
  check(pipe(pipes), "pipe");
  check(socketpair(AF_UNIX, SOCK_DGRAM, 0, sockets), "socketpair");
  if (!strcmp(way, "opath-in-flight")) {
    int place = open(words[2], O_PATH);
    check(place, "O_PATH");
    send_fd(sockets[0], place);
    close(place);
    close(fd);
    wait_for_line();
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", receive_fd(sockets[1]));
    fd = open(path, O_RDONLY);
    check(fd, path);
    check(read(fd, found, BYTES), "read");
  } else if (!strcmp(way, "spliced")) {
    check(splice(fd, NULL, pipes[1], NULL, BYTES, 0), "splice");
    close(fd);
    wait_for_line();
    check(read(pipes[0], found, BYTES), "read");
  } else if (!strcmp(way, "vmspliced")) {
    char *bytes = map(fd);
    struct iovec lent = {bytes, BYTES};
    check(vmsplice(pipes[1], &lent, 1, 0), "vmsplice");
    munmap(bytes, BYTES);
    close(fd);
    wait_for_line();
    check(read(pipes[0], found, BYTES), "read");
  } else if (!strcmp(way, "registered-buffer")) {
    struct io_uring_params parameters = {0};
    int ring = syscall(__NR_io_uring_setup, 4, &parameters);
    check(ring, "io_uring_setup");
    char *bytes = map(fd);
    struct iovec lent = {bytes, BYTES};
    check(syscall(__NR_io_uring_register, ring, IORING_REGISTER_BUFFERS, &lent, 1), "io_uring_register");
    munmap(bytes, BYTES);
    close(fd);
    wait_for_line();
    ring_write(ring, &parameters, bytes, pipes[1]);
    check(read(pipes[0], found, BYTES), "read");
  } else {
    return 2;
  }
  int same = 0;
  for (int at = 0; at < BYTES; at++) same += found[at] == 'k';
  printf("kept %d of %d\n", same, BYTES);
  fflush(stdout);
  return 0;
}
