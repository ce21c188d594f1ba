#pragma once
#include "../include/ik_levels.h"

#define IK_LEVEL(level, names) extern const ik_kernels ik_kernels__##level;
#include "levels.inc"
#undef IK_LEVEL
