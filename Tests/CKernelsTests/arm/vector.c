// The families written over simd/: NEON against the scalar level, which the Swift tests compare with double precision.
#include "check.h"
#include "ckernels.h"

static uint32_t neon;

static void expect_equal(const float *found, const float *wanted, size_t n, double tolerance, const char *what) {
  for (size_t i = 0; i < n; ++i) expect_near(found[i], wanted[i], tolerance, what);
}

static void check_unary(size_t n) {
  guarded x = guard_random(n), y = guard(n), z = guard(n);
  for (size_t i = 0; i < n; ++i) x.base[i] *= 20;
  if (n > 3) x.base[1] = NAN, x.base[2] = INFINITY, x.base[3] = -INFINITY;
  for (int kind = 0; kind < CK_FUNCTION_COUNT; ++kind) {
    ck_f32_unary(neon, (ck_function)kind, 0.5f, 1.5f, n, x.base, y.base, 1);
    ck_f32_unary(CK_ISA_SCALAR, (ck_function)kind, 0.5f, 1.5f, n, x.base, z.base, 1);
    expect_equal(y.base, z.base, n, 1e-6, "unary");
  }
  guarded all[] = {x, y, z};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; ++i) release(all[i]);
}

static void check_binary(size_t rows, size_t n) {
  guarded a = guard_random(rows * n), b = guard_random(rows * n), y = guard(rows * n), z = guard(rows * n);
  if (n > 2) a.base[1] = NAN, b.base[2] = NAN;
  const size_t size[2] = {rows, n};
  const ptrdiff_t full[2] = {(ptrdiff_t)n, 1}, row[2] = {0, 1}, column[2] = {1, 0}, *strides[3] = {full, row, column};
  const ck_activation relu = {CK_FUNCTION_RELU, 0, 0};
  for (int shape = 0; shape < 3; ++shape) {
    for (int kind = 0; kind <= CK_BINARY_ATAN2; ++kind) {
      ck_f32_binary(neon, (ck_binary_kind)kind, 2, size, a.base, full, b.base, strides[shape], y.base, relu, 1);
      ck_f32_binary(CK_ISA_SCALAR, (ck_binary_kind)kind, 2, size, a.base, full, b.base, strides[shape], z.base, relu, 1);
      expect_equal(y.base, z.base, rows * n, 1e-6, "binary");
    }
    uint8_t *p = (uint8_t *)y.base, *q = (uint8_t *)z.base;
    for (int kind = 0; kind <= CK_GREATER_OR_EQUAL; ++kind) {
      ck_f32_compare(neon, (ck_compare_kind)kind, 2, size, a.base, full, b.base, strides[shape], p, 1);
      ck_f32_compare(CK_ISA_SCALAR, (ck_compare_kind)kind, 2, size, a.base, full, b.base, strides[shape], q, 1);
      for (size_t i = 0; i < rows * n; ++i) expect_near(p[i], q[i], 0, "compare");
    }
  }
  guarded all[] = {a, b, y, z};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; ++i) release(all[i]);
}

