#include "kernels.h"
#include "meaning.h"

float ck_f32_unary_libm(ck_function kind, float p0, float x) {
  switch (kind) {
#define CK_LIBM(NAME, name, single, scalar) \
  case CK_FUNCTION_##NAME: return single;
    CK_FUNCTIONS(CK_NOTHING, CK_NOTHING, CK_LIBM)
#undef CK_LIBM
    default: return x;
  }
}

float ck_f32_binary_libm(ck_binary_kind kind, float a, float b) {
  switch (kind) {
    case CK_BINARY_POW: return powf(a, b);
    case CK_BINARY_FMOD: return fmodf(a, b);
    case CK_BINARY_ATAN2: return atan2f(a, b);
    case CK_BINARY_FLOORDIV: return floorf(a / b);
    case CK_BINARY_MOD: {
      float r = fmodf(a, b);
      return r != 0 && (r < 0) != (b < 0) ? r + b : copysignf(r, r == 0 ? b : r);
    }
    default: return a;
  }
}

double ck_f64_unary_libm(ck_function kind, double p0, double p1, double x) {
  switch (kind) {
#define CK_FUSABLE(cost, NAME, name, vector, scalar) \
  case CK_FUNCTION_##NAME: return scalar;
#define CK_VECTOR(cost, NAME, name, vector, scalar) \
  case CK_FUNCTION_##NAME: return scalar;
#define CK_LIBM(NAME, name, single, scalar) \
  case CK_FUNCTION_##NAME: return scalar;
    CK_FUNCTIONS(CK_FUSABLE, CK_VECTOR, CK_LIBM)
#undef CK_FUSABLE
#undef CK_VECTOR
#undef CK_LIBM
    default: return x;
  }
}

double ck_f64_binary_libm(ck_binary_kind kind, double a, double b) {
  switch (kind) {
    case CK_BINARY_POW: return pow(a, b);
    case CK_BINARY_FMOD: return fmod(a, b);
    case CK_BINARY_ATAN2: return atan2(a, b);
    case CK_BINARY_FLOORDIV: return floor(a / b);
    case CK_BINARY_MOD: {
      double r = fmod(a, b);
      return r != 0 && (r < 0) != (b < 0) ? r + b : copysign(r, r == 0 ? b : r);
    }
    default: return a;
  }
}

// Everything else that is known of a function: a row of a table.
static const struct {
  const char *name;
  int is_fusable;
  size_t grain;
} functions[] = {{"identity", 1, 1 << 15},
#define CHEAP (1 << 15)
#define MODERATE (1 << 13)
#define COSTLY (1 << 10)
#define CK_FUSABLE(cost, NAME, name, vector, scalar) {#name, 1, cost},
#define CK_VECTOR(cost, NAME, name, vector, scalar) {#name, 0, cost},
#define CK_LIBM(NAME, name, single, scalar) {#name, 0, COSTLY},
                 CK_FUNCTIONS(CK_FUSABLE, CK_VECTOR, CK_LIBM)
#undef CK_FUSABLE
#undef CK_VECTOR
#undef CK_LIBM
};

const char *ck_function_name(ck_function function) { return functions[function].name; }
int ck_function_is_fusable(ck_function function) { return functions[function].is_fusable; }
size_t ck_f32_unary_grain(ck_function kind) { return functions[kind].grain; }
