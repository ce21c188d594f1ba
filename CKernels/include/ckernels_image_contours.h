#pragma once
#include <stddef.h>
#include <stdint.h>

/// What following the borders of regions needs, on labels: 0 outside, 1 inside, and numbers of borders, in rows of `width` with a
/// frame of zeros.

/// The first of `x` to before `end` that differs from its left or its right neighbor, or `end`.
size_t ck_image_next_change(const int32_t *row, size_t x, size_t end);
/// Follows a border from the pixel at `start`, from whose left (`from_left`) or right the outside was seen, and marks its pixels
/// by `number`, negative where the pixel to the right was seen outside.
///
/// Writes the first `capacity` of its points, x and y without the frame, and returns how many there are. A second call does the
/// same again.
size_t ck_image_follow_border(int32_t *labels, size_t width, size_t start, int from_left, int32_t number, int32_t *points,
                              size_t capacity);
/// The same for the pixels whose label is that of `start` in its lower 30 bits: sets bit 30 of its pixels, and `number` in
/// `latest`, which lies like `labels`.
///
/// The frame is two pixels wide: zeros, and around them another value. Points are without it.
size_t ck_image_follow_region(int32_t *labels, int32_t *latest, size_t width, size_t start, int from_left, int32_t number,
                              int32_t *points, size_t capacity);
