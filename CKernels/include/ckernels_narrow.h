/// Products of float32 rows with weights of few bits: packed integers with scales, or bfloat16.
///
/// Rows are narrowed while they are read. For integer weights, to bytes with a scale and a zero of their own: of every row, or
/// of every image where windows slide over it. Sums of bytes are exact in 32 bits, so every kernel has the same ones; what
/// follows is float32 in one order, with one rounding for a product and a sum. For bfloat16, to bfloat16, halves to even.
///
/// A row that holds anything but finite numbers gives NaN, as does every row of an image that does.
#ifndef CKERNELS_NARROW_H
#define CKERNELS_NARROW_H

#include <stddef.h>
#include <stdint.h>

#include "ckernels_cpu.h"
#include "ckernels_epilogue.h"

#ifdef __cplusplus
extern "C" {
#endif

/// How weights are kept. Integers of up to 4 bits are unpacked in registers.
typedef enum ck_narrow_form : int32_t {
  CK_NARROW_8,
  CK_NARROW_4,
  CK_NARROW_3,
  CK_NARROW_2,
  CK_NARROW_BF16,
} ck_narrow_form;

enum { CK_NARROW_FORMS = 5 };

/// `q = clamp(round(x / scale) + zero, 0, 255)`.
typedef struct ck_narrow_row {
  float scale, zero;
} ck_narrow_row;

/// One tile of a product: what a microkernel is given. At most mr rows (mr_blocks of several blocks) and nr columns.
///
/// Element (m, n) of the result is at `out + m * o_row + (n / c) * o_block + n % c`, the residual likewise.
typedef struct ck_narrow_tile {
  size_t rows, columns;
  size_t blocks;             ///< parts of a sum that have a scale of their own
  size_t steps, last_steps;  ///< groups of products in a block, and in the last one
  const uint8_t *a;          ///< narrowed rows, zeros up to whole groups
  size_t a_row;              ///< bytes
  const float *sums;         ///< of the bytes of each block of a row; read only where weights are shifted
  size_t sums_row;           ///< floats
  const ck_narrow_row *row;
  size_t row_step;  ///< 1, or 0: one for all rows
  float scale;      ///< what results are multiplied by
  int32_t shifted;
  const uint8_t *b;  ///< the panel
  float *out;
  size_t o_row, o_block, c;
  const float *bias;      ///< or NULL; as many as whole vectors
  const float *residual;  ///< or NULL
  ck_activation activation;
  int32_t residual_last;
} ck_narrow_tile;

typedef void ck_narrow_kernel(const ck_narrow_tile *tile);

/// One line of `narrow.inc`: a microkernel and the layout it wants.
typedef struct ck_narrow_config {
  uint32_t isa;
  ck_narrow_form form;
  int32_t mr, mr_blocks, nr;
  int32_t kr;    ///< consecutive products that lie side by side for each column
  int32_t wide;  ///< non-zero: bytes of rows are widened to 16 bits
  ck_narrow_kernel *function;
  const char *name;
} ck_narrow_config;

#define CK_KERNEL(isa, form, function, mr, mr_blocks, nr, kr, wide) void function(const ck_narrow_tile *tile);
#include "../narrow/narrow.inc"
#undef CK_KERNEL

/// The kernels built for this architecture. Lines whose `isa` the processor lacks must not be run.
size_t ck_narrow_kernel_count(void);
const ck_narrow_config *ck_narrow_kernel_at(size_t index);

/// The best kernel for a form of weights among the instruction sets of `isa_mask`. Never NULL: scalar is always there.
const ck_narrow_config *ck_narrow_select(ck_narrow_form form, uint32_t isa_mask);

// MARK: Weights

/// A `[taps][K, N]` matrix. `w = code * scale + shift`, with a scale and a shift for each column and each `block` of K, all taps
/// together; the last block may be shorter.
typedef struct ck_narrow_shape {
  size_t taps, k, n;
  size_t block;     ///< K, or more, for one scale per column
  int32_t shifted;  ///< zero: all shifts are 0, which only CK_NARROW_8 allows
} ck_narrow_shape;

size_t ck_narrow_packed_bytes(const ck_narrow_config *config, const ck_narrow_shape *shape);

/// Packs codes, that of (tap, k, n) at `codes[tap * tap_step + k * row + n * column]`, signed and of the form's bits; `scale` and
/// `shift` (NULL where nothing is shifted) are `[N][blocks]`. `packed` must be 64-byte aligned.
void ck_narrow_pack(const ck_narrow_config *config, const ck_narrow_shape *shape, const int8_t *codes, size_t tap_step,
                    size_t row, size_t column, const float *scale, const float *shift, void *packed);

/// The same for CK_NARROW_BF16, which has neither blocks nor scales.
void ck_narrow_pack_floats(const ck_narrow_config *config, const ck_narrow_shape *shape, const float *weights, size_t tap_step,
                           size_t row, size_t column, void *packed);

/// Numbers of packed constants, `y[i] = code * scale + shift`: integers of 2 to 8 bits that follow each other from the least
/// significant bit on, from number `first` on.
void ck_narrow_unpack(int bits, int is_signed, const uint8_t *codes, size_t first, size_t n, float scale, float shift, float *y);

// MARK: Products

/// A convolution of `batch` images with packed weights. A product of matrices is one with a window of 1 and images of 1 x M.
///
/// Channel k of pixel p of image i is at `input + i * a_batch + p * a_row + (k / c) * a_block + k % c`, results likewise; strides
/// count floats. Where `o_block` is c, exactly N columns are written, else whole blocks.
typedef struct ck_narrow_args {
  ck_narrow_shape shape;
  size_t c;  ///< channels per block of images: a multiple of the kernel's vectors
  size_t batch, h, w, oh, ow, kh, kw, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left;
  const float *input;
  size_t a_batch, a_row, a_block;
  const void *weights;
  float *out;  ///< must not overlap the input
  size_t o_batch, o_row, o_block;
  ck_f32_epilogue epilogue;
} ck_narrow_args;

/// Scratch that ``ck_narrow_product`` needs for these sizes (pointers are not looked at).
size_t ck_narrow_scratch_bytes(const ck_narrow_config *config, const ck_narrow_args *args, int threads);
void ck_narrow_product(const ck_narrow_config *config, const ck_narrow_args *args, void *scratch, int threads);

#ifdef __cplusplus
}
#endif

#endif
