#include "../isa/parallel.h"
#include "ckernels_resize.h"

#include <math.h>

enum { CHUNK = 128, MOST_TAPS = 4 };

/// What some neighbouring points read: `taps * taps` pixels each, whose weight is 0 where there is none.
typedef struct point_taps {
  int32_t pixels[CHUNK][MOST_TAPS * MOST_TAPS];
  float weights[CHUNK][MOST_TAPS * MOST_TAPS];
} point_taps;

/// `at` mirrored at the bounds until it lies between them.
static double reflected(double at, double low, double high) {
  const double range = high - low;
  if (!(range > 0)) return low;
  const double distance = at < low ? low - at : at > high ? at - high : 0;
  if (distance == 0) return at;
  const double turns = floor(distance / range), rest = distance - turns * range;
  return (at < low) == (fmod(turns, 2) == 0) ? low + rest : high - rest;
}

/// Keys' cubic with a = -0.75.
static double cubic(double x) {
  const double a = -0.75;
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((x - 5) * x + 8) * x * a - 4 * a : 0;
}

/// The pixel that stands at a whole position; -1 for a zero.
static ptrdiff_t pixel_at(const ck_grid_shape *s, double at, size_t size) {
  const double last = (double)size - 1, edge = s->aligns_corners ? 0 : 0.5;
  if (at >= 0 && at <= last) return (ptrdiff_t)at;
  if (s->padding == CK_GRID_ZEROS) return -1;
  if (s->padding == CK_GRID_BORDER) return at < 0 ? 0 : (ptrdiff_t)size - 1;
  const double inside = reflected(at, -edge, last + edge);
  return (ptrdiff_t)(inside < 0 ? 0 : inside > last ? last : inside);
}

/// The `s->taps` pixels of one axis at a position from -1 to 1.
static void axis_taps(const ck_grid_shape *s, double normalized, size_t size, ptrdiff_t *pixels, double *weights) {
  const double last = (double)size - 1, edge = s->aligns_corners ? 0 : 0.5;
  // Positions are single precision: a tie between two pixels must stay one.
  double at = (float)(s->aligns_corners ? (normalized + 1) / 2 * last : ((normalized + 1) * (double)size - 1) / 2);
  for (int k = 0; k < s->taps; ++k) {
    pixels[k] = -1;
    weights[k] = 0;
  }
  if (!isfinite(at)) return;
  if (s->taps == 1) at = nearbyint(at);
  if (at < -edge || at > last + edge) {
    if (s->padding == CK_GRID_BORDER) at = at < 0 ? 0 : last;
    if (s->padding == CK_GRID_REFLECTION) at = reflected(at, -edge, last + edge);
  }
  const double below = floor(at), rest = at - below;
  for (int k = 0; k < s->taps; ++k) {
    const int step = s->taps == 4 ? k - 1 : k;
    weights[k] = s->taps == 1 ? 1 : s->taps == 2 ? (k ? rest : 1 - rest) : cubic(fabs(step - rest));
    pixels[k] = pixel_at(s, s->taps == 1 ? at : below + step, size);
  }
}

static void fill_point(const ck_grid_shape *s, const float *position, int32_t *pixels, float *weights) {
  ptrdiff_t rows[MOST_TAPS], columns[MOST_TAPS];
  double down[MOST_TAPS], across[MOST_TAPS];
  axis_taps(s, position[1], s->h, rows, down);
  axis_taps(s, position[0], s->w, columns, across);
  for (int i = 0; i < s->taps; ++i)
    for (int j = 0; j < s->taps; ++j) {
      const int is_there = rows[i] >= 0 && columns[j] >= 0;
      *pixels++ = is_there ? (int32_t)(rows[i] * (ptrdiff_t)s->w + columns[j]) : -1;
      *weights++ = is_there ? (float)(down[i] * across[j]) : 0;
    }
}

/// `count` points of one channel. A pixel that is not there is not read: what stands in its place may be infinite.
static inline __attribute__((always_inline)) void sum_points(const point_taps *t, size_t count, const int taps, const float *x,
                                                             float *y) {
  for (size_t p = 0; p < count; ++p) {
    float sum = 0;
    for (int k = 0; k < taps; ++k) {
      const int32_t pixel = t->pixels[p][k];
      sum += t->weights[p][k] * (pixel < 0 ? 0 : x[pixel]);
    }
    y[p] = sum;
  }
}

void ck_f32_grid_sample(const ck_grid_shape *s, const float *x, const float *grid, float *y, int threads) {
  const size_t area = s->h * s->w, chunks = (s->points + CHUNK - 1) / CHUNK, total = s->n * chunks;
  const int team = ck_team(threads, s->n * s->points * (s->channels + 16), 1 << 14);
  CK_PARALLEL(part, team, {
    point_taps taps;
    for (size_t k = ck_part(total, team, part), end = ck_part(total, team, part + 1); k < end; ++k) {
      const size_t image = k / chunks, first = k % chunks * CHUNK;
      const size_t count = s->points - first < CHUNK ? s->points - first : CHUNK;
      for (size_t p = 0; p < count; ++p)
        fill_point(s, grid + 2 * (image * s->points + first + p), taps.pixels[p], taps.weights[p]);
      for (size_t c = 0; c < s->channels; ++c) {
        const float *plane = x + (image * s->channels + c) * area;
        float *to = y + (image * s->channels + c) * s->points + first;
        if (s->taps == 1) sum_points(&taps, count, 1, plane, to);
        else if (s->taps == 2) sum_points(&taps, count, 4, plane, to);
        else sum_points(&taps, count, 16, plane, to);
      }
    }
  });
}
