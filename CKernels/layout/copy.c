#include "ckernels_layout.h"
#include "kernels.h"

#include <stdbool.h>
#include <string.h>

typedef struct axis {
  size_t size;
  ptrdiff_t src, dst;  // strides in elements
} axis;

static size_t magnitude(ptrdiff_t x) { return (size_t)(x < 0 ? -x : x); }

// Drops axes of one element, orders them by falling stride of the result, joins what is contiguous on both sides.
static size_t simplify(size_t rank, const size_t *size, const ptrdiff_t *src_stride, const ptrdiff_t *dst_stride, axis *axes) {
  size_t count = 0;
  for (size_t d = 0; d < rank; ++d) {
    if (size[d] == 1) continue;
    axis a = {size[d], src_stride[d], dst_stride[d]};
    size_t k = count++;
    for (; k > 0 && magnitude(axes[k - 1].dst) < magnitude(a.dst); --k) axes[k] = axes[k - 1];
    axes[k] = a;
  }
  size_t kept = 0;
  for (size_t d = 0; d < count; ++d) {
    axis *outer = kept ? &axes[kept - 1] : NULL;
    ptrdiff_t n = (ptrdiff_t)axes[d].size;
    if (outer && outer->src == axes[d].src * n && outer->dst == axes[d].dst * n) {
      *outer = (axis){outer->size * axes[d].size, axes[d].src, axes[d].dst};
    } else {
      axes[kept++] = axes[d];
    }
  }
  return kept;
}

#define COPY_ROWS(type)                                                                                  \
  static void copy_rows_##type(axis rows, axis run, const char *src_bytes, char *dst_bytes) {            \
    const type *src = (const type *)src_bytes;                                                           \
    type *dst = (type *)dst_bytes;                                                                       \
    for (size_t i = 0; i < rows.size; ++i, src += rows.src, dst += rows.dst) {                           \
      if (run.dst == 1 && run.src == 1) {                                                                \
        if (run.size >= 16) memcpy(dst, src, run.size * sizeof(type));                                   \
        else                                                                                             \
          for (size_t k = 0; k < run.size; ++k) dst[k] = src[k];                                         \
      } else if (run.dst == 1 && run.src == 0) {                                                         \
        for (size_t k = 0; k < run.size; ++k) dst[k] = *src;                                             \
      } else if (run.dst == 1 && run.src == 2) {                                                         \
        for (size_t k = 0; k < run.size; ++k) dst[k] = src[2 * k];                                       \
      } else {                                                                                           \
        for (size_t k = 0; k < run.size; ++k) dst[(ptrdiff_t)k * run.dst] = src[(ptrdiff_t)k * run.src]; \
      }                                                                                                  \
    }                                                                                                    \
  }

#define TRANSPOSE(type)                                                                                                   \
  static void transpose_##type(size_t rows, size_t columns, const char *src_bytes, ptrdiff_t src_stride, char *dst_bytes, \
                               ptrdiff_t dst_stride) {                                                                    \
    const type *src = (const type *)src_bytes;                                                                            \
    type *dst = (type *)dst_bytes;                                                                                        \
    for (size_t i = 0; i < rows; i += 16)                                                                                 \
      for (size_t j = 0; j < columns; ++j)                                                                                \
        for (size_t k = i; k < rows && k < i + 16; ++k)                                                                   \
          dst[(ptrdiff_t)j * dst_stride + (ptrdiff_t)k] = src[(ptrdiff_t)k * src_stride + (ptrdiff_t)j];                  \
  }

COPY_ROWS(uint8_t)
COPY_ROWS(uint16_t)
COPY_ROWS(uint32_t)
COPY_ROWS(uint64_t)
TRANSPOSE(uint8_t)
TRANSPOSE(uint16_t)
TRANSPOSE(uint64_t)

static void copy_rows(size_t bytes, axis rows, axis run, const char *src, char *dst) {
  switch (bytes) {
    case 1: copy_rows_uint8_t(rows, run, src, dst); break;
    case 2: copy_rows_uint16_t(rows, run, src, dst); break;
    case 4: copy_rows_uint32_t(rows, run, src, dst); break;
    default: copy_rows_uint64_t(rows, run, src, dst); break;
  }
}

static void transpose(const ck_layout_kernels *kernels, size_t bytes, size_t rows, size_t columns, const char *src,
                      ptrdiff_t src_stride, char *dst, ptrdiff_t dst_stride) {
  switch (bytes) {
    case 1: transpose_uint8_t(rows, columns, src, src_stride, dst, dst_stride); break;
    case 2: transpose_uint16_t(rows, columns, src, src_stride, dst, dst_stride); break;
    case 4:
      kernels->f32_transpose(rows, columns, (const float *)src, (size_t)src_stride, (float *)dst, (size_t)dst_stride);
      break;
    default: transpose_uint64_t(rows, columns, src, src_stride, dst, dst_stride); break;
  }
}

