#pragma once
#include <stddef.h>
#include <stdint.h>

#include "ckernels_image_levels.h"

/// Compares every kernel of a level with the plainest one's, bit by bit, on random input that ends before a page nobody may
/// touch, for all counts up to two vectors and some above.
///
/// - Returns: 0, or 1 with the name of what differs in `message`.
int ck_image_check_level(const ck_image_kernels *_Nonnull level, uint64_t seed, char *_Nonnull message, size_t size);
