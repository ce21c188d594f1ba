#include "include/CKernelsChecks.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/// Memory that ends where a page nobody may touch begins.
typedef struct {
  void *base, *region;
  size_t mapped, bytes;
} guarded;

static guarded guard(size_t bytes) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = (bytes + page) / page * page;
  char *region = mmap(NULL, pages + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (region == MAP_FAILED) return (guarded){0};
  mprotect(region + pages, page, PROT_NONE);
  return (guarded){region + pages - bytes, region, pages + page, bytes};
}

static void release(guarded buffer) {
  if (buffer.region) munmap(buffer.region, buffer.mapped);
}

static uint64_t draw(uint64_t *state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return *state >> 33;
}

static void fill(guarded buffer, uint64_t *state) {
  for (size_t i = 0; i < buffer.bytes; i++) ((uint8_t *)buffer.base)[i] = (uint8_t)draw(state);
}

/// Numbers of -4 to 4, so that sums have digits to round.
static void fill_floats(guarded buffer, uint64_t *state) {
  for (size_t i = 0; i < buffer.bytes / 4; i++) ((float *)buffer.base)[i] = (float)((int)(draw(state) % 80001) - 40000) / 10000;
}

enum { MOST = 2 * 64 + 5 };

/// The counts that are tried: all up to two vectors of bytes, then some.
static size_t count_of(size_t trial, uint64_t *state) { return trial <= MOST ? trial : MOST + draw(state) % 300; }

static int differ(guarded a, guarded b, const char *what, size_t n, char *message, size_t size) {
  if (!a.base || !b.base) {
    snprintf(message, size, "no memory for %s", what);
    return 1;
  }
  if (memcmp(a.base, b.base, a.bytes) == 0) return 0;
  size_t at = 0;
  while (((uint8_t *)a.base)[at] == ((uint8_t *)b.base)[at]) at++;
  snprintf(message, size, "%s of %zu differs at byte %zu", what, n, at);
  return 1;
}

#define COMPARE(what, n, bytes, call)                                   \
  do {                                                                  \
    guarded expected = guard(bytes), found = guard(bytes);              \
    const ck_image_kernels *k = plain;                                  \
    void *dst = expected.base;                                          \
    call;                                                               \
    k = level, dst = found.base;                                        \
    call;                                                               \
    failed = failed || differ(found, expected, what, n, message, size); \
    release(expected), release(found);                                  \
  } while (0)

static int check_smoothing(const ck_image_kernels *level, size_t n, uint64_t *state, char *message, size_t size) {
  const ck_image_kernels *plain = ck_image_kernels_at(0);
  static const uint16_t kernels[][7] = {{1}, {1, 2, 1}, {1, 4, 6, 4, 1}, {23, 61, 88, 61, 23}, {1, 20, 61, 92, 61, 20, 1}};
  static const struct {
    int taps, bits;
  } forms[] = {{1, 0}, {3, 2}, {5, 4}, {5, 8}, {7, 8}};
  int failed = 0;
  for (size_t f = 0; f < sizeof forms / sizeof forms[0]; f++) {
    const int taps = forms[f].taps;
    const uint16_t *weight = kernels[f];
    const size_t step = 1 + draw(state) % 4;
    guarded src = guard(n + (size_t)(taps - 1) * step), lines = guard((size_t)taps * n * 2);
    fill(src, state);
    COMPARE("smooth_row_u8", n, n * 2, k->smooth_row_u8(src.base, step, weight, taps, dst, n));
    const uint16_t *rows[7];
    for (int r = 0; r < taps; r++) rows[r] = (uint16_t *)lines.base + (size_t)r * n;
    for (size_t i = 0; i < (size_t)taps * n; i++)
      ((uint16_t *)lines.base)[i] = (uint16_t)(draw(state) % ((255u << forms[f].bits) + 1));
    COMPARE("smooth_columns_u8", n, n, k->smooth_columns_u8(rows, weight, taps, 2 * forms[f].bits, dst, n));
    release(src), release(lines);
  }
  return failed;
}

