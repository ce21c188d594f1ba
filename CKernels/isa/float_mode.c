#include "float_mode.h"

#include "ckernels_float_mode.h"

uint64_t ck_float_mode_flush_denormals(void) {
  const uint64_t mode = ck_float_mode();
  ck_set_float_mode(CK_FLUSH_DENORMALS);
  return mode;
}

void ck_float_mode_restore(uint64_t mode) { ck_set_float_mode(mode & CK_FLUSH_DENORMALS); }
