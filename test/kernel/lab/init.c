// The process that a lab lives by: reaps what it inherits, and takes everything in its IPC namespace with it at its end.
#include "lab.h"
#include <dirent.h>

// What /proc/PID/ns/ipc leads to; empty when the process is gone.
static void read_namespace(const char *pid, char *target, size_t size) {
  char path[300];
  snprintf(path, sizeof path, "/proc/%s/ns/ipc", pid);
  ssize_t length = readlink(path, target, size - 1);
  target[length < 0 ? 0 : length] = 0;
}

// SIGKILL to everybody else in our IPC namespace; how many there were.
static int kill_neighbours(const char *ours) {
  int found = 0;
  DIR *processes = opendir("/proc");
  if (!processes) return 0;
  for (struct dirent *entry; (entry = readdir(processes));) {
    char theirs[64];
    pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
    if (pid <= 0 || pid == getpid() || pid == getppid()) continue;
    read_namespace(entry->d_name, theirs, sizeof theirs);
    if (strcmp(theirs, ours) == 0 && kill(pid, SIGKILL) == 0) found++;
  }
  closedir(processes);
  return found;
}

// --name is the IPC namespace of the machine, where nobody may be killed.
void run_init(const struct options *options) {
  char ours[64];
  read_namespace("self", ours, sizeof ours);
  if (!ours[0] || !options->name[0] || strcmp(ours, options->name) == 0) {
    errno = EINVAL;
    fail("init outside a private IPC namespace");
  }
  signal(SIGCHLD, SIG_IGN);
  say_all();
  wait_for_end();
  for (int tries = 0; tries < 500 && kill_neighbours(ours) > 0; tries++) usleep(10000);
  exit(0);
}
