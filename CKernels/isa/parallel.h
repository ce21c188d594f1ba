/// How work is divided among threads. Every division is by whole results, so that no sum depends on the number of threads.
#ifndef CKERNELS_PARALLEL_H
#define CKERNELS_PARALLEL_H

#include "float_mode.h"

#include <stddef.h>

#ifdef _OPENMP
int omp_get_thread_num(void);
#else
static inline int omp_get_thread_num(void) { return 0; }
#endif

/// Items `next ..< end`, on a cache line of its own.
typedef struct ck_share {
  _Alignas(64) size_t next;
  size_t end;
} ck_share;

enum { CK_MAX_SHARES = 64 };

/// Calls `body(context, item, thread)` for each item below `items`, in any order; `thread` is below `threads`.
/// Every thread computes in the caller's mode for denormal numbers.
///
/// A thread begins with a share of neighboring items, so that it often reads what it wrote in the loop before: a line from
/// another core's cache costs several times as much. Whoever is done takes from the shares of the others, also where the system
/// gives fewer threads than asked for.
static inline void ck_parallel(size_t items, int threads, void (*body)(const void *context, size_t item, int thread),
                               const void *context) {
  if ((size_t)(threads > 1 ? threads : 1) > items) threads = (int)items;
  if (threads <= 1) {
    for (size_t i = 0; i < items; ++i) body(context, i, 0);
    return;
  }
  ck_share shares[CK_MAX_SHARES];
  const size_t count = threads < CK_MAX_SHARES ? (size_t)threads : CK_MAX_SHARES, each = items / count, rest = items % count;
  for (size_t k = 0, begin = 0; k < count; ++k) {
    const size_t end = begin + each + (k < rest);
    shares[k] = (ck_share){begin, end};
    begin = end;
  }
  const uint64_t mode = ck_float_mode();
#pragma omp parallel num_threads(threads)
  {
    const uint64_t own = ck_float_mode();
    ck_set_float_mode(mode);
    const int thread = omp_get_thread_num();
    for (size_t k = 0; k < count; ++k) {
      ck_share *share = &shares[((size_t)thread + k) % count];
      size_t i;
      // A counter instead of schedule(dynamic), which newer compilers lower to calls that older OpenMP runtimes lack.
      while ((i = __atomic_fetch_add(&share->next, 1, __ATOMIC_RELAXED)) < share->end) body(context, i, thread);
    }
    ck_set_float_mode(own);
  }
}

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
static inline size_t ck_part64(size_t total, int parts, int i) { return i == parts ? total : ck_part(total / 64, parts, i) * 64; }

// Runs the statement that follows `i` and `team` for `i` in `0 ..< team`. A team of one never enters the OpenMP runtime, whose
// serialized region alone costs 0.4 microseconds. Every thread computes in the caller's mode for denormal numbers.
#define CK_STRINGIFY(x) #x
#define CK_OMP(x) _Pragma(CK_STRINGIFY(x))
#define CK_PARALLEL(i, team, ...)                                    \
  do {                                                               \
    if (team < 2) {                                                  \
      for (int i = 0; i < 1; ++i) __VA_ARGS__                        \
    } else {                                                         \
      const uint64_t ck_mode = ck_float_mode();                      \
      CK_OMP(omp parallel for num_threads(team) schedule(static, 1)) \
      for (int i = 0; i < team; ++i) {                               \
        const uint64_t ck_own = ck_float_mode();                     \
        ck_set_float_mode(ck_mode);                                  \
        __VA_ARGS__                                                  \
        ck_set_float_mode(ck_own);                                   \
      }                                                              \
    }                                                                \
  } while (0)

#endif
