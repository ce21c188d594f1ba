#if defined(__x86_64__)
#include <immintrin.h>

#include <string.h>

#include "../pixels.h"
#include "levels.h"

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define CK_IMAGE_VECTOR_BYTES 32
#include "vectors.inc"
#pragma clang attribute pop

CK_IMAGE_KERNELS(avx2)
#else
typedef int ck_image_no_avx2;
#endif
