// Mounts a file of /dev/shm where few look. $1: how, $2: the file. `thread`: in a namespace of one thread; `exited`: the main
// thread has exited; `chroots`: all but the last of many processes see an empty directory; `in-flight`: nobody is in the namespace,
// and its descriptor is on its way over a socket; `unlinked`: by a second name, which is then taken away.
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MUST(x) do { if ((x) < 0) { perror(#x); exit(1); } } while (0)
static const char *file;

static void show(const char *what) {
  MUST(unshare(CLONE_NEWNS));
  MUST(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
  MUST(mount("tmpfs", "/mnt", "tmpfs", 0, NULL));
  MUST(close(open("/mnt/p", O_CREAT | O_WRONLY, 0600)));
  MUST(mount(what, "/mnt/p", NULL, MS_BIND, NULL));
}

static void up(void) {
  printf("up %d\n", getpid());
  fflush(stdout);
  sleep(60);
  exit(0);
}

static void *in_thread(void *unused) {
  show(file);
  up();
  return unused;
}

static void *later(void *unused) {
  usleep(200000); // the main thread has exited by then
  up();
  return unused;
}

static void child(const char *root) {
  pid_t parent = getpid();
  if (fork() != 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);
  if (root != NULL) MUST(chroot(root));
  sleep(60);
  _exit(0);
}

static void send_own_namespace(int through) {
  int own = open("/proc/self/ns/mnt", O_RDONLY);
  char byte = 1, control[CMSG_SPACE(sizeof own)];
  struct iovec data = {&byte, 1};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof own);
  memcpy(CMSG_DATA(header), &own, sizeof own);
  MUST(sendmsg(through, &message, 0));
}

int main(int count, char **words) {
  if (count < 3) return 2;
  const char *how = words[1];
  file = words[2];
  pthread_t thread;
  if (strcmp(how, "thread") == 0) {
    pthread_create(&thread, NULL, in_thread, NULL);
    sleep(60);
  } else if (strcmp(how, "exited") == 0) {
    show(file);
    pthread_create(&thread, NULL, later, NULL);
    pthread_exit(NULL);
  } else if (strcmp(how, "chroots") == 0) {
    show(file);
    MUST(mkdir("/mnt/empty", 0755));
    for (int n = 0; n < 6; n++) child("/mnt/empty");
    child(NULL);
    MUST(chroot("/mnt/empty"));
    up();
  } else if (strcmp(how, "in-flight") == 0) {
    int pair[2];
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    pid_t sender = fork();
    if (sender == 0) {
      show(file);
      send_own_namespace(pair[0]);
      _exit(0);
    }
    waitpid(sender, NULL, 0);
    up();
  } else if (strcmp(how, "unlinked") == 0) {
    char second[4096];
    snprintf(second, sizeof second, "%s.second", file);
    MUST(link(file, second));
    show(second);
    MUST(unlink(second));
    up();
  }
  return 2;
}
