#if defined(__x86_64__)
#include "../isa/isa.h"
#include "kernels.h"

#include <immintrin.h>
#include <string.h>

CK_TARGET_AVX512

enum { LANES = 16, ROWS = 8, SMALL = ROWS * LANES };

CK_INLINE __mmask16 first_lanes(size_t n) { return (__mmask16)((1u << (n < LANES ? n : LANES)) - 1); }

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

CK_INLINE void order(__m512i *a, __m512i *b) {
  __m512i lesser = _mm512_min_epu32(*a, *b);
  *b = _mm512_max_epu32(*a, *b);
  *a = lesser;
}

// Sorts each column of eight rows: the network of 19 comparators, see Knuth, The Art of Computer Programming 3, 5.3.4.
CK_INLINE void sort_columns(__m512i v[ROWS]) {
  static const unsigned char pairs[19][2] = {
      {0, 2}, {1, 3}, {4, 6}, {5, 7}, {0, 4}, {1, 5}, {2, 6}, {3, 7}, {0, 1}, {2, 3},
      {4, 5}, {6, 7}, {2, 4}, {3, 5}, {1, 4}, {3, 6}, {1, 2}, {3, 4}, {5, 6},
  };
#pragma clang loop unroll(full)
  for (int i = 0; i < 19; ++i) order(&v[pairs[i][0]], &v[pairs[i][1]]);
}

// Joins two sorted runs of `columns` columns each, one below the other's columns, everywhere: Batcher's bitonic merge. Where lane
// i meets lane i ^ d, lanes without the highest bit of d keep the lesser.
CK_INLINE void merge_columns(__m512i v[ROWS], const int columns) {
  static const __mmask16 without[9] = {0, 0x5555, 0x3333, 0, 0x0f0f, 0, 0, 0, 0x00ff};
  const __m512i mirrored = partners(2 * columns - 1);
#pragma clang loop unroll(full)
  for (int r = 0; r < ROWS / 2; ++r) {
    __m512i upper = _mm512_permutexvar_epi32(mirrored, v[r]), lower = _mm512_permutexvar_epi32(mirrored, v[ROWS - 1 - r]);
    v[r] = _mm512_mask_min_epu32(_mm512_max_epu32(v[r], lower), without[columns], v[r], lower);
    v[ROWS - 1 - r] = _mm512_mask_min_epu32(_mm512_max_epu32(v[ROWS - 1 - r], upper), without[columns], v[ROWS - 1 - r], upper);
  }
#pragma clang loop unroll(full)
  for (int distance = columns / 2; distance > 0; distance /= 2)
#pragma clang loop unroll(full)
    for (int r = 0; r < ROWS; ++r) v[r] = exchange(v[r], partners(distance), without[distance]);
#pragma clang loop unroll(full)
  for (int distance = ROWS / 2; distance > 0; distance /= 2)
#pragma clang loop unroll(full)
    for (int r = 0; r < ROWS; ++r)
      if (!(r & distance)) order(&v[r], &v[r + distance]);
}

// Turns columns into rows: two columns of eight make a row of sixteen.
CK_INLINE void turn(__m512i v[ROWS]) {
  __m512i t[ROWS], column[2][4];
#pragma clang loop unroll(full)
  for (int r = 0; r < ROWS; r += 2) {
    t[r] = _mm512_unpacklo_epi32(v[r], v[r + 1]);
    t[r + 1] = _mm512_unpackhi_epi32(v[r], v[r + 1]);
  }
  // column[half][j], quarter q: rows 4 * half ... of column 4 * q + j.
#pragma clang loop unroll(full)
  for (int half = 0; half < 2; ++half) {
    column[half][0] = _mm512_unpacklo_epi64(t[4 * half], t[4 * half + 2]);
    column[half][1] = _mm512_unpackhi_epi64(t[4 * half], t[4 * half + 2]);
    column[half][2] = _mm512_unpacklo_epi64(t[4 * half + 1], t[4 * half + 3]);
    column[half][3] = _mm512_unpackhi_epi64(t[4 * half + 1], t[4 * half + 3]);
  }
#pragma clang loop unroll(full)
  for (int h = 0; h < 2; ++h) {
    __m512i a = _mm512_shuffle_i32x4(column[0][2 * h], column[1][2 * h], 0x44);
    __m512i b = _mm512_shuffle_i32x4(column[0][2 * h + 1], column[1][2 * h + 1], 0x44);
    __m512i c = _mm512_shuffle_i32x4(column[0][2 * h], column[1][2 * h], 0xee);
    __m512i d = _mm512_shuffle_i32x4(column[0][2 * h + 1], column[1][2 * h + 1], 0xee);
    v[h] = _mm512_shuffle_i32x4(a, b, 0x88);
    v[2 + h] = _mm512_shuffle_i32x4(a, b, 0xdd);
    v[4 + h] = _mm512_shuffle_i32x4(c, d, 0x88);
    v[6 + h] = _mm512_shuffle_i32x4(c, d, 0xdd);
  }
}

