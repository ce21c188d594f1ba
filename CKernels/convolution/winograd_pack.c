#include "../isa/parallel.h"
#include "winograd.h"

#include <string.h>

enum { MOST_COLUMNS = 64 };

size_t ck_f32_winograd_packed_floats(const ck_gemm_config *config, const ck_conv2d_shape *shape, size_t size) {
  const size_t nr = (size_t)config->nr;
  return ck_divide_up(shape->oc, nr) * (size + 2) * (size + 2) * shape->ic * nr;
}

/// Three filter values to `size + 2`: the filter's polynomial at the points of the transform.
static void transform(const float *g, size_t step, size_t size, size_t columns, float *to, size_t to_step) {
  const float *g0 = g, *g1 = g + step, *g2 = g + 2 * step;
  for (size_t n = 0; n < columns; ++n) {
    const float even = g0[n] + g2[n], odd = g1[n];
    if (size == 2) {
      to[n] = g0[n];
      to[to_step + n] = (even + odd) / 2;
      to[2 * to_step + n] = (even - odd) / 2;
      to[3 * to_step + n] = g2[n];
      continue;
    }
    const float even2 = g0[n] / 24 + g2[n] / 6, odd2 = odd / 12;
    to[n] = g0[n] / 4;
    to[to_step + n] = (even + odd) / -6;
    to[2 * to_step + n] = (even - odd) / -6;
    to[3 * to_step + n] = even2 + odd2;
    to[4 * to_step + n] = even2 - odd2;
    to[5 * to_step + n] = g2[n];
  }
}

typedef struct winograd_pack_job {
  size_t size, ic, oc, nr;
  const float *weights;
  float *packed;
} winograd_pack_job;

/// One panel of output channels.
static void pack_item(const void *context, size_t panel, int thread) {
  const winograd_pack_job *job = context;
  const size_t nr = job->nr, points = job->size + 2, first = panel * nr, columns = ck_min_size(job->oc - first, nr);
  float filter[9 * MOST_COLUMNS], half[3 * 6 * MOST_COLUMNS];
  float *packed = job->packed + panel * points * points * job->ic * nr;
  (void)thread;
  memset(filter, 0, sizeof filter);
  for (size_t channel = 0; channel < job->ic; ++channel) {
    for (size_t n = 0; n < columns; ++n)
      for (size_t tap = 0; tap < 9; ++tap) filter[tap * nr + n] = job->weights[((first + n) * job->ic + channel) * 9 + tap];
    // Columns first: half[y][x] for `size + 2` y and three x.
    for (size_t x = 0; x < 3; ++x) transform(filter + x * nr, 3 * nr, job->size, nr, half + x * nr, 3 * nr);
    for (size_t y = 0; y < points; ++y)
      transform(half + y * 3 * nr, nr, job->size, nr, packed + (y * points * job->ic + channel) * nr, job->ic * nr);
  }
}

void ck_f32_winograd_pack(const ck_gemm_config *config, const ck_conv2d_shape *shape, size_t size, const float *weights,
                          float *packed, int threads) {
  const winograd_pack_job job = {size, shape->ic, shape->oc, (size_t)config->nr, weights, packed};
  ck_parallel(ck_divide_up(shape->oc, job.nr), threads, pack_item, &job);
}
