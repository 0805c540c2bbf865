// What the files of the lab share. The lab makes one case of shared memory, says in one JSON line what it made, and keeps
// it until its standard input ends. It knows nothing of shmtop: what it says is the truth that shmtop is measured by.
#ifndef LAB_H
#define LAB_H
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096UL
// Every object of the lab is this much short of whole pages, so that a leftover on the host can be known as ours.
#define MARK 171UL

// Exit status for "this machine cannot make that case"; the reason is on standard error.
#define UNSUPPORTED 77

struct options {
  const char *how;
  const char *name; // decoded bytes, NUL-terminated
  const char *path;
  key_t key;
  int mode;
  uid_t uid;
  size_t pages;
  bool unlink;
};

// report.c: the JSON line
void say(const char *key, const char *format, ...) __attribute__((format(printf, 2, 3)));
void say_text(const char *key, const char *text);
void say_range(const char *key, const void *start, size_t bytes);
void say_file(int fd);
void say_mapped(const void *address);
void say_segment(int shmid);
void say_pid(const char *key, pid_t pid);
void say_all(void);         // prints the line
void wait_for_end(void);    // of standard input
void finish(void);          // both, and exits
void fail(const char *what) __attribute__((noreturn));
void unsupported(const char *what) __attribute__((noreturn));

// process.c: children in the states that matter
void open_channel(void);                // for tell and hear
pid_t start_child(void);                // fork(2); the child dies with us
pid_t start_child_as(pid_t pid);        // the same with a pid of our choice (clone3 set_tid)
void reap(pid_t pid);                   // waits until it is gone from the process table
void wait_for_state(pid_t pid, char state);
void tell(int value);                   // child -> parent, over the pipe that start_child made
int hear(void);
void stay(void) __attribute__((noreturn));

// the cases
void make_sysv(const struct options *options);
void make_shm(const struct options *options);
void make_semaphore(const struct options *options);
void make_memfd(const struct options *options);
void make_anonymous(const struct options *options);
void make_file(const struct options *options);
void make_entry(const struct options *options);
void make_leader_gone(const struct options *options);
void make_same_number(const struct options *options);
void make_other_mount(const struct options *options);
void make_undumpable(const struct options *options);
void make_thread_files(const struct options *options);
void make_churn(const struct options *options);
void run_init(const struct options *options);

size_t size_of(const struct options *options);
int open_shm(const char *name, size_t size);
void *map_shared(int fd, size_t size);
#endif
