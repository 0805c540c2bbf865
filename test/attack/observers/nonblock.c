// Opens and closes files with O_NONBLOCK, over and over, as a program may: nonblock PREFIX COUNT SECONDS opens PREFIX1 and so on.
// Says how often it opened one, and how often it was refused (EAGAIN: somebody has a lease on it).
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  static char paths[1000][256];
  int count = atoi(argv[2]);
  for (int at = 0; at < count && at < 1000; at++) snprintf(paths[at], sizeof paths[at], "%s%d", argv[1], at + 1);
  long opens = 0, refused = 0;
  for (time_t end = time(NULL) + atoi(argv[3]); time(NULL) < end;) {
    for (int at = 0; at < count; at++) {
      int fd = open(paths[at], O_RDWR | O_NONBLOCK);
      if (fd >= 0) opens++, close(fd);
      else if (errno == EAGAIN) refused++;
      else return perror(paths[at]), 1;
    }
  }
  printf("{\"opens\": %ld, \"refused\": %ld}\n", opens, refused);
  return 0;
}
