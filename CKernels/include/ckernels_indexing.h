/// Elements named by indices. Conventions: `ckernels_layout.h`; elements have 1, 2, 4 or 8 bytes.
///
/// Functions that take indices accept negative ones, which count from the end, and return 0, having stopped early, if one is out
/// of range; else 1. They run on the calling thread.
#ifndef CKERNELS_INDEXING_H
#define CKERNELS_INDEXING_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// `y[o, j, i] = x[o, indices[o, j, i], i]` for `x: [outer, n, inner]`, `indices` and `y: [outer, count, inner]`.
int ck_gather_elements(size_t element_bytes, size_t outer, size_t n, size_t inner, size_t count, const void *x,
                       const int64_t *indices, void *y);

/// `y[o, indices[o, j, i], i] = updates[o, j, i]` for `y: [outer, n, inner]`; of several updates of one element the last stays.
int ck_scatter_elements(size_t element_bytes, size_t outer, size_t n, size_t inner, size_t count, const int64_t *indices,
                        const void *updates, void *y);

/// Where each of `count` vectors of `depth` indices points: `positions[v] = sum(indices[v, k] * stride[k])`, `0 <= indices <
/// size`.
int ck_index_positions(size_t count, size_t depth, const size_t *size, const size_t *stride, const int64_t *indices,
                       size_t *positions);

#ifdef __cplusplus
}
#endif

#endif
