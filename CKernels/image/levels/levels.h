#pragma once
#include "ckernels_image_levels.h"

#define CK_IMAGE_LEVEL(level, names) extern const ck_image_kernels ck_image_kernels__##level;
#include "levels.inc"
#undef CK_IMAGE_LEVEL
