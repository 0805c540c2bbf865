// The adversary of the removal tests: does to segments and names, on command or on its own, what a living program would do.
// Commands come as lines on standard input; each is answered with one line. Only ever run in private namespaces.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void *held;
static int held_id = -1;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void next_id(int id) {
  FILE *f = fopen("/proc/sys/kernel/shm_next_id", "w");
  if (!f || fprintf(f, "%d", id) < 0 || fclose(f)) die("shm_next_id");
}

static int make_segment(long key, size_t size) { return shmget((key_t)key, size, IPC_CREAT | IPC_EXCL | 0600); }

// `make N KEY SIZE UID`: a child makes them and dies. KEY 0: private; otherwise KEY, KEY+1, …
static void make(long n, long key, long size, long uid) {
  int pipefd[2];
  if (pipe(pipefd)) die("pipe");
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    if (uid && (setgid(uid) || setuid(uid))) die("setuid");
    FILE *out = fdopen(pipefd[1], "w");
    for (long i = 0; i < n; i++) {
      int id = make_segment(key ? key + i : IPC_PRIVATE, size);
      if (id < 0) die("shmget");
      fprintf(out, "%d ", id);
    }
    fclose(out);
    _exit(0);
  }
  close(pipefd[1]);
  char buffer[65536];
  ssize_t count;
  while ((count = read(pipefd[0], buffer, sizeof buffer)) > 0) fwrite(buffer, 1, count, stdout);
  close(pipefd[0]);
  waitpid(child, NULL, 0);
  puts("");
}

// `sockets N UID`: a child binds /dev/shm/socket-UID-00000, … and dies, so that nobody is bound to them any more.
static void make_sockets(long n, long uid) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    if (uid && (setgid(uid) || setuid(uid))) die("setuid");
    umask(0); // whoever may not write to one cannot ask whether anybody listens
    for (long i = 0; i < n; i++) {
      struct sockaddr_un name = {.sun_family = AF_UNIX};
      snprintf(name.sun_path, sizeof name.sun_path, "/dev/shm/socket-%ld-%05ld", uid, i);
      int fd = socket(AF_UNIX, SOCK_STREAM, 0);
      if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof name)) die("bind");
      close(fd);
    }
    _exit(0);
  }
  int status;
  waitpid(child, &status, 0);
  puts(status == 0 ? "made" : "failed");
}

static void detach(void) {
  if (held) shmdt(held);
  held = NULL;
  held_id = -1;
}

// `age`: returns when the second is over in which it was asked: times of segments have whole seconds, and what was made or used in
// the second of a listing is too fresh to be removed. The kernel's clock for them lags by a tick (20 ms in the product's arithmetic).
static void age(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  usleep((1000000000 - now.tv_nsec) / 1000 + 40000);
}

// Attaches in a loop at random moments, like programs that come and go; counts those that it lost while attached.
static void attach_loop(double seconds, int max_pause_us) {
  struct shmid_ds ds, before;
  struct timespec t0, now;
  long attaches = 0, hurt = 0, refused = 0;
  clock_gettime(CLOCK_MONOTONIC, &t0);
  srandom(getpid());
  for (;;) {
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec - t0.tv_sec + (now.tv_nsec - t0.tv_nsec) / 1e9 > seconds) break;
    struct shm_info info;
    int highest = shmctl(0, SHM_INFO, (struct shmid_ds *)&info);
    if (highest < 0 || info.used_ids == 0) { usleep(50); continue; }
    int id = shmctl(random() % (highest + 1), 15 /* SHM_STAT_ANY */, &before);
    if (id < 0 || (before.shm_perm.mode & SHM_DEST)) continue;
    char *at = shmat(id, NULL, 0);
    if (at == (void *)-1) { refused++; continue; }
    // Attached to something that was still whole: from now on it must stay whole.
    attaches++;
    int pause = max_pause_us ? random() % max_pause_us : 0;
    if (pause > 3) usleep(pause);
    if (shmctl(id, IPC_STAT, &ds) < 0 || (ds.shm_perm.mode & SHM_DEST)) hurt++;
    shmdt(at);
    if (max_pause_us) usleep(random() % max_pause_us);
  }
  printf("%ld %ld %ld\n", attaches, hurt, refused);
}

