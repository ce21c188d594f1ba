// The pooling family's table of kernels, and the arithmetic of windows.
#ifndef CK_POOLING_KERNELS_H
#define CK_POOLING_KERNELS_H

#include "../simd/levels.h"
#include "../isa/parallel.h"
#include "ckernels_pooling.h"

typedef struct ck_pooling_kernels {
  size_t lanes;
#define CK_KERNEL(name, arguments) void(*name) arguments;
#include "pooling.inc"
#undef CK_KERNEL
} ck_pooling_kernels;

CK_DECLARE_LEVELS(pooling)

// One window along one axis: where it starts in the input, which of its taps lie inside, and how many count for an average.
typedef struct ck_window {
  ptrdiff_t start;
  size_t begin, end;
  size_t counted;
} ck_window;

static inline size_t ck_taps_before(ptrdiff_t start, ptrdiff_t limit, size_t kernel, size_t dilation) {
  ptrdiff_t d = (ptrdiff_t)dilation, taps = limit <= start ? 0 : (limit - start + d - 1) / d;
  return (size_t)taps < kernel ? (size_t)taps : kernel;
}

static inline ck_window ck_window_of(ck_pool_kind kind, size_t out, size_t kernel, size_t stride, size_t dilation, size_t before,
                                     size_t after, size_t size) {
  ck_window w = {.start = (ptrdiff_t)(out * stride) - (ptrdiff_t)before};
  w.begin = ck_taps_before(w.start, 0, kernel, dilation);
  w.end = ck_taps_before(w.start, (ptrdiff_t)size, kernel, dilation);
  if (w.end < w.begin) w.end = w.begin;
  w.counted = kind == CK_POOL_AVERAGE_WITH_PADDING ? ck_taps_before(w.start, (ptrdiff_t)(size + after), kernel, dilation)
                                                   : w.end - w.begin;
  return w;
}

// What the sum over a window is multiplied by; a window of padding only gives 0.
static inline float ck_window_factor(size_t counted) { return counted ? 1.0f / (float)counted : 0; }

#endif
