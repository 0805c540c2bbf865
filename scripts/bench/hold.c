// Makes COUNT segments and keeps them until its input ends: hold COUNT.
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/shm.h>

int main(int argc, char **argv) {
  int count = argc > 1 ? atoi(argv[1]) : 1, made = 0;
  int *ids = calloc(count, sizeof *ids);
  for (; made < count; made++) {
    ids[made] = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    if (ids[made] < 0) break;
  }
  printf("%d\n", made);
  fflush(stdout);
  while (getchar() != EOF) {
  }
  for (int i = 0; i < made; i++) shmctl(ids[i], IPC_RMID, NULL);
  return 0;
}