// Sorts up to ``SMALL`` keys; missing ones are the greatest key.
static void sort_small(uint32_t *keys, size_t n) {
  const __m512i greatest = _mm512_set1_epi32(-1);
  if (n <= LANES) {
    _mm512_mask_storeu_epi32(keys, first_lanes(n), sort_lanes(_mm512_mask_loadu_epi32(greatest, first_lanes(n), keys)));
    return;
  }
  __m512i v[ROWS];
#pragma clang loop unroll(full)
  for (int r = 0; r < ROWS; ++r) {
    const size_t first = (size_t)r * LANES;
    v[r] = first < n ? _mm512_mask_loadu_epi32(greatest, first_lanes(n - first), keys + first) : greatest;
  }
  sort_columns(v);
  merge_columns(v, 1);
  merge_columns(v, 2);
  merge_columns(v, 4);
  merge_columns(v, 8);
  turn(v);
#pragma clang loop unroll(full)
  for (int r = 0; r < ROWS; ++r) {
    const size_t first = (size_t)r * LANES;
    if (first < n) _mm512_mask_storeu_epi32(keys + first, first_lanes(n - first), v[r]);
  }
}

// Writes the keys of `v` that `there` names to the front or the back of what is left free between `front` and `back`.
CK_INLINE void divide(uint32_t *keys, size_t *front, size_t *back, __m512i v, __mmask16 there, __m512i pivot, int or_equal,
                      int whole) {
  __mmask16 less = or_equal ? _mm512_mask_cmple_epu32_mask(there, v, pivot) : _mm512_mask_cmplt_epu32_mask(there, v, pivot);
  __mmask16 more = _kandn_mask16(less, there);
  // Hidden from the compiler, which would compare twice to save the move.
  unsigned bits = less;
  __asm__("" : "+r"(bits));
  size_t taken = (size_t)__builtin_popcount(bits), kept = whole ? LANES - taken : (size_t)__builtin_popcount(more);
  __m512i lesser = _mm512_maskz_compress_epi32(less, v);
  if (whole) _mm512_storeu_si512(keys + *front, lesser);
  else _mm512_mask_storeu_epi32(keys + *front, first_lanes(taken), lesser);
  *front += taken;
  *back -= kept;
  _mm512_mask_storeu_epi32(keys + *back, first_lanes(kept), _mm512_maskz_compress_epi32(more, v));
}

// Moves the keys that are less than `pivot` (or equal to it) to the front, the others to the back. Returns how many are in front.
static size_t partition(uint32_t *keys, size_t n, uint32_t pivot, int or_equal) {
  // Blocks of both ends are held back, so that there is always room for a block at either end.
  enum { BLOCK = 4, BLOCK_KEYS = BLOCK * LANES };
  uint32_t held[3 * BLOCK_KEYS];
  const __m512i p = _mm512_set1_epi32((int)pivot);
  size_t front = 0, back = n, low = 0, high = n, count = 0;
  if (n >= 3 * BLOCK_KEYS) {
    memcpy(held, keys, BLOCK_KEYS * sizeof *keys);
    memcpy(held + BLOCK_KEYS, keys + n - BLOCK_KEYS, BLOCK_KEYS * sizeof *keys);
    count = 2 * BLOCK_KEYS;
    low = BLOCK_KEYS;
    high = n - BLOCK_KEYS;
    while (high - low >= BLOCK_KEYS) {
      const uint32_t *next = keys + low;
      if (low - front <= back - high) {
        low += BLOCK_KEYS;
      } else {
        high -= BLOCK_KEYS;
        next = keys + high;
      }
      __m512i v[BLOCK];
#pragma clang loop unroll(full)
      for (int i = 0; i < BLOCK; ++i) v[i] = _mm512_loadu_si512(next + i * LANES);
#pragma clang loop unroll(full)
      for (int i = 0; i < BLOCK; ++i) divide(keys, &front, &back, v[i], 0xffff, p, or_equal, 1);
    }
  }
  memcpy(held + count, keys + low, (high - low) * sizeof *keys);
  count += high - low;
  for (size_t i = 0; i < count; i += LANES) {
    const __mmask16 there = first_lanes(count - i);
    divide(keys, &front, &back, _mm512_maskz_loadu_epi32(there, held + i), there, p, or_equal, 0);
  }
  return front;
}

// About the middle of sixteen keys from all over.
static uint32_t choose_pivot(const uint32_t *keys, size_t n) {
  uint32_t sample[LANES];
  size_t step = n / LANES;
  for (size_t i = 0; i < LANES; ++i) sample[i] = keys[i * step + step / 2];
  sort_small(sample, LANES);
  return sample[LANES / 2];
}

static void quick_sort(uint32_t *keys, uint32_t *scratch, size_t n, int depth) {
  while (n > SMALL) {
    if (depth-- == 0) {
      // Pivots were bad again and again.
      ck_u32_sort__scalar(n, keys, scratch);
      return;
    }
    const uint32_t pivot = choose_pivot(keys, n);
    size_t front = partition(keys, n, pivot, 0);
    // The pivot is the least key: only its equals go to the front, where they are in order.
    if (front == 0) front = partition(keys, n, pivot, 1);
    else quick_sort(keys, scratch, front, depth);
    keys += front;
    n -= front;
  }
  sort_small(keys, n);
}

// Quicksort whose partitions are vectors pressed together, and bitonic networks below ``SMALL`` keys.
void ck_u32_sort__avx512(size_t n, uint32_t *keys, uint32_t *scratch) {
  int depth = 8;
  for (size_t m = n; m > 1; m /= 2) depth += 2;
  quick_sort(keys, scratch, n, depth);
}

#define CK_FN(name) ck_##name##__avx512
#include "order_keys.h"
#undef CK_FN

CK_TARGET_END
#endif
