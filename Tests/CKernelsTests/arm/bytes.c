// Kernels on images of bytes: NEON against the scalar level, which the Swift tests compare with their definition.
#include "check.h"
#include "ckernels.h"

static uint32_t neon;

static guarded random_bytes(size_t count) {
  guarded buffer = guard_bytes(count);
  for (size_t i = 0; i < count; ++i) ((uint8_t *)buffer.base)[i] = (uint8_t)draw();
  return buffer;
}

static void check_depthwise(void) {
  const size_t kh = draw_size(1, 5), kw = draw_size(1, 5), channels = 16 * draw_size(1, 5), h = draw_size(5, 9),
               w = draw_size(5, 9);
  ck_u8s8_depthwise_args args = {
      .batch = 1,
      .h = h,
      .w = w,
      .kh = kh,
      .kw = kw,
      .stride_h = draw_size(1, 2),
      .stride_w = draw_size(1, 2),
      .dilation_h = 1,
      .dilation_w = 1,
      .pad_top = draw_size(0, 2),
      .pad_left = draw_size(0, 2),
      .channels = channels,
      .padding = 77,
      .zero = 20,
      .low = 10,
      .high = 220,
  };
  args.oh = (h + args.pad_top - kh) / args.stride_h + 1;
  args.ow = (w + args.pad_left - kw) / args.stride_w + 1;
  guarded input = random_bytes(h * w * channels), weights = random_bytes(channels * kh * kw), bias = guard_bytes(channels * 4);
  guarded scale = guard_random(channels);
  for (size_t i = 0; i < channels; ++i) {
    ((int32_t *)bias.base)[i] = (int32_t)(draw() % 5000) - 2500;
    scale.base[i] *= 0.01f;
  }
  args.input = (const uint8_t *)input.base;
  const uint32_t levels[] = {CK_ISA_SCALAR, neon};
  guarded out[2];
  for (int i = 0; i < 2; ++i) {
    guarded packed = guard_bytes(ck_u8s8_depthwise_packed_bytes(levels[i], channels, kh, kw));
    ck_u8s8_depthwise_pack(levels[i], channels, kh, kw, (const int8_t *)weights.base, (const int32_t *)bias.base, scale.base,
                           scale.base, packed.base);
    guarded scratch = guard_bytes(ck_u8s8_depthwise_scratch_bytes(&args, 1));
    out[i] = guard_bytes(args.oh * args.ow * channels);
    args.weights = packed.base;
    args.out = (uint8_t *)out[i].base;
    ck_u8s8_depthwise(levels[i], &args, scratch.base, 1);
    release(packed);
    release(scratch);
  }
  expect_same(out[1].base, out[0].base, args.oh * args.ow * channels, "depthwise");
  guarded all[] = {input, weights, bias, scale, out[0], out[1]};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; ++i) release(all[i]);
}

static void check_images(void) {
  const size_t channels = draw_size(1, 20), pixel = channels <= 4 ? 4 : 32, area = draw_size(1, 200);
  guarded x = guard_random(channels * area), image[2], back[2], mean[2], sum[2];
  const uint32_t levels[] = {CK_ISA_SCALAR, neon};
  for (int i = 0; i < 2; ++i) {
    image[i] = guard_bytes(area * pixel);
    back[i] = guard(channels * area);
    mean[i] = guard_bytes(pixel);
    sum[i] = guard_bytes(area * pixel);
    ck_f32_quantize_image(levels[i], (ck_quantization){0.007f, 130, 0, 255}, 1, channels, area, pixel, x.base,
                          (uint8_t *)image[i].base, 1);
    const uint8_t *bytes = (const uint8_t *)image[i].base;
    ck_f32_dequantize_image(levels[i], 0.007f, 130, 1, channels, area, pixel, bytes, back[i].base, 1);
    ck_u8_mean(levels[i], &(ck_byte_mean){130, 0.9f / (float)area, 120, 0, 255}, 1, area, pixel, bytes, (uint8_t *)mean[i].base,
               1);
    ck_u8_add(levels[i], &(ck_byte_sum){{0.5f, 130}, {0.3f, 120}, 128, 0, 255}, area * pixel, bytes, bytes,
              (uint8_t *)sum[i].base, 1);
  }
  expect_same(image[1].base, image[0].base, area * pixel, "quantize");
  expect_same(back[1].base, back[0].base, channels * area * 4, "dequantize");
  expect_same(mean[1].base, mean[0].base, pixel, "mean");
  expect_same(sum[1].base, sum[0].base, area * pixel, "add");
  release(x);
  for (int i = 0; i < 2; ++i) {
    guarded all[] = {image[i], back[i], mean[i], sum[i]};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; ++k) release(all[k]);
  }
}

int main(void) {
  neon = ck_cpu_isa_mask();
  for (int i = 0; i < 200; ++i) check_depthwise();
  for (int i = 0; i < 200; ++i) check_images();
  printf("kernels on bytes agree\n");
}
