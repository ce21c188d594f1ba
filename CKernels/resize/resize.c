#include "kernels.h"

#include <string.h>

// True if every element of the result is the one of the input at its place.
static int is_identity(ck_resize_axis axis) {
  if (axis.in != axis.out || axis.taps != 1) return 0;
  for (size_t t = 0; t < axis.out; ++t)
    if ((size_t)axis.index[t] != t || axis.weight[t] != 1) return 0;
  return 1;
}

static int resize_team(size_t planes, ck_resize_axis rows, ck_resize_axis columns, size_t c, int threads) {
  return ck_team(threads, planes * rows.out * columns.out * c * rows.taps, 1 << 15);
}

size_t ck_f32_resize_scratch(ck_resize_axis rows, ck_resize_axis columns, size_t c, int threads) {
  return (size_t)(threads > 1 ? threads : 1) * rows.taps * columns.out * c;
}

// Rows of the input with their columns resampled, the last ones that were used.
typedef struct row_cache {
  float *rows;
  ptrdiff_t tag[CK_RESIZE_MAX_TAPS];
} row_cache;

// The slot that holds row `r`, filled if it is not there; slots of the rows in `needed` are kept.
static size_t slot_of(const ck_resize_kernels *kernels, row_cache *cache, size_t r, size_t taps, const int32_t *needed,
                      ck_resize_axis columns, size_t c, const float *plane) {
  size_t victim = 0;
  for (size_t s = 0; s < taps; ++s) {
    if (cache->tag[s] == (ptrdiff_t)r) return s;
    int used = 0;
    for (size_t k = 0; k < taps; ++k) used |= cache->tag[s] == needed[k];
    if (!used) victim = s;
  }
  cache->tag[victim] = (ptrdiff_t)r;
  kernels->f32_resize_columns(columns.out, c, columns.taps, columns.index, columns.weight, plane + r * columns.in * c,
                              cache->rows + victim * columns.out * c);
  return victim;
}

void ck_f32_resize(uint32_t isa, size_t planes, ck_resize_axis rows, ck_resize_axis columns, size_t c, const float *x, float *y,
                   float *scratch, int threads) {
  const ck_resize_kernels *kernels = CK_BEST_LEVEL(resize, isa);
  size_t width = columns.out * c, total = planes * rows.out;
  int direct = is_identity(columns);
  int team = resize_team(planes, rows, columns, c, threads);
  CK_PARALLEL(part, team, {
    row_cache cache = {.rows = scratch + (size_t)part * rows.taps * width};
    size_t plane = SIZE_MAX;
    for (size_t k = ck_part(total, team, part), end = ck_part(total, team, part + 1); k < end; ++k) {
      size_t t = k % rows.out;
      if (k / rows.out != plane) {
        plane = k / rows.out;
        for (size_t s = 0; s < rows.taps; ++s) cache.tag[s] = -1;
      }
      const float *from = x + plane * rows.in * columns.in * c;
      const int32_t *index = rows.index + t * rows.taps;
      const float *source[CK_RESIZE_MAX_TAPS];
      for (size_t j = 0; j < rows.taps; ++j) {
        if (direct) {
          source[j] = from + (size_t)index[j] * width;
        } else {
          source[j] = cache.rows + slot_of(kernels, &cache, (size_t)index[j], rows.taps, index, columns, c, from) * width;
        }
      }
      if (rows.taps == 1 && rows.weight[t] == 1) memcpy(y + k * width, source[0], width * sizeof *y);
      else kernels->f32_resize_rows(width, rows.taps, rows.weight + t * rows.taps, source, y + k * width);
    }
  });
}
