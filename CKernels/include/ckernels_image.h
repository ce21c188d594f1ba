#pragma once

/// Kernels on pixels in memory, for MNNCV alone.
///
/// Rows have no gaps unless a stride is given; channels lie next to each other. Nothing is allocated and nothing is kept
/// between calls: tables and scratch are the caller's. Results do not depend on the instruction set: floating-point
/// contraction is off, and sums are taken in the order that the comments say.

#include "ckernels_image_arithmetic.h"
#include "ckernels_image_color.h"
#include "ckernels_image_color_planar.h"
#include "ckernels_image_color_space.h"
#include "ckernels_image_components.h"
#include "ckernels_image_contours.h"
#include "ckernels_image_filter.h"
#include "ckernels_image_levels.h"
#include "ckernels_image_morphology.h"
#include "ckernels_image_resize.h"
#include "ckernels_image_threshold.h"
#include "ckernels_image_warp.h"
