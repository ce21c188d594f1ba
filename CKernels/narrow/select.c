#include "ckernels_narrow.h"

static const ck_narrow_config kernels[] = {
#define CK_KERNEL(isa, form, function, mr, mr_blocks, nr, kr, wide) {isa, form, mr, mr_blocks, nr, kr, wide, function, #function},
#include "narrow.inc"
#undef CK_KERNEL
};

size_t ck_narrow_kernel_count(void) { return sizeof kernels / sizeof kernels[0]; }
const ck_narrow_config *ck_narrow_kernel_at(size_t index) { return &kernels[index]; }

const ck_narrow_config *ck_narrow_select(ck_narrow_form form, uint32_t isa_mask) {
  const ck_narrow_config *best = &kernels[form];
  for (size_t i = 0; i < ck_narrow_kernel_count(); ++i)
    if (kernels[i].form == form && (kernels[i].isa & isa_mask)) best = &kernels[i];
  return best;
}
