#include "ckernels_layout.h"
#include "kernels.h"

#include <string.h>

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

void ck_f32_nchw_to_blocked(uint32_t isa, size_t n, size_t channels, size_t spatial, size_t c, const float *x, float *y,
                            int threads) {
  const ck_layout_kernels *kernels = CK_BEST_LEVEL(layout, isa);
  size_t blocks = (channels + c - 1) / c, total = n * blocks;
  int team = ck_team(threads, total * spatial * c, 1 << 15);
  CK_PARALLEL(part, team, {
    for (size_t k = ck_part(total, team, part), end = ck_part(total, team, part + 1); k < end; ++k) {
      size_t image = k / blocks, first = k % blocks * c, rows = least(c, channels - first);
      const float *from = x + (image * channels + first) * spatial;
      float *to = y + k * spatial * c;
      if (spatial == 1) {
        kernels->f32_copy_lanes(1, rows, c, from, 0, to, 0);
      } else if (c == kernels->lanes) {
        kernels->f32_to_block(rows, spatial, from, spatial, to);
      } else {
        for (size_t p = 0; p < spatial; ++p)
          for (size_t i = 0; i < c; ++i) to[p * c + i] = i < rows ? from[i * spatial + p] : 0;
      }
    }
  });
}

void ck_f32_blocked_to_nchw(uint32_t isa, size_t n, size_t channels, size_t spatial, size_t c, const float *x, float *y,
                            int threads) {
  const ck_layout_kernels *kernels = CK_BEST_LEVEL(layout, isa);
  size_t blocks = (channels + c - 1) / c, total = n * blocks;
  int team = ck_team(threads, total * spatial * c, 1 << 15);
  CK_PARALLEL(part, team, {
    for (size_t k = ck_part(total, team, part), end = ck_part(total, team, part + 1); k < end; ++k) {
      size_t image = k / blocks, first = k % blocks * c, rows = least(c, channels - first);
      const float *from = x + k * spatial * c;
      float *to = y + (image * channels + first) * spatial;
      if (spatial == 1) {
        kernels->f32_copy_lanes(1, rows, 0, from, 0, to, 0);
      } else if (c == kernels->lanes) {
        kernels->f32_from_block(rows, spatial, from, to, spatial);
      } else {
        for (size_t i = 0; i < rows; ++i)
          for (size_t p = 0; p < spatial; ++p) to[i * spatial + p] = from[p * c + i];
      }
    }
  });
}

// Rows of pixels are divided too: one image may have a single block.
enum { pixels_per_task = 1024 };

void ck_f32_nhwc_to_blocked(uint32_t isa, size_t n, size_t channels, size_t spatial, size_t c, const float *x, float *y,
                            int threads) {
  const ck_layout_kernels *kernels = CK_BEST_LEVEL(layout, isa);
  size_t blocks = (channels + c - 1) / c, spans = (spatial + pixels_per_task - 1) / pixels_per_task, total = n * blocks * spans;
  int team = ck_team(threads, n * blocks * spatial * c, 1 << 15);
  CK_PARALLEL(part, team, {
    for (size_t k = ck_part(total, team, part), end = ck_part(total, team, part + 1); k < end; ++k) {
      size_t block = k / spans % blocks, image = k / spans / blocks, p = k % spans * pixels_per_task, first = block * c;
      kernels->f32_copy_lanes(least(pixels_per_task, spatial - p), least(c, channels - first), c,
                              x + (image * spatial + p) * channels + first, channels, y + (k / spans * spatial + p) * c, c);
    }
  });
}

void ck_f32_blocked_to_nhwc(uint32_t isa, size_t n, size_t channels, size_t spatial, size_t c, const float *x, float *y,
                            int threads) {
  const ck_layout_kernels *kernels = CK_BEST_LEVEL(layout, isa);
  size_t blocks = (channels + c - 1) / c, spans = (spatial + pixels_per_task - 1) / pixels_per_task, total = n * blocks * spans;
  int team = ck_team(threads, n * blocks * spatial * c, 1 << 15);
  CK_PARALLEL(part, team, {
    for (size_t k = ck_part(total, team, part), end = ck_part(total, team, part + 1); k < end; ++k) {
      size_t block = k / spans % blocks, image = k / spans / blocks, p = k % spans * pixels_per_task, first = block * c;
      kernels->f32_copy_lanes(least(pixels_per_task, spatial - p), least(c, channels - first), 0,
                              x + (k / spans * spatial + p) * c, c, y + (image * spatial + p) * channels + first, channels);
    }
  });
}

void ck_f32_blocked_copy_channels(uint32_t isa, size_t n, size_t spatial, size_t c, size_t count, const float *src,
                                  size_t src_channels, size_t src_begin, float *dst, size_t dst_channels, size_t dst_begin,
                                  int threads) {
  if (n == 0 || spatial == 0 || count == 0) return;
  const ck_layout_kernels *kernels = CK_BEST_LEVEL(layout, isa);
  size_t src_blocks = (src_channels + c - 1) / c, dst_blocks = (dst_channels + c - 1) / c;
  size_t first_block = dst_begin / c, blocks = (dst_begin + count - 1) / c + 1 - first_block, total = n * blocks;
  int team = ck_team(threads, total * spatial * c, 1 << 15);
  CK_PARALLEL(part, team, {
    for (size_t k = ck_part(total, team, part), end = ck_part(total, team, part + 1); k < end; ++k) {
      size_t image = k / blocks, block = first_block + k % blocks;
      float *to = dst + (image * dst_blocks + block) * spatial * c;
      size_t channel = block * c < dst_begin ? dst_begin : block * c, last = least((block + 1) * c, dst_begin + count);
      // At most two source blocks meet in one block of the result.
      while (channel < last) {
        size_t source = channel - dst_begin + src_begin, lanes = least(last - channel, c - source % c);
        const float *from = src + (image * src_blocks + source / c) * spatial * c;
        if (lanes == c) memcpy(to, from, spatial * c * sizeof *to);
        else kernels->f32_copy_lanes(spatial, lanes, 0, from + source % c, c, to + channel % c, c);
        channel += lanes;
      }
    }
  });
}
