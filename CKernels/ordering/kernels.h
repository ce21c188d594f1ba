#ifndef CK_ORDERING_KERNELS_H
#define CK_ORDERING_KERNELS_H

#include "../include/ckernels_ordering.h"

#define CK_ORDERING_LEVEL(level)                                                \
  void ck_u32_sort__##level(size_t n, uint32_t *keys, uint32_t *scratch);       \
  void ck_f32_to_keys__##level(size_t n, const uint32_t *bits, uint32_t *keys); \
  void ck_f32_from_keys__##level(size_t n, uint32_t *keys);

CK_ORDERING_LEVEL(scalar)
#if defined(__x86_64__)
CK_ORDERING_LEVEL(avx512)
#endif

#endif
