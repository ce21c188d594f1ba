/// One activation of one number, by its meaning.
#ifndef CKERNELS_ACTIVATION_SCALAR_H
#define CKERNELS_ACTIVATION_SCALAR_H

#include "../elementwise/meaning.h"
#include "../isa/isa.h"
#include "ckernels_epilogue.h"

CK_INLINE float ck_activate_scalar(float value, const ck_activation *activation) {
  const double x = value, p0 = activation->p0, p1 = activation->p1;
  switch (activation->kind) {
#define CK_FUSABLE(cost, NAME, name, vector, scalar) \
  case CK_FUNCTION_##NAME: return (float)(scalar);
    CK_FUNCTIONS(CK_FUSABLE, CK_NOTHING, CK_NOTHING)
#undef CK_FUSABLE
    default: (void)p0, (void)p1; return value;
  }
}

#endif
