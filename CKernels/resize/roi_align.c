#include "ckernels_layout.h"
#include "kernels.h"

#include <math.h>

enum { BLOCK = 16 };  // channels that are summed side by side

static size_t even(size_t count) { return count + count % 2; }
/// Neighbouring bins share at most two pixels.
static size_t tap_limit(size_t size, size_t bins) { return even(size + 3 * bins + 4); }
static size_t axis_bytes(size_t size, size_t bins) {
  return (bins + 1) * sizeof(size_t) + tap_limit(size, bins) * (sizeof(int32_t) + sizeof(float));
}

static ck_bin_taps place_axis(size_t size, size_t bins, char *memory) {
  ck_bin_taps a = {.bins = bins, .starts = (size_t *)memory};
  a.pixels = (int32_t *)(a.starts + bins + 1);
  a.weights = (float *)(a.pixels + tap_limit(size, bins));
  return a;
}

static size_t blocks_of(const ck_roi_align_shape *s) { return (s->channels + BLOCK - 1) / BLOCK; }
static size_t image_floats(const ck_roi_align_shape *s) { return blocks_of(s) * BLOCK * s->h * s->w; }
static size_t result_floats(const ck_roi_align_shape *s) { return blocks_of(s) * BLOCK * s->out_h * s->out_w; }
static size_t thread_bytes(const ck_roi_align_shape *s) {
  return axis_bytes(s->h, s->out_h) + axis_bytes(s->w, s->out_w) + result_floats(s) * sizeof(float);
}

size_t ck_f32_roi_align_scratch(const ck_roi_align_shape *s, int threads) {
  return s->n * image_floats(s) * sizeof(float) + thread_bytes(s) * (size_t)(threads > 1 ? threads : 1);
}

/// Adds to the taps of the current bin, which began at `begin`. Positions rise or fall, so that only the last two can be met
/// again.
static size_t add_tap(ck_bin_taps *a, size_t begin, size_t count, size_t pixel, double weight) {
  for (size_t back = 1; back <= 2 && begin + back <= count; ++back)
    if (a->pixels[count - back] == (int32_t)pixel) {
      a->weights[count - back] += (float)weight;
      return count;
    }
  a->pixels[count] = (int32_t)pixel;
  a->weights[count] = (float)weight;
  return count + 1;
}

/// Returns 0 if the region is too large, or not finite.
static int fill_axis(const ck_roi_align_shape *s, double low, double high, size_t size, ck_bin_taps *a, double *all_samples) {
  const double scale = s->scale, offset = s->is_aligned ? 0.5 : 0, start = low * scale - offset;
  const size_t bins = a->bins;
  double length = high * scale - offset - start;
  if (!s->is_aligned && !(length > 1)) length = length != length ? length : 1;
  const double bin = length / (double)bins, samples = s->samples > 0 ? (double)s->samples : ceil(bin);
  if (!isfinite(start) || !(samples < 65536)) return 0;
  const size_t per_bin = samples > 0 ? (size_t)samples : 0;
  *all_samples *= (double)per_bin;
  const size_t limit = tap_limit(size, bins);
  size_t count = 0;
  for (size_t b = 0; b < bins; ++b) {
    const size_t begin = a->starts[b] = count;
    for (size_t i = 0; i < per_bin; ++i) {
      const double at = start + ((double)b + ((double)i + 0.5) / (double)per_bin) * bin;
      if (!(at >= -1 && at <= (double)size)) continue;
      const double inside = at > 0 ? at : 0;
      const size_t pixel = (size_t)inside;
      if (count + 2 > limit) return 0;
      if (pixel + 1 >= size) {
        count = add_tap(a, begin, count, size - 1, 1);
        continue;
      }
      count = add_tap(a, begin, count, pixel, 1 - (inside - (double)pixel));
      count = add_tap(a, begin, count, pixel + 1, inside - (double)pixel);
    }
  }
  a->starts[bins] = count;
  return 1;
}

static int align_region(uint32_t isa, const ck_roi_align_shape *s, const float *region, const float *images, int64_t image,
                        float *y, char *memory) {
  const ck_resize_kernels *kernels = CK_BEST_LEVEL(resize, isa);
  if (image < 0) image += (int64_t)s->n;
  if (image < 0 || (uint64_t)image >= s->n) return CK_ROI_BAD_IMAGE;
  ck_bin_taps down = place_axis(s->h, s->out_h, memory), across = place_axis(s->w, s->out_w, memory + axis_bytes(s->h, s->out_h));
  float *results = (float *)(memory + axis_bytes(s->h, s->out_h) + axis_bytes(s->w, s->out_w));
  double samples = 1;
  if (!fill_axis(s, region[1], region[3], s->h, &down, &samples) || !fill_axis(s, region[0], region[2], s->w, &across, &samples))
    return CK_ROI_TOO_LARGE;
  const float *x = images + (size_t)image * image_floats(s);
  for (size_t block = 0; block < blocks_of(s); ++block)
    kernels->f32_roi_means(&down, &across, s->w, BLOCK, samples > 0 ? (float)(1 / samples) : 0, x + block * s->h * s->w * BLOCK,
                           results + block * s->out_h * s->out_w * BLOCK);
  ck_f32_blocked_to_nchw(isa, 1, s->channels, s->out_h * s->out_w, BLOCK, results, y, 1);
  return CK_ROI_DONE;
}

ck_roi_outcome ck_f32_roi_align(uint32_t isa, const ck_roi_align_shape *s, const float *x, const float *regions,
                                const int64_t *batch, float *y, void *scratch, int threads) {
  float *images = scratch;
  char *memory = (char *)(images + s->n * image_floats(s));
  ck_f32_nchw_to_blocked(isa, s->n, s->channels, s->h * s->w, BLOCK, x, images, threads);
  const size_t result = s->channels * s->out_h * s->out_w;
  const int team = ck_team(threads, s->regions * result, 1 << 13);
  int outcome = CK_ROI_DONE;
  CK_PARALLEL(part, team, {
    for (size_t r = ck_part(s->regions, team, part), end = ck_part(s->regions, team, part + 1); r < end; ++r) {
      const int own =
          align_region(isa, s, regions + 4 * r, images, batch[r], y + r * result, memory + (size_t)part * thread_bytes(s));
      if (own != CK_ROI_DONE) __atomic_store_n(&outcome, own, __ATOMIC_RELAXED);
    }
  });
  return (ck_roi_outcome)outcome;
}