static int check_filters(const ck_image_kernels *level, size_t n, uint64_t *state, char *message, size_t size) {
  const ck_image_kernels *plain = ck_image_kernels_at(0);
  int failed = 0;
  for (int taps = 1; taps <= 5; taps++) {
    int16_t weight[5];
    for (int k = 0; k < taps; k++) weight[k] = (int16_t)((int)(draw(state) % 13) - 6);
    const size_t step = 1 + draw(state) % 4, length = n + (size_t)(taps - 1) * step;
    guarded src = guard(length), lines = guard((size_t)taps * n * 2), bytes = guard((size_t)taps * n), sums = guard(n * 2);
    fill(src, state), fill(lines, state), fill(bytes, state);
    COMPARE("correlate_row_u8", n, n * 2, k->correlate_row_u8(src.base, step, weight, taps, dst, n));
    const int16_t *rows[5];
    const uint8_t *byte_rows[5];
    for (int r = 0; r < taps; r++) {
      rows[r] = (int16_t *)lines.base + (size_t)r * n;
      byte_rows[r] = (uint8_t *)bytes.base + (size_t)r * n;
    }
    COMPARE("correlate_columns_s16", n, n * 2, k->correlate_columns_s16(rows, weight, taps, dst, n));
    for (int is_max = 0; is_max < 2; is_max++)
      COMPARE("extreme_u8", n, n, k->extreme_u8(byte_rows, (size_t)taps, is_max, dst, n));
    const int area = 2 + (int)(draw(state) % 255);
    for (size_t i = 0; i < n; i++) ((uint16_t *)sums.base)[i] = (uint16_t)(draw(state) % (255u * (unsigned)area + 1));
    COMPARE("quotient_u8", n, n, k->quotient_u8(sums.base, area, dst, n));
    if (taps == 3 || taps == 5) {
      guarded wide = guard((size_t)taps * length);
      fill(wide, state);
      for (int r = 0; r < taps; r++) byte_rows[r] = (uint8_t *)wide.base + (size_t)r * length;
      COMPARE("median_u8", n, n, k->median_u8(byte_rows, step, taps, dst, n));
      release(wide);
    }
    release(src), release(lines), release(bytes), release(sums);
  }
  return failed;
}

static int check_weighing(const ck_image_kernels *level, size_t n, uint64_t *state, char *message, size_t size) {
  const ck_image_kernels *plain = ck_image_kernels_at(0);
  int failed = 0;
  for (int channels = 1; channels <= 4; channels++) {
    const int taps = 2 + (int)(draw(state) % 4);
    const size_t width = 1 + draw(state) % (2 * n + 3), count = n * (size_t)taps, elements = n * (size_t)channels;
    guarded src = guard(width * (size_t)channels), index = guard(count * 4), weight = guard(count * 4);
    guarded lines = guard((size_t)taps * elements * 4);
    fill(src, state), fill_floats(weight, state), fill_floats(lines, state);
    for (size_t i = 0; i < count; i++) ((int32_t *)index.base)[i] = (int32_t)(draw(state) % width);
    COMPARE("weigh_row_u8", n, elements * 4 + 4,
            (k->weigh_row_u8(src.base, width, channels, index.base, weight.base, taps, dst, n), ((float *)dst)[elements] = 0));
    const float *rows[5];
    float weights[5];
    for (int r = 0; r < taps; r++) rows[r] = (float *)lines.base + (size_t)r * elements, weights[r] = (float)(draw(state) % 40);
    for (int ties_up = 0; ties_up < 2; ties_up++)
      COMPARE("weigh_columns_u8", n, elements, k->weigh_columns_u8(rows, weights, taps, ties_up, dst, elements));
    release(src), release(index), release(weight), release(lines);
  }
  return failed;
}

