/// The processor's instruction sets, found at run time.
#ifndef CKERNELS_CPU_H
#define CKERNELS_CPU_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// One bit per instruction set that some kernel needs. `CK_ISA_SCALAR` is always set.
enum {
  CK_ISA_SCALAR = 1u << 0,
  CK_ISA_AVX2 = 1u << 1,    // with FMA3 and F16C
  CK_ISA_AVX512 = 1u << 2,  // F, BW, DQ, VL
  CK_ISA_AVX512VNNI = 1u << 3,
  CK_ISA_AVX512BF16 = 1u << 4,
  CK_ISA_AVXVNNI = 1u << 5,  // dot products of bytes in 256 bits
  CK_ISA_NEON = 1u << 8,
  CK_ISA_NEONDOT = 1u << 9,
  CK_ISA_NEONFP16 = 1u << 10,
  CK_ISA_NEONI8MM = 1u << 11,
};

/// The instruction sets this processor and its operating system can run.
uint32_t ck_cpu_isa_mask(void);

/// `mask` cut down to the level `name` ("scalar", "avx2", "avx512", "avx512vnni", "neon", …) and what that level implies.
/// Returns 0 for a name it does not know.
uint32_t ck_cpu_limit_isa(uint32_t mask, const char *name);

/// The name of level `i`, from the plainest on, of all processors; null from the number of levels on.
const char *ck_cpu_level_name(uint32_t i);

#ifdef __cplusplus
}
#endif

#endif
