/// Matrix products on prepacked right-hand sides, over row-major and channel-blocked arrays alike.
///
/// Addressing. `c` is the channel block of the kernel (``ck_gemm_config/c``). Element (m, k) of A is at
/// `a + m * a_row + (k / c) * a_block + k % c`, element (m, n) of the result at
/// `out + m * o_row + (n / c) * o_block + n % c`; all strides count floats.
///   row-major [M, K], leading dimension l:   row = l,  block = c
///   blocked [C/c, H, W, c], M = H * W:       row = c,  block = H * W * c
/// Where the block stride equals c, exactly N columns are written. Otherwise whole blocks are: lanes past N get unspecified
/// values. Lanes of A past K are never read; nothing is read or written past the last element so addressed. No pointer needs to
/// be aligned, except packed weights and scratch (64 bytes).
///
/// Every driver gives the same bits for every number of threads.
#ifndef CKERNELS_GEMM_H
#define CKERNELS_GEMM_H

#include <stddef.h>
#include <stdint.h>

#include "ckernels_cpu.h"
#include "ckernels_epilogue.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Where one run of `k` consecutive products starts, in floats from `a` and from `b`.
typedef struct ck_f32_tap {
  size_t a;
  size_t b;
} ck_f32_tap;

enum { CK_GEMM_LINES = 2 };

/// One tile of a matrix product: what a microkernel is given. At most mr rows and nr columns.
///
/// `out[m, n] = activation(scale * sum over taps t, k: a[m, k] at taps[t].a * b[k, n] at taps[t].b  + bias + residual)`.
/// B rows are `nr` floats apart whatever `columns` is. `bias`: ceil(columns / c) * c floats are read.
typedef struct ck_f32_gemm_tile {
  size_t rows;
  size_t columns;
  size_t k;
  const float *a;
  size_t a_row;
  size_t a_block;
  const ck_f32_tap *taps;
  size_t tap_count;
  const float *b;
  float *out;
  size_t o_row;
  size_t o_block;
  const float *bias;      ///< or NULL
  const float *residual;  ///< or NULL
  size_t r_row;
  size_t r_block;
  ck_activation activation;
  float scale;            ///< 1 for none
  int32_t residual_last;  ///< non-zero: the residual is added after the activation
  /// Of a single row: panels of `nr` columns side by side, `panel_floats` apart in B. At most `row_panels` of the kernel; a panel
  /// that is alone may have fewer `columns`. 0: the tile is an ordinary one.
  size_t panels;
  size_t panel_floats;
  // What is wanted next: hints that change no result.
  size_t next_rows;     ///< floats from each row of A to the row of the next tile in its place; 0: none
  const float *next_b;  ///< weights to fetch into the second cache, CK_GEMM_LINES lines per four products of a sum; NULL: none
  int32_t next_whole;   ///< non-zero: as much of `next_b` as is read of `b`
} ck_f32_gemm_tile;

typedef void ck_f32_gemm_kernel(const ck_f32_gemm_tile *tile);

typedef enum ck_type : int32_t {
  CK_TYPE_F32 = 0,
} ck_type;

/// One line of `gemm.inc`: a microkernel and the layout it wants. `mr * nr` is its largest tile, `c` its channel block,
/// `row_panels` how many panels it multiplies with a single row at once; a power of two, or 0 where it does not.
typedef struct ck_gemm_config {
  ck_type type;
  uint32_t isa;
  int32_t mr;
  int32_t nr;
  int32_t kr;
  int32_t c;
  int32_t row_panels;
  ck_f32_gemm_kernel *f32;
  const char *name;
} ck_gemm_config;

#define CK_KERNEL(type, isa, function, mr, nr, kr, c, row_panels) void function(const ck_f32_gemm_tile *tile);
#include "../gemm/gemm.inc"
#undef CK_KERNEL

/// The kernels built for this architecture, best last. Lines whose `isa` the processor lacks must not be run.
size_t ck_gemm_kernel_count(void);
const ck_gemm_config *ck_gemm_kernel_at(size_t index);

/// The best kernel for `type` among the instruction sets of `isa_mask`. Never NULL for a valid type: scalar is always there.
const ck_gemm_config *ck_gemm_select(ck_type type, uint32_t isa_mask);

// MARK: Packing

/// Size of a packed [K, N] matrix: `[ceil(N/nr)][K][nr]` floats.
size_t ck_f32_gemm_packed_bytes(const ck_gemm_config *config, size_t k, size_t n);

/// Packs B, element (k, n) at `b[k * b_row + n * b_column]`; columns past N become zero. [K, N]: strides N, 1; [N, K]: strides 1,
/// K. `packed` must be 64-byte aligned and must not overlap `b`.
void ck_f32_gemm_pack(const ck_gemm_config *config, size_t k, size_t n, const float *b, size_t b_row, size_t b_column,
                      float *packed, int threads);

// MARK: Product with prepacked weights

/// `out = epilogue(A * B)` for `batch` matrices A that share one packed B.
typedef struct ck_f32_gemm_args {
  size_t m, n, k;
  size_t batch;  ///< number of (A, out) pairs; images of a blocked array
  const float *a;
  size_t a_row, a_block;
  size_t a_batch;        ///< floats from one A to the next
  const float *b;        ///< from ``ck_f32_gemm_pack``
  const float *factors;  ///< for each A, k numbers that its columns are multiplied by; or NULL
  size_t factors_batch;  ///< floats from the factors of one A to those of the next
  float *out;            ///< must not overlap A or B
  size_t o_row, o_block, o_batch;
  ck_f32_epilogue epilogue;
} ck_f32_gemm_args;

/// Scratch that ``ck_f32_gemm`` needs for these sizes and strides (of the pointers only whether there are factors). May be 0.
size_t ck_f32_gemm_scratch_bytes(const ck_gemm_config *config, const ck_f32_gemm_args *args, int threads);
void ck_f32_gemm(const ck_gemm_config *config, const ck_f32_gemm_args *args, void *scratch, int threads);

// MARK: Product of two variables

enum { CK_MATMUL_BATCH_RANK = 4 };

/// Batched product of two strided views, B packed into scratch at run time.
/// Element (m, k) of A is at `a + m * a_row + k * a_column`, of B at `b + k * b_row + n * b_column`, of the result at
/// `out + m * o_row + n`; each plus the batch indices times the batch strides. Stride 0 broadcasts (never for `out`).
typedef struct ck_f32_matmul_args {
  size_t m, n, k;
  size_t batch[CK_MATMUL_BATCH_RANK];  ///< outermost first; 1 where unused
  const float *a;
  size_t a_row, a_column, a_batch[CK_MATMUL_BATCH_RANK];
  const float *b;
  size_t b_row, b_column, b_batch[CK_MATMUL_BATCH_RANK];
  float *out;
  size_t o_row, o_batch[CK_MATMUL_BATCH_RANK];
  ck_f32_epilogue epilogue;  ///< element (m, n) of the residual is at `residual + m * r_row + n` plus batches
  size_t r_row, r_batch[CK_MATMUL_BATCH_RANK];
} ck_f32_matmul_args;

size_t ck_f32_matmul_scratch_bytes(const ck_gemm_config *config, const ck_f32_matmul_args *args, int threads);
void ck_f32_matmul(const ck_gemm_config *config, const ck_f32_matmul_args *args, void *scratch, int threads);

#ifdef __cplusplus
}
#endif

#endif
