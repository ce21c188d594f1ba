#include "ckernels_gemm.h"

static const ck_gemm_config kernels[] = {
#define CK_KERNEL(type, isa, function, mr, nr, kr, c, row_panels) {type, isa, mr, nr, kr, c, row_panels, function, #function},
#include "gemm.inc"
#undef CK_KERNEL
};

size_t ck_gemm_kernel_count(void) { return sizeof kernels / sizeof kernels[0]; }
const ck_gemm_config *ck_gemm_kernel_at(size_t index) { return &kernels[index]; }

const ck_gemm_config *ck_gemm_select(ck_type type, uint32_t isa_mask) {
  const ck_gemm_config *best = NULL;
  for (size_t i = 0; i < ck_gemm_kernel_count(); ++i)
    if (kernels[i].type == type && (!best || (kernels[i].isa & isa_mask))) best = &kernels[i];
  return best;
}