static int check_between(const ck_image_kernels *level, size_t n, uint64_t *state, char *message, size_t size) {
  const ck_image_kernels *plain = ck_image_kernels_at(0);
  int failed = 0;
  for (int channels = 1; channels <= 4; channels++) {
    const size_t width = 1 + draw(state) % (2 * n + 3), elements = n * (size_t)channels;
    guarded src = guard(width * (size_t)channels), first = guard(n * 4), weight = guard(n * 4), a = guard(elements * 2),
            b = guard(elements * 2);
    fill(src, state);
    for (size_t i = 0; i < n; i++) {
      ((int32_t *)first.base)[i] = (int32_t)(i * width / n);
      const int16_t w = (int16_t)(draw(state) % 2049);
      ((int16_t *)weight.base)[2 * i] = (int16_t)(2048 - w);
      ((int16_t *)weight.base)[2 * i + 1] = w;
    }
    COMPARE("between_row_u8", n, elements * 2, k->between_row_u8(src.base, width, channels, first.base, weight.base, dst, n));
    for (size_t i = 0; i < elements; i++) {
      ((int16_t *)a.base)[i] = (int16_t)(draw(state) % 32641);
      ((int16_t *)b.base)[i] = (int16_t)(draw(state) % 32641);
    }
    const int w = (int)(draw(state) % 2049);
    COMPARE("between_columns_u8", n, elements, k->between_columns_u8(a.base, b.base, w, 2048 - w, dst, elements));
    release(src), release(first), release(weight), release(a), release(b);
  }
  return failed;
}

static int check_areas(const ck_image_kernels *level, size_t n, uint64_t *state, char *message, size_t size) {
  const ck_image_kernels *plain = ck_image_kernels_at(0);
  int failed = 0;
  guarded bytes = guard(n), floats = guard(n * 4);
  fill(bytes, state);
  fill_floats(floats, state);
  for (int is_first = 0; is_first < 2; is_first++) {
    COMPARE("add_row_u8", n, n * 4, (memset(dst, 0, n * 4), k->add_row_u8(bytes.base, 0.37f, is_first, dst, n)));
    COMPARE("add_row_f32", n, n * 4, (memset(dst, 0, n * 4), k->add_row_f32(floats.base, 0.37f, is_first, dst, n)));
  }
  release(bytes), release(floats);
  for (int channels = 1; channels <= 4; channels++) {
    guarded start = guard((n + 1) * sizeof(intptr_t)), index = guard((4 * n + 1) * 4), weight = guard((4 * n + 1) * 4);
    guarded src = guard((2 * n * (size_t)channels + 1) * 4);
    fill_floats(src, state), fill_floats(weight, state);
    intptr_t count = 0;
    for (size_t i = 0; i < n; i++) {
      ((intptr_t *)start.base)[i] = count;
      for (uint64_t left = draw(state) % 5; left > 0; left--) ((int32_t *)index.base)[count++] = (int32_t)(draw(state) % (2 * n));
    }
    ((intptr_t *)start.base)[n] = count;
    // What is written after the last element does not count.
    const size_t elements = n * (size_t)channels;
    COMPARE("cover_row_f32", n, elements * 4 + 4,
            (k->cover_row_f32(src.base, channels, start.base, index.base, weight.base, dst, n), ((float *)dst)[elements] = 0));
    release(start), release(index), release(weight), release(src);
  }
  return failed;
}

