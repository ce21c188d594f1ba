// Products with weights in few bits of every kernel this processor has, against the scalar kernel.
#include "check.h"
#include "ckernels.h"

static void check_product(const ck_narrow_config *config, size_t columns, size_t channels, size_t rows, size_t window,
                          size_t block) {
  const size_t taps = window * window, h = window > 1 ? 4 : 1, pixels = h * rows, c = 4;
  const int shifted = config->form != CK_NARROW_8 || draw() % 2;
  const int bits = config->form == CK_NARROW_8 ? 8 : config->form == CK_NARROW_4 ? 4 : config->form == CK_NARROW_3 ? 3 : 2;
  const size_t in = (channels + c - 1) / c * c, results = (columns + c - 1) / c * c, blocks = (channels + block - 1) / block;
  ck_narrow_args args = {
      .shape = {taps, channels, columns, block, config->form == CK_NARROW_BF16 ? 0 : shifted},
      .c = c,
      .batch = 1,
      .h = h,
      .w = rows,
      .oh = h,
      .ow = rows,
      .kh = window,
      .kw = window,
      .stride_h = 1,
      .stride_w = 1,
      .dilation_h = 1,
      .dilation_w = 1,
      .pad_top = window / 2,
      .pad_left = window / 2,
      .a_row = c,
      .a_block = pixels * c,
      .a_batch = in * pixels,
      .o_row = c,
      .o_block = pixels * c,
      .o_batch = results * pixels,
  };
  guarded input = guard_random(in * pixels), bias = guard_random(columns), scale = guard_random(columns * blocks);
  guarded shift = guard_random(columns * blocks), codes = guard_bytes(taps * channels * columns);
  for (size_t i = 0; i < columns * blocks; ++i) scale.base[i] = 0.01f + 0.005f * scale.base[i];
  int8_t *b = (int8_t *)codes.base;
  for (size_t i = 0; i < taps * channels * columns; ++i) b[i] = (int8_t)((int)(draw() % (1u << bits)) - (1 << (bits - 1)));
  args.input = input.base;
  args.epilogue.bias = bias.base;
  const ck_narrow_config *configs[] = {ck_narrow_select(config->form, CK_ISA_SCALAR), config};
  guarded out[2];
  for (int i = 0; i < 2; ++i) {
    guarded packed = guard_bytes(ck_narrow_packed_bytes(configs[i], &args.shape));
    ck_narrow_pack(configs[i], &args.shape, b, channels * columns, columns, 1, scale.base, shifted ? shift.base : NULL,
                   packed.base);
    guarded scratch = guard_bytes(ck_narrow_scratch_bytes(configs[i], &args, 1));
    out[i] = guard(results * pixels);
    args.weights = packed.base;
    args.out = out[i].base;
    ck_narrow_product(configs[i], &args, scratch.base, 1);
    release(packed);
    release(scratch);
  }
  for (size_t n = 0; n < columns; ++n)
    for (size_t p = 0; p < pixels; ++p) {
      const size_t at = (n / c * pixels + p) * c + n % c;
      expect_same(&out[1].base[at], &out[0].base[at], sizeof(float), config->name);
    }
  guarded all[] = {input, bias, scale, shift, codes, out[0], out[1]};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; ++i) release(all[i]);
}

int main(void) {
  for (size_t index = 0; index < ck_narrow_kernel_count(); ++index) {
    const ck_narrow_config *config = ck_narrow_kernel_at(index);
    if (config->isa & ~ck_cpu_isa_mask() || config->form == CK_NARROW_BF16) continue;
    for (size_t rows = 1; rows <= 2 * (size_t)config->mr; ++rows)
      for (size_t columns = 1; columns <= 2 * (size_t)config->nr; ++columns) {
        const size_t channels = draw_size(1, 90);
        check_product(config, columns, channels, rows, 1, draw() % 2 ? channels : 32);
      }
    for (int i = 0; i < 60; ++i) {
      const size_t channels = draw_size(1, 50);
      check_product(config, draw_size(1, 20), channels, draw_size(3, 9), 3, draw() % 2 ? channels : 32);
    }
    printf("%s: passed\n", config->name);
  }
}
