/* Makers for witness.test.ts: processes of about a millisecond that make, use, pass on and leave objects, and end as they are told. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void make(const char *name) {
  int fd = shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600);
  if (fd < 0 || ftruncate(fd, 4096) < 0) _exit(99);
  char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  p[0] = 1;
}

/* 0..200: exit code; 209: SIGKILL; 211: SIGSEGV */
static void join_group(const char *procs) {
  int fd = open(procs, O_WRONLY);
  if (fd < 0 || write(fd, "0", 1) != 1) _exit(97);
  close(fd);
}

static void end(int how) {
  if (how == 209) raise(SIGKILL);
  if (how == 211) { signal(SIGSEGV, SIG_DFL); raise(SIGSEGV); }
  _exit(how);
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  const char *what = argv[1];
  if (!strcmp(what, "many")) { /* many N: makers /m0…, exit 0, exit 3, SIGKILL by turns */
    int n = atoi(argv[2]);
    for (int i = 0; i < n; i++) {
      pid_t pid = fork();
      if (pid == 0) {
        char name[64];
        snprintf(name, sizeof name, "/m%d", i);
        make(name);
        end(i % 3 == 0 ? 0 : i % 3 == 1 ? 3 : 209);
      }
      printf("%d\n", pid);
      waitpid(pid, NULL, 0);
    }
  } else if (!strcmp(what, "name")) { /* name NAME HOW */
    make(argv[2]);
    printf("%d\n", getpid());
    end(atoi(argv[3]));
  } else if (!strcmp(what, "segment")) { /* segment HOW */
    int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    shmat(id, NULL, 0);
    printf("%d %d\n", getpid(), id);
    end(atoi(argv[2]));
  } else if (!strcmp(what, "attach")) { /* attach ID: another user of it */
    shmat(atoi(argv[2]), NULL, 0);
    printf("%d\n", getpid());
    end(0);
  } else if (!strcmp(what, "heir")) { /* heir NAME: killed, while a child lives on until it is killed */
    make(argv[2]);
    pid_t child = fork();
    if (child == 0) {
      alarm(60);
      for (;;) pause();
    }
    printf("%d %d\n", getpid(), child);
    end(209);
  } else if (!strcmp(what, "daemon")) { /* daemon NAME: setsid, forked twice, its parent gone before it makes anything; killed */
    int pids[2], said[2];
    pipe(said);
    if ((pids[0] = fork()) == 0) {
      int parent = getpid();
      setsid();
      if (fork() == 0) {
        while (getppid() == parent) usleep(200);
        make(argv[2]);
        pids[1] = getpid();
        write(said[1], &pids[1], sizeof(int));
        end(209);
      }
      _exit(0);
    }
    close(said[1]);
    waitpid(pids[0], NULL, 0);
    read(said[0], &pids[1], sizeof(int));
    printf("%d %d\n", pids[0], pids[1]);
  } else if (!strcmp(what, "supervised")) { /* supervised NAME: a worker in a session of its own, whose child makes it; both killed */
    int pids[2], said[2];
    pipe(said);
    if ((pids[0] = fork()) == 0) {
      setsid();
      if ((pids[1] = fork()) == 0) {
        make(argv[2]);
        end(209);
      }
      waitpid(pids[1], NULL, 0);
      write(said[1], &pids[1], sizeof(int));
      end(209);
    }
    read(said[0], &pids[1], sizeof(int));
    waitpid(pids[0], NULL, 0);
    printf("%d %d %d\n", getpid(), pids[0], pids[1]);
    alarm(60);
    for (;;) pause();
  } else if (!strcmp(what, "bomb")) { /* bomb N: so many processes, each the child of the one before, all gone at once */
    int left = atoi(argv[2]);
    while (left-- > 0) {
      pid_t pid = fork();
      if (pid > 0) {
        waitpid(pid, NULL, 0);
        _exit(0);
      }
      if (pid < 0) break;
    }
    _exit(0);
  } else if (!strcmp(what, "hungry")) { /* hungry NAME PROCS: makes it, and eats memory in that group until it is killed */
    join_group(argv[3]);
    make(argv[2]);
    printf("%d\n", getpid());
    for (;;) {
      char *more = malloc(1 << 20);
      if (!more) _exit(98);
      memset(more, 1, 1 << 20);
    }
  } else if (!strcmp(what, "moved")) { /* moved NAME PROCS: its child joins that group, makes it and is killed */
    pid_t pid = fork();
    if (pid == 0) {
      join_group(argv[3]);
      make(argv[2]);
      end(209);
    }
    printf("%d\n", pid);
    waitpid(pid, NULL, 0);
  } else if (!strcmp(what, "flood")) { /* flood N: makes and removes so many names */
    int n = atoi(argv[2]);
    for (int i = 0; i < n; i++) {
      char path[64];
      snprintf(path, sizeof path, "/dev/shm/f%d", i);
      close(open(path, O_CREAT | O_RDWR, 0600));
      unlink(path);
    }
    printf("%d\n", getpid());
  } else if (!strcmp(what, "swap")) { /* swap: /a renamed over /b, /c linked as /d and removed */
    make("/a"); make("/b"); make("/c");
    rename("/dev/shm/a", "/dev/shm/b");
    link("/dev/shm/c", "/dev/shm/d");
    unlink("/dev/shm/c");
    printf("%d\n", getpid());
  }
  return 0;
}
