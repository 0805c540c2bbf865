// Forks and execs /bin/true at a given rate: storm SECONDS RATE. Prints how many.
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  double seconds = atof(argv[1]), rate = atof(argv[2]);
  struct timespec start, now;
  clock_gettime(CLOCK_MONOTONIC, &start);
  long made = 0;
  for (;;) {
    clock_gettime(CLOCK_MONOTONIC, &now);
    double passed = now.tv_sec - start.tv_sec + (now.tv_nsec - start.tv_nsec) / 1e9;
    if (passed >= seconds) break;
    if (made > passed * rate) {
      usleep(200);
      continue;
    }
    pid_t pid = vfork();
    if (pid == 0) {
      execl("/bin/true", "true", (char *)0);
      _exit(127);
    }
    if (pid > 0) waitpid(pid, NULL, 0);
    made++;
  }
  printf("%ld\n", made);
  return 0;
}
