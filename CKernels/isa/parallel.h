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

/// Calls `body(context, item, thread)` for each item below `items`, in any order; `thread` is below `threads`.
/// Every thread computes in the caller's mode for denormal numbers.
static inline void ck_parallel(size_t items, int threads, void (*body)(const void *context, size_t item, int thread),
                               const void *context) {
  if ((size_t)(threads > 1 ? threads : 1) > items) threads = (int)items;
  if (threads <= 1) {
    for (size_t i = 0; i < items; ++i) body(context, i, 0);
    return;
  }
  // A counter instead of schedule(dynamic), which newer compilers lower to calls that older OpenMP runtimes lack.
  size_t next = 0;
  const uint64_t mode = ck_float_mode();
#pragma omp parallel num_threads(threads)
  {
    const uint64_t own = ck_float_mode();
    ck_set_float_mode(mode);
    const int thread = omp_get_thread_num();
    size_t i;
    while ((i = __atomic_fetch_add(&next, 1, __ATOMIC_RELAXED)) < items) body(context, i, thread);
    ck_set_float_mode(own);
  }
}

#endif