void ck_copy_strided(uint32_t isa, size_t element_bytes, size_t rank, const size_t *size, const void *src,
                     const ptrdiff_t *src_stride, void *dst, const ptrdiff_t *dst_stride, int threads) {
  size_t total = 1;
  for (size_t d = 0; d < rank; ++d) total *= size[d];
  if (total == 0) return;
  const ck_layout_kernels *kernels = CK_BEST_LEVEL(layout, isa);
  axis axes[CK_MAX_RANK];
  size_t count = simplify(rank, size, src_stride, dst_stride, axes);

  // The two innermost loops: `run` has the least stride of the result; for a transpose, `rows` has that of the source.
  axis run = count ? axes[--count] : (axis){1, 1, 1}, rows = {1, 0, 0};
  bool transposing = false;
  if (run.dst == 1 && run.src > 1 && run.size >= 4) {
    for (size_t d = count; d-- > 0 && !transposing;) {
      if (axes[d].src != 1 || axes[d].dst < 1 || axes[d].size < 4) continue;
      rows = axes[d];
      for (--count; d < count; ++d) axes[d] = axes[d + 1];
      transposing = true;
    }
  }
  if (!transposing && count) rows = axes[--count];

  size_t outer = total / run.size / rows.size;
  int team = ck_team(threads, total * element_bytes, 1 << 17);
  // Too few outer positions for the team: each part takes its share of the rows, or of the only row.
  bool split_rows = outer < (size_t)team && rows.size >= (size_t)team, split_run = outer < (size_t)team && !split_rows;
  CK_PARALLEL(part, team, {
    size_t begin = 0, end = outer;
    axis my_rows = rows, my_run = run;
    ptrdiff_t from = 0, to = 0;
    if (split_rows || split_run) {
      axis *divided = split_rows ? &my_rows : &my_run;
      size_t whole = divided->size, first = ck_part64(whole, team, part);
      divided->size = ck_part64(whole, team, part + 1) - first;
      from = (ptrdiff_t)first * divided->src;
      to = (ptrdiff_t)first * divided->dst;
    } else {
      begin = ck_part(outer, team, part);
      end = ck_part(outer, team, part + 1);
    }
    if (my_rows.size == 0 || my_run.size == 0) continue;
    for (size_t k = begin; k < end; ++k) {
      ptrdiff_t source = from, result = to;
      size_t rest = k;
      for (size_t d = count; d-- > 0; rest /= axes[d].size) {
        source += (ptrdiff_t)(rest % axes[d].size) * axes[d].src;
        result += (ptrdiff_t)(rest % axes[d].size) * axes[d].dst;
      }
      const char *s = (const char *)src + source * (ptrdiff_t)element_bytes;
      char *t = (char *)dst + result * (ptrdiff_t)element_bytes;
      if (transposing) transpose(kernels, element_bytes, my_run.size, my_rows.size, s, my_run.src, t, my_rows.dst);
      else copy_rows(element_bytes, my_rows, my_run, s, t);
    }
  });
}

void ck_transpose(uint32_t isa, size_t element_bytes, size_t batch, size_t rows, size_t columns, const void *src, void *dst,
                  int threads) {
  size_t size[3] = {batch, columns, rows};
  ptrdiff_t r = (ptrdiff_t)rows, c = (ptrdiff_t)columns;
  ck_copy_strided(isa, element_bytes, 3, size, src, (ptrdiff_t[]){r * c, 1, c}, dst, (ptrdiff_t[]){r * c, r, 1}, threads);
}

void ck_fill(size_t element_bytes, size_t count, const void *value, void *dst, int threads) {
  int team = ck_team(threads, count * element_bytes, 1 << 18);
  CK_PARALLEL(part, team, {
    size_t begin = ck_part64(count, team, part), length = ck_part64(count, team, part + 1) - begin;
    copy_rows(element_bytes, (axis){1, 0, 0}, (axis){length, 0, 1}, value, (char *)dst + begin * element_bytes);
  });
}

int ck_gather_rows(size_t count, size_t rows, size_t row_bytes, const void *x, const int64_t *indices, void *y, int threads) {
  for (size_t i = 0; i < count; ++i)
    if (indices[i] >= (int64_t)rows || indices[i] < -(int64_t)rows) return 0;
  int team = ck_team(threads, count * row_bytes, 1 << 17);
  CK_PARALLEL(part, team, {
    for (size_t i = ck_part(count, team, part), end = ck_part(count, team, part + 1); i < end; ++i) {
      size_t row = (size_t)(indices[i] < 0 ? indices[i] + (int64_t)rows : indices[i]);
      memcpy((char *)y + i * row_bytes, (const char *)x + row * row_bytes, row_bytes);
    }
  });
  return 1;
}
