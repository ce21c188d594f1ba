#include "kernels.h"

#include <string.h>

size_t ck_cell_gates(ck_cell cell) { return cell == CK_CELL_LSTM ? 4 : cell == CK_CELL_GRU ? 3 : 1; }

static size_t padded(size_t floats) { return (floats + 15) / 16 * 16; }

// The product of one step's states with the recurrent weights.
static ck_f32_gemm_args step_product(const ck_gemm_config *config, const ck_f32_recurrent_args *args) {
  const size_t rows = ck_cell_gates(args->cell) * args->hidden, c = (size_t)config->c;
  return (ck_f32_gemm_args){
      .m = args->batch,
      .n = rows,
      .k = args->hidden,
      .batch = 1,
      .a_row = args->hidden,
      .a_block = c,
      .o_row = rows,
      .o_block = c,
  };
}

// Per direction: what the product leaves for the cell, zeros for the first state, what the product needs itself.
static size_t gates_floats(const ck_f32_recurrent_args *args) {
  return padded(ck_cell_gates(args->cell) * args->hidden * args->batch);
}

static size_t direction_floats(const ck_gemm_config *config, const ck_f32_recurrent_args *args) {
  const ck_f32_gemm_args product = step_product(config, args);
  return gates_floats(args) + padded(args->batch * args->hidden) +
         padded((ck_f32_gemm_scratch_bytes(config, &product, 1) + sizeof(float) - 1) / sizeof(float));
}

size_t ck_f32_recurrent_scratch_bytes(const ck_gemm_config *config, const ck_f32_recurrent_args *args) {
  return direction_floats(config, args) * args->directions * sizeof(float);
}

static void run_direction(const ck_gemm_config *config, const ck_recurrent_kernels *kernels, const ck_f32_recurrent_args *args,
                          size_t direction, float *scratch) {
  const size_t n = args->hidden, rows = ck_cell_gates(args->cell) * n, states = args->batch * n;
  const int backwards = args->reverse || direction == 1;
  float *gates = scratch, *zeros = gates + gates_floats(args), *rest = zeros + padded(states);
  float *c = args->cell == CK_CELL_LSTM ? args->c + direction * states : NULL;
  const float *before = args->h0 ? args->h0 + direction * states : zeros;
  if (!args->h0) memset(zeros, 0, states * sizeof(float));
  ck_f32_gemm_args product = step_product(config, args);
  product.b = args->weights + direction * args->weights_floats;
  if (args->cell == CK_CELL_GRU && args->bias) product.epilogue.bias = args->bias + direction * rows;
  if (args->cell == CK_CELL_RNN) product.epilogue.activation = args->activation;
  for (size_t step = 0; step < args->steps; ++step) {
    const size_t t = backwards ? args->steps - 1 - step : step;
    const float *inputs = args->inputs + (direction * args->steps + t) * args->batch * rows;
    float *h = args->out + (t * args->directions + direction) * states;
    product.a = before;
    product.out = args->cell == CK_CELL_RNN ? h : gates;
    if (args->cell != CK_CELL_GRU) product.epilogue.residual = inputs;
    ck_f32_gemm(config, &product, rest, 1);
    for (size_t b = 0; b < args->batch && args->cell != CK_CELL_RNN; ++b) {
      if (args->cell == CK_CELL_LSTM) kernels->f32_lstm_cell(n, gates + b * rows, c + b * n, h + b * n);
      else kernels->f32_gru_cell(n, inputs + b * rows, gates + b * rows, before + b * n, h + b * n);
    }
    before = h;
  }
}

void ck_f32_recurrent(const ck_gemm_config *config, uint32_t isa, const ck_f32_recurrent_args *args, void *scratch, int threads) {
  const ck_recurrent_kernels *kernels = CK_BEST_LEVEL(recurrent, isa);
  const size_t each = direction_floats(config, args);
  const int team = threads > 1 && args->directions > 1 ? 2 : 1;
  CK_PARALLEL(part, team, {
    for (size_t d = ck_part(args->directions, team, part), end = ck_part(args->directions, team, part + 1); d < end; ++d)
      run_direction(config, kernels, args, d, (float *)scratch + d * each);
  });
}
