// A process that is larger than anybody expects. Arguments: what, and how many.
//   command-line N   says that its command line is N bytes long (PR_SET_MM_MAP needs no privilege); the memory is never touched
//   mappings N       maps one memfd N times, no two of them side by side
//   descriptors N    opens one memfd N times
//   thread           opens a memfd of 1 MiB in a thread that has descriptors of its own
//   threads N        has N threads
// Says "ready", and waits for the end of standard input.
#define _GNU_SOURCE
#include <err.h>
#include <linux/prctl.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#define PAGE 4096L

static void long_command_line(long bytes) {
  char *memory = mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) err(1, "mmap");
  char text[4096];
  FILE *stat = fopen("/proc/self/stat", "r");
  if (!stat || !fgets(text, sizeof text, stat)) err(1, "stat");
  unsigned long word[52] = {0};
  char *at = strrchr(text, ')') + 4;
  for (int field = 3; field < 52 && *at; field++) word[field] = strtoul(at, &at, 10);
  struct prctl_mm_map map = {
      .start_code = word[25], .end_code = word[26], .start_stack = word[27], .start_data = word[44], .end_data = word[45],
      .start_brk = word[46], .brk = (uint64_t)sbrk(0), .env_start = word[49], .env_end = word[50], .exe_fd = -1,
      .arg_start = (uint64_t)memory, .arg_end = (uint64_t)memory + bytes - 1,
  };
  if (prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof map, 0) < 0) err(77, "PR_SET_MM_MAP");
}

static void *own_descriptors(void *pipe_end) {
  if (unshare(CLONE_FILES) < 0) err(1, "unshare");
  int fd = memfd_create("of-a-thread", 0);
  if (ftruncate(fd, 1 << 20) < 0 || write(*(int *)pipe_end, "x", 1) != 1) err(1, "memfd");
  pause();
  return 0;
}

static void *wait_for_ever(void *none) {
  (void)none;
  pause();
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  long count = argc > 2 ? atol(argv[2]) : 0;
  int fd = memfd_create("crowd", 0);
  if (ftruncate(fd, 1 << 20) < 0) err(1, "memfd");
  if (strcmp(argv[1], "command-line") == 0) {
    long_command_line(count);
  } else if (strcmp(argv[1], "mappings") == 0) {
    char *room = mmap(0, count * 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED || munmap(room, count * 2 * PAGE) < 0) err(1, "room");
    for (long at = 0; at < count; at++)
      if (mmap(room + at * 2 * PAGE, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED) err(1, "mmap %ld", at);
  } else if (strcmp(argv[1], "descriptors") == 0) {
    for (long at = 0; at < count; at++)
      if (dup(fd) < 0) err(1, "dup %ld", at);
  } else if (strcmp(argv[1], "thread") == 0) {
    int ends[2];
    char byte;
    pthread_t thread;
    if (pipe(ends) < 0 || pthread_create(&thread, 0, own_descriptors, &ends[1])) err(1, "thread");
    if (read(ends[0], &byte, 1) != 1) err(1, "thread");
  } else if (strcmp(argv[1], "threads") == 0) {
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 16384);
    for (long at = 0; at < count; at++)
      if (pthread_create(&thread, &attributes, wait_for_ever, 0)) err(1, "thread %ld", at);
  }
  printf("ready %d\n", getpid());
  fflush(stdout);
  while (getchar() != EOF) {
  }
  return 0;
}
