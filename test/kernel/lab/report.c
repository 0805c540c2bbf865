// The one JSON line that says what was made, and how a case ends.
#include "lab.h"
#include <stdarg.h>
#include <sys/sysmacros.h>

static char line[16384];
static size_t used;

static void put(const char *format, va_list arguments) {
  int length = vsnprintf(line + used, sizeof line - used, format, arguments);
  if (length < 0 || used + (size_t)length >= sizeof line) fail("line too long");
  used += (size_t)length;
}

static void put_text(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  put(format, arguments);
  va_end(arguments);
}

void say(const char *key, const char *format, ...) {
  put_text("%s\"%s\":", used ? "," : "{", key);
  va_list arguments;
  va_start(arguments, format);
  put(format, arguments);
  va_end(arguments);
}

void say_text(const char *key, const char *text) { say(key, "\"%s\"", text); }

void say_pid(const char *key, pid_t pid) { say(key, "%d", (int)pid); }

void say_range(const char *key, const void *start, size_t bytes) {
  uintptr_t from = (uintptr_t)start;
  uintptr_t to = from + (bytes + PAGE - 1) / PAGE * PAGE;
  say(key, "{\"start\":\"0x%lx\",\"end\":\"0x%lx\"}", (unsigned long)from, (unsigned long)to);
}

static void say_place(unsigned major, unsigned minor, unsigned long inode) {
  say("device", "\"%u:%u\"", major, minor);
  say("inode", "%lu", inode);
}

void say_file(int fd) {
  struct stat at;
  if (fstat(fd, &at) != 0) fail("fstat");
  say_place(major(at.st_dev), minor(at.st_dev), at.st_ino);
}

// Device and inode of a mapping that has no file to ask, from our own maps.
void say_mapped(const void *address) {
  FILE *maps = fopen("/proc/self/maps", "re");
  if (!maps) fail("/proc/self/maps");
  char text[8192];
  while (fgets(text, sizeof text, maps)) {
    unsigned long start, inode;
    unsigned major, minor;
    if (sscanf(text, "%lx-%*x %*s %*x %x:%x %lu", &start, &major, &minor, &inode) != 4) continue;
    if (start != (unsigned long)address) continue;
    say_place(major, minor, inode);
    fclose(maps);
    return;
  }
  fail("no such mapping in /proc/self/maps");
}

void say_segment(int shmid) {
  struct shmid_ds segment;
  if (shmctl(shmid, IPC_STAT, &segment) != 0) fail("IPC_STAT");
  say("shmid", "%d", shmid);
  say("key", "\"0x%08x\"", (unsigned)segment.shm_perm.__key);
  say("sizeBytes", "%zu", segment.shm_segsz);
  say("nattch", "%lu", (unsigned long)segment.shm_nattch);
  say_pid("cpid", segment.shm_cpid);
  say_pid("lpid", segment.shm_lpid);
  say("ctimeSec", "%ld", (long)segment.shm_ctime);
}

static void say_own_namespaces(void) {
  const char *names[] = {"ipc", "pid", "mnt"};
  const char *keys[] = {"ipcNamespace", "pidNamespace", "mountNamespace"};
  for (int i = 0; i < 3; i++) {
    char path[64], target[64];
    snprintf(path, sizeof path, "/proc/self/ns/%s", names[i]);
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length < 0) continue;
    target[length] = 0;
    char *number = strchr(target, '[');
    if (!number) continue;
    number[strcspn(number, "]")] = 0;
    say_text(keys[i], number + 1);
  }
}

void say_all(void) {
  say_pid("pid", getpid());
  say_own_namespaces();
  put_text("}\n");
  if (write(STDOUT_FILENO, line, used) != (ssize_t)used) exit(1);
}

void wait_for_end(void) {
  char byte;
  ssize_t got;
  while ((got = read(STDIN_FILENO, &byte, 1)) > 0 || (got < 0 && errno == EINTR)) continue;
}

void finish(void) {
  say_all();
  wait_for_end();
  exit(0); // children die with us (PR_SET_PDEATHSIG)
}

void fail(const char *what) {
  fprintf(stderr, "lab: %s: %s\n", what, strerror(errno));
  exit(1);
}

void unsupported(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(UNSUPPORTED);
}
