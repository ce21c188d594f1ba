#ifndef CK_ORDERING_KERNELS_H
#define CK_ORDERING_KERNELS_H

#include "../include/ckernels_ordering.h"

void ck_u32_sort__scalar(size_t n, uint32_t *keys, uint32_t *scratch);
#if defined(__x86_64__)
void ck_u32_sort__avx512(size_t n, uint32_t *keys, uint32_t *scratch);
#endif

#endif
