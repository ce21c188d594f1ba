// How work is divided among threads. Every division is by whole results, so that no sum depends on the number of threads.
#ifndef CK_PARALLEL_H
#define CK_PARALLEL_H

#include "../isa/float_mode.h"

#include <stddef.h>

// Threads worth starting for `work` units if one thread should get at least `grain` of them.
static inline int ck_team(int threads, size_t work, size_t grain) {
  if (threads < 2 || work < 2 * grain) return 1;
  size_t most = work / grain;
  return most < (size_t)threads ? (int)most : threads;
}

// Where part `i` of `parts` of `total` begins; part `i` ends where `i + 1` begins.
static inline size_t ck_part(size_t total, int parts, int i) {
  size_t p = (size_t)parts, k = (size_t)i, each = total / p, rest = total % p;
  return each * k + (k < rest ? k : rest);
}

// Likewise, at multiples of 64 so that threads do not share cache lines.
static inline size_t ck_part64(size_t total, int parts, int i) {
  return i == parts ? total : ck_part(total / 64, parts, i) * 64;
}

// Runs the statement that follows `i` and `team` for `i` in `0 ..< team`. A team of one never enters the OpenMP runtime, whose
// serialised region alone costs 0.4 microseconds. Every thread computes in the caller's mode for denormal numbers.
#define CK_STRINGIFY(x) #x
#define CK_OMP(x) _Pragma(CK_STRINGIFY(x))
#define CK_PARALLEL(i, team, ...)                                             \
  do {                                                                        \
    if (team < 2) {                                                           \
      for (int i = 0; i < 1; ++i) __VA_ARGS__                                 \
    } else {                                                                  \
      const uint64_t ck_mode = ck_float_mode();                               \
      CK_OMP(omp parallel for num_threads(team) schedule(static, 1))          \
      for (int i = 0; i < team; ++i) {                                        \
        const uint64_t ck_own = ck_float_mode();                              \
        ck_set_float_mode(ck_mode);                                           \
        __VA_ARGS__                                                           \
        ck_set_float_mode(ck_own);                                            \
      }                                                                       \
    }                                                                         \
  } while (0)

#endif
