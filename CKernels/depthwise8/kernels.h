/// The kernels of the family: one row of results each.
///
/// A packed group of channels is `[bias][scale][shift][weights]`, the first three one word per channel, in the order in which the
/// kernel holds its sums.
#ifndef CK_DEPTHWISE8_KERNELS_H
#define CK_DEPTHWISE8_KERNELS_H

#include "ckernels_depthwise8.h"

/// A row of results and the lines of the image that the window touches.
typedef struct ck_depthwise8_row {
  const uint8_t *const *lines;  ///< kh: the first pixel of each line
  const size_t *steps;          ///< kh: bytes from one pixel of the line to the next; 0 for lines outside of the image
  const uint8_t *outside;       ///< one pixel of padding
  const uint8_t **window;       ///< room for kh * kw addresses
  uint8_t *out;
  const ck_u8s8_depthwise_args *args;
} ck_depthwise8_row;

enum { CK_DEPTHWISE8_HEAD = 12 };  // bytes per channel before the weights

typedef struct ck_depthwise8_kernel {
  uint32_t isa;
  size_t group;  ///< channels
  size_t (*weight_bytes)(size_t kh, size_t kw);
  /// Where in a group the sum of a channel is held.
  size_t (*place)(size_t channel);
  /// Writes the weight of one channel at window position (ky, kx) into a zeroed group.
  void (*put)(void *weights, size_t kh, size_t kw, size_t channel, size_t ky, size_t kx, int8_t weight);
  void (*row)(const ck_depthwise8_row *row);
} ck_depthwise8_kernel;

#define CK_KERNEL(isa, name, group, bytes)                                                                             \
  size_t ck_depthwise8_place__##name(size_t channel);                                                                  \
  void ck_depthwise8_put__##name(void *weights, size_t kh, size_t kw, size_t channel, size_t ky, size_t kx, int8_t w); \
  void ck_depthwise8_row__##name(const ck_depthwise8_row *row);
#include "depthwise8.inc"
#undef CK_KERNEL

/// The pixels under the window of result `ox`, row by row of the window.
static inline const uint8_t *const *ck_depthwise8_window(const ck_depthwise8_row *row, size_t ox) {
  const ck_u8s8_depthwise_args *a = row->args;
  const uint8_t **to = row->window;
  for (size_t ky = 0; ky < a->kh; ++ky)
    for (size_t kx = 0; kx < a->kw; ++kx) {
      const size_t x = ox * a->stride_w + kx * a->dilation_w - a->pad_left;  // wraps around left of the image
      *to++ = x < a->w ? row->lines[ky] + x * row->steps[ky] : row->outside;
    }
  return row->window;
}

#endif
