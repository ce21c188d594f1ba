#include "kernels.h"

#include <string.h>

// Elements that stay in the first cache between an operation and the activation that follows it.
enum { piece_elements = 2048 };

void ck_f32_unary(uint32_t isa, ck_function kind, float p0, float p1, size_t n, const float *x, float *y, int threads) {
  const ck_elementwise_kernels *kernels = CK_BEST_LEVEL(elementwise, isa);
  int team = ck_team(threads, n, ck_f32_unary_grain(kind));
  if (team == 1) {
    kernels->f32_unary(kind, p0, p1, n, x, y);
    return;
  }
  CK_PARALLEL(part, team, {
    size_t begin = ck_part64(n, team, part), end = ck_part64(n, team, part + 1);
    kernels->f32_unary(kind, p0, p1, end - begin, x + begin, y + begin);
  });
}

typedef struct binary_context {
  const ck_elementwise_kernels *kernels;
  int32_t kind;
  ck_activation activation;
} binary_context;

static void binary_rows(const void *context, size_t rows, size_t n, const char *const *operand, const ptrdiff_t *row,
                        const ptrdiff_t *step, char *y) {
  const binary_context *c = context;
  float *result = (float *)y;
  c->kernels->f32_binary((ck_binary_kind)c->kind, rows, n, (const float *)operand[0], row[0], step[0], (const float *)operand[1],
                         row[1], step[1], result);
  if (c->activation.kind != CK_FUNCTION_IDENTITY)
    c->kernels->f32_unary((ck_function)c->activation.kind, c->activation.p0, c->activation.p1, rows * n, result, result);
}

static void compare_rows(const void *context, size_t rows, size_t n, const char *const *operand, const ptrdiff_t *row,
                         const ptrdiff_t *step, char *y) {
  const binary_context *c = context;
  c->kernels->f32_compare((ck_compare_kind)c->kind, rows, n, (const float *)operand[0], row[0], step[0],
                          (const float *)operand[1], row[1], step[1], (uint8_t *)y);
}

static ck_broadcast two_operands(size_t rank, const size_t *size, const float *a, const ptrdiff_t *a_stride, const float *b,
                                 const ptrdiff_t *b_stride, void *y, size_t y_bytes) {
  ck_broadcast plan = {
      .rank = rank, .operands = 2, .base = {(const char *)a, (const char *)b}, .bytes = {4, 4}, .y = y, .y_bytes = y_bytes};
  for (size_t d = 0; d < rank; ++d) {
    plan.size[d] = size[d];
    plan.stride[0][d] = a_stride[d];
    plan.stride[1][d] = b_stride[d];
  }
  ck_broadcast_simplify(&plan);
  return plan;
}

void ck_f32_binary(uint32_t isa, ck_binary_kind kind, size_t rank, const size_t *size, const float *a, const ptrdiff_t *a_stride,
                   const float *b, const ptrdiff_t *b_stride, float *y, ck_activation activation, int threads) {
  ck_broadcast plan = two_operands(rank, size, a, a_stride, b, b_stride, y, 4);
  binary_context context = {CK_BEST_LEVEL(elementwise, isa), kind, activation};
  size_t grain =
      kind == CK_BINARY_POW || kind == CK_BINARY_ATAN2 || kind == CK_BINARY_MOD || kind == CK_BINARY_FMOD ? 1 << 11 : 1 << 15;
  size_t activation_grain = ck_f32_unary_grain((ck_function)activation.kind);
  ck_broadcast_run(&plan, activation.kind == CK_FUNCTION_IDENTITY ? 0 : piece_elements,
                   grain < activation_grain ? grain : activation_grain, threads, binary_rows, &context);
}

void ck_f32_compare(uint32_t isa, ck_compare_kind kind, size_t rank, const size_t *size, const float *a,
                    const ptrdiff_t *a_stride, const float *b, const ptrdiff_t *b_stride, uint8_t *y, int threads) {
  ck_broadcast plan = two_operands(rank, size, a, a_stride, b, b_stride, y, 1);
  binary_context context = {CK_BEST_LEVEL(elementwise, isa), kind, {CK_FUNCTION_IDENTITY, 0, 0}};
  ck_broadcast_run(&plan, 0, 1 << 15, threads, compare_rows, &context);
}

// One channel's run of a plain tensor, a piece at a time.
static void scale_run(const ck_elementwise_kernels *kernels, size_t n, const float *x, float scale, float shift, float *y,
                      ck_activation activation) {
  for (size_t i = 0; i < n; i += piece_elements) {
    size_t length = n - i < piece_elements ? n - i : piece_elements;
    kernels->f32_unary(CK_FUNCTION_AFFINE, scale, shift, length, x + i, y + i);
    if (activation.kind != CK_FUNCTION_IDENTITY)
      kernels->f32_unary((ck_function)activation.kind, activation.p0, activation.p1, length, y + i, y + i);
  }
}

static void scale_rows(const ck_elementwise_kernels *kernels, size_t rows, size_t c, const float *x, const float *scale,
                       const float *shift, float *y, ck_activation activation) {
  size_t step = c < piece_elements ? piece_elements / c : 1;
  for (size_t i = 0; i < rows; i += step) {
    size_t take = rows - i < step ? rows - i : step;
    kernels->f32_scale_shift_rows(take, c, x + i * c, scale, shift, y + i * c);
    if (activation.kind != CK_FUNCTION_IDENTITY)
      kernels->f32_unary((ck_function)activation.kind, activation.p0, activation.p1, take * c, y + i * c, y + i * c);
  }
}

void ck_f32_scale_shift(uint32_t isa, size_t outer, size_t channels, size_t inner, const float *x, const float *scale,
                        const float *shift, float *y, ck_activation activation, int threads) {
  const ck_elementwise_kernels *kernels = CK_BEST_LEVEL(elementwise, isa);
  size_t grain = ck_f32_unary_grain((ck_function)activation.kind);
  int team = ck_team(threads, outer * channels * inner, grain);
  size_t total = inner == 1 ? outer : outer * channels;
  CK_PARALLEL(part, team, {
    size_t begin = ck_part(total, team, part), end = ck_part(total, team, part + 1);
    if (inner == 1) {
      scale_rows(kernels, end - begin, channels, x + begin * channels, scale, shift, y + begin * channels, activation);
    } else {
      for (size_t k = begin; k < end; ++k)
        scale_run(kernels, inner, x + k * inner, scale ? scale[k % channels] : 1, shift ? shift[k % channels] : 0, y + k * inner,
                  activation);
    }
  });
}

void ck_f32_scale_shift_blocked(uint32_t isa, size_t n, size_t channels, size_t spatial, size_t c, const float *x,
                                const float *scale, const float *shift, float *y, ck_activation activation, int threads) {
  const ck_elementwise_kernels *kernels = CK_BEST_LEVEL(elementwise, isa);
  size_t blocks = (channels + c - 1) / c, total = n * blocks;
  int team = ck_team(threads, total * spatial * c, ck_f32_unary_grain((ck_function)activation.kind));
  CK_PARALLEL(part, team, {
    for (size_t k = ck_part(total, team, part), end = ck_part(total, team, part + 1); k < end; ++k) {
      size_t first = k % blocks * c;
      scale_rows(kernels, spatial, c, x + k * spatial * c, scale ? scale + first : NULL, shift ? shift + first : NULL,
                 y + k * spatial * c, activation);
    }
  });
}
