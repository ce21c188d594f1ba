#if defined(__aarch64__)
#include <arm_neon.h>

#include <string.h>

#include "../ik.h"
#include "levels.h"

#define IK_VECTOR_BYTES 16
#include "vectors.inc"

IK_KERNELS(neon)
#else
typedef int ik_no_neon;
#endif
