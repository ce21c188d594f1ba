/// Products of bytes with packed weights, in exact 32-bit sums: `uint8_t` activations by `int8_t` weights.
///
/// Sums are taken modulo 2^32, so that every kernel, in any order, gives the same bits. Quantized tensors of `int8_t` are held as
/// `uint8_t` with 128 added to values and zero points. A zero point is no part of a product: whoever packs the weights adds
/// `-zero * (sum of the column)` to the bias, which is added to the sums.
#ifndef CKERNELS_GEMM8_H
#define CKERNELS_GEMM8_H

#include <stddef.h>
#include <stdint.h>

#include "ckernels_cpu.h"

#ifdef __cplusplus
extern "C" {
#endif

/// What becomes of a sum.
typedef enum ck_sum_result : int32_t {
  CK_SUM_U8,   ///< `clamp(round(sum * scale + shift) + zero, low, high)`, halves to even; what is rounded must be below 2^31
  CK_SUM_F32,  ///< `clamp(sum * scale + shift, least, most)`
  CK_SUM_S32,  ///< the sum
} ck_sum_result;

/// From sums to results, per column: a product and a sum in one rounding. Arrays are padded to a multiple of ``CK_SUM_PADDING``
/// elements.
typedef struct ck_sum_epilogue {
  ck_sum_result result;
  const int32_t *bias;  ///< added to every sum
  const float *scale;   ///< unused for CK_SUM_S32, as is the shift
  const float *shift;
  int32_t zero, low, high;  ///< CK_SUM_U8 only; within 0 ... 255
  float least, most;        ///< CK_SUM_F32 only; not NaN
} ck_sum_epilogue;

enum { CK_SUM_PADDING = 64 };

/// Non-zero unless what a byte can hold is all there is to adding the zero point and clamping.
static inline int ck_sum_clamps(const ck_sum_epilogue *e) { return e->zero != 0 || e->low != 0 || e->high != 255; }

/// Bytes of one result.
static inline size_t ck_sum_result_bytes(ck_sum_result result) { return result == CK_SUM_U8 ? 1 : 4; }

/// One tile of a product: what a microkernel is given. At most mr rows and nr columns.
typedef struct ck_u8s8_gemm_tile {
  size_t rows, columns;
  size_t k4;                 ///< products per sum, in fours
  const void *a;             ///< `uint8_t`, or `uint16_t` for kernels of ``ck_u8s8_gemm_config/wide`` rows
  size_t a_row;              ///< bytes
  const int8_t *b;           ///< the panel
  void *out;                 ///< exactly `columns` results per row are written
  size_t o_row;              ///< bytes
  ck_sum_epilogue epilogue;  ///< of the panel's first column on
} ck_u8s8_gemm_tile;

typedef void ck_u8s8_gemm_kernel(const ck_u8s8_gemm_tile *tile);

/// One line of `gemm8.inc`: a microkernel and the layout it wants.
typedef struct ck_u8s8_gemm_config {
  uint32_t isa;
  int32_t mr, nr;
  int32_t kr;      ///< consecutive products that lie side by side for each column
  int32_t wide;    ///< non-zero: rows of A are 16-bit numbers
  int32_t offset;  ///< what the kernel takes from every element of A; panels begin with `offset` times the columns' sums
  ck_u8s8_gemm_kernel *function;
  const char *name;
} ck_u8s8_gemm_config;

#define CK_KERNEL(isa, function, mr, nr, kr, wide, offset) void function(const ck_u8s8_gemm_tile *tile);
#include "../gemm8/gemm8.inc"
#undef CK_KERNEL

/// The kernels built for this architecture, best last. Lines whose `isa` the processor lacks must not be run.
size_t ck_u8s8_gemm_kernel_count(void);
const ck_u8s8_gemm_config *ck_u8s8_gemm_kernel_at(size_t index);

/// The best kernel among the instruction sets of `isa_mask`. Never NULL: scalar is always there.
const ck_u8s8_gemm_config *ck_u8s8_gemm_select(uint32_t isa_mask);

// MARK: Packing

/// Size of a packed [taps][K, N] matrix: panels of `nr` columns. Each tap takes K rounded up to a multiple of four.
size_t ck_u8s8_gemm_packed_bytes(const ck_u8s8_gemm_config *config, size_t taps, size_t k, size_t n);

/// Packs B, element (tap, k, n) at `b[tap * b_tap + k * b_row + n * b_column]`; columns past N and products past K become zero.
/// `packed` must be 64-byte aligned and must not overlap `b`.
void ck_u8s8_gemm_pack(const ck_u8s8_gemm_config *config, size_t taps, size_t k, size_t n, const int8_t *b, size_t b_tap,
                       size_t b_row, size_t b_column, int8_t *packed);

// MARK: Convolution

/// A convolution of images `[batch, h, w, pixel]` of bytes with packed weights; a product of matrices is one with `h` 1, `w`
/// rows.
typedef struct ck_u8s8_conv2d_args {
  size_t batch, h, w, oh, ow, kh, kw, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left;
  size_t channels;  ///< bytes of a pixel that are multiplied: K of packing
  size_t pixel;     ///< bytes from one pixel to the next; where it is at least `channels` rounded up to fours, those are read
  size_t columns;   ///< results of a pixel: N of packing, or more where as many columns of zeros were packed
  size_t o_pixel;   ///< bytes from one pixel's results to the next
  const uint8_t *input;
  const int8_t *weights;
  void *out;        ///< must not overlap the input
  uint8_t padding;  ///< the value of pixels outside of the image: the zero point
  ck_sum_epilogue epilogue;
} ck_u8s8_conv2d_args;

/// Scratch that ``ck_u8s8_conv2d`` needs for these sizes (pointers are not looked at). May be 0.
size_t ck_u8s8_conv2d_scratch_bytes(const ck_u8s8_gemm_config *config, const ck_u8s8_conv2d_args *args, int threads);
void ck_u8s8_conv2d(const ck_u8s8_gemm_config *config, const ck_u8s8_conv2d_args *args, void *scratch, int threads);

#ifdef __cplusplus
}
#endif

#endif
