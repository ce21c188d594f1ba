/// Reductions, softmax and normalizations. Conventions: `ckernels_layout.h`. The order of additions does not depend on threads.
#ifndef CKERNELS_REDUCE_H
#define CKERNELS_REDUCE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ck_reduce_kind : int32_t {
  CK_REDUCE_SUM = 0,
  CK_REDUCE_MEAN = 1,
  CK_REDUCE_MAX = 2,  ///< NaN if any is; -inf (integers: the least) if `n` is 0
  CK_REDUCE_MIN = 3,  ///< NaN if any is; +inf (integers: the greatest) if `n` is 0
  CK_REDUCE_PROD = 4,
  CK_REDUCE_SUM_SQUARE = 5,
  CK_REDUCE_L1 = 6,
  CK_REDUCE_L2 = 7,
  CK_REDUCE_LOG_SUM = 8,
  CK_REDUCE_LOG_SUM_EXP = 9,
} ck_reduce_kind;

/// `x: [outer, n, inner]` to `y: [outer, inner]`.
void ck_f32_reduce(uint32_t isa, ck_reduce_kind kind, size_t outer, size_t n, size_t inner, const float *x, float *y,
                   int threads);

void ck_f64_reduce(uint32_t isa, ck_reduce_kind kind, size_t outer, size_t n, size_t inner, const double *x, double *y,
                   int threads);

/// Integers: sums and products wrap; the mean goes toward zero. Kinds up to ``CK_REDUCE_L1``.
void ck_i32_reduce(uint32_t isa, ck_reduce_kind kind, size_t outer, size_t n, size_t inner, const int32_t *x, int32_t *y,
                   int threads);
void ck_i64_reduce(uint32_t isa, ck_reduce_kind kind, size_t outer, size_t n, size_t inner, const int64_t *x, int64_t *y,
                   int threads);
/// On bools: ``CK_REDUCE_MAX`` is any, ``CK_REDUCE_MIN`` is all.
void ck_u8_reduce(uint32_t isa, ck_reduce_kind kind, size_t outer, size_t n, size_t inner, const uint8_t *x, uint8_t *y,
                  int threads);

/// Index of the greatest (`least` = 0) or least element along `n`: the first of equals, or the last if `last` is not 0; the first
/// NaN wins. `y: [outer, inner]` holds `int32_t` (`index_bytes` = 4) or `int64_t` (8).
void ck_f32_arg_reduce(uint32_t isa, int least, int last, size_t outer, size_t n, size_t inner, const float *x, void *y,
                       size_t index_bytes, int threads);

/// Blocked `x: [blocks, spatial, c]` to `y: [blocks, c]` (`blocks` = N * ceil(C / c)): `CK_REDUCE_MEAN`, `_SUM` or `_MAX`.
void ck_f32_global_pool_blocked(uint32_t isa, ck_reduce_kind kind, size_t blocks, size_t spatial, size_t c, const float *x,
                                float *y, int threads);

/// Softmax (or its logarithm if `logarithm` is not 0) of `x: [outer, n, inner]` along `n`. `y` may be `x`.
void ck_f32_softmax(uint32_t isa, int logarithm, size_t outer, size_t n, size_t inner, const float *x, float *y, int threads);

/// Attention's softmax: `y[r, :] = softmax(scale * x[r, :] + mask[row(r), :])` for `rows` rows of `n`. Row `r` uses mask row
/// `(r / mask_repeat) % mask_rows`; `mask` may be NULL. A row that is -inf everywhere gives zeros. `y` may be `x`.
void ck_f32_softmax_masked(uint32_t isa, size_t rows, size_t n, float scale, const float *x, const float *mask, size_t mask_rows,
                           size_t mask_repeat, float *y, int threads);

/// `y = (v - mean(v)) / sqrt(var(v) + epsilon) * gamma + beta` for each row of `n` of `v = x + residual`, two passes.
///
/// `residual`, `gamma`, `beta` and `sum` may be NULL; `sum` receives `v`. `y` and `sum` may be `x` or `residual`.
void ck_f32_layer_norm(uint32_t isa, size_t rows, size_t n, float epsilon, const float *x, const float *residual,
                       const float *gamma, const float *beta, float *y, float *sum, int threads);

/// `y = v / sqrt(mean(v * v) + epsilon) * gamma`; otherwise as ``ck_f32_layer_norm``.
void ck_f32_rms_norm(uint32_t isa, size_t rows, size_t n, float epsilon, const float *x, const float *residual,
                     const float *gamma, float *y, float *sum, int threads);

/// Layer normalization over the channels of each pixel of blocked `x: [n, ceil(channels / c), spatial, c]`, two passes.
///
/// `y` is blocked as `x` is, and may be `x`; if `to_rows` is not 0 it is `[n, spatial, channels]`. `gamma` and `beta: [channels]`
/// may be NULL. Lanes past `channels` are neither read nor written.
void ck_f32_layer_norm_blocked(uint32_t isa, size_t n, size_t channels, size_t spatial, size_t c, float epsilon, const float *x,
                               const float *gamma, const float *beta, int to_rows, float *y, int threads);

/// Group normalization of `x: [n, channels, spatial]`; `groups` divides `channels`; instance normalization is `groups =
/// channels`. `gamma` and `beta: [channels]` may be NULL. `y` may be `x`.
void ck_f32_group_norm(uint32_t isa, size_t n, size_t channels, size_t groups, size_t spatial, float epsilon, const float *x,
                       const float *gamma, const float *beta, float *y, int threads);

/// Running sums along `n` of `x: [outer, n, inner]`; `exclusive`: without the element itself; `reverse`: from the end. `y` may be
/// `x`.
void ck_f32_cumsum(int exclusive, int reverse, size_t outer, size_t n, size_t inner, const float *x, float *y, int threads);

#ifdef __cplusplus
}
#endif

#endif
