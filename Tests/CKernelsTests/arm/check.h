// What the checks that run under an ARM emulator share: numbers, memory behind guard pages, and a verdict.
#ifndef CHECK_H
#define CHECK_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static uint64_t check_state = 1;

static inline uint64_t draw(void) {
  check_state = check_state * 6364136223846793005u + 1442695040888963407u;
  return check_state >> 33;
}
static inline size_t draw_size(size_t low, size_t high) { return low + draw() % (high - low + 1); }
static inline float draw_float(void) { return (float)((int)(draw() % 2001) - 1000) / 1000; }

typedef struct guarded {
  float *base;
  void *region;
  size_t mapped;
} guarded;

/// `count` floats that end where a page nobody may touch begins.
static inline guarded guard(size_t count) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE), bytes = count * sizeof(float);
  const size_t pages = (bytes + page - 1) / page * page;
  char *region = mmap(NULL, pages + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (region == MAP_FAILED || mprotect(region + pages, page, PROT_NONE) != 0) {
    perror("mmap");
    exit(2);
  }
  return (guarded){(float *)(region + pages - bytes), region, pages + page};
}
static inline guarded guard_random(size_t count) {
  guarded buffer = guard(count);
  for (size_t i = 0; i < count; ++i) buffer.base[i] = draw_float();
  return buffer;
}
static inline guarded guard_bytes(size_t bytes) { return guard((bytes + 63) / 64 * 16); }
static inline void release(guarded buffer) { munmap(buffer.region, buffer.mapped); }

static inline void expect_near(float found, double wanted, double tolerance, const char *what) {
  if (found == wanted || fabs(found - wanted) <= tolerance * (1 + fabs(wanted)) || (isnan(found) && isnan(wanted))) return;
  fprintf(stderr, "%s: expected %g, found %g\n", what, wanted, found);
  exit(1);
}

static inline void expect_same(const void *found, const void *wanted, size_t bytes, const char *what) {
  const unsigned char *a = found, *b = wanted;
  for (size_t i = 0; i < bytes; ++i) {
    if (a[i] == b[i]) continue;
    fprintf(stderr, "%s: byte %zu: expected %d, found %d\n", what, i, b[i], a[i]);
    exit(1);
  }
}

#endif
