#include "rows.h"

#include "../simd/f32_scalar.h"

static inline void put_bytes(uint8_t *y, f32v v) { *y = (uint8_t)v; }
static inline void put_halves(uint16_t *y, f32v v) { *y = ck_bf16((uint32_t)f32v_bits(v)); }

#include "rows_body.h"
#include "../simd/end.h"
