#if defined(__x86_64__)
#include "ckernels_gemm.h"

#include "../isa/isa.h"
#include "../simd/f32_avx512.h"

enum { MR = 14, NR = 2 * F32V_LANES, ROW_PANELS = 4 };

#include "f32_tile.h"

TILE(1)
TILE(2)
TILE(3)
TILE(4)
TILE(5)
TILE(6)
TILE(7)
TILE(8)
TILE(9)
TILE(10)
TILE(11)
TILE(12)
TILE(13)
TILE(14)

void ck_f32_gemm_14x32__avx512(const ck_f32_gemm_tile *t) {
  static ck_f32_gemm_kernel *const tiles[MR][2] = {
      TILE_PAIR(1), TILE_PAIR(2), TILE_PAIR(3),  TILE_PAIR(4),  TILE_PAIR(5),  TILE_PAIR(6),  TILE_PAIR(7),
      TILE_PAIR(8), TILE_PAIR(9), TILE_PAIR(10), TILE_PAIR(11), TILE_PAIR(12), TILE_PAIR(13), TILE_PAIR(14),
  };
  if (t->panels > 0) row_of_panels(t);
  else tiles[t->rows - 1][t->columns > F32V_LANES](t);
}

#include "../simd/end.h"
#endif
