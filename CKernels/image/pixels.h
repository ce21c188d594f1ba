#pragma once
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#pragma STDC FP_CONTRACT OFF

static inline uint8_t ck_image_clamp_u8(int x) { return (uint8_t)(x < 0 ? 0 : x > 255 ? 255 : x); }

/// To nearest, ties to even; not a number gives 0. Without branches, so that loops over it become vectors.
static inline uint8_t ck_image_round_u8(float x) {
  x = x > 0 ? x : 0;
  x = x < 255 ? x : 255;
  // Where the unit of a number's last place is 1, adding rounds.
  const float rounded = x + 12582912.f;
  uint32_t bits;
  __builtin_memcpy(&bits, &rounded, sizeof bits);
  return (uint8_t)bits;
}

static inline int16_t ck_image_round_s16(float x) {
  if (!(x > -32768)) return x != x ? 0 : -32768;
  return x >= 32767 ? 32767 : (int16_t)lrintf(x);
}

/// To nearest, ties up; `x` is not negative.
static inline uint8_t ck_image_round_up_u8(float x) { return ck_image_clamp_u8((int)(x + 0.5f)); }
