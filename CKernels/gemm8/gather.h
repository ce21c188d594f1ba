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
static inline uint8_t *ck_gather_line(const ck_u8s8_conv2d_args *args, int wide, const uint8_t *line, ptrdiff_t left,
                                      uint8_t *to) {
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

enum { CK_GATHER_CHUNK = 16 };  // bytes that may be read and written past a run

/// Copies the windows of `count` neighboring results that lie within the image, `step` bytes apart: `kh` runs of bytes each.
/// Whole chunks are written; what is too much is overwritten by the next run.
static inline uint8_t *ck_gather_windows(const uint8_t *from, size_t step, size_t count, size_t kh, size_t line, size_t run,
                                         uint8_t *to) {
  for (; count > 0; --count, from += step) {
    const uint8_t *at = from;
    for (size_t ky = 0; ky < kh; ++ky, at += line, to += run)
      for (size_t i = 0; i < run; i += CK_GATHER_CHUNK) memcpy(to + i, at + i, CK_GATHER_CHUNK);
  }
  return to;
}

/// How many of the results from (oy, ox) on, `limit` at most, can be copied by `ck_gather_windows`.
static inline size_t ck_whole_windows(const ck_u8s8_conv2d_args *args, size_t oy, size_t ox, size_t limit) {
  const size_t fours = ck_fours(args->channels), run = args->kw * fours, sw = args->stride_w;
  const size_t y = oy * args->stride_h, reach = (args->kh - 1) * args->dilation_h;
  if (args->pixel != fours || args->dilation_w != 1 || y < args->pad_top || y - args->pad_top + reach >= args->h) return 0;
  if (ox * sw < args->pad_left) return 0;
  // The pixels of the line that chunks touch: they stay in it.
  const size_t touched = ((run + CK_GATHER_CHUNK - 1) / CK_GATHER_CHUNK * CK_GATHER_CHUNK + fours - 1) / fours;
  const size_t left = ox * sw - args->pad_left;
  if (left + touched > args->w) return 0;
  const size_t count = (args->w - touched - left) / sw + 1;
  return count < limit ? count : limit;
}

/// Writes `rows` rows from result pixel `first` on, and up to CK_GATHER_CHUNK bytes more.
static inline void ck_gather_rows(const ck_u8s8_conv2d_args *args, int wide, size_t first, size_t rows, uint8_t *to) {
  const size_t fours = ck_fours(args->channels), run = args->kw * fours, line = args->w * args->pixel;
  size_t ox = first % args->ow, oy = first / args->ow % args->oh;
  const uint8_t *from = args->input + first / args->ow / args->oh * args->h * line;
  while (rows > 0) {
    const size_t limit = rows < args->ow - ox ? rows : args->ow - ox;
    size_t count = wide ? 0 : ck_whole_windows(args, oy, ox, limit);
    if (count > 0) {
      const uint8_t *at = from + (oy * args->stride_h - args->pad_top) * line + (ox * args->stride_w - args->pad_left) * fours;
      to = ck_gather_windows(at, args->stride_w * fours, count, args->kh, args->dilation_h * line, run, to);
    } else {
      count = 1;
      const ptrdiff_t top = (ptrdiff_t)(oy * args->stride_h) - (ptrdiff_t)args->pad_top;
      const ptrdiff_t left = (ptrdiff_t)(ox * args->stride_w) - (ptrdiff_t)args->pad_left;
      for (size_t ky = 0; ky < args->kh; ++ky) {
        const ptrdiff_t y = top + (ptrdiff_t)(ky * args->dilation_h);
        to = y < 0 || y >= (ptrdiff_t)args->h ? ck_put_constant(to, args->padding, run, wide)
                                              : ck_gather_line(args, wide, from + (size_t)y * line, left, to);
      }
    }
    rows -= count;
    ox += count;
    if (ox == args->ow) {
      ox = 0;
      if (++oy == args->oh) oy = 0, from += args->h * line;
    }
  }
}

#endif