static void touch_file(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (fd < 0 || write(fd, text, strlen(text)) < 0) die(path);
  close(fd);
}

static int kept_fd = -1;
static void *kept_map;
static pid_t opener;
static int opener_pipe[2];

static void start_opener(const char *path) {
  if (pipe(opener_pipe)) die("pipe");
  fflush(stdout);
  opener = fork();
  if (opener == 0) {
    int fd = open(path, O_RDWR); // waits while there is a lease
    struct stat st;
    long links = fd < 0 ? -errno : (fstat(fd, &st), (long)st.st_nlink);
    if (write(opener_pipe[1], &links, sizeof links) < 0) _exit(1);
    _exit(0);
  }
  close(opener_pipe[1]);
  usleep(1500);
}

static long end_opener(void) {
  long links = -999;
  if (read(opener_pipe[0], &links, sizeof links) < 0) die("opener");
  close(opener_pipe[0]);
  waitpid(opener, NULL, 0);
  return links;
}

// Replaces names in a loop by rename(2): `base`0 … `base`N-1. Each new file must be there at the end.
static void rename_loop(const char *base, int n, double seconds) {
  char from[4096], to[4096], text[64];
  struct timespec t0, now;
  long replaced = 0, missing = 0;
  char *last = calloc(n, sizeof *last);
  clock_gettime(CLOCK_MONOTONIC, &t0);
  srandom(getpid());
  for (;;) {
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec - t0.tv_sec + (now.tv_nsec - t0.tv_nsec) / 1e9 > seconds) break;
    int i = random() % n;
    if (last[i]) continue; // once replaced it is ours, and stays
    snprintf(from, sizeof from, "%s-new-%d", base, i);
    snprintf(to, sizeof to, "%s%d", base, i);
    snprintf(text, sizeof text, "new %d", i);
    touch_file(from, text);
    if (rename(from, to)) die("rename");
    last[i] = 1;
    replaced++;
    usleep(random() % 3000);
  }
  usleep(300000);
  for (int i = 0; i < n; i++) {
    if (!last[i]) continue;
    snprintf(to, sizeof to, "%s%d", base, i);
    if (access(to, F_OK)) missing++;
  }
  printf("%ld %ld\n", replaced, missing);
}

// Opens names in a loop, keeps each open a while: an open file must keep its name.
static void open_loop(const char *base, int n, double seconds) {
  char path[4096];
  struct timespec t0, now;
  long opened = 0, hurt = 0, absent = 0;
  clock_gettime(CLOCK_MONOTONIC, &t0);
  srandom(getpid());
  for (;;) {
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec - t0.tv_sec + (now.tv_nsec - t0.tv_nsec) / 1e9 > seconds) break;
    snprintf(path, sizeof path, "%s%ld", base, random() % n);
    int fd = open(path, O_RDWR);
    if (fd < 0) { absent++; continue; }
    opened++;
    usleep(random() % 300);
    struct stat st;
    // Between being taken aside and put back it has no name for others but one link all the same.
    if (fstat(fd, &st) || st.st_nlink == 0) hurt++;
    close(fd);
    usleep(random() % 300);
  }
  printf("%ld %ld %ld\n", opened, hurt, absent);
}

