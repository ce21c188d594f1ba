#include "ckernels_threads.h"

#include <stdlib.h>

// Of LLVM's OpenMP, in milliseconds; absent from others.
extern void kmp_set_blocktime(int) __attribute__((weak));

void ck_threads_begin(void) {
#ifdef _OPENMP
  if (kmp_set_blocktime && !getenv("KMP_BLOCKTIME") && !getenv("OMP_WAIT_POLICY")) kmp_set_blocktime(1);
#endif
}
