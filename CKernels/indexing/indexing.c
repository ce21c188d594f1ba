#include "ckernels_indexing.h"

#include <string.h>

// The index counted from the start; n if it is out of range.
static size_t normalized(int64_t index, size_t n) {
  if (index < 0) index += (int64_t)n;
  return index < 0 || (uint64_t)index >= n ? n : (size_t)index;
}

static void copy(size_t bytes, void *to, const void *from) {
  switch (bytes) {
    case 1: memcpy(to, from, 1); break;
    case 2: memcpy(to, from, 2); break;
    case 4: memcpy(to, from, 4); break;
    case 8: memcpy(to, from, 8); break;
    default: memcpy(to, from, bytes);
  }
}

int ck_gather_elements(size_t element_bytes, size_t outer, size_t n, size_t inner, size_t count, const void *x,
                       const int64_t *indices, void *y) {
  const char *from = x;
  char *to = y;
  for (size_t o = 0; o < outer; ++o, from += n * inner * element_bytes)
    for (size_t j = 0; j < count; ++j)
      for (size_t i = 0; i < inner; ++i, to += element_bytes) {
        size_t at = normalized(*indices++, n);
        if (at == n) return 0;
        copy(element_bytes, to, from + (at * inner + i) * element_bytes);
      }
  return 1;
}

int ck_scatter_elements(size_t element_bytes, size_t outer, size_t n, size_t inner, size_t count, const int64_t *indices,
                        const void *updates, void *y) {
  const char *from = updates;
  char *to = y;
  for (size_t o = 0; o < outer; ++o, to += n * inner * element_bytes)
    for (size_t j = 0; j < count; ++j)
      for (size_t i = 0; i < inner; ++i, from += element_bytes) {
        size_t at = normalized(*indices++, n);
        if (at == n) return 0;
        copy(element_bytes, to + (at * inner + i) * element_bytes, from);
      }
  return 1;
}

int ck_index_positions(size_t count, size_t depth, const size_t *size, const size_t *stride, const int64_t *indices,
                       size_t *positions) {
  for (size_t v = 0; v < count; ++v) {
    size_t position = 0;
    for (size_t k = 0; k < depth; ++k) {
      size_t at = normalized(*indices++, size[k]);
      if (at == size[k]) return 0;
      position += at * stride[k];
    }
    positions[v] = position;
  }
  return 1;
}
