/// Rows of the left-hand side of a convolution: for each result pixel, the pixels under the window side by side.
#ifndef CK_GEMM8_GATHER_H
#define CK_GEMM8_GATHER_H

#include <string.h>

#include "ckernels_gemm8.h"
#include "pack.h"

/// Copies `n` bytes, often few.
static inline void ck_copy_bytes(uint8_t *to, const uint8_t *from, size_t n) {
  if (n >= 64) {
    memcpy(to, from, n);
    return;
  }
  for (; n >= 16; n -= 16, to += 16, from += 16) memcpy(to, from, 16);
  if (n >= 8) {
    memcpy(to, from, 8);
    n -= 8, to += 8, from += 8;
  }
  if (n >= 4) {
    memcpy(to, from, 4);
    n -= 4, to += 4, from += 4;
  }
  for (; n > 0; --n) *to++ = *from++;
}

/// Writes a run of numbers, as bytes or as words, and returns the address behind it.
static inline uint8_t *ck_put_run(uint8_t *to, const uint8_t *from, size_t n, int wide) {
  if (!wide) {
    ck_copy_bytes(to, from, n);
    return to + n;
  }
  uint16_t *words = (uint16_t *)to;
  for (size_t i = 0; i < n; ++i) words[i] = from[i];
  return to + 2 * n;
}

static inline uint8_t *ck_put_constant(uint8_t *to, uint8_t value, size_t n, int wide) {
  if (!wide) {
    memset(to, value, n);
    return to + n;
  }
  uint16_t *words = (uint16_t *)to;
  for (size_t i = 0; i < n; ++i) words[i] = value;
  return to + 2 * n;
}

/// Writes the pixels under one row of the window, `line` being the row of the image.
static inline uint8_t *ck_gather_line(const ck_u8s8_conv2d_args *args, int wide, const uint8_t *line, ptrdiff_t left, uint8_t *to) {
  const size_t fours = ck_fours(args->channels);
  // Bytes past a pixel's channels are multiplied by zero: copied where they can be, else zero.
  const size_t readable = args->pixel >= fours ? fours : args->channels;
  for (size_t kx = 0; kx < args->kw; ++kx) {
    const ptrdiff_t x = left + (ptrdiff_t)(kx * args->dilation_w);
    if (x < 0 || x >= (ptrdiff_t)args->w) {
      to = ck_put_constant(to, args->padding, fours, wide);
    } else {
      to = ck_put_run(to, line + (size_t)x * args->pixel, readable, wide);
      if (readable < fours) to = ck_put_constant(to, 0, fours - readable, wide);
    }
  }
  return to;
}

/// Writes `rows` rows from result pixel `first` on.
static inline void ck_gather_rows(const ck_u8s8_conv2d_args *args, int wide, size_t first, size_t rows, uint8_t *to) {
  const size_t fours = ck_fours(args->channels), run = args->kw * fours, image = args->h * args->w * args->pixel;
  const int is_dense = args->pixel == fours && args->dilation_w == 1;
  const ptrdiff_t last = (ptrdiff_t)args->w - (ptrdiff_t)args->kw;
  size_t ox = first % args->ow, oy = first / args->ow % args->oh;
  const uint8_t *from = args->input + first / args->ow / args->oh * image;
  for (; rows > 0; --rows) {
    const ptrdiff_t top = (ptrdiff_t)(oy * args->stride_h) - (ptrdiff_t)args->pad_top;
    const ptrdiff_t left = (ptrdiff_t)(ox * args->stride_w) - (ptrdiff_t)args->pad_left;
    for (size_t ky = 0; ky < args->kh; ++ky) {
      const ptrdiff_t y = top + (ptrdiff_t)(ky * args->dilation_h);
      if (y < 0 || y >= (ptrdiff_t)args->h) {
        to = ck_put_constant(to, args->padding, run, wide);
        continue;
      }
      const uint8_t *line = from + (size_t)y * args->w * args->pixel;
      to = is_dense && left >= 0 && left <= last ? ck_put_run(to, line + (size_t)left * fours, run, wide)
                                                 : ck_gather_line(args, wide, line, left, to);
    }
    if (++ox == args->ow) {
      ox = 0;
      if (++oy == args->oh) oy = 0, from += image;
    }
  }
}

#endif
