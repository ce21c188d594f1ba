// The levels of the families that are written once over f32_<isa>.h: one table of kernels per level.
#ifndef CK_LEVELS_H
#define CK_LEVELS_H

#include "ckernels_cpu.h"
#include <stdint.h>

#if defined(__x86_64__)
#define CK_DECLARE_LEVELS(family)                           \
  extern const ck_##family##_kernels ck_##family##__scalar; \
  extern const ck_##family##_kernels ck_##family##__avx2;   \
  extern const ck_##family##_kernels ck_##family##__avx512;
#define CK_BEST_LEVEL(family, isa) \
  ((isa) & CK_ISA_AVX512 ? &ck_##family##__avx512 : (isa) & CK_ISA_AVX2 ? &ck_##family##__avx2 : &ck_##family##__scalar)
#elif defined(__aarch64__)
#define CK_DECLARE_LEVELS(family)                           \
  extern const ck_##family##_kernels ck_##family##__scalar; \
  extern const ck_##family##_kernels ck_##family##__neon;
#define CK_BEST_LEVEL(family, isa) ((isa) & CK_ISA_NEON ? &ck_##family##__neon : &ck_##family##__scalar)
#else
#define CK_DECLARE_LEVELS(family) extern const ck_##family##_kernels ck_##family##__scalar;
#define CK_BEST_LEVEL(family, isa) ((void)(isa), &ck_##family##__scalar)
#endif

#endif
