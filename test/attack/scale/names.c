// Makes names in /dev/shm: `names COUNT [churn SECONDS]`. churn: makes each thousandth of them anew, over and over. Bounded in both.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MOST 2000000

static int make(long at) {
  char path[64];
  snprintf(path, sizeof path, "/dev/shm/flood_%07ld", at);
  int fd = open(path, O_CREAT | O_WRONLY, 0600);
  if (fd < 0) return perror(path), 0;
  return close(fd), 1;
}

int main(int argc, char **argv) {
  long count = argc > 1 ? atol(argv[1]) : 0;
  if (count < 1 || count > MOST) return 2;
  if (argc > 3 && strcmp(argv[2], "churn") == 0) {
    time_t end = time(NULL) + (atol(argv[3]) < 60 ? atol(argv[3]) : 60);
    for (long round = 0; time(NULL) < end; round++) {
      for (long at = round % 1000; at < count; at += 1000) {
        char path[64];
        snprintf(path, sizeof path, "/dev/shm/flood_%07ld", at);
        unlink(path);
        if (!make(at)) return 1;
      }
      usleep(20000);
    }
    return 0;
  }
  for (long at = 0; at < count; at++)
    if (!make(at)) return 1;
  puts("ready");
  return 0;
}
