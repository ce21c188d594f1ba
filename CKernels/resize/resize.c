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

// Floats of one list of ``ck_column_pairs``, whole vectors of any level.
static size_t list_floats(size_t count) { return (count + 15) / 16 * 16; }

static int may_pair(ck_resize_axis columns, size_t c) { return c == 1 && columns.taps == 2; }

// Fills the table of pairs; returns 0 if some vector's taps lie too far apart.
static int make_pairs(ck_resize_axis columns, size_t lanes, float *memory, ck_column_pairs *pairs) {
  const size_t floats = list_floats(columns.out);
  int32_t *base = (int32_t *)memory, *index[2] = {base + floats, base + 2 * floats};
  float *weight[2] = {memory + 3 * floats, memory + 4 * floats};
  *pairs = (ck_column_pairs){columns.in, columns.out, 0, base, {index[0], index[1]}, {weight[0], weight[1]}};
  for (size_t first = 0; first < columns.out; first += lanes) {
    const size_t end = columns.out - first < lanes ? columns.out : first + lanes;
    int32_t low = columns.index[2 * first], high = low;
    for (size_t i = 2 * first; i < 2 * end; ++i) {
      if (columns.index[i] < low) low = columns.index[i];
      if (columns.index[i] > high) high = columns.index[i];
    }
    const size_t reach = (size_t)(high - low) + 1;
    if (reach > 2 * lanes) return 0;
    pairs->is_wide |= reach > lanes;
    base[first / lanes] = low;
    for (size_t t = first; t < first + lanes && t < floats; ++t)
      for (size_t k = 0; k < 2; ++k) {
        index[k][t] = t < end ? columns.index[2 * t + k] - low : 0;
        weight[k][t] = t < end ? columns.weight[2 * t + k] : 0;
      }
  }
  return 1;
}

size_t ck_f32_resize_scratch(ck_resize_axis rows, ck_resize_axis columns, size_t c, int threads) {
  return (size_t)(threads > 1 ? threads : 1) * rows.taps * columns.out * c +
         (may_pair(columns, c) ? 5 * list_floats(columns.out) : 0);
}

// Rows of the input with their columns resampled, the last ones that were used.
typedef struct row_cache {
  float *rows;
  ptrdiff_t tag[CK_RESIZE_MAX_TAPS];
} row_cache;

// How columns are resampled.
typedef struct column_plan {
  const ck_resize_kernels *kernels;
  ck_resize_axis axis;
  size_t c;
  int is_paired;
  ck_column_pairs pairs;
} column_plan;

// The slot that holds row `r`, filled if it is not there; slots of the rows in `needed` are kept.
static size_t slot_of(const column_plan *columns, row_cache *cache, size_t r, size_t taps, const int32_t *needed,
                      const float *plane) {
  size_t victim = 0;
  for (size_t s = 0; s < taps; ++s) {
    if (cache->tag[s] == (ptrdiff_t)r) return s;
    int used = 0;
    for (size_t k = 0; k < taps; ++k) used |= cache->tag[s] == needed[k];
    if (!used) victim = s;
  }
  cache->tag[victim] = (ptrdiff_t)r;
  const ck_resize_axis *axis = &columns->axis;
  const size_t c = columns->c;
  const float *row = plane + r * axis->in * c;
  float *to = cache->rows + victim * axis->out * c;
  if (columns->is_paired) columns->kernels->f32_resize_pairs(&columns->pairs, row, to);
  else columns->kernels->f32_resize_columns(axis->out, c, axis->taps, axis->index, axis->weight, row, to);
  return victim;
}

void ck_f32_resize(uint32_t isa, size_t planes, ck_resize_axis rows, ck_resize_axis columns, size_t c, const float *x, float *y,
                   float *scratch, int threads) {
  const ck_resize_kernels *kernels = CK_BEST_LEVEL(resize, isa);
  size_t width = columns.out * c, total = planes * rows.out;
  int direct = is_identity(columns);
  column_plan plan = {.kernels = kernels, .axis = columns, .c = c};
  if (may_pair(columns, c)) {
    plan.is_paired = make_pairs(columns, kernels->lanes, scratch, &plan.pairs);
    scratch += 5 * list_floats(columns.out);
  }
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
          source[j] = cache.rows + slot_of(&plan, &cache, (size_t)index[j], rows.taps, index, from) * width;
        }
      }
      if (rows.taps == 1 && rows.weight[t] == 1) memcpy(y + k * width, source[0], width * sizeof *y);
      else kernels->f32_resize_rows(width, rows.taps, rows.weight + t * rows.taps, source, y + k * width);
    }
  });
}
