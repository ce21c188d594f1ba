#if defined(__x86_64__)
#include <immintrin.h>

#include <string.h>

#include "../ik.h"
#include "levels.h"

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define IK_VECTOR_BYTES 32
#include "vectors.inc"
#pragma clang attribute pop

IK_KERNELS(avx2)
#else
typedef int ik_no_avx2;
#endif
