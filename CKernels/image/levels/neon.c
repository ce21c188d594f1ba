#if defined(__aarch64__)
#include <arm_neon.h>

#include <string.h>

#include "../pixels.h"
#include "levels.h"

#define CK_IMAGE_VECTOR_BYTES 16
#include "vectors.inc"

CK_IMAGE_KERNELS(neon)
#else
typedef int ck_image_no_neon;
#endif
