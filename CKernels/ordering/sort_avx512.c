#if defined(__x86_64__)
#include "../isa/isa.h"
#include "kernels.h"

#include <immintrin.h>
#include <string.h>

CK_TARGET_AVX512

enum { LANES = 16, SMALL = 128 };

// Lane i meets lane i ^ distance; lanes whose bit in `least` is set keep the lesser.
CK_INLINE __m512i exchange(__m512i v, __m512i partner, __mmask16 least) {
  __m512i p = _mm512_permutexvar_epi32(partner, v);
  return _mm512_mask_min_epu32(_mm512_max_epu32(v, p), least, v, p);
}

CK_INLINE __m512i partners(int distance) {
  return _mm512_xor_si512(_mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0), _mm512_set1_epi32(distance));
}

// Batcher's bitonic network within one vector: runs of 2, 4, 8 and 16 in turn up and down.
CK_INLINE __m512i sort_lanes(__m512i v) {
  __m512i by1 = partners(1), by2 = partners(2), by4 = partners(4), by8 = partners(8);
  v = exchange(v, by1, 0x9999);
  v = exchange(v, by2, 0xc3c3);
  v = exchange(v, by1, 0xa5a5);
  v = exchange(v, by4, 0xf00f);
  v = exchange(v, by2, 0xcc33);
  v = exchange(v, by1, 0xaa55);
  v = exchange(v, by8, 0x00ff);
  v = exchange(v, by4, 0x0f0f);
  v = exchange(v, by2, 0x3333);
  return exchange(v, by1, 0x5555);
}

// Sorts a vector whose lanes rise and then fall.
CK_INLINE __m512i merge_lanes(__m512i v) {
  v = exchange(v, partners(8), 0x00ff);
  v = exchange(v, partners(4), 0x0f0f);
  v = exchange(v, partners(2), 0x3333);
  return exchange(v, partners(1), 0x5555);
}

CK_INLINE __m512i reversed(__m512i v) { return _mm512_permutexvar_epi32(partners(15), v); }

// Sorts `count` vectors (1, 2, 4 or 8) that hold a bitonic sequence.
CK_INLINE void merge_vectors(__m512i *v, int count) {
  for (int distance = count / 2; distance > 0; distance /= 2)
    for (int i = 0; i < count; ++i)
      if (!(i & distance)) {
        __m512i a = v[i], b = v[i + distance];
        v[i] = _mm512_min_epu32(a, b);
        v[i + distance] = _mm512_max_epu32(a, b);
      }
  for (int i = 0; i < count; ++i) v[i] = merge_lanes(v[i]);
}

// Sorts up to `count` vectors of keys; missing ones are the greatest key.
CK_INLINE void sort_vectors(const uint32_t *keys, uint32_t *sorted, size_t n, int count) {
  __m512i v[8];
  for (int i = 0; i < count; ++i) {
    size_t first = (size_t)i * LANES, left = n > first ? n - first : 0;
    __mmask16 mask = left >= LANES ? 0xffff : (__mmask16)((1u << left) - 1);
    v[i] = sort_lanes(_mm512_mask_loadu_epi32(_mm512_set1_epi32(-1), mask, keys + first));
  }
  for (int width = 1; width < count; width *= 2)
    for (int start = 0; start < count; start += 2 * width) {
      // The second half backwards makes one rising and falling sequence of both.
      for (int i = 0; i < width / 2; ++i) {
        __m512i t = v[start + width + i];
        v[start + width + i] = v[start + 2 * width - 1 - i];
        v[start + 2 * width - 1 - i] = t;
      }
      for (int i = 0; i < width; ++i) v[start + width + i] = reversed(v[start + width + i]);
      merge_vectors(v + start, 2 * width);
    }
  for (int i = 0; i < count; ++i) {
    size_t first = (size_t)i * LANES, left = n > first ? n - first : 0;
    __mmask16 mask = left >= LANES ? 0xffff : (__mmask16)((1u << left) - 1);
    _mm512_mask_storeu_epi32(sorted + first, mask, v[i]);
  }
}

