#if defined(__x86_64__)
#include "ckernels_gemm.h"

#include "../isa/isa.h"
#include "../simd/f32_avx2.h"

enum { MR = 6, NR = 2 * F32V_LANES, ROW_PANELS = 2 };

#include "f32_tile.h"

TILE(1)
TILE(2)
TILE(3)
TILE(4)
TILE(5)
TILE(6)

void ck_f32_gemm_6x16__avx2(const ck_f32_gemm_tile *t) {
  static ck_f32_gemm_kernel *const tiles[MR][2] = {
      TILE_PAIR(1), TILE_PAIR(2), TILE_PAIR(3), TILE_PAIR(4), TILE_PAIR(5), TILE_PAIR(6),
  };
  if (t->panels > 0) row_of_panels(t);
  else tiles[t->rows - 1][t->columns > F32V_LANES](t);
}

#include "../simd/end.h"
#endif
