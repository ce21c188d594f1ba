/// The one loop over independent items that drivers share.
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
/// A thread begins with a share of neighbouring items, so that it often reads what it wrote in the loop before: a line from another
/// core's cache costs several times as much. Whoever is done takes from the shares of the others, also where the system gives fewer
/// threads than asked for.
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

#endif
