#pragma once
#include <stddef.h>
#include <stdint.h>

/// Connected pixels that are not 0.

/// Pixels of a row in a stretch: `start` to before `end`; `parent` leads to the first run of its region, whose `number` is its
/// label.
typedef struct {
  int32_t start, end, parent, number;
} ck_image_run;

/// Stretches of bytes that are not 0, as many as `n` / 2 + 1.
size_t ck_image_find_runs(const uint8_t *src, size_t n, ck_image_run *runs);

/// Finds the regions of 4 or 8 neighbors. Rows begin at the runs rows[0...height]; there is room for `height` times the most of
/// a row, which are fewer than 2^31. Labels count from 1 in the order in which pixels (4) or blocks of 2 x 2 (8) meet the
/// regions.
///
/// - Returns: the number of labels with the background's.
int32_t ck_image_number_runs(const uint8_t *src, size_t width, size_t height, int neighbors, ck_image_run *runs, size_t *rows);

/// Left, top, right, bottom and area of a label, 0 of it and less than 0 to its right if it has no pixels; and the sums of its
/// pixels' coordinates.
typedef struct {
  int32_t left, top, right, bottom, area;
  double x, y;
} ck_image_region;

/// Writes the label of each pixel, and what is known of each region.
void ck_image_label_runs(const ck_image_run *runs, const size_t *rows, size_t width, size_t height, int32_t *labels,
                         ck_image_region *regions, int32_t count);