int main(void) {
  char line[16384], a[8192], b[8192];
  signal(SIGPIPE, SIG_DFL);
  setvbuf(stdout, NULL, _IOLBF, 65536);
  while (fgets(line, sizeof line, stdin)) {
    long n, key, size, uid;
    int id;
    double seconds;
    if (sscanf(line, "make %ld %ld %ld %ld", &n, &key, &size, &uid) == 4) {
      make(n, key, size, uid);
      continue;
    }
    if (sscanf(line, "sockets %ld %ld", &n, &uid) == 2) {
      make_sockets(n, uid);
      continue;
    }
    if (sscanf(line, "pin %s", a) == 1) { // has it open in a way that every type of name allows
      puts(open(a, O_PATH | O_NOFOLLOW | O_CLOEXEC) < 0 ? "failed" : "pinned");
      continue;
    }
    if (sscanf(line, "loop-attach %lf %ld %ld", &seconds, &n, &uid) == 3) {
      if (uid && (setgid(uid) || setuid(uid))) die("setuid");
      attach_loop(seconds, n);
      continue;
    }
    if (sscanf(line, "loop-rename %s %ld %lf", a, &n, &seconds) == 3) { rename_loop(a, n, seconds); continue; }
    if (sscanf(line, "loop-open %s %ld %lf", a, &n, &seconds) == 3) { open_loop(a, n, seconds); continue; }
    if (sscanf(line, "attach %d", &id) == 1) {
      detach();
      held = shmat(id, NULL, 0);
      if (held == (void *)-1) held = NULL;
      held_id = held ? id : -1;
      puts(held ? "ok" : "no");
    } else if (sscanf(line, "touch %d", &id) == 1) {
      void *at = shmat(id, NULL, 0);
      if (at != (void *)-1) shmdt(at);
      puts(at == (void *)-1 ? "no" : "ok");
    } else if (!strncmp(line, "age", 3)) {
      age();
      puts("ok");
    } else if (!strncmp(line, "detach", 6)) {
      detach();
      puts("ok");
    } else if (sscanf(line, "remake %d %ld %ld", &id, &key, &size) == 3) {
      shmctl(id, IPC_RMID, NULL);
      printf("%d\n", make_segment(key, size));
    } else if (sscanf(line, "sameid %d %ld %ld", &id, &key, &size) == 3) {
      shmctl(id, IPC_RMID, NULL);
      next_id(id);
      printf("%d\n", make_segment(key, size));
    } else if (sscanf(line, "state %d", &id) == 1) {
      struct shmid_ds ds;
      int any = shmctl(id, 15, &ds);
      if (any != id) puts("gone");
      else printf("%s %ld %o\n", ds.shm_perm.mode & SHM_DEST ? "dest" : "whole", (long)ds.shm_nattch, ds.shm_perm.mode & 0777);
    } else if (sscanf(line, "rmid %d", &id) == 1) {
      printf("%d\n", shmctl(id, IPC_RMID, NULL));
    } else if (sscanf(line, "keep %s", a) == 1) {
      kept_fd = open(a, O_RDWR);
      puts(kept_fd < 0 ? "no" : "ok");
    } else if (sscanf(line, "map %s", a) == 1) {
      int fd = open(a, O_RDWR);
      kept_map = fd < 0 ? MAP_FAILED : mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
      if (fd >= 0) close(fd);
      puts(kept_map == MAP_FAILED ? "no" : "ok");
    } else if (!strncmp(line, "drop", 4)) {
      if (kept_fd >= 0) close(kept_fd);
      if (kept_map && kept_map != MAP_FAILED) munmap(kept_map, 4096);
      kept_fd = -1;
      kept_map = NULL;
      puts("ok");
    } else if (sscanf(line, "opener %s", a) == 1) {
      start_opener(a);
      puts("ok");
    } else if (!strncmp(line, "opened", 6)) {
      printf("%ld\n", end_opener());
    } else if (sscanf(line, "replace %s %s", a, b) == 2) { // a new file takes the name
      touch_file(b, "new");
      puts(rename(b, a) ? "no" : "ok");
    } else if (sscanf(line, "link %s %s", a, b) == 2) { // a symlink to b takes the name
      char temporary[8300];
      snprintf(temporary, sizeof temporary, "%s.l", a);
      puts(symlink(b, temporary) || rename(temporary, a) ? "no" : "ok");
    } else if (sscanf(line, "dir %s", a) == 1) { // a directory with something in it takes the name
      char inside[8300];
      unlink(a);
      snprintf(inside, sizeof inside, "%s/inside", a);
      if (mkdir(a, 0700)) puts("no");
      else {
        touch_file(inside, "precious");
        puts("ok");
      }
    } else {
      puts("what?");
    }
  }
  return 0;
}
