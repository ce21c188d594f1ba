#include "../../isa/isa.h"
#include "ckernels_cpu.h"
#include "levels.h"

/// All levels that are compiled, from the plainest on.
static const struct {
  const ck_image_kernels *kernels;
  uint32_t isa;
} levels[] = {
#define CK_IMAGE_LEVEL(level, isa) {&ck_image_kernels__##level, isa},
#include "levels.inc"
#undef CK_IMAGE_LEVEL
};

const ck_image_kernels *ck_image_kernels_at(size_t i) {
  const uint32_t mask = ck_cpu_isa_mask();
  for (size_t k = 0; k < sizeof levels / sizeof levels[0]; k++)
    if ((mask & levels[k].isa) && i-- == 0) return levels[k].kernels;
  return NULL;
}

const ck_image_kernels *ck_image_kernels_select(uint32_t isa) {
  size_t k = sizeof levels / sizeof levels[0];
  while (k > 1 && !(isa & levels[k - 1].isa)) k--;
  return levels[k - 1].kernels;
}
