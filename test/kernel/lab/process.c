// Children of a case: they die with it, and they can be dead, zombies, or come back under an old pid.
#include "lab.h"
#include <sys/prctl.h>
#include <sys/syscall.h>

static int channel[2] = {-1, -1};

void open_channel(void) {
  if (channel[0] < 0 && pipe2(channel, O_CLOEXEC) != 0) fail("pipe");
}

static void become_child(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  dup2(nothing, STDIN_FILENO); // the end of standard input is for our parent
}

pid_t start_child(void) {
  open_channel();
  pid_t pid = fork();
  if (pid < 0) fail("fork");
  if (pid == 0) become_child();
  return pid;
}

pid_t start_child_as(pid_t pid) {
  open_channel();
  struct {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
  } arguments = {.exit_signal = SIGCHLD, .set_tid = (uint64_t)(uintptr_t)&pid, .set_tid_size = 1};
  long result = syscall(SYS_clone3, &arguments, sizeof arguments);
  if (result < 0) unsupported("clone3 with a chosen pid");
  if (result == 0) become_child();
  return (pid_t)result;
}

void reap(pid_t pid) {
  if (waitpid(pid, NULL, 0) != pid) fail("waitpid");
}

// The state letter of proc_pid_stat(5) comes after the last `)`.
void wait_for_state(pid_t pid, char state) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  for (int tries = 0; tries < 2000; tries++) {
    char text[512] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
      ssize_t length = read(fd, text, sizeof text - 1);
      close(fd);
      const char *end = length > 0 ? strrchr(text, ')') : NULL;
      if (end && end[1] && end[2] == state) return;
    }
    usleep(1000);
  }
  errno = ETIMEDOUT;
  fail("waiting for a process state");
}

void tell(int value) {
  if (write(channel[1], &value, sizeof value) != sizeof value) fail("pipe");
}

int hear(void) {
  int value;
  if (read(channel[0], &value, sizeof value) != sizeof value) fail("pipe");
  return value;
}

void stay(void) {
  for (;;) pause();
}
