#include "ckernels_gemm8.h"

static const ck_u8s8_gemm_config kernels[] = {
#define CK_KERNEL(isa, function, mr, nr, kr, wide, offset) {isa, mr, nr, kr, wide, offset, function, #function},
#include "gemm8.inc"
#undef CK_KERNEL
};

size_t ck_u8s8_gemm_kernel_count(void) { return sizeof kernels / sizeof kernels[0]; }
const ck_u8s8_gemm_config *ck_u8s8_gemm_kernel_at(size_t index) { return &kernels[index]; }

const ck_u8s8_gemm_config *ck_u8s8_gemm_select(uint32_t isa_mask) {
  const ck_u8s8_gemm_config *best = &kernels[0];
  for (size_t i = 1; i < ck_u8s8_gemm_kernel_count(); ++i)
    if (kernels[i].isa & isa_mask) best = &kernels[i];
  return best;
}
