#pragma once

/// Kernels on pixels in memory, for MNNCV alone.
///
/// Rows have no gaps unless a stride is given; channels lie next to each other. Nothing is allocated and nothing is kept
/// between calls: tables and scratch are the caller's. Results do not depend on the instruction set: floating-point
/// contraction is off, and sums are taken in the order that the comments say.

#include "ik_arithmetic.h"
#include "ik_colour.h"
#include "ik_colour_planar.h"
#include "ik_colour_space.h"
#include "ik_components.h"
#include "ik_contours.h"
#include "ik_filter.h"
#include "ik_levels.h"
#include "ik_morphology.h"
#include "ik_resize.h"
#include "ik_threshold.h"
#include "ik_warp.h"
