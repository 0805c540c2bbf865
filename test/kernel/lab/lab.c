// lab COMMAND [--how WORD] [--name TEXT | --hex BYTES] [--path P] [--key K] [--mode M] [--uid U] [--pages N] [--comm-hex BYTES] [--unlink]
#include "lab.h"
#include <sys/prctl.h>

static const struct {
  const char *name;
  void (*make)(const struct options *);
} commands[] = {
    {"sysv", make_sysv},           {"shm", make_shm},
    {"semaphore", make_semaphore}, {"memfd", make_memfd},
    {"anonymous", make_anonymous}, {"file", make_file},
    {"entry", make_entry},         {"leader-gone", make_leader_gone},
    {"same-number", make_same_number}, {"other-mount", make_other_mount},
    {"undumpable", make_undumpable},   {"thread-files", make_thread_files},
    {"churn", make_churn},             {"init", run_init},
};

size_t size_of(const struct options *options) { return options->pages * PAGE - MARK; }

static const char *from_hex(const char *hex) {
  char *bytes = calloc(strlen(hex) / 2 + 1, 1);
  for (size_t i = 0; hex[i * 2] && hex[i * 2 + 1]; i++) {
    unsigned byte;
    if (sscanf(hex + i * 2, "%2x", &byte) != 1) fail("hex");
    bytes[i] = (char)byte;
  }
  return bytes;
}

static void take(struct options *options, const char *option, const char *value) {
  if (!strcmp(option, "--how")) options->how = value;
  else if (!strcmp(option, "--name")) options->name = value;
  else if (!strcmp(option, "--hex")) options->name = from_hex(value);
  else if (!strcmp(option, "--path")) options->path = value;
  else if (!strcmp(option, "--key")) options->key = (key_t)strtoul(value, NULL, 0);
  else if (!strcmp(option, "--mode")) options->mode = (int)strtoul(value, NULL, 8);
  else if (!strcmp(option, "--uid")) options->uid = (uid_t)strtoul(value, NULL, 10);
  else if (!strcmp(option, "--pages")) options->pages = strtoul(value, NULL, 10);
  else if (!strcmp(option, "--comm-hex")) prctl(PR_SET_NAME, from_hex(value));
  else fail(option);
}

int main(int count, char **words) {
  struct options options = {.how = "", .name = "", .path = "", .key = IPC_PRIVATE, .mode = 0600, .pages = 3};
  if (count < 2) fail("no command");
  umask(0);
  for (int i = 2; i < count; i++) {
    if (!strcmp(words[i], "--unlink")) options.unlink = true;
    else if (i + 1 < count) take(&options, words[i], words[i + 1]), i++;
    else fail(words[i]);
  }
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
    if (!strcmp(words[1], commands[i].name)) commands[i].make(&options);
  }
  errno = EINVAL;
  fail(words[1]);
}
