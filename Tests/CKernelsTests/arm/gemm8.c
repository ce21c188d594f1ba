// Products of bytes of every kernel this processor has, against the scalar kernel.
#include "check.h"
#include "ckernels.h"

static void check_convolution(const ck_u8s8_gemm_config *config, size_t columns, size_t channels, size_t w, size_t window,
                              ck_sum_result result) {
  const size_t taps = window * window, pixel = channels + draw_size(0, 5), h = window > 1 ? 5 : 1;
  const size_t row = columns * ck_sum_result_bytes(result), pixels = h * w;
  guarded input = guard_bytes(pixels * pixel);
  uint8_t *bytes = (uint8_t *)input.base;
  for (size_t i = 0; i < pixels * pixel; ++i) bytes[i] = (uint8_t)draw();
  guarded weights = guard_bytes(taps * channels * columns);
  int8_t *b = (int8_t *)weights.base;
  for (size_t i = 0; i < taps * channels * columns; ++i) b[i] = (int8_t)draw();
  const size_t padded = (columns + CK_SUM_PADDING - 1) / CK_SUM_PADDING * CK_SUM_PADDING;
  guarded bias = guard_bytes(padded * 4), scale = guard_random(padded), shift = guard_random(padded);
  for (size_t i = 0; i < padded; ++i) {
    ((int32_t *)bias.base)[i] = (int32_t)(draw() % 5000) - 2500;
    scale.base[i] *= 0.01f;
  }
  const int clamps = draw() % 2;
  ck_u8s8_conv2d_args args = {
      .batch = 1,
      .h = h,
      .w = w,
      .oh = h,
      .ow = w,
      .kh = window,
      .kw = window,
      .stride_h = 1,
      .stride_w = 1,
      .dilation_h = 1,
      .dilation_w = 1,
      .pad_top = window / 2,
      .pad_left = window / 2,
      .channels = channels,
      .pixel = pixel,
      .columns = columns,
      .o_pixel = row,
      .input = bytes,
      .padding = 9,
      .epilogue = {.result = result,
                   .bias = (int32_t *)bias.base,
                   .scale = scale.base,
                   .shift = shift.base,
                   .zero = clamps ? 30 : 0,
                   .low = clamps ? 12 : 0,
                   .high = clamps ? 200 : 255,
                   .least = -1,
                   .most = 1.5f},
  };
  const ck_u8s8_gemm_config *configs[] = {ck_u8s8_gemm_select(CK_ISA_SCALAR), config};
  guarded out[2];
  for (int i = 0; i < 2; ++i) {
    guarded packed = guard_bytes(ck_u8s8_gemm_packed_bytes(configs[i], taps, channels, columns));
    ck_u8s8_gemm_pack(configs[i], taps, channels, columns, b, channels * columns, columns, 1, (int8_t *)packed.base);
    guarded scratch = guard_bytes(ck_u8s8_conv2d_scratch_bytes(configs[i], &args, 1));
    out[i] = guard_bytes(pixels * row);
    args.weights = (int8_t *)packed.base;
    args.out = out[i].base;
    ck_u8s8_conv2d(configs[i], &args, scratch.base, 1);
    release(packed);
    release(scratch);
  }
  expect_same(out[0].base, out[1].base, pixels * row, config->name);
  guarded all[] = {input, weights, bias, scale, shift, out[0], out[1]};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; ++i) release(all[i]);
}

int main(void) {
  for (size_t index = 0; index < ck_u8s8_gemm_kernel_count(); ++index) {
    const ck_u8s8_gemm_config *config = ck_u8s8_gemm_kernel_at(index);
    if (config->isa & ~ck_cpu_isa_mask()) continue;
    for (size_t rows = 1; rows <= 2 * (size_t)config->mr; ++rows)
      for (size_t columns = 1; columns <= 2 * (size_t)config->nr; ++columns)
        check_convolution(config, columns, draw_size(1, 40), rows, 1, (ck_sum_result)(draw() % 3));
    for (int i = 0; i < 100; ++i)
      check_convolution(config, draw_size(1, 30), draw_size(1, 20), draw_size(3, 9), 3, (ck_sum_result)(draw() % 3));
    printf("%s: passed\n", config->name);
  }
}
