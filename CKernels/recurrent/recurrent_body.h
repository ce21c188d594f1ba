// The cells of recurrent layers over any f32_<isa>.h, and the table of the whole family.

#include "../simd/f32_math.h"
#include "kernels.h"

typedef struct lstm_state {
  f32v c, h;
} lstm_state;

static inline lstm_state lstm_lanes(f32v i, f32v o, f32v f, f32v g, f32v c) {
  c = f32v_fma(f32v_sigmoid(f), c, f32v_mul(f32v_sigmoid(i), f32v_tanh(g)));
  return (lstm_state){c, f32v_mul(f32v_sigmoid(o), f32v_tanh(c))};
}

static void CK_FN(f32_lstm_cell)(size_t n, const float *gates, float *c, float *h) {
  const float *in = gates, *out = gates + n, *forget = gates + 2 * n, *cell = gates + 3 * n;
  size_t k = 0;
  for (; k + F32V_LANES <= n; k += F32V_LANES) {
    lstm_state s =
        lstm_lanes(f32v_load(in + k), f32v_load(out + k), f32v_load(forget + k), f32v_load(cell + k), f32v_load(c + k));
    f32v_store(c + k, s.c);
    f32v_store(h + k, s.h);
  }
  if (k < n) {
    size_t rest = n - k;
    lstm_state s =
        lstm_lanes(f32v_load_partial(in + k, rest), f32v_load_partial(out + k, rest), f32v_load_partial(forget + k, rest),
                   f32v_load_partial(cell + k, rest), f32v_load_partial(c + k, rest));
    f32v_store_partial(c + k, s.c, rest);
    f32v_store_partial(h + k, s.h, rest);
  }
}

static inline f32v gru_lanes(const f32v *x, const f32v *s, f32v before) {
  f32v update = f32v_sigmoid(f32v_add(x[0], s[0])), reset = f32v_sigmoid(f32v_add(x[1], s[1]));
  f32v hidden = f32v_tanh(f32v_fma(reset, s[2], x[2]));
  return f32v_fma(update, f32v_sub(before, hidden), hidden);
}

static void CK_FN(f32_gru_cell)(size_t n, const float *x, const float *s, const float *before, float *h) {
  size_t k = 0;
  f32v a[3], b[3];
  for (; k + F32V_LANES <= n; k += F32V_LANES) {
    for (int gate = 0; gate < 3; ++gate) {
      a[gate] = f32v_load(x + (size_t)gate * n + k);
      b[gate] = f32v_load(s + (size_t)gate * n + k);
    }
    f32v_store(h + k, gru_lanes(a, b, f32v_load(before + k)));
  }
  if (k < n) {
    size_t rest = n - k;
    for (int gate = 0; gate < 3; ++gate) {
      a[gate] = f32v_load_partial(x + (size_t)gate * n + k, rest);
      b[gate] = f32v_load_partial(s + (size_t)gate * n + k, rest);
    }
    f32v_store_partial(h + k, gru_lanes(a, b, f32v_load_partial(before + k, rest)), rest);
  }
}

const ck_recurrent_kernels CK_FN(recurrent) = {
#define CK_KERNEL(result, name, arguments) .name = CK_FN(name),
#include "recurrent.inc"
#undef CK_KERNEL
};
