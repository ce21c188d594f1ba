#include <stdio.h>

#include "CKernelsChecks.h"

int main(void) {
  for (size_t i = 0; ck_image_kernels_at(i); i++) {
    const ck_image_kernels *level = ck_image_kernels_at(i);
    for (uint64_t seed = 1; seed <= 4; seed++) {
      char message[128];
      if (ck_image_check_level(level, seed, message, sizeof message)) {
        fprintf(stderr, "%s, seed %d: %s\n", level->level, (int)seed, message);
        return 1;
      }
    }
    printf("%s as scalar\n", level->level);
  }
  return 0;
}
