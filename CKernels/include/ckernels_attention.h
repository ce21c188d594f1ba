/// Attention: `softmax(scale * Q Kᵀ + mask) V` for many heads, a few queries at a time, the scores of which stay in the cache.
#ifndef CKERNELS_ATTENTION_H
#define CKERNELS_ATTENTION_H

#include "ckernels_gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { CK_ATTENTION_BATCH_RANK = 4 };

/// Strided views: element (i, j) of a matrix is at `data + i * row + j * column`, plus the batch indices times the batch strides.
/// Stride 0 broadcasts (never in the result, whose columns follow each other).
typedef struct ck_f32_attention_view {
  const float *data;
  size_t row, column, batch[CK_ATTENTION_BATCH_RANK];
} ck_f32_attention_view;

typedef struct ck_f32_attention_args {
  size_t m, n;                            ///< queries, keys
  size_t d, dv;                           ///< sizes of a key and of a value
  size_t batch[CK_ATTENTION_BATCH_RANK];  ///< outermost first; 1 where unused
  ck_f32_attention_view q;                ///< [m, d]
  ck_f32_attention_view k;                ///< [n, d]
  ck_f32_attention_view v;                ///< [n, dv]
  ck_f32_attention_view mask;             ///< [m, n], column stride 1; data NULL: none
  float *out;                             ///< must not overlap the operands
  size_t o_row, o_batch[CK_ATTENTION_BATCH_RANK];
  float scale;
} ck_f32_attention_args;

/// Relative error against double precision: that of a product of these sizes and of ``ck_f32_softmax``. A query whose scores are
/// all -inf gives NaN, as softmax does.
///
/// Scratch depends on sizes alone and does not hold the scores of more than one tile of queries per thread.
size_t ck_f32_attention_scratch_bytes(const ck_gemm_config *config, const ck_f32_attention_args *args, int threads);
void ck_f32_attention(const ck_gemm_config *config, const ck_f32_attention_args *args, void *scratch, int threads);

#ifdef __cplusplus
}
#endif

#endif
