#include "ckernels_image_components.h"

#include <string.h>

static inline uint64_t eight(const uint8_t *p) {
  uint64_t word;
  memcpy(&word, p, 8);
  return word;
}
static inline int has_zero(uint64_t word) { return ((word - 0x0101010101010101u) & ~word & 0x8080808080808080u) != 0; }

size_t ck_image_find_runs(const uint8_t *src, size_t n, ck_image_run *runs) {
  size_t count = 0, i = 0;
  for (;;) {
    while (i + 8 <= n && eight(src + i) == 0) i += 8;
    while (i < n && src[i] == 0) i++;
    if (i == n) return count;
    const size_t start = i;
    while (i + 8 <= n && !has_zero(eight(src + i))) i += 8;
    while (i < n && src[i] != 0) i++;
    runs[count++] = (ck_image_run){(int32_t)start, (int32_t)i, 0, 0};
  }
}

static int32_t root(ck_image_run *runs, int32_t i) {
  while (runs[i].parent != i) i = runs[i].parent = runs[runs[i].parent].parent;
  return i;
}

static void number(ck_image_run *runs, size_t i, int32_t *count) {
  const int32_t first = root(runs, (int32_t)i);
  if (runs[first].number == 0) runs[first].number = (*count)++;
}

int32_t ck_image_number_runs(const uint8_t *src, size_t width, size_t height, int neighbors, ck_image_run *runs, size_t *rows) {
  const int32_t reach = neighbors == 8;
  rows[0] = 0;
  for (size_t y = 0; y < height; y++) {
    const size_t begin = rows[y], end = rows[y + 1] = begin + ck_image_find_runs(src + y * width, width, runs + begin);
    size_t above = y ? rows[y - 1] : begin;
    for (size_t i = begin; i < end; i++) {
      runs[i].parent = (int32_t)i;
      while (above < begin && runs[above].end + reach <= runs[i].start) above++;
      // The last that touches may touch the next run too.
      for (size_t k = above; k < begin && runs[k].start < runs[i].end + reach; k++) {
        const int32_t a = root(runs, (int32_t)k), b = root(runs, (int32_t)i);
        if (a < b) {
          runs[b].parent = a;
        } else {
          runs[a].parent = b;
        }
      }
    }
  }
  int32_t count = 1;
  if (neighbors != 8) {
    for (size_t i = 0; i < rows[height]; i++) number(runs, i, &count);
    return count;
  }
  for (size_t y = 0; y < height; y += 2) {
    size_t a = rows[y], b = rows[y + 1];
    const size_t a_end = b, b_end = y + 1 < height ? rows[y + 2] : b;
    while (a < a_end || b < b_end) {
      const int is_upper = b == b_end || (a < a_end && runs[a].start / 2 <= runs[b].start / 2);
      number(runs, is_upper ? a++ : b++, &count);
    }
  }
  return count;
}

static void include(ck_image_region *region, int32_t start, int32_t end, int32_t y) {
  if (start >= end) return;
  if (region->area == 0) region->top = y;
  if (region->area == 0 || start < region->left) region->left = start;
  if (region->area == 0 || end - 1 > region->right) region->right = end - 1;
  region->bottom = y;
  region->area += end - start;
  region->x += ((double)start + (double)(end - 1)) * (double)(end - start) / 2;
  region->y += (double)y * (double)(end - start);
}

void ck_image_label_runs(const ck_image_run *runs, const size_t *rows, size_t width, size_t height, int32_t *labels,
                         ck_image_region *regions, int32_t count) {
  for (int32_t k = 0; k < count; k++) regions[k] = (ck_image_region){0, 0, -1, -1, 0, 0, 0};
  for (size_t y = 0; y < height; y++, labels += width) {
    int32_t x = 0;
    for (size_t i = rows[y]; i < rows[y + 1]; i++) {
      int32_t first = (int32_t)i;
      while (runs[first].parent != first) first = runs[first].parent;
      const int32_t label = runs[first].number;
      include(&regions[0], x, runs[i].start, (int32_t)y);
      include(&regions[label], runs[i].start, runs[i].end, (int32_t)y);
      memset(labels + x, 0, (size_t)(runs[i].start - x) * 4);
      for (x = runs[i].start; x < runs[i].end; x++) labels[x] = label;
    }
    include(&regions[0], x, (int32_t)width, (int32_t)y);
    memset(labels + x, 0, (width - (size_t)x) * 4);
  }
}
