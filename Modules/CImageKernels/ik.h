#pragma once
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#pragma STDC FP_CONTRACT OFF

/// Compiled for AVX2 too, chosen at load by what the processor has. Only for functions whose results cannot differ.
/// Not under the thread sanitizer, whose hooks cannot run yet when the choice is made.
#if defined(__x86_64__) && defined(__linux__) && !__has_feature(thread_sanitizer)
#define IK_LEVELS __attribute__((target_clones("default", "avx2")))
#else
#define IK_LEVELS
#endif

static inline uint8_t ik_clamp_u8(int x) { return (uint8_t)(x < 0 ? 0 : x > 255 ? 255 : x); }

/// To nearest, ties to even; not a number gives 0. Without branches, so that loops over it become vectors.
static inline uint8_t ik_round_u8(float x) {
  x = x > 0 ? x : 0;
  x = x < 255 ? x : 255;
  // Where the unit of a number's last place is 1, adding rounds.
  const float rounded = x + 12582912.f;
  uint32_t bits;
  __builtin_memcpy(&bits, &rounded, sizeof bits);
  return (uint8_t)bits;
}

static inline int16_t ik_round_s16(float x) {
  if (!(x > -32768)) return x != x ? 0 : -32768;
  return x >= 32767 ? 32767 : (int16_t)lrintf(x);
}

/// To nearest, ties up; `x` is not negative.
static inline uint8_t ik_round_up_u8(float x) { return ik_clamp_u8((int)(x + 0.5f)); }
