#include <stdio.h>

#include "CImageKernelsChecks.h"

int main(void) {
  for (size_t i = 0; ik_kernels_at(i); i++) {
    const ik_kernels *level = ik_kernels_at(i);
    for (uint64_t seed = 1; seed <= 4; seed++) {
      char message[128];
      if (ik_check_level(level, seed, message, sizeof message)) {
        fprintf(stderr, "%s, seed %d: %s\n", level->level, (int)seed, message);
        return 1;
      }
    }
    printf("%s as scalar\n", level->level);
  }
  return 0;
}
