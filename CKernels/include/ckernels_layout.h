/// Moving elements: layouts, strided copies, channel ranges of blocked tensors, conversions between number types.
///
/// A *blocked* tensor is the plain array `[N, ceil(C / c), H, W, c]` (nChw<c>c). Lanes past `C` in the last block hold anything;
/// no kernel lets them reach another lane. NC4HW4 is the blocked layout with `c` = 4.
///
/// Common to all functions here and in the other families: `isa` is a mask of `CK_ISA_…` bits (``ck_cpu_isa_mask()``, possibly
/// limited); `threads` < 2 means the calling thread only, and small work stays there whatever is asked; the same bits come out
/// for any number of threads. Pointers need the alignment of their element only. Nothing is read or written outside the named
/// arrays. Source and result must not overlap unless said otherwise.
#ifndef CKERNELS_LAYOUT_H
#define CKERNELS_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// `x: [n, channels, spatial]` to blocked `y: [n, ceil(channels / c), spatial, c]`, any `c`. Lanes past `channels` become 0.
void ck_f32_nchw_to_blocked(uint32_t isa, size_t n, size_t channels, size_t spatial, size_t c, const float *x, float *y,
                            int threads);

/// Blocked `x: [n, ceil(channels / c), spatial, c]` to `y: [n, channels, spatial]`, any `c`.
void ck_f32_blocked_to_nchw(uint32_t isa, size_t n, size_t channels, size_t spatial, size_t c, const float *x, float *y,
                            int threads);

/// `x: [n, spatial, channels]` to blocked `y: [n, ceil(channels / c), spatial, c]`. Lanes past `channels` become 0.
void ck_f32_nhwc_to_blocked(uint32_t isa, size_t n, size_t channels, size_t spatial, size_t c, const float *x, float *y,
                            int threads);

/// Blocked `x: [n, ceil(channels / c), spatial, c]` to `y: [n, spatial, channels]`.
void ck_f32_blocked_to_nhwc(uint32_t isa, size_t n, size_t channels, size_t spatial, size_t c, const float *x, float *y,
                            int threads);

/// Copies channels `src_begin ..< src_begin + count` of blocked `src` (`src_channels` in all) to channels
/// `dst_begin ..< dst_begin + count` of blocked `dst`, and touches no other channel of `dst`. Concatenation, split, and slices
/// along channels are calls of this; they are block copies where both offsets are multiples of `c`.
void ck_f32_blocked_copy_channels(uint32_t isa, size_t n, size_t spatial, size_t c, size_t count, const float *src,
                                  size_t src_channels, size_t src_begin, float *dst, size_t dst_channels, size_t dst_begin,
                                  int threads);

/// Where a channel of ``ck_f32_blocked_gather``'s result comes from.
typedef struct ck_channel_source {
  int32_t tensor;
  int32_t channel;
} ck_channel_source;

/// A blocked tensor that channels are taken from.
typedef struct ck_blocked_source {
  const float *x;
  size_t channels;
} ck_blocked_source;

/// Channel `i` of blocked `dst` (`channels` in all) is channel `sources[i].channel` of `tensors[sources[i].tensor]`:
/// concatenations, splits, slices and shuffles of channels, and what is made of them, in one pass. Lanes past `channels` get
/// unspecified values.
void ck_f32_blocked_gather(uint32_t isa, size_t n, size_t spatial, size_t c, const ck_blocked_source *tensors, size_t channels,
                           const ck_channel_source *sources, float *dst, int threads);

/// `src: [batch, rows, columns]` to `dst: [batch, columns, rows]`, elements of 1, 2, 4 or 8 bytes.
/// NCHW to NHWC is `rows = C, columns = H * W`; NHWC to NCHW is `rows = H * W, columns = C`.
void ck_transpose(uint32_t isa, size_t element_bytes, size_t batch, size_t rows, size_t columns, const void *src, void *dst,
                  int threads);

/// The largest rank of ``ck_copy_strided`` and of the broadcasting functions.
enum { CK_MAX_RANK = 10 };

/// Copies one region: `dst[sum(i[d] * dst_stride[d])] = src[sum(i[d] * src_stride[d])]` for all `i[d]` in `0 ..< size[d]`.
///
/// Strides are in elements (of 1, 2, 4 or 8 bytes), may be 0 or negative in `src` and negative in `dst`, the last dimension first
/// in memory or not; offsets are added to the pointers by the caller. Mergeable dimensions are merged, transposes and runs found.
/// - Requires: `rank <= CK_MAX_RANK`; no element of `dst` is written twice.
void ck_copy_strided(uint32_t isa, size_t element_bytes, size_t rank, const size_t *size, const void *src,
                     const ptrdiff_t *src_stride, void *dst, const ptrdiff_t *dst_stride, int threads);

/// Writes `count` copies of the element at `value` (1, 2, 4 or 8 bytes).
void ck_fill(size_t element_bytes, size_t count, const void *value, void *dst, int threads);

/// `y[i, :] = x[indices[i], :]` for rows of `row_bytes` bytes; a negative index counts from the end.
/// - Returns: false, having stopped early, if an index is outside `-rows ..< rows`.
int ck_gather_rows(size_t count, size_t rows, size_t row_bytes, const void *x, const int64_t *indices, void *y, int threads);

/// The number types that ``ck_convert`` knows.
typedef enum ck_number : int32_t {
  CK_F32 = 0,
  CK_F64 = 1,
  CK_F16 = 2,
  CK_BF16 = 3,
  CK_I8 = 4,
  CK_I16 = 5,
  CK_I32 = 6,
  CK_I64 = 7,
  CK_U8 = 8,
  CK_U16 = 9,
  CK_U32 = 10,
  CK_U64 = 11,
  CK_BOOL = 12,  ///< one byte; 0 is false; stored as 0 or 1
} ck_number;

/// Bytes of one element.
size_t ck_number_bytes(ck_number type);

/// Converts `n` elements. To a floating type: round to nearest even. From floating to integer: toward zero, saturating, NaN to 0.
/// Between integers: the low bits. To bool: different from 0. `y` may be `x` if the element sizes are equal.
void ck_convert(uint32_t isa, ck_number from, ck_number to, size_t n, const void *x, void *y, int threads);

#ifdef __cplusplus
}
#endif

#endif
