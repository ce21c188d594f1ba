#if defined(__x86_64__)
#include <immintrin.h>

#include <string.h>

#include "../ik.h"
#include "levels.h"

#pragma clang attribute push(__attribute__((target("avx2,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#define IK_VECTOR_BYTES 64
#include "vectors.inc"
#pragma clang attribute pop

IK_KERNELS(avx512)
#else
typedef int ik_no_avx512;
#endif
