// Bytes over any f32_<isa>.h: loops that compilers turn into vectors of the level. Each product and each sum is a statement of
// its own, so that none is joined into one rounding.
#include "kernels.h"

static inline uint8_t byte_of(float v, float low, float high) {
  v = low < v ? v : low;
  return (uint8_t)(int32_t)(v < high ? v : high);
}

static void CK_FN(quantize_plane)(ck_quantization q, size_t n, const float *x, uint8_t *y) {
  for (size_t i = 0; i < n; ++i) y[i] = byte_of(rintf(x[i] / q.scale) + q.zero, q.low, q.high);
}

static void CK_FN(dequantize_bytes)(float scale, float zero, size_t n, const uint8_t *x, float *y) {
  for (size_t i = 0; i < n; ++i) y[i] = ((float)x[i] - zero) * scale;
}

static void CK_FN(join_planes)(size_t n, const uint8_t *const x[4], uint8_t *y) {
  const uint8_t *a = x[0], *b = x[1], *c = x[2], *d = x[3];
  for (size_t i = 0; i < n; ++i) {
    const uint32_t four = a[i] | (uint32_t)b[i] << 8 | (uint32_t)c[i] << 16 | (uint32_t)d[i] << 24;
    memcpy(y + 4 * i, &four, 4);
  }
}

static void CK_FN(add_bytes)(const ck_byte_sum *s, size_t n, const uint8_t *a, const uint8_t *b, uint8_t *y) {
  const ck_byte_sum sum = *s;
  uint8_t part[256];  // vectors need to know that results are no operands
  for (size_t k = 0; k < n; k += sizeof part) {
    const size_t count = n - k < sizeof part ? n - k : sizeof part;
    for (size_t i = 0; i < count; ++i) {
      const float left = ((float)a[k + i] - sum.a.zero) * sum.a.scale;
      const float right = ((float)b[k + i] - sum.b.zero) * sum.b.scale;
      const float v = left + right;
      part[i] = byte_of(rintf(v) + sum.zero, sum.low, sum.high);
    }
    memcpy(y + k, part, count);
  }
}

static void CK_FN(mean_bytes)(const ck_byte_mean *m, size_t area, size_t pixel, const uint8_t *x, uint8_t *y) {
  for (size_t c = 0; c < pixel; c += 64) {
    const size_t count = pixel - c < 64 ? pixel - c : 64;
    int32_t sums[64] = {0};
    for (size_t p = 0; p < area; ++p)
      for (size_t i = 0; i < count; ++i) sums[i] += x[p * pixel + c + i];
    for (size_t i = 0; i < count; ++i) {
      const float v = (float)(sums[i] - (int32_t)area * m->x_zero) * m->scale;
      y[c + i] = byte_of(rintf(v) + m->zero, m->low, m->high);
    }
  }
}

const ck_bytes_kernels CK_FN(bytes) = {
#define CK_KERNEL(name, arguments) .name = CK_FN(name),
#include "bytes.inc"
#undef CK_KERNEL
};