static void check_reduce(size_t outer, size_t n, size_t inner) {
  guarded x = guard_random(outer * n * inner), y = guard(outer * n * inner), z = guard(outer * n * inner), g = guard_random(n);
  for (int kind = 0; kind <= CK_REDUCE_LOG_SUM_EXP; ++kind) {
    if (kind == CK_REDUCE_LOG_SUM) continue;
    ck_f32_reduce(neon, (ck_reduce_kind)kind, outer, n, inner, x.base, y.base, 1);
    ck_f32_reduce(CK_ISA_SCALAR, (ck_reduce_kind)kind, outer, n, inner, x.base, z.base, 1);
    expect_equal(y.base, z.base, outer * inner, 1e-5, "reduce");
  }
  for (int logarithm = 0; logarithm < 2; ++logarithm) {
    ck_f32_softmax(neon, logarithm, outer, n, inner, x.base, y.base, 1);
    ck_f32_softmax(CK_ISA_SCALAR, logarithm, outer, n, inner, x.base, z.base, 1);
    expect_equal(y.base, z.base, outer * n * inner, 1e-5, "softmax");
  }
  ck_f32_layer_norm(neon, outer * inner, n, 1e-3f, x.base, NULL, g.base, g.base, y.base, NULL, 1);
  ck_f32_layer_norm(CK_ISA_SCALAR, outer * inner, n, 1e-3f, x.base, NULL, g.base, g.base, z.base, NULL, 1);
  expect_equal(y.base, z.base, outer * n * inner, 1e-4, "layer norm");
  int32_t *p = (int32_t *)y.base, *q = (int32_t *)z.base;
  ck_f32_arg_reduce(neon, 0, 0, outer, n, inner, x.base, p, 4, 1);
  ck_f32_arg_reduce(CK_ISA_SCALAR, 0, 0, outer, n, inner, x.base, q, 4, 1);
  for (size_t i = 0; i < outer * inner; ++i) expect_near((float)p[i], q[i], 0, "arg reduce");
  guarded all[] = {x, y, z, g};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; ++i) release(all[i]);
}

static void check_layout(size_t channels, size_t spatial, size_t c) {
  size_t blocks = (channels + c - 1) / c;
  guarded x = guard_random(channels * spatial), y = guard(blocks * spatial * c), z = guard(blocks * spatial * c),
          back = guard(channels * spatial);
  ck_f32_nchw_to_blocked(neon, 1, channels, spatial, c, x.base, y.base, 1);
  ck_f32_nchw_to_blocked(CK_ISA_SCALAR, 1, channels, spatial, c, x.base, z.base, 1);
  expect_equal(y.base, z.base, blocks * spatial * c, 0, "nchw to blocked");
  ck_f32_blocked_to_nchw(neon, 1, channels, spatial, c, y.base, back.base, 1);
  expect_equal(back.base, x.base, channels * spatial, 0, "blocked to nchw");
  ck_transpose(neon, 4, 1, channels, spatial, x.base, back.base, 1);
  for (size_t i = 0; i < channels * spatial; ++i)
    expect_near(back.base[i], x.base[i % channels * spatial + i / channels], 0, "transpose");
  ck_f32_nhwc_to_blocked(neon, 1, channels, spatial, c, back.base, z.base, 1);
  expect_equal(y.base, z.base, blocks * spatial * c, 0, "nhwc to blocked");
  size_t count = draw_size(1, channels), from = draw_size(0, channels - count), into = draw_size(0, channels - count);
  ck_f32_blocked_copy_channels(neon, 1, spatial, c, count, y.base, channels, from, z.base, channels, into, 1);
  for (size_t k = 0; k < count; ++k)
    for (size_t p = 0; p < spatial; ++p)
      expect_near(z.base[((into + k) / c * spatial + p) * c + (into + k) % c],
                  y.base[((from + k) / c * spatial + p) * c + (from + k) % c], 0, "copy channels");
  uint16_t *half = (uint16_t *)z.base, *other = (uint16_t *)back.base;
  ck_convert(neon, CK_F32, CK_F16, channels * spatial, x.base, half, 1);
  ck_convert(CK_ISA_SCALAR, CK_F32, CK_F16, channels * spatial, x.base, other, 1);
  for (size_t i = 0; i < channels * spatial; ++i) expect_near(half[i], other[i], 0, "to half");
  guarded all[] = {x, y, z, back};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; ++i) release(all[i]);
}

