#include "kernels.h"

#define REDUCE(name, type, wide, least, greatest)                                                                               \
  void ck_##name##_reduce(ck_reduce_kind kind, size_t outer, size_t n, size_t inner, const type *x, type *y, int threads) {      \
    int team = ck_team(threads, outer * n * inner, 1 << 15);                                                                     \
    size_t total = outer * inner;                                                                                                \
    CK_PARALLEL(part, team, {                                                                                                    \
      for (size_t k = ck_part(total, team, part), end = ck_part(total, team, part + 1); k < end; ++k) {                          \
        const type *from = x + k / inner * n * inner + k % inner;                                                                \
        if (kind == CK_REDUCE_MAX) {                                                                                             \
          type best = least;                                                                                                     \
          for (size_t i = 0; i < n; ++i) best = from[i * inner] > best ? from[i * inner] : best;                                 \
          y[k] = best;                                                                                                           \
        } else if (kind == CK_REDUCE_MIN) {                                                                                      \
          type best = greatest;                                                                                                  \
          for (size_t i = 0; i < n; ++i) best = from[i * inner] < best ? from[i * inner] : best;                                 \
          y[k] = best;                                                                                                           \
        } else {                                                                                                                 \
          wide sum = kind == CK_REDUCE_PROD;                                                                                     \
          for (size_t i = 0; i < n; ++i) {                                                                                       \
            type element = from[i * inner];                                                                                      \
            wide v = (wide)element;                                                                                              \
            if (kind == CK_REDUCE_PROD) sum *= v;                                                                                \
            else if (kind == CK_REDUCE_SUM_SQUARE) sum += v * v;                                                                 \
            else if (kind == CK_REDUCE_L1) sum += element < 0 ? 0 - v : v;                                                       \
            else sum += v;                                                                                                       \
          }                                                                                                                      \
          if (kind == CK_REDUCE_MEAN) y[k] = n ? (type)((int64_t)sum / (int64_t)n) : 0;                                          \
          else y[k] = (type)sum;                                                                                                 \
        }                                                                                                                        \
      }                                                                                                                          \
    });                                                                                                                          \
  }

REDUCE(i32, int32_t, uint64_t, INT32_MIN, INT32_MAX)
REDUCE(i64, int64_t, uint64_t, INT64_MIN, INT64_MAX)
REDUCE(u8, uint8_t, uint64_t, 0, UINT8_MAX)
