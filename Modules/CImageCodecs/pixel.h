#pragma once
#include "CImageCodecs.h"

static inline size_t ci_channels(ci_format format) {
  return format == CI_GRAY ? 1 : format == CI_RGB || format == CI_BGR ? 3 : 4;
}

/// Stores one pixel and gives where the next goes.
static inline uint8_t *ci_store(uint8_t *target, ci_format format, unsigned r, unsigned g, unsigned b, unsigned a) {
  if (format == CI_GRAY) {
    *target = (uint8_t)((r * 9798 + g * 19235 + b * 3735 + (1 << 14)) >> 15);
    return target + 1;
  }
  const int is_bgr = format == CI_BGR || format == CI_BGRA;
  target[0] = (uint8_t)(is_bgr ? b : r);
  target[1] = (uint8_t)g;
  target[2] = (uint8_t)(is_bgr ? r : b);
  if (format == CI_RGB || format == CI_BGR) return target + 3;
  target[3] = (uint8_t)a;
  return target + 4;
}