static void check_depthwise(size_t c) {
  ck_depthwise_shape s = {.n = 1,
                          .channels = draw_size(1, 10),
                          .c = c,
                          .in_h = draw_size(1, 20),
                          .in_w = draw_size(1, 20),
                          .kernel_h = 1 + 2 * draw_size(0, 3),
                          .stride_h = draw_size(1, 2),
                          .dilation_h = 1,
                          .dilation_w = 1};
  s.kernel_w = draw() % 4 ? s.kernel_h : draw_size(1, 4);
  s.stride_w = s.stride_h;
  s.pad_top = s.kernel_h / 2;
  s.pad_left = s.kernel_w / 2;
  s.out_h = (s.in_h + 2 * s.pad_top - s.kernel_h) / s.stride_h + 1;
  s.out_w = (s.in_w + 2 * s.pad_left - s.kernel_w) / s.stride_w + 1;
  size_t blocks = (s.channels + c - 1) / c, in = blocks * s.in_h * s.in_w * c, out = blocks * s.out_h * s.out_w * c;
  guarded x = guard_random(in), y = guard(out), z = guard(out), w = guard_random(blocks * s.kernel_h * s.kernel_w * c);
  ck_activation silu = {CK_FUNCTION_SILU, 0, 0};
  ck_f32_depthwise(neon, &s, x.base, w.base, w.base, y.base, silu, 1);
  ck_f32_depthwise(CK_ISA_SCALAR, &s, x.base, w.base, w.base, z.base, silu, 1);
  expect_equal(y.base, z.base, out, 1e-5, "depthwise");
  ck_pool_shape p = {s.in_h,     s.in_w, s.out_h, s.out_w,   s.kernel_h, s.kernel_w, s.stride_h,
                     s.stride_w, 1,      1,       s.pad_top, s.pad_left, s.pad_top,  s.pad_left};
  for (int kind = 0; kind <= CK_POOL_AVERAGE_WITH_PADDING; ++kind) {
    ck_f32_pool_blocked(neon, (ck_pool_kind)kind, &p, blocks, c, x.base, y.base, 1);
    ck_f32_pool_blocked(CK_ISA_SCALAR, (ck_pool_kind)kind, &p, blocks, c, x.base, z.base, 1);
    expect_equal(y.base, z.base, out, 1e-5, "pool blocked");
    ck_f32_pool_plain(neon, (ck_pool_kind)kind, &p, blocks * c, x.base, y.base, 1);
    ck_f32_pool_plain(CK_ISA_SCALAR, (ck_pool_kind)kind, &p, blocks * c, x.base, z.base, 1);
    expect_equal(y.base, z.base, out, 1e-5, "pool plain");
  }
  guarded all[] = {x, y, z, w};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; ++i) release(all[i]);
}

static void check_resize(size_t c) {
  enum { in = 5, out = 7, taps = 2 };
  int32_t index[out * taps];
  float weight[out * taps];
  for (size_t i = 0; i < out * taps; ++i) index[i] = (int32_t)draw_size(0, in - 1), weight[i] = (float)draw_size(0, 9) / 8;
  ck_resize_axis axis = {in, out, taps, index, weight};
  guarded x = guard_random(2 * in * in * c), y = guard(2 * out * out * c), z = guard(2 * out * out * c);
  guarded scratch = guard(ck_f32_resize_scratch(axis, axis, c, 1));
  ck_f32_resize(neon, 2, axis, axis, c, x.base, y.base, scratch.base, 1);
  ck_f32_resize(CK_ISA_SCALAR, 2, axis, axis, c, x.base, z.base, scratch.base, 1);
  expect_equal(y.base, z.base, 2 * out * out * c, 1e-5, "resize");
  guarded all[] = {x, y, z, scratch};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; ++i) release(all[i]);
}

static void check_quantize(size_t n) {
  guarded x = guard_random(n), y = guard(n), z = guard(n);
  ck_quantization q = {0.0123f, 7, -128, 127};
  if (n > 2) x.base[1] = NAN, x.base[2] = INFINITY;
  ck_f32_fake_quantize(neon, q, n, x.base, y.base, 1);
  ck_f32_fake_quantize(CK_ISA_SCALAR, q, n, x.base, z.base, 1);
  expect_equal(y.base, z.base, n, 1e-6, "fake quantize");
  int8_t *p = (int8_t *)y.base, *r = (int8_t *)z.base;
  ck_f32_quantize(neon, 1, 1, 1, n, &q, x.base, p, 1);
  ck_f32_quantize(CK_ISA_SCALAR, 1, 1, 1, n, &q, x.base, r, 1);
  for (size_t i = 0; i < n; ++i) expect_near(p[i], r[i], 0, "quantize");
  guarded all[] = {x, y, z};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; ++i) release(all[i]);
}

