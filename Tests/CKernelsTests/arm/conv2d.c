// Convolutions of every kernel this processor has, by every algorithm, against double precision.
#include "check.h"
#include "ckernels.h"

/// Index of a pixel of a channel; `lane` is the channel block, 1 for NCHW.
static size_t place(size_t image, size_t channels, size_t channel, size_t pixels, size_t pixel, size_t lane) {
  return ((image * ((channels + lane - 1) / lane) + channel / lane) * pixels + pixel) * lane + channel % lane;
}

static ck_conv2d_shape draw_shape(size_t unit, int transposed, int winograd, int grouped) {
  ck_conv2d_shape s = {.batch = draw_size(1, 2), .groups = draw() % 3 ? 1 : 2};
  s.ic = s.groups == 1 ? draw_size(1, 11) : s.groups * unit * draw_size(1, 2);
  s.oc = s.groups == 1 ? draw_size(1, 19) : s.groups * unit * draw_size(1, 2);
  if (grouped) {
    s.groups = draw_size(2, 9);
    s.ic = s.groups * draw_size(1, unit + 3);
    s.oc = draw() % 2 ? s.ic : s.groups * draw_size(1, unit + 3);
  }
  s.kh = draw_size(1, 4);
  s.kw = draw() % 3 ? s.kh : draw_size(1, 4);
  s.stride_h = s.stride_w = draw_size(1, 2);
  s.dilation_h = s.dilation_w = draw() % 3 ? 1 : 2;
  s.pad_top = draw_size(0, 2);
  s.pad_left = draw_size(0, 2);
  if (winograd) {
    s.kh = s.kw = 3;
    s.stride_h = s.stride_w = s.dilation_h = s.dilation_w = 1;
  }
  s.h = draw_size(1, 6) + (s.kh - 1) * s.dilation_h;
  s.w = draw_size(1, 20) + (s.kw - 1) * s.dilation_w;
  if (!winograd && draw() % 4 == 0) {
    // Wide for the image.
    s.dilation_h = s.dilation_w = 5;
    s.pad_top = (s.kh - 1) * 5;
    s.pad_left = (s.kw - 1) * 5;
    s.h = draw_size(1, 9);
    s.w = draw_size(1, 9);
  }
  s.oh = (s.h + 2 * s.pad_top - (s.kh - 1) * s.dilation_h - 1) / s.stride_h + 1;
  s.ow = (s.w + 2 * s.pad_left - (s.kw - 1) * s.dilation_w - 1) / s.stride_w + 1;
  if (transposed) {
    s.oh = (s.h - 1) * s.stride_h + s.kh;
    s.ow = (s.w - 1) * s.stride_w + s.kw;
  }
  return s;
}

static size_t unit_of(ck_conv2d_algorithm algorithm, size_t c) {
  return algorithm == CK_CONV2D_GENERAL || algorithm == CK_CONV2D_GENERAL_TRANSPOSED ? 3 : c;
}

static void check_conv2d(const ck_gemm_config *config, ck_conv2d_algorithm algorithm) {
  const size_t c = (size_t)config->c;
  const int general = algorithm == CK_CONV2D_GENERAL || algorithm == CK_CONV2D_GENERAL_TRANSPOSED;
  const int transposed = algorithm == CK_CONV2D_TRANSPOSED || algorithm == CK_CONV2D_GENERAL_TRANSPOSED;
  const int winograd = algorithm == CK_CONV2D_WINOGRAD_2 || algorithm == CK_CONV2D_WINOGRAD_4;
  const ck_conv2d_shape s = draw_shape(unit_of(algorithm, c), transposed, winograd, algorithm == CK_CONV2D_GROUPED);
  if (!ck_f32_conv2d_supports(config, &s, algorithm)) return;
  const size_t in_lane = general || algorithm == CK_CONV2D_PLANAR ? 1 : c;
  const size_t out_lane = general ? 1 : c, ic = s.ic / s.groups, oc = s.oc / s.groups;
  const size_t in_pixels = s.h * s.w, out_pixels = s.oh * s.ow;
  guarded input = guard_random(place(s.batch, s.ic, 0, in_pixels, 0, in_lane));
  guarded output = guard(place(s.batch, s.oc, 0, out_pixels, 0, out_lane));
  guarded weights = guard_random(s.oc * ic * s.kh * s.kw), bias = guard_random(s.oc);
  guarded packed = guard_bytes(ck_f32_conv2d_packed_bytes(config, &s, algorithm));
  for (size_t image = 0; image < s.batch; ++image)
    for (size_t channel = s.ic; channel < (s.ic + in_lane - 1) / in_lane * in_lane; ++channel)
      for (size_t pixel = 0; pixel < in_pixels; ++pixel) input.base[place(image, s.ic, channel, in_pixels, pixel, in_lane)] = NAN;
  ck_f32_conv2d_pack(config, &s, algorithm, weights.base, packed.base, 1);
  ck_f32_conv2d_args args = {
      .shape = s,
      .algorithm = algorithm,
      .input = input.base,
      .weights = packed.base,
      .output = output.base,
      .epilogue = {.bias = bias.base, .activation = {CK_FUNCTION_RELU, 0, 0}},
  };
  guarded scratch = guard_bytes(ck_f32_conv2d_scratch_bytes(config, &args, 1));
  ck_f32_conv2d(config, &args, scratch.base, 1);

  for (size_t i = 0; i < s.batch * s.oc * out_pixels; ++i) {
    const size_t image = i / out_pixels / s.oc, channel = i / out_pixels % s.oc, y = i % out_pixels / s.ow, x = i % s.ow;
    double sum = bias.base[channel];
    for (size_t j = 0; j < ic * s.kh * s.kw; ++j) {
      const size_t from = channel / oc * ic + j / (s.kh * s.kw);
      const size_t area = s.kh * s.kw, tap = j % area, down = tap / s.kw * s.dilation_h, along = tap % s.kw * s.dilation_w;
      size_t iy = y * s.stride_h + down - s.pad_top, ix = x * s.stride_w + along - s.pad_left, weight = channel * ic * area + j;
      if (transposed) {
        iy = y + s.pad_top - down;
        ix = x + s.pad_left - along;
        if (iy % s.stride_h || ix % s.stride_w || iy > y + s.pad_top || ix > x + s.pad_left) continue;
        iy /= s.stride_h;
        ix /= s.stride_w;
        weight = (from * oc + channel % oc) * area + tap;
      }
      if (iy < s.h && ix < s.w)
        sum += (double)input.base[place(image, s.ic, from, in_pixels, iy * s.w + ix, in_lane)] * weights.base[weight];
    }
    expect_near(output.base[place(image, s.oc, channel, out_pixels, i % out_pixels, out_lane)], fmax(sum, 0), 1e-4, config->name);
  }
  guarded all[] = {input, output, weights, bias, packed, scratch};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; ++i) release(all[i]);
}

int main(void) {
  for (size_t index = 0; index < ck_gemm_kernel_count(); ++index) {
    const ck_gemm_config *config = ck_gemm_kernel_at(index);
    if (config->isa & ~ck_cpu_isa_mask()) continue;
    for (int i = 0; i < 640; ++i) check_conv2d(config, (ck_conv2d_algorithm)(1 + i % 8));
    printf("%s: passed\n", config->name);
  }
}
