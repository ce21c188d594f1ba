#include "ckernels_layout.h"
#include "kernels.h"

#include <string.h>

size_t ck_number_bytes(ck_number type) {
  switch (type) {
    case CK_F64:
    case CK_I64:
    case CK_U64: return 8;
    case CK_F32:
    case CK_I32:
    case CK_U32: return 4;
    case CK_F16:
    case CK_BF16:
    case CK_I16:
    case CK_U16: return 2;
    default: return 1;
  }
}

// X(number, C type) for the types that C converts by itself.
#define FLOATING_TYPES(X, from) X(from, CK_F32, float) X(from, CK_F64, double)
#define INTEGER_TYPES(X, from) \
  X(from, CK_I8, int8_t)       \
  X(from, CK_I16, int16_t)     \
  X(from, CK_I32, int32_t)     \
  X(from, CK_I64, int64_t) X(from, CK_U8, uint8_t) X(from, CK_U16, uint16_t) X(from, CK_U32, uint32_t) X(from, CK_U64, uint64_t)

typedef uint8_t boolean;

#define IS_SIGNED(type) ((type) - 1 < 1)
#define GREATEST(type) (IS_SIGNED(type) ? (type)(((((type)1 << (sizeof(type) * 8 - 2)) - 1) * 2) + 1) : (type) - 1)
#define LEAST(type) (IS_SIGNED(type) ? (type)(-GREATEST(type) - 1) : (type)0)

// 2^(bits) or 2^(bits - 1): the first number above `GREATEST` is a power of two, exact in every floating type.
#define ABOVE(from, type) ((from)(GREATEST(type) / 2 + 1) * 2)

#define CAST(from, number, to)                         \
  case number: {                                       \
    to *out = y;                                       \
    for (size_t i = 0; i < n; ++i) out[i] = (to)in[i]; \
    return;                                            \
  }
#define CAST_SATURATING(from, number, to)                                                                      \
  case number: {                                                                                               \
    to *out = y;                                                                                               \
    for (size_t i = 0; i < n; ++i) {                                                                           \
      from v = in[i];                                                                                          \
      out[i] = v >= ABOVE(from, to) ? GREATEST(to) : v > (from)LEAST(to) ? (to)v : v != v ? (to)0 : LEAST(to); \
    }                                                                                                          \
    return;                                                                                                    \
  }
#define CAST_BOOL(from)                                 \
  case CK_BOOL: {                                       \
    boolean *out = y;                                   \
    for (size_t i = 0; i < n; ++i) out[i] = in[i] != 0; \
    return;                                             \
  }

#define FROM_INTEGER(from)                                                           \
  static void convert_##from(ck_number to_type, size_t n, const from *in, void *y) { \
    switch (to_type) {                                                               \
      FLOATING_TYPES(CAST, from)                                                     \
      INTEGER_TYPES(CAST, from)                                                      \
      CAST_BOOL(from)                                                                \
      default: return;                                                               \
    }                                                                                \
  }
#define FROM_FLOATING(from)                                                          \
  static void convert_##from(ck_number to_type, size_t n, const from *in, void *y) { \
    switch (to_type) {                                                               \
      FLOATING_TYPES(CAST, from)                                                     \
      INTEGER_TYPES(CAST_SATURATING, from)                                           \
      CAST_BOOL(from)                                                                \
      default: return;                                                               \
    }                                                                                \
  }
FROM_FLOATING(float)
FROM_FLOATING(double)
FROM_INTEGER(int8_t)
FROM_INTEGER(int16_t)
FROM_INTEGER(int32_t)
FROM_INTEGER(int64_t)
FROM_INTEGER(uint8_t)
FROM_INTEGER(uint16_t)
FROM_INTEGER(uint32_t)
FROM_INTEGER(uint64_t)

static void convert_native(ck_number from, ck_number to, size_t n, const void *x, void *y) {
#define DISPATCH(unused, number, type) \
  case number: convert_##type(to, n, x, y); return;
  switch (from) {
    FLOATING_TYPES(DISPATCH, )
    INTEGER_TYPES(DISPATCH, )
    case CK_BOOL:
      if (to == CK_BOOL) memmove(y, x, n);
      else convert_uint8_t(to, n, x, y);
      return;
    default: return;
  }
}

static void from_bf16(size_t n, const uint16_t *x, float *y) {
  for (size_t i = 0; i < n; ++i) {
    uint32_t bits = (uint32_t)x[i] << 16;
    memcpy(y + i, &bits, 4);
  }
}

static void to_bf16(size_t n, const float *x, uint16_t *y) {
  for (size_t i = 0; i < n; ++i) {
    uint32_t bits;
    memcpy(&bits, x + i, 4);
    uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
    y[i] = (uint16_t)((bits & 0x7fffffff) > 0x7f800000 ? bits >> 16 | 0x40 : rounded);
  }
}

static int is_half(ck_number type) { return type == CK_F16 || type == CK_BF16; }

static void convert_range(const ck_layout_kernels *kernels, ck_number from, ck_number to, size_t n, const char *x, char *y) {
  if (from == to) {
    if (x != y) memcpy(y, x, n * ck_number_bytes(from));
    return;
  }
  if (!is_half(from) && !is_half(to)) {
    convert_native(from, to, n, x, y);
    return;
  }
  // The 16-bit floats go through float, a piece at a time.
  float piece[512];
  size_t from_bytes = ck_number_bytes(from), to_bytes = ck_number_bytes(to);
  for (size_t i = 0; i < n; i += 512) {
    size_t length = n - i < 512 ? n - i : 512;
    const char *in = x + i * from_bytes;
    char *out = y + i * to_bytes;
    const float *source = from == CK_F32 ? (const float *)in : piece;
    float *widened = to == CK_F32 ? (float *)out : piece;
    if (from == CK_F16) kernels->f32_from_f16(length, (const uint16_t *)in, widened);
    else if (from == CK_BF16) from_bf16(length, (const uint16_t *)in, widened);
    else if (from != CK_F32) convert_native(from, CK_F32, length, in, piece);
    if (to == CK_F16) kernels->f32_to_f16(length, source, (uint16_t *)out);
    else if (to == CK_BF16) to_bf16(length, source, (uint16_t *)out);
    else if (to != CK_F32) convert_native(CK_F32, to, length, piece, out);
  }
}

void ck_convert(uint32_t isa, ck_number from, ck_number to, size_t n, const void *x, void *y, int threads) {
  const ck_layout_kernels *kernels = CK_BEST_LEVEL(layout, isa);
  size_t from_bytes = ck_number_bytes(from), to_bytes = ck_number_bytes(to);
  int team = ck_team(threads, n, 1 << 15);
  CK_PARALLEL(part, team, {
    size_t begin = ck_part64(n, team, part), end = ck_part64(n, team, part + 1);
    convert_range(kernels, from, to, end - begin, (const char *)x + begin * from_bytes, (char *)y + begin * to_bytes);
  });
}