// The cells of both levels over one matrix kernel.
static void check_recurrent(ck_cell cell, size_t n) {
  const ck_gemm_config *config = ck_gemm_select(CK_TYPE_F32, CK_ISA_SCALAR);
  const size_t rows = ck_cell_gates(cell) * n, steps = 3, batch = 2, states = batch * n;
  const size_t each = (ck_f32_gemm_packed_bytes(config, n, rows) / sizeof(float) + 15) / 16 * 16;
  guarded inputs = guard_random(2 * steps * batch * rows), plain = guard_random(n * rows), packed = guard(2 * each);
  guarded bias = guard_random(2 * rows), h0 = guard_random(2 * states), c = guard_random(2 * states), d = guard(2 * states);
  guarded y = guard(steps * 2 * states), z = guard(steps * 2 * states);
  memcpy(d.base, c.base, 2 * states * sizeof(float));
  for (size_t i = 0; i < 2; ++i) ck_f32_gemm_pack(config, n, rows, plain.base, rows, 1, packed.base + i * each, 1);
  ck_f32_recurrent_args args = {
      .cell = cell,
      .activation = {CK_FUNCTION_RELU, 0, 0},
      .steps = steps,
      .batch = batch,
      .hidden = n,
      .directions = 2,
      .inputs = inputs.base,
      .weights = packed.base,
      .weights_floats = each,
      .bias = bias.base,
      .h0 = h0.base,
      .c = c.base,
      .out = y.base,
  };
  guarded scratch = guard_bytes(ck_f32_recurrent_scratch_bytes(config, &args));
  ck_f32_recurrent(config, neon, &args, scratch.base, 1);
  args.c = d.base;
  args.out = z.base;
  ck_f32_recurrent(config, CK_ISA_SCALAR, &args, scratch.base, 1);
  expect_equal(y.base, z.base, steps * 2 * states, 1e-5, "recurrent");
  expect_equal(c.base, d.base, 2 * states, 1e-5, "recurrent cell");
  guarded all[] = {inputs, plain, packed, bias, h0, c, d, y, z, scratch};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; ++i) release(all[i]);
}

static void check_attention(size_t heads, size_t m, size_t n, size_t d) {
  guarded q = guard_random(heads * m * d), k = guard_random(heads * n * d), v = guard_random(heads * n * d);
  guarded y = guard(heads * m * d), z = guard(heads * m * d), mask = guard_random(n);
  ck_f32_attention_args args = {
      .m = m,
      .n = n,
      .d = d,
      .dv = d,
      .batch = {1, 1, 1, heads},
      .scale = 0.5f,
      .o_row = heads * d,
      .o_batch = {0, 0, 0, d},
      .q = {q.base, heads * d, 1, {0, 0, 0, d}},
      .k = {k.base, heads * d, 1, {0, 0, 0, d}},
      .v = {v.base, heads * d, 1, {0, 0, 0, d}},
      .mask = {mask.base, 0, 1, {0}},
  };
  const uint32_t levels[2] = {neon, CK_ISA_SCALAR};
  for (int i = 0; i < 2; ++i) {
    const ck_gemm_config *config = ck_gemm_select(CK_TYPE_F32, levels[i]);
    void *scratch = aligned_alloc(64, (ck_f32_attention_scratch_bytes(config, &args, 1) + 63) / 64 * 64);
    args.out = i == 0 ? y.base : z.base;
    ck_f32_attention(config, &args, scratch, 1);
    free(scratch);
  }
  expect_equal(y.base, z.base, heads * m * d, 1e-5, "attention");
  guarded all[] = {q, k, v, y, z, mask};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; ++i) release(all[i]);
}

