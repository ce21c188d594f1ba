#include "ckernels_ordering.h"

#include "../isa/parallel.h"

#include <string.h>

enum {
  FEW = 16,       // are kept in order while a row is read
  SHORT = 48,     // is put in order by insertion
  BLOCK = 32,     // elements that are looked at together
  BIN_BITS = 11,  // of a rank, counted at a time
  BINS = 1 << BIN_BITS,
};

// A rank and, below it, the place in the row: the smaller is the better, and of equal elements the first.
typedef uint64_t entry;

// The rank of an element: 0 for NaN, the best; signed, because vectors compare signed numbers.
static inline int32_t rank_of(float x, uint32_t flip) {
  float positive = x + 0.0f;  // both zeros are equal
  uint32_t bits;
  memcpy(&bits, &positive, sizeof bits);
  const uint32_t rising = bits ^ ((uint32_t)((int32_t)bits >> 31) | 0x80000000u);
  return (int32_t)((x != x ? 0 : rising ^ flip) ^ 0x80000000u);
}

static inline uint32_t unsigned_of(int32_t rank) { return (uint32_t)rank ^ 0x80000000u; }
static inline entry make_entry(int32_t rank, size_t place) { return (entry)unsigned_of(rank) << 32 | place; }

// Most rows have no more than `k` elements that are better than what came before.
static void select_few(const int32_t *ranks, size_t n, size_t k, entry *best) {
  size_t count = 0;
  int32_t worst = INT32_MAX;
  for (size_t first = 0; first < n; first += BLOCK) {
    const size_t end = n - first < BLOCK ? n : first + BLOCK;
    if (count == k && end - first == BLOCK) {
      int any = 0;
      for (size_t j = first; j < first + BLOCK; ++j) any |= ranks[j] < worst;
      if (!any) continue;
    }
    for (size_t j = first; j < end; ++j) {
      if (count == k && ranks[j] >= worst) continue;
      const entry own = make_entry(ranks[j], j);
      size_t at = count < k ? count++ : k - 1;
      for (; at > 0 && best[at - 1] > own; --at) best[at] = best[at - 1];
      best[at] = own;
      worst = (int32_t)((uint32_t)(best[count - 1] >> 32) ^ 0x80000000u);
    }
  }
}

// The rank of the `k`-th best element, found by counting its digits from the first on; `*equal` of the best have that rank.
static int32_t threshold(const int32_t *ranks, size_t n, size_t k, int32_t *rest, size_t *equal) {
  static const int shifts[] = {21, 10, 0};
  static const uint32_t masks[] = {BINS - 1, BINS - 1, 1023};
  uint32_t found = 0;
  for (int level = 0; level < 3; ++level) {
    uint32_t counts[BINS] = {0};
    const int shift = shifts[level];
    const uint32_t mask = masks[level];
    for (size_t j = 0; j < n; ++j) ++counts[unsigned_of(ranks[j]) >> shift & mask];
    uint32_t digit = 0;
    for (; counts[digit] < k; ++digit) k -= counts[digit];
    found |= digit << shift;
    if (level == 2) break;
    size_t kept = 0;
    for (size_t j = 0; j < n; ++j) {
      const int32_t rank = ranks[j];
      rest[kept] = rank;
      kept += (unsigned_of(rank) >> shift & mask) == digit;
    }
    ranks = rest;
    n = kept;
  }
  *equal = k;
  return (int32_t)(found ^ 0x80000000u);
}

// Entries that are in the order of their places, by rank.
static void sort_entries(entry *entries, size_t n, entry *other) {
  if (n <= SHORT) {
    for (size_t i = 1; i < n; ++i) {
      const entry own = entries[i];
      size_t at = i;
      for (; at > 0 && entries[at - 1] > own; --at) entries[at] = entries[at - 1];
      entries[at] = own;
    }
    return;
  }
  size_t counts[4][256] = {{0}};
  for (size_t i = 0; i < n; ++i)
    for (int digit = 0; digit < 4; ++digit) ++counts[digit][entries[i] >> (32 + 8 * digit) & 255];
  entry *from = entries, *to = other;
  for (int digit = 0; digit < 4; ++digit) {
    const int shift = 32 + 8 * digit;
    size_t *count = counts[digit], start = 0;
    if (count[from[0] >> shift & 255] == n) continue;
    for (size_t value = 0; value < 256; ++value) {
      const size_t own = count[value];
      count[value] = start;
      start += own;
    }
    for (size_t i = 0; i < n; ++i) to[count[from[i] >> shift & 255]++] = from[i];
    entry *const swapped = from;
    from = to;
    to = swapped;
  }
  if (from != entries) memcpy(entries, from, n * sizeof *entries);
}

// Whether it is best to put the whole row in order.
static int sorts_all(size_t n, size_t k) { return n <= SHORT || n / 2 < k; }

static size_t entry_count(size_t n, size_t k) { return sorts_all(n, k) ? n : k; }

static size_t even(size_t count) { return count + count % 2; }

static size_t row_bytes(size_t n, size_t k) { return 2 * even(n) * sizeof(int32_t) + 2 * entry_count(n, k) * sizeof(entry); }

static int top_k_team(size_t rows, size_t n, int threads) { return ck_team(threads, rows * n, 1 << 14); }

size_t ck_f32_top_k_scratch(size_t n, size_t k, int threads) { return row_bytes(n, k) * (size_t)(threads > 1 ? threads : 1); }

// The best `k` of a row, in order.
static void select_row(const int32_t *ranks, size_t n, size_t k, int32_t *rest, entry *best, entry *other) {
  if (k <= FEW) {
    select_few(ranks, n, k, best);
    return;
  }
  size_t count = 0;
  if (sorts_all(n, k)) {
    for (; count < n; ++count) best[count] = make_entry(ranks[count], count);
  } else {
    size_t equal;
    const int32_t last = threshold(ranks, n, k, rest, &equal);
    for (size_t j = 0; j < n; ++j) {
      if (ranks[j] > last || (ranks[j] == last && equal == 0)) continue;
      equal -= ranks[j] == last;
      best[count++] = make_entry(ranks[j], j);
    }
  }
  sort_entries(best, count, other);
}

void ck_f32_top_k(int least, size_t outer, size_t n, size_t inner, size_t k, const float *x, float *values, int64_t *indices,
                  void *scratch, int threads) {
  const size_t rows = outer * inner, bytes = row_bytes(n, k);
  const uint32_t flip = least ? 0 : UINT32_MAX;
  if (k == 0 || rows == 0) return;
  const int team = top_k_team(rows, n, threads);
  CK_PARALLEL(part, team, {
    int32_t *ranks = (int32_t *)((char *)scratch + (size_t)part * bytes);
    int32_t *rest = ranks + even(n);
    entry *best = (entry *)(rest + even(n));
    for (size_t r = ck_part(rows, team, part), end = ck_part(rows, team, part + 1); r < end; ++r) {
      const size_t o = r / inner, i = r % inner;
      const float *row = x + o * n * inner + i;
      if (inner == 1)
        for (size_t j = 0; j < n; ++j) ranks[j] = rank_of(row[j], flip);
      else
        for (size_t j = 0; j < n; ++j) ranks[j] = rank_of(row[j * inner], flip);
      select_row(ranks, n, k, rest, best, best + entry_count(n, k));
      for (size_t j = 0; j < k; ++j) {
        const size_t place = (uint32_t)best[j], at = (o * k + j) * inner + i;
        indices[at] = (int64_t)place;
        values[at] = row[place * inner];
      }
    }
  });
}
