/// The layout of packed weights: panels of `nr` columns.
///
///     [sums of the column's weights: float nr]           not for bfloat16
///     for each block: [scales: float nr] [shifts: float nr, if shifted] [groups of steps]
///
/// A step is `kr` products of every column, `[nr][kr]`. A group is as many steps as fill whole bytes: byte i of its planes has,
/// for each step, the bits of code i.
#ifndef CK_NARROW_FORM_H
#define CK_NARROW_FORM_H

#include "ckernels_narrow.h"

static inline size_t ck_narrow_bits(ck_narrow_form form) {
  static const uint8_t bits[CK_NARROW_FORMS] = {8, 4, 3, 2, 16};
  return bits[form];
}

/// Steps of a group.
static inline size_t ck_narrow_steps(ck_narrow_form form) {
  static const uint8_t steps[CK_NARROW_FORMS] = {1, 2, 8, 4, 1};
  return steps[form];
}

/// Bytes of a group.
static inline size_t ck_narrow_group_bytes(const ck_narrow_config *config) {
  const size_t step = (size_t)config->nr * (size_t)config->kr;
  return config->form == CK_NARROW_BF16 ? 2 * step : config->form == CK_NARROW_3 ? 3 * step : step;
}

/// Products of a group.
static inline size_t ck_narrow_group_products(const ck_narrow_config *config) {
  return (size_t)config->kr * ck_narrow_steps(config->form);
}

/// Bytes of an element of a narrowed row.
static inline size_t ck_narrow_unit(const ck_narrow_config *config) {
  return config->form == CK_NARROW_BF16 || config->wide ? 2 : 1;
}

static inline size_t ck_narrow_blocks(const ck_narrow_shape *s) { return s->block < s->k ? (s->k + s->block - 1) / s->block : 1; }

/// Channels of block `b`.
static inline size_t ck_narrow_block_channels(const ck_narrow_shape *s, size_t b) {
  const size_t left = s->k - b * s->block;
  return ck_narrow_blocks(s) == 1 ? s->k : left < s->block ? left : s->block;
}

/// Groups of block `b`.
static inline size_t ck_narrow_block_groups(const ck_narrow_config *config, const ck_narrow_shape *s, size_t b) {
  const size_t products = ck_narrow_group_products(config);
  return (ck_narrow_block_channels(s, b) * s->taps + products - 1) / products;
}

static inline size_t ck_narrow_all_groups(const ck_narrow_config *config, const ck_narrow_shape *s) {
  const size_t blocks = ck_narrow_blocks(s);
  return (blocks - 1) * ck_narrow_block_groups(config, s, 0) + ck_narrow_block_groups(config, s, blocks - 1);
}

/// Bytes before the groups of a block.
static inline size_t ck_narrow_block_head(const ck_narrow_config *config, const ck_narrow_shape *s) {
  return config->form == CK_NARROW_BF16 ? 0 : (s->shifted ? 2 : 1) * (size_t)config->nr * sizeof(float);
}

static inline size_t ck_narrow_panel_head(const ck_narrow_config *config) {
  return config->form == CK_NARROW_BF16 ? 0 : (size_t)config->nr * sizeof(float);
}

static inline size_t ck_narrow_panel_bytes(const ck_narrow_config *config, const ck_narrow_shape *s) {
  return ck_narrow_panel_head(config) + ck_narrow_blocks(s) * ck_narrow_block_head(config, s) +
         ck_narrow_all_groups(config, s) * ck_narrow_group_bytes(config);
}

/// A float as bfloat16, halves to even. NaN stays NaN.
static inline uint16_t ck_bf16(uint32_t bits) {
  if ((bits & 0x7fffffff) > 0x7f800000) return (uint16_t)(bits >> 16 | 0x40);
  return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

#endif