static void check_blocked_norm(size_t channels, size_t spatial, size_t c) {
  size_t count = (channels + c - 1) / c * spatial * c;
  guarded x = guard_random(count), g = guard_random(channels), y = guard(channels * spatial), z = guard(channels * spatial);
  ck_f32_layer_norm_blocked(neon, 1, channels, spatial, c, 1e-3f, x.base, g.base, g.base, 1, y.base, 1);
  ck_f32_layer_norm_blocked(CK_ISA_SCALAR, 1, channels, spatial, c, 1e-3f, x.base, g.base, g.base, 1, z.base, 1);
  expect_equal(y.base, z.base, channels * spatial, 1e-4, "blocked layer norm");
  guarded all[] = {x, g, y, z};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; ++i) release(all[i]);
}

// |a * b| < a, of three number types: the loops that the compiler vectorizes.
static void check_chain(size_t rows, size_t n) {
  static const ck_number types[] = {CK_F64, CK_I32, CK_I64};
  for (int t = 0; t < 3; ++t) {
    const ck_number type = types[t];
    const size_t bytes = ck_number_bytes(type);
    guarded a = guard_random(2 * rows * n), b = guard_random(2 * n), y = guard(rows * n), z = guard(rows * n);
    for (size_t i = 0; i < rows * n; ++i) {
      const double value = (double)draw_size(0, 100) - 50;
      if (type == CK_F64) memcpy((char *)a.base + i * bytes, &value, bytes);
      const int64_t wide = (int64_t)value;
      const int32_t whole = (int32_t)value;
      if (type == CK_I64) memcpy((char *)a.base + i * bytes, &wide, bytes);
      if (type == CK_I32) memcpy((char *)a.base + i * bytes, &whole, bytes);
    }
    memcpy(b.base, a.base, n * bytes);
    ck_chain chain = {.operands = 2, .steps = 3, .type = {type, type}, .result = CK_BOOL};
    chain.step[0] = (ck_step){CK_STEP_BINARY, CK_BINARY_MUL, type, type, 2, {~0, ~1, 0}, 0, 0, 0, 0, 0};
    chain.step[1] = (ck_step){CK_STEP_UNARY, CK_FUNCTION_ABSOLUTE, type, type, 1, {0, 0, 0}, 0, 0, 0, 0, 0};
    chain.step[2] = (ck_step){CK_STEP_COMPARE, CK_LESS, type, CK_BOOL, 2, {0, ~0, 0}, -1, 0, 0, 0, 0};
    const size_t size[2] = {rows, n};
    const ptrdiff_t stride[4] = {(ptrdiff_t)n, 1, 0, 1};
    const void *operand[2] = {a.base, b.base};
    ck_run_chain(neon, &chain, 2, size, operand, stride, y.base, 1);
    ck_run_chain(CK_ISA_SCALAR, &chain, 2, size, operand, stride, z.base, 1);
    for (size_t i = 0; i < rows * n; ++i) expect_near(((uint8_t *)y.base)[i], ((uint8_t *)z.base)[i], 0, "chain");
    guarded all[] = {a, b, y, z};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; ++i) release(all[i]);
  }
}

int main(void) {
  neon = ck_cpu_isa_mask();
  if (!(neon & CK_ISA_NEON)) return fprintf(stderr, "no NEON\n"), 1;
  for (size_t n = 1; n < 40; ++n) {
    check_unary(n);
    check_binary(draw_size(1, 9), n);
    check_reduce(draw_size(1, 3), n, draw() % 2 ? 1 : draw_size(1, 11));
    check_layout(draw_size(1, 20), n, draw() % 2 ? 4 : 8);
    check_resize(n);
    check_attention(draw_size(1, 3), draw_size(1, 20), n, draw_size(1, 40));
    check_blocked_norm(n, draw_size(1, 5), draw() % 2 ? 4 : 8);
    check_chain(draw_size(1, 9), n);
    check_quantize(n);
    for (int cell = CK_CELL_LSTM; cell <= CK_CELL_RNN; ++cell) check_recurrent((ck_cell)cell, n);
    for (int i = 0; i < 8; ++i) check_depthwise(i % 2 ? 4 : 8);
  }
  check_reduce(1, 5000, 1);
  printf("the vector families agree\n");
  return 0;
}
