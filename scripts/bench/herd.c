// Test load for the benchmark: many segments, or many processes with many mappings. Prints "ready" and ends, with all its
// processes, when standard input is closed. Run it in a private IPC and mount namespace.
//   herd segments N               N segments of one touched page, unattached, made by a process that is gone
//   herd sleepers N F             N processes that sleep, and F old files in /dev/shm that nobody holds
//   herd holders N                N processes that have one /dev/shm file mapped
//   herd processes N M            N processes with M mappings and some 20 more; half attach a segment, a quarter map a /dev/shm file
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what) {
  perror(what);
  exit(1);
}

// What was made, to be removed by its id at the end; shared with the maker.
static int *ids;
static int made;
static pid_t *children;
static int born;

// Forks a child that dies with us; true in the child.
static int spawn(void) {
  pid_t pid = fork();
  if (pid < 0) fail("fork");
  if (pid == 0) return prctl(PR_SET_PDEATHSIG, SIGKILL), 1;
  children[born++] = pid;
  return 0;
}

static void end_children(void) {
  for (int i = 0; i < born; i++) kill(children[i], SIGKILL);
  while (wait(NULL) > 0) continue;
}

static void make_segments(int count) {
  ids = mmap(NULL, count * sizeof *ids, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (ids == MAP_FAILED) fail("mmap");
  pid_t maker = fork();
  if (maker < 0) fail("fork");
  if (maker == 0) {
    for (int i = 0; i < count; i++) {
      if ((ids[i] = shmget(IPC_PRIVATE, 4096, 0600 | IPC_CREAT)) < 0) fail("shmget");
      char *page = shmat(ids[i], NULL, 0);
      if (page == (void *)-1) fail("shmat");
      *page = 1;
      shmdt(page);
    }
    _exit(0);
  }
  int status;
  waitpid(maker, &status, 0);
  if (status != 0) exit(1);
  made = count;
}

// The C library: what every process maps.
static int open_library(void) {
  char line[512];
  FILE *maps = fopen("/proc/self/maps", "r");
  if (!maps) fail("maps");
  while (fgets(line, sizeof line, maps)) {
    char *path = strchr(line, '/');
    if (!path || !strstr(path, "libc")) continue;
    path[strcspn(path, "\n")] = 0;
    int library = open(path, O_RDONLY);
    if (library < 0) fail(path);
    fclose(maps);
    return library;
  }
  fputs("no libc among our mappings\n", stderr);
  exit(1);
}

// Three of four are of a file, as in real programs (bash 33 of 44, python3 157 of 171). Neighbours with different permissions
// stay mappings of their own.
static void add_mappings(int count) {
  int library = open_library();
  for (int i = 0; i < count; i++) {
    int prot = i % 2 ? PROT_READ : PROT_READ | PROT_WRITE;
    void *at = i % 4 ? mmap(NULL, 4096, prot, MAP_PRIVATE, library, 4096 * (i % 64))
                     : mmap(NULL, 4096, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) fail("mmap");
  }
  close(library);
}

static void make_processes(int count, int mappings) {
  int shmid = shmget(IPC_PRIVATE, 65536, 0600 | IPC_CREAT);
  int file = shm_open("/herd", O_CREAT | O_RDWR, 0600);
  if (shmid < 0 || file < 0 || ftruncate(file, 65536) < 0) fail("shm");
  ids = malloc(sizeof *ids);
  ids[0] = shmid;
  made = 1;
  add_mappings(mappings);
  children = calloc(count, sizeof *children);
  for (int i = 0; i < count; i++) {
    if (spawn()) {
      if (i % 2 == 0 && shmat(shmid, NULL, 0) == (void *)-1) _exit(1);
      if (i % 4 != 0) close(file);
      else if (mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) == MAP_FAILED) _exit(1);
      for (;;) pause();
    }
  }
}

static void make_sleepers(int count, int files) {
  char name[32];
  struct timespec old[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
  for (int i = 0; i < files; i++) {
    snprintf(name, sizeof name, "/herd%d", i);
    int file = shm_open(name, O_CREAT | O_RDWR, 0600);
    if (file < 0 || ftruncate(file, 65536) < 0 || futimens(file, old) < 0) fail(name);
    close(file);
  }
  children = calloc(count, sizeof *children);
  for (int i = 0; i < count; i++)
    if (spawn())
      for (;;) pause();
}

static void make_holders(int count) {
  int file = shm_open("/held", O_CREAT | O_RDWR, 0600);
  if (file < 0 || ftruncate(file, 65536) < 0) fail("shm");
  if (mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) == MAP_FAILED) fail("mmap");
  close(file);
  children = calloc(count, sizeof *children);
  for (int i = 0; i < count; i++)
    if (spawn())
      for (;;) pause();
}

static void remove_sleepers_files(int files) {
  char name[32];
  for (int i = 0; i < files; i++) {
    snprintf(name, sizeof name, "/herd%d", i);
    shm_unlink(name);
  }
}

int main(int argc, char **argv) {
  setpgid(0, 0); // a group of its own, as whatever a shell starts: whose is outside of this pid namespace counts as none
  if (argc == 3 && !strcmp(argv[1], "segments")) make_segments(atoi(argv[2]));
  else if (argc == 4 && !strcmp(argv[1], "processes")) make_processes(atoi(argv[2]), atoi(argv[3]));
  else if (argc == 4 && !strcmp(argv[1], "sleepers")) make_sleepers(atoi(argv[2]), atoi(argv[3]));
  else if (argc == 3 && !strcmp(argv[1], "holders")) make_holders(atoi(argv[2]));
  else return fprintf(stderr, "usage: herd segments N | herd holders N | herd sleepers N F | herd processes N M\n"), 2;
  puts("ready");
  fflush(stdout);
  char byte;
  while (read(0, &byte, 1) > 0) continue;
  end_children();
  for (int i = 0; i < made; i++) shmctl(ids[i], IPC_RMID, NULL);
  if (!strcmp(argv[1], "processes")) shm_unlink("/herd");
  if (!strcmp(argv[1], "holders")) shm_unlink("/held");
  if (!strcmp(argv[1], "sleepers")) remove_sleepers_files(atoi(argv[3]));
  return 0;
}