static int check_sampling(const ck_image_kernels *level, size_t n, uint64_t *state, char *message, size_t size) {
  const ck_image_kernels *plain = ck_image_kernels_at(0);
  int failed = 0;
  for (int channels = 1; channels <= 4; channels++) {
    const ck_image_source of = {
        (int)(1 + draw(state) % 40), (int)(1 + draw(state) % 20), channels, (int)(draw(state) % 5), {7.5f, 300, -3, 88}};
    guarded src = guard((size_t)of.width * (size_t)of.height * (size_t)channels), x = guard(n * 4), y = guard(n * 4);
    fill(src, state);
    // Rows that cross the picture, at an angle, and places all over and far away.
    const float step = (float)(draw(state) % 400) / 200 - 1, slope = (float)(draw(state) % 100) / 300;
    const float left = (float)(draw(state) % 60) - 10, top = (float)(draw(state) % 30) - 5;
    const uint64_t kind = draw(state) % 4;
    for (size_t i = 0; i < n; i++) {
      float *at_x = (float *)x.base + i, *at_y = (float *)y.base + i;
      *at_x = kind ? left + step * (float)i : (float)(draw(state) % 6000) / 100 - 10;
      *at_y = kind ? top + slope * (float)i : (float)(draw(state) % 4000) / 100 - 10;
      if (kind == 1 && draw(state) % 9 == 0) *at_x = draw(state) % 2 ? 3e9f : __builtin_nanf("");
    }
    COMPARE("sample_linear_u8", n, n * (size_t)channels, k->sample_linear_u8(src.base, &of, x.base, y.base, dst, n));
    release(src), release(x), release(y);
  }
  return failed;
}

/// The loops that the compiler makes vectors of.
static int check_rows(const ck_image_kernels *level, size_t n, uint64_t *state, char *message, size_t size) {
  const ck_image_kernels *plain = ck_image_kernels_at(0);
  int failed = 0;
  guarded bytes = guard(4 * n), others = guard(n), floats = guard(4 * n * 4), words = guard(n * 2), doubles = guard(2 * n * 8);
  fill(bytes, state), fill(others, state), fill(words, state), fill_floats(floats, state);
  for (size_t i = 0; i < 4 * n; i++) ((float *)floats.base)[i] *= 100;
  for (size_t i = 0; i < 2 * n; i++) ((double *)doubles.base)[i] = (double)(draw(state) % 100000) / 7;
  COMPARE("convert_u8_f32", n, n * 4, k->convert_u8_f32(bytes.base, dst, n));
  COMPARE("convert_s16_f32", n, n * 4, k->convert_s16_f32(words.base, dst, n));
  COMPARE("convert_f32_u8", n, n, k->convert_f32_u8(floats.base, dst, n));
  COMPARE("scale_u8", n, n, k->scale_u8(bytes.base, 1.7f, -3.5f, dst, n));
  COMPARE("scale_u8_f32", n, n * 4, k->scale_u8_f32(bytes.base, 1.7f, -3.5f, dst, n));
  COMPARE("scale_f32", n, n * 4, k->scale_f32(floats.base, 1.7f, -3.5f, dst, n));
  COMPARE("scale_f32_u8", n, n, k->scale_f32_u8(floats.base, 0.7f, 3.5f, dst, n));
  COMPARE("scale_f32_s16", n, n * 2, k->scale_f32_s16(floats.base, 90.7f, 3.5f, dst, n));
  COMPARE("add_weighted_u8", n, n, k->add_weighted_u8(bytes.base, 0.3f, others.base, 0.9f, 2, dst, n));
  for (int operation = 0; operation < 3; operation++)
    COMPARE("bitwise", n, n, k->bitwise(bytes.base, others.base, operation, dst, n));
  COMPARE("mark_inside", n, n * 4, k->mark_inside(bytes.base, dst, n));
  for (int is_max = 0; is_max < 2; is_max++)
    COMPARE("extreme_f32", n, n * 4, (memset(dst, 0, n * 4), k->extreme_f32(floats.base, is_max, dst, n)));
  COMPARE("box_columns", n, n * 8, (memset(dst, 0, n * 8), k->box_columns(doubles.base, NULL, dst, n)));
  COMPARE("box_columns", n, n * 8, (memset(dst, 0, n * 8), k->box_columns(doubles.base, (double *)doubles.base + n, dst, n)));
  for (int kind = 0; kind < 5; kind++) {
    COMPARE("threshold_u8", n, n, k->threshold_u8(bytes.base, 100, 200, kind, dst, n));
    COMPARE("threshold_f32", n, n * 4, k->threshold_f32(floats.base, 10, 200, kind, dst, n));
  }
  for (int scn = 3; scn <= 4; scn++) {
    for (int blue = 0; blue <= 2; blue += 2) COMPARE("to_gray_u8", n, n, k->to_gray_u8(bytes.base, scn, blue, dst, n));
    for (int form = 0; form < 4; form++) {
      const int dcn = 3 + form / 2;
      COMPARE("reorder_u8", n, (size_t)dcn * n, k->reorder_u8(bytes.base, scn, dst, dcn, form % 2, n));
      COMPARE("reorder_f32", n, (size_t)dcn * n * 4, k->reorder_f32(floats.base, scn, dst, dcn, form % 2, n));
    }
  }
  const int order[3] = {2, 1, 0};
  const float scale[3] = {0.017f, 0.0175f, 0.0174f}, offset[3] = {-2.1f, -2, -1.8f};
  for (int planar = 0; planar < 2; planar++)
    COMPARE("normalize_u8", n, 3 * n * 4, k->normalize_u8(bytes.base, 3, order, scale, offset, dst, 3, planar ? n : 0, n));
  const float weight[3] = {0.25f, 0.5f, 0.3f};
  if (n > 2) {
    COMPARE("correlate_row_u8_f32", n, (n - 2) * 4, k->correlate_row_u8_f32(bytes.base, 1, weight, 3, dst, n - 2));
    COMPARE("correlate_row_f32", n, (n - 2) * 4, k->correlate_row_f32(floats.base, 1, weight, 3, dst, n - 2));
  }
  const float *rows[3] = {floats.base, (float *)floats.base + n, (float *)floats.base + 2 * n};
  COMPARE("resample_columns_f32", n, n * 4, k->resample_columns_f32(rows, weight, 3, dst, n));
  const int32_t *whole[3] = {floats.base, (int32_t *)floats.base + n, (int32_t *)floats.base + 2 * n};
  for (size_t i = 0; i < 3 * n; i++) ((int32_t *)floats.base)[i] = (int32_t)(draw(state) % (255 << 11));
  const int16_t parts[3] = {300, 1500, 248};
  COMPARE("resample_columns_u8", n, n, k->resample_columns_u8(whole, parts, 3, dst, n));
  const double map[6] = {1.1, 0.2, -3, -0.1, 0.9, 7};
  COMPARE("affine_row", n, n * 8, k->affine_row(map, 5, dst, (float *)dst + n, n));
  release(bytes), release(others), release(floats), release(words), release(doubles);
  return failed;
}

