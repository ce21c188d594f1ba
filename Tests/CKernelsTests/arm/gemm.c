// Matrix products of every kernel this processor has, against double precision.
#include "check.h"
#include "ckernels.h"

static ck_function fusable_function(void) {
  for (;;) {
    const ck_function function = (ck_function)(draw() % CK_FUNCTION_COUNT);
    if (ck_function_is_fusable(function)) return function;
  }
}

static void check_gemm(const ck_gemm_config *config, size_t m, size_t n, size_t k) {
  const size_t c = (size_t)config->c;
  const int blocks = m > 1 && draw() % 2;
  const size_t a_row = blocks ? c : k + draw_size(0, 3), a_block = blocks ? m * c : c;
  const size_t o_row = blocks ? c : n + draw_size(0, 3), o_block = blocks ? m * c : c;
  const size_t o_count = blocks ? (n + c - 1) / c * o_block : (m - 1) * o_row + n;
  guarded a = guard_random(blocks ? (k + c - 1) / c * a_block : (m - 1) * a_row + k), b = guard_random(k * n);
  guarded bias = guard_random(n), residual = guard_random(o_count), out = guard(o_count);
  guarded packed = guard_bytes(ck_f32_gemm_packed_bytes(config, k, n));
  if (blocks)
    for (size_t i = 0; i < m; ++i)
      for (size_t j = k; j < (k + c - 1) / c * c; ++j) a.base[i * a_row + j / c * a_block + j % c] = NAN;
  ck_f32_gemm_pack(config, k, n, b.base, n, 1, packed.base, 1);
  ck_f32_gemm_args args = {
      .m = m,
      .n = n,
      .k = k,
      .batch = 1,
      .a = a.base,
      .a_row = a_row,
      .a_block = a_block,
      .b = packed.base,
      .out = out.base,
      .o_row = o_row,
      .o_block = o_block,
      .epilogue = {.bias = bias.base, .residual = residual.base, .activation = {fusable_function(), 0.25f, 1.5f}},
  };
  guarded scratch = guard_bytes(ck_f32_gemm_scratch_bytes(config, &args, 1));
  ck_f32_gemm(config, &args, scratch.base, 1);

  // The scalar tile is the oracle of the epilogue; sums are compared in double precision first.
  for (size_t i = 0; i < m; ++i)
    for (size_t j = 0; j < n; ++j) {
      double sum = bias.base[j] + residual.base[i * o_row + j / c * o_block + j % c];
      for (size_t l = 0; l < k; ++l) sum += (double)a.base[i * a_row + l / c * a_block + l % c] * b.base[l * n + j];
      float wanted, one = (float)sum;
      const ck_f32_tap tap = {0, 0};
      ck_f32_gemm_4x8__scalar(&(ck_f32_gemm_tile){
          .rows = 1,
          .columns = 1,
          .k = 0,
          .a = &one,
          .taps = &tap,
          .tap_count = 1,
          .b = &one,
          .out = &wanted,
          .bias = &one,
          .activation = args.epilogue.activation,
          .scale = 1,
      });
      expect_near(out.base[i * o_row + j / c * o_block + j % c], wanted, 2e-5, config->name);
    }
  guarded all[] = {a, b, bias, residual, out, packed, scratch};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; ++i) release(all[i]);
}

static void check_matmul(const ck_gemm_config *config) {
  const size_t m = draw_size(1, 20), n = draw_size(1, 20), k = draw_size(1, 20), batch = draw_size(1, 3);
  const int swap_a = draw() % 2, swap_b = draw() % 2;
  guarded a = guard_random(batch * m * k), b = guard_random(batch * k * n), out = guard(batch * m * n);
  ck_f32_matmul_args args = {
      .m = m,
      .n = n,
      .k = k,
      .batch = {1, 1, 1, batch},
      .a = a.base,
      .a_row = swap_a ? 1 : k,
      .a_column = swap_a ? m : 1,
      .a_batch = {0, 0, 0, m * k},
      .b = b.base,
      .b_row = swap_b ? 1 : n,
      .b_column = swap_b ? k : 1,
      .b_batch = {0, 0, 0, k * n},
      .out = out.base,
      .o_row = n,
      .o_batch = {0, 0, 0, m * n},
  };
  guarded scratch = guard_bytes(ck_f32_matmul_scratch_bytes(config, &args, 1));
  ck_f32_matmul(config, &args, scratch.base, 1);
  for (size_t i = 0; i < batch * m * n; ++i) {
    const size_t z = i / (m * n), y = i / n % m, x = i % n;
    double sum = 0;
    for (size_t l = 0; l < k; ++l)
      sum +=
          (double)a.base[z * m * k + y * args.a_row + l * args.a_column] * b.base[z * k * n + l * args.b_row + x * args.b_column];
    expect_near(out.base[i], sum, 2e-5, config->name);
  }
  guarded all[] = {a, b, out, scratch};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; ++i) release(all[i]);
}

int main(void) {
  for (size_t index = 0; index < ck_gemm_kernel_count(); ++index) {
    const ck_gemm_config *config = ck_gemm_kernel_at(index);
    if (config->isa & ~ck_cpu_isa_mask()) continue;
    for (size_t m = 1; m <= (size_t)config->mr; ++m)
      for (size_t n = 1; n <= (size_t)config->nr; ++n) check_gemm(config, m, n, draw_size(0, 2 * (size_t)config->c + 3));
    for (int i = 0; i < 200; ++i) check_gemm(config, draw_size(1, 30), draw_size(1, 40), draw_size(0, 50));
    for (int i = 0; i < 100; ++i) check_matmul(config);
    printf("%s: passed\n", config->name);
  }
}
