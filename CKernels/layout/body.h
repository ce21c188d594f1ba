// The layout kernels over any f32_<isa>.h.
#include "kernels.h"

static void CK_FN(f32_transpose)(size_t rows, size_t columns, const float *src, size_t src_stride, float *dst,
                                 size_t dst_stride) {
  for (size_t i = 0; i < rows; i += F32V_LANES) {
    size_t height = rows - i < F32V_LANES ? rows - i : F32V_LANES;
    for (size_t j = 0; j < columns; j += F32V_LANES) {
      size_t width = columns - j < F32V_LANES ? columns - j : F32V_LANES;
      const float *from = src + i * src_stride + j;
      float *to = dst + j * dst_stride + i;
      f32v tile[F32V_LANES];
      if (height == F32V_LANES && width == F32V_LANES) {
        for (size_t k = 0; k < F32V_LANES; ++k) tile[k] = f32v_load(from + k * src_stride);
        f32v_transpose(tile);
        for (size_t k = 0; k < F32V_LANES; ++k) f32v_store(to + k * dst_stride, tile[k]);
      } else {
        for (size_t k = 0; k < F32V_LANES; ++k)
          tile[k] = k < height ? f32v_load_partial(from + k * src_stride, width) : f32v_set1(0);
        f32v_transpose(tile);
        for (size_t k = 0; k < width; ++k) f32v_store_partial(to + k * dst_stride, tile[k], height);
      }
    }
  }
}

static void CK_FN(f32_to_block)(size_t rows, size_t spatial, const float *x, size_t x_stride, float *y) {
  for (size_t p = 0; p < spatial; p += F32V_LANES) {
    size_t width = spatial - p < F32V_LANES ? spatial - p : F32V_LANES;
    f32v tile[F32V_LANES];
    if (rows == F32V_LANES && width == F32V_LANES) {
      for (size_t k = 0; k < F32V_LANES; ++k) tile[k] = f32v_load(x + k * x_stride + p);
    } else {
      for (size_t k = 0; k < F32V_LANES; ++k) tile[k] = k < rows ? f32v_load_partial(x + k * x_stride + p, width) : f32v_set1(0);
    }
    f32v_transpose(tile);
    float *to = y + p * F32V_LANES;
    if (width == F32V_LANES) {
      for (size_t k = 0; k < F32V_LANES; ++k) f32v_store(to + k * F32V_LANES, tile[k]);
    } else {
      for (size_t k = 0; k < width; ++k) f32v_store(to + k * F32V_LANES, tile[k]);
    }
  }
}

static void CK_FN(f32_from_block)(size_t rows, size_t spatial, const float *x, float *y, size_t y_stride) {
  for (size_t p = 0; p < spatial; p += F32V_LANES) {
    size_t width = spatial - p < F32V_LANES ? spatial - p : F32V_LANES;
    const float *from = x + p * F32V_LANES;
    f32v tile[F32V_LANES];
    if (rows == F32V_LANES && width == F32V_LANES) {
      for (size_t k = 0; k < F32V_LANES; ++k) tile[k] = f32v_load(from + k * F32V_LANES);
      f32v_transpose(tile);
      for (size_t k = 0; k < F32V_LANES; ++k) f32v_store(y + k * y_stride + p, tile[k]);
    } else {
      for (size_t k = 0; k < F32V_LANES; ++k) tile[k] = k < width ? f32v_load(from + k * F32V_LANES) : f32v_set1(0);
      f32v_transpose(tile);
      for (size_t k = 0; k < rows; ++k) f32v_store_partial(y + k * y_stride + p, tile[k], width);
    }
  }
}