int ck_image_check_level(const ck_image_kernels *level, uint64_t seed, char *message, size_t size) {
  const ck_image_kernels *plain = ck_image_kernels_at(0);
  uint64_t state = seed;
  int failed = 0;
  for (size_t trial = 0; trial <= MOST + 20 && !failed; trial++) {
    const size_t n = count_of(trial, &state);
    guarded src = guard(3 * n);
    fill(src, &state);
    COMPARE("exchange_u8", n, 3 * n, k->exchange_u8(src.base, dst, n));
    release(src);
    for (int form = 0; form < 8; form++) {
      const size_t scn = 3 + (form & 1);
      guarded pixels = guard(scn * n);
      fill(pixels, &state);
      // Grays, black and white too.
      for (size_t i = 0; i + scn <= pixels.bytes; i += scn)
        if (draw(&state) % 4 == 0) memset((uint8_t *)pixels.base + i, (int)(draw(&state) % 3) * 127, 3);
      COMPARE("to_hsv_u8", n, 3 * n, k->to_hsv_u8(pixels.base, (int)scn, form & 2, form & 4 ? 180 : 256, dst, n));
      release(pixels);
    }
    failed = failed || check_smoothing(level, n, &state, message, size) || check_areas(level, n, &state, message, size) ||
             check_filters(level, n, &state, message, size) || check_sampling(level, n, &state, message, size) ||
             check_rows(level, n, &state, message, size);
    if (n > 0) {
      failed = failed || check_between(level, n, &state, message, size) || check_weighing(level, n, &state, message, size);
    }
  }
  return failed;
}