static void sort_small(const uint32_t *keys, uint32_t *sorted, size_t n) {
  if (n <= 16) sort_vectors(keys, sorted, n, 1);
  else if (n <= 32) sort_vectors(keys, sorted, n, 2);
  else if (n <= 64) sort_vectors(keys, sorted, n, 4);
  else sort_vectors(keys, sorted, n, 8);
}

// Lanes turned so that the last `count` of them are those that were first.
CK_INLINE __m512i to_back(__m512i v, unsigned count) {
  __m512i lane = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  return _mm512_permutexvar_epi32(_mm512_add_epi32(lane, _mm512_set1_epi32((int)count)), v);
}

// Writes the keys of `from` that are less than `pivot` (or equal to it) to the front of `to`, the others to its back. Returns how
// many are in front.
CK_INLINE size_t partition(const uint32_t *from, uint32_t *to, size_t n, uint32_t pivot, int or_equal) {
  __m512i p = _mm512_set1_epi32((int)pivot);
  size_t front = 0, back = n, i = 0;
  // Whole vectors are written where at least two of them fit between front and back: what is too much of one is overwritten later.
  for (; i + 2 * LANES <= n; i += LANES) {
    __m512i v = _mm512_loadu_si512(from + i);
    __mmask16 less = or_equal ? _mm512_cmple_epu32_mask(v, p) : _mm512_cmplt_epu32_mask(v, p);
    unsigned taken = (unsigned)__builtin_popcount(less);
    _mm512_storeu_si512(to + front, _mm512_maskz_compress_epi32(less, v));
    _mm512_storeu_si512(to + back - LANES, to_back(_mm512_maskz_compress_epi32((__mmask16)~less, v), LANES - taken));
    front += taken;
    back -= LANES - taken;
  }
  for (; i < n; ++i) {
    uint32_t key = from[i];
    if (or_equal ? key <= pivot : key < pivot) to[front++] = key;
    else to[--back] = key;
  }
  return front;
}

// About the middle of sixteen keys from all over.
static uint32_t choose_pivot(const uint32_t *keys, size_t n) {
  uint32_t sample[LANES];
  size_t step = n / LANES;
  for (size_t i = 0; i < LANES; ++i) sample[i] = keys[i * step + step / 2];
  sort_vectors(sample, sample, LANES, 1);
  return sample[LANES / 2];
}

// Sorts the keys in `from`, with `other` to move them to and fro, into `sorted`, which is one of the two.
static void quick_sort(uint32_t *from, uint32_t *other, uint32_t *sorted, size_t n, int depth) {
  while (n > SMALL) {
    if (depth-- == 0) {
      // Pivots were bad again and again.
      ck_u32_sort__scalar(n, from, other);
      if (sorted != from) memcpy(sorted, from, n * sizeof *from);
      return;
    }
    uint32_t pivot = choose_pivot(from, n);
    size_t front = partition(from, other, n, pivot, 0);
    uint32_t *moved = other;
    other = from;
    from = moved;
    if (front == 0) {
      // The pivot is the least key: only its equals go to the front.
      front = partition(from, other, n, pivot, 1);
      moved = other;
      other = from;
      from = moved;
      for (size_t i = 0; i < front; ++i) sorted[i] = pivot;
    } else {
      quick_sort(from, other, sorted, front, depth);
    }
    from += front;
    other += front;
    sorted += front;
    n -= front;
  }
  sort_small(from, sorted, n);
}

// Quicksort whose partitions are vectors pressed together, and bitonic networks below ``SMALL`` keys.
void ck_u32_sort__avx512(size_t n, uint32_t *keys, uint32_t *scratch) {
  int depth = 8;
  for (size_t m = n; m > 1; m /= 2) depth += 2;
  quick_sort(keys, scratch, keys, n, depth);
}

CK_TARGET_END
#endif
