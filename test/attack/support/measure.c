// Runs a command for at most so many milliseconds, then kills its process group, and writes to a file what it took:
// wall milliseconds, peak resident KiB, wait status, and whether it had to be killed (1), or did not even die then (2).
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  double most = atof(argv[2]), start = now_ms();
  pid_t pid = fork();
  if (pid == 0) {
    setpgid(0, 0);
    execvp(argv[3], argv + 3);
    perror(argv[3]);
    _exit(127);
  }
  int status = 0, killed = 0;
  struct rusage usage = {0};
  while (wait4(pid, &status, WNOHANG, &usage) == 0) {
    if (!killed && now_ms() - start > most) {
      killed = 1;
      kill(-pid, SIGKILL);
    }
    if (killed && now_ms() - start > most + 3000) {
      killed = 2;
      break;
    }
    usleep(1000);
  }
  FILE *file = fopen(argv[1], "w");
  if (!file) return 2;
  fprintf(file, "%.1f %ld %d %d\n", now_ms() - start, usage.ru_maxrss, status, killed);
  fclose(file);
  return 0;
}
