/// The layout of packed weights: panels `[head][taps * fours(K) / kr][nr][kr]`.
#ifndef CK_GEMM8_PACK_H
#define CK_GEMM8_PACK_H

#include "ckernels_gemm8.h"

static inline size_t ck_fours(size_t n) { return (n + 3) / 4 * 4; }

/// Bytes before the weights of a panel.
static inline size_t ck_panel_head(const ck_u8s8_gemm_config *config) {
  return config->offset ? (size_t)config->nr * sizeof(int32_t) : 0;
}

static inline size_t ck_panel_bytes(const ck_u8s8_gemm_config *config, size_t products) {
  return ck_panel_head(config) + products * (size_t)config->nr;
}

#endif
