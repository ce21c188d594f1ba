#include "pack.h"

#include "../isa/isa.h"
#include "../isa/parallel.h"

#include <string.h>

typedef float quad __attribute__((vector_size(16), aligned(4)));

CK_INLINE quad load(const float *p) { return *(const quad *)p; }
CK_INLINE void store(float *p, quad x) { *(quad *)p = x; }

/// `to[j * to_step + i] = from[i * from_step + j]` for i, j < 4.
CK_INLINE void transpose_4x4(const float *from, size_t from_step, float *to, size_t to_step) {
  quad r0 = load(from), r1 = load(from + from_step), r2 = load(from + 2 * from_step), r3 = load(from + 3 * from_step);
  quad a = __builtin_shufflevector(r0, r1, 0, 4, 1, 5), b = __builtin_shufflevector(r2, r3, 0, 4, 1, 5);
  quad c = __builtin_shufflevector(r0, r1, 2, 6, 3, 7), d = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
  store(to, __builtin_shufflevector(a, b, 0, 1, 4, 5));
  store(to + to_step, __builtin_shufflevector(a, b, 2, 3, 6, 7));
  store(to + 2 * to_step, __builtin_shufflevector(c, d, 0, 1, 4, 5));
  store(to + 3 * to_step, __builtin_shufflevector(c, d, 2, 3, 6, 7));
}

/// `to[j * to_step + i] = from[i * from_step + j]` for i < height, j < width.
static void transpose(const float *from, size_t from_step, size_t height, size_t width, float *to, size_t to_step) {
  size_t i = 0;
  for (; i + 4 <= height; i += 4) {
    size_t j = 0;
    for (; j + 4 <= width; j += 4) transpose_4x4(from + i * from_step + j, from_step, to + j * to_step + i, to_step);
    for (; j < width; ++j)
      for (size_t l = i; l < i + 4; ++l) to[j * to_step + l] = from[l * from_step + j];
  }
  for (; i < height; ++i)
    for (size_t j = 0; j < width; ++j) to[j * to_step + i] = from[i * from_step + j];
}

void ck_f32_pack_panel(ck_f32_view source, size_t rows, size_t columns, size_t width, float *packed) {
  if (columns < width)
    for (size_t row = 0; row < rows; ++row) memset(packed + row * width + columns, 0, (width - columns) * sizeof(float));
  if (source.column_step == 1) {
    if (columns == 32 && width == 32)
      for (size_t row = 0; row < rows; ++row) memcpy(packed + row * 32, source.data + row * source.row_step, 32 * sizeof(float));
    else
      for (size_t row = 0; row < rows; ++row)
        memcpy(packed + row * width, source.data + row * source.row_step, columns * sizeof(float));
  } else if (source.row_step == 1) {
    transpose(source.data, source.column_step, columns, rows, packed, width);
  } else {
    for (size_t row = 0; row < rows; ++row)
      for (size_t column = 0; column < columns; ++column)
        packed[row * width + column] = source.data[row * source.row_step + column * source.column_step];
  }
}

CK_INLINE void copy_blocks(const float *a, size_t a_row, size_t a_block, size_t rows, size_t k, const size_t c, float *packed) {
  for (; k >= c; k -= c, a += a_block)
    for (size_t m = 0; m < rows; ++m, packed += c) memcpy(packed, a + m * a_row, c * sizeof(float));
  if (k > 0)
    for (size_t m = 0; m < rows; ++m, packed += c) memcpy(packed, a + m * a_row, k * sizeof(float));
}

void ck_f32_pack_rows(const float *a, size_t a_row, size_t a_block, size_t rows, size_t k, size_t c, float *packed) {
  switch (c) {
    case 16: copy_blocks(a, a_row, a_block, rows, k, 16, packed); break;
    case 8: copy_blocks(a, a_row, a_block, rows, k, 8, packed); break;
    default: copy_blocks(a, a_row, a_block, rows, k, c, packed);
  }
}

void ck_f32_pack_rows_strided(ck_f32_view source, size_t rows, size_t k, size_t c, float *packed) {
  if (source.column_step == 1) {
    ck_f32_pack_rows(source.data, source.row_step, c, rows, k, c, packed);
    return;
  }
  for (size_t done = 0; done < k; done += c, packed += rows * c) {
    const size_t width = k - done < c ? k - done : c;
    const float *from = source.data + done * source.column_step;
    if (source.row_step == 1) {
      transpose(from, source.column_step, width, rows, packed, c);
    } else {
      for (size_t m = 0; m < rows; ++m)
        for (size_t i = 0; i < width; ++i) packed[m * c + i] = from[m * source.row_step + i * source.column_step];
    }
  }
}

size_t ck_f32_gemm_packed_bytes(const ck_gemm_config *config, size_t k, size_t n) {
  const size_t nr = (size_t)config->nr;
  return (n + nr - 1) / nr * nr * k * sizeof(float);
}

typedef struct pack_job {
  size_t k, n, nr;
  ck_f32_view source;
  float *packed;
} pack_job;

static void pack_one_panel(const void *context, size_t panel, int thread) {
  const pack_job *job = context;
  const size_t n0 = panel * job->nr, rest = job->n - n0;
  ck_f32_view source = job->source;
  source.data += n0 * source.column_step;
  ck_f32_pack_panel(source, job->k, rest < job->nr ? rest : job->nr, job->nr, job->packed + n0 * job->k);
  (void)thread;
}

void ck_f32_gemm_pack(const ck_gemm_config *config, size_t k, size_t n, const float *b, size_t b_row, size_t b_column,
                      float *packed, int threads) {
  const size_t nr = (size_t)config->nr;
  pack_job job = {k, n, nr, {b, b_row, b_column}, packed};
  ck_parallel((n + nr - 1) / nr, threads, pack_one_panel, &job);
}
