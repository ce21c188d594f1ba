/// Recurrent layers: the walk along sequences, given the input's part of all steps.
#ifndef CKERNELS_RECURRENT_H
#define CKERNELS_RECURRENT_H

#include <stddef.h>
#include <stdint.h>

#include "ckernels_epilogue.h"
#include "ckernels_gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ck_cell : int32_t {
  CK_CELL_LSTM = 0,  ///< four gates: input, output, forget (sigmoid), cell (tanh)
  CK_CELL_GRU = 1,   ///< three gates: update, reset (sigmoid), hidden (tanh); the reset gate scales the product with its bias
  CK_CELL_RNN = 2,   ///< one gate, whose function is ``ck_f32_recurrent_args/activation``
} ck_cell;

/// One layer; `g` is the number of gates, all arrays are row-major.
typedef struct ck_f32_recurrent_args {
  ck_cell cell;
  ck_activation activation;  ///< of ``CK_CELL_RNN``
  size_t steps, batch, hidden;
  size_t directions;      ///< 1 or 2; the second one goes backwards
  int32_t reverse;        ///< non-zero: the first one goes backwards
  const float *inputs;    ///< `[directions, steps, batch, g * hidden]`: the product with the input, and the biases
  const float *weights;   ///< per direction a `[hidden, g * hidden]` packed by ``ck_f32_gemm_pack``
  size_t weights_floats;  ///< from one direction's weights to the next's, a multiple of 16
  const float *bias;      ///< of ``CK_CELL_GRU``: `[directions, 3 * hidden]`, added to the product with the state; NULL: none
  const float *h0;        ///< `[directions, batch, hidden]`; NULL: zeros
  float *c;               ///< of ``CK_CELL_LSTM``: `[directions, batch, hidden]`, the first state; becomes the last one
  float *out;             ///< `[steps, directions, batch, hidden]`; must not overlap the others
} ck_f32_recurrent_args;

/// The number of gates.
size_t ck_cell_gates(ck_cell cell);

/// Scratch (64-byte aligned) that ``ck_f32_recurrent`` needs for these sizes; pointers are not looked at.
size_t ck_f32_recurrent_scratch_bytes(const ck_gemm_config *config, const ck_f32_recurrent_args *args);

/// Two directions run on two threads if there are as many. The same bits for every number of threads. `isa` is that of the cells.
void ck_f32_recurrent(const ck_gemm_config *config, uint32_t isa, const ck_f32_recurrent_args *args, void *scratch, int threads);

#ifdef __cplusplus
}
#endif

#endif