static void CK_FN(f32_copy_lanes)(size_t spatial, size_t lanes, size_t zero_to, const float *src, size_t src_stride, float *dst,
                                  size_t dst_stride) {
  for (size_t i = 0; i < lanes || i < zero_to; i += F32V_LANES) {
    size_t read = lanes <= i ? 0 : lanes - i < F32V_LANES ? lanes - i : F32V_LANES;
    size_t write = (zero_to > lanes ? zero_to : lanes) - i;
    if (write > F32V_LANES) write = F32V_LANES;
    if (read == F32V_LANES) {
      for (size_t p = 0; p < spatial; ++p) f32v_store(dst + p * dst_stride + i, f32v_load(src + p * src_stride + i));
    } else if (write == F32V_LANES) {
      for (size_t p = 0; p < spatial; ++p)
        f32v_store(dst + p * dst_stride + i, read ? f32v_load_partial(src + p * src_stride + i, read) : f32v_set1(0));
    } else {
      for (size_t p = 0; p < spatial; ++p)
        f32v_store_partial(dst + p * dst_stride + i, read ? f32v_load_partial(src + p * src_stride + i, read) : f32v_set1(0),
                           write);
    }
  }
}

static void CK_FN(f32_from_f16)(size_t n, const uint16_t *x, float *y) {
  size_t i = 0;
  for (; i + F32V_LANES <= n; i += F32V_LANES) f32v_store(y + i, f32v_load_f16(x + i));
  if (i < n) {
    uint16_t rest[F32V_LANES] = {0};
    memcpy(rest, x + i, (n - i) * sizeof *x);
    f32v_store_partial(y + i, f32v_load_f16(rest), n - i);
  }
}

static void CK_FN(f32_to_f16)(size_t n, const float *x, uint16_t *y) {
  size_t i = 0;
  for (; i + F32V_LANES <= n; i += F32V_LANES) f32v_store_f16(y + i, f32v_load(x + i));
  if (i < n) {
    uint16_t rest[F32V_LANES];
    f32v_store_f16(rest, f32v_load_partial(x + i, n - i));
    memcpy(y + i, rest, (n - i) * sizeof *y);
  }
}

static inline __attribute__((always_inline)) void merge_lanes(const size_t moves, size_t spatial, const ck_lane_move *move,
                                                              float *y) {
  i32v lane[4];
  f32m takes[4];
#pragma clang loop unroll(full)
  for (size_t m = 0; m < 4 && m < moves; ++m) {
    lane[m] = f32v_bits(f32v_load((const float *)(const void *)move[m].lane));
    takes[m] = f32v_lt(f32v_set1(0), f32v_load(move[m].takes));
  }
  for (size_t p = 0; p < spatial; ++p) {
    f32v v = f32v_permute(f32v_load(move[0].x + p * F32V_LANES), lane[0]);
#pragma clang loop unroll(full)
    for (size_t m = 1; m < 4 && m < moves; ++m)
      v = f32v_select(takes[m], f32v_permute(f32v_load(move[m].x + p * F32V_LANES), lane[m]), v);
    for (size_t m = 4; m < moves; ++m)
      v = f32v_select(
          f32v_lt(f32v_set1(0), f32v_load(move[m].takes)),
          f32v_permute(f32v_load(move[m].x + p * F32V_LANES), f32v_bits(f32v_load((const float *)(const void *)move[m].lane))),
          v);
    f32v_store(y + p * F32V_LANES, v);
  }
}

static void CK_FN(f32_merge_lanes)(size_t spatial, size_t moves, const ck_lane_move *move, float *y) {
  switch (moves) {
    case 0: return;
    case 1: merge_lanes(1, spatial, move, y); return;
    case 2: merge_lanes(2, spatial, move, y); return;
    case 3: merge_lanes(3, spatial, move, y); return;
    case 4: merge_lanes(4, spatial, move, y); return;
    default: merge_lanes(moves, spatial, move, y); return;
  }
}

const ck_layout_kernels CK_FN(layout) = {
    .lanes = F32V_LANES,
#define CK_KERNEL(name, arguments) .name = CK_FN(name),
#include "layout.inc"
#undef CK_KERNEL
};
