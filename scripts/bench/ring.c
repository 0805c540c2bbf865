// The limit that the load generator is measured against: the same ring, written in C. Prints one JSON object.
//   ring stream  SIZE SLOTS BATCH SECONDS   one way, copied in and copied out: messages/s
//   ring duplex  SIZE SLOTS BATCH SECONDS   there and back, one in flight: p50 and p99 in ns
//   ring memcpy  SIZE SLOTS BATCH SECONDS   one processor copies the same messages into the same ring alone: bytes/s
// Two processes on the first two processors allowed, a System V segment that is marked for removal as soon as it is attached.
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WINDOWS = 61, STEP = 64, HEADER = 0x4000, SAMPLES = 1 << 20 };

struct line { _Alignas(128) _Atomic uint32_t value; };
struct ring { struct line head, tail, control; _Alignas(128) _Atomic uint64_t sent, received; };

static size_t size, stride, slots, batch;
static uint8_t *table;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// The compiler must believe that somebody reads the copy, or it leaves the copy out.
static inline void consume(const void *p) { __asm__ volatile("" : : "r"(p) : "memory"); }

static void pin(int which) {
  cpu_set_t allowed, one;
  sched_getaffinity(0, sizeof allowed, &allowed);
  for (int cpu = 0, seen = 0; cpu < CPU_SETSIZE; cpu++) {
    if (!CPU_ISSET(cpu, &allowed) || seen++ != which) continue;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
    return;
  }
}

static inline uint8_t *slot(struct ring *r, uint32_t n) { return (uint8_t *)r + HEADER + (n & (slots - 1)) * stride; }

static inline void write_message(struct ring *r, uint32_t n) {
  uint8_t *to = slot(r, n);
  memcpy(to, table + (n % WINDOWS) * STEP, size);
  memcpy(to, &n, 4);
  memcpy(to + size - 4, &n, 4);
}

static void produce(struct ring *r) {
  uint32_t head = 0, tail = 0, published = 0;
  while (!atomic_load_explicit(&r->control.value, memory_order_relaxed)) {
    if (head - tail == slots) {
      if (published != head) atomic_store_explicit(&r->head.value, published = head, memory_order_release);
      while ((tail = atomic_load_explicit(&r->tail.value, memory_order_acquire)) + slots == head) {
        if (atomic_load_explicit(&r->control.value, memory_order_relaxed)) return;
        relax();
      }
    }
    write_message(r, head++);
    if (head - published >= batch) atomic_store_explicit(&r->head.value, published = head, memory_order_release);
  }
}

static void receive(struct ring *r, uint8_t *copy) {
  uint32_t head = 0, tail = 0, released = 0;
  for (uint64_t received = 0;;) {
    if (head == tail) {
      if (released != tail) atomic_store_explicit(&r->tail.value, released = tail, memory_order_release);
      atomic_store_explicit(&r->received, received, memory_order_relaxed);
      while ((head = atomic_load_explicit(&r->head.value, memory_order_acquire)) == tail) {
        if (atomic_load_explicit(&r->control.value, memory_order_relaxed)) return;
        relax();
      }
    }
    memcpy(copy, slot(r, tail++), size);
    consume(copy);
    received++;
    if (tail - released >= batch) {
      atomic_store_explicit(&r->tail.value, released = tail, memory_order_release);
      atomic_store_explicit(&r->received, received, memory_order_relaxed);
    }
  }
}

static int by_value(const void *a, const void *b) { return (*(double *)a > *(double *)b) - (*(double *)a < *(double *)b); }

