#include "../isa/parallel.h"
#include "grouped.h"
#include "winograd.h"

#include <string.h>

typedef struct conv2d_pack_job {
  size_t taps, ic, oc, nr, panels;  ///< channels of a group
  ck_conv2d_algorithm algorithm;
  const float *weights;
  float *packed;
} conv2d_pack_job;

static void pack_item(const void *context, size_t item, int thread) {
  const conv2d_pack_job *job = context;
  const size_t group = item / job->panels, first = item % job->panels * job->nr;
  const size_t columns = ck_min_size(job->oc - first, job->nr), k = job->taps * job->ic, nr = job->nr;
  const float *from = job->weights + (group * job->oc + first) * k;
  float *to = job->packed + item * k * nr;
  (void)thread;
  if (job->algorithm == CK_CONV2D_TRANSPOSED) {
    from = job->weights + (group * job->ic * job->oc + first) * job->taps;
    for (size_t tap = 0; tap < job->taps; ++tap, to += job->ic * nr)
      ck_f32_pack_panel((ck_f32_view){from + tap, job->oc * job->taps, job->taps}, job->ic, columns, nr, to);
    return;
  }
  if (job->algorithm == CK_CONV2D_PLANAR || job->taps == 1) {
    ck_f32_pack_panel((ck_f32_view){from, 1, k}, k, columns, nr, to);
    return;
  }
  for (size_t channel = 0; channel < job->ic; ++channel)
    for (size_t tap = 0; tap < job->taps; ++tap, ++from) {
      float *row = to + (tap * job->ic + channel) * nr;
      for (size_t n = 0; n < columns; ++n) row[n] = from[n * k];
      memset(row + columns, 0, (nr - columns) * sizeof(float));
    }
}

static int is_general(ck_conv2d_algorithm algorithm) {
  return algorithm == CK_CONV2D_GENERAL || algorithm == CK_CONV2D_GENERAL_TRANSPOSED;
}

size_t ck_f32_conv2d_packed_bytes(const ck_gemm_config *config, const ck_conv2d_shape *s, ck_conv2d_algorithm algorithm) {
  const size_t k = s->kh * s->kw * (s->ic / s->groups);
  if (is_general(algorithm)) return s->oc * k * sizeof(float);
  const size_t size = ck_winograd_size(algorithm);
  if (size) return ck_f32_winograd_packed_floats(config, s, size) * sizeof(float);
  if (algorithm == CK_CONV2D_GROUPED) return ck_f32_grouped_packed_floats(config, s) * sizeof(float);
  return s->groups * ck_f32_gemm_packed_bytes(config, k, s->oc / s->groups);
}

void ck_f32_conv2d_pack(const ck_gemm_config *config, const ck_conv2d_shape *s, ck_conv2d_algorithm algorithm,
                        const float *weights, float *packed, int threads) {
  if (is_general(algorithm)) {
    memcpy(packed, weights, ck_f32_conv2d_packed_bytes(config, s, algorithm));
    return;
  }
  if (ck_winograd_size(algorithm)) {
    ck_f32_winograd_pack(config, s, ck_winograd_size(algorithm), weights, packed, threads);
    return;
  }
  if (algorithm == CK_CONV2D_GROUPED) {
    ck_f32_grouped_pack(config, s, weights, packed);
    return;
  }
  const size_t nr = (size_t)config->nr, oc = s->oc / s->groups;
  conv2d_pack_job job = {
      .taps = s->kh * s->kw,
      .ic = s->ic / s->groups,
      .oc = oc,
      .nr = nr,
      .panels = ck_divide_up(oc, nr),
      .algorithm = algorithm,
      .weights = weights,
      .packed = packed,
  };
  ck_parallel(s->groups * job.panels, threads, pack_item, &job);
}
