/// Putting numbers in order.
#ifndef CKERNELS_ORDERING_H
#define CKERNELS_ORDERING_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Sorts `n` keys, rising, on the calling thread. `scratch` has room for `n` keys too. Nothing past the `n` keys is touched.
void ck_u32_sort(uint32_t isa, size_t n, uint32_t *keys, uint32_t *scratch);

/// Sorts `n` floats, rising, NaN last (all as the same quiet NaN) and -0 before 0. `sorted` may be `x`; `scratch` has room for
/// `n` keys.
void ck_f32_sort(uint32_t isa, size_t n, const float *x, float *sorted, uint32_t *scratch);

/// The `k` greatest (or least) of each row of `x: [outer, n, inner]` along `n`, the best first, of equals the first: `values` and
/// `indices: [outer, k, inner]`. NaN counts as the best. `scratch`: ``ck_f32_top_k_scratch`` bytes for as many threads.
/// - Requires: `k <= n < 2^31`.
void ck_f32_top_k(int least, size_t outer, size_t n, size_t inner, size_t k, const float *x, float *values, int64_t *indices,
                  void *scratch, int threads);
size_t ck_f32_top_k_scratch(size_t n, size_t k, int threads);

#ifdef __cplusplus
}
#endif

#endif