static void ping(struct ring *there, struct ring *back, uint8_t *copy, double seconds) {
  double *trips = malloc(SAMPLES * sizeof *trips), end = now() + (seconds + 0.1) * 1e9, warm = now() + 0.1e9;
  size_t count = 0;
  for (uint32_t n = 0;; n++) {
    double start = now();
    if (start > end || count == SAMPLES) break;
    write_message(there, n);
    atomic_store_explicit(&there->head.value, n + 1, memory_order_release);
    while (atomic_load_explicit(&back->head.value, memory_order_acquire) != n + 1) {}
    memcpy(copy, slot(back, n), size);
    consume(copy);
    if (start > warm) trips[count++] = now() - start;
  }
  qsort(trips, count, sizeof *trips, by_value);
  printf("{\"p50\":%.0f,\"p99\":%.0f,\"count\":%zu}\n", trips[count / 2], trips[count * 99 / 100], count);
}

static void pong(struct ring *there, struct ring *back, uint8_t *copy) {
  for (uint32_t n = 0;; n++) {
    while (atomic_load_explicit(&there->head.value, memory_order_acquire) == n)
      if (atomic_load_explicit(&there->control.value, memory_order_relaxed)) return;
    memcpy(copy, slot(there, n), size);
    memcpy(slot(back, n), copy, size);
    atomic_store_explicit(&back->head.value, n + 1, memory_order_release);
  }
}

int main(int argc, char **argv) {
  if (argc != 6) return fprintf(stderr, "usage: ring stream|duplex|memcpy SIZE SLOTS BATCH SECONDS\n"), 2;
  const char *job = argv[1];
  size = strtoul(argv[2], 0, 10), slots = strtoul(argv[3], 0, 10), batch = strtoul(argv[4], 0, 10);
  stride = size < 64 ? 64 : (size + 63) / 64 * 64;
  double seconds = atof(argv[5]);
  size_t bytes = HEADER + slots * stride;
  table = malloc(size + WINDOWS * STEP);
  for (size_t i = 0; i < size + WINDOWS * STEP; i++) table[i] = (uint8_t)(i * 2654435761u >> 13);
  int id = shmget(IPC_PRIVATE, bytes * 2, IPC_CREAT | 0600);
  uint8_t *memory = shmat(id, 0, 0);
  shmctl(id, IPC_RMID, 0);
  if (id < 0 || memory == (void *)-1) return perror("shmget"), 1;
  memset(memory, 0, bytes * 2);
  struct ring *there = (void *)memory, *back = (void *)(memory + bytes);
  uint8_t *copy = malloc(stride);

  if (!strcmp(job, "memcpy")) {
    pin(0);
    uint32_t n = 0;
    for (double end = now() + 0.1e9; now() < end;) for (int i = 0; i < 64; i++) write_message(there, n++);
    double start = now(), elapsed = 0, count = 0;
    while (elapsed < seconds * 1e9) {
      for (int i = 0; i < 64; i++) write_message(there, n++);
      count += 64;
      elapsed = now() - start;
    }
    printf("{\"bytesPerSecond\":%.0f}\n", count * size / elapsed * 1e9);
    return 0;
  }
  int isDuplex = !strcmp(job, "duplex");
  pid_t parent = getpid(), child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) return 1;
    pin(1);
    if (isDuplex) pong(there, back, copy);
    else receive(there, copy);
    return 0;
  }
  if (isDuplex) {
    pin(0);
    ping(there, back, copy, seconds);
    atomic_store(&there->control.value, 1);
    return waitpid(child, 0, 0) < 0;
  }
  pid_t producer = fork();
  if (producer == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) return 1;
    pin(0);
    produce(there);
    return 0;
  }
  usleep(150000);
  double start = now();
  uint64_t from = atomic_load(&there->received);
  usleep((useconds_t)(seconds * 1e6));
  uint64_t count = atomic_load(&there->received) - from;
  double elapsed = now() - start;
  atomic_store(&there->control.value, 1);
  waitpid(child, 0, 0);
  waitpid(producer, 0, 0);
  printf("{\"messagesPerSecond\":%.0f,\"bytesPerSecond\":%.0f}\n", count / elapsed * 1e9, count * size / elapsed * 1e9);
  return 0;
}
