#include "kernels.h"

#include <string.h>

enum { PART = 1024, GRAIN = 1 << 15 };

/// Pixels `begin ..< end` of one image of at most four channels.
static void quantize_small(const ck_bytes_kernels *kernels, ck_quantization q, size_t channels, size_t area, size_t pixel,
                           const float *x, uint8_t *y, size_t begin, size_t end) {
  uint8_t planes[4][PART];
  const uint8_t *const all[4] = {planes[0], planes[1], planes[2], planes[3]};
  memset(planes, 0, sizeof planes);
  for (size_t p = begin; p < end; p += PART) {
    const size_t count = end - p < PART ? end - p : PART;
    for (size_t c = 0; c < channels; ++c) kernels->quantize_plane(q, count, x + c * area + p, planes[c]);
    if (pixel == 4) {
      kernels->join_planes(count, all, y + 4 * p);
    } else {
      for (size_t i = 0; i < count; ++i)
        for (size_t c = 0; c < pixel; ++c) y[(p + i) * pixel + c] = c < channels ? planes[c][i] : 0;
    }
  }
}

static void quantize_large(const ck_bytes_kernels *kernels, ck_quantization q, size_t channels, size_t area, size_t pixel,
                           const float *x, uint8_t *y, size_t begin, size_t end) {
  uint8_t plane[64];
  for (size_t p = begin; p < end; p += sizeof plane) {
    const size_t count = end - p < sizeof plane ? end - p : sizeof plane;
    for (size_t c = 0; c < channels; ++c) {
      kernels->quantize_plane(q, count, x + c * area + p, plane);
      for (size_t i = 0; i < count; ++i) y[(p + i) * pixel + c] = plane[i];
    }
    for (size_t i = 0; i < count; ++i) memset(y + (p + i) * pixel + channels, 0, pixel - channels);
  }
}

void ck_f32_quantize_image(uint32_t isa, ck_quantization quantization, size_t n, size_t channels, size_t area, size_t pixel,
                           const float *x, uint8_t *y, int threads) {
  const ck_bytes_kernels *kernels = CK_BEST_LEVEL(bytes, isa);
  const int team = ck_team(threads, n * area * channels, GRAIN);
  CK_PARALLEL(part, team, {
    const size_t begin = ck_part64(area, team, part), end = ck_part64(area, team, part + 1);
    for (size_t i = 0; i < n; ++i)
      (channels <= 4 ? quantize_small : quantize_large)(kernels, quantization, channels, area, pixel, x + i * channels * area,
                                                        y + i * area * pixel, begin, end);
  });
}

void ck_f32_dequantize_image(uint32_t isa, float scale, float zero, size_t n, size_t channels, size_t area, size_t pixel,
                             const uint8_t *x, float *y, int threads) {
  const ck_bytes_kernels *kernels = CK_BEST_LEVEL(bytes, isa);
  if (area == 1) {
    for (size_t i = 0; i < n; ++i) kernels->dequantize_bytes(scale, zero, channels, x + i * pixel, y + i * channels);
    return;
  }
  const size_t rows = n * channels;
  const int team = ck_team(threads, rows * area, GRAIN);
  CK_PARALLEL(part, team, {
    uint8_t plane[256];
    for (size_t row = ck_part(rows, team, part), last = ck_part(rows, team, part + 1); row < last; ++row) {
      const uint8_t *from = x + row / channels * area * pixel + row % channels;
      for (size_t p = 0; p < area; p += sizeof plane) {
        const size_t count = area - p < sizeof plane ? area - p : sizeof plane;
        for (size_t i = 0; i < count; ++i) plane[i] = from[(p + i) * pixel];
        kernels->dequantize_bytes(scale, zero, count, plane, y + row * area + p);
      }
    }
  });
}

void ck_u8_planes_to_image(uint8_t flip, size_t n, size_t channels, size_t area, size_t pixel, const uint8_t *x, uint8_t *y,
                           int threads) {
  const size_t pixels = n * area;
  const int team = ck_team(threads, pixels * channels, GRAIN);
  CK_PARALLEL(part, team, {
    for (size_t p = ck_part64(pixels, team, part), end = ck_part64(pixels, team, part + 1); p < end; ++p) {
      const uint8_t *from = x + p / area * area * channels + p % area;
      for (size_t c = 0; c < channels; ++c) y[p * pixel + c] = from[c * area] ^ flip;
      memset(y + p * pixel + channels, 0, pixel - channels);
    }
  });
}

void ck_u8_image_to_planes(uint8_t flip, size_t n, size_t channels, size_t area, size_t pixel, const uint8_t *x, uint8_t *y,
                           int threads) {
  const size_t rows = n * channels;
  const int team = ck_team(threads, rows * area, GRAIN);
  CK_PARALLEL(part, team, {
    for (size_t row = ck_part(rows, team, part), end = ck_part(rows, team, part + 1); row < end; ++row) {
      const uint8_t *from = x + row / channels * area * pixel + row % channels;
      for (size_t p = 0; p < area; ++p) y[row * area + p] = from[p * pixel] ^ flip;
    }
  });
}

void ck_u8_add(uint32_t isa, const ck_byte_sum *sum, size_t n, const uint8_t *a, const uint8_t *b, uint8_t *y, int threads) {
  const ck_bytes_kernels *kernels = CK_BEST_LEVEL(bytes, isa);
  const int team = ck_team(threads, n, GRAIN);
  CK_PARALLEL(part, team, {
    const size_t begin = ck_part64(n, team, part), end = ck_part64(n, team, part + 1);
    kernels->add_bytes(sum, end - begin, a + begin, b + begin, y + begin);
  });
}

void ck_u8_mean(uint32_t isa, const ck_byte_mean *mean, size_t n, size_t area, size_t pixel, const uint8_t *x, uint8_t *y,
                int threads) {
  const ck_bytes_kernels *kernels = CK_BEST_LEVEL(bytes, isa);
  const int team = ck_team(threads < (int)n ? threads : (int)n, n * area * pixel, GRAIN);
  CK_PARALLEL(part, team, {
    for (size_t i = ck_part(n, team, part), end = ck_part(n, team, part + 1); i < end; ++i)
      kernels->mean_bytes(mean, area, pixel, x + i * area * pixel, y + i * pixel);
  });
}
